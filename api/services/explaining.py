"""Where somebody could go and why, as codes and points with sentences beside them."""

import datetime
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import (
    NoSuchApprenticeError,
    NoSuchCallError,
    NoSuchOfferError,
    NotNowError,
    SuggestionsHiddenError,
)
from api.language import Language
from api.sentences import Speaker
from api.services import laws, pairs, support, unmet
from api.services.pairs import OtherHost
from api.services.settings import current
from api.store.cases import Case
from api.store.windows import Place
from matcher.explanation import NOT_SUITABLE
from matcher.result import Change, Explanation
from matcher.vocabulary import default_reference
from models import EnrolmentStatus, OfferStatus, Party, PlacementStatus, ProposalStatus, Role
from models import pair_views as views
from models.proposal_views import Work
from models.provision_views import UnmetNeed


def speaker(caller: Caller) -> Speaker:
    """Who says things to the caller, in the language of the answer."""
    return Speaker(default_reference(), Language(caller.language))


def suggestions(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, code: str, *conditions: object
) -> list[views.SuggestedPlace]:
    """The best windows of a person in a call, best first. `conditions` say whose people.

    Raises NoSuchApprenticeError, NoSuchCallError, SuggestionsHiddenError.
    """
    person, call = _allowed(session, caller, apprentice_id, code, conditions)
    found, places = pairs.suggestions(session, call.id, person.id, caller.today)
    items = _all_suggested(places, found, speaker(caller))
    return support.beside(session, person, call, items, places)


def alternatives(session: Session, caller: Caller, case: Case) -> views.Alternatives:
    """Where else the person of a proposal could go."""
    row = case.proposal
    any_dates, same_dates = pairs.alternatives(
        session, row.call_id, row.apprentice_id, caller.today, (row.first_day, row.last_day)
    )
    own, says = str(row.window_id), speaker(caller)
    return views.Alternatives(
        items=suggested(session, says, [one for one in any_dates if one.offer != own]),
        same_dates=suggested(session, says, [one for one in same_dates if one.offer != own]),
    )


def nearly_possible(
    session: Session, caller: Caller, call_id: uuid.UUID, apprentice_id: uuid.UUID
) -> list[views.NearlyPossible]:
    """Where somebody could go in a call if little changed, the least first."""
    says = speaker(caller)
    found = pairs.nearly_possible(session, call_id, apprentice_id, caller.today)
    places = store.windows.places_of(session, [uuid.UUID(near.offer) for near in found])
    there = [(near, places[uuid.UUID(near.offer)]) for near in found]
    needs = unmet.unmet_needs(
        session, caller,
        [unmet.Refused(apprentice_id, place.offer, unmet.named_in(near.changes))
         for near, place in there],
    )  # fmt: skip
    behind = laws.behind(
        session, [laws.Refused(apprentice_id, place, near.failing) for near, place in there]
    )
    return [
        views.NearlyPossible(
            work=work(place), failing=rules(says, near.failing, law),
            changes=changed(near.changes), how=says.changes(near.changes), unmet_needs=unmet_here,
        )
        for (near, place), unmet_here, law in zip(there, needs, behind, strict=True)
    ]  # fmt: skip


def other_hosts(session: Session, caller: Caller, case: Case) -> list[views.OtherHostShown]:
    """Where the person of an ended case could go instead, with everything.

    Raises NotNowError unless the proposal was withdrawn or its placement cancelled.
    """
    row = case.proposal
    ended = row.status == ProposalStatus.WITHDRAWN
    if row.status == ProposalStatus.PLACEMENT:
        placement = store.placements.placement_of(session, row.id)
        ended = placement is not None and placement.status == PlacementStatus.CANCELLED
    if not ended:
        raise NotNowError("other_hosts", row.status)
    found = pairs.other_hosts(
        session, row.call_id, row.apprentice_id, caller.today, (row.first_day, row.last_day)
    )
    places, says = _places(session, [one.explanation for one in found]), speaker(caller)
    return [
        views.OtherHostShown(
            **_suggested(places[uuid.UUID(one.explanation.offer)], one.explanation, says),
            shift=one.shift,
        )
        for one in found
    ]


def without_points(
    session: Session, found: Collection[OtherHost]
) -> list[views.OtherHostForHosting]:  # fmt: skip
    """Other hosts of somebody of another region: nothing that tells of needs, not even an order.

    Those of one shift are in the order of their names, not of their points.
    """
    places = _places(session, [one.explanation for one in found])
    shown = []
    for one in found:
        place = places[uuid.UUID(one.explanation.offer)]
        first, last, _ = _dates(one.explanation)
        shown.append(
            views.OtherHostForHosting(
                work=work(place), first_day=first, last_day=last, shift=one.shift
            )
        )
    order = {shift: n for n, shift in enumerate(pairs.SHIFTS)}
    return sorted(shown, key=lambda one: (order[one.shift], one.work.company, one.work.title))


