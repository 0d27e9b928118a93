"""Consents: what a host may know, item by item; given and taken back at once, without a reason."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api import consent
from api.edge import Permit, Reading, Writing, may
from api.pages.frame import Faults, Form, attempt, go_to, read, show
from api.pages.own import Own, own
from api.policy import Action
from api.services import consents, round_lists, sharing
from models import Role
from models.consent_views import ConsentAsked

router = APIRouter()

ROLES = (Role.APPRENTICE, Role.GUARDIAN)


@router.get("/consents")
def own_consents(
    request: Request, session: Reading, permit: Permit = may(Action.CONSENT_READ), done: str = ""
) -> Response:
    """What hosts may know, and what still waits for whoever looks."""
    return _page(request, session, own(session, permit, Action.CONSENT_READ, *ROLES), done=done)


@router.post("/consents")
def give(
    request: Request, form: Form, session: Writing, permit: Permit = may(Action.CONSENT_GIVE)
) -> Response:
    """Agree that one host may know of one need, after the text that was shown."""
    me = own(session, permit, Action.CONSENT_GIVE, *ROLES)
    asked, faults = read(ConsentAsked, form, me.language)
    if asked is not None:
        said = ConsentAsked(
            company_id=asked.company_id, item=asked.item, text_version=asked.text_version,
            language=asked.language,
        )  # fmt: skip
        with attempt(session, faults, me.language):
            consents.give(session, me.caller, me.person.id, said, me.mine)
    if faults:
        return _page(request, session, me, faults=faults)
    return go_to(request, "/consents?done=given")


@router.post("/consents/{consent_id}/withdrawal")
def withdraw(
    request: Request, consent_id: uuid.UUID, _form: Form, session: Writing,
    permit: Permit = may(Action.CONSENT_GIVE),
) -> Response:  # fmt: skip
    """Take a consent back; from now on the host is told no longer."""
    me, faults = own(session, permit, Action.CONSENT_GIVE, *ROLES), Faults()
    with attempt(session, faults, me.language):
        consents.withdraw(session, me.caller, consent_id, me.mine)
    if faults:
        return _page(request, session, me, faults=faults)
    return go_to(request, "/consents?done=withdrawn")


def _page(
    request: Request, session: Session, me: Own, *, done: str = "", faults: Faults | None = None
) -> Response:
    is_guardian = me.caller.role == Role.GUARDIAN
    of = sharing.of_guardian if is_guardian else sharing.of_apprentice
    items = of(session, me.caller, me.person.id, me.mine)
    version = consent.newest(me.caller.today)
    return show(
        request, "consents.html", status=422 if faults else 200, me=me, done=done,
        items=items, is_guardian=is_guardian,
        waiting=[one for one in items if is_guardian and one.waits],
        text=consent.text_of(version, me.language.code), faults=faults or Faults(),
        zone=round_lists.time_zone_of(session, me.caller),
    )  # fmt: skip
