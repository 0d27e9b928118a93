"""What somebody needs, opened by the sending coordinator, and what hosts may be told of it.

Each opening is written down. A school has no way here.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import ColumnElement
from sqlmodel import Session

from api import consent
from api.edge import Permit, Reading, Writing, may
from api.language import N_, Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.pages.words import Words
from api.policy import Action
from api.services import apprentices, clock, consents, people
from api.services.settings import current
from api.store.scopes import people_in
from matcher.vocabulary import default_reference
from models import SupportNeedsFields
from models.apprentice import Barrier, Evidence, Sex
from models.apprentice_views import NeedsConfirmed
from models.consent_views import ConsentAsked

router = APIRouter()

SEEN_BY: dict[str, str] = {
    "host": N_("Hosts are told only with consent, and once everybody has agreed to the stay."),
    "sending": N_("You arrange this yourselves: hosts need not know."),
    "hosting": N_("The region of the stay arranges this, once there is consent."),
    "region": N_("It depends on the place: it is looked at when a place is chosen."),
}
"""Who gets to know of a need, by who provides for it."""

FIELD = "need-"
"""How the fields of the form begin that say how much somebody needs something."""


@router.get("/apprentices/{apprentice_id}/needs")
def needs(
    apprentice_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.NEEDS_CONFIRM),
) -> Response:  # fmt: skip
    """What somebody needs; that it was opened is written down."""
    return _page(request, session, permit, apprentice_id)


@router.post("/apprentices/{apprentice_id}/needs")
def change(
    apprentice_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.NEEDS_CONFIRM),
) -> Response:  # fmt: skip
    """Replace what somebody needs; what is possible is looked at again."""
    language = Language(permit.caller.language)
    given: dict[str, Any] = {name: form[name] for name in SINGLE if form.get(name)}
    given["fewer_opportunities"] = "fewer_opportunities" in form
    given["needs"] = {
        name.removeprefix(FIELD): str(strength)
        for name, strength in form.items()
        if name.startswith(FIELD) and strength
    }
    people.one(session, apprentice_id, _mine(permit))
    asked, faults = read(SupportNeedsFields, given, language)
    if asked is not None:
        with attempt(session, faults, language):
            apprentices.change_needs(
                session, permit.caller, apprentice_id, asked, version_seen(form), _mine(permit)
            )
        if not faults:
            return go_to(request, f"/apprentices/{apprentice_id}/needs")
    return _page(request, session, permit, apprentice_id, form, faults)


SINGLE = ("barrier", "evidence", "sex")


@router.post("/apprentices/{apprentice_id}/needs/confirmation")
def confirm(
    apprentice_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.NEEDS_CONFIRM),
) -> Response:  # fmt: skip
    """Say which needs are confirmed: only these put somebody first."""
    language = Language(permit.caller.language)
    people.one(session, apprentice_id, _mine(permit))
    asked, faults = read(NeedsConfirmed, {"needs": form.getlist("confirmed")}, language)
    if asked is not None:
        with attempt(session, faults, language):
            apprentices.confirm_needs(
                session, permit.caller, apprentice_id, asked.needs, version_seen(form),
                _mine(permit),
            )  # fmt: skip
        if not faults:
            return go_to(request, f"/apprentices/{apprentice_id}/needs")
    return _page(request, session, permit, apprentice_id, form, faults)


@router.post("/apprentices/{apprentice_id}/consents")
def record_consent(
    apprentice_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.NEEDS_CONFIRM),
) -> Response:  # fmt: skip
    """Record that somebody agreed that a host may know of one need."""
    language = Language(permit.caller.language)
    people.one(session, apprentice_id, _mine(permit))
    given = {name: form[name] for name in CONSENT if form.get(name)}
    given |= {"text_version": str(consent.newest(permit.caller.today))}
    given.setdefault("language", language.code)
    asked, faults = read(ConsentAsked, given, language)
    if asked is not None:
        with attempt(session, faults, language):
            consents.give(session, permit.caller, apprentice_id, asked, _mine(permit))
        if not faults:
            return go_to(request, f"/apprentices/{apprentice_id}/needs")
    return _page(request, session, permit, apprentice_id, form, faults)


CONSENT = ("company_id", "item", "given_by", "channel", "heard_from", "heard_on", "language")


@router.post("/apprentices/{apprentice_id}/consents/{consent_id}/withdrawal")
def withdraw_consent(
    apprentice_id: uuid.UUID, consent_id: uuid.UUID, request: Request, _form: Form,
    session: Writing, permit: Permit = may(Action.NEEDS_CONFIRM),
) -> Response:  # fmt: skip
    """Take a consent back: the host is told no longer, from now on."""
    consents.withdraw(session, permit.caller, consent_id, _mine(permit))
    return go_to(request, f"/apprentices/{apprentice_id}/needs")


def _page(
    request: Request, session: Session, permit: Permit, apprentice_id: uuid.UUID,
    form: Any = None, faults: Faults | None = None,
) -> Response:  # fmt: skip
    caller, mine = permit.caller, _mine(permit)
    language = Language(caller.language)
    person, _ = people.one(session, apprentice_id, mine)
    known = apprentices.needs(session, apprentice_id, mine)
    given = consents.all_of(session, caller, apprentice_id, mine)
    rows = default_reference().codes("needs")
    every = sorted(rows, key=lambda code: (code not in known.needs, language.name("needs", code)))
    text = consent.text_of(consent.newest(caller.today), language.code)
    return show(
        request, "person_needs.html", status=422 if faults else 200, person=person, known=known,
        every=every, supplied={code: row["supplied_by"] for code, row in rows.items()},
        seen_by=SEEN_BY, consents=given, hosts=people.hosts_of(session, apprentice_id),
        zone=clock.zone_of(session, permit.caller),
        consent_text=text.text if text else "", typed=form or {}, faults=faults or Faults(),
        asks_barrier=current(session)["barrier_category"], field=FIELD,
        needed=[(code, language.name("needs", code)) for code in every if code in known.needs],
        barriers=_named(language, "barrier", Barrier),
        evidences=_named(language, "evidence", Evidence), sexes=_named(language, "sex", Sex),
    )  # fmt: skip


def _named(language: Language, noun: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(str(code), Words(language).of(noun, code)) for code in codes]


def _mine(permit: Permit) -> ColumnElement[bool]:
    return people_in(permit.scope, permit.caller.scope_id)
