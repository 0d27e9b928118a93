"""What one consents to, in words, and from which age one's own consent is enough: two lists.

`consent_texts.csv` has the texts, a row for each version and language; a version is never changed,
a new one gets a new number. `consent_ages.csv` has the ages of GDPR art. 8 by country, each with
its source and how certain it is. That article is about services on the internet; the alliance
takes its age for these consents too, and a partner who is told otherwise changes the row.
"""

import csv
import datetime
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ELSEWHERE = "ANY"
"""The row of countries that have none of their own."""


@dataclass(frozen=True)
class ConsentText:
    """A text in one language, and from which day on it is used."""

    version: int
    language: str
    text: str
    since: datetime.date
    source: str


@cache
def texts() -> tuple[ConsentText, ...]:
    """Every text, the newest version first."""
    found = [
        ConsentText(
            int(row["version"]), row["language"], row["text"],
            datetime.date.fromisoformat(row["since"]), row["source"],
        )
        for row in _rows("consent_texts.csv")
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda text: (-text.version, text.language)))


def text_of(version: int, language: str) -> ConsentText | None:
    """The text of a version in a language."""
    for text in texts():
        if (text.version, text.language) == (version, language):
            return text
    return None


def newest(today: datetime.date) -> int:
    """The version that is used now."""
    return max((text.version for text in texts() if text.since <= today), default=0)


def own_from(countries: Collection[str]) -> int:
    """The age from which somebody's own consent is enough: the highest of these countries."""
    ages = _ages()
    return max(ages.get(country, ages[ELSEWHERE]) for country in countries)


@cache
def _ages() -> dict[str, int]:
    return {row["country"]: int(row["age"]) for row in _rows("consent_ages.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    lines = (files("api") / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines))
