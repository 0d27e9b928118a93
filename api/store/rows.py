"""Rows of any table: added in order, changed where a condition holds, read whole."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel, col, or_, select

from models.base import Row

T = TypeVar("T", bound=Row)


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


def every(session: Session, table: type[T]) -> list[T]:
    """All rows of a table, by their ids."""
    return list(session.exec(select(table).order_by(col(table.id))))


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
