"""Rows as the engine reads them, and its faults in the words of the template's columns."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import models
from api.faults import Fault
from api.imports.columns import COLUMNS
from api.imports.lines import COLUMN_OF, STAND_INS, Line, Problems
from api.services.judging import (
    OF_HOURS,
    SOMEWHERE,
    as_apprentice,
    as_offer,
    built,
    contradictions,
)
from matcher.problem import Apprentice, Offer

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
        content = as_apprentice(
            str(len(self.apprentices)), _good(line, values), _home(home), needs,
            fewer_opportunities=fewer_opportunities,
        )  # fmt: skip
        found = self._built(Apprentice, line, content)
        if found is not None:
            self.apprentices.append((line, found))

    def offer(self, line: Line, values: Mapping[str, Any], home: models.Region | None) -> None:
        """Take in an offer's row with its window."""
        dates = {name: line.get(name) for name in ("available_from", "available_to")}
        values = _good(line, {**values, **dates})
        window = {**values, "places": line.get("places") or 0, "reserved": 0}
        content = as_offer(str(len(self.offers)), values, window, _home(home))
        found = self._built(Offer, line, content)
        if found is not None:
            self.offers.append((line, found))

    def ask(self, today: datetime.date) -> None:
        """Tell what no list of the engine has."""
        lines = {
            "apprentices": [line for line, _ in self.apprentices],
            "offers": [line for line, _ in self.offers],
        }
        people, offers = [row for _, row in self.apprentices], [row for _, row in self.offers]
        for noun, number, field, found in contradictions(today, people, offers):
            line = lines[noun][number]
            self._say(line, COLUMN_OF[line.noun].get(field, field), found)

    def _built(self, kind: Any, line: Line, content: dict[str, Any]) -> Any:
        found, faults = built(kind, content)
        for field, told in faults:
            # how cells fit together was told before, in better words
            if field or not line.faulty:
                self._say(line, COLUMN_OF[line.noun].get(field, field), told)
        return found

    def _say(self, line: Line, column: str, told: Fault) -> None:
        """One fault; a column can have several. Columns told before hold good values here."""
        has_codes = any(c.name == column and c.kind.codes for c in COLUMNS[line.noun])
        if has_codes and not told.right:
            told = replace(told, right="codes_sheet")
        self.problems.add(line, column, told)


def _home(region: models.Region | None) -> tuple[str, str]:
    return (region.country, region.code) if region else SOMEWHERE
