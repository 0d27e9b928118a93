"""Rows of apprentices: by centre and key, with what they need, wish and take part in."""

import uuid
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

import models
from api import store
from api.imports.cells import shown
from api.imports.columns import Noun
from api.imports.lines import (
    Line,
    of_shape,
    read_line_of,
    together,
    values_of,
    with_kept_codes,
)
from api.imports.tables import Table
from api.imports.work import Work
from api.services.contact_languages import of_country
from models import EnrolmentStatus, GuardianFields


def plan_apprentices(work: Work, table: Table, call: models.Call | None) -> None:
    """Compare every row with the apprentice of its centre and key."""
    planner = _Planner(work, call)
    lines = [
        read_line_of(Noun.APPRENTICES, (table.sheet, number), raw, work.problems)
        for number, raw in table.rows
    ]
    placed = [(line, work.centre_of(line)) for line in lines]
    mine = []
    for line, centre in placed:
        if centre is not None and not work.may_change(centre.id):
            work.not_yours(line, "centre")
        else:
            mine.append((line, centre))
    planner.look_up({centre.id for _, centre in mine if centre})
    for line, centre in mine:
        planner.plan(line, centre)


class _Planner:
    """What the database knows of the people of the centres that the file names."""

    def __init__(self, work: Work, call: models.Call | None) -> None:
        self.work, self.call = work, call
        self.unreadable: dict[uuid.UUID, uuid.UUID] = {}
        self.first: dict[tuple[uuid.UUID, str], int] = {}
        self.offers: dict[str, list[store.imports.OfferName]] = {}
        for offer in [*store.imports.offer_names(work.session), *work.new_offers]:
            self.offers.setdefault(offer.key, []).append(offer)

    def look_up(self, centres: set[uuid.UUID]) -> None:
        """Read the people of these centres."""
        session = self.work.session
        people = store.imports.apprentices_of(session, centres)
        self.known = {(row.centre_id, row.key): row for row in people}
        rows = store.imports.needs_of(session, centres)
        needs, unreadable = store.sealed.needs_of(session, "import", rows)
        self.needs = {record.apprentice_id: record for record in needs}
        self.unreadable = unreadable
        guardians = store.imports.guardians_of(session, centres)
        self.guardians = {(row.apprentice_id, row.name): row for row in guardians}
        self.enrolled = store.imports.enrolled(session, self.call.id) if self.call else set()

    def plan(self, line: Line, centre: models.Centre | None) -> None:
        """Check one row, and plan what changes."""
        work, key = self.work, line.get("key")
        if centre is not None and key is not None:
            before = self.first.setdefault((centre.id, key), line.number)
            if before != line.number:
                work.problems.say(
                    line, "key", "key_twice", "person_once", code=shown(key), row=before
                )
                return
        existing = self.known.get((centre.id, key)) if centre and key else None
        if existing is not None and existing.id in self.unreadable:
            work.problems.say(line, "key", "needs_unreadable", "row_out_needs")
            return
        values = with_kept_codes(values_of(line, existing, work.problems), existing)
        values |= self._references(line)
        home = work.region_by_id[centre.region_id] if centre else None
        country = home.country if home else ""
        values = of_country(values, country)
        needs = self._needs(line, existing)
        for column, told in together(line, values):
            work.problems.add(line, column, told)
        work.engine.apprentice(
            line, values, home, needs["needs"], fewer_opportunities=needs["fewer_opportunities"]
        )
        if centre is None or key is None:
            return
        if (
            existing is not None
            and existing.id in work.busy.apprentices
            and values["activity"] != existing.activity
        ):
            code = existing.activity
            work.problems.say(line, "activity", "activity_fixed", "as_it_is", code=code)
        self._plan_rows(line, existing, {"centre_id": centre.id, **values}, needs, country)

    def _plan_rows(
        self,
        line: Line,
        existing: models.Apprentice | None,
        values: Mapping[str, Any],
        needs: Mapping[str, Any],
        country: str,
    ) -> None:
        work = self.work
        identity = existing.id if existing else work.caller.new_id()
        changed = list(work.change(models.Apprentice, identity, existing, values))
        known = self.needs.get(identity)
        if known is not None or any(needs.values()):
            row_id = known.id if known else work.caller.new_id()
            whole = {"apprentice_id": identity, **needs}
            names = work.change(models.SupportNeeds, row_id, known, whole)
            changed += [name for name in names if name in needs and (known or needs[name])]
        if existing and changed:
            work.touch("apprentice", identity)
        changed += self._plan_guardian(line, identity, country)
        if self.call is not None and identity not in self.enrolled:
            status = EnrolmentStatus(line.get("enrolment") or EnrolmentStatus.APPLIED)
            enrolment = {"call_id": self.call.id, "apprentice_id": identity, "status": status}
            work.change(models.Enrolment, work.caller.new_id(), None, enrolment)
            work.enrolled += 1
        work.row(line, existing, changed)

    def _plan_guardian(self, line: Line, identity: uuid.UUID, country: str) -> list[str]:
        """Who answers for the person, and which columns of that change."""
        given = {name: line.get(f"guardian_{name}") for name in GuardianFields.model_fields
                 if f"guardian_{name}" in line.cells}  # fmt: skip
        if given.get("name") is None:
            for name in [name for name, value in given.items() if value is not None]:
                column = f"guardian_{name}"
                self.work.problems.say(line, column, "guardian_unnamed", "guardian_name")
            return []
        try:
            GuardianFields.model_validate(given)
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_input=False):
                column = f"guardian_{detail['loc'][0]}"
                self.work.problems.add(line, column, of_shape(detail))
            return []
        existing = self.guardians.get((identity, given["name"]))
        row_id = existing.id if existing else self.work.caller.new_id()
        whole = {"apprentice_id": identity, **({} if existing else {"language": None}), **given}
        whole = of_country(whole, country)
        changed = self.work.change(models.Guardian, row_id, existing, whole)
        return [f"guardian_{name}" for name in changed if existing or given.get(name)]

    def _needs(self, line: Line, existing: models.Apprentice | None) -> dict[str, Any]:
        """What the person needs: as the row says, else as it is known."""
        known = self.needs.get(existing.id) if existing else None
        found: dict[str, Any] = {
            "needs": known.needs if known else {},
            "fewer_opportunities": known.fewer_opportunities if known else False,
        }
        for name, nothing in (("needs", {}), ("fewer_opportunities", False)):
            if name in line.cells:
                found[name] = line.cells[name] or nothing
        return found

    def _references(self, line: Line) -> dict[str, Any]:
        """Ids of the companies and offers that the row names by their keys."""
        found: dict[str, Any] = {}
        if "excluded_companies" in line.cells:
            keys = line.get("excluded_companies") or []
            ids = [self._company(line, key) for key in keys]
            found["excluded_companies"] = [str(i) for i in dict.fromkeys(ids) if i]
        if "interest" in line.cells:
            wishes = line.get("interest") or {}
            shares = [(self._offer(line, key), share) for key, share in wishes.items()]
            found["interest"] = {str(i): share for i, share in shares if i}
        return found

    def _company(self, line: Line, reference: str) -> uuid.UUID | None:
        region, _, key = reference.rpartition("/")
        hosts = self.work.hosts.of(key)
        found = [host for host in hosts if not region or host.region.code == region]
        names = [f"{host.region.code}/{key}" for host in found]
        return self._one(line, "excluded_companies", reference, [h.id for h in found], names)

    def _offer(self, line: Line, reference: str) -> uuid.UUID | None:
        *above, key = reference.split("/")
        code_of = self.work.region_by_id
        found = {
            offer.id: [code_of[offer.region_id].code, offer.company]
            for offer in self.offers.get(key, [])
        }
        fitting = {i: names for i, names in found.items() if names[2 - len(above) :] == above}
        if not above:
            fitting = found
        names = ["/".join([*names, key]) for names in fitting.values()]
        return self._one(line, "interest", reference, list(fitting), names)

    def _one(
        self, line: Line, column: str, reference: str, ids: list[uuid.UUID], names: list[str]
    ) -> uuid.UUID | None:
        if len(ids) == 1:
            return ids[0]
        say, code = self.work.problems.say, shown(reference)
        noun = "company" if column == "excluded_companies" else "offer"
        if ids:
            say(line, column, f"{noun}_not_one", "one_of", code=code, words=names[:5])
        else:
            near = self._near(column, reference)
            right = "meant" if near else "known_key"
            say(line, column, f"no_{noun}", right, code=code, meant=near)
        return None

    def _near(self, column: str, reference: str) -> str:
        key = reference.rpartition("/")[2]
        companies = column == "excluded_companies"
        known = list(self.work.hosts.by_key if companies else self.offers)
        return self.work.hint(key, known)
