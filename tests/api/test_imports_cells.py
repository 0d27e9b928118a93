"""Cells: what they are read as, and that nothing in one ends the import."""

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.imports import cells
from api.imports.cells import Cell, CellError, Kind
from api.imports.columns import COLUMNS, Column, Noun
from api.imports.files import read
from api.imports.tables import Tables
from matcher.vocabulary import CEFR_LEVELS

DAY = datetime.date(2027, 3, 9)
EVERY_COLUMN = [column for noun in Noun for column in COLUMNS[noun]]
BY_NAME = {column.name: column.kind for column in EVERY_COLUMN}


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (cells.TEXT, "  Ane\u0301 \n b ", "Ané b"),
        (cells.TEXT, 12.0, "12"),
        (cells.TEXT, "=1+1", "=1+1"),
        (cells.LONG_TEXT, " a\n\nb ", "a\n\nb"),
        (cells.KEY, "\ufeffA 12", "A 12"),
        (cells.MAIL, " a@b.fi ", "a@b.fi"),
        (cells.DATE, "2027-03-09", DAY),
        (cells.DATE, "09.03.2027", DAY),
        (cells.DATE, "9/3/2027", DAY),
        (cells.DATE, DAY, DAY),
        (cells.DATE, datetime.datetime(2027, 3, 9), DAY),
        (cells.WHOLE, 3.0, 3),
        (cells.WHOLE, " 14 ", 14),
        (cells.NUMBER, "7,5", 7.5),
        (cells.NUMBER, 8, 8.0),
        (cells.TIME, "7:30", "07:30"),
        (cells.TIME, "24:00", "24:00"),
        (cells.TIME, datetime.time(7, 30), "07:30"),
        (cells.TIME, datetime.timedelta(hours=22, minutes=15), "22:15"),
        (cells.LIST, " a ;b;; a", ["a", "b"]),
        (cells.PERIODS, "2027-03-09..2027-03-10; 09.03.2027",
         [(DAY, datetime.date(2027, 3, 10)), (DAY, DAY)]),
        (cells.PERIODS, DAY, [(DAY, DAY)]),
        (cells.LANGUAGES, "EN:b1; de : A2", {"en": "B1", "de": "A2"}),
        (cells.LANGUAGES, "en:B1; xx:A1", {"en": "B1", "xx": "A1"}),
        (cells.REFERENCES, "a; fi / b", ["a", "fi/b"]),
        (cells.SHARES, "a; b/c:0,5", {"a": 1.0, "b/c": 0.5}),
        (BY_NAME["occupations"], 7223.0, ["7223"]),
        (BY_NAME["occupations"], "7223; 7223.4.1", ["7223", "7223.4.1"]),
        (BY_NAME["isced_f"], 715.0, "0715"),
        (BY_NAME["isced_f"], "715", "0715"),
        (BY_NAME["activity"], "short_term", "SHORT_TERM"),
        (BY_NAME["destinations"], "de;Fi", ["DE", "FI"]),
        (BY_NAME["needs"], "quiet_space:SOFT; STEP_FREE_ACCESS:hard",
         {"QUIET_SPACE": "soft", "STEP_FREE_ACCESS": "hard"}),
        (BY_NAME["modes"], "Physical;blended", ["physical", "blended"]),
        (BY_NAME["size"], " Micro", "micro"),
    ],
)  # fmt: skip
def test_cells_are_read(kind: Kind, cell: Cell, value: Any) -> None:
    assert kind.read(cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "what", "right"),
    [
        (cells.TEXT, DAY, "is a date or a time", "format the cell as text and write it again"),
        (cells.TEXT, True, "is no text", "format the cell as text"),
        (cells.TEXT, 7223.4, "is a number with a fraction", "format the cell as text"),
        (cells.TEXT, "a\x00b", "holds a character that cannot be stored", "write the cell again"),
        (cells.KEY, "a/b", "'a/b' holds one of ; : /", "use letters, digits, - and ."),
        (cells.MAIL, "a@b.fi; c@d.fi", "is no mail address",
         "one address, such as name@example.org"),
        (cells.DATE, "03/31/2027", "is a day that no calendar has",
         "2027-03-31, 31.03.2027 or 31/03/2027"),
        (cells.DATE, "31.3.27", "is no date", "2027-03-31, 31.03.2027 or 31/03/2027"),
        (cells.DATE, "31.3/2027", "is no date", "2027-03-31, 31.03.2027 or 31/03/2027"),
        (cells.DATE, "0207-03-31", "is a day of the year 207",
         "2027-03-31, 31.03.2027 or 31/03/2027"),
        (cells.DATE, 46000.0, "is a number, not a date",
         "format the cell as a date, or write 2027-03-31, 31.03.2027 or 31/03/2027"),
        (cells.WHOLE, "3.5", "is no whole number", "a whole number such as 14"),
        (cells.WHOLE, True, "is no whole number", "a whole number such as 14"),
        (cells.WHOLE, -1, "is no whole number", "a whole number such as 14"),
        (cells.NUMBER, float("nan"), "is no number", "a number such as 7.5"),
        (cells.NUMBER, "1e5", "is no number", "a number such as 7.5"),
        (cells.TIME, "7 h", "is no time of day", "a time of day such as 07:30"),
        (cells.TIME, "24:01", "is no time of day", "a time of day such as 07:30"),
        (cells.YES_NO, "perhaps", "is neither yes nor no", "yes or no"),
        (cells.PERIODS, "2027-03-10..2027-03-09", "holds a period that ends before it begins",
         "periods such as 2027-05-10..2027-05-21, with ; between them"),
        (cells.PERIODS, "May", "holds a part that is no date",
         "periods such as 2027-05-10..2027-05-21, with ; between them"),
        (cells.LANGUAGES, "en", "'en' stands alone",
         "en:A1; after the colon one of A1, A2, B1, B2, C1, C2"),
        (cells.LANGUAGES, "en:B7", "'B7' is not known",
         "en:A1; after the colon one of A1, A2, B1, B2, C1, C2"),
        (cells.LANGUAGES, "en:B1;EN:B2", "names 'en' twice", "each code once"),
        (BY_NAME["size"], "smal", "'smal' is not known",
         "'small', or another of micro, small, medium, large"),
        (cells.SHARES, "a:2", "is no list of keys and figures",
         "keys with a figure from 0 to 1, such as cnc-2027:1; cad-2027:0.5"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_cell_is_said_with_what_is_right(
    kind: Kind, cell: Cell, what: str, right: str
) -> None:
    with pytest.raises(CellError) as refused:
        kind.read(cell)
    assert (refused.value.what, refused.value.right) == (what, right)


def test_yes_and_no_are_known_in_six_languages() -> None:
    for yes in ("yes", "Sí", "si", "SIM", "Kyllä", "ja", "Tak", "1", 1, 1.0, True):
        assert cells.YES_NO.read(yes) is True
    for no in ("No", "não", "ei", "Nein", "nie", "0", 0, 0.0, False):
        assert cells.YES_NO.read(no) is False


ANY_CELL = st.one_of(
    st.none(), st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.dates(),
    st.datetimes(), st.times(), st.timedeltas(),
    st.lists(st.sampled_from(["en", "DE", "7223", ":", ";", "..", "/", "B1", " ", "hard", "0.5",
                              "2027-03-01", "31.03.2027", "=", "\n", "²", "١", *CEFR_LEVELS]),
             max_size=8).map("".join),
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(column=st.sampled_from(EVERY_COLUMN), cell=ANY_CELL)
def test_a_cell_is_a_value_or_a_problem(column: Column, cell: Any) -> None:
    told = None
    if not cells.blank(cell):
        try:
            column.kind.read(cell)
        except CellError as error:
            told = error
    assert told is None or (told.what and "\n" not in told.what + told.right)


@settings(deadline=None)
@given(content=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_a_file_is_read_or_a_problem(content: bytes) -> None:
    for content_ in (content, b"PK\x03\x04" + content, b"region,key\n" + content):
        found = read([("companies.csv", content_)])
        assert isinstance(found, Tables)
        assert found.tables or found.problems
