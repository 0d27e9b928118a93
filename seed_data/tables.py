"""The demo alliance as rows of the service's tables."""

import datetime
import uuid
from collections.abc import Callable
from importlib.resources.abc import Traversable
from itertools import product
from typing import Any

import models
from models.base import Row
from seed_data.demo import FOLDER, RESERVE, SEED, TODAY, Cells, demo_cells
from seed_data.lists import read_rows

CALL_PERIOD = datetime.date(2027, 2, 1), datetime.date(2027, 8, 31)
"""The first and last day of the demo's stays."""

DEMO_DOMAIN = "demo.invalid"
"""Addresses of the demo's accounts end with it; no mail ever reaches it (RFC 2606)."""

DEMO_PASSWORD = "five regions, one demo"  # noqa: S105  # known to everybody, kept to this machine
"""Of every demo account."""

DEMO_CALL = "demo-2027"

DEMO_CENTRE, DEMO_COMPANY, DEMO_APPRENTICE = "zstk-lublin", "leipomo-kylakalakukko", "pl-lublin-13"
"""Whose accounts there are besides those of the offices."""

APPRENTICE_COLUMNS = frozenset(models.ApprenticeFields.model_fields)
OFFER_COLUMNS = frozenset(models.OfferFields.model_fields)


Made = Row | models.Needs | models.NeedAccepted
"""A row, or what is sealed when it is stored."""


def demo_rows(
    new_id: Callable[[], uuid.UUID], now: datetime.datetime, folder: Traversable = FOLDER
) -> list[Made]:
    """The rows of the demo alliance, each after those that it points to.

    Everybody is selected in one call that closes the day before the demo plays; it funds a
    stay for everybody. Raises ProblemError as `demo_problem` does.
    """
    return _Rows(demo_cells(folder), new_id, now).made


def demo_accounts(
    rows: list[Made], new_id: Callable[[], uuid.UUID], now: datetime.datetime, password_hash: str
) -> list[Row]:
    """An account for the admin and the coordinator of each region, and for one of each other role.

    They are named after their region, or their role: `paderborn@`, `apprentice@`. The apprentice
    is 17, and has a guardian; the company is a bakery.
    """
    chosen: dict[type[Any], tuple[models.Role, str]] = {
        models.Centre: (models.Role.CENTRE, DEMO_CENTRE),
        models.Company: (models.Role.COMPANY, DEMO_COMPANY),
        models.Apprentice: (models.Role.APPRENTICE, DEMO_APPRENTICE),
    }
    scopes: list[tuple[str, models.Role, str, uuid.UUID]] = []
    guardians: list[Row] = []
    for row in rows:
        if isinstance(row, models.Region):
            scopes.append((row.code, models.Role.COORDINATOR, "region_id", row.id))
        role, key = chosen.get(type(row), (None, ""))
        if role is None or key not in (getattr(row, "key", ""), getattr(row, "code", "")):
            continue
        scopes.append((str(role), role, f"{role}_id", row.id))
        if isinstance(row, models.Apprentice):
            guardian = models.Guardian(
                id=new_id(), created_at=now, changed_at=now, apprentice_id=row.id,
                name="Danuta Demo", email=f"guardian@{DEMO_DOMAIN}", language=row.language,
            )  # fmt: skip
            guardians.append(guardian)
            scopes.append(("guardian", models.Role.GUARDIAN, "guardian_id", guardian.id))
    made: list[Row] = [
        *guardians,
        models.User(
            id=new_id(), created_at=now, changed_at=now, name="admin", role=models.Role.ADMIN,
            email=f"admin@{DEMO_DOMAIN}", password_hash=password_hash,
        )
    ]  # fmt: skip
    made += [
        models.User(
            id=new_id(), created_at=now, changed_at=now, name=name, role=role,
            email=f"{name}@{DEMO_DOMAIN}", password_hash=password_hash, **_scope(column, scope),
        )
        for name, role, column, scope in scopes
    ]  # fmt: skip
    return made


