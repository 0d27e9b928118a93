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

from api.faults import FaultError
from api.language import N_
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


class CellError(FaultError):
    """A cell cannot be read."""


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
        raise CellError("no_text", "as_text")
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        raise CellError("day_not_text", "as_text_again")
    if isinstance(cell, float):
        if not cell.is_integer():
            raise CellError("fraction", "as_text")
        cell = int(cell)
    found = _trimmed(str(cell))
    if any(_unstorable(letter) for letter in found):
        raise CellError("unstorable", "again")
    return found


def read_line(cell: Cell) -> str:
    """A text on one line."""
    return " ".join(read_text(cell).split())


def read_key(cell: Cell) -> str:
    """A key of one's own, without the signs that separate keys in lists."""
    found = read_line(cell)
    if re.search(r"[;:/]", found):
        raise CellError("separator_in_key", "key_letters", code=shown(found))
    return found


def read_mail(cell: Cell) -> str:
    """An address of one person."""
    found = read_line(cell)
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", found):
        raise CellError("no_mail", "one_mail")
    return found


def read_date(cell: Cell) -> datetime.date:
    """A day: a real date, YYYY-MM-DD, DD.MM.YYYY or DD/MM/YYYY."""
    if isinstance(cell, datetime.datetime):
        if cell.time() != datetime.time():
            raise CellError("day_with_time", "day")
        cell = cell.date()
    if isinstance(cell, datetime.date):
        return _in_our_time(cell)
    if not isinstance(cell, str):
        raise CellError("number_not_day", "as_day")
    text = _trimmed(cell)
    year_first = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text)
    day_first = re.fullmatch(r"([0-9]{1,2})([./])([0-9]{1,2})\2([0-9]{4})", text)
    if year_first:
        year, month, day = year_first.groups()
    elif day_first:
        day, _, month, year = day_first.groups()
    else:
        raise CellError("no_day", "day")
    try:
        return _in_our_time(datetime.date(int(year), int(month), int(day)))
    except ValueError as error:
        if isinstance(error, CellError):
            raise
        raise CellError("no_such_day", "day") from None


