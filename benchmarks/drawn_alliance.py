"""A drawn alliance of any size as rows of the service, with tokens to ask it."""

import datetime
import uuid
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from sqlalchemy import Engine, insert
from sqlmodel import Session, SQLModel

import matcher.problem as engine_side
import models
from api import store
from api.caller import caller_of
from api.database import transaction
from api.services.tokens import create_token
from seed_data.generator import TODAY
from seed_data.problems import generate

CALL = "drawn"
AT_ONCE = 2000
"""Rows that are inserted in one statement."""


@dataclass
class DrawnAlliance:
    """What a program needs to ask for things.

    `proposals` were made by hand before and are kept by rounds; each stands beside the region
    that sends and the one that hosts. `pairs` are people with their region and an offer.
    `tokens` are of the regions' coordinators.
    """

    tokens: dict[str, str] = field(default_factory=dict)
    proposals: list[tuple[uuid.UUID, str, str]] = field(default_factory=list)
    pairs: list[tuple[uuid.UUID, str, uuid.UUID]] = field(default_factory=list)


def fill(
    database: Engine, free: int, offers: int, kept: int, seed: int, now: datetime.datetime
) -> DrawnAlliance:
    """Fill an empty database: `free` people are free, `kept` more have a proposal."""
    problem = generate(free + kept, offers, seed)
    weeks = datetime.timedelta(days=(now.date() - TODAY).days // 7 * 7)
    made = _Rows(now, weeks)
    for person in problem.apprentices:
        made.person(person)
    for offer in problem.offers:
        made.offer(offer)
    alliance = DrawnAlliance()
    for person, offer in zip(problem.apprentices[:kept], cycle(problem.offers), strict=False):
        identity = made.proposal(person, offer)
        alliance.proposals.append((identity, person.region, offer.region))
    alliance.pairs = [
        (made.people[person.id].id, person.region, made.windows[offer.id].offer_id)
        for person, offer in zip(problem.apprentices[kept:], cycle(problem.offers), strict=False)
    ]
    with transaction(database) as session:
        made.seal(session)
        for table, rows in made.by_table().items():
            for first in range(0, len(rows), AT_ONCE):
                session.connection().execute(insert(table), rows[first : first + AT_ONCE])
        for region, account in made.coordinators.items():
            caller = caller_of(account, now, uuid.uuid4)
            alliance.tokens[region] = create_token(session, caller, "bench", ["read", "write"], 1)[
                1
            ]
    return alliance


class _Rows:
    """Rows of the tables, a noun after the other, and what the problem's ids stand for."""

    def __init__(self, now: datetime.datetime, later: datetime.timedelta) -> None:
        self.now, self.later = now, later
        self.rows: dict[type[SQLModel], list[Any]] = {table: [] for table in (
            models.Region, models.User, models.Centre, models.Company, models.Site, models.Offer,
            models.OfferWindow, models.Apprentice, models.SupportNeeds, models.Call,
            models.Enrolment, models.FundedPlaces, models.Proposal, models.ProposalDetail,
        )}  # fmt: skip
        self.needs: list[models.Needs] = []
        self.centres: dict[str, models.Centre] = {}
        self.regions: dict[str, models.Region] = {}
        self.coordinators: dict[str, models.User] = {}
        self.sites: dict[str, models.Site] = {}
        self.people: dict[str, models.Apprentice] = {}
        self.windows: dict[str, models.OfferWindow] = {}
        self.funded: dict[tuple[str, str], models.FundedPlaces] = {}
        self.call = self._add(
            models.Call, code=CALL, name="Drawn", status="open",
            closes_on=now.date() - datetime.timedelta(days=1),
            stays_from=now.date(), stays_to=now.date() + datetime.timedelta(days=730),
        )  # fmt: skip

    def _add(self, table: Any, **values: Any) -> Any:
        row = table(id=uuid.uuid4(), created_at=self.now, changed_at=self.now, **values)
        self.rows[table].append(row)
        return row

    def seal(self, session: Session) -> None:
        """Rows of what is sealed: what people need, and the details of proposals."""
        sealed, details = store.sealed, models.ProposalDetails(score=50.0)
        self.rows[models.SupportNeeds] = sealed.as_rows(session, self.needs, self.now)
        proposals = self.rows[models.Proposal]
        told = [
            (uuid.uuid4(), row.apprentice_id, sealed.detail_values(details)) for row in proposals
        ]
        columns = sealed.sealed_all(session, models.ProposalDetail, told)
        self.rows[models.ProposalDetail] = [
            models.ProposalDetail(
                id=identity, created_at=self.now, changed_at=self.now, proposal_id=row.id, **values
            )
            for row, (identity, *_), values in zip(proposals, told, columns, strict=True)
        ]  # fmt: skip

    def by_table(self) -> dict[Any, list[dict[str, Any]]]:
        """Every table with its rows as columns, each after those that it points to."""
        return {
            table.__table__: [  # type: ignore[attr-defined]  # a table
                {name: getattr(row, name) for name in type(row).model_fields} for row in rows
            ]
            for table, rows in self.rows.items()
        }

    def _region(self, code: str, country: str) -> models.Region:
        if code not in self.regions:
            home = self._add(
                models.Region, code=code, name=code, country=country, town=code,
                latitude=50.0, longitude=10.0,
            )  # fmt: skip
            self.regions[code] = home
            self.coordinators[code] = self._add(
                models.User, name=code, role=models.Role.COORDINATOR, region_id=home.id
            )
            self.centres[code] = self._add(
                models.Centre, region_id=home.id, code=code, name=code, town=code
            )
        return self.regions[code]

    def person(self, drawn: engine_side.Apprentice) -> None:
        """A selected apprentice whose stay is funded."""
        home = self._region(drawn.region, drawn.country)
        first, last = drawn.available_from + self.later, drawn.available_to + self.later
        values = drawn.model_dump(mode="json", include={
            "isced_f", "outcomes", "languages", "activity", "status", "modes", "destinations",
            "licences", "training_days", "days_abroad", "occupations",
        })  # fmt: skip
        person = self._add(
            models.Apprentice, centre_id=self.centres[drawn.region].id, key=drawn.id,
            first_name="A", last_name="B", birth_date=drawn.birth_date + self.later,
            available_from=first, available_to=last,
            not_available=[
                [str(begin + self.later), str(end + self.later)]
                for begin, end in drawn.not_available
            ],
            days_min=drawn.days.min, days_ideal=drawn.days.ideal, days_max=drawn.days.max,
            graduated_on=drawn.graduated_on and drawn.graduated_on + self.later, **values,
        )  # fmt: skip
        self.people[drawn.id] = person
        told = {code: str(strength) for code, strength in drawn.needs.items()}
        self.needs.append(
            models.Needs(
                uuid.uuid4(), person.id, 1, needs=told,
                confirmed=[code for code, strength in told.items() if strength == "hard"],
                fewer_opportunities=drawn.fewer_opportunities,
            )
        )  # fmt: skip
        self._add(
            models.Enrolment, call_id=self.call.id, apprentice_id=person.id, status="selected"
        )
        kind = drawn.region, drawn.activity
        if kind not in self.funded:
            self.funded[kind] = self._add(
                models.FundedPlaces, call_id=self.call.id, region_id=home.id,
                activity=drawn.activity, places=0,
            )  # fmt: skip
        self.funded[kind].places += 1

    def offer(self, drawn: engine_side.Offer) -> None:
        """A published offer with one window."""
        if drawn.company not in self.sites:
            home = self._region(drawn.region, drawn.country)
            company = self._add(
                models.Company, region_id=home.id, key=drawn.company, name=drawn.company, town="T",
                verified_at=self.now if drawn.verified else None,
                verified_by="B" if drawn.verified else None,
            )  # fmt: skip
            self.sites[drawn.company] = self._add(
                models.Site, company_id=company.id, name="S", town="T"
            )
        values = drawn.model_dump(mode="json", include={
            "isced_f", "outcomes", "languages", "language_support", "provisions", "min_age",
            "statuses", "modes", "tasks", "licences", "quality", "occupations",
        })  # fmt: skip
        hours = drawn.hours
        offer = self._add(
            models.Offer, site_id=self.sites[drawn.company].id, key=drawn.id, title="Work",
            status="published", days_min=drawn.days.min, days_max=drawn.days.max,
            hours_start=hours and hours.start, hours_end=hours and hours.end,
            hours_per_day=hours and hours.per_day, days_per_week=hours and hours.days_per_week,
            **values,
        )  # fmt: skip
        self.windows[drawn.id] = self._add(
            models.OfferWindow, offer_id=offer.id, available_from=drawn.available_from + self.later,
            available_to=drawn.available_to + self.later, places=drawn.places,
        )  # fmt: skip

    def proposal(self, person: engine_side.Apprentice, offer: engine_side.Offer) -> uuid.UUID:
        """A proposal by hand, on top of what the window has; no rule was asked."""
        window, funding = self.windows[offer.id], self.funded[person.region, person.activity]
        window.places, window.taken = window.places + 1, window.taken + 1
        funding.taken += 1
        made = self._add(
            models.Proposal, call_id=self.call.id, apprentice_id=self.people[person.id].id,
            window_id=window.id, first_day=window.available_from, last_day=window.available_to,
            kept=True, made_by=self.coordinators[person.region].id,
        )  # fmt: skip
        identity: uuid.UUID = made.id
        return identity
