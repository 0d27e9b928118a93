"""How a cell is read: what it may hold, and what is said when it holds something else.

A message never repeats a cell's content, which may be personal; the exception are codes.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from matcher.vocabulary import CEFR_LEVELS, default_reference

Cell = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta | None
"""What a spreadsheet or a CSV file can hold in a cell."""

YES = frozenset({"yes", "y", "true", "1", "sí", "si", "sim", "kyllä", "kylla", "ja", "tak"})
NO = frozenset({"no", "n", "false", "0", "não", "nao", "ei", "nein", "nie"})
"""Yes and no in English, Spanish, Portuguese, Finnish, German and Polish."""

YEARS = range(1900, 2200)
"""Other years are slips of the hand."""

DIGITS = 4
"""So many has a code of ISCO-08 and of ISCED-F."""

SHOWN = 40
"""So many letters of a code are repeated in a message."""

MORE_THAN_ONE_LINE = "\n\r\t"


class CellError(ValueError):
    """A cell cannot be read: `what` is wrong, and what would be `right`."""

    def __init__(self, what: str, right: str = "") -> None:
        """Keep both."""
        self.what, self.right = what, right
        super().__init__(what)


@dataclass(frozen=True)
class Kind:
    """A kind of cell: how it is read, how people write it, and the codes that it takes.

    `codes` names a list of the engine, `words` are all that may stand in the cell.
    """

    read: Callable[[Cell], Any]
    says: str
    codes: str = ""
    words: tuple[str, ...] = ()
    as_text: bool = True


def blank(cell: Cell) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not _trimmed(cell))


def read_text(cell: Cell) -> str:
    """A text in one form (NFC) without spaces around it; whole numbers are texts too."""
    if isinstance(cell, bool) or cell is None:
        raise CellError("is no text", "format the cell as text")
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        raise CellError("is a date or a time", "format the cell as text and write it again")
    if isinstance(cell, float):
        if not cell.is_integer():
            raise CellError("is a number with a fraction", "format the cell as text")
        cell = int(cell)
    found = _trimmed(str(cell))
    if any(_unstorable(letter) for letter in found):
        raise CellError("holds a character that cannot be stored", "write the cell again")
    return found


def read_line(cell: Cell) -> str:
    """A text on one line."""
    return " ".join(read_text(cell).split())


def read_key(cell: Cell) -> str:
    """A key of one's own, without the signs that separate keys in lists."""
    found = read_line(cell)
    if re.search(r"[;:/]", found):
        raise CellError(f"{shown(found)} holds one of ; : /", "use letters, digits, - and .")
    return found


def read_mail(cell: Cell) -> str:
    """An address of one person."""
    found = read_line(cell)
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", found):
        raise CellError("is no mail address", "one address, such as name@example.org")
    return found


def read_date(cell: Cell) -> datetime.date:
    """A day: a real date, YYYY-MM-DD, DD.MM.YYYY or DD/MM/YYYY."""
    right = "2027-03-31, 31.03.2027 or 31/03/2027"
    if isinstance(cell, datetime.datetime):
        if cell.time() != datetime.time():
            raise CellError("is a date with a time of day", right)
        cell = cell.date()
    if isinstance(cell, datetime.date):
        return _in_our_time(cell, right)
    if not isinstance(cell, str):
        raise CellError("is a number, not a date", f"format the cell as a date, or write {right}")
    text = _trimmed(cell)
    year_first = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text)
    day_first = re.fullmatch(r"([0-9]{1,2})([./])([0-9]{1,2})\2([0-9]{4})", text)
    if year_first:
        year, month, day = year_first.groups()
    elif day_first:
        day, _, month, year = day_first.groups()
    else:
        raise CellError("is no date", right)
    try:
        return _in_our_time(datetime.date(int(year), int(month), int(day)), right)
    except ValueError as error:
        if isinstance(error, CellError):
            raise
        raise CellError("is a day that no calendar has", right) from None


