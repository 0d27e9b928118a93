"""From files to tables: which sheet is which noun, which column is which, what is no row."""

from collections.abc import Sequence
from pathlib import PurePath

from api.imports import delimited, workbooks
from api.imports.cells import Cell, blank, meant
from api.imports.columns import COLUMNS, EXAMPLE, Noun, header
from api.imports.tables import (
    MOST_BYTES,
    MOST_ROWS,
    ImportProblem,
    RawRow,
    Table,
    Tables,
    UnreadableError,
)

HELP_SHEETS = ("help", "codes")
"""Sheets of the template that no import reads."""

HEADERS = {noun: {header(column.name): column for column in COLUMNS[noun]} for noun in Noun}
"""The columns by their names as people may write them."""

ALL_HEADERS = frozenset(name for columns in HEADERS.values() for name in columns)


def read(files: Sequence[tuple[str, bytes]]) -> Tables:
    """Open files, each with its name: workbooks (.xlsx) or CSV, a noun a sheet or file.

    Never raises for what a file holds: what cannot be read is a problem.
    """
    reader = _Reader()
    for name, content in files:
        reader.add(PurePath(name.replace("\\", "/")).name or "file", content)
    return reader.tables()


class _Reader:
    """Collects tables and problems, file after file."""

    def __init__(self) -> None:
        self.found: dict[Noun, Table] = {}
        self.problems: list[ImportProblem] = []
        self.bytes_left, self.rows_left = MOST_BYTES, MOST_ROWS

    def add(self, name: str, content: bytes) -> None:
        try:
            sheets = self._sheets(name, content)
        except UnreadableError as error:
            self._say(name, 0, "", error.what, error.right)
            return
        for place, title, rows in sheets:
            try:
                self._sheet(place, title, rows)
            except UnreadableError as error:
                self._say(place, 0, "", error.what, error.right)

    def tables(self) -> Tables:
        if not self.found and not self.problems:
            nouns = ", ".join(Noun)
            self._say("files", 0, "", "hold no table", f"a sheet or a file named {nouns}")
        if self.rows_left < 0:
            count = MOST_ROWS - self.rows_left
            right = f"at most {MOST_ROWS}; bring them in several files"
            self._say("files", 0, "", f"hold {count} rows", right)
        return Tables(tuple(self.found[n] for n in Noun if n in self.found), tuple(self.problems))

    def _say(self, sheet: str, row: int, column: str, what: str, right: str = "") -> None:
        self.problems.append(ImportProblem(sheet, row, column, what, right))

    def _sheets(self, name: str, content: bytes) -> list[tuple[str, str, list[RawRow]]]:
        """Where each sheet is, what it is called, and its rows."""
        if not content:
            raise UnreadableError("is empty", "fill in the template")
        if content.startswith(b"PK"):
            sheets, size = workbooks.sheets_of(content, self.bytes_left)
            self.bytes_left -= size
            return [(title, title, rows) for title, rows in sheets.items()]
        if content.startswith(b"\xd0\xcf\x11\xe0"):
            raise UnreadableError(
                "is an old workbook (.xls), or one that is locked with a password",
                "save it as Excel workbook (.xlsx) without a password",
            )
        if content.startswith(b"%PDF"):
            raise UnreadableError("is a PDF", "a workbook (.xlsx) or a CSV file")
        self.bytes_left -= len(content)
        if self.bytes_left < 0:
            raise UnreadableError(
                f"is too large: at most {MOST_BYTES // 1024**2} MB together",
                "bring the rows in several files",
            )
        rows = delimited.rows_of(content, ALL_HEADERS)
        return [(name, PurePath(name).stem, rows)]

    def _sheet(self, place: str, title: str, rows: list[RawRow]) -> None:
        numbered = [(n, row) for n, row in enumerate(rows, 1) if not all(map(blank, row))]
        is_file = place != title
        if not is_file and (header(title) in HELP_SHEETS or not numbered):
            return
        noun = _noun(title, numbered[0][1] if numbered and is_file else [])
        if noun is None:
            near = meant(title, Noun)
            right = near or f"name it {', '.join(Noun)}, or take it out"
            self._say(place, 0, "", "is no known sheet", right)
        elif not numbered:
            self._say(place, 0, "", "has no header", "take the header of the template")
        elif noun in self.found:
            self._say(place, 0, "", f"holds {noun} as {self.found[noun].sheet} does",
                      "put both into one")  # fmt: skip
        else:
            self.found[noun] = self._table(noun, place, numbered)

    def _table(self, noun: Noun, place: str, numbered: list[tuple[int, RawRow]]) -> Table:
        names = self._names(noun, place, *numbered[0])
        rows = []
        for number, row in numbered[1:]:
            cells: dict[str, Cell] = {}
            for position, cell in enumerate(row):
                name = names[position] if position < len(names) else ""
                if name:
                    cells[name] = cell
                elif name is not None and not blank(cell):
                    what = f"something stands in column {position + 1}, which has no name"
                    self._say(place, number, "", what, "give it a name, or take it out")
            if not _is_example(cells):
                rows.append((number, cells))
        self.rows_left -= len(rows)
        kept = tuple(rows) if self.rows_left >= 0 else ()
        return Table(noun, place, frozenset(filter(None, names)), kept)

    def _names(self, noun: Noun, place: str, number: int, row: RawRow) -> list[str | None]:
        """The name of each column: empty where the header is, None where it is not known."""
        known = HEADERS[noun]
        names: list[str | None] = []
        if not any(isinstance(cell, str) and header(cell) in known for cell in row):
            # a row of data may stand here: its cells are not repeated
            raise UnreadableError(
                f"has no known column in row {number}", "take the header of the template"
            )
        for cell in row:
            written = str(cell) if isinstance(cell, str) else ""
            column = known.get(header(written))
            if blank(cell):
                names.append("")
            elif column is None:
                near = meant(written, [c.name for c in COLUMNS[noun]])
                what = f"there is no column {written.strip()[:60]!r}"
                self._say(place, number, "", what, near or "take it out")
                names.append(None)
            elif column.name in names:
                self._say(place, number, column.name, "stands twice in the header", "once")
                names.append(None)
            else:
                names.append(column.name)
        for column in COLUMNS[noun]:
            if column.required and column.name not in names:
                self._say(place, number, column.name, "is missing in the header", "add it")
        return names


def _noun(title: str, first: RawRow) -> Noun | None:
    """What a sheet or a file is about: by its name, or by its header where that tells."""
    words = header(title)
    if words in set(Noun):
        return Noun(words)
    named = [noun for noun in Noun if noun in words] if first else []
    if len(named) == 1:
        return named[0]
    names = {header(cell) for cell in first if isinstance(cell, str)}
    counts = sorted(((len(names & set(HEADERS[noun])), noun) for noun in Noun), reverse=True)
    return counts[0][1] if counts[0][0] > counts[1][0] else None


def _is_example(cells: dict[str, Cell]) -> bool:
    key = cells.get("key")
    return isinstance(key, str) and key.strip().casefold() == EXAMPLE
