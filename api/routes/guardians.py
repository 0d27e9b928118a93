"""Who answers for an apprentice under age: seen, named, changed."""

import uuid

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy import ColumnElement
from sqlmodel import col

import models
from api import store
from api.edge import OnlyOnce, Permit, Reading, SeenVersion, Writing, may, tag
from api.errors import NoSuchApprenticeError
from api.policy import Action
from api.services import guardians
from api.services.guardians import shown
from api.store.scopes import people_in
from models import GuardianFields, Role
from models.apprentice_views import GuardianShown
from models.base import Shape

router = APIRouter(tags=["guardians"])


class GuardianList(Shape):
    """The guardians of somebody."""

    items: list[GuardianShown]


@router.get("/apprentices/{apprentice_id}/guardians")
def list_guardians(
    apprentice_id: uuid.UUID, session: Reading, permit: Permit = may(Action.APPRENTICE_READ)
) -> GuardianList:
    """Who answers for somebody; a guardian sees nobody but him- or herself."""
    mine = col(models.Apprentice.id) == apprentice_id
    if not store.apprentices.apprentices(session, mine, _mine(permit)):
        raise NoSuchApprenticeError(apprentice_id)
    caller = permit.caller
    found = [
        row
        for row in store.cases.guardians(session, apprentice_id)
        if caller.role != Role.GUARDIAN or row.id == caller.scope_id
    ]
    return GuardianList(items=[shown(row) for row in found])


@router.post(
    "/apprentices/{apprentice_id}/guardians", status_code=201, response_model=GuardianShown
)  # fmt: skip
def name_guardian(
    apprentice_id: uuid.UUID, asked: GuardianFields, once: OnlyOnce,
    permit: Permit = may(Action.APPRENTICE_CHANGE),
) -> JSONResponse:  # fmt: skip
    """Name somebody who answers for an apprentice; the school does, not the apprentice."""

    def make() -> GuardianShown:
        row = guardians.create(once.session, permit.caller, apprentice_id, asked, _mine(permit))
        return shown(row)

    return once(
        asked.model_dump(mode="json"), 201, make, headers=lambda made: {"ETag": tag(made.version)}
    )


@router.put("/guardians/{guardian_id}")
def change_guardian(
    guardian_id: uuid.UUID, asked: GuardianFields, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.APPRENTICE_CHANGE),
) -> GuardianShown:  # fmt: skip
    """Replace how a guardian is reached."""
    row = guardians.change(session, permit.caller, guardian_id, asked, seen, _mine(permit))
    response.headers["ETag"] = tag(row.version)
    return shown(row)


@router.delete("/guardians/{guardian_id}", status_code=204)
def delete_guardian(
    guardian_id: uuid.UUID, session: Writing, seen: SeenVersion,
    permit: Permit = may(Action.APPRENTICE_CHANGE),
) -> None:  # fmt: skip
    """Take a guardian away who has no account."""
    guardians.delete(session, permit.caller, guardian_id, seen, _mine(permit))


def _mine(permit: Permit) -> ColumnElement[bool]:
    return people_in(permit.scope, permit.caller.scope_id)
