"""Who answers for an apprentice or a company, and who covers for whom."""

import uuid

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

import models
from api.edge import OnlyOnce, Permit, Reading, SeenVersion, Writing, may, tag
from api.policy import Action
from api.services import covering
from api.store.responsible import Whose
from api.store.scopes import accounts_in, companies_in, people_in
from models.cover_views import (
    CoverAsked,
    CoverList,
    CoverShown,
    ResponsibleAsked,
    ResponsibleShown,
)

router = APIRouter(tags=["responsible"])

Found = tuple[models.Responsibility, models.User] | None


@router.get("/apprentices/{apprentice_id}/responsible")
def responsible_for_apprentice(
    apprentice_id: uuid.UUID, session: Reading, response: Response,
    permit: Permit = may(Action.COVER_READ),
) -> ResponsibleShown:  # fmt: skip
    """Who answers for an apprentice, with the ETag that a change asks for."""
    whose = Whose("apprentice_id", apprentice_id)
    mine = people_in(permit.scope, permit.caller.scope_id)
    return _shown(covering.responsible(session, whose, mine), response)


@router.put("/apprentices/{apprentice_id}/responsible")
def name_for_apprentice(
    apprentice_id: uuid.UUID, asked: ResponsibleAsked, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.COVER_CHANGE),
) -> ResponsibleShown:  # fmt: skip
    """Let a coordinator of the region answer for an apprentice from now on."""
    whose = Whose("apprentice_id", apprentice_id)
    mine = people_in(permit.scope, permit.caller.scope_id)
    found = covering.name_responsible(session, permit.caller, whose, mine, asked.user_id, seen)
    return _shown(found, response)


@router.get("/companies/{company_id}/responsible")
def responsible_for_company(
    company_id: uuid.UUID, session: Reading, response: Response,
    permit: Permit = may(Action.COVER_READ),
) -> ResponsibleShown:  # fmt: skip
    """Who answers for a company, with the ETag that a change asks for."""
    whose, mine = Whose("company_id", company_id), _companies(permit)
    return _shown(covering.responsible(session, whose, mine), response)


@router.put("/companies/{company_id}/responsible")
def name_for_company(
    company_id: uuid.UUID, asked: ResponsibleAsked, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.COVER_CHANGE),
) -> ResponsibleShown:  # fmt: skip
    """Let a coordinator of the region answer for a company from now on."""
    whose, mine = Whose("company_id", company_id), _companies(permit)
    found = covering.name_responsible(session, permit.caller, whose, mine, asked.user_id, seen)
    return _shown(found, response)


@router.get("/covers")
def list_covers(session: Reading, permit: Permit = may(Action.COVER_READ)) -> CoverList:
    """Who covers for whom, now or on days to come."""
    mine = accounts_in(permit.scope, permit.caller.scope_id)
    return CoverList(
        items=[covering.shown(one) for one in covering.covers(session, permit.caller, mine)]
    )


@router.post("/covers", status_code=201, response_model=CoverShown)
def make_cover(
    asked: CoverAsked, once: OnlyOnce, permit: Permit = may(Action.COVER_CHANGE)
) -> JSONResponse:
    """Let a colleague answer for all that is another one's, from one day to the other."""
    return once(
        asked.model_dump(mode="json"), 201,
        lambda: covering.shown(covering.cover(once.session, permit.caller, **asked.model_dump())),
    )  # fmt: skip


@router.delete("/covers/{cover_id}", status_code=204)
def end_cover(
    cover_id: uuid.UUID, session: Writing, permit: Permit = may(Action.COVER_CHANGE)
) -> None:
    """End a cover, in all its cases."""
    mine = accounts_in(permit.scope, permit.caller.scope_id)
    covering.end_cover(session, permit.caller, cover_id, mine)


def _companies(permit: Permit) -> object:
    return companies_in(permit.scope, permit.caller.scope_id)


def _shown(found: Found, response: Response) -> ResponsibleShown:
    row, user = found or (None, None)
    version = row.version if row else 0
    response.headers["ETag"] = tag(version)
    return ResponsibleShown(
        user_id=user.id if user else None, name=user.name if user else None, version=version
    )
