"""Files that people send: which are read, and what is said of the others."""

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from api.imports import files, tables, workbooks
from api.imports.columns import COLUMNS, Noun, header
from api.imports.files import read
from api.imports.tables import LAST_ROW, MOST_BYTES, MOST_ROWS, Tables
from api.imports.template import template, template_csv
from tests.sheets import csv_of, workbook

COMPANY = {"region": "paderborn", "key": "c-1", "name": "Müller & Söhne", "town": "Paderborn"}
SHEET = "xl/worksheets/sheet1.xml"


def lines(found: Tables) -> list[str]:
    return [problem.line for problem in found.problems]


def said(name: str, content: bytes) -> list[str]:
    return lines(read([(name, content)]))


def rows_of(found: Tables) -> list[tuple[int, dict[str, Any]]]:
    assert lines(found) == []
    (table,) = found.tables
    return [(number, dict(cells)) for number, cells in table.rows]


def changed(content: bytes, part: str, before: bytes, after: bytes) -> bytes:
    """A workbook with something else in one of its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == part:
                assert before in text
                text = text.replace(before, after, 1)
            new.writestr(name, text)
    return file.getvalue()


def test_the_template_is_read_as_no_row_and_no_problem() -> None:
    found = read([("template.xlsx", template())])
    assert lines(found) == []
    assert {t.noun: (t.columns, t.rows) for t in found.tables} == {
        noun: ({column.name for column in COLUMNS[noun]}, ()) for noun in Noun
    }
    with CalamineWorkbook.from_filelike(io.BytesIO(template())) as book:
        assert book.sheet_names == ["companies", "offers", "apprentices", "help", "codes"]
        told = book.get_sheet_by_name("help").to_python()
        codes = {row[1] for row in book.get_sheet_by_name("codes").to_python()}
    assert [(row[0], row[1]) for row in told if row[5]] == [
        ("sheet", "column"), *((noun, c.name) for noun in Noun for c in COLUMNS[noun]),
    ]  # fmt: skip
    assert {"STEP_FREE_ACCESS", "7223", "0715", "SHORT_TERM", "blended", "published"} <= codes


@pytest.mark.parametrize("noun", Noun)
def test_the_template_of_one_noun_is_read_as_no_row_and_no_problem(noun: Noun) -> None:
    for name, content in (("one.xlsx", template(noun)), (f"{noun}.csv", template_csv(noun))):
        (table,) = read([(name, content)]).tables
        assert (table.noun, table.rows) == (noun, ())


@pytest.mark.parametrize("noun", Noun)
def test_every_example_is_a_good_cell(noun: Noun) -> None:
    for column in COLUMNS[noun]:
        assert column.example is not None
        column.kind.read(column.example)
        assert column.help.endswith(".")


def test_the_template_is_the_same_whenever_it_is_made() -> None:
    assert template() == template()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_csv_files_are_read_as_programs_write_them(separator: str, letters: str) -> None:
    content = csv_of([COMPANY], separator=separator, letters=letters)
    assert rows_of(read([("companies.csv", content)])) == [(2, COMPANY)]


def test_polish_letters_of_an_old_page_are_not_guessed() -> None:
    row = COMPANY | {"name": "Zakład Główny"}
    assert said("companies.csv", csv_of([row], letters="cp1250")) == [
        "companies.csv: is written in letters that cannot be told apart for sure;"
        " right: save it as CSV UTF-8"
    ]


def test_a_file_is_known_by_its_name_or_by_its_header() -> None:
    for name in ("companies.csv", "2027 Companies (2).csv", "list.csv", "../x\\companies.csv"):
        assert rows_of(read([(name, csv_of([COMPANY]))])) == [(2, COMPANY)]
    unclear = [{"key": "c-1", "region": "paderborn"}]
    assert said("list.csv", csv_of(unclear)) == [
        "list.csv: is no known sheet; right: name it companies, offers, apprentices, or take it out"
    ]


def test_headers_are_known_in_any_spelling_and_empty_rows_are_left_out() -> None:
    text = "sep=;\r\n;;\r\n REGION ; Key;Name;To wn;Max-Placements\r\n\r\nfi;c-1;A;B;3\r\n;;;;\r\n"
    assert rows_of(read([("companies.csv", text.encode())])) == [
        (5, {"region": "fi", "key": "c-1", "name": "A", "town": "B", "max_placements": "3"})
    ]


def test_headers_that_are_wrong_are_all_named() -> None:
    text = "region,kee,name,town,e-mial,Region,\nfi,c-1,A,B,a@b.fi,fi,x\n"
    assert said("companies.csv", text.encode()) == [
        "companies.csv, row 1: there is no column 'kee'; right: key",
        "companies.csv, row 1: there is no column 'e-mial'; right: email",
        "companies.csv, row 1, region: stands twice in the header; right: once",
        "companies.csv, row 1, key: is missing in the header; right: add it",
        "companies.csv, row 2: something stands in column 7, which has no name;"
        " right: give it a name, or take it out",
    ]


def test_data_where_the_header_should_be_is_not_repeated() -> None:
    assert said("apprentices.csv", b"samiedu,2027-014,Aino,Esimerkki,2008-05-01\n") == [
        "apprentices.csv: has no known column in row 1; right: take the header of the template"
    ]


def test_headers_differ_when_written_plainly() -> None:
    for noun in Noun:
        assert len(files.HEADERS[noun]) == len(COLUMNS[noun])
    assert header(" E-Mail ") == "email"


def test_sheets_that_nobody_knows_are_named_and_empty_ones_left_out() -> None:
    sheets: dict[str, Any] = {"companys": [COMPANY], "Companies ": [COMPANY], "Help": [COMPANY]}
    content = workbook(sheets)
    found = read([("file.xlsx", content), ("companies.csv", csv_of([COMPANY]))])
    assert lines(found) == [
        "companys: is no known sheet; right: companies",
        "companies.csv: holds companies as Companies  does; right: put both into one",
    ]
    assert said("file.xlsx", workbook({})) == [
        "files: hold no table; right: a sheet or a file named companies, offers, apprentices"
    ]
    assert lines(read([])) == said("file.xlsx", workbook({}))


def test_formulas_are_read_as_they_are_shown_and_signs_are_text() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("companies")
        sheet.write_row(0, 0, list(COMPANY))
        sheet.write_row(1, 0, ["paderborn", "c-1", "=1+1", "@town"])
        sheet.write_formula(2, 0, '="pader"&"born"', None, "paderborn")
        sheet.write_row(2, 1, ["c-2", "+49", "-"])
    assert rows_of(read([("file.xlsx", file.getvalue())])) == [
        (2, {"region": "paderborn", "key": "c-1", "name": "=1+1", "town": "@town"}),
        (3, {"region": "paderborn", "key": "c-2", "name": "+49", "town": "-"}),
    ]


def test_a_formula_that_ends_in_an_error_is_told_and_not_read_as_empty() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("companies")
        sheet.write_row(0, 0, list(COMPANY))
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
    assert said("file.xlsx", file.getvalue()) == [
        "file.xlsx: has a formula in cell D2 that ends in an error;"
        " right: correct the formula, or write the value instead"
    ]


GOOD = workbook({"companies": [COMPANY]})
AGAIN = "right: open it in a spreadsheet program and save it as Excel workbook (.xlsx)"


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def flagged(content: bytes) -> bytes:
    """A workbook whose parts say that they are locked."""
    found = bytearray(content)
    at = 0
    while (at := found.find(b"PK\x01\x02", at)) >= 0:
        found[at + 8] |= 1
        at += 4
    return bytes(found)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty; right: fill in the template"),
        (b"%PDF-1.7 ...", "is a PDF; right: a workbook (.xlsx) or a CSV file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "is an old workbook (.xls), or one that is locked with a password;"
            " right: save it as Excel workbook (.xlsx) without a password",
        ),
        (b"PK\x03\x04", f"is damaged; {AGAIN}"),
        (GOOD[: len(GOOD) // 2], f"is damaged; {AGAIN}"),
        (zipped(a=b"a"), f"is no Excel workbook (.xlsx); {AGAIN}"),
        (zipped(xl__workbook=b"a", content=b"x"), f"is no Excel workbook (.xlsx); {AGAIN}"),
        (flagged(GOOD), "is locked with a password; right: save it without one"),
        (
            changed(GOOD, SHEET, b"<sheetData>", b"<sheetData"),
            f"is damaged; {AGAIN}",
        ),
        (
            changed(GOOD, SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY e "e">]><worksheet'),
            f"declares entities of its own; {AGAIN}",
        ),
        (
            changed(GOOD, "xl/workbook.xml", b"<workbook",
                    b'<!DOCTYPE x SYSTEM "file:///etc/hostname"><workbook'),
            f"declares entities of its own; {AGAIN}",
        ),
        (
            changed(GOOD, SHEET, b"</sheetData>",
                    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
            f"holds something in row 1048576; right: no more than {LAST_ROW} rows in a sheet",
        ),
        (
            changed(GOOD, SHEET, b"</sheetData>",
                    b'<row r="1048576"><c><v>1</v></c></row></sheetData>'),
            f"holds something in row 1048576; right: no more than {LAST_ROW} rows in a sheet",
        ),
        (
            changed(GOOD, SHEET, b"</sheetData>",
                    b'<row r="3"><c r="XFD3"><v>1</v></c></row></sheetData>'),
            "holds something in column 16384 of row 3;"
            " right: no more than 100 columns in a sheet",
        ),
        (changed(GOOD, SHEET, b'<v>0</v>', b'<v>77</v>'), f"is damaged; {AGAIN}"),
        (changed(GOOD, SHEET, b'r="A1"', b'r="1"'), f"is damaged; {AGAIN}"),
        (b"region\0key", "is no text; right: a workbook (.xlsx) or a CSV file"),
        (
            b'region,key\n"fi,c-1\n',
            "cannot be read from row 2 on; right: look for a quotation mark that is not closed",
        ),
        (b"\n" * (LAST_ROW + 1), f"has more than {LAST_ROW} rows;"
         " right: bring the rows in several files"),
        (b"," * 1000, "has 1001 cells in row 1; right: no more than 100;"
         " a quotation mark may be missing"),
        (b"\xff\xfea", "is no text in the letters that it says it has;"
         " right: save it as CSV UTF-8"),
        (b" \n", "has no header; right: take the header of the template"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_problem(content: bytes, what: str) -> None:
    assert said("companies.csv", content) == [f"companies.csv: {what}"]


def test_a_workbook_must_not_be_large_unpacked() -> None:
    large = f"is larger than {MOST_BYTES // 1024**2} MB unpacked"
    bomb = changed(GOOD, SHEET, b"<sheetData>", b" " * MOST_BYTES + b"<sheetData>")
    assert said("a.xlsx", bomb) == [f"a.xlsx: {large}; right: bring the rows in several files"]
    lies = packed_small(GOOD, SHEET, MOST_BYTES)
    (told,) = said("a.xlsx", lies)
    assert told.startswith(("a.xlsx: is larger than", "a.xlsx: is damaged"))


def packed_small(content: bytes, part: str, size: int) -> bytes:
    """A workbook that unpacks to much more than its list of contents says."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text + b" " * size if name == part else text)
        info = new.getinfo(part)
        real, info.file_size = info.file_size, 10
        assert real > size
    return file.getvalue()


