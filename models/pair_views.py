"""What is shown of people beside windows: wishes, suggestions, explanations, who has no place."""

import datetime
import uuid
from typing import Any

from pydantic import Field

from models.base import NO_HEALTH, NO_NUL, Shape, Shown
from models.proposal import PairWord
from models.proposal_views import Person, Work
from models.provision_views import UnmetNeed
from models.round import RoundKind
from models.support_views import SupportShown


class WishAsked(Shape):
    """What a coordinator says of a pair, and why."""

    wish: PairWord
    reason: str = Field(
        min_length=1, max_length=300, pattern=NO_NUL, description=NO_HEALTH,
        examples=["was there last year"],
    )  # fmt: skip


class WishShown(Shown):
    """A lock or a forbidden pair, as the sending coordinators see it."""

    id: uuid.UUID
    apprentice_id: uuid.UUID
    first_name: str
    last_name: str
    work: Work
    wish: PairWord
    reason: str
    made_by: uuid.UUID
    created_at: datetime.datetime


class WishPage(Shown):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[WishShown]
    next: uuid.UUID | None


class HandMade(Shape):
    """The days of a proposal by hand, and why it is made although something speaks against it.

    Without days the engine chooses them.
    """

    first_day: datetime.date | None = None
    last_day: datetime.date | None = None
    override_reason: str = Field(default="", max_length=300, description=NO_HEALTH)


class PublicWork(Work):
    """The work of a window as anybody may read it."""

    region: str
    country: str
    languages: dict[str, str]
    hours_start: str | None
    hours_end: str | None
    hours_per_day: float | None
    days_per_week: int | None
    available_from: datetime.date
    available_to: datetime.date


class Suggested(Shown):
    """A window where somebody could go, why, and the points behind it."""

    work: PublicWork
    first_day: datetime.date
    last_day: datetime.date
    days: int
    score: float
    rank: int | None
    eligible: int
    parts: list[dict[str, Any]]
    reason: str


class SuggestedPlace(Suggested):
    """The same with how far it is, in whole kilometres, and what Erasmus+ would pay for it."""

    km: int
    support: SupportShown


class SuggestionList(Shown):
    """The best windows with a place left, best first."""

    items: list[SuggestedPlace]


class Alternatives(Shown):
    """Where else the person of a proposal could go: on any dates, and on the same ones."""

    items: list[Suggested]
    same_dates: list[Suggested]


class OtherHostShown(Suggested):
    """Where somebody could go whose host is gone, the dates moved by `shift` days."""

    shift: int


class OtherHostList(Shown):
    """The same dates first, then one and two weeks either way."""

    items: list[OtherHostShown]


class LawShown(Shown):
    """A row of the reference lists that a refusal rests on.

    `law` is the list and the key of the row. `certainty`: V read in the source, V~ in a
    neighbouring one, M+ well known, M? a placeholder, I advice. `uncertain`, all but V: ask the
    National Agency before you rely on it.
    """

    law: str
    source: str
    checked_on: str
    certainty: str
    uncertain: bool


class RuleShown(Shown):
    """A hard rule that refuses, as a code and in words.

    `sources` are there for rules about age (`minimum_age`, `working_time`, `hazards`): the rows
    of both countries and the European floor that stand against it. None where the host alone asks
    for a higher age.
    """

    rule: str
    text: str
    sources: list[LawShown] = Field(default_factory=list)


class ExplanationShown(Shown):
    """One window beside one person: why it is possible, or every refusing rule.

    `changes` is the smallest set of changes that opens it, None where nobody can; `how` says
    it in words. `forbidden` is for coordinators alone. `unmet_needs` are those behind the rule
    `hard_needs`; empty for whoever may not know them.
    """

    work: PublicWork
    possible: bool
    forbidden: bool | None
    first_day: datetime.date | None
    last_day: datetime.date | None
    days: int | None
    score: float | None
    parts: list[dict[str, Any]]
    reason: str
    failing: list[RuleShown]
    changes: list[dict[str, Any]] | None
    how: str
    unmet_needs: list[UnmetNeed]


class ExplanationList(Shown):
    """An explanation of each window of the offer."""

    items: list[ExplanationShown]


class RoundNamed(Shape):
    """The round that something comes from."""

    id: uuid.UUID
    kind: RoundKind
    finished_at: datetime.datetime | None


class NearlyPossible(Shown):
    """A window that is not possible yet: every refusing rule, and the changes that open it.

    `unmet_needs` are those behind the rule `hard_needs`, as far as they are unmet today.
    """

    work: Work
    failing: list[RuleShown]
    changes: list[dict[str, Any]]
    how: str
    unmet_needs: list[UnmetNeed]


class Taken(Shape):
    """A possible window that others got, and what is full: `offer`, `company` or `region`.

    Neither who got it nor with how many points: they may be people of other regions.
    """

    work: Work
    full: str


class UnmatchedShown(Shown):
    """Somebody who stayed without a place in the round, and why; `has_place` says it for now."""

    apprentice_id: uuid.UUID
    first_name: str
    last_name: str
    has_place: bool
    reason: str
    excluded_by: dict[str, int]
    text: str
    nearest: list[NearlyPossible]
    full: list[Taken]


class UnmatchedPage(Shown):
    """Who stayed without a place in the last round that is done, of one's own region."""

    round: RoundNamed | None
    items: list[UnmatchedShown]
    next: uuid.UUID | None


class IdleShown(Shown):
    """A window with places left. Everybody who does not come is one figure: `not_suitable`."""

    work: Work
    free_places: int
    excluded_by: dict[str, int]
    text: str


class IdlePage(Shown):
    """Windows of one's own region that the last done round left with places."""

    round: RoundNamed | None
    items: list[IdleShown]
    next: uuid.UUID | None


class OtherHostForHosting(Shown):
    """Where somebody of another region could go: no points, they tell of needs."""

    work: Work
    first_day: datetime.date
    last_day: datetime.date
    shift: int


class AffectedShown(Shown):
    """A case that ended because the host dropped out, and where the person could go."""

    proposal_id: uuid.UUID
    placement_id: uuid.UUID | None
    apprentice_id: uuid.UUID
    person: Person
    first_day: datetime.date
    last_day: datetime.date
    other_hosts: list[OtherHostForHosting]


class DroppedOut(Shape):
    """Every case that ended, as far as the hosting side knew of it."""

    items: list[AffectedShown]
