"""People without a place: why, what would help, where they could go, a proposal by hand."""

import datetime
import uuid
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import ColumnElement
from sqlmodel import Session

import models
from api.caller import Caller
from api.edge import Permit, Reading, Writing, may
from api.errors import WarningsNeedReasonError
from api.language import N_, Language
from api.pages import case_words
from api.pages.frame import Faults, Form, attempt, go_to, read, show
from api.policy import Action
from api.services import (
    by_hand,
    calls,
    clock,
    ended,
    explaining,
    outcomes,
    people,
    round_lists,
    taken,
)
from api.services.taken import Full
from api.store.scopes import people_in
from models import CallStatus, Party, ProposalStatus
from models.base import Code
from models.pair_views import HandMade, SuggestedPlace

router = APIRouter()

WARNINGS: dict[str, str] = {
    "forbidden": N_("Somebody said that these two are not to be proposed again."),
    "soft_need": N_("Something that would help this person is not there."),
    "outcomes": N_("Nothing of what is to be learned is taught there."),
    "start_weekday": N_("Stays usually begin on another day of the week."),
}
"""What speaks against a pair, and can be outweighed with a reason."""

FULL: dict[str, str] = {
    "offer": N_("the places are taken"), "company": N_("the host takes no more"),
    "region": N_("the region takes no more"),
}  # fmt: skip
"""What is full, where somebody could have gone."""

REASONS: dict[str, str] = {
    "no_offers": N_("There was no place at all."),
    "no_eligible_offer": N_("No place was possible as things stood."),
    "all_forbidden": N_("Every possible place was said not to be proposed again."),
    "offers_full": N_("Places were possible, and others got them."),
}
"""Why somebody was left without a place, in one sentence."""

ENDED: dict[ProposalStatus, str] = {
    ProposalStatus.REJECTED: N_("A coordinator rejected the proposal on {day}."),
    ProposalStatus.DECLINED: N_("Somebody said no to the proposal on {day}."),
    ProposalStatus.EXPIRED: N_("Nobody answered in time: the proposal ended on {day}."),
    ProposalStatus.WITHDRAWN: N_("A coordinator took the proposal back on {day}."),
}
"""Why somebody has no place since the last matching."""

MOST_ENDED = 100
"""So many people whose proposal ended are named."""

CallCode = Annotated[Code | None, Query()]


@router.get("/unmatched")
def unmatched(
    request: Request, session: Reading, call: CallCode = None, after: uuid.UUID | None = None,
    permit: Permit = may(Action.UNMATCHED_READ),
) -> Response:  # fmt: skip
    """Who was left without a place by the last matching of a call, and why."""
    every = people.open_calls(session)
    code = call or (every[-1].code if every else None)
    if code is None:
        return show(request, "unmatched.html", page=None, calls=[], call=None, further="", since=[])
    chosen = calls.load(session, permit.caller, code)
    page = outcomes.unmatched(session, permit.caller, code, _mine(permit), after=after, limit=20)
    lost = ended.ended(session, chosen.id, _mine(permit))
    since = []
    if not after:
        left = outcomes.left_by(session, code)
        since = [one for one in lost.values() if one.apprentice_id not in left]
    return show(
        request, "unmatched.html", page=page, call=chosen, full=FULL, ended=ENDED,
        since=since[:MOST_ENDED], more=len(since[MOST_ENDED:]),
        lost=lost,
        zone=clock.zone_of(session, permit.caller),
        again=_next_tick(session, permit.caller, chosen),
        reasons=REASONS, says=explaining.speaker(permit.caller),
        calls=[(one.code, one.name) for one in every],
        further=f"/unmatched?{urlencode({'call': code, 'after': page.next})}",
    )  # fmt: skip


@router.get("/apprentices/{apprentice_id}/suggestions")
def suggestions(
    apprentice_id: uuid.UUID, request: Request, session: Reading, call: CallCode = None,
    permit: Permit = may(Action.PROPOSAL_MAKE),
) -> Response:  # fmt: skip
    """Where somebody could go in a call, the best first."""
    person, _ = people.one(session, apprentice_id, _mine(permit))
    chosen = _call(session, permit, apprentice_id, call)
    found = _suggested(session, permit, apprentice_id, chosen) if chosen else []
    return show(
        request, "person_suggestions.html", person=person, call=chosen, items=found,
        **_in_the_way(session, permit.caller, apprentice_id, chosen, found),
    )  # fmt: skip


