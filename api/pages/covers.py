"""Who answers while somebody is away."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.language import N_, Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show
from api.policy import Action
from api.services import covering
from api.store.scopes import accounts_in
from models import Role
from models.cover_views import CoverAsked

router = APIRouter()

LABELS = {
    "for_user_id": N_("Who is away"), "by_user_id": N_("Who answers meanwhile"),
    "covers_from": N_("First day"), "covers_to": N_("Last day"),
}  # fmt: skip


@router.get("/covers")
def list_covers(
    request: Request, session: Reading, permit: Permit = may(Action.COVER_READ)
) -> Response:
    """Who covers for whom, now and on days to come, and the form for more."""
    return _show(request, session, permit, Faults(), {})


@router.post("/covers")
def make_cover(
    request: Request, form: Form, session: Writing, permit: Permit = may(Action.COVER_CHANGE)
) -> Response:
    """Let a colleague answer for all that is another one's."""
    language = Language(permit.caller.language)
    asked, faults = read(CoverAsked, {name: form.get(name, "") for name in LABELS}, language)
    if asked is not None:
        with attempt(session, faults, language):
            covering.cover(session, permit.caller, **asked.model_dump())
    if faults:
        return _show(request, session, permit, faults, form)
    return go_to(request, "/covers")


@router.post("/covers/{cover_id}/end")
def end_cover(
    cover_id: uuid.UUID, request: Request, _form: Form, session: Writing,
    permit: Permit = may(Action.COVER_CHANGE),
) -> Response:  # fmt: skip
    """Somebody is back."""
    mine = accounts_in(permit.scope, permit.caller.scope_id)
    covering.end_cover(session, permit.caller, cover_id, mine)
    return go_to(request, "/covers")


def _show(
    request: Request, session: Session, permit: Permit, faults: Faults, typed: Any
) -> Response:
    caller, language = permit.caller, Language(permit.caller.language)
    mine = accounts_in(permit.scope, caller.scope_id)
    region = caller.scope_id if caller.role == Role.COORDINATOR else None
    people = covering.coordinators(session, region)
    return show(
        request, "covers.html", status=422 if faults else 200,
        items=[covering.shown(one) for one in covering.covers(session, caller, mine)],
        names={user.id: user.name for user in people},
        people=[(str(user.id), user.name) for user in people], own=str(caller.user_id),
        labels={name: language.phrase(text) for name, text in LABELS.items()},
        today=caller.today, faults=faults, typed=typed,
    )  # fmt: skip
