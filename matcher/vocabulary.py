"""The words and facts the engine works with: code lists, limits, weights.

Everything here is read from the CSV files of `matcher/reference/`. A row carries
its source, the day it was checked and how certain it is (V read in the source,
V~ read in a neighbouring source, M+ well known, M? placeholder, I design advice).
A problem may replace rows under its `reference` key, so a change of law is data.
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Self

from matcher.errors import ProblemError

CEFR_LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
"""Language levels of the Common European Framework of Reference, lowest first."""

LANGUAGES = ("en", "es", "pt", "fi", "de", "pl")
"""The languages in which every name of the reference lists is given."""


class Strength(StrEnum):
    """How much a need binds: a hard one filters offers, a soft one orders them."""

    HARD = "hard"
    SOFT = "soft"


class Provision(StrEnum):
    """What an offer says about a provision; `unknown` does not meet a hard need."""

    CERTIFIED = "certified"
    DECLARED = "declared"
    UNKNOWN = "unknown"


class Mode(StrEnum):
    """Where the learning happens: on site only, or with virtual parts around it."""

    PHYSICAL = "physical"
    BLENDED = "blended"


class Objective(StrEnum):
    """What a round maximises: `fit` the total fit, `coverage` first the people placed."""

    FIT = "fit"
    COVERAGE = "coverage"


class Priority(StrEnum):
    """Who is placed first: people whose hard needs exclude an otherwise eligible offer."""

    HARD_NEEDS = "hard_needs"


Row = Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """One reference list: which columns identify a row and which hold numbers."""

    key: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    times: tuple[str, ...] = ()


TABLES: dict[str, Table] = {
    "activities": Table(("code",), ("min_days", "max_days", "min_days_fewer_opportunities")),
    "change_costs": Table(("rule", "by", "unit"), ("cost",)),
    "cost_lines": Table(("code",)),
    "countries": Table(("code",), ("min_working_age",)),
    "criterion_values": Table(("criterion", "case"), ("value",)),
    "hazards": Table(("code",), ("min_age",)),
    "isced_f": Table(("code",)),
    "isco08": Table(("code",)),
    "languages": Table(("code",)),
    "learning_outcomes": Table(("occupation", "en")),
    "licences": Table(("code",), ("min_age",)),
    "national_limits": Table(("country", "status", "limit"), ("value",)),
    "needs": Table(("code",)),
    "sectors": Table(("code",)),
    "statuses": Table(("code",), ("employee",)),
    "weights": Table(("criterion",), ("points",)),
    "working_time": Table(
        ("country", "status", "age_from", "occupations"),
        (
            "age_from",
            "age_to",
            "max_hours_day",
            "max_hours_week",
            "max_days_week",
            "daily_rest_hours",
        ),
        ("window_start", "window_end"),
    ),
}


ONLY_SHIPPED = {
    "learning_outcomes": "is part of how texts are compared and cannot be replaced",
    "weights": "holds the defaults; set policy.weights instead",
}
"""Lists that a problem cannot change, and why."""

FROM_THE_PROBLEM = {"source": "the problem", "checked_on": "", "certainty": ""}
"""Where a row stands that a problem changed and gave no source for."""


def minutes(time: str) -> int:
    """Minutes since midnight of "HH:MM"; "24:00" is 1440.

    Raises ValueError when `time` is not a time of day.
    """
    hours, _, rest = time.partition(":")
    if not (hours.isdigit() and rest.isdigit() and len(hours) <= 2 and len(rest) == 2):
        raise ValueError(f"{time!r} is not a time of day (HH:MM)")
    total = int(hours) * 60 + int(rest)
    if int(rest) > 59 or total > 1440:
        raise ValueError(f"{time!r} is not a time of day (HH:MM)")
    return total


def unit_group(occupation: str) -> str:
    """The ISCO-08 unit group (four digits) that an ISCO-08 or ESCO code begins with."""
    return occupation[:4]


@dataclass(frozen=True, eq=False)
class Reference:
    """All reference lists, by name, each a dict from its key to the row.

    Two of them are never compared, so that what is looked up often can be kept by identity.
    """

    tables: Mapping[str, Mapping[tuple[str, ...], Row]]

    def codes(self, table: str) -> Mapping[str, Row]:
        """The rows of a list that is identified by one code, by that code."""
        return self._by_code[table]

    @cached_property
    def _by_code(self) -> dict[str, dict[str, Row]]:
        return {
            name: {key[0]: row for key, row in rows.items()} for name, rows in self.tables.items()
        }

    def rows(self, table: str) -> Iterable[Row]:
        """The rows of a list, in the order of the file."""
        return self.tables[table].values()

    def value(self, criterion: str, case: str) -> float:
        """The value in [0, 1] that `criterion` gives to `case` (criterion_values.csv)."""
        return float(self.tables["criterion_values"][criterion, case]["value"])

    def cost(self, rule: str, by: str, unit: str) -> float:
        """What one `unit` of change costs when `by` makes it (change_costs.csv)."""
        return float(self.tables["change_costs"][rule, by, unit]["cost"])

    @cached_property
    def sha256(self) -> str:
        """A digest of every row, so that a result names the facts it rests on."""
        lists = {
            name: sorted(map(dict, rows.values()), key=str) for name, rows in self.tables.items()
        }
        text = json.dumps(lists, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def with_rows(self, changes: Mapping[str, Iterable[Mapping[str, Any]]]) -> Self:
        """A copy in which the rows of `changes` replace those with the same key, or are added.

        Columns that a changed row leaves out keep the value of the row it replaces,
        and are empty in a new row; source and certainty are the problem's own. Raises
        ProblemError naming every row that does not fit.
        """
        problems: list[str] = []
        tables = dict(self.tables)
        for name, rows in changes.items():
            if name not in TABLES:
                problems.append(f"reference.{name}: is not a reference list ({', '.join(TABLES)})")
                continue
            if name in ONLY_SHIPPED:
                problems.append(f"reference.{name}: {ONLY_SHIPPED[name]}")
                continue
            table = dict(tables[name])
            columns = list(next(iter(table.values())))
            for number, changed in enumerate(rows):
                place = f"reference.{name}[{number}]"
                given = {column: _cell(value) for column, value in changed.items()}
                faults = _faults(name, given, columns, place)
                if faults:
                    problems += faults
                    continue
                key = tuple(given.get(column, "") for column in TABLES[name].key)
                before = {**dict.fromkeys(columns, ""), **table.get(key, {})}
                table[key] = {**before, **FROM_THE_PROBLEM, **given}
            tables[name] = table
        if problems:
            raise ProblemError(problems)
        return type(self)(tables)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _faults(name: str, row: Row, columns: list[str], place: str) -> list[str]:
    """What is wrong with a row of the list `name`, one sentence each."""
    table = TABLES[name]
    faults = [f"{place}.{c}: is not a column of {name}" for c in row if c not in columns]
    if not row.get(table.key[0]):
        faults.append(f"{place}.{table.key[0]}: is missing")
    for column in table.numbers:
        text = row.get(column, "")
        if text and not _is_amount(text):
            faults.append(f"{place}.{column}: {text!r} is not a number of 0 or more")
    for column in table.times:
        text = row.get(column, "")
        if text:
            try:
                minutes(text)
            except ValueError as error:
                faults.append(f"{place}.{column}: {error}")
    return faults


def _is_amount(text: str) -> bool:
    try:
        return 0 <= float(text) < float("inf")
    except ValueError:
        return False


@cache
def default_reference() -> Reference:
    """The lists as they are shipped in `matcher/reference/`."""
    folder = files("matcher") / "reference"
    tables = {}
    for name, table in TABLES.items():
        lines = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        tables[name] = {tuple(row[c] for c in table.key): row for row in csv.DictReader(lines)}
    return Reference(tables)
