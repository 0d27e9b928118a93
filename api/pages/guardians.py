"""Who signs for somebody under age: named, changed, taken away."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import ColumnElement
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.language import Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.policy import Action
from api.services import guardians, people
from api.store.scopes import people_in
from models import GuardianFields

router = APIRouter()


@router.get("/apprentices/{apprentice_id}/guardians/new")
def new(
    apprentice_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.APPRENTICE_CHANGE),
) -> Response:  # fmt: skip
    """The form for somebody who signs."""
    return _form(request, session, permit, apprentice_id)


@router.post("/apprentices/{apprentice_id}/guardians/new")
def name_somebody(
    apprentice_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.APPRENTICE_CHANGE),
) -> Response:  # fmt: skip
    """Name somebody who signs; the school does, not the apprentice."""
    language = Language(permit.caller.language)
    people.one(session, apprentice_id, _mine(permit))
    asked, faults = read(GuardianFields, _given(form), language)
    if asked is not None:
        with attempt(session, faults, language):
            guardians.create(session, permit.caller, apprentice_id, asked, _mine(permit))
        if not faults:
            return go_to(request, f"/apprentices/{apprentice_id}")
    return _form(request, session, permit, apprentice_id, form=form, faults=faults)


@router.get("/guardians/{guardian_id}")
def one(
    guardian_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.APPRENTICE_CHANGE),
) -> Response:  # fmt: skip
    """Somebody who signs, to be changed."""
    row = guardians.find(session, guardian_id, _mine(permit))
    return _form(request, session, permit, row.apprentice_id, row)


@router.post("/guardians/{guardian_id}")
def change(
    guardian_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.APPRENTICE_CHANGE),
) -> Response:  # fmt: skip
    """Change how somebody who signs is reached, or take the person away."""
    language, mine = Language(permit.caller.language), _mine(permit)
    row = guardians.find(session, guardian_id, mine)
    apprentice_id, seen, faults = row.apprentice_id, version_seen(form), Faults()
    if "remove" in form:
        with attempt(session, faults, language):
            guardians.delete(session, permit.caller, guardian_id, seen, mine)
    else:
        asked, faults = read(GuardianFields, _given(form), language)
        if asked is not None:
            with attempt(session, faults, language):
                guardians.change(session, permit.caller, guardian_id, asked, seen, mine)
    if not faults:
        return go_to(request, f"/apprentices/{apprentice_id}")
    return _form(request, session, permit, apprentice_id, row, form, faults)


def _form(
    request: Request, session: Session, permit: Permit, apprentice_id: uuid.UUID,
    guardian: Any = None, form: Any = None, faults: Faults | None = None,
) -> Response:  # fmt: skip
    person, _ = people.one(session, apprentice_id, _mine(permit))
    return show(
        request, "guardian.html", status=422 if faults else 200, person=person,
        guardian=guardian, typed=form or {}, faults=faults or Faults(),
    )  # fmt: skip


def _given(form: Any) -> dict[str, str]:
    names = GuardianFields.model_fields
    return {name: text for name in names if (text := str(form.get(name, "")).strip())}


def _mine(permit: Permit) -> ColumnElement[bool]:
    return people_in(permit.scope, permit.caller.scope_id)
