"""Offers: the list, one of them, published, paused, closed."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api import store
from api.edge import Permit, Reading, Writing, may
from api.language import N_, Language
from api.pages import young
from api.pages.frame import Faults, Form, attempt, go_to, narrowed, show, version_seen
from api.pages.offer_shown import (
    after_publishing,
    buttons,
    held_told,
    in_order,
    look_data,
    row_of,
)
from api.pages.person_form import named
from api.policy import Action, scope_of
from api.services import companies, offer_lists, offers
from api.store.pages import by_status
from api.store.scopes import companies_in
from matcher.vocabulary import default_reference
from models import OfferEvent, OfferStatus, Role
from models.company_views import CompanyOwn
from models.offer_views import OfferShown, OffersWanted

router = APIRouter()

DONE = {
    OfferStatus.DRAFT: N_("Stored."),
    OfferStatus.PUBLISHED: N_("Done: your offer is published."),
    OfferStatus.PAUSED: N_("Done: your offer pauses. Press Resume whenever it should go on."),
    OfferStatus.CLOSED: N_("Done: your offer is closed."),
}
"""What was done, by how the offer stands now."""


@router.get("/offers")
def list_offers(
    request: Request, session: Reading, permit: Permit = may(Action.OFFER_READ)
) -> Response:
    """The offers that somebody may see; of a host its own ones."""
    language, caller = Language(permit.caller.language), permit.caller
    wanted = narrowed(request, OffersWanted, language, ("provision",))
    if not wanted.provision:
        wanted.provision = None
    found = offer_lists.page(session, caller, permit.scope, wanted, keys=by_status)
    held = offer_lists.held(session, caller, found.items)
    rows = [row_of(language, offer, caller.today, held) for offer in found.items]
    regions = store.regions.regions(session, after=None, limit=200)
    return show(
        request, "offers.html", block="rows", after=found.next, wanted=wanted,
        rows=in_order(rows) if caller.role == Role.COMPANY else rows,
        regions=[(row.code, row.name) for row in regions], sectors=named(language, "sectors"),
    )  # fmt: skip


@router.get("/offers/{offer_id}")
def one_offer(
    offer_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.OFFER_READ), done: str = "",
) -> Response:  # fmt: skip
    """One offer: what it says, its dates and places, and what can be done."""
    offer = offer_lists.one(session, permit.caller, permit.scope, offer_id)
    return show_offer(request, session, permit, offer, done=done)


@router.post("/offers/{offer_id}/publication")
def publish_offer(
    offer_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """Let people be proposed for it."""
    return _step(request, form, session, permit, offer_id, OfferEvent.PUBLISH)


@router.post("/offers/{offer_id}/pause")
def pause_offer(
    offer_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """Let nobody new be proposed for it for a while."""
    return _step(request, form, session, permit, offer_id, OfferEvent.PAUSE)


@router.post("/offers/{offer_id}/close")
def close_offer(
    offer_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """End it; who is proposed or booked stays."""
    return _step(request, form, session, permit, offer_id, OfferEvent.CLOSE)


def show_offer(
    request: Request, session: Session, permit: Permit, offer: OfferShown, *,
    faults: Faults | None = None, typed: Form | None = None, done: str = "",
) -> Response:  # fmt: skip
    """The page of an offer; `faults` of what was tried there, `done` what was."""
    caller, language = permit.caller, Language(permit.caller.language)
    seen = scope_of(caller.role, Action.COMPANY_READ)
    assert seen is not None  # noqa: S101  # whoever sees offers sees companies
    company = companies.one(session, caller, seen, offer.company_id)
    is_own = isinstance(company, CompanyOwn) and caller.role in (Role.COMPANY, Role.COORDINATOR)
    met = {one for one, level in offer.provisions.items() if level in ("certified", "declared")}
    needs = [(code, language.name("needs", code)) for code in default_reference().codes("needs")]
    return show(
        request, "offer.html", status=422 if faults else 200, offer=offer, is_own=is_own,
        company=company, buttons=buttons(offer) if is_own else [], faults=faults or Faults(),
        typed=typed or {}, today=caller.today, can_drop_out=is_own and caller.role != Role.COMPANY,
        can_ask=caller.role == Role.COORDINATOR,
        provided=[one for one in needs if one[0] in met],
        not_known=[one for one in needs if one[0] not in met],
        certified=[one.provision for one in offer.certificates], **look_data(language, offer),
        young=young.of_offer(session, language, offer) if is_own else None,
        held=held_told(language, offer.windows, offer_lists.held(session, caller, [offer])),
        said=language.phrase(DONE[offer.status]) if is_own and done == offer.status else "",
        then=after_publishing(session, language, caller)
        if is_own and done == offer.status == OfferStatus.PUBLISHED
        else [],
    )  # fmt: skip


def _step(
    request: Request, form: Form, session: Session, permit: Permit, offer_id: uuid.UUID,
    event: OfferEvent,
) -> Response:  # fmt: skip
    caller, faults = permit.caller, Faults()
    offer_lists.own(session, caller, permit.scope, offer_id)
    mine = companies_in(permit.scope, caller.scope_id)
    with attempt(session, faults, Language(caller.language)):
        offers.take_step(session, caller, offer_id, event, version_seen(form), mine)
    if faults:
        offer = offer_lists.own(session, caller, permit.scope, offer_id)
        return show_offer(request, session, permit, offer, faults=faults)
    offer = offer_lists.own(session, caller, permit.scope, offer_id)
    return go_to(request, f"/offers/{offer_id}?done={offer.status}")
