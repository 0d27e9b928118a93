"""Readers of the lists from which demo people, companies and large problems are drawn."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from matcher.vocabulary import default_reference, unit_group

REGIONS: dict[str, str] = {
    "castilla-y-leon": "ES",
    "portugal": "PT",
    "savonlinna": "FI",
    "paderborn": "DE",
    "lublin": "PL",
}
"""The five partner regions and their countries."""

HOST_LANGUAGE = {"ES": "es", "PT": "pt", "FI": "fi", "DE": "de", "PL": "pl"}
"""The language of work in each partner country."""


@dataclass(frozen=True)
class Trade:
    """A kind of work that apprentices learn and companies offer; `share` is its frequency."""

    occupation: str
    isced_f: str | None
    share: int
    title: str
    start: str
    end: str
    hours_per_day: float
    days_per_week: int
    level: str
    licences: tuple[str, ...]
    hazards: tuple[str, ...]
    outcomes: tuple[str, ...]


def read_rows(name: str, folder: str = "lists") -> list[dict[str, str]]:
    """The rows of a CSV file of this package."""
    text = (files("seed_data") / folder / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)


@cache
def trades() -> tuple[Trade, ...]:
    """The trades of the four sectors, with the learning outcomes of the reference list."""
    outcomes: dict[str, list[str]] = {}
    for row in default_reference().rows("learning_outcomes"):
        outcomes.setdefault(row["occupation"], []).append(row["en"])
    return tuple(
        Trade(
            occupation=row["occupation"],
            isced_f=row["isced_f"],
            share=int(row["share"]),
            title=row["title"],
            start=row["day_start"],
            end=row["day_end"],
            hours_per_day=float(row["hours_per_day"]),
            days_per_week=int(row["days_per_week"]),
            level=row["languages_level"],
            licences=_several(row["licences"]),
            hazards=_several(row["hazards"]),
            outcomes=tuple(outcomes[row["occupation"]]),
        )
        for row in read_rows("trades.csv")
    )


def esco_trades(path: Path) -> tuple[Trade, ...]:
    """The occupations of an official ESCO occupations CSV that belong to the four sectors.

    Hours, levels and tasks follow the nearest trade of the lists (same unit group, else the
    same minor group, else a plain day of work); the sentences of the description stand for
    learning outcomes. Raises ValueError when the file has not the columns of ESCO.
    """
    facts = default_reference()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"iscoGroup", "preferredLabel", "code"} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path} is no ESCO occupations file: no column {sorted(missing)[0]}")
        rows = [row for row in reader if _in_a_sector(row)]
    near: dict[str, Trade] = {}
    for trade in trades():
        near.setdefault(trade.occupation[:3], trade)
    near |= {trade.occupation: trade for trade in trades()}
    plain = Trade("", None, 1, "", "08:00", "16:30", 8, 5, "A2", (), (), ())
    found = []
    for row in sorted(rows, key=lambda row: row["code"]):
        group = unit_group(row["code"])
        like = near.get(group) or near.get(group[:3]) or plain
        sentences = (row.get("description") or row["preferredLabel"]).split(". ")
        outcomes = tuple(dict.fromkeys(s.strip().rstrip(".") for s in sentences if s.strip()))
        found.append(
            Trade(
                occupation=row["code"],
                isced_f=None,
                share=1,
                title=row["preferredLabel"],
                start=like.start,
                end=like.end,
                hours_per_day=like.hours_per_day,
                days_per_week=like.days_per_week,
                level=like.level,
                licences=like.licences if like.occupation == group else (),
                hazards=like.hazards if like.occupation == group else (),
                outcomes=outcomes[:8],
            )
        )
    if not found:
        raise ValueError(
            f"{path} has no occupation of the sectors {', '.join(facts.codes('sectors'))}"
        )
    return tuple(found)


def _in_a_sector(row: dict[str, str]) -> bool:
    group = default_reference().codes("isco08").get(unit_group(row["code"] or ""))
    return bool(group and group["sector"])
