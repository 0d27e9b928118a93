"""Rounds: asked for, looked at, cancelled."""

import uuid
from collections.abc import AsyncIterator
from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import Engine

import models
from api.database import transaction
from api.edge import OnlyOnce, Permit, Reading, Writing, language_of, may
from api.fairness import Report
from api.headers import STYLED
from api.language import Language
from api.policy import Action
from api.services import fairness, round_lists, rounds
from api.services.rounds import Worker
from models.round import UNFINISHED
from models.round_views import RoundAsked, RoundList, RoundShown

router = APIRouter(tags=["rounds"])

LOOK_EVERY_SECONDS = 1.0
"""As often as a round writes how far it is."""

LOOKS = 600


class PictureResponse(Response):
    """A picture made of lines and letters."""

    media_type = "image/svg+xml"


@router.post("/rounds", status_code=202, response_model=RoundShown)
def ask_for_round(
    asked: RoundAsked, request: Request, once: OnlyOnce, permit: Permit = may(Action.ROUND_ASK)
) -> JSONResponse:
    """Queue a round; the scheduler runs it. Before the closing date it is a preview."""
    state, caller = request.app.state, permit.caller

    def ask() -> RoundShown:
        worker = Worker("web", state.new_id, state.now)
        row = rounds.ask_for(once.session, asked.call, asked.kind, by=caller.user_id, worker=worker)
        return round_lists.shown(row, Language(caller.language))

    return once(
        asked.model_dump(mode="json"), 202, ask,
        headers=lambda made: {"Location": f"/api/v1/rounds/{made.id}"},
    )  # fmt: skip


@router.get("/rounds/{round_id}")
def one_round(
    round_id: uuid.UUID, session: Reading, permit: Permit = may(Action.ROUND_READ)
) -> RoundShown:
    """How far a round has come, and what came out."""
    return round_lists.of_id(session, round_id, Language(permit.caller.language))


def known_round(
    round_id: uuid.UUID, session: Reading, permit: Permit = may(Action.ROUND_READ)
) -> RoundShown:
    """The round that an address names, looked up before anything is answered."""
    return one_round(round_id, session, permit)


@router.get("/rounds/{round_id}/events", response_class=EventSourceResponse)
async def events_of_round(
    request: Request, now: Annotated[RoundShown, Depends(known_round)]
) -> AsyncIterator[ServerSentEvent]:
    """How far a round comes, as server-sent events: one a change, until it has ended.

    Each has the round as its data. The stream ends by itself after ten minutes, or when the
    service is stopped: browsers come back by themselves, others ask again.
    """
    engine: Engine = request.app.state.engine
    language = Language(language_of(request))
    told: RoundShown | None = None
    for _ in range(LOOKS):
        if now != told:
            told = now
            yield ServerSentEvent(data=now, event=str(now.status))
        if now.status not in UNFINISHED or request.app.state.stopping.is_set():
            return
        await anyio.sleep(LOOK_EVERY_SECONDS)
        now = await run_in_threadpool(_look, engine, now.id, language)


def _look(engine: Engine, round_id: uuid.UUID, language: Language) -> RoundShown:
    with transaction(engine, writes=False) as session:
        return round_lists.shown(session.get_one(models.Round, round_id), language)


@router.get("/rounds/{round_id}/fairness")
def fairness_of_round(
    round_id: uuid.UUID, session: Reading, _permit: Permit = may(Action.FAIRNESS_READ)
) -> Report:
    """Whether the round treated groups alike: figures of groups under five people are not shown."""
    return fairness.report(session, round_id)


@router.get("/rounds/{round_id}/fairness.svg", response_class=PictureResponse)
def picture_of_fairness(
    round_id: uuid.UUID, session: Reading, _permit: Permit = may(Action.FAIRNESS_READ)
) -> PictureResponse:
    """The same as a picture."""
    drawn = fairness.drawn(session, round_id)
    return PictureResponse(drawn, headers={"Content-Security-Policy": STYLED})


@router.post("/rounds/{round_id}/cancellation")
def cancel_round(
    round_id: uuid.UUID, session: Writing, permit: Permit = may(Action.ROUND_CANCEL)
) -> RoundShown:
    """Stop a round that is queued or running; nothing of it is stored."""
    row = rounds.cancel(session, permit.caller, round_id)
    return round_lists.shown(row, Language(permit.caller.language))


@router.get("/calls/{code}/rounds")
def rounds_of_call(
    code: str, session: Reading, permit: Permit = may(Action.ROUND_READ)
) -> RoundList:
    """The rounds of a call."""
    language = Language(permit.caller.language)
    return RoundList(items=round_lists.of_call(session, code, language))
