"""Rows of a table, read cell by cell, and checked as the service and the engine read rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlmodel import Field, SQLModel

import models
from api.fault_texts import RIGHT
from api.faults import Fault, Word, fault
from api.imports.cells import REFERENCES, SHARES, Cell, CellError, blank
from api.imports.columns import COLUMNS, Column, Noun
from api.imports.tables import ImportProblem
from api.services import judging
from matcher.faults import places_of
from models.base import Shape, as_stored


class SiteFields(Shape):
    """What an offer's row says of its workplace."""

    site: str = Field(default="", max_length=200)
    site_town: str = Field(default="", max_length=200)
    site_address: str = Field(default="", max_length=300)


SHAPES: dict[Noun, type[Shape]] = {
    Noun.COMPANIES: models.company.CompanyFields,
    Noun.OFFERS: models.OfferFields,
    Noun.APPRENTICES: models.ApprenticeFields,
}
"""What a row of each noun must be for the service."""

NO_IDS: dict[str, Any] = {"excluded_companies": [], "interest": {}}
"""Fields that hold ids in the database and keys in a file: they are looked up apart."""


@dataclass
class Line:
    """One row: what its cells say by column (None: empty), and which of them are wrong."""

    noun: Noun
    sheet: str
    number: int
    cells: dict[str, Any] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)

    def get(self, column: str) -> Any:
        """What a column says, None where that is nothing or wrong."""
        return self.cells.get(column)


class Problems:
    """Every problem of the rows of an import."""

    def __init__(self) -> None:
        self.found: list[ImportProblem] = []

    def say(self, line: Line, column: str, what: str, right: str = "", /, **data: Any) -> None:
        """Something is wrong with a cell, by its kinds and data (`api.faults.fault`)."""
        self.add(line, column, fault(what, right, **data))

    def add(self, line: Line, column: str, told: Fault) -> None:
        """The same of a fault that is known; the cell counts as empty from now on."""
        self.found.append(ImportProblem(line.sheet, line.number, column, told))
        line.faulty.add(column)
        line.cells.pop(column, None)


def read_line_of(
    noun: Noun,
    place: tuple[str, int],
    raw: Mapping[str, Cell],
    problems: Problems,
    *,
    only: tuple[str, ...] = (),
) -> Line:
    """The cells of a row by their columns. `only` these are asked for in a further row."""
    line = Line(noun, *place)
    for column in COLUMNS[noun]:
        if column.name not in raw:
            continue
        cell = raw[column.name]
        if blank(cell):
            if column.required and (not only or column.name in only):
                problems.add(line, column.name, _missing(column))
            elif not only or column.name in only:
                line.cells[column.name] = None
            continue
        try:
            line.cells[column.name] = column.kind.read(cell)
        except CellError as error:
            problems.add(line, column.name, error.fault)
    return line


def _missing(column: Column) -> Fault:
    return fault("empty", "example", kind=Word(column.kind.says), example=str(column.example))


def _stand_ins(noun: Noun) -> dict[str, Any]:
    """Good values for fields whose cells are wrong, so that the rest is checked all the same."""
    return {
        column.fills: NO_IDS[column.name]
        if column.kind in (REFERENCES, SHARES)
        else column.kind.read(column.example)
        for column in COLUMNS[noun]
        if column.example is not None
    }


STAND_INS = {noun: _stand_ins(noun) for noun in Noun}
COLUMN_OF = {noun: {column.fills: column.name for column in COLUMNS[noun]} for noun in Noun}


def values_of(line: Line, existing: SQLModel | None, problems: Problems) -> dict[str, Any]:
    """The fields of a row as the table stores them, whatever is wrong told.

    A column that the file does not have leaves a field as it is; an empty cell empties it.
    """
    shape = SHAPES[line.noun]
    given = _given(line, shape, existing)
    try:
        checked = shape.model_validate(given)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            name = str(detail["loc"][0])
            column = COLUMN_OF[line.noun].get(name, name)
            if column not in line.faulty:
                problems.add(line, column, of_shape(detail))
            given[name] = STAND_INS[line.noun][name]
        checked = shape.model_validate(given)
    return as_stored(checked, TABLES[line.noun])


def _given(line: Line, shape: type[Shape], existing: SQLModel | None) -> dict[str, Any]:
    """The fields that the row or the database gives; all others have their defaults."""
    given: dict[str, Any] = {}
    for name, info in shape.model_fields.items():
        column = COLUMN_OF[line.noun].get(name, name)
        found = line.cells.get(column)
        if found is not None:
            given[name] = NO_IDS.get(name, found)
        elif column not in line.cells and existing is not None:
            given[name] = getattr(existing, name)
        elif info.is_required():
            given[name] = STAND_INS[line.noun][name]
    return given


TABLES: dict[Noun, type[SQLModel]] = {
    Noun.COMPANIES: models.Company,
    Noun.OFFERS: models.Offer,
    Noun.APPRENTICES: models.Apprentice,
}


def with_kept_codes(values: dict[str, Any], existing: Any) -> dict[str, Any]:
    """The values, with the codes of outcomes that a file cannot hold."""
    if existing is None:
        return values
    known = {row["text"]: row for row in existing.outcomes if isinstance(row, dict)}
    return values | {"outcomes": [_outcome(row, known) for row in values["outcomes"]]}


def _outcome(row: Any, known: dict[str, Any]) -> Any:
    return known.get(row, row) if isinstance(row, str) else row


def check_site(line: Line, problems: Problems) -> None:
    """Whether what the row says of its workplace can be stored."""
    given = {name: line.get(name) or "" for name in SiteFields.model_fields}
    try:
        SiteFields.model_validate(given)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            problems.add(line, str(detail["loc"][0]), of_shape(detail))


SHAPED = {
    "string_too_long": ("too_long", "at_most_letters", "max_length"),
    "string_too_short": ("too_short", "at_least_letters", "min_length"),
    "too_long": ("too_many", "at_most", "max_length"),
    "too_short": ("too_few", "at_least", "min_length"),
    "greater_than": ("too_small", "more_than", "gt"),
    "greater_than_equal": ("too_small", "at_least", "ge"),
    "less_than": ("too_large", "less_than", "lt"),
    "less_than_equal": ("too_large", "at_most", "le"),
}
"""What a field's shape refuses, by pydantic's codes: our kinds, and where the limit stands."""


def of_shape(detail: ErrorDetails) -> Fault:
    """What is wrong and what would be right, without the content of the cell."""
    if detail["type"] not in SHAPED:
        return fault("unfit", "help_sheet")
    what, right, name = SHAPED[detail["type"]]
    limit = detail["ctx"][name]
    return fault(what, right, **dict.fromkeys(places_of(RIGHT[right]), limit))


def together(line: Line, values: Mapping[str, Any]) -> Iterator[tuple[str, Fault]]:
    """What does not fit together within a row: columns and faults."""
    window = {name: line.get(name) for name in ("available_from", "available_to")}
    good = {name for name in values if COLUMN_OF[line.noun].get(name, name) not in line.faulty}
    good = good - window.keys() | {name for name, day in window.items() if day is not None}
    return judging.together({**values, **window}, good)
