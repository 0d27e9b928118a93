"""What planning an import works on: what the database holds, what the file adds to it."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.imports.cells import meant, shown
from api.imports.columns import Noun
from api.imports.engine import EngineCheck
from api.imports.lines import COLUMN_OF, Line, Problems
from api.imports.plan import Change, Deed, ImportPlan, PlannedRow
from models.base import ChangingRow

MayChange = Callable[[uuid.UUID], bool]
"""Whether the caller may change what belongs to this region or to this centre."""


MOST_HINTS, MOST_KNOWN = 100, 5000
"""Near words are looked for so often, and among so many: it is slow."""


@dataclass
class Host:
    """A company as offers and people name it: from the database, the file, or both."""

    id: uuid.UUID
    region: models.Region
    key: str
    town: str
    is_new: bool = False


class Hosts:
    """Every company, by its key and by region and key."""

    def __init__(self) -> None:
        self.by_key: dict[str, dict[uuid.UUID, Host]] = {}

    def add(self, host: Host) -> None:
        """Take in a company, or what a file says of it now."""
        self.by_key.setdefault(host.key, {})[host.region.id] = host

    def of(self, key: str) -> list[Host]:
        """The companies with this key, at most one a region."""
        return list(self.by_key.get(key, {}).values())

    def __iter__(self) -> Iterator[Host]:
        for hosts in self.by_key.values():
            yield from hosts.values()


@dataclass
class Work:
    """One import that is planned."""

    session: Session
    caller: Caller
    may_change: MayChange
    lock: bool
    problems: Problems = field(default_factory=Problems)
    changes: list[Change] = field(default_factory=list)
    rows: list[PlannedRow] = field(default_factory=list)
    touched: dict[str, set[uuid.UUID]] = field(default_factory=dict)
    hosts: Hosts = field(default_factory=Hosts)
    new_offers: list[store.imports.OfferName] = field(default_factory=list)
    enrolled: int = 0
    hints_left: int = MOST_HINTS

    def __post_init__(self) -> None:
        """Read what every noun needs."""
        self.engine = EngineCheck(self.problems)
        self.regions = {r.code: r for r in store.rows.every(self.session, models.Region)}
        self.region_by_id = {region.id: region for region in self.regions.values()}
        self.centres = {c.code: c for c in store.rows.every(self.session, models.Centre)}
        companies = store.rows.every(self.session, models.Company)
        self.companies = {(row.region_id, row.key): row for row in companies}
        for row in companies:
            region = self.region_by_id[row.region_id]
            self.hosts.add(Host(row.id, region, row.key, row.town))
        self.busy = store.imports.busy(self.session)

    def region_of(self, line: Line) -> models.Region | None:
        """The region that a row names, if it is there; told if not."""
        return self._by_code(line, "region", self.regions)

    def centre_of(self, line: Line) -> models.Centre | None:
        """The centre that a row names, if it is there; told if not."""
        return self._by_code(line, "centre", self.centres)

    def _by_code(self, line: Line, column: str, known: Mapping[str, Any]) -> Any:
        code = line.get(column)
        if code is None or code in known:
            return known.get(code)
        near = meant(code, known)
        right = "meant" if near else "known_code"
        self.problems.say(line, column, f"no_{column}", right, code=shown(code), meant=near)
        return None

    def hint(self, word: str, known: Sequence[str]) -> str:
        """The known word nearest to this one, for as many words as that takes no time for."""
        self.hints_left -= 1
        return meant(word, known) if self.hints_left >= 0 and len(known) <= MOST_KNOWN else ""

    def not_yours(self, line: Line, column: str) -> None:
        """The row is somebody else's."""
        self.problems.say(line, column, "not_yours", "take_row_out")

    def change(
        self,
        table: type[ChangingRow],
        identity: uuid.UUID,
        existing: ChangingRow | models.Needs | None,
        values: Mapping[str, Any],
    ) -> tuple[str, ...]:
        """Plan one row of a table; the fields that change, all of them in a new row."""
        if existing is not None:
            values = {n: v for n, v in values.items() if getattr(existing, n) != v}
        if existing is None or values:
            self.changes.append(Change(table, identity, existing, dict(values)))
        return tuple(values)

    def row(self, line: Line, existing: object | None, changed: Iterable[str]) -> None:
        """Say what becomes of a row of the file."""
        names = [COLUMN_OF[line.noun].get(name, name) for name in changed]
        deed = Deed.CREATED if existing is None else Deed.UPDATED if names else Deed.UNCHANGED
        columns = tuple(dict.fromkeys(names)) if deed is Deed.UPDATED else ()
        key = str(line.get("key"))
        self.rows.append(PlannedRow(line.noun, line.sheet, line.number, key, deed, columns))

    def touch(self, table: str, identity: uuid.UUID) -> None:
        """Something that a live proposal or a placement may rest on changes."""
        busy = {
            "apprentice": self.busy.apprentices,
            "company": self.busy.companies,
            "offer": self.busy.offers,
        }[table]
        if identity in busy:
            self.touched.setdefault(table, set()).add(identity)

    def plan(self) -> ImportPlan:
        """Everything together, in the order of sheets and rows."""
        order = {noun: n for n, noun in enumerate(Noun)}
        problems = sorted(set(self.problems.found), key=lambda one: one.order)
        wrong = {(problem.sheet, problem.row) for problem in problems}
        good = [row for row in self.rows if (row.sheet, row.row) not in wrong]
        return ImportPlan(
            problems=tuple(problems),
            rows=tuple(sorted(good, key=lambda row: (order[row.noun], row.row))),
            changes=tuple(self.changes),
            changed_ids={table: tuple(sorted(ids)) for table, ids in sorted(self.touched.items())},
            enrolled=self.enrolled,
        )
