"""The audit: events that nobody changes, each bound to the one before by an HMAC.

They are collected while a transaction runs and written last: whoever writes holds the head of
the chain, so that there is one writer at a time and nobody holds it for long. Rows hold ids and
codes; the details are sealed, with the key of the person they are about.
"""

import datetime
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event as sa_event
from sqlalchemy import insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from api.caller import Caller
from api.sealing import SERVICE, BrokenSealError, Vault, place_of
from api.sealing.vault import AUDIT, open_sealed, seal
from models import AuditEvent, AuditHead

HEAD = 1
"""The id of the one row that holds the head."""

BEGIN = "0" * 64
"""What the first event is bound to."""

TABLE = "audit_event"
_NOTED, _READ = "chain.noted", "chain.read"


@dataclass(frozen=True)
class Noted:
    """An event that is not written yet; `savepoint` is gone where it did not happen after all."""

    columns: dict[str, Any]
    details: dict[str, Any]
    savepoint: Any


def vault_of(session: Session) -> Vault:
    """The vault of the database that the session works on."""
    vault: Vault = session.get_bind().get_execution_options()["vault"]
    return vault


def note(
    session: Session, caller: Caller, action: str, noun: str, row_id: uuid.UUID,
    details: Mapping[str, Any], about: uuid.UUID | None = None,
) -> None:  # fmt: skip
    """An event of this transaction. `about`: the person whose key seals the details."""
    noted: list[Noted] | None = session.info.get(_NOTED)
    if noted is None:
        noted = session.info[_NOTED] = []
        sa_event.listen(session, "after_soft_rollback", _undone)
    columns = {
        "id": caller.new_id(), "created_at": caller.now, "actor_id": caller.user_id,
        "acting_for_id": caller.acting_for, "action": action, "noun": noun, "row_id": row_id,
        "about_id": about, "request_id": caller.request_id,
    }  # fmt: skip
    noted.append(Noted(columns, dict(details), session.get_nested_transaction()))


def read(session: Session, why: str, people: Iterable[uuid.UUID]) -> None:
    """Sealed values of these people were opened; the end of the transaction writes it down."""
    session.info.setdefault(_READ, {}).setdefault(why, set()).update(people)


def take_readings(session: Session) -> dict[str, set[uuid.UUID]]:
    """Whose sealed values were opened, by why; they are handed over, to be written once."""
    found: dict[str, set[uuid.UUID]] = session.info.pop(_READ, {})
    return found


def note_readings(
    session: Session, caller: Caller, readings: Mapping[str, set[uuid.UUID]]
) -> None:  # fmt: skip
    """One event for each reason, with its list of people."""
    for why, people in sorted(readings.items()):
        if len(people) == 1:
            (one,) = people
            note(session, caller, "sealed.read", "apprentice", one, {"why": why})
        elif people:
            note(
                session, caller, "sealed.read", "reading", caller.new_id(),
                {"why": why, "people": sorted(str(one) for one in people)},
            )  # fmt: skip


def _undone(session: Session, gone: Any) -> None:
    """Forget the events of a savepoint, or of a whole transaction, that was rolled back."""
    noted: list[Noted] = session.info[_NOTED]
    whole = not gone.nested and gone.parent is None
    noted[:] = [one for one in noted if not whole and not _within(one.savepoint, gone)]


def _within(savepoint: Any, gone: Any) -> bool:
    while savepoint is not None:
        if savepoint is gone:
            return True
        savepoint = savepoint.parent
    return False


def write(session: Session) -> None:
    """Write the events of the transaction behind the head; the last thing before it commits."""
    noted: list[Noted] = session.info.get(_NOTED) or []
    if not noted:
        return
    session.flush()
    vault = vault_of(session)
    owners = {one.columns["about_id"] or SERVICE for one in noted}
    keys = vault.keys({AUDIT, *owners}, make=True)
    position, mac = _hold_head(session)
    rows = []
    for one in noted:
        position += 1
        about = one.columns["about_id"]
        owner = about if about in keys else SERVICE  # somebody who was erased has no key any more
        place = place_of(TABLE, "details", one.columns["id"])
        row = one.columns | {
            "position": position, "about_id": about if owner == about else None,
            "details": seal(keys[owner], owner, place, one.details),
        }  # fmt: skip
        mac = row["mac"] = mac_of(keys[AUDIT], mac, row)
        rows.append(row)
    session.execute(insert(AuditEvent), rows)
    session.execute(update(AuditHead).values(position=position, mac=mac))
    noted.clear()


