"""Rounds: asked for, taken by one worker, computed on a snapshot, written in one short step.

Nothing here commits. `run_next` is the one function that opens transactions, as a job does.
"""

import datetime
import hashlib
import json
import os
import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

import matcher
import models
from api import chain, store
from api.caller import Caller
from api.database import transaction
from api.errors import (
    CallNotOpenError,
    LeaseLostError,
    NoSuchCallError,
    NoSuchRoundError,
    RoundFinishedError,
    RoundHasNoResultError,
    RoundUnfinishedError,
    SealBrokenError,
)
from api.faults import Fault
from api.sealing import BrokenSealError, bundle
from api.services import failures, fairness, records, round_news, storing
from api.services.problems import to_problem
from matcher.result import Certificate, Result
from models import CallStatus, PairWord, RoundKind, RoundStatus
from models.round import UNFINISHED

LOG = structlog.get_logger(__name__)

LEASE = datetime.timedelta(seconds=60)
"""So long a worker holds a round without a sign of life."""

PROGRESS_EVERY = datetime.timedelta(seconds=1)
"""Progress is written once in this time at most; each time the lease is renewed too."""

NewId = Callable[[], uuid.UUID]
Now = Callable[[], datetime.datetime]


@dataclass(frozen=True)
class Worker:
    """Who works on rounds: a name nobody else has, and where ids and times come from."""

    name: str
    new_id: NewId
    now: Now

    def caller(self, by: uuid.UUID | None = None) -> Caller:
        """The caller that its work is written down for: the service, or who asked for it."""
        return Caller(now=self.now(), new_id=self.new_id, user_id=by)


def utc_now() -> datetime.datetime:
    """The time it is."""
    return datetime.datetime.now(datetime.UTC)


def name_of_worker() -> str:
    """A name that no other worker has, on any machine."""
    return f"{os.uname().nodename[-60:]}-{os.getpid()}-{secrets.token_hex(4)}"


