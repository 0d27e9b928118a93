"""What people ask of their own data, and how they get into their accounts, for coordinators."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import ColumnElement
from sqlmodel import Session

import models
from api.edge import Permit, Reading, Writing, may
from api.language import Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.pages.words import Words
from api.policy import Action
from api.services import accounts, guardians, people, rights
from api.store.scopes import people_in
from models import Role
from models.rights import RequestKind
from models.rights_views import RightsAsked
from models.user import UserFields

router = APIRouter()


@router.get("/apprentices/{apprentice_id}/rights")
def asked_for(
    apprentice_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.RIGHTS_ERASE),
) -> Response:  # fmt: skip
    """Write down what somebody asks for, or erase the person."""
    return _page(request, session, permit, apprentice_id)


@router.post("/apprentices/{apprentice_id}/rights")
def ask(
    apprentice_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.RIGHTS_ERASE),
) -> Response:  # fmt: skip
    """Write down what somebody asked for: it is to be met within a month."""
    language = Language(permit.caller.language)
    given = {name: form[name] for name in RightsAsked.model_fields if form.get(name)}
    people.one(session, apprentice_id, _mine(permit))
    asked, faults = read(RightsAsked, given, language)
    if asked is not None:
        with attempt(session, faults, language):
            rights.ask(session, permit.caller, apprentice_id, asked, _mine(permit))
        if not faults:
            return go_to(request, f"/apprentices/{apprentice_id}")
    return _page(request, session, permit, apprentice_id, form, faults)


@router.post("/rights-requests/{request_id}/answer")
def answer(
    request_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.RIGHTS_ERASE),
) -> Response:  # fmt: skip
    """Say that access was given, or that the record was mended."""
    row = rights.answer(session, permit.caller, request_id, version_seen(form), _mine(permit))
    return go_to(request, f"/apprentices/{row.apprentice_id}")


@router.post("/apprentices/{apprentice_id}/erasure")
def erase(
    apprentice_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.RIGHTS_ERASE),
) -> Response:  # fmt: skip
    """Erase somebody for good, once it was said twice that this is meant."""
    language = Language(permit.caller.language)
    people.one(session, apprentice_id, _mine(permit))
    faults = Faults()
    if "sure" not in form:
        faults.fields["sure"] = language.phrase("Please tick this: it cannot be undone.")
    else:
        with attempt(session, faults, language):
            done = rights.erase(session, permit.caller, apprentice_id, _mine(permit))
    if faults:
        return _page(request, session, permit, apprentice_id, form, faults)
    return show(request, "person_erased.html", done=done)


@router.post("/apprentices/{apprentice_id}/account")
def invite_apprentice(
    apprentice_id: uuid.UUID, request: Request, _form: Form, session: Writing,
    permit: Permit = may(Action.RIGHTS_ERASE),
) -> Response:  # fmt: skip
    """Send somebody a way into the account; it is made where there is none."""
    person, _ = people.one(session, apprentice_id, _mine(permit))
    name = f"{person.first_name} {person.last_name}"
    _invite(session, permit, Role.APPRENTICE, person.id, name, person)
    return show(request, "invited.html", person=person, name=name)


@router.post("/guardians/{guardian_id}/account")
def invite_guardian(
    guardian_id: uuid.UUID, request: Request, _form: Form, session: Writing,
    permit: Permit = may(Action.RIGHTS_ERASE),
) -> Response:  # fmt: skip
    """The same for somebody who signs."""
    row = guardians.find(session, guardian_id, _mine(permit))
    person, _ = people.one(session, row.apprentice_id, _mine(permit))
    _invite(session, permit, Role.GUARDIAN, row.id, row.name, row)
    return show(request, "invited.html", person=person, name=row.name)


def _invite(
    session: Session, permit: Permit, role: Role, scope_id: uuid.UUID, name: str,
    reached: models.Apprentice | models.Guardian,
) -> None:  # fmt: skip
    user: models.User | None = people.reached(session, role, scope_id).account
    if user is None:
        fields = UserFields(name=name, email=reached.email, language=reached.language)
        user = accounts.make_within(session, permit.caller, role, scope_id, fields)
    accounts.invite_by_mail(session, permit.caller, user)


def _page(
    request: Request, session: Session, permit: Permit, apprentice_id: uuid.UUID,
    form: Any = None, faults: Faults | None = None,
) -> Response:  # fmt: skip
    person, _ = people.one(session, apprentice_id, _mine(permit))
    known = Words(Language(permit.caller.language))
    return show(
        request, "person_rights.html", status=422 if faults else 200, person=person,
        kinds=[(str(kind), known.of("right", kind)) for kind in RequestKind],
        today=permit.caller.today, typed=form or {}, faults=faults or Faults(),
    )  # fmt: skip


def _mine(permit: Permit) -> ColumnElement[bool]:
    return people_in(permit.scope, permit.caller.scope_id)
