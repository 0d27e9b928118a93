"""Rows as the engine reads them, and its faults in the words of the template's columns."""

import datetime
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

import models
from api.imports.columns import COLUMNS
from api.imports.lines import COLUMN_OF, OF_HOURS, STAND_INS, Line, Problems
from api.services.problems import OF_APPRENTICES, OF_OFFERS
from matcher.problem import Apprentice, Offer, Problem
from matcher.reading import describe, inconsistencies

SOMEWHERE = ("ES", "somewhere")
"""Country and region of a row whose own are not known."""

IN_ENGINE: dict[tuple[str, ...], str] = {
    ("days", "min"): "days_min",
    ("days", "ideal"): "days_ideal",
    ("days", "max"): "days_max",
    ("hours", "start"): "hours_start",
    ("hours", "end"): "hours_end",
    ("hours", "per_day"): "hours_per_day",
    ("hours", "days_per_week"): "days_per_week",
}
"""Columns that the engine calls otherwise."""


TOGETHER = (
    ("days_min", "days_ideal", "days_max"),
    ("available_from", "available_to", "birth_date"),
    OF_HOURS,
)
"""Columns that are good or bad together: with one wrong, the engine gets stand-ins for all."""


def _good(line: Line, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row as far as they are right, so that the engine looks at all of those."""
    wrong = set(line.faulty)
    for group in TOGETHER:
        if wrong.intersection(group):
            wrong.update(group)
    columns, stand_ins = COLUMN_OF[line.noun], STAND_INS[line.noun]
    return {
        name: stand_ins.get(name) if columns.get(name) in wrong else value
        for name, value in values.items()
    }


class EngineCheck:
    """Collects rows, and asks the engine about all of them."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.apprentices: list[tuple[Line, Apprentice]] = []
        self.offers: list[tuple[Line, Offer]] = []

    def apprentice(
        self,
        line: Line,
        values: Mapping[str, Any],
        home: models.Region | None,
        needs: Mapping[str, str],
        *,
        fewer_opportunities: bool,
    ) -> None:
        """Take in an apprentice's row."""
        values = _good(line, values)
        country, region = (home.country, home.code) if home else SOMEWHERE
        days = {name: values[f"days_{name}"] for name in ("min", "ideal", "max")}
        content = {
            "id": str(len(self.apprentices)), "country": country, "region": region,
            "days": days, "needs": needs, "fewer_opportunities": fewer_opportunities,
            **{name: values[name] for name in OF_APPRENTICES},
        }  # fmt: skip
        found = self._built(Apprentice, line, content)
        if found is not None:
            self.apprentices.append((line, found))

    def offer(self, line: Line, values: Mapping[str, Any], home: models.Region | None) -> None:
        """Take in an offer's row with its window."""
        window = {name: line.get(name) for name in ("available_from", "available_to")}
        values = _good(line, {**values, **window})
        country, region = (home.country, home.code) if home else SOMEWHERE
        content: dict[str, Any] = {
            "id": str(len(self.offers)), "company": f"company in {region}", "country": country,
            "region": region,
            **{name: values[name] for name in window},
            "places": line.get("places") or 0,
            "days": {name: values[f"days_{name}"] for name in ("min", "max")},
            **{name: values[name] for name in OF_OFFERS},
        }  # fmt: skip
        hours = [values[name] for name in OF_HOURS]
        if None not in hours:
            names = ("start", "end", "per_day", "days_per_week")
            content["hours"] = dict(zip(names, hours, strict=True))
        found = self._built(Offer, line, content)
        if found is not None:
            self.offers.append((line, found))

    def ask(self, today: datetime.date) -> None:
        """Tell what no list of the engine has."""
        problem = Problem.model_construct(
            today=today,
            apprentices=tuple(row for _, row in self.apprentices),
            offers=tuple(row for _, row in self.offers),
        )
        lines = {
            "apprentices": [line for line, _ in self.apprentices],
            "offers": [line for line, _ in self.offers],
        }
        for fault in inconsistencies(problem):
            found = re.match(r"(apprentices|offers)\[(\d+)\]\.(\w+)[^:]*: (.*)", fault, re.DOTALL)
            if found:
                line = lines[found[1]][int(found[2])]
                self._say(line, COLUMN_OF[line.noun].get(found[3], found[3]), found[4])

    def _built(self, kind: Any, line: Line, content: dict[str, Any]) -> Any:
        try:
            return kind.model_validate(content)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                place = tuple(str(step) for step in detail["loc"])
                if place[:1] in ((), ("days",), ("hours",)) and len(place) < 2:
                    # how cells fit together was told before, in better words
                    if not line.faulty:
                        self._say(line, "", "does not fit together for the engine")
                    continue
                name = IN_ENGINE.get(place[:2], place[0])
                told = describe({**detail, "loc": ()}, "").removeprefix(": ")
                self._say(line, COLUMN_OF[line.noun].get(name, name), told)
            return None

    def _say(self, line: Line, column: str, told: str) -> None:
        """One fault; a column can have several. Columns told before hold good values here."""
        near = re.search(r" \(did you mean '(.*)'\?\)$", told)
        what, right = (told[: near.start()], near[1]) if near else (told, "")
        if not right and any(c.name == column and c.kind.codes for c in COLUMNS[line.noun]):
            right = "a code of the template's sheet 'codes'"
        self.problems.say(line, column, what, right)
