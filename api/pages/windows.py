"""Dates of an offer: added, changed, taken away; and an offer used again for other dates."""

import datetime
import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.errors import NoSuchWindowError
from api.language import Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.pages.offer_shown import LABELS
from api.policy import Action
from api.services import offer_lists, offers, windows
from api.store.scopes import companies_in
from models import OfferStatus, OfferWindowFields
from models.offer_views import OfferShown, OfferWindowShown

router = APIRouter()

YEAR = datetime.timedelta(weeks=52)
"""A year later on the same day of the week."""

FIELDS = ("available_from", "available_to", "places", "reserved")


@router.get("/offers/{offer_id}/windows/new")
def new_window(
    offer_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """The form for other dates."""
    offer = offer_lists.own(session, permit.caller, permit.scope, offer_id)
    return _form(request, permit, offer, None)


@router.post("/offers/{offer_id}/windows/new")
def add_window(
    offer_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """Store other dates of an offer."""
    return _store(request, form, session, permit, offer_id, None)


@router.get("/offers/{offer_id}/windows/{window_id}")
def window_form(
    offer_id: uuid.UUID, window_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """The form for dates that are there."""
    offer = offer_lists.own(session, permit.caller, permit.scope, offer_id)
    return _form(request, permit, offer, _window(offer, window_id))


@router.post("/offers/{offer_id}/windows/{window_id}")
def change_window(
    offer_id: uuid.UUID, window_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """Change dates and places; as many places stay as are taken."""
    return _store(request, form, session, permit, offer_id, window_id)


@router.post("/offers/{offer_id}/windows/{window_id}/removal")
def remove_window(
    offer_id: uuid.UUID, window_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """Take dates away on which nobody is proposed or booked."""
    offer = offer_lists.own(session, permit.caller, permit.scope, offer_id)
    window, faults = _window(offer, window_id), Faults()
    mine = companies_in(permit.scope, permit.caller.scope_id)
    with attempt(session, faults, Language(permit.caller.language)):
        windows.delete(session, permit.caller, window.id, version_seen(form), mine)
    if faults:
        return _form(request, permit, offer, window, faults=faults)
    return go_to(request, f"/offers/{offer_id}")


@router.get("/offers/{offer_id}/again")
def again_form(
    offer_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """Use an offer again: its dates a year later, to be changed."""
    offer = offer_lists.own(session, permit.caller, permit.scope, offer_id)
    return _again(request, permit, offer, Faults(), {})


@router.post("/offers/{offer_id}/again")
def use_again(
    offer_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """Publish it for these dates, or make a draft of them that says the same."""
    caller, language = permit.caller, Language(permit.caller.language)
    offer = offer_lists.own(session, caller, permit.scope, offer_id)
    mine = companies_in(permit.scope, caller.scope_id)
    given, faults = _rows(form, len(_later(offer, caller.today)), language)
    made = offer_id
    if not faults and not given:
        faults.whole.append(language.phrase("Please keep at least one line of dates."))
    if not faults:
        with attempt(session, faults, language):
            if form.get("how") == "copy":
                key = f"offer-{str(caller.new_id())[:8]}"
                made = offers.copy(session, caller, offer_id, key, given, mine).offer.id
            else:
                offers.renew(session, caller, offer_id, given, 364, version_seen(form), mine)
    if faults:
        fresh = offer_lists.own(session, caller, permit.scope, offer_id)
        return _again(request, permit, fresh, faults, form)
    return go_to(request, f"/offers/{made}")


def _window(offer: OfferShown, window_id: uuid.UUID) -> OfferWindowShown:
    """Dates of this offer. Raises NoSuchWindowError."""
    found = next((one for one in offer.windows if one.id == window_id), None)
    if found is None:
        raise NoSuchWindowError(window_id)
    return found


def _store(
    request: Request, form: Form, session: Session, permit: Permit, offer_id: uuid.UUID,
    window_id: uuid.UUID | None,
) -> Response:  # fmt: skip
    caller, language = permit.caller, Language(permit.caller.language)
    offer = offer_lists.own(session, caller, permit.scope, offer_id)
    window = _window(offer, window_id) if window_id else None
    mine = companies_in(permit.scope, caller.scope_id)
    asked, faults = read(OfferWindowFields, _values(form), language)
    if asked is not None:
        with attempt(session, faults, language):
            if window is None:
                windows.add(session, caller, offer_id, asked, mine)
            else:
                windows.change(session, caller, window.id, asked, version_seen(form), mine)
    if faults:
        offer = offer_lists.own(session, caller, permit.scope, offer_id)
        window = _window(offer, window_id) if window_id else None
        return _form(request, permit, offer, window, faults=faults, typed=form)
    return go_to(request, f"/offers/{offer_id}")


def _values(form: Form, suffix: str = "") -> dict[str, Any]:
    values: dict[str, Any] = {name: form.get(name + suffix, "") for name in FIELDS}
    return values | {"reserved": values["reserved"] or 0}


def _rows(
    form: Form, count: int, language: Language
) -> tuple[list[OfferWindowFields], Faults]:  # fmt: skip
    """The lines of dates that are kept, with what is wrong with them."""
    found, faults = [], Faults()
    for number in range(count):
        if f"keep-{number}" not in form:
            continue
        row, wrong = read(OfferWindowFields, _values(form, f"-{number}"), language)
        faults.fields |= {f"{name}-{number}": told for name, told in wrong.fields.items()}
        if row is not None:
            found.append(row)
    return found, faults


def _later(offer: OfferShown, today: datetime.date) -> list[dict[str, Any]]:
    """The dates of an offer so many years later that they are to come; a line without any."""
    lines: list[dict[str, Any]] = []
    for window in offer.windows:
        first, last = window.available_from + YEAR, window.available_to + YEAR
        while last < today:
            first, last = first + YEAR, last + YEAR
        lines.append({"available_from": first, "available_to": last, "places": window.places,
                      "reserved": window.reserved})  # fmt: skip
    empty = {"available_from": "", "available_to": "", "places": 1, "reserved": 0}
    return list({(one["available_from"], one["available_to"]): one for one in lines}.values()) or [
        empty
    ]  # fmt: skip


def _again(
    request: Request, permit: Permit, offer: OfferShown, faults: Faults, typed: Any
) -> Response:
    language = Language(permit.caller.language)
    lines = _later(offer, permit.caller.today)
    labels = {
        f"{name}-{number}": language.phrase(LABELS[name])
        for number in range(len(lines))
        for name in FIELDS
    }
    return show(
        request, "again.html", status=422 if faults else 200, offer=offer, lines=lines,
        labels=labels, faults=faults, typed=typed,
        can_renew=offer.status != OfferStatus.DRAFT,
    )  # fmt: skip


def _form(
    request: Request, permit: Permit, offer: OfferShown, window: OfferWindowShown | None, *,
    faults: Faults | None = None, typed: Any = None,
) -> Response:  # fmt: skip
    language = Language(permit.caller.language)
    return show(
        request, "window.html", status=422 if faults else 200, offer=offer, window=window,
        labels={name: language.phrase(LABELS[name]) for name in FIELDS},
        faults=faults or Faults(), typed=typed or {},
    )  # fmt: skip
