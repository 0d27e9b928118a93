"""Apprentices: seen, made, changed; what they need and which offers they wish for."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from sqlalchemy import ColumnElement
from sqlmodel import col

import models
from api import store
from api.edge import OnlyOnce, Permit, Reading, SeenVersion, Writing, may, tag
from api.errors import NoSuchApprenticeError, NotAllowedError
from api.policy import Action
from api.services import apprentices
from api.services.apprentices import shown, stored
from api.store.apprentices import enrolled_in
from api.store.rows import contains
from api.store.scopes import people_in
from models import (
    ApprenticeProfile,
    ApprenticeRecord,
    EnrolmentStatus,
    Role,
    SupportNeedsFields,
)
from models.apprentice_views import (
    ApprenticeNew,
    ApprenticeOwn,
    ApprenticeShown,
    ApprenticeStored,
    InterestSaid,
    InterestShown,
    NeedsConfirmed,
    SupportNeedsShown,
)
from models.base import Shape
from models.call import IN_ADDRESSES

router = APIRouter(tags=["apprentices"])

Code = Annotated[str | None, Query(max_length=60, pattern=IN_ADDRESSES)]
Text = Annotated[str | None, Query(max_length=100, pattern=r"^[^\x00]+$", examples=["Aino"])]

SEARCHING = frozenset({Role.COORDINATOR, Role.CENTRE})
"""Who looks for people by what they are called."""


class ApprenticePage(Shape):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[ApprenticeShown]
    next: uuid.UUID | None


@router.get("/apprentices")
def list_apprentices(
    session: Reading,
    permit: Permit = may(Action.APPRENTICE_READ),
    call: Code = None,
    status: EnrolmentStatus | None = None,
    centre: Code = None,
    q: Text = None,
    after: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ApprenticePage:
    """The people that one may see, by id.

    `call` and `centre` are codes, `status` is how people take part in the call (in any where
    none is named). With `q` coordinators and schools look for key and names.
    """
    wanted = [_mine(permit)]
    if call is not None or status is not None:
        wanted.append(enrolled_in(call, status))
    if centre is not None:
        wanted.append(col(models.Centre.code) == centre)
    if q is not None:
        if permit.caller.role not in SEARCHING:
            raise NotAllowedError(Action.APPRENTICE_READ)
        person = models.Apprentice
        wanted.append(contains([col(person.key), col(person.first_name), col(person.last_name)], q))
    if after is not None:
        wanted.append(col(models.Apprentice.id) > after)
    found = store.apprentices.apprentices(session, *wanted, limit=limit + 1)
    items = [shown(permit.caller, *one) for one in found[:limit]]
    return ApprenticePage(items=items, next=items[-1].id if len(found) > limit else None)


@router.post("/apprentices", status_code=201, response_model=ApprenticeStored)
def make_apprentice(
    asked: ApprenticeNew, once: OnlyOnce, permit: Permit = may(Action.APPRENTICE_CHANGE)
) -> JSONResponse:
    """Somebody new in a centre of one's own."""

    def make() -> ApprenticeStored:
        found = apprentices.create(once.session, permit.caller, asked, _mine(permit))
        return stored(permit.caller, *found)

    return once(
        asked.model_dump(mode="json"), 201, make, headers=lambda made: {"ETag": tag(made.version)}
    )


@router.get("/apprentices/{apprentice_id}")
def one_apprentice(
    apprentice_id: uuid.UUID, session: Reading, response: Response,
    permit: Permit = may(Action.APPRENTICE_READ),
) -> ApprenticeShown:  # fmt: skip
    """One person, with the ETag that changes ask for."""
    mine = col(models.Apprentice.id) == apprentice_id
    found = store.apprentices.apprentices(session, mine, _mine(permit))
    if not found:
        raise NoSuchApprenticeError(apprentice_id)
    response.headers["ETag"] = tag(found[0][0].version)
    return shown(permit.caller, *found[0])


@router.put("/apprentices/{apprentice_id}")
def change_apprentice(
    apprentice_id: uuid.UUID, asked: ApprenticeRecord, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.APPRENTICE_CHANGE),
) -> ApprenticeStored:  # fmt: skip
    """Replace what the school knows of somebody. Live proposals and placements are looked at again.

    One that breaks a rule now is put on hold; other wished occupations are asked about again.
    """
    found = apprentices.change(session, permit.caller, apprentice_id, asked, seen, _mine(permit))
    response.headers["ETag"] = tag(found[0].version)
    return stored(permit.caller, *found)


@router.put("/apprentices/{apprentice_id}/profile")
def change_profile(
    apprentice_id: uuid.UUID, asked: ApprenticeProfile, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.APPRENTICE_PROFILE),
) -> ApprenticeOwn:  # fmt: skip
    """Replace what apprentices say of themselves: how they are reached, what they wish, when."""
    found = apprentices.change(session, permit.caller, apprentice_id, asked, seen, _mine(permit))
    return _own(permit, response, found)


@router.get("/apprentices/{apprentice_id}/needs")
def one_record_of_needs(
    apprentice_id: uuid.UUID, session: Reading, response: Response,
    permit: Permit = may(Action.NEEDS_READ),
) -> SupportNeedsShown:  # fmt: skip
    """What somebody needs; nobody but the sending coordinators and the apprentice is told."""
    found = apprentices.needs(session, apprentice_id, _mine(permit))
    response.headers["ETag"] = tag(found.version)
    return found


@router.put("/apprentices/{apprentice_id}/needs")
def change_needs(
    apprentice_id: uuid.UUID, asked: SupportNeedsFields, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.NEEDS_CHANGE),
) -> SupportNeedsShown:  # fmt: skip
    """Replace what somebody needs: codes of the vocabulary, each hard or soft."""
    found = apprentices.change_needs(
        session, permit.caller, apprentice_id, asked, seen, _mine(permit)
    )
    response.headers["ETag"] = tag(found.version)
    return found


@router.put("/apprentices/{apprentice_id}/needs/confirmation")
def confirm_needs(
    apprentice_id: uuid.UUID, asked: NeedsConfirmed, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.NEEDS_CONFIRM),
) -> SupportNeedsShown:  # fmt: skip
    """Say which needs are confirmed; only confirmed hard needs put somebody first in a round."""
    found = apprentices.confirm_needs(
        session, permit.caller, apprentice_id, asked.needs, seen, _mine(permit)
    )
    response.headers["ETag"] = tag(found.version)
    return found


@router.put("/apprentices/{apprentice_id}/interest/{offer_id}")
def say_interest(
    apprentice_id: uuid.UUID, offer_id: uuid.UUID, asked: InterestSaid, session: Writing,
    permit: Permit = may(Action.APPRENTICE_INTEREST),
) -> InterestShown:  # fmt: skip
    """Say that an offer would be liked, or rather not; null takes it back. It binds nobody."""
    apprentices.say_interest(
        session, permit.caller, apprentice_id, offer_id, asked.interest, _mine(permit)
    )
    return InterestShown(apprentice_id=apprentice_id, offer_id=offer_id, interest=asked.interest)


def _mine(permit: Permit) -> ColumnElement[bool]:
    return people_in(permit.scope, permit.caller.scope_id)


def _own(permit: Permit, response: Response, found: apprentices.Found) -> ApprenticeOwn:
    response.headers["ETag"] = tag(found[0].version)
    answer = shown(permit.caller, *found)
    assert isinstance(answer, ApprenticeOwn)  # noqa: S101  # guardians change nothing
    return answer
