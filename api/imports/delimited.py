"""CSV files: which letters they are written in, and what separates their cells."""

import codecs
import csv
import io
import re
from collections.abc import Collection

from api.imports.columns import header
from api.imports.tables import LAST_ROW, MOST_COLUMNS, RawRow, UnreadableError

SEPARATORS = ",;\t"

OF_ANOTHER_PAGE = re.compile(r"[^\W\d_][³¹£œŸ¿]|[³¹£œŸ][^\W\d_]", re.IGNORECASE)
"""Signs beside letters that nobody writes so in western Europe, but Polish files look like
this where they are read as western ones."""


def rows_of(content: bytes, known: Collection[str]) -> list[RawRow]:
    """The rows of a CSV file; the separator is the one that makes most `known` columns.

    Raises UnreadableError where it is no text, or no table.
    """
    text = _text(content)
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r"sep=(.)\r?", first)
    body, separator = (rest, told[1]) if told else (text, _separator(text, known))
    rows: list[RawRow] = [[]] if told else []
    try:
        for row in csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True):
            if len(rows) >= LAST_ROW:
                raise UnreadableError("rows_beyond", "rows_in_files", rows=LAST_ROW)
            if len(row) > MOST_COLUMNS:
                raise UnreadableError(
                    "cells_beyond", "cells_most", cells=len(row), row=len(rows) + 1,
                    most=MOST_COLUMNS,
                )  # fmt: skip
            rows.append([*row])
    except (csv.Error, TypeError) as error:
        raise UnreadableError("unreadable_row", "close_quotation", row=len(rows) + 1) from error
    return rows


def _text(content: bytes) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _decoded(content, name)
    if b"\0" in content:
        raise UnreadableError("no_text", "workbook_or_csv")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if OF_ANOTHER_PAGE.search(text):
        raise UnreadableError("unsure_letters", "as_utf8")
    return text


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        raise UnreadableError("other_letters", "as_utf8") from None


def _separator(text: str, known: Collection[str]) -> str:
    """What separates the cells of the first line in which something stands."""
    first = next((line for line in text.splitlines() if line.strip(f" {SEPARATORS}")), "")

    def made(separator: str) -> tuple[int, int]:
        names = {header(cell) for cell in first.split(separator)}
        return len(names & set(known)), first.count(separator)

    return max(SEPARATORS, key=made)
