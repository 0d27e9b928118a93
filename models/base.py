"""What all tables share: names of constraints, ids, versions, and how words are stored."""

import datetime
import re
import uuid
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, StringConstraints, model_validator
from sqlalchemy import JSON, CheckConstraint, Enum, Index, text
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

NAMES_OF_CONSTRAINTS = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""So that a migration can name what it drops, on every engine."""

SQLModel.metadata.naming_convention = NAMES_OF_CONSTRAINTS


def _in_utc(moment: datetime.datetime) -> datetime.datetime:
    try:
        return moment.astimezone(datetime.UTC)
    except OverflowError:
        raise ValueError("lies outside of the calendar") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A point in time that came in, with its time zone."""

NO_NUL = r"^[^\x00]*$"
"""The pattern of texts that come in: PostgreSQL stores every letter but NUL."""

NO_HEALTH = "No diagnosis and no health data."
"""What texts say that people might write such things into."""

Code = Annotated[str, StringConstraints(max_length=60, pattern=NO_NUL)]
"""A code of one of the lists, or a key that a row is looked up by."""

REASON = r"^[a-z][a-z0-9_]*$"
"""The pattern of a reason that is a code: it goes into the audit, where no sentence belongs."""


class Shown(SQLModel):
    """What only goes out, made of what is stored: has no fields that it does not know."""

    model_config = {"extra": "forbid"}


class Shape(Shown):
    """What comes in, and some of what goes out: refuses fields that it does not know.

    And texts that no database stores: with the sign of number 0, or with half a character.
    """

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: Any) -> Any:
        if isinstance(given, dict):
            wrong = [name for name in cls.model_fields if not _storable(given.get(name))]
            if wrong:
                raise ValueError(f"{', '.join(wrong)}: holds a character that cannot be stored")
        return given


UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What no database takes: the sign of number 0, and half a character."""


def _storable(value: Any) -> bool:
    if isinstance(value, str):
        return UNSTORABLE.search(value) is None
    if isinstance(value, dict):
        return all(_storable(part) for pair in value.items() for part in pair)
    return not isinstance(value, list) or all(_storable(part) for part in value)


class Row(SQLModel):
    """What every table has: an id that says nothing, and when the row came to be.

    Ids and times are given by whoever makes the row, never by the database.
    """

    id: uuid.UUID = Field(primary_key=True)
    created_at: datetime.datetime


class ChangingRow(Row):
    """A row that people change: `version` counts the changes, so that nobody overwrites another.

    The store raises where a change rests on an older version.
    """

    changed_at: datetime.datetime
    version: int = Field(default=1, ge=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  # the mapper calls it on the class
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]  # a table


def word(words: type[StrEnum], named: str = "", **options: Any) -> Any:
    """A column that holds one of these words, checked by the database.

    Stored as text: a native type of PostgreSQL would hide new words from migrations. `named` is
    the name of the check where it is not that of the words.
    """
    kind = Enum(
        words,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        length=40,
        name=named or _snake(words.__name__),
    )
    return Field(sa_type=kind, **options)


def listed(**options: Any) -> Any:
    """A column that holds a list or a mapping whose rows no query asks for."""
    return Field(sa_type=JSON, **options)


def as_stored(checked: Shape, table: type[SQLModel]) -> dict[str, Any]:
    """The values of a shape that a table has, in the form in which the database gives them back."""
    plain, values = checked.model_dump(mode="json"), checked.model_dump()
    columns: Any = table.__table__.c  # type: ignore[attr-defined]  # a table
    return {
        name: plain[name] if isinstance(columns[name].type, JSON) else value
        for name, value in values.items()
        if name in columns
    }


def check(name: str, condition: str) -> CheckConstraint:
    """A condition that the database holds, under a name that an error message shows."""
    return CheckConstraint(condition, name=name)


def unique_where(name: str, column: str, condition: str) -> Index:
    """A column whose value stands once among the rows that meet the condition."""
    where = text(condition)
    return Index(name, column, unique=True, sqlite_where=where, postgresql_where=where)


def among(column: str, words: Sequence[StrEnum]) -> str:
    """The condition that a column holds one of these words."""
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).strip(
        "_"
    )
