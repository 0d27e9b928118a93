"""Rows of any table: added in order, changed where a condition holds, read whole."""

import uuid
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, SQLModel, col, or_, select

from models.base import Row

T = TypeVar("T", bound=Row)

MOST_NAMED = 1000
"""So many ids stand in one query at most."""


def add_in_order(session: Session, rows: Iterable[SQLModel]) -> None:
    """Add rows that point to earlier ones, a table after the other."""
    last: type[SQLModel] | None = None
    for row in rows:
        if last not in (None, type(row)):
            session.flush()
        session.add(row)
        last = type(row)
    session.flush()


def changed(session: Session, statement: Any) -> bool:
    """Whether an UPDATE met a row. Rows that the session holds are not touched."""
    done: Any = session.execute(statement.execution_options(synchronize_session=False))
    return bool(done.rowcount)


def contains(columns: Iterable[Any], text: str) -> ColumnElement[bool]:
    """The condition that one of the columns has this text in it, in capitals or small letters.

    SQLite knows the capitals of English letters only: of others a few spellings are tried.
    """
    spellings = dict.fromkeys((text, text.lower(), text.upper(), text.title(), text.capitalize()))
    return or_(
        *(
            column.icontains(spelling, autoescape=True)
            for column in columns
            for spelling in spellings
        )
    )


def hold(session: Session, rows: Any) -> None:
    """Nobody else changes the selected rows until the end. They are only counted, not read.

    Others may add rows that point to them meanwhile.
    """
    held = rows.with_for_update(key_share=True).subquery()
    session.execute(select(func.count()).select_from(held))


def parts(ids: Iterable[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    """Ids in their order, as many at once as a query may name."""
    rest = iter(sorted(ids))
    while part := list(islice(rest, MOST_NAMED)):
        yield part


def every(session: Session, table: type[T], *conditions: Any) -> list[T]:
    """All rows of a table that meet the conditions, by their ids."""
    return list(session.exec(select(table).where(*conditions).order_by(col(table.id))))