def _in_the_way(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, call: models.Call | None,
    found: list[SuggestedPlace],
) -> dict[str, Any]:  # fmt: skip
    """What somebody has already; where no free place suits, what is full and what would help."""
    own = taken.own_case(session, caller, apprentice_id)
    full, count = list[Full](), 0
    nearly = []
    if call is not None and not found:
        full, count = taken.full_places(session, caller, call.id, apprentice_id)
        nearly = explaining.nearly_possible(session, caller, call.id, apprentice_id)
    language = Language(caller.language)
    return {
        "own_case": own, "own_title": case_words.title(language, own) if own else "",
        "own_status": case_words.status(language, own, Party.SENDING_COORDINATOR) if own else "",
        "full": [(one, [(case_words.title(language, view), view.id) for view in one.held_by])
                 for one in full],
        "full_count": count, "nearly": [one for one in nearly if one.changes],
        "again": _next_tick(session, caller, call),
        "zone": clock.zone_of(session, caller),
    }  # fmt: skip


def _next_tick(
    session: Session, caller: Caller, call: models.Call | None
) -> datetime.datetime | None:
    """When the next matching of a call comes by itself; None where none does."""
    is_open = call is not None and call.status == CallStatus.OPEN
    return round_lists.next_tick(session, caller.now) if is_open else None


@router.get("/apprentices/{apprentice_id}/suggestions/{window_id}")
def by_hand_form(
    apprentice_id: uuid.UUID, window_id: uuid.UUID, call: Annotated[Code, Query()],
    request: Request, session: Reading, permit: Permit = may(Action.PROPOSAL_MAKE),
) -> Response:  # fmt: skip
    """A proposal by hand, before it is made."""
    chosen = calls.load(session, permit.caller, call)
    return _by_hand(request, session, permit, apprentice_id, window_id, chosen)


@router.post("/apprentices/{apprentice_id}/suggestions/{window_id}")
def propose(
    apprentice_id: uuid.UUID, window_id: uuid.UUID, request: Request, form: Form,
    session: Writing, permit: Permit = may(Action.PROPOSAL_MAKE),
) -> Response:  # fmt: skip
    """Make a proposal by hand; what speaks against it is told first, and needs a reason."""
    caller, language = permit.caller, Language(permit.caller.language)
    chosen = calls.load(session, caller, str(form.get("call", "")))
    people.one(session, apprentice_id, _mine(permit))
    given = {name: form[name] for name in HandMade.model_fields if form.get(name)}
    asked, faults = read(HandMade, given, language)
    against: list[str] = []
    if asked is not None:
        first, last = asked.first_day, asked.last_day
        with attempt(session, faults, language):
            try:
                case = by_hand.propose(
                    session, caller, chosen.id, apprentice_id, window_id,
                    stay=(first, last) if first and last else None,
                    override_reason=asked.override_reason.strip(),
                )  # fmt: skip
            except WarningsNeedReasonError as error:
                against = error.warnings
                raise
        if not faults:
            return go_to(request, f"/proposals/{case.proposal.id}")
    if against:
        faults = Faults(whole=[language.phrase(WARNINGS[one]) for one in against])
        faults.fields["override_reason"] = language.phrase("Please say why all the same.")
    return _by_hand(
        request, session, permit, apprentice_id, window_id, chosen, form=form, faults=faults
    )  # fmt: skip


def _by_hand(
    request: Request, session: Session, permit: Permit, apprentice_id: uuid.UUID,
    window_id: uuid.UUID, call: models.Call, *, form: Any = None, faults: Faults | None = None,
) -> Response:  # fmt: skip
    person, _ = people.one(session, apprentice_id, _mine(permit))
    found = _suggested(session, permit, apprentice_id, call)
    one = next((row for row in found if row.work.window_id == window_id), None)
    return show(
        request, "by_hand.html", status=422 if faults else 200, person=person, call=call,
        one=one, window_id=window_id, typed=form or {}, faults=faults or Faults(),
    )  # fmt: skip


def _suggested(
    session: Session, permit: Permit, apprentice_id: uuid.UUID, call: models.Call
) -> list[SuggestedPlace]:
    return explaining.suggestions(session, permit.caller, apprentice_id, call.code, _mine(permit))


def _call(
    session: Session, permit: Permit, apprentice_id: uuid.UUID, code: str | None
) -> models.Call | None:
    """The call that is named, or the one that somebody takes part in."""
    if code is None:
        parts = people.taking_part(session, [apprentice_id]).get(apprentice_id, [])
        code = parts[0].call if parts else None
    return calls.load(session, permit.caller, code) if code else None


def _mine(permit: Permit) -> ColumnElement[bool]:
    return people_in(permit.scope, permit.caller.scope_id)
