"""What files hold once they are opened: a table for each noun, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.imports.cells import Cell
from api.imports.columns import Noun

MOST_ROWS = 10_000
"""Rows of all files together; more are brought in parts."""

MOST_BYTES = 20 * 1024 * 1024
"""Bytes of all files together, unpacked."""

LAST_ROW = 2 * MOST_ROWS
"""Below this row of a sheet nothing may stand, however many rows above are empty."""

MOST_COLUMNS = 100
"""Columns of a sheet; the template has fewer than half."""


@dataclass(frozen=True, order=True)
class ImportProblem:
    """One thing that is wrong: where, what, and what would be right.

    `sheet` is the sheet, or the file where no sheet can be named; `row` counts as spreadsheets
    do, 0 where the whole sheet is meant.
    """

    sheet: str
    row: int
    column: str
    what: str
    right: str = ""

    @property
    def line(self) -> str:
        """All of it as one line."""
        place = self.sheet
        if self.row:
            place += f", row {self.row}"
        if self.column:
            place += f", {self.column}"
        return f"{place}: {self.what}" + (f"; right: {self.right}" if self.right else "")


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


class UnreadableError(ValueError):
    """A file cannot be read: `what` is wrong with it, and what would be `right`."""

    def __init__(self, what: str, right: str) -> None:
        """Keep both."""
        self.what, self.right = what, right
        super().__init__(what)
