"""Places that would suit an apprentice, as cards, and what is said of each."""

import uuid
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

import models
from api.caller import Caller
from api.edge import Permit, Reading, Writing, may
from api.errors import SuggestionsHiddenError
from api.language import N_
from api.pages.frame import Faults, Form, attempt, go_to, show
from api.pages.own import Own, own
from api.pages.sign_in import own_path
from api.pages.support_words import SupportTold, told
from api.policy import Action
from api.services import apprentices, case_lists, explaining, taken, wished
from api.services.own_calls import OwnCall, own_calls
from matcher.result import Part
from models import Interest
from models.pair_views import SuggestedPlace
from models.proposal_views import ProposalShown, ProposalsWanted

router = APIRouter()

HIDDEN = {
    "never": N_("Places are not shown here. Your coordinator looks for one and asks you."),
    "selected": N_("You see places here once you are selected. Your school tells you when."),
}
"""Why somebody sees none, by the setting `suggestions_visible`."""


@dataclass(frozen=True)
class Card:
    """A place: why it fits, what is missing, what would be paid, and what one said of it."""

    place: SuggestedPlace
    fits: list[str]
    missing: list[str]
    support: SupportTold
    interest: Interest | None


@router.get("/suggestions")
def suggestions(
    request: Request, session: Reading, permit: Permit = may(Action.SUGGESTION_READ),
    call: str = "",
) -> Response:  # fmt: skip
    """The best places in a call, best first, and proposals about which one is asked."""
    me = own(session, permit, Action.SUGGESTION_READ)
    return _page(request, session, permit, me, call)


@router.post("/suggestions/{offer_id}/interest")
def say_interest(
    request: Request, offer_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.APPRENTICE_INTEREST),
) -> Response:  # fmt: skip
    """Interested, not for me, or neither any more. It binds nobody."""
    me, faults = own(session, permit, Action.APPRENTICE_INTEREST), Faults()
    said = str(form.get("interest", ""))
    interest = Interest(said) if said in set(Interest) else None
    with attempt(session, faults, me.language):
        apprentices.say_interest(
            session, me.caller, me.person.id, offer_id, interest, me.mine
        )  # fmt: skip
    if faults:
        return _page(request, session, permit, me, "", faults)
    return go_to(request, own_path(str(form.get("back", "/suggestions"))))


@router.post("/suggestions/{offer_id}/no-company")
def exclude_company(
    request: Request, offer_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.APPRENTICE_PROFILE),
) -> Response:  # fmt: skip
    """Never be sent to this company."""
    me, faults = own(session, permit, Action.APPRENTICE_PROFILE), Faults()
    with attempt(session, faults, me.language):
        wished.exclude_company(session, me.caller, me.person, offer_id, me.mine)
    if faults:
        return _page(request, session, permit, me, "", faults)
    return go_to(request, own_path(str(form.get("back", "/suggestions"))))


def _page(
    request: Request, session: Session, permit: Permit, me: Own, code: str,
    faults: Faults | None = None,
) -> Response:  # fmt: skip
    session.refresh(me.person)
    calls = [one for one in own_calls(session, me.caller, me.person) if one.takes_part]
    chosen = next((one for one in calls if one.call.code == code), calls[0] if calls else None)
    cards, hidden, town, full = list[Card](), "", "", 0
    if chosen is not None:
        try:
            cards, town = _cards(session, me, chosen)
            if not cards:
                full = taken.full_count(session, me.caller, chosen.call.id, me.person.id)
        except SuggestionsHiddenError as error:
            hidden = me.language.phrase(HIDDEN[error.visible])
    return show(
        request, "suggestions.html", status=422 if faults else 200, me=me, calls=calls,
        chosen=chosen, cards=cards, hidden=hidden, town=town, full=full, faults=faults or Faults(),
        proposals=_own_proposals(session, permit, me),
    )  # fmt: skip


def _own_proposals(session: Session, permit: Permit, me: Own) -> list[ProposalShown]:
    items, _ = case_lists.page(session, me.caller, permit.scope, ProposalsWanted(limit=20))
    return items


def _cards(session: Session, me: Own, chosen: OwnCall) -> tuple[list[Card], str]:
    found = explaining.suggestions(
        session, me.caller, me.person.id, chosen.call.code, me.mine
    )  # fmt: skip
    home = session.get_one(models.Region, me.centre.region_id)
    return [
        Card(
            one, *_in_words(me.caller, one), told(me.language, one.support, own=True),
            wished.interest_of(me.person, one.work.offer_id),
        )
        for one in found
    ], home.town  # fmt: skip


def _in_words(caller: Caller, place: SuggestedPlace) -> tuple[list[str], list[str]]:
    """Each criterion as a sentence: what fits whole, and what is missing."""
    says, fits, missing = explaining.speaker(caller), list[str](), list[str]()
    for part in map(Part.model_validate, place.parts):
        told = says.reason([part]).strip(". ")
        if told:
            told = told[:1].upper() + told[1:]
            (fits if part.value == 1 else missing).append(told)
    return fits, missing
