"""What is written down with every change of state, in the same transaction: audit and mail."""

import datetime
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

import models
from api import chain, store
from api.caller import Caller
from api.errors import KeyTakenError, StaleVersionError, UniqueRecord, Versioned
from models import Means
from models.base import ChangingRow


def note(session: Session, caller: Caller, action: str, row: SQLModel, **data: Any) -> None:
    """Write down who did what to which row. `data` holds ids and codes, never personal data.

    It is sealed with the key of the person whom the row is about.
    """
    about = _person_of(session, row)
    chain.note(session, caller, action, str(row.__tablename__), row.id, _json(data), about)  # type: ignore[attr-defined]  # a Row


def _person_of(session: Session, row: SQLModel) -> uuid.UUID | None:
    """The apprentice whom a row is about, if it is about one."""
    if isinstance(row, models.Apprentice):
        return row.id
    proposal_id = getattr(row, "proposal_id", None)
    if proposal_id is not None:
        row = session.get_one(models.Proposal, proposal_id)
    found: uuid.UUID | None = getattr(row, "apprentice_id", None)
    return found


def tell(
    session: Session, caller: Caller, address: str | None, language: str, text: str,
    *, means: Means = Means.MAIL, wait: datetime.timedelta = datetime.timedelta(0), **data: Any,
) -> bool:  # fmt: skip
    """Queue a message, by the code of its text, to be sent after a `wait`.

    False where the person has no address.

    `data` holds ids and codes: names and links are put in when it is sent. `address` is that of
    the means: a telephone number for an SMS or a call.
    """
    if not address:
        return False
    identity = caller.new_id()
    home = store.outbox.home_of(session, data)
    session.add(
        models.OutboxMail(
            id=identity, created_at=caller.now, message_id=f"{identity}@doallvet", address=address,
            language=language, text=text, data=_json(data), not_before=caller.now + wait,
            means=means, region_id=home.region_id if home else None,
            proposal_id=data.get("proposal"),
        )
    )  # fmt: skip
    return True


def change(
    session: Session, caller: Caller, row: ChangingRow, values: Mapping[str, Any]
) -> tuple[str, ...]:
    """Give a row these values; the names of the columns that change are written down.

    Returns them. Raises IntegrityError where the database refuses the values.
    """
    changed = tuple(sorted(name for name in values if getattr(row, name) != values[name]))
    if changed:
        for name in changed:
            setattr(row, name, values[name])
        row.changed_at = caller.now
        note(session, caller, f"{row.__tablename__}.changed", row, columns=list(changed))
        session.flush()
    return changed


def made(session: Session, caller: Caller, row: ChangingRow, **data: Any) -> None:
    """Add a new row. Raises IntegrityError where the database refuses it."""
    session.add(row)
    note(session, caller, f"{row.__tablename__}.created", row, **data)
    session.flush()


def stamps(caller: Caller) -> dict[str, Any]:
    """Id and times of a row that the caller makes."""
    return {"id": caller.new_id(), "created_at": caller.now, "changed_at": caller.now}


@contextmanager
def unique(session: Session, what: UniqueRecord) -> Iterator[None]:
    """Raises KeyTakenError where the database has such a record; the transaction goes on."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError:
        # the database's own words hold the values of the row
        raise KeyTakenError(what) from None


def _json(data: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, uuid.UUID) else value
            for name, value in data.items()}  # fmt: skip


def check_version(what: Versioned, row: ChangingRow, seen: int | None) -> None:
    """A change rests on the version that was seen; None for whichever. Raises StaleVersionError."""
    check_seen(what, row.version, seen)


def check_seen(what: Versioned, version: int, seen: int | None) -> None:
    """The same of a version by itself: of a record that may not be there yet, or is opened."""
    if seen is not None and seen != version:
        raise StaleVersionError(what, seen, version)
