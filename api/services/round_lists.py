"""Rounds as they are looked at: one, those of a call, the next one of the schedule."""

import datetime
import uuid

from sqlmodel import Session, col

import models
from api import chain, store
from api.caller import Caller
from api.errors import NoSuchCallError, NoSuchRoundError
from api.language import Language
from api.policy import Action, Scope, scope_of
from api.schedule import Schedule
from api.services import failures
from api.services.settings import current
from models import CallStatus, RoundKind, RoundStatus
from models.round_views import RoundShown

MOST_CALLS = 200
"""So many calls are there to choose from."""


def shown(row: models.Round, language: Language) -> RoundShown:
    """The view of a round, for a reader of this language."""
    values = {name: getattr(row, name) for name in RoundShown.model_fields}
    return RoundShown(**values | {"failure": failures.told(row.failure, language)})


def of_id(session: Session, round_id: uuid.UUID, language: Language) -> RoundShown:
    """One round. Raises NoSuchRoundError."""
    found = session.get(models.Round, round_id)
    if found is None:
        raise NoSuchRoundError(round_id)
    return shown(found, language)


def of_call(session: Session, code: str, language: Language) -> list[RoundShown]:
    """The rounds of a call, the newest first. Raises NoSuchCallError."""
    call = store.calls.call_by_code(session, code)
    if call is None:
        raise NoSuchCallError(code)
    return [shown(row, language) for row in store.rounds.rounds_of_call(session, call.id)]


def calls_with_rounds(session: Session) -> list[models.Call]:
    """The calls that have rounds or may have some, the one that closes last first."""
    begun = col(models.Call.status) != CallStatus.DRAFT
    found = store.calls.calls(session, begun, limit=MOST_CALLS)
    order = {CallStatus.OPEN: 0, CallStatus.FINISHED: 1}
    return sorted(found, key=lambda call: (order[call.status], -call.closes_on.toordinal()))


def is_still_preview(call: models.Call, today: datetime.date) -> bool:
    """Whether every round of a call is a preview on this day: people may still apply."""
    return today <= call.closes_on


def next_tick(session: Session, now: datetime.datetime) -> datetime.datetime | None:
    """When the schedule asks for the next round; None where it never does."""
    value = current(session)["schedule"]
    if value is None:
        return None
    return next(Schedule(value["cron"], value["time_zone"]).ticks(now))


def others_to_compare(rounds: list[RoundShown], one: RoundShown) -> list[RoundShown]:
    """The earlier rounds of its call that made proposals, as `one` did, the newest first."""
    if not has_proposals(one):
        return []
    return [row for row in rounds if row.created_at < one.created_at and has_proposals(row)]


def has_proposals(row: RoundShown) -> bool:
    """Whether a round is done and made proposals; a preview makes none."""
    return row.status == RoundStatus.DONE and row.kind == RoundKind.PROPOSING


def files_sha256(session: Session, caller: Caller, round_id: uuid.UUID) -> str | None:
    """The digest of the sealed files of a round, for who reads the whole audit.

    None for everybody else (docs/decisions/0017), and for a round without files.
    """
    if scope_of(caller.role, Action.AUDIT_READ) != Scope.ALL:
        return None
    event = models.AuditEvent
    found = store.audit.events(
        session, col(event.noun) == "round", col(event.row_id) == round_id,
        col(event.action) == "round.done", after=None, limit=1,
    )  # fmt: skip
    details = chain.details_of(session, found, besides_people=True)
    return details[found[0].id].get("files_sha256") if found else None