def _hold_head(session: Session) -> tuple[int, str]:
    kind = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    there = select(AuditHead).with_for_update()
    head = session.exec(there).first()
    if head is None:
        first = {"id": HEAD, "position": 0, "mac": BEGIN}
        session.execute(kind.insert(AuditHead).values(first).on_conflict_do_nothing())
        head = session.exec(there).one()
    session.expunge(head)
    return head.position, head.mac


def mac_of(key: bytes, before: str, row: Mapping[str, Any]) -> str:
    """What binds an event to the one before: HMAC-SHA256 over its columns, in hexadecimal."""
    created: datetime.datetime = row["created_at"]
    values = [
        before, row["position"], str(row["id"]),
        created.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        *(None if row[name] is None else str(row[name]) for name in (
            "actor_id", "acting_for_id", "action", "noun", "row_id", "about_id", "request_id")),
        bytes(row["details"]).hex(),
    ]  # fmt: skip
    return hmac.new(key, json.dumps(values).encode(), hashlib.sha256).hexdigest()


def details_of(
    session: Session, rows: Sequence[AuditEvent], *, besides_people: bool = False
) -> dict[uuid.UUID, dict[str, Any]]:
    """The details of events by their ids; empty where the person was erased or may not be known.

    `besides_people` leaves out those about somebody.
    """
    wanted = [row for row in rows if row.about_id is None or not besides_people]
    keys = vault_of(session).keys({row.about_id or SERVICE for row in wanted})
    found: dict[uuid.UUID, dict[str, Any]] = {row.id: {} for row in rows}
    for row in wanted:
        owner = row.about_id or SERVICE
        try:
            found[row.id] = open_sealed(
                keys.get(owner), owner, place_of(TABLE, "details", row.id), row.details
            )
        except BrokenSealError:
            continue
    return found


Head = tuple[int, str]
"""Position and HMAC of the last event."""


def verify(session: Session, recorded: Sequence[Head] = ()) -> list[str]:
    """What is wrong with the chain, nothing if it is whole.

    `recorded` heads were written down outside of the database: they tell of events that were
    cut off at the end. The first fault is named by its position; what comes after it cannot be
    vouched for.
    """
    key = vault_of(session).keys([AUDIT]).get(AUDIT)
    head = session.exec(select(AuditHead)).first()
    end = (head.position, head.mac) if head else (0, BEGIN)
    if key is None:
        return [] if end[0] == 0 and not recorded else ["the key that binds the events is gone"]
    seen, mac = 0, BEGIN
    at = {0: BEGIN}
    wanted = {position for position, _ in recorded}
    for row in _in_order(session):
        if row.position != seen + 1:
            return [f"event {seen + 1} is missing"]
        mac = mac_of(key, mac, row.model_dump())
        if not hmac.compare_digest(mac, row.mac):
            return [f"event {row.position} ({row.id}) was changed, or one before it was"]
        seen = row.position
        if seen in wanted:
            at[seen] = mac
    faults = []
    if (seen, mac) != end:
        faults.append(f"the last event is {seen}, and the head says {end[0]}")
    for position, told in recorded:
        if position > seen:
            faults.append(f"events {seen + 1} to {position} were cut off: head {position} is known")
        elif not hmac.compare_digest(at[position], told):
            faults.append(f"event {position} is not the one whose head was recorded")
    return faults


def every_event(session: Session) -> Iterable[tuple[AuditEvent, dict[str, Any]]]:
    """Every event in order, with its details where they can be opened."""
    for row in _in_order(session):
        yield row, details_of(session, [row])[row.id]


AT_ONCE = 5_000


def _in_order(session: Session) -> Iterable[AuditEvent]:
    last = 0
    while True:
        after = select(AuditEvent).where(AuditEvent.position > last)
        rows = session.exec(after.order_by(AuditEvent.position).limit(AT_ONCE)).all()  # type: ignore[arg-type]  # a column
        yield from rows
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].position
        session.expunge_all()


def head(session: Session) -> Head:
    """Position and HMAC of the last event."""
    found = session.exec(select(AuditHead)).first()
    return (found.position, found.mac) if found else (0, BEGIN)


ReadBy = Callable[[], Caller]
"""Who opened what a transaction opened, asked at its end."""