def read_whole(cell: Cell) -> int:
    """A whole number, not negative."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, str) and re.fullmatch(r"[0-9]{1,9}", _trimmed(cell)):
        cell = int(_trimmed(cell))
    if isinstance(cell, bool) or not isinstance(cell, int) or not 0 <= cell < 10**9:
        raise CellError("no_whole", "whole")
    return cell


def read_number(cell: Cell) -> float:
    """A number with or without a fraction; the fraction may stand after a comma."""
    if isinstance(cell, str):
        text = _trimmed(cell).replace(",", ".")
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text):
            raise CellError("no_number", "number")
        return float(text)
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not 0 <= cell < 1e9:
        raise CellError("no_number", "number")
    return float(cell)


def read_time(cell: Cell) -> str:
    """A time of day as HH:MM, also where the spreadsheet made a time of it."""
    if isinstance(cell, datetime.time):
        return f"{cell:%H:%M}"
    if isinstance(cell, datetime.timedelta):
        seconds = int(cell.total_seconds())
        if not 0 <= seconds <= 86_400:
            raise CellError("no_time", "time")
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    if not isinstance(cell, str):
        raise CellError("no_time", "time")
    found = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})", _trimmed(cell))
    if not found or int(found[2]) > 59 or int(found[1]) * 60 + int(found[2]) > 1440:
        raise CellError("no_time", "time")
    return f"{int(found[1]):02}:{found[2]}"


def read_yes(cell: Cell) -> bool:
    """Yes or no, in any of the six languages."""
    if isinstance(cell, bool):
        return cell
    word = "" if isinstance(cell, datetime.date | datetime.time | datetime.timedelta) else cell
    text = _trimmed(f"{word:g}" if isinstance(word, float) else str(word)).casefold()
    if text in YES or text in NO:
        return text in YES
    raise CellError("no_yes_no", "yes_no")


def read_list(cell: Cell) -> list[str]:
    """Texts with ; between them, each once."""
    parts = (" ".join(part.split()) for part in read_text(cell).split(";"))
    return list(dict.fromkeys(part for part in parts if part))


def read_periods(cell: Cell) -> list[tuple[datetime.date, datetime.date]]:
    """Periods FROM..TO with ; between them; a day alone is a period of one day."""
    if isinstance(cell, datetime.date):
        return [(read_date(cell),) * 2]
    found = []
    for part in read_list(cell):
        ends = part.split("..")
        if len(ends) > 2:
            raise CellError("no_periods", "periods")
        try:
            first, last = read_date(ends[0]), read_date(ends[-1])
        except CellError as error:
            raise CellError(
                f"part_{error.fault.what}", "periods", **dict(error.fault.data)
            ) from None
        if first > last:
            raise CellError("period_order", "periods")
        found.append((first, last))
    return found


def read_references(cell: Cell) -> list[str]:
    """Keys with ; between them, each alone or after others with / between."""
    found = read_list(cell)
    for part in found:
        if ":" in part or not all(step.strip() for step in part.split("/")):
            raise CellError("no_key", "keys", code=shown(part))
    return ["/".join(step.strip() for step in part.split("/")) for part in found]


def read_shares(cell: Cell) -> dict[str, float]:
    """Keys of offers with how much they are wished, 0 to 1; without a figure it is 1."""
    found: dict[str, float] = {}
    for part in read_list(cell):
        key, sign, figure = part.partition(":")
        (reference,) = read_references(key) or [""]
        try:
            share = read_number(figure) if sign else 1.0
        except CellError:
            raise CellError("no_figure", "shares") from None
        if not reference or share > 1:
            raise CellError("no_shares", "shares")
        if reference in found:
            raise CellError("named_twice", "shares", code=shown(reference))
        found[reference] = share
    return found


def choice(words: Iterable[str], says: str) -> Kind:
    """A cell that holds one of these words, in small letters or capitals."""
    known = {str(word).casefold(): str(word) for word in words}

    def read(cell: Cell) -> str:
        text = read_line(cell)
        if text.casefold() not in known:
            near = meant(text, known.values())
            raise CellError(
                "unknown", "near_or" if near else "one_of", code=shown(text), near=repr(near),
                words=list(known.values()),
            )  # fmt: skip
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
            if second.casefold() not in known:
                near = meant(second, known.values())
                raise CellError(
                    "unknown" if second else "alone", "pair_near" if near else "pair_of",
                    code=shown(second or first), pair=f"{_known(table, first) or 'CODE'}:{example}",
                    near=repr(near), words=list(known.values()),
                )  # fmt: skip
            name = _known(table, first)
            if name in found:
                raise CellError("named_twice", "each_once", code=shown(name))
            found[name] = known[second.casefold()]
        return found

    return Kind(read, says, codes=table)


TEXT = Kind(read_line, N_("text"))
LONG_TEXT = Kind(read_text, N_("text, several lines if need be"))
KEY = Kind(read_key, N_("a key of your own, which stays the same from file to file"))
MAIL = Kind(read_mail, N_("mail address"))
DATE = Kind(read_date, N_("date: 2027-03-31, 31.03.2027 or 31/03/2027"), as_text=False)
WHOLE = Kind(read_whole, N_("whole number"), as_text=False)
NUMBER = Kind(read_number, N_("number, such as 7.5"), as_text=False)
TIME = Kind(read_time, N_("time of day: 07:30"))
YES_NO = Kind(
    read_yes, N_("yes or no (in English, Spanish, Portuguese, Finnish, German or Polish)")
)
LIST = Kind(read_list, N_("texts with ; between them"))
PERIODS = Kind(read_periods, N_("periods 2027-05-10..2027-05-21 with ; between them"))
REFERENCES = Kind(read_references, N_("keys with ; between them"))
SHARES = Kind(read_shares, N_("keys with a figure from 0 to 1, such as cnc-2027:1; cad-2027:0.5"))
LANGUAGES = pairs("languages", CEFR_LEVELS, N_("languages with a level, such as en:B1; de:A2"))


def meant(word: str, known: Iterable[str]) -> str:
    """The known word that is nearest to this one, or nothing."""
    names: Mapping[str, str] = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), list(names), n=1)
    return names[near[0]] if near else ""


def shown(code: str) -> str:
    """A code as a message repeats it."""
    return repr(code if len(code) <= SHOWN else f"{code[:SHOWN]}…")


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


def _in_our_time(day: datetime.date) -> datetime.date:
    if day.year not in YEARS:
        raise CellError("other_year", "day", year=day.year)
    return day
