"""Apprentices: seen, made, changed; what they need and which offers they wish for."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy import ColumnElement
from sqlmodel import col

import models
from api import store
from api.edge import OnlyOnce, Permit, Reading, SeenVersion, Writing, may, tag
from api.errors import NoSuchApprenticeError
from api.policy import Action
from api.services import apprentices, people
from api.services.apprentices import shown, stored
from api.store.scopes import people_in
from models import (
    ApprenticeProfile,
    ApprenticeRecord,
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
    PeopleWanted,
    SupportNeedsShown,
)
from models.base import NO_NUL, Shape

router = APIRouter(tags=["apprentices"])


class ApprenticesWanted(PeopleWanted):
    """Which people a program asks for; `q` is a part of the key or of a name."""

    q: str | None = Field(
        default=None, min_length=1, max_length=100, pattern=NO_NUL, examples=["Aino"]
    )


class ApprenticePage(Shape):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[ApprenticeShown]
    next: uuid.UUID | None


@router.get("/apprentices")
def list_apprentices(
    session: Reading, asked: Annotated[ApprenticesWanted, Query()],
    permit: Permit = may(Action.APPRENTICE_READ),
) -> ApprenticePage:  # fmt: skip
    """The people that one may see, by id.

    `call` and `centre` are codes, `status` is how people take part in the call (in any where
    none is named). With `q` coordinators and schools look for key and names.
    """
    wanted = people.narrowed(permit.caller, permit.scope, asked, asked.q or "")
    if asked.after is not None:
        wanted.append(col(models.Apprentice.id) > asked.after)
    found = store.apprentices.apprentices(session, *wanted, limit=asked.limit + 1)
    items = [shown(permit.caller, *one) for one in found[: asked.limit]]
    more = len(found) > asked.limit
    return ApprenticePage(items=items, next=items[-1].id if more else None)


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
