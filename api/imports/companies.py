"""Rows of companies: by region and key."""

import uuid

import models
from api.imports.cells import shown
from api.imports.columns import Noun
from api.imports.lines import Line, read_line_of, values_of
from api.imports.tables import Table
from api.imports.work import Host, Work
from api.services.contact_languages import of_country
from api.services.judging import unknown_sector
from matcher.vocabulary import default_reference


def plan_companies(work: Work, table: Table) -> None:
    """Compare every row with the company of its region and key."""
    first: dict[tuple[uuid.UUID, str], int] = {}
    for number, raw in table.rows:
        line = read_line_of(Noun.COMPANIES, (table.sheet, number), raw, work.problems)
        region, key = work.region_of(line), line.get("key")
        if region is not None and not work.may_change(region.id):
            work.not_yours(line, "region")
            continue
        if region is None or key is None:
            values_of(line, None, work.problems)
            continue
        if (region.id, key) in first:
            row = first[region.id, key]
            work.problems.say(line, "key", "key_twice", "company_once", code=shown(key), row=row)
            continue
        first[region.id, key] = number
        _plan_company(work, line, region, key)


def _plan_company(work: Work, line: Line, region: models.Region, key: str) -> None:
    existing = work.companies.get((region.id, key))
    values = of_country(values_of(line, existing, work.problems), region.country)
    sector = values["sector"]
    if "sector" not in line.faulty and unknown_sector(sector):
        near = work.hint(sector, list(default_reference().codes("sectors")))
        right = "meant" if near else ""
        work.problems.say(line, "sector", "no_sector", right, code=shown(sector), meant=near)
    identity = existing.id if existing else work.caller.new_id()
    work.hosts.add(Host(identity, region, key, values["town"], existing is None))
    changed = work.change(models.Company, identity, existing, {"region_id": region.id, **values})
    if existing and changed:
        work.touch("company", identity)
    work.row(line, existing, changed)
