"""Excel workbooks (.xlsx): looked at before they are opened, then read as shown values.

The library that reads them takes memory for the whole rectangle up to the last cell, and ends
the process where there is not enough: so sizes and the places of cells are checked before. It
gets a new archive of the parts that were looked at, so that it can see nothing else.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from api.imports.tables import LAST_ROW, MOST_BYTES, MOST_COLUMNS, RawRow, UnreadableError

MOST_PARTS = 500
"""Files within a workbook; usual ones have about ten."""

TEXTS = (".xml", ".rels")
"""Parts that hold cells and what belongs to them; pictures and programs are left out."""


def sheets_of(content: bytes, budget: int = MOST_BYTES) -> tuple[dict[str, list[RawRow]], int]:
    """The rows of every sheet by its name, and the bytes that the workbook takes unpacked.

    Raises UnreadableError where it is no workbook, is damaged, locked or larger than `budget`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size, checked = _checked(archive, budget)
        return _opened(checked), size
    except UnreadableError:
        raise
    except (zipfile.BadZipFile, expat.ExpatError, EOFError, OSError, ValueError) as error:
        raise UnreadableError("damaged", "save_again") from error
    except (NotImplementedError, RuntimeError) as error:
        raise UnreadableError("packed", "save_again") from error
    except MemoryError:
        raise _too_large() from None
    except BaseException as error:
        if _is_fault_of_library(error):
            raise UnreadableError("damaged", "save_again") from None
        raise


def _is_fault_of_library(error: BaseException) -> bool:
    """Whether the library gave up. Its panics are no Exception, so that all is looked at."""
    kind = type(error)
    return kind.__name__ == "PanicException" or kind.__module__.startswith(
        ("python_calamine", "zlib", "_lzma", "lzma")
    )


def _too_large() -> UnreadableError:
    return UnreadableError("too_large_unpacked", "rows_in_files", megabytes=MOST_BYTES // 1024**2)


def _checked(archive: zipfile.ZipFile, budget: int) -> tuple[int, bytes]:
    """The real size unpacked, and an archive of the parts that were looked at."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names or names & {"content.xml", "xl/workbook.bin"}:
        raise UnreadableError("no_workbook", "save_again")
    if len(parts) > MOST_PARTS or len(names) < len(parts):
        raise UnreadableError("unusual", "save_again")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableError("locked", "without_password")
    if sum(part.file_size for part in parts) > budget:
        raise _too_large()
    size, checked = 0, io.BytesIO()
    with zipfile.ZipFile(checked, "w") as clean:
        for part in parts:
            text = _unpacked(archive, part, budget - size)
            size += len(text)
            if part.filename.lower().endswith(TEXTS):
                _Look().at(text)
                clean.writestr(part.filename, text)
    return size, checked.getvalue()


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, budget: int) -> bytes:
    with archive.open(part) as opened:
        text = opened.read(budget + 1)
        if len(text) > budget:
            raise _too_large()
        return text


class _Look:
    """Reads a part of a workbook: refuses entities, and cells that lie far out."""

    def __init__(self) -> None:
        self.row, self.column, self.inside = 0, 0, False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def at(self, text: bytes) -> None:
        if b"\0" in text:  # UTF-16, which others may read in another way
            raise UnreadableError("unusual", "save_again")
        self.parser.Parse(text, True)

    def _refuse(self, *_: Any) -> None:
        raise UnreadableError("entities", "save_again")

    def _start(self, name: str, given: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if self.inside:
            self._must_be_near()
        elif kind == "row":
            self.row = int(given["r"]) if "r" in given else self.row + 1
            self.column = 0
        elif kind == "c":
            self._cell(given)

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "c":
            self.inside = False

    def _cell(self, given: dict[str, str]) -> None:
        self.column += 1
        self.inside = True
        place = given.get("r")
        if place is not None:
            found = re.fullmatch(r"([A-Za-z]{1,3})([0-9]{1,7})", place)
            if not found:
                raise UnreadableError("damaged", "save_again")
            self.row, self.column = int(found[2]), _number(found[1])
        if given.get("t") == "e":
            raise UnreadableError("broken_formula", "correct_formula", cell=place or self.row)

    def _must_be_near(self) -> None:
        """A cell that holds something lies where a table of the template can be."""
        if self.row > LAST_ROW:
            raise UnreadableError("row_far", "rows_most", row=self.row, most=LAST_ROW)
        if self.column > MOST_COLUMNS:
            raise UnreadableError(
                "column_far", "columns_most", column=self.column, row=self.row, most=MOST_COLUMNS
            )


def _number(letters: str) -> int:
    found = 0
    for letter in letters.upper():
        found = found * 26 + ord(letter) - ord("A") + 1
    return found


def _opened(content: bytes) -> dict[str, list[RawRow]]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        names = [
            sheet.name for sheet in book.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet
        ]
        return {name: list(_rows(book.get_sheet_by_name(name))) for name in names}


def _rows(sheet: Any) -> Iterator[RawRow]:
    yield from sheet.to_python(skip_empty_area=False)
