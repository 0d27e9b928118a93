"""Rows of offers: by company and key; rows with the same key are windows of one offer."""

import uuid
from collections.abc import Mapping
from typing import Any

import models
from api import store
from api.imports.cells import TEXT, Cell, CellError, blank, shown
from api.imports.columns import COLUMNS, OF_WINDOW, Noun
from api.imports.lines import check_site, read_line_of, together, values_of, with_kept_codes
from api.imports.sites import Workplaces
from api.imports.tables import Table
from api.imports.windows import plan_windows
from api.imports.work import Host, Work
from models import OfferStatus

BY_HAND = (OfferStatus.PAUSED, OfferStatus.CLOSED)
"""How an offer stands after somebody's decision, which no file undoes."""

Raw = tuple[int, Mapping[str, Cell]]


def plan_offers(work: Work, table: Table) -> None:
    """Compare every offer with that of its company and key, and its windows by their dates."""
    groups = [_Group(work, table.sheet, rows) for rows in _grouped(table)]
    hosts = {group.host.id for group in groups if group.host and not group.host.is_new}
    known = _Known(work, hosts)
    first: dict[tuple[uuid.UUID, str], int] = {}
    for group in groups:
        key = group.line.get("key")
        if group.host and key:
            before = first.setdefault((group.host.id, key), group.line.number)
            if before != group.line.number:
                work.problems.say(
                    group.line, "key", "offer_twice", "region_alike", code=shown(key), row=before
                )
                continue
        group.plan(known)
    known.workplaces.plan()


def _grouped(table: Table) -> list[list[Raw]]:
    """Rows of the same offer together; one without company or key stands alone."""
    groups: dict[Any, list[Raw]] = {}
    regions: dict[tuple[str, str], list[str]] = {}
    for number, raw in table.rows:
        names = [_name(raw.get(column)) for column in ("region", "company", "key")]
        region, company, key = names
        if not company or not key:
            groups[number] = [(number, raw)]
            continue
        known = regions.setdefault((company, key), [])
        if not region and known:
            region = known[0]
        if region not in known:
            known.append(region)
        groups.setdefault((region, company, key), []).append((number, raw))
    return list(groups.values())


def _name(cell: Cell) -> str:
    try:
        return "" if blank(cell) else str(TEXT.read(cell))
    except CellError:
        return ""


class _Known:
    """The workplaces, offers and windows of the companies that the file names."""

    def __init__(self, work: Work, companies: set[uuid.UUID]) -> None:
        sites = store.imports.sites_of(work.session, companies)
        offers = store.imports.offers_at(work.session, [site.id for site in sites])
        self.site_by_id = {site.id: site for site in sites}
        self.workplaces = Workplaces(work, sites)
        self.offers: dict[tuple[uuid.UUID, str], list[models.Offer]] = {}
        for offer in offers:
            company = self.site_by_id[offer.site_id].company_id
            self.offers.setdefault((company, offer.key), []).append(offer)
        self.windows: dict[uuid.UUID, list[models.OfferWindow]] = {}
        ids = [offer.id for offer in offers]
        for window in store.imports.windows_of(work.session, ids, lock=work.lock):
            self.windows.setdefault(window.offer_id, []).append(window)


class _Group:
    """The rows of one offer."""

    def __init__(self, work: Work, sheet: str, rows: list[Raw]) -> None:
        self.work = work
        (number, raw), *further = rows
        self.line = read_line_of(Noun.OFFERS, (sheet, number), raw, work.problems)
        self.further = [
            read_line_of(Noun.OFFERS, (sheet, n), cells, work.problems, only=OF_WINDOW)
            for n, cells in further
        ]
        self.host = self._host()

    def plan(self, known: _Known) -> None:
        """Check the rows, and plan what changes."""
        work, line = self.work, self.line
        key = line.get("key")
        existing = self._existing(known, key)
        values = values_of(line, existing, work.problems)
        check_site(line, work.problems)
        for column, told in together(line, values):
            work.problems.add(line, column, told)
        work.engine.offer(line, values, self.host.region if self.host else None)
        self._same_in_all()
        if self.host is None or key is None:
            plan_windows(work, None, [line, *self.further], [])
            return
        identity = existing.id if existing else work.caller.new_id()
        site_id, changed = self._site(known, self.host, existing)
        whole = {
            "site_id": site_id,
            "status": self._status(existing),
            **with_kept_codes(values, existing),
        }
        of_offer = work.change(models.Offer, identity, existing, whole)
        changed += [("site" if name == "site_id" else name) for name in of_offer]
        changed += plan_windows(
            work, identity, [line, *self.further], known.windows.get(identity, [])
        )
        if existing is None:
            name = store.imports.OfferName(identity, self.host.region.id, self.host.key, key)
            work.new_offers.append(name)
        elif changed:
            work.touch("offer", identity)
        work.row(line, existing, changed)

    def _host(self) -> Host | None:
        """The company that the row names; told if there is none that the caller may change."""
        work, line = self.work, self.line
        region, key = work.region_of(line), line.get("company")
        if key is None or (region is None and "region" in line.faulty):
            return None
        found = [host for host in work.hosts.of(key) if region in (None, host.region)]
        mine = [host for host in found if work.may_change(host.region.id)]
        if len(mine) == 1:
            return mine[0]
        if mine:
            codes = sorted(host.region.code for host in mine)
            work.problems.say(
                line, "region", "company_in_regions", "one_of", code=shown(key), words=codes
            )
        elif found or (region is not None and not work.may_change(region.id)):
            work.not_yours(line, "company")
        else:
            own = [host.key for host in work.hosts if work.may_change(host.region.id)]
            near = work.hint(key, own)
            right = "meant" if near else "add_company"
            work.problems.say(line, "company", "no_company", right, code=shown(key), meant=near)
        return None

    def _existing(self, known: _Known, key: str | None) -> models.Offer | None:
        """The offer of this company and key; where it has several, the one at this site."""
        if self.host is None or key is None:
            return None
        found = known.offers.get((self.host.id, key), [])
        if len(found) < 2:
            return found[0] if found else None
        names = {known.site_by_id[offer.site_id].name: offer for offer in found}
        chosen = names.get(self.line.get("site") or "")
        if chosen is None:
            sites = sorted(names)
            self.work.problems.say(self.line, "site", "offer_at_sites", "one_of", words=sites)
        return chosen

    def _same_in_all(self) -> None:
        for line in self.further:
            for column in COLUMNS[Noun.OFFERS]:
                name = column.name
                if name in OF_WINDOW or line.get(name) is None or name in self.line.faulty:
                    continue
                if line.get(name) != self.line.get(name):
                    row = self.line.number
                    self.work.problems.say(line, name, "other_offer_row", "same_or_empty", row=row)

    def _site(
        self, known: _Known, host: Host, existing: models.Offer | None
    ) -> tuple[uuid.UUID, list[str]]:
        """The workplace, and which of its columns change."""
        before = known.site_by_id[existing.site_id].name if existing else host.town
        return known.workplaces.of(self.line, host, self.line.get("site") or before)

    def _status(self, existing: models.Offer | None) -> OfferStatus:
        wanted = self.line.get("status")
        if existing is not None and (wanted is None or existing.status in BY_HAND):
            return existing.status
        return OfferStatus(wanted or OfferStatus.DRAFT)
