"""What people may ask of their own data: to have it, to have it mended, to have it erased."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse, JSONResponse
from sqlalchemy import ColumnElement

from api.edge import OnlyOnce, Permit, Reading, SeenVersion, Writing, may, tag
from api.headers import STYLED
from api.policy import Action
from api.services import exporting, rights
from api.store.scopes import people_in
from models.rights_views import (
    ErasureShown,
    PersonExport,
    RightsAsked,
    RightsRequestPage,
    RightsRequestShown,
)

router = APIRouter(tags=["rights"])


@router.get("/apprentices/{apprentice_id}/export")
def export_person(
    apprentice_id: uuid.UUID, session: Writing, permit: Permit = may(Action.RIGHTS_EXPORT)
) -> PersonExport:
    """Everything that the service holds about somebody, and who opened what was sealed."""
    return exporting.export(session, permit.caller, apprentice_id, _mine(permit))


@router.get("/apprentices/{apprentice_id}/export.html", response_class=HTMLResponse)
def export_person_to_read(
    apprentice_id: uuid.UUID, session: Writing, permit: Permit = may(Action.RIGHTS_EXPORT)
) -> HTMLResponse:
    """The same as a page to be read."""
    found = exporting.export(session, permit.caller, apprentice_id, _mine(permit))
    headers = {"Content-Security-Policy": STYLED}
    return HTMLResponse(exporting.as_html(found), headers=headers)


@router.post(
    "/apprentices/{apprentice_id}/rights-requests", status_code=201,
    response_model=RightsRequestShown,
)  # fmt: skip
def ask_for_right(
    apprentice_id: uuid.UUID, asked: RightsAsked, once: OnlyOnce,
    permit: Permit = may(Action.RIGHTS_ASK),
) -> JSONResponse:  # fmt: skip
    """Ask for access, correction or erasure; it is to be answered within a month."""

    def ask() -> RightsRequestShown:
        row = rights.ask(once.session, permit.caller, apprentice_id, asked, _mine(permit))
        return rights.shown(permit.caller, row)

    return once(
        {"apprentice": str(apprentice_id), **asked.model_dump(mode="json")}, 201, ask,
        headers=lambda made: {"ETag": tag(made.version)},
    )  # fmt: skip


@router.get("/rights-requests")
def list_rights_requests(
    session: Reading, permit: Permit = may(Action.RIGHTS_READ),
    done: Annotated[bool | None, Query()] = None,
) -> RightsRequestPage:  # fmt: skip
    """Requests of one's people, those first whose deadline comes first."""
    return rights.listed(session, permit.caller, _mine(permit), done=done)


@router.post("/rights-requests/{request_id}/answer")
def answer_rights_request(
    request_id: uuid.UUID, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.RIGHTS_READ),
) -> RightsRequestShown:  # fmt: skip
    """Say that access was given or the record mended. An erasure is answered by erasing."""
    row = rights.answer(session, permit.caller, request_id, seen, _mine(permit))
    response.headers["ETag"] = tag(row.version)
    return rights.shown(permit.caller, row)


@router.post("/apprentices/{apprentice_id}/erasure")
def erase_person(
    apprentice_id: uuid.UUID, session: Writing, permit: Permit = may(Action.RIGHTS_ERASE)
) -> ErasureShown:
    """Erase somebody for good: the key within a minute, traces in files with it.

    What grant rules keep stays without names. Nobody can undo this.
    """
    return rights.erase(session, permit.caller, apprentice_id, _mine(permit))


def _mine(permit: Permit) -> ColumnElement[bool]:
    return people_in(permit.scope, permit.caller.scope_id)
