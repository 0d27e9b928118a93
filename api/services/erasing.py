"""Erasure: what is known of somebody goes, what grant rules keep says nothing of anybody.

The rows change in one transaction. The key of the person is destroyed after that, and then every
trace in files: whoever is killed in between goes on at the next look. The ledger of erasures is
kept with the keys, so that a backup that is put back forgets the same people again.
"""

import datetime
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

import models
from api import chain, store
from api.caller import Caller
from api.database import transaction
from api.errors import AlreadyErasedError, NoSuchApprenticeError, StillPlacedError
from api.personal import NAME, Ids
from api.sealing import BrokenSealError
from api.services import enrolments
from api.services.asking import change_status, tell_asked
from api.services.settings import current
from api.statuses import Event
from api.store.cases import Case
from models import GroupKind, Party
from models.rights import Erasure, RequestKind

OWN_SIDE = frozenset({Party.APPRENTICE, Party.GUARDIAN, Party.EMPLOYER})
"""Nobody writes to them any more."""

REASON = "other"
"""Why proposals of somebody who is erased end: nobody is told more."""

FRIENDS = "friends"
"""What a group of friends is called that one of them was erased from."""


def erase(session: Session, caller: Caller, person: uuid.UUID, why: str) -> Erasure:
    """Erase somebody. `why`: `request`, `retention` or `replay`, no more.

    Live proposals and enrolments end first. Raises NoSuchApprenticeError, AlreadyErasedError,
    StillPlacedError.
    """
    row = session.get(models.Apprentice, person)
    if row is None:
        raise NoSuchApprenticeError(person)
    if is_erased(session, person):
        raise AlreadyErasedError
    if store.personal.has_placement(session, person):
        raise StillPlacedError
    ended = _end(session, caller, person)
    ids = store.personal.ids_of(session, person)
    files = _drop_mails(session, ids, _addresses(session, ids, row))
    _drop_answers(session, ids)
    _rename_groups(session, person)
    store.personal.erase_rows(session, ids, caller.now)
    row = session.get_one(models.Apprentice, person, populate_existing=True)
    row.birth_date = datetime.date(row.birth_date.year, 1, 1)
    row.key = f"{NAME}-{caller.new_id()}"
    for user in store.rows.every(session, models.User, col(models.User.id).in_(ids.users)):
        user.disabled_at = user.disabled_at or caller.now
    done = Erasure(
        id=caller.new_id(), created_at=caller.now, apprentice_id=person, why=why, mail_files=files
    )
    session.add(done)
    session.flush()
    for case in store.cases.cases(
        session, col(models.Proposal.id).in_([case.proposal.id for case in ended])
    ):
        tell_asked(session, caller, case, "proposal_withdrawn", besides=OWN_SIDE)
    _answer_requests(session, caller, person)
    # sealed by the service's key: the person's own is about to go
    chain.note(session, caller, "apprentice.erased", "apprentice", person, {"why": why})
    session.flush()
    return done


def is_erased(session: Session, person: uuid.UUID) -> bool:
    """Whether somebody has been erased."""
    return (
        session.exec(select(Erasure.id).where(Erasure.apprentice_id == person)).first() is not None
    )


def _end(session: Session, caller: Caller, person: uuid.UUID) -> list[Case]:
    """End what goes on; the proposals that ended, of which others are told afterwards."""
    live = store.cases.live_cases(session, col(models.Proposal.apprentice_id) == person)
    for case in live:
        case.proposal.reason = REASON
        change_status(session, caller, case, Event.WITHDRAW, Party.SENDING_COORDINATOR)
    mine = col(models.Enrolment.apprentice_id) == person
    for enrolment in store.rows.every(session, models.Enrolment, mine):
        enrolments.leave(session, caller, enrolment)
    return live


def _addresses(session: Session, ids: Ids, row: models.Apprentice) -> set[str]:
    known = {row.email, row.employer_email}
    for table, group in ((models.Guardian, ids.guardians), (models.User, ids.users)):
        rows: Any = table
        known |= set(session.exec(select(rows.email).where(rows.id.in_(group))))
    return {address.lower() for address in known if address}


def _drop_mails(session: Session, ids: Ids, addresses: set[str]) -> list[str]:
    """Delete every message to the person or about the person; the files that they became."""
    named, gone, files = ids.all(), [], []
    for mail in store.personal.every_row(session, models.OutboxMail):
        about = any(str(value) in named for value in mail.data.values())
        if about or mail.address.lower() in addresses:
            gone.append(mail.id)
            if mail.attempts:
                files.append(store.outbox.file_of(mail))
    store.personal.delete_rows(session, models.OutboxMail, gone)
    return files


