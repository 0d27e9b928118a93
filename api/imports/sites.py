"""The workplaces that rows of offers name: all rows must say the same of one."""

import uuid
from dataclasses import dataclass, field

import models
from api.imports.lines import Line
from api.imports.work import Host, Work

FIELDS = {"site_town": "town", "site_address": "address"}
"""Columns of an offer's row that are fields of its workplace."""


@dataclass
class Workplace:
    """One workplace: as the database has it, and what rows say of it (with their numbers)."""

    id: uuid.UUID
    host: Host
    name: str
    existing: models.Site | None
    said: dict[str, tuple[str, int]] = field(default_factory=dict)


class Workplaces:
    """All workplaces of the companies that a file names."""

    def __init__(self, work: Work, sites: list[models.Site]) -> None:
        self.work = work
        self.known = {(site.company_id, site.name): site for site in sites}
        self.named: dict[tuple[uuid.UUID, str], Workplace] = {}

    def of(self, line: Line, host: Host, name: str) -> tuple[uuid.UUID, list[str]]:
        """The id of the workplace of a row, and which columns of it change."""
        found = self._workplace(host, name)
        for column in FIELDS:
            text = line.get(column)
            if text is None:
                continue
            said, number = found.said.setdefault(column, (text, line.number))
            if said != text:
                self.work.problems.say(line, column, "other_site_row", "same_in_both", row=number)
        if found.existing is None:
            return found.id, []
        given = ((c, name, line.get(c)) for c, name in FIELDS.items())
        changed = [
            c for c, name, text in given if text not in (None, getattr(found.existing, name))
        ]
        if changed:
            self.work.touch("company", host.id)
        return found.id, changed

    def plan(self) -> None:
        """Plan the workplaces that are new or change, once every row has been heard."""
        for found in self.named.values():
            said = {FIELDS[column]: text for column, (text, _) in found.said.items()}
            if found.existing is None:
                begin = {"town": found.host.town, "address": ""}
                whole = {"company_id": found.host.id, "name": found.name, **begin, **said}
                self.work.change(models.Site, found.id, None, whole)
            else:
                self.work.change(models.Site, found.id, found.existing, said)

    def _workplace(self, host: Host, name: str) -> Workplace:
        place = host.id, name
        if place not in self.named:
            existing = self.known.get(place)
            identity = existing.id if existing else self.work.caller.new_id()
            self.named[place] = Workplace(identity, host, name, existing)
        return self.named[place]