def ask_for(
    session: Session,
    code: str,
    kind: RoundKind,
    *,
    by: uuid.UUID | None,
    worker: Worker,
    scheduled_for: datetime.datetime | None = None,
) -> models.Round:
    """Queue a round of a call. Until its closing date has passed, every round is a preview.

    `scheduled_for` is the tick of a round that the schedule asks for.
    Raises NoSuchCallError, CallNotOpenError, RoundUnfinishedError.
    """
    call = store.calls.call_by_code(session, code)
    if call is None:
        raise NoSuchCallError(code)
    call = store.calls.hold_call(session, call.id)  # nobody finishes it before the round is there
    if call.status != CallStatus.OPEN:
        raise CallNotOpenError(code, call.status)
    now = worker.now()
    if now.date() <= call.closes_on:
        kind = RoundKind.PREVIEW
    asked = models.Round(
        id=worker.new_id(), created_at=now, changed_at=now, call_id=call.id, kind=kind,
        requested_by=by, scheduled_for=scheduled_for,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(asked)
    except IntegrityError:
        raise RoundUnfinishedError(code) from None
    tick = scheduled_for and scheduled_for.isoformat()
    records.note(session, worker.caller(by), "round.asked", asked, kind=kind, scheduled_for=tick)
    return asked


def ask_for_tick(session: Session, tick: datetime.datetime, worker: Worker) -> list[models.Round]:
    """Queue one round for every open call that was there at a tick of the schedule.

    A call that has a round of this tick, or an unfinished one, is left alone: any number of
    workers can ask for a tick, any number of times.
    """
    asked = []
    done = store.rounds.calls_of_tick(session, tick)
    for call in store.calls.open_calls(session, tick):
        if call.id in done:
            continue
        try:
            row = ask_for(
                session, call.code, RoundKind.PROPOSING, by=None, worker=worker, scheduled_for=tick
            )
        except RoundUnfinishedError:
            continue
        asked.append(row)
    return asked


def cancel(session: Session, caller: Caller, round_id: uuid.UUID) -> models.Round:
    """Cancel a queued or running round; its worker finds its lease lost and stores nothing.

    Raises NoSuchRoundError, RoundFinishedError.
    """
    found = store.rounds.locked_round(session, round_id)
    if found is None:
        raise NoSuchRoundError(round_id)
    if found.status not in UNFINISHED:
        raise RoundFinishedError(round_id, found.status)
    found.status, found.lease_until = RoundStatus.CANCELLED, None
    found.finished_at = found.changed_at = caller.now
    records.note(session, caller, "round.cancelled", found)
    return found


def is_waiting(session: Session, now: datetime.datetime) -> bool:
    """Whether a round waits for a worker, or was abandoned by one."""
    return store.rounds.waiting_round(session, now) is not None


def held_by(session: Session, owner: str) -> models.Round | None:
    """The running round of a worker; nobody else changes it until the end."""
    return store.rounds.round_of_worker(session, owner)


def sign_of_life(session: Session, owner: str) -> datetime.datetime | None:
    """What changes with each sign of life of a worker: the end of its lease. None without one."""
    return store.rounds.lease_of(session, owner)


def hand_back(session: Session, owner: str, worker: Worker) -> models.Round | None:
    """Queue again the round of a worker that is gone. None where it had none."""
    found = store.rounds.round_of_worker(session, owner)
    if found is None:
        return None
    found.status, found.owner, found.lease_until = RoundStatus.QUEUED, None, None
    found.changed_at = worker.now()
    records.note(session, worker.caller(), "round.handed_back", found)
    return found


def run_next(engine: Engine, worker: Worker) -> uuid.UUID | None:
    """Take the round that has waited longest, compute it and store what came out.

    Returns its id, None where no round waits. A round that the engine refuses, or whose result
    breaks a promise, is failed with the reason and stores nothing. Raises LeaseLostError when
    somebody else took the round over meanwhile.
    """
    with transaction(engine) as session:
        taken = store.rounds.take_round(session, worker.name, worker.now(), worker.now() + LEASE)
    if taken is None:
        return None
    by = taken.requested_by
    with transaction(engine, writes=False, read_by=lambda: worker.caller(by)) as session:
        found = store.snapshots.snapshot(session, taken.call_id)
    try:
        whole = to_problem(found, worker.now().date())
        problem, faulty = matcher.without_faulty_locks(whole)
        result = matcher.propose(problem, _Progress(engine, worker, taken.id))
        broken = [p.id for p in result.certificate.promises if not p.held]
        refused = failures.of_promises(broken)
    except (ValueError, matcher.SolverError) as error:
        LOG.warning("round.refused", round=str(taken.id), kind=type(error).__name__)
        refused = failures.of_error(error)
    if refused:
        with transaction(engine) as session:
            fail(session, taken.id, worker, refused)
        return taken.id
    told = None
    if taken.kind == RoundKind.PROPOSING:
        with transaction(engine, writes=False, read_by=lambda: worker.caller(by)) as session:
            told = fairness.make(session, taken.id, found, problem, result)
    with transaction(engine) as session:
        missing = left_out(found, whole, faulty)
        write(session, taken.id, worker, found, problem, result, missing, told)
    return taken.id


class _Progress:
    """Tells the round's row how far the engine is, and that the worker is alive."""

    def __init__(self, engine: Engine, worker: Worker, round_id: uuid.UUID) -> None:
        self.engine, self.worker, self.round_id = engine, worker, round_id
        self.told_at = worker.now()

    def __call__(self, step: str, done: int, total: int) -> None:
        now = self.worker.now()
        if now - self.told_at < PROGRESS_EVERY:
            return
        self.told_at = now
        with transaction(self.engine) as session:
            if not store.rounds.renew_lease(
                session, self.round_id, self.worker.name, now + LEASE, (step, done, total)
            ):
                raise LeaseLostError(self.round_id)


def left_out(
    found: store.snapshots.Snapshot, whole: matcher.Problem, faulty: dict[tuple[str, str], str]
) -> list[dict[str, str]]:
    """The locks of people of the round that it could not keep, and why: `faulty` by the engine.

    And people of whom nobody can read what they need. A pair that is locked has no coordinator's
    forbid: where it is forbidden, a group forbids it.
    """
    people = {person.id for person in found.apprentices} - found.unreadable.keys()
    wanted = {
        (str(wish.apprentice_id), str(wish.window_id))
        for wish in found.wishes
        if wish.wish == PairWord.LOCK and wish.apprentice_id in people
    }
    closed = dict.fromkeys(wanted - {*whole.policy.locks}, "the offer takes no part")
    closed |= dict.fromkeys(wanted & {*whole.policy.forbids}, "the travel group goes elsewhere")
    return [
        {"apprentice": apprentice, "offer": offer, "why": why}
        for (apprentice, offer), why in sorted((closed | faulty).items())
    ] + [
        {"apprentice": str(person), "why": "the record of needs cannot be opened"}
        for person in sorted(found.unreadable)
    ]


def fail(
    session: Session, round_id: uuid.UUID, worker: Worker, reasons: Sequence[Fault]
) -> models.Round:
    """End a round without a result; the reasons name places in the problem, never people."""
    mine = _mine(session, round_id, worker)
    mine.status, mine.lease_until = RoundStatus.FAILED, None
    mine.failure = failures.kept(reasons)
    mine.finished_at = mine.changed_at = worker.now()
    who = worker.caller(mine.requested_by)
    records.note(session, who, "round.failed", mine)
    round_news.after_failure(session, who, mine)
    return mine


def write(
    session: Session,
    round_id: uuid.UUID,
    worker: Worker,
    found: store.snapshots.Snapshot,
    problem: matcher.Problem,
    result: Result,
    left_out: Sequence[Mapping[str, str]] = (),
    fairness_report: bytes | None = None,
) -> models.Round:
    """Store a round: file of problem and result, certificate, and its proposals as cases.

    What tells of somebody is sealed with that person's key.

    What the round could make anew is replaced, proposals that it makes again stay as they
    are. A proposal is dropped and counted where person, offer or company have changed since
    the snapshot (`changed`), the person is not free any more (`person`), or the place
    (`place`), the funding (`funding`) or what a cap allows (`company_cap`, `region_cap`) is gone.
    A preview stores no proposals. Who is to decide is told, or asked, at once.
    """
    vault = chain.vault_of(session)
    files = json.loads(problem.to_json()), json.loads(result.to_json())
    packed = bundle.pack(vault, round_id, *files, {"left_out": list(left_out)})
    rows = storing.rows_of(found, result, round_id, worker.now(), worker.new_id)
    details = storing.details_of(session, rows, result, worker.now(), worker.new_id)
    mine = _mine(session, round_id, worker)  # the first query: from here on others wait
    if mine.kind == RoundKind.PROPOSING:
        mine.stored, mine.dropped = storing.store_rows(session, found, rows, details, worker.now())
    now = worker.now()
    mine.files, mine.fairness = packed, fairness_report
    mine.certificate = _for_all(result)
    mine.status, mine.lease_until = RoundStatus.DONE, None
    mine.finished_at = mine.changed_at = now
    who = worker.caller(mine.requested_by)
    records.note(
        session, who, "round.done", mine, stored=mine.stored, dropped=mine.dropped,
        files_sha256=hashlib.sha256(packed).hexdigest(),
    )  # fmt: skip
    round_news.after_round(session, who, mine)
    return mine


def _for_all(result: Result) -> dict[str, Any]:
    """What everybody may know of a certificate: nothing in it rests on what somebody needs.

    Sums of scores, the hash of the problem and how many came first for their needs are in the
    sealed files.
    """
    whole = result.certificate.model_dump(mode="json")
    names = ("engine", "solver", "objective", "optimal", "promises", "seconds")
    return {name: whole[name] for name in names} | {"placed": len(result.proposals)}


@dataclass(frozen=True)
class Files:
    """Problem and result of a round as the engine writes them.

    `erased` counts the people who are not in them any more: then only the hash of the
    certificate can be compared. `left_out`: locks and people that the round left out, and why.
    """

    problem: str
    result: str
    erased: int
    left_out: list[dict[str, str]]

    @property
    def certificate(self) -> Certificate:
        """The whole certificate."""
        return Result.from_json(self.result).certificate


def files(session: Session, round_id: uuid.UUID) -> Files:
    """The files of a round, for who may know what everybody in it needs.

    Raises NoSuchRoundError, RoundHasNoResultError, SealBrokenError.
    """
    found = session.get(models.Round, round_id)
    if found is None:
        raise NoSuchRoundError(round_id)
    if found.files is None:
        raise RoundHasNoResultError(round_id, found.status)
    try:
        opened = bundle.unpack(chain.vault_of(session), round_id, found.files)
    except BrokenSealError:
        raise SealBrokenError("round", round_id) from None
    chain.read(session, "round.files", opened.people)
    return Files(
        matcher.Problem.from_json(json.dumps(opened.problem)).to_json(),
        Result.from_json(json.dumps(opened.result)).to_json(),
        len(opened.missing),
        opened.beside["left_out"],
    )


def _mine(session: Session, round_id: uuid.UUID, worker: Worker) -> models.Round:
    held = store.rounds.held_round(session, round_id, worker.name)
    if held is None:
        raise LeaseLostError(round_id)
    return held