def _scope(column: str, scope: uuid.UUID) -> dict[str, Any]:
    return {column: scope}


class _Rows:
    """Makes rows one noun after another, and knows the ids that the files' codes stand for."""

    def __init__(
        self, cells: Cells, new_id: Callable[[], uuid.UUID], now: datetime.datetime
    ) -> None:
        self.cells, self.new_id, self.now = cells, new_id, now
        self.made: list[Made] = []
        self.regions = {row["code"]: self._region(row) for row in cells["regions"]}
        self.countries = {row.id: row.country for row in self.regions.values()}
        self.admin = self._add(models.User, name="Demo", role=models.Role.ADMIN)
        self.sites: dict[str, models.Site] = {}
        self.companies = {row["code"]: self._company(row) for row in cells["companies"]}
        self.offers = {row["id"]: self._offer(row) for row in cells["offers"]}
        self.windows = {row["id"]: self._window(row) for row in cells["offers"]}
        self.centres = {row["code"]: self._centre(row) for row in cells["centres"]}
        self.apprentices = {row["id"]: self._apprentice(row) for row in cells["apprentices"]}
        self.call = self._call()
        self._needs()
        self._declined()
        self._settings()
        self._rates()

    def _add(self, table: type[Any], **values: Any) -> Any:
        stamps = {"id": self.new_id(), "created_at": self.now, "changed_at": self.now}
        known = {name: stamp for name, stamp in stamps.items() if name in table.model_fields}
        row = table(**known, **values)
        self.made.append(row)
        return row

    def _region(self, row: dict[str, Any]) -> models.Region:
        found: models.Region = self._add(models.Region, **row)
        return found

    def _centre(self, row: dict[str, Any]) -> models.Centre:
        found: models.Centre = self._add(
            models.Centre,
            region_id=self.regions[row["region"]].id,
            code=row["code"],
            name=row["name"],
            town=row["town"],
            sectors=list(row["sectors"]),
        )
        return found

    def _company(self, row: dict[str, Any]) -> models.Company:
        verified = all(
            offer["verified"] for offer in self.cells["offers"] if offer["company"] == row["code"]
        )
        home = self.regions[row["region"]]
        found: models.Company = self._add(
            models.Company,
            region_id=home.id,
            key=row["code"],
            name=row["name"],
            town=row["town"],
            sector=row["sector"],
            size=row["size"],
            max_placements=row.get("max_placements"),
            language=models.language_in(home.country),
            verified_at=self.now if verified else None,
            verified_by="Demo" if verified else None,
        )
        self.sites[row["code"]] = self._add(
            models.Site, company_id=found.id, name=row["town"], town=row["town"]
        )
        return found

    def _offer(self, row: dict[str, Any]) -> models.Offer:
        found: models.Offer = self._add(
            models.Offer,
            site_id=self.sites[row["company"]].id,
            status=models.OfferStatus.PUBLISHED,
            key=row["id"],
            **_plain(row, OFFER_COLUMNS),
        )
        for provision, level in row.get("provisions", {}).items():
            if level == "certified":
                self._add(
                    models.ProvisionCertificate,
                    offer_id=found.id,
                    provision=provision,
                    certified_by="demo",
                    certified_on=self.now.date(),
                    recorded_by=self.admin.id,
                )
        return found

    def _window(self, row: dict[str, Any]) -> models.OfferWindow:
        found: models.OfferWindow = self._add(
            models.OfferWindow,
            offer_id=self.offers[row["id"]].id,
            available_from=datetime.date.fromisoformat(row["available_from"]),
            available_to=datetime.date.fromisoformat(row["available_to"]),
            places=row["places"],
        )
        return found

    def _apprentice(self, row: dict[str, Any]) -> models.Apprentice:
        values = _plain(row, APPRENTICE_COLUMNS)
        for column in ("birth_date", "available_from", "available_to", "graduated_on"):
            if column in values:
                values[column] = datetime.date.fromisoformat(values[column])
        values["excluded_companies"] = [
            str(self.companies[code].id) for code in row.get("excluded_companies", ())
        ]
        values["interest"] = {
            str(self.offers[code].id): share for code, share in row.get("interest", {}).items()
        }
        school = self.centres[row["centre"]]
        language = models.language_in(self.countries[school.region_id])
        found: models.Apprentice = self._add(
            models.Apprentice, centre_id=school.id, key=row["id"], language=language,
            employer_language=language, **values,
        )  # fmt: skip
        self.made.append(
            models.Needs(
                self.new_id(), found.id, 1, needs=row.get("needs", {}),
                confirmed=[code for code, how in row.get("needs", {}).items() if how == "hard"],
                fewer_opportunities=row["fewer_opportunities"],
            )
        )  # fmt: skip
        return found

    def _call(self) -> models.Call:
        first, last = CALL_PERIOD
        found: models.Call = self._add(
            models.Call,
            code=DEMO_CALL,
            name="Spring 2027",
            status=models.CallStatus.OPEN,
            closes_on=min(TODAY, self.now.date()) - datetime.timedelta(days=1),
            stays_from=first,
            stays_to=last,
        )
        funded: dict[tuple[uuid.UUID, str], int] = {}
        region_of = {centre.id: centre.region_id for centre in self.centres.values()}
        for apprentice in self.apprentices.values():
            self._add(
                models.Enrolment,
                call_id=found.id,
                apprentice_id=apprentice.id,
                status=models.EnrolmentStatus.SELECTED,
            )
            kind = region_of[apprentice.centre_id], apprentice.activity
            funded[kind] = funded.get(kind, 0) + 1
        for (region, activity), places in funded.items():
            self._add(
                models.FundedPlaces,
                call_id=found.id,
                region_id=region,
                activity=activity,
                places=places,
            )
        return found

    def _needs(self) -> None:
        for row in self.cells["accepted_needs"]:
            self.made.append(
                models.NeedAccepted(
                    self.new_id(), self.apprentices[row["apprentice"]].id,
                    self.offers[row["offer"]].id, row["need"], "agreed with the host",
                    self.admin.id, self.now,
                )
            )  # fmt: skip

    def _declined(self) -> None:
        for row in self.cells["declined"]:
            window = self.windows[row["offer"]]
            self._add(
                models.Proposal,
                call_id=self.call.id,
                apprentice_id=self.apprentices[row["apprentice"]].id,
                window_id=window.id,
                status=models.ProposalStatus.DECLINED,
                first_day=window.available_from,
                last_day=window.available_to,
                reason=row.get("reason", ""),
                reason_resolved_at=self.now if row["resolved"] else None,
            )

    def _settings(self) -> None:
        for name, value in (("seed", SEED), ("reserve", RESERVE), ("start_weekdays", [1])):
            self._add(models.Setting, name=name, revision=1, value=value)

    def _rates(self) -> None:
        """Day rates that are marked as examples, for the Erasmus+ call of the summer before."""
        activities = sorted({one.activity for one in self.apprentices.values()})
        rates = read_rows("placeholder_rates.csv")
        for region, activity, row in product(self.regions.values(), activities, rates):
            self._add(
                models.SupportRate,
                region_id=region.id,
                call_year=CALL_PERIOD[0].year - 1,
                activity=activity,
                country_group=int(row["country_group"]),
                day_cents=int(row["day_cents"]),
                status=models.RateStatus.PLACEHOLDER,
                source=row["source"],
                source_date=datetime.date.fromisoformat(row["source_date"]),
            )


def _plain(row: dict[str, Any], columns: frozenset[str]) -> dict[str, Any]:
    """The cells that are columns of the table, as JSON holds them."""
    return {
        name: list(cell) if isinstance(cell, tuple) else cell
        for name, cell in row.items()
        if name in columns
    }
