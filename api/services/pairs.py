"""One person beside one window or all open ones: what the engine says, without a round."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import NamedTuple

from pydantic import ValidationError
from sqlmodel import Session

import matcher
import models
from api import store
from api.errors import SealBrokenError, UnreadableRowsError
from api.services.problems import to_problem
from api.services.shortlist import shortlist_of
from api.store.snapshots import Snapshot
from api.store.windows import Place
from matcher.errors import ProblemError
from matcher.explanation import NOT_SUITABLE
from matcher.limits import day_limits
from matcher.problem import Problem, WishedDays
from matcher.result import Explanation, NearestOffer
from matcher.vocabulary import default_reference

Stay = tuple[datetime.date, datetime.date]
"""First and last day of a stay, both included."""

SHIFTS = (0, -7, 7, -14, 14)
"""By so many days a stay is moved to look for another host: the same dates first."""

MOST = 10
"""So many windows are suggested."""


class Suggestions(NamedTuple):
    """Windows, best first, and the rows that were read to find them: theirs among others."""

    items: tuple[Explanation, ...]
    places: dict[uuid.UUID, Place]


@dataclass(frozen=True)
class PairProblem:
    """One person beside one window by themselves; no offers where the window is out of the call."""

    problem: Problem
    apprentice: uuid.UUID
    window: uuid.UUID


def problem_of_pair(
    session: Session, call_id: uuid.UUID, apprentice: uuid.UUID, window: uuid.UUID,
    today: datetime.date,
) -> PairProblem:  # fmt: skip
    """What the engine is asked about a pair."""
    found = store.snapshots.snapshot_of_pairs(session, call_id, [apprentice], [window])
    return PairProblem(_without_choice(_read(found, today)), apprentice, window)


def look_at(pair: PairProblem, stay: Stay | None = None) -> Explanation:
    """What the hard rules and criteria say of one pair, places apart.

    With a `stay`, of exactly these days (and any weekday); one outside the person's own window
    and lengths is refused by `dates`. Without one the engine chooses the days.
    """
    on_these_days = _on(pair.problem, stay) if stay else pair.problem
    if on_these_days is None or not pair.problem.offers:
        return _refused(pair.apprentice, pair.window, ("dates",))
    return matcher.explain(on_these_days, str(pair.apprentice), str(pair.window))


def stay_of(said: Explanation) -> Stay:
    """The days of a possible pair."""
    return (
        datetime.date.fromisoformat(said.start or ""), datetime.date.fromisoformat(said.end or "")
    )  # fmt: skip


def as_said(said: Explanation) -> models.ProposalDetails:
    """Score and parts of a possible pair."""
    return models.ProposalDetails(
        score=said.score or 0.0, rank=said.rank, eligible=said.eligible,
        parts=[part.model_dump(mode="json") for part in said.parts],
    )  # fmt: skip


def suggestions(
    session: Session, call_id: uuid.UUID, apprentice: uuid.UUID, today: datetime.date,
    *, stay: Stay | None = None,
) -> Suggestions:  # fmt: skip
    """The best windows with a place left that a person could go to, best first."""
    beside = _beside_best(session, call_id, apprentice, today, [stay])
    return Suggestions(beside.best(stay), beside.places)


def alternatives(
    session: Session, call_id: uuid.UUID, apprentice: uuid.UUID, today: datetime.date, stay: Stay
) -> tuple[tuple[Explanation, ...], tuple[Explanation, ...]]:
    """The best windows on any dates, and those on the dates of a stay."""
    beside = _beside_best(session, call_id, apprentice, today, [None, stay])
    return beside.best(None), beside.best(stay)


def suitable_but_full(
    session: Session, call_id: uuid.UUID, apprentice: uuid.UUID, today: datetime.date
) -> tuple[Explanation, ...]:
    """The best windows that a person could go to if they had a place left; each counts all."""
    return _beside_best(session, call_id, apprentice, today, [None], full=True).best(None)


def explanations(
    session: Session, call_id: uuid.UUID, apprentice: uuid.UUID,
    places: Sequence[Place], today: datetime.date,
) -> list[Explanation]:  # fmt: skip
    """What hard rules and criteria say of one person and each of some windows."""
    alone = store.snapshots.snapshot_of_people(session, call_id, [apprentice])
    problem = _without_choice(_read(store.snapshots.with_places(alone, places), today))
    there = {offer.id for offer in problem.offers}
    return [
        matcher.explain(problem, str(apprentice), str(window))
        if str(window) in there
        else _refused(apprentice, window, ("dates",))
        for window in (place.window.id for place in places)
    ]


def nearly_possible(
    session: Session, call_id: uuid.UUID, apprentice: uuid.UUID, today: datetime.date
) -> tuple[NearestOffer, ...]:
    """The windows with a place left that need the least to be possible for a person."""
    problem = _beside_all_open(session, call_id, apprentice, today)
    return matcher.nearly_possible(problem, str(apprentice))


@dataclass(frozen=True)
class OtherHost:
    """A window somebody could go to instead, its dates moved by `shift` days."""

    shift: int
    explanation: Explanation


def other_hosts(
    session: Session, call_id: uuid.UUID, apprentice: uuid.UUID, today: datetime.date, stay: Stay
) -> list[OtherHost]:
    """Where a person could go whose host is gone: the same dates first, then a week or two off.

    A window is named once, with the dates nearest to those that were agreed.
    """
    moved = {shift: _moved(stay, shift) for shift in SHIFTS}
    beside = _beside_best(session, call_id, apprentice, today, list(moved.values()))
    found: dict[str, OtherHost] = {}
    for shift, days in moved.items():
        for one in beside.best(days):
            found.setdefault(one.offer, OtherHost(shift, one))
    return list(found.values())


def _moved(stay: Stay, days: int) -> Stay:
    first, last = (day + datetime.timedelta(days) for day in stay)
    return first, last


def warnings(pair: PairProblem, said: Explanation) -> list[str]:
    """What speaks against a possible pair, and can be overridden with a reason.

    `forbidden`: a coordinator forbade it. `soft_need`: a soft need is not provided.
    `outcomes`: no learning outcome is covered. `start_weekday`: stays usually begin on others.
    """
    value = {part.criterion: part.value for part in said.parts}
    weekdays = pair.problem.policy.start_weekdays
    begins_on = datetime.date.fromisoformat(said.start or "").isoweekday()
    checks = {
        "forbidden": said.forbidden,
        "soft_need": value["inclusion"] < 1,
        "outcomes": value["outcomes"] == 0,
        "start_weekday": bool(weekdays) and begins_on not in weekdays,
    }
    return [name for name, met in checks.items() if met]


def rules_broken(
    session: Session, proposal: models.Proposal | models.Placement, call_id: uuid.UUID,
    today: datetime.date,
) -> list[str]:  # fmt: skip
    """The hard rules that a proposal or placement breaks as things stand now.

    A stay that has begun is looked at as on its first day.
    """
    stay = proposal.first_day, proposal.last_day
    day = min(today, proposal.first_day)
    pair = problem_of_pair(session, call_id, proposal.apprentice_id, proposal.window_id, day)
    return list(look_at(pair, stay).failing)


RULES_FOR_HOSTING = frozenset(
    {"occupation", "language", "dates", "minimum_age", "working_time", "hazards", "host_verified"}
)
"""Rules about what the hosting side knows anyway: the offer, and a person as companies read it."""


def for_hosting(rules: Sequence[str], activity: str, stay: Stay) -> list[str]:
    """The rules that the hosting side is told of; one word where it may know none of them.

    Whether a need is among others makes no difference to what it reads. Stays that only people
    with fewer opportunities may make so short say nothing of `dates` either.
    """
    least, _ = day_limits(default_reference(), activity, fewer_opportunities=False)
    short = (stay[1] - stay[0]).days + 1 < least
    known = RULES_FOR_HOSTING - ({"dates"} if short else set())
    told = [rule for rule in rules if rule in known]
    return told or [NOT_SUITABLE] * bool(rules)


def _read(found: Snapshot, today: datetime.date) -> Problem:
    for row in sorted(found.unreadable.values()):
        raise SealBrokenError("support_needs", row)
    try:
        return to_problem(found, today)
    except (ProblemError, ValidationError):
        raise UnreadableRowsError from None  # its faults name values of people


def _beside_all_open(
    session: Session, call_id: uuid.UUID, apprentice: uuid.UUID, today: datetime.date
) -> Problem:
    """One person beside every window with a place left."""
    windows = store.windows.open_windows(session)
    found = store.snapshots.snapshot_of_pairs(session, call_id, [apprentice], windows)
    return _without_choice(_read(found, today))


@dataclass(frozen=True)
class _BesideBest:
    """One person beside the windows among which are the best of all on any of some days.

    `others`: how many more are possible on which days; none is better than one of the best.
    """

    problem: Problem
    places: dict[uuid.UUID, Place]
    others: dict[Stay | None, int]

    def best(self, stay: Stay | None) -> tuple[Explanation, ...]:
        """The best of all on the days of a stay, `None` for all days; best first."""
        on_these_days = _on(self.problem, stay) if stay else self.problem
        if on_these_days is None:
            return ()
        (person,) = self.problem.apprentices
        return matcher.suggest(on_these_days, person.id, MOST, worse=self.others[stay])


def _beside_best(
    session: Session, call_id: uuid.UUID, apprentice: uuid.UUID, today: datetime.date,
    stays: Sequence[Stay | None], *, full: bool = False,
) -> _BesideBest:  # fmt: skip
    """One person beside the best windows on each of these days, `None` for all days.

    The windows have a place left, or are `full`.
    """
    alone = store.snapshots.snapshot_of_people(session, call_id, [apprentice])
    person = _without_choice(_read(alone, today))
    on_days = {stay: person if stay is None else _on(person, stay) for stay in stays}
    possible = {stay: problem for stay, problem in on_days.items() if problem is not None}
    looked = shortlist_of(session).look(
        session, possible.values(), (alone.call.stays_from, alone.call.stays_to),
        _special(session, alone),
    )  # fmt: skip
    there = store.windows.open_among(session, looked.unknown.union(*looked.scores), full=full)
    scores = [
        {one: score for one, score in known.items() if one in there} for known in looked.scores
    ]
    best = {
        one  # in the engine's order: ids are in the order of their texts
        for known in scores
        for _, one in nsmallest(MOST, ((-score, one) for one, score in known.items()))
    }
    places = store.windows.places_of(
        session, best | (looked.unknown & there), store.windows.is_open(full=full)
    )  # fmt: skip
    problem = _without_choice(_read(store.snapshots.with_places(alone, places.values()), today))
    others = {stay: len(known.keys() - best) for stay, known in zip(possible, scores, strict=True)}
    return _BesideBest(problem, places, others)


def _special(session: Session, alone: Snapshot) -> set[uuid.UUID]:
    """The windows between which and the one person of a snapshot something is special."""
    (person,) = alone.apprentices
    accepted = {row.offer_id for row in alone.accepted_needs}
    return store.windows.named(
        session,
        windows={row.window_id for row in alone.refused} | {row.window_id for row in alone.wishes},
        offers=accepted | {uuid.UUID(offer) for offer in person.interest},
        companies={uuid.UUID(company) for company in person.excluded_companies},
    )


def _without_choice(problem: Problem) -> Problem:
    """Without locks: they are a round's business."""
    return problem.model_copy(update={"policy": problem.policy.model_copy(update={"locks": ()})})


def _on(problem: Problem, stay: Stay) -> Problem | None:
    """The problem in which its one person has exactly these days; None where that cannot be."""
    (person,) = problem.apprentices
    length = (stay[1] - stay[0]).days + 1
    wished = person.days
    inside = person.available_from <= stay[0] and stay[1] <= person.available_to
    if not (inside and wished.min <= length <= wished.max):
        return None
    days = WishedDays(min=length, ideal=max(length, wished.ideal), max=wished.max)
    fixed = {"available_from": stay[0], "available_to": stay[1], "days": days}
    policy = problem.policy.model_copy(update={"start_weekdays": ()})
    return problem.model_copy(
        update={"apprentices": (person.model_copy(update=fixed),), "policy": policy}
    )


def _refused(apprentice: uuid.UUID, window: uuid.UUID, failing: tuple[str, ...]) -> Explanation:
    return Explanation(
        apprentice=str(apprentice), offer=str(window), possible=False, forbidden=False,
        eligible=0, failing=failing, changes=None,
    )  # fmt: skip
