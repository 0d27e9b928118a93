"""Rounds: asked for, looked at, cancelled."""

import datetime
import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field

import models
from api import store
from api.edge import OnlyOnce, Permit, Reading, Writing, may
from api.errors import NoSuchCallError, NoSuchRoundError
from api.policy import Action
from api.services import rounds
from api.services.rounds import Worker
from models import RoundKind, RoundStatus
from models.base import Shape

router = APIRouter(tags=["rounds"])


class RoundAsked(Shape):
    """Which call, and whether it is only to be looked at."""

    call: str = Field(max_length=60, examples=["demo-2027"])
    kind: RoundKind = RoundKind.PROPOSING


class RoundShown(Shape):
    """How a round stands, and its certificate once it is done."""

    id: uuid.UUID
    call_id: uuid.UUID
    kind: RoundKind
    status: RoundStatus
    created_at: datetime.datetime
    scheduled_for: datetime.datetime | None
    step: str
    done: int
    total: int
    stored: int
    dropped: dict[str, int]
    failure: str
    finished_at: datetime.datetime | None
    problem_sha256: str | None
    certificate: dict[str, Any] | None


class RoundList(Shape):
    """The rounds of a call, the newest first."""

    items: list[RoundShown]


@router.post("/rounds", status_code=202, response_model=RoundShown)
def ask_for_round(
    asked: RoundAsked, request: Request, once: OnlyOnce, permit: Permit = may(Action.ROUND_ASK)
) -> JSONResponse:
    """Queue a round; the scheduler runs it. Before the closing date it is a preview."""
    state, caller = request.app.state, permit.caller

    def ask() -> RoundShown:
        worker = Worker("web", state.new_id, state.now)
        row = rounds.ask_for(once.session, asked.call, asked.kind, by=caller.user_id, worker=worker)
        return _shown(row)

    return once(
        asked.model_dump(mode="json"), 202, ask,
        headers=lambda made: {"Location": f"/api/v1/rounds/{made.id}"},
    )  # fmt: skip


@router.get("/rounds/{round_id}")
def one_round(
    round_id: uuid.UUID, session: Reading, _permit: Permit = may(Action.ROUND_READ)
) -> RoundShown:
    """How far a round has come, and what came out."""
    found = session.get(models.Round, round_id)
    if found is None:
        raise NoSuchRoundError(round_id)
    return _shown(found)


@router.post("/rounds/{round_id}/cancellation")
def cancel_round(
    round_id: uuid.UUID, session: Writing, permit: Permit = may(Action.ROUND_CANCEL)
) -> RoundShown:
    """Stop a round that is queued or running; nothing of it is stored."""
    return _shown(rounds.cancel(session, permit.caller, round_id))


@router.get("/calls/{code}/rounds")
def rounds_of_call(
    code: str, session: Reading, _permit: Permit = may(Action.ROUND_READ)
) -> RoundList:
    """The rounds of a call."""
    call = store.calls.call_by_code(session, code)
    if call is None:
        raise NoSuchCallError(code)
    return RoundList(items=[_shown(row) for row in store.rounds.rounds_of_call(session, call.id)])


def _shown(row: models.Round) -> RoundShown:
    return RoundShown(**{name: getattr(row, name) for name in RoundShown.model_fields})