def explanations(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, offer_id: uuid.UUID, code: str,
    *conditions: object,
) -> list[views.ExplanationShown]:  # fmt: skip
    """One person beside each window of an offer. Apprentices see published offers.

    Raises NoSuchApprenticeError, NoSuchCallError, NoSuchOfferError, SuggestionsHiddenError.
    """
    person, call = _allowed(session, caller, apprentice_id, code, conditions)
    places = store.windows.places_of_offer(session, offer_id)
    offer = places[0].offer if places else session.get(models.Offer, offer_id)
    is_own = caller.role == Role.APPRENTICE
    if offer is None or (is_own and offer.status != OfferStatus.PUBLISHED):
        raise NoSuchOfferError(offer_id)
    found = pairs.explanations(session, call.id, person.id, places, caller.today)
    if is_own and not _knows_of_all(session, apprentice_id, [one.window.id for one in places]):
        found = [_without_unknown(said) for said in found]
    by_needs = [unmet.RULE in said.failing for said in found]
    hard = unmet.hard_needs_of(session, caller, apprentice_id) if any(by_needs) else []
    refused = [
        unmet.Refused(apprentice_id, place.offer, hard if is_refused else ())
        for place, is_refused in zip(places, by_needs, strict=True)
    ]
    needs = unmet.unmet_needs(session, caller, refused)
    behind = laws.behind(
        session, [laws.Refused(apprentice_id, one, said.failing)
                  for one, said in zip(places, found, strict=True)]
    )  # fmt: skip
    says = speaker(caller)
    return [
        _explained(says, place, said, unmet_here, laws_here, is_own=is_own)
        for place, said, unmet_here, laws_here in zip(places, found, needs, behind, strict=True)
    ]


def suggested(
    session: Session, says: Speaker, found: Sequence[Explanation]
) -> list[views.Suggested]:
    """Possible pairs with the work and a sentence."""
    return _all_suggested(_places(session, found), found, says)


def work(place: Place) -> Work:
    """The work of a window and where it is."""
    return Work(
        offer_id=place.offer.id, window_id=place.window.id, title=place.offer.title,
        occupations=place.offer.occupations, company=place.company.name, town=place.site.town,
    )  # fmt: skip


def public_work(place: Place) -> views.PublicWork:
    """The work of a window as anybody may read it."""
    of_offer = ("languages", "hours_start", "hours_end", "hours_per_day", "days_per_week")
    return views.PublicWork(
        **work(place).model_dump(),
        **{name: getattr(place.offer, name) for name in of_offer},
        region=place.region.code, country=place.region.country,
        available_from=place.window.available_from, available_to=place.window.available_to,
    )  # fmt: skip


def rules(says: Speaker, codes: Sequence[str], behind: laws.Laws) -> list[views.RuleShown]:
    """Rules as codes and in words, each with the law behind it."""
    return [
        views.RuleShown(rule=code, text=says.text(f"rule.{code}"), sources=behind.get(code, []))
        for code in codes
    ]


def changed(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Changes as they go out."""
    return [change.model_dump(mode="json") for change in changes]


def _allowed(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, code: str,
    conditions: Sequence[object],
) -> tuple[models.Apprentice, models.Call]:  # fmt: skip
    """The person and the call, if the person is the caller's and may see it by the setting."""
    person = store.people.person(session, apprentice_id, *conditions)
    if person is None:
        raise NoSuchApprenticeError(apprentice_id)
    call = store.calls.call_by_code(session, code)
    if call is None:
        raise NoSuchCallError(code)
    if caller.role == Role.APPRENTICE:
        visible = current(session)["suggestions_visible"]
        enrolled = store.people.enrolments_of_person(session, apprentice_id).get(call.id)
        selected = enrolled == EnrolmentStatus.SELECTED
        if visible == "never" or (visible == "selected" and not selected):
            raise SuggestionsHiddenError(visible)
    return person, call


def _knows_of_all(
    session: Session, apprentice_id: uuid.UUID, windows: Collection[uuid.UUID]
) -> bool:
    """Whether somebody was asked about each proposal for these windows that was refused."""
    refused = store.proposals.refused_proposals(session, [apprentice_id])
    there = [row.id for row in refused if row.window_id in windows]
    given = store.cases.approvals_of(session, there)
    return all(
        Party.APPRENTICE in one and one[Party.APPRENTICE].asked_at is not None
        for one in given.values()
    )


def _without_unknown(said: Explanation) -> Explanation:
    """Without what tells of a proposal that nobody told the person of."""
    if "declined" not in said.failing:
        return said
    return said.model_copy(update={"failing": (NOT_SUITABLE,), "changes": None})


def _explained(
    says: Speaker, place: Place, said: Explanation, needs: list[UnmetNeed], behind: laws.Laws,
    *, is_own: bool,
) -> views.ExplanationShown:  # fmt: skip
    first, last, days = _dates(said) if said.possible else (None, None, None)
    return views.ExplanationShown(
        work=public_work(place), possible=said.possible,
        forbidden=None if is_own else said.forbidden,
        first_day=first, last_day=last, days=days, score=said.score,
        parts=[part.model_dump(mode="json") for part in said.parts],
        reason=says.reason(said.parts) if said.possible else "",
        failing=rules(says, said.failing, behind),
        changes=None if said.changes is None else changed(said.changes),
        how="" if said.possible else says.changes(said.changes), unmet_needs=needs,
    )  # fmt: skip


def _places(session: Session, found: Sequence[Explanation]) -> dict[uuid.UUID, Place]:
    return store.windows.places_of(session, [uuid.UUID(one.offer) for one in found])


def _all_suggested(
    places: Mapping[uuid.UUID, Place], found: Sequence[Explanation], says: Speaker
) -> list[views.Suggested]:
    return [views.Suggested(**_suggested(places[uuid.UUID(one.offer)], one, says)) for one in found]


def _suggested(place: Place, said: Explanation, says: Speaker) -> dict[str, Any]:
    first, last, days = _dates(said)
    return {
        "work": public_work(place), "first_day": first, "last_day": last, "days": days,
        "score": said.score, "rank": said.rank, "eligible": said.eligible,
        "parts": [part.model_dump(mode="json") for part in said.parts],
        "reason": says.reason(said.parts),
    }  # fmt: skip


def _dates(said: Explanation) -> tuple[datetime.date, datetime.date, int]:
    first = datetime.date.fromisoformat(said.start or "")
    last = datetime.date.fromisoformat(said.end or "")
    return first, last, (last - first).days + 1