def _drop_answers(session: Session, ids: Ids) -> None:
    """Delete kept answers in which the person is, and those that nobody can open."""
    named, gone = ids.all(), []
    for row in store.personal.every_row(session, models.IdempotencyKey):
        try:
            text = str(store.kept_answers.opened(session, row))
        except BrokenSealError:
            gone.append(row.id)
            continue
        if any(one in text for one in named):
            gone.append(row.id)
    store.personal.delete_rows(session, models.IdempotencyKey, gone)


def _rename_groups(session: Session, person: uuid.UUID) -> None:
    mine = select(models.GroupMember.group_id).where(models.GroupMember.apprentice_id == person)
    for group in store.rows.every(
        session, models.TravelGroup,
        col(models.TravelGroup.id).in_(mine), col(models.TravelGroup.kind) == GroupKind.FRIENDS,
    ):  # fmt: skip
        group.name = FRIENDS


def _answer_requests(session: Session, caller: Caller, person: uuid.UUID) -> None:
    for asked in store.rows.every(
        session, models.RightsRequest,
        col(models.RightsRequest.apprentice_id) == person,
        col(models.RightsRequest.kind) == RequestKind.ERASURE,
        col(models.RightsRequest.done_at).is_(None),
    ):  # fmt: skip
        asked.done_at = asked.changed_at = caller.now
        asked.done_by = caller.user_id


def destroy_keys(session: Session, caller: Caller) -> int:
    """Destroy the keys of those who were erased; called again it does nothing twice."""
    waiting = store.rows.every(session, Erasure, col(Erasure.key_destroyed_at).is_(None))
    vault = chain.vault_of(session)
    for row in waiting:
        vault.forget(row.apprentice_id, row.created_at)
        row.key_destroyed_at = caller.now
    return len(waiting)


def mail_deleter(folder: Path) -> Callable[[Session, Caller], int]:
    """A function that deletes the files of messages to those who were erased."""

    def delete_mails(session: Session, caller: Caller) -> int:
        """Delete them, and those of any message whose time is over (setting `retention`)."""
        days = current(session)["retention"]["messages"]
        last = f"{caller.now - datetime.timedelta(days=days):%Y%m%dT%H%M%SZ}"
        old = [file for file in folder.glob("*.eml") if file.name < last]
        for file in old:
            file.unlink(missing_ok=True)
        count = len(old)
        for row in store.rows.every(session, Erasure, col(Erasure.scrubbed_at).is_(None)):
            for name in row.mail_files:
                (folder / Path(name).name).unlink(missing_ok=True)
            count += len(row.mail_files)
            row.mail_files = []
        return count

    return delete_mails


def scrub(engine: Engine, now: Callable[[], datetime.datetime]) -> int:
    """Leave no trace of erased rows in the files of a SQLite database; how many people it was.

    Its free pages are overwritten as rows go (secure_delete); the file is written anew and the
    log is emptied. What PostgreSQL dumps has no deleted rows.
    """
    with transaction(engine, writes=False) as session:
        waits = col(Erasure.scrubbed_at).is_(None), col(Erasure.key_destroyed_at).is_not(None)
        found = store.rows.every(session, Erasure, *waits)
        people = [row.id for row in found if not row.mail_files]
        vault = chain.vault_of(session)
    if not people:
        return 0
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    vault.store.vacuum()
    with transaction(engine) as session:
        for row in store.rows.every(session, Erasure, col(Erasure.id).in_(people)):
            row.scrubbed_at = now()
    return len(people)


def replay(engine: Engine, caller: Callable[[], Caller]) -> int:
    """Erase again whom the ledger names: a backup that was put back has them still.

    Called before the service serves. Says how many it was.
    """
    with transaction(engine, writes=False) as session:
        vault = chain.vault_of(session)
        ledger = [person for person, _ in vault.store.erased()]
        there = {
            person for person in ledger
            if session.get(models.Apprentice, person) is not None
            and not is_erased(session, person)
        }  # fmt: skip
    for person in sorted(there):
        with transaction(engine) as session:
            _cancel_placements(session, caller(), person)
            erase(session, caller(), person, "replay")
    if there:
        with transaction(engine) as session:
            destroy_keys(session, caller())
    return len(there)


def _cancel_placements(session: Session, caller: Caller, person: uuid.UUID) -> None:
    """An older backup may have a placement that had ended when the person was erased."""
    current = col(models.Placement.status).in_(models.CURRENT)
    mine = col(models.Placement.apprentice_id) == person
    for row in store.rows.every(session, models.Placement, mine, current):
        row.status, row.changed_at = models.PlacementStatus.FINISHED, caller.now
    session.flush()
