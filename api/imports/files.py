"""From files to tables: which sheet is which noun, which column is which, what is no row."""

from collections.abc import Sequence
from pathlib import PurePath

from api.faults import Fault, fault
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
            self._say(name, 0, "", error.fault)
            return
        for place, title, rows in sheets:
            try:
                self._sheet(place, title, rows)
            except UnreadableError as error:
                self._say(place, 0, "", error.fault)

    def tables(self) -> Tables:
        if not self.found and not self.problems:
            self._say("files", 0, "", fault("no_table", "sheet_named", nouns=list(Noun)))
        if self.rows_left < 0:
            count = MOST_ROWS - self.rows_left
            told = fault("too_many_rows", "several_files", rows=count, most=MOST_ROWS)
            self._say("files", 0, "", told)
        return Tables(tuple(self.found[n] for n in Noun if n in self.found), tuple(self.problems))

    def _say(self, sheet: str, row: int, column: str, told: Fault) -> None:
        self.problems.append(ImportProblem(sheet, row, column, told))

    def _sheets(self, name: str, content: bytes) -> list[tuple[str, str, list[RawRow]]]:
        """Where each sheet is, what it is called, and its rows."""
        if not content:
            raise UnreadableError("empty", "fill_template")
        if content.startswith(b"PK"):
            sheets, size = workbooks.sheets_of(content, self.bytes_left)
            self.bytes_left -= size
            return [(title, title, rows) for title, rows in sheets.items()]
        if content.startswith(b"\xd0\xcf\x11\xe0"):
            raise UnreadableError("old_workbook", "save_without")
        if content.startswith(b"%PDF"):
            raise UnreadableError("pdf", "workbook_or_csv")
        self.bytes_left -= len(content)
        if self.bytes_left < 0:
            raise UnreadableError(
                "too_large_together", "rows_in_files", megabytes=MOST_BYTES // 1024**2
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
            right = "meant" if near else "name_sheet"
            told = fault("unknown_sheet", right, meant=near, nouns=list(Noun))
            self._say(place, 0, "", told)
        elif not numbered:
            self._say(place, 0, "", fault("no_header", "take_header"))
        elif noun in self.found:
            other = self.found[noun].sheet
            told = fault("sheet_twice", "both_in_one", noun=str(noun), sheet=other)
            self._say(place, 0, "", told)
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
                    told = fault("cell_without_name", "name_column", column=position + 1)
                    self._say(place, number, "", told)
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
            raise UnreadableError("no_known_column", "take_header", row=number)
        for cell in row:
            written = str(cell) if isinstance(cell, str) else ""
            column = known.get(header(written))
            if blank(cell):
                names.append("")
            elif column is None:
                near = meant(written, [c.name for c in COLUMNS[noun]])
                right, shown = "meant" if near else "take_out", repr(written.strip()[:60])
                told = fault("unknown_column", right, column=shown, meant=near)
                self._say(place, number, "", told)
                names.append(None)
            elif column.name in names:
                self._say(place, number, column.name, fault("column_twice", "once"))
                names.append(None)
            else:
                names.append(column.name)
        for column in COLUMNS[noun]:
            if column.required and column.name not in names:
                self._say(place, number, column.name, fault("column_missing", "add_column"))
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