def read_whole(cell: Cell) -> int:
    """A whole number, not negative."""
    right = "a whole number such as 14"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, str) and re.fullmatch(r"[0-9]{1,9}", _trimmed(cell)):
        cell = int(_trimmed(cell))
    if isinstance(cell, bool) or not isinstance(cell, int) or not 0 <= cell < 10**9:
        raise CellError("is no whole number", right)
    return cell


def read_number(cell: Cell) -> float:
    """A number with or without a fraction; the fraction may stand after a comma."""
    right = "a number such as 7.5"
    if isinstance(cell, str):
        text = _trimmed(cell).replace(",", ".")
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text):
            raise CellError("is no number", right)
        return float(text)
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not 0 <= cell < 1e9:
        raise CellError("is no number", right)
    return float(cell)


def read_time(cell: Cell) -> str:
    """A time of day as HH:MM, also where the spreadsheet made a time of it."""
    right = "a time of day such as 07:30"
    if isinstance(cell, datetime.time):
        return f"{cell:%H:%M}"
    if isinstance(cell, datetime.timedelta):
        seconds = int(cell.total_seconds())
        if not 0 <= seconds <= 86_400:
            raise CellError("is no time of day", right)
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    if not isinstance(cell, str):
        raise CellError("is no time of day", right)
    found = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})", _trimmed(cell))
    if not found or int(found[2]) > 59 or int(found[1]) * 60 + int(found[2]) > 1440:
        raise CellError("is no time of day", right)
    return f"{int(found[1]):02}:{found[2]}"


def read_yes(cell: Cell) -> bool:
    """Yes or no, in any of the six languages."""
    if isinstance(cell, bool):
        return cell
    word = "" if isinstance(cell, datetime.date | datetime.time | datetime.timedelta) else cell
    text = _trimmed(f"{word:g}" if isinstance(word, float) else str(word)).casefold()
    if text in YES or text in NO:
        return text in YES
    raise CellError("is neither yes nor no", "yes or no")


def read_list(cell: Cell) -> list[str]:
    """Texts with ; between them, each once."""
    parts = (" ".join(part.split()) for part in read_text(cell).split(";"))
    return list(dict.fromkeys(part for part in parts if part))


def read_periods(cell: Cell) -> list[tuple[datetime.date, datetime.date]]:
    """Periods FROM..TO with ; between them; a day alone is a period of one day."""
    right = "periods such as 2027-05-10..2027-05-21, with ; between them"
    if isinstance(cell, datetime.date):
        return [(read_date(cell),) * 2]
    found = []
    for part in read_list(cell):
        ends = part.split("..")
        if len(ends) > 2:
            raise CellError("is no list of periods", right)
        try:
            first, last = read_date(ends[0]), read_date(ends[-1])
        except CellError as error:
            raise CellError(f"holds a part that {error.what}", right) from None
        if first > last:
            raise CellError("holds a period that ends before it begins", right)
        found.append((first, last))
    return found


def read_references(cell: Cell) -> list[str]:
    """Keys with ; between them, each alone or after others with / between."""
    found = read_list(cell)
    for part in found:
        if ":" in part or not all(step.strip() for step in part.split("/")):
            raise CellError(f"{shown(part)} is no key", "keys with ; between them")
    return ["/".join(step.strip() for step in part.split("/")) for part in found]


def read_shares(cell: Cell) -> dict[str, float]:
    """Keys of offers with how much they are wished, 0 to 1; without a figure it is 1."""
    right = "keys with a figure from 0 to 1, such as cnc-2027:1; cad-2027:0.5"
    found: dict[str, float] = {}
    for part in read_list(cell):
        key, sign, figure = part.partition(":")
        (reference,) = read_references(key) or [""]
        try:
            share = read_number(figure) if sign else 1.0
        except CellError:
            raise CellError("holds a figure that is no number", right) from None
        if not reference or share > 1:
            raise CellError("is no list of keys and figures", right)
        if reference in found:
            raise CellError(f"names {shown(reference)} twice", right)
        found[reference] = share
    return found


