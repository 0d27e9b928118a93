"""The demo alliance: the CSV files of `seed_data/demo/` as a problem, and as names to read.

Every fault of a file is named with file, line and column, as somebody sees it who has
the file open in a spreadsheet or an editor.
"""

import csv
import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from matcher.errors import ProblemError
from matcher.problem import AcceptedNeed, Apprentice, Company, Declined, Offer, Policy, Problem
from matcher.reading import describe, first_faults

TODAY = datetime.date(2027, 1, 15)
"""The day on which the demo plays: the windows of people and offers lie after it."""

SEED = 2027
RESERVE = 0.18
"""For people with fewer opportunities: their share among those who apply."""

MONDAY = 1

FOLDER = files("seed_data") / "demo"

Cell = Callable[[str], Any]
Value = TypeVar("Value", bound=BaseModel)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";"))


def _whole(cell: str) -> int:
    try:
        return int(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is not a whole number") from None


def _count(cell: str) -> int:
    if _whole(cell) < 0:
        raise ValueError(f"{cell!r} is less than 0")
    return int(cell)


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is not a number") from None


def _yes(cell: str) -> bool:
    if cell not in ("yes", "no"):
        raise ValueError(f"{cell!r} is neither yes nor no")
    return cell == "yes"


def _coded(cell: str) -> dict[str, str]:
    """`en:B1;de:A2` as a dict."""
    found: dict[str, str] = {}
    for part in _several(cell):
        code, colon, value = part.partition(":")
        if not (code and colon and value):
            raise ValueError(f"{part!r} is not of the form CODE:VALUE")
        if code in found:
            raise ValueError(f"{code!r} stands twice")
        found[code] = value
    return found


def _shares(cell: str) -> dict[str, float]:
    return {code: _number(value) for code, value in _coded(cell).items()}


def _periods(cell: str) -> tuple[tuple[str, str], ...]:
    """`2027-05-10/2027-05-21` as first and last day."""
    found = []
    for part in _several(cell):
        first, slash, last = part.partition("/")
        if not slash:
            raise ValueError(f"{part!r} is not of the form FIRST-DAY/LAST-DAY")
        found.append((first, last))
    return tuple(found)


COLUMNS: dict[str, dict[str, bool]] = {
    name: {column.rstrip("?"): column.endswith("?") for column in columns.split()}
    for name, columns in {
        "regions": "code country name town latitude longitude hosting_cap?",
        "centres": "code region country town name sectors",
        "companies": "code region country town name sector size occupations max_placements?",
        "apprentices": "id first_name last_name centre birth_date occupations isced_f? outcomes?"
        " languages available_from available_to not_available? days_min days_ideal days_max"
        " activity status modes? needs? fewer_opportunities destinations? excluded_companies?"
        " interest? licences? training_days? days_abroad? graduated_on?",
        "offers": "id title company occupations isced_f? outcomes? languages language_support"
        " available_from available_to days_min days_max places provisions? min_age? hours_start?"
        " hours_end? hours_per_day? days_per_week? statuses? modes? tasks? licences? quality?"
        " verified is_public",
        "declined": "apprentice offer reason? resolved",
        "accepted_needs": "apprentice offer need",
    }.items()
}
"""The columns of each file, and whether a cell may be empty: then the engine's default holds.

All of them have to be there, in any order, and no other.
"""

_READERS: dict[str, Cell] = (
    dict.fromkeys(
        ("fewer_opportunities", "is_public", "language_support", "resolved", "verified"), _yes
    )
    | dict.fromkeys(("languages", "needs", "provisions"), _coded)
    | dict.fromkeys(("latitude", "longitude", "hours_per_day", "quality"), _number)
    | dict.fromkeys(("days_min", "days_ideal", "days_max", "training_days", "days_abroad"), _whole)
    | dict.fromkeys(("min_age", "days_per_week"), _whole)
    | dict.fromkeys(("hosting_cap", "max_placements", "places"), _count)
    | dict.fromkeys(("occupations", "outcomes", "licences", "modes", "statuses", "tasks"), _several)
    | dict.fromkeys(("sectors", "destinations", "excluded_companies"), _several)
    | {"not_available": _periods, "interest": _shares}
)
"""How the cells of a column are read; the other columns are text."""

_TOGETHER = {
    "days": {"days_min": "min", "days_ideal": "ideal", "days_max": "max"},
    "hours": {
        "hours_start": "start",
        "hours_end": "end",
        "hours_per_day": "per_day",
        "days_per_week": "days_per_week",
    },
}
"""Columns that are one value of the engine; an empty part says it is missing."""

_COLUMN = {
    f"{value}.{part}": column
    for value, parts in _TOGETHER.items()
    for column, part in parts.items()
} | {value: next(iter(parts)) for value, parts in _TOGETHER.items()}
_PLACE = re.compile(rf"\b({'|'.join(COLUMNS)})\[(\d+)\]((?:\.\w+){{0,2}})[^:\s]*")

Row = dict[str, Any]


@dataclass(frozen=True)
class ApprenticeName:
    """How a person is shown: first name and initial, centre and its town."""

    name: str
    centre: str
    town: str


@dataclass(frozen=True)
class OfferName:
    """How an offer is shown: its title, the company's name and its town."""

    title: str
    company: str
    town: str


@dataclass(frozen=True)
class DemoNames:
    """Readable names for the ids and region codes of the demo problem."""

    apprentices: Mapping[str, ApprenticeName]
    offers: Mapping[str, OfferName]
    regions: Mapping[str, str]


def demo_problem(folder: Traversable = FOLDER) -> Problem:
    """The demo alliance as a problem: coverage, hard needs first, a reserve, Mondays only.

    `folder` holds the files (the shipped ones unless given). Raises ProblemError that
    names file, line and column of the faults (at most 20), or the file that is missing.
    """
    return _Files(folder).problem()


def demo_names(folder: Traversable = FOLDER) -> DemoNames:
    """Names for the ids of `demo_problem`. Raises ProblemError as it does."""
    read = _Files(folder)
    read.refuse_faults()
    centres, companies = read.by_code("centres"), read.by_code("companies")
    return DemoNames(
        apprentices={
            row["id"]: ApprenticeName(
                f"{row['first_name']} {row['last_name'][0]}.",
                centres[row["centre"]]["name"],
                centres[row["centre"]]["town"],
            )
            for row in read.rows["apprentices"]
        },
        offers={
            row["id"]: OfferName(
                row["title"], companies[row["company"]]["name"], companies[row["company"]]["town"]
            )
            for row in read.rows["offers"]
        },
        regions={row["code"]: row["name"] for row in read.rows["regions"]},
    )


Cells = Mapping[str, list[Row]]
"""The rows of every file by its name, each cell read."""


def demo_cells(folder: Traversable = FOLDER) -> Cells:
    """The files as they are, for other readers. Raises ProblemError as `demo_problem` does."""
    read = _Files(folder)
    read.problem()
    return read.rows


class _Files:
    """All files, read cell by cell; `faults` collects what is wrong, each with its place."""

    def __init__(self, folder: Traversable) -> None:
        self.faults: list[str] = []
        self.lines: dict[str, list[int]] = {}
        self.rows: dict[str, list[Row]] = {}
        for name in COLUMNS:
            place = files("seed_data") / "lists" if name == "centres" else folder
            self.rows[name] = self._read(name, place)
        self._refer("centres", "region", "regions")
        self._refer("companies", "region", "regions")
        self._refer("apprentices", "centre", "centres")
        self._refer("offers", "company", "companies")

    def by_code(self, name: str) -> dict[str, Row]:
        return {row["code"]: row for row in self.rows[name] if "code" in row}

    def refuse_faults(self) -> None:
        """Raise ProblemError when anything was wrong so far."""
        if self.faults:
            raise ProblemError(first_faults([self._located(fault) for fault in self.faults]))

    def problem(self) -> Problem:
        """The rows as values of the engine, checked together."""
        apprentices = self._values(Apprentice, "apprentices", "centre", "centres")
        offers = self._values(Offer, "offers", "company", "companies")
        declined = self._values(Declined, "declined")
        accepted = self._values(AcceptedNeed, "accepted_needs")
        regions = {
            row["code"]: row["hosting_cap"] for row in self.rows["regions"] if "hosting_cap" in row
        }
        companies = {}
        for number, row in enumerate(self.rows["companies"]):
            if "max_placements" in row:
                companies[row.get("code")] = Company(max_placements=row["max_placements"])
                if row.get("code") not in {offer.company for offer in offers}:
                    self.faults.append(f"companies[{number}].code: no offer is of this company")
        self.refuse_faults()
        try:
            return Problem(
                today=TODAY,
                policy=Policy(
                    seed=SEED,
                    reserve=RESERVE,
                    start_weekdays=(MONDAY,),
                    hosting_caps=regions,
                ),
                companies=companies,
                declined=declined,
                accepted_needs=accepted,
                apprentices=apprentices,
                offers=offers,
            )
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                self.faults += describe(detail, "").removeprefix(": ").split("\n")
            self.refuse_faults()
            raise

    def _read(self, name: str, folder: Traversable) -> list[Row]:
        try:
            text = (folder / f"{name}.csv").read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            self.faults.append(f"{name}.csv: cannot be read ({error})")
            return []
        reader = csv.DictReader(text.splitlines())
        columns, given = COLUMNS[name], reader.fieldnames or []
        missing = [
            f"{name}.csv, line 1: column {c!r} is missing" for c in columns if c not in given
        ]
        other = [
            f"{name}.csv, line 1: column {c!r} is not known" for c in given if c not in columns
        ]
        if missing or other:
            self.faults += missing + other
            return []
        self.lines[name] = []
        rows: list[Row] = []
        for cells in reader:
            self.lines[name].append(reader.line_num)
            rows.append(self._cells(name, len(rows), cells))
        self._unique(name, rows)
        return rows

    def _cells(self, name: str, number: int, cells: dict[str, Any]) -> Row:
        place = f"{name}[{number}]"
        if None in cells or None in cells.values():
            self.faults.append(f"{place}: has not as many cells as the first line")
            return {}
        row: Row = {}
        for column, may_be_empty in COLUMNS[name].items():
            cell = cells[column].strip()
            if not cell:
                if not may_be_empty:
                    self.faults.append(f"{place}.{column}: is empty")
                continue
            try:
                row[column] = _READERS.get(column, str)(cell)
            except ValueError as error:
                self.faults.append(f"{place}.{column}: {error}")
        return row

    def _unique(self, name: str, rows: Iterable[Row]) -> None:
        """Codes stand once; the ids of people and offers are the engine's to check."""
        seen: set[str] = set()
        for number, row in enumerate(rows):
            code = row.get("code")
            if code in seen:
                self.faults.append(f"{name}[{number}].code: {code!r} stands twice")
            seen |= {code} if code else set()

    def _refer(self, name: str, column: str, other: str) -> None:
        known = self.by_code(other)
        for number, row in enumerate(self.rows[name]):
            if column in row and row[column] not in known:
                self.faults.append(
                    f"{name}[{number}].{column}: {row[column]!r} is not in {other}.csv"
                )

    def _values(
        self, kind: type[Value], name: str, home: str = "", homes: str = ""
    ) -> tuple[Value, ...]:
        """The rows as values; country and region are those of the row's `home`."""
        known = self.by_code(homes) if homes else {}
        found = []
        for number, row in enumerate(self.rows[name]):
            fields = {key: value for key, value in row.items() if key in kind.model_fields}
            if home:
                place = known.get(row.get(home, ""), {})
                fields |= {key: place.get(key, "?") for key in ("country", "region")}
            for together, parts in _TOGETHER.items():
                value = {part: row[column] for column, part in parts.items() if column in row}
                if value and together in kind.model_fields:
                    fields[together] = value
            try:
                found.append(kind.model_validate(fields))
            except ValidationError as error:
                if not any(fault.startswith(f"{name}[{number}]") for fault in self.faults):
                    self.faults += [
                        describe(detail, f"{name}[{number}]")
                        for detail in error.errors(include_url=False)
                    ]
        return tuple(found)

    def _located(self, fault: str) -> str:
        """`offers[3].days.min: …` as `offers.csv, line 5, days_min: …`."""

        def place(match: re.Match[str]) -> str:
            name, number, field = match[1], int(match[2]), match[3].lstrip(".")
            column = _COLUMN.get(field, field.partition(".")[0])
            line = f"{name}.csv, line {self.lines[name][number]}"
            return f"{line}, {column}" if column else line

        return _PLACE.sub(place, fault)
