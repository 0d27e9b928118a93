"""The template: a workbook with the three sheets, or a CSV file for one of them."""

import csv
import datetime
import io
from typing import Any

from api.imports.cells import DATE, Cell, read_date
from api.imports.columns import COLUMNS, EXAMPLE, Column, Noun
from matcher.vocabulary import default_reference

ROWS_WITH_LISTS = 10_000
"""So far down the cells offer what may stand in them."""

OF_HELP = ("sheet", "column", "needed", "what may stand there", "example", "meaning")


def template(noun: Noun | None = None) -> bytes:
    """The template as a workbook: the sheet of one noun, or all three, and what they mean.

    The example in each sheet has the key `example`; an import leaves such rows out.
    """
    from xlsxwriter import Workbook

    nouns = tuple(Noun) if noun is None else (noun,)
    file = io.BytesIO()
    # texts stay texts: what begins like a formula or an address is neither
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        # the file says the same whenever it is made
        book.set_properties({"created": datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)})
        formats = {
            "needed": book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1}),
            "other": book.add_format({"bold": True, "border": 1}),
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for each in nouns:
            _write_noun(book.add_worksheet(each), each, formats)
        _write_help(book.add_worksheet("help"), nouns, formats)
        _write_codes(book.add_worksheet("codes"), nouns, formats)
    return file.getvalue()


def template_csv(noun: Noun) -> bytes:
    """The template of one noun as CSV: UTF-8 with a mark that spreadsheet programs know."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(column.name for column in COLUMNS[noun])
    writer.writerow("" if c.example is None else c.example for c in COLUMNS[noun])
    return text.getvalue().encode("utf-8-sig")


def codes_of(column: Column) -> list[str]:
    """What may stand in a column, where that is a list of the engine or a few words."""
    if column.kind.codes:
        return list(default_reference().codes(column.kind.codes))
    return list(column.kind.words)


def _write_noun(sheet: Any, noun: Noun, formats: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for n, column in enumerate(COLUMNS[noun]):
        form = formats["date"] if column.kind is DATE else None
        sheet.set_column(n, n, 18, formats["text"] if column.kind.as_text else form)
        if column.kind.words and column.name != "modes":
            options = {"validate": "list", "source": list(column.kind.words)}
            sheet.data_validation(1, n, ROWS_WITH_LISTS, n, options)
    for n, column in enumerate(COLUMNS[noun]):
        sheet.write_string(0, n, column.name, formats["needed" if column.required else "other"])
    for n, column in enumerate(COLUMNS[noun]):
        _write_cell(sheet, 1, n, column, formats)


def _write_cell(sheet: Any, row: int, n: int, column: Column, formats: dict[str, Any]) -> None:
    cell: Cell = column.example
    if column.kind is DATE:
        sheet.write_datetime(row, n, read_date(cell), formats["date"])
    elif isinstance(cell, str):
        sheet.write_string(row, n, cell, formats["text"])
    elif cell is not None:
        sheet.write(row, n, cell)


def _write_help(sheet: Any, nouns: tuple[Noun, ...], formats: dict[str, Any]) -> None:
    for n, width in enumerate((14, 20, 8, 40, 28, 80)):
        sheet.set_column(n, n, width)
    said = (
        f"Fill in one row a thing. Rows with the key {EXAMPLE!r} are examples and left out."
        " A column that you take out stays as it is; an empty cell empties it."
    )
    sheet.write_string(0, 0, said)
    for n, word in enumerate(OF_HELP):
        sheet.write_string(2, n, word, formats["other"])
    number = 3
    for noun in nouns:
        for column in COLUMNS[noun]:
            said_of = (noun.value, column.name, "yes" if column.required else "no",
                       column.kind.says, "" if column.example is None else str(column.example),
                       column.help)  # fmt: skip
            for n, text in enumerate(said_of):
                sheet.write_string(number, n, text, formats["wrapped"])
            number += 1


def _write_codes(sheet: Any, nouns: tuple[Noun, ...], formats: dict[str, Any]) -> None:
    """Every code that may stand in a column, with its English name."""
    for n, width in enumerate((26, 26, 80)):
        sheet.set_column(n, n, width)
    for n, word in enumerate(("columns", "code", "name")):
        sheet.write_string(0, n, word, formats["other"])
    number, columns_of = 1, _columns_by_list(nouns)
    for table, columns in columns_of.items():
        for code, row in default_reference().codes(table).items():
            for n, text in enumerate((", ".join(columns), code, row["en"])):
                sheet.write_string(number, n, text)
            number += 1
    for noun in nouns:
        for column in COLUMNS[noun]:
            for word in column.kind.words:
                for n, text in enumerate((column.name, word, "")):
                    sheet.write_string(number, n, text)
                number += 1


def _columns_by_list(nouns: tuple[Noun, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for noun in nouns:
        for column in COLUMNS[noun]:
            if column.kind.codes and column.name not in found.setdefault(column.kind.codes, []):
                found[column.kind.codes].append(column.name)
    return found