def choice(words: Iterable[str], says: str) -> Kind:
    """A cell that holds one of these words, in small letters or capitals."""
    known = {str(word).casefold(): str(word) for word in words}

    def read(cell: Cell) -> str:
        text = read_line(cell)
        if text.casefold() not in known:
            raise CellError(f"{shown(text)} is not known", _one_of(text, known.values()))
        return known[text.casefold()]

    return Kind(read, says, words=tuple(known.values()))


def code(table: str, says: str) -> Kind:
    """A cell that holds one code of a list of the engine."""

    def read(cell: Cell) -> str:
        return _known(table, read_line(cell))

    return Kind(read, says, codes=table)


def codes(table: str, says: str) -> Kind:
    """A cell that holds codes of a list of the engine, with ; between them."""

    def read(cell: Cell) -> list[str]:
        return list(dict.fromkeys(_known(table, part) for part in read_list(cell)))

    return Kind(read, says, codes=table)


def pairs(table: str, values: Iterable[str], says: str) -> Kind:
    """A cell that holds pairs CODE:VALUE with ; between them, each code once."""
    known = {str(value).casefold(): str(value) for value in values}
    example = next(iter(known.values()))

    def read(cell: Cell) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in read_list(cell):
            first, _, second = (text.strip() for text in part.partition(":"))
            right = f"{_known(table, first) or 'CODE'}:{example}"
            if second.casefold() not in known:
                raise CellError(
                    f"{shown(second)} is not known" if second else f"{shown(first)} stands alone",
                    f"{right}; after the colon {_one_of(second, known.values())}",
                )
            name = _known(table, first)
            if name in found:
                raise CellError(f"names {shown(name)} twice", "each code once")
            found[name] = known[second.casefold()]
        return found

    return Kind(read, says, codes=table)


TEXT = Kind(read_line, "text")
LONG_TEXT = Kind(read_text, "text, several lines if need be")
KEY = Kind(read_key, "a key of your own, which stays the same from file to file")
MAIL = Kind(read_mail, "mail address")
DATE = Kind(read_date, "date: 2027-03-31, 31.03.2027 or 31/03/2027", as_text=False)
WHOLE = Kind(read_whole, "whole number", as_text=False)
NUMBER = Kind(read_number, "number, such as 7.5", as_text=False)
TIME = Kind(read_time, "time of day: 07:30")
YES_NO = Kind(read_yes, "yes or no (in English, Spanish, Portuguese, Finnish, German or Polish)")
LIST = Kind(read_list, "texts with ; between them")
PERIODS = Kind(read_periods, "periods 2027-05-10..2027-05-21 with ; between them")
REFERENCES = Kind(read_references, "keys with ; between them")
SHARES = Kind(read_shares, "keys with a figure from 0 to 1, such as cnc-2027:1; cad-2027:0.5")
LANGUAGES = pairs("languages", CEFR_LEVELS, "languages with a level, such as en:B1; de:A2")


def meant(word: str, known: Iterable[str]) -> str:
    """The known word that is nearest to this one, or nothing."""
    names: Mapping[str, str] = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), list(names), n=1)
    return names[near[0]] if near else ""


def shown(code: str) -> str:
    """A code as a message repeats it."""
    return repr(code if len(code) <= SHOWN else f"{code[:SHOWN]}…")


def _one_of(word: str, known: Iterable[str]) -> str:
    words = list(known)
    near = meant(word, words)
    return f"{near!r}, or another of {', '.join(words)}" if near else f"one of {', '.join(words)}"


def _known(table: str, text: str) -> str:
    """A code as its list writes it, with the zeros that a spreadsheet took from its front.

    What no list has stays as it is: the engine names it.
    """
    listed = default_reference().codes(table)
    for spelling in (text, text.upper(), text.lower(), text.zfill(DIGITS)):
        if spelling in listed:
            return spelling
    return text


def _trimmed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().strip("\ufeff\u200b").strip()


def _unstorable(letter: str) -> bool:
    kind = unicodedata.category(letter)
    return kind == "Cs" or (kind == "Cc" and letter not in MORE_THAN_ONE_LINE)


def _in_our_time(day: datetime.date, right: str) -> datetime.date:
    if day.year not in YEARS:
        raise CellError(f"is a day of the year {day.year}", right)
    return day