def test_parts_that_cannot_be_read_alike_are_refused() -> None:
    wide = changed(GOOD, SHEET, b"<?xml", b"\0<?xml")
    assert said("a.xlsx", wide) == [f"a.xlsx: is put together in an unusual way; {AGAIN}"]


def test_programs_and_pictures_in_a_workbook_are_not_opened() -> None:
    file = io.BytesIO(GOOD)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0\1\2")
        archive.writestr("xl/media/image1.png", b"\x89PNG")
    assert rows_of(read([("a.xlsx", file.getvalue())])) == [(2, COMPANY)]


def test_files_are_measured_together() -> None:
    row = csv_of([COMPANY]) + b"\n" * 100 + b"fi,c-2,A,B" + b" " * (MOST_BYTES - 1000)
    found = read([("companies.csv", row), ("offers.csv", csv_of([COMPANY]) + b" " * 2000)])
    assert lines(found)[-1] == (
        "offers.csv: is too large: at most 20 MB together; right: bring the rows in several files"
    )


def test_rows_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 3)
    rows = [COMPANY | {"key": f"c-{n}"} for n in range(3)]
    assert said("companies.csv", csv_of(rows)) == []
    found = read([("companies.csv", csv_of(rows)), ("more.xlsx", workbook({"offers": [COMPANY]}))])
    assert lines(found)[-1] == ("files: hold 4 rows; right: at most 3; bring them in several files")
    assert (MOST_ROWS, tables.LAST_ROW) == (10_000, 20_000)


def test_a_fault_of_the_library_is_a_problem_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panic(_: bytes) -> Any:
        raise PanicException

    monkeypatch.setattr(workbooks, "_opened", panic)
    assert said("a.xlsx", GOOD) == [f"a.xlsx: is damaged; {AGAIN}"]
