"""What Erasmus+ pays for a stay, as far as it is the same for everybody: three lists.

`travel_bands.csv` has the amounts for the journey by distance, `country_groups.csv` the groups of
receiving countries, both by the year of the Erasmus+ call; `support_rules.csv` has the rules for
days. Each row has its source and how certain it is (as in `matcher/reference/`). What a day is
paid with is not here: every National Agency fixes that itself (`models.SupportRate`).

A list holds from its call year until a newer one begins. `read_to_call_year` is the last call for
which somebody read it: for later calls it is carried over, and nobody should rely on it.
"""

import csv
import datetime
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

Row = dict[str, str]

LISTS = ("country_groups", "support_rules", "travel_bands")
"""The names of the lists."""


@dataclass(frozen=True)
class Fact:
    """One value of a list; `call_year` is the one from which on it holds, None for all calls."""

    value: int
    call_year: int | None
    carried_over: bool
    source: str
    checked_on: datetime.date
    certainty: str


@dataclass(frozen=True)
class Band:
    """Distances from `from_km` to `to_km` (None: without end) and the euros for both ways."""

    from_km: int
    to_km: int | None
    amount: Fact
    is_green: bool


@lru_cache(maxsize=10_000)
def travel_band(call_year: int, km: int, *, green: bool) -> Band | None:
    """The band of a distance in whole kilometres one way; None below the first and before 2021.

    Where the list has no amount for green travel the standard one holds, and `is_green` is False.
    """
    bands = _holding("travel_bands", call_year)
    starts = [int(row["from_km"]) for row in bands]
    reached = [n for n, start in enumerate(starts) if start <= km]
    if not reached:
        return None
    number = reached[-1]
    row = bands[number]
    is_green = green and bool(row["green"])
    end = starts[number + 1] - 1 if number + 1 < len(starts) else None
    amount = _fact(row, row["green" if is_green else "standard"], call_year)
    return Band(starts[number], end, amount, is_green)


@cache
def country_group(call_year: int, country: str) -> Fact | None:
    """The group (1 to 3) of a receiving country; None where the lists do not have it."""
    for row in _holding("country_groups", call_year):
        if row["country"] == country:
            return _fact(row, row["group"], call_year)
    return None


def countries_of(call_year: int, group: int) -> list[str]:
    """The receiving countries of a group; none before 2021."""
    known = _holding("country_groups", call_year)
    return [row["country"] for row in known if row["group"] == str(group)]


@cache
def rule(code: str) -> Fact:
    """A rule for days. Raises KeyError for a code that the list does not have."""
    row = {row["code"]: row for row in rows("support_rules")}[code]
    return _fact(row, row["value"])


def call_year_of(first_day: datetime.date) -> int:
    """The Erasmus+ call that most likely pays for stays from that day on."""
    month = rule("CALL_YEAR_FROM_MONTH").value
    return first_day.year if first_day.month >= month else first_day.year - 1


@cache
def rows(name: str) -> tuple[Row, ...]:
    """The rows of a list, in the order of the file; the first column is the code."""
    lines = (files("api") / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return tuple(csv.DictReader(lines))


def _holding(name: str, call_year: int) -> list[Row]:
    """The rows of the newest version of a list that had begun by then."""
    begun = {int(row["from_call_year"]) for row in rows(name)}
    newest = max((year for year in begun if year <= call_year), default=None)
    return [row for row in rows(name) if int(row["from_call_year"]) == newest]


def _fact(row: Row, value: str, call_year: int = 0) -> Fact:
    """A value for a call. A list without call years holds for all of them."""
    from_year, read_to = row.get("from_call_year"), row.get("read_to_call_year")
    return Fact(
        value=int(value), call_year=int(from_year) if from_year else None,
        carried_over=read_to is not None and call_year > int(read_to), source=row["source"],
        checked_on=datetime.date.fromisoformat(row["checked_on"]), certainty=row["certainty"],
    )  # fmt: skip
