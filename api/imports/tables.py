"""What files hold once they are opened: a table for each noun, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.faults import Fault, FaultError
from api.imports.cells import Cell
from api.imports.columns import Noun
from api.language import ENGLISH

MOST_ROWS = 10_000
"""Rows of all files together; more are brought in parts."""

MOST_BYTES = 20 * 1024 * 1024
"""Bytes of all files together, unpacked."""

LAST_ROW = 2 * MOST_ROWS
"""Below this row of a sheet nothing may stand, however many rows above are empty."""

MOST_COLUMNS = 100
"""Columns of a sheet; the template has fewer than half."""


@dataclass(frozen=True)
class ImportProblem:
    """One thing that is wrong: where and what.

    `sheet` is the sheet, or the file where no sheet can be named; `row` counts as spreadsheets
    do, 0 where the whole sheet is meant.
    """

    sheet: str
    row: int
    column: str
    fault: Fault

    @property
    def what(self) -> str:
        """What is wrong, in English."""
        return self.fault.said(ENGLISH)[0]

    @property
    def line(self) -> str:
        """All of it as one line in English, as the command line says it."""
        place = self.sheet
        if self.row:
            place += f", row {self.row}"
        if self.column:
            place += f", {self.column}"
        return f"{place}: {self.fault}"

    @property
    def order(self) -> tuple[str, int, str, str]:
        """Where it stands among all problems, whoever reads them."""
        return self.sheet, self.row, self.column, str(self.fault)


RawRow = list[Cell]


@dataclass(frozen=True)
class Table:
    """The rows of one noun as they stand in the file, with their numbers; columns by name."""

    noun: Noun
    sheet: str
    columns: frozenset[str]
    rows: tuple[tuple[int, Mapping[str, Cell]], ...]


@dataclass(frozen=True)
class Tables:
    """What was read, and every problem of files and headers. Rows are not checked yet."""

    tables: tuple[Table, ...]
    problems: tuple[ImportProblem, ...] = ()


class UnreadableError(FaultError):
    """A file cannot be read."""
