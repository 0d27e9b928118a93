"""An alliance whose places, people and proposals many want at once, and who looks at them."""

import threading
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, insert, text, update
from sqlmodel import Session, col, select

import models
from api import store
from api.database import transaction
from api.services import by_hand, proposals
from api.services.proposals import Heard
from models import Answer, Channel, Party
from tests import rows
from tests.api.alliance import Alliance
from tests.api.racers import THREADS

EVERYBODY = 2 * THREADS
COURTS = 4
"""So many contests are held at once at most, each with a company and people of its own."""

LOOK_EVERY = 0.02

LIVE = ", ".join(repr(str(status)) for status in models.LIVE)
CURRENT = ", ".join(repr(str(status)) for status in models.CURRENT)

LOOK = f"""
WITH uses AS (
    SELECT window_id, apprentice_id, call_id FROM proposal WHERE status IN ({LIVE})
    UNION ALL
    SELECT placement.window_id, placement.apprentice_id, proposal.call_id
    FROM placement JOIN proposal ON proposal.id = placement.proposal_id
    WHERE placement.status IN ({CURRENT})
), hosted AS (
    SELECT company.id, company.region_id FROM uses
    JOIN offer_window ON offer_window.id = uses.window_id
    JOIN offer ON offer.id = offer_window.offer_id
    JOIN site ON site.id = offer.site_id JOIN company ON company.id = site.company_id
)
SELECT
    (SELECT count(*) FROM offer_window WHERE taken > places),
    (SELECT count(*) FROM offer_window
     WHERE taken <> (SELECT count(*) FROM uses WHERE uses.window_id = offer_window.id)),
    (SELECT count(*) FROM funded_places WHERE taken > places
     OR taken <> (SELECT count(*) FROM uses WHERE uses.call_id = funded_places.call_id)),
    (SELECT count(*) FROM (
        SELECT 1 FROM uses GROUP BY apprentice_id HAVING count(*) > 1) AS twice),
    (SELECT count(*) FROM company
     WHERE max_placements < (SELECT count(*) FROM hosted WHERE hosted.id = company.id)),
    (SELECT count(*) FROM region
     WHERE hosting_cap < (SELECT count(*) FROM hosted WHERE hosted.region_id = region.id))
"""
"""What must be 0 at every look, in one statement, which sees one moment: windows with more taken
than places, or with another number than live proposals and placements; the same of funding;
people with more than one; companies and regions over their caps."""

CHANGED = (
    models.IdempotencyKey, models.Placement, models.Approval, models.ProposalDetail,
    models.Proposal, models.AuditEvent, models.AuditHead, models.OutboxMail,
)  # fmt: skip
"""The tables that a race writes into, each before those that it points to."""

Stored = list[tuple[Any, list[dict[str, Any]]]]


class Watcher(threading.Thread):
    """Looks by SQL all the while, and keeps what it sees and should not."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine, self.over = engine, threading.Event()
        self.looks = 0
        self.faults: list[tuple[int, ...]] = []

    def run(self) -> None:
        while not self.over.wait(LOOK_EVERY):
            self.look()

    def look(self) -> None:
        with transaction(self.engine, writes=False) as session:
            found = tuple(session.execute(text(LOOK)).one())
        self.looks += 1
        if any(found):
            self.faults.append(found)


@dataclass(frozen=True)
class Court:
    """Where one contest is held; `asked` waits for the company's yes alone, `agreed` has it."""

    number: int
    company: models.Company
    windows: tuple[models.OfferWindow, models.OfferWindow]
    people: list[models.Apprentice]
    proposal: uuid.UUID
    asked: Stored
    agreed: Stored


class Arena:
    """48 people who fit everywhere, two coordinators who send them, and the courts."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.alliance = engine, Alliance(engine)
        one = self.alliance
        school = models.Centre(id=one.aino.centre_id)
        wish = {"occupations": ["7223"], "languages": {"en": "B1"}}
        self.people = [
            rows.apprentice(school, key=f"r-{number}", **wish) for number in range(EVERYBODY)
        ]
        selected = [
            models.Enrolment(
                **rows.changing(call_id=one.call.id, apprentice_id=who.id, status="selected")
            )
            for who in self.people
        ]
        one.users["second"] = rows.account(
            role=models.Role.COORDINATOR, name="second", region_id=one.sends.id
        )
        with transaction(engine) as session:
            store.rows.add_in_order(session, [*self.people, *selected, one.users["second"]])
        self.courts = [self._court(number) for number in range(COURTS)]
        self.tokens = {who: one._secret(who, rows.NOW) for who in one.users}

    def _court(self, number: int) -> Court:
        one = self.alliance
        company = rows.company(
            one.hosts, key=f"court-{number}", email=f"court{number}@example.org",
            verified_at=rows.NOW, verified_by="Jens",
        )  # fmt: skip
        site = rows.site(company)
        offers = [rows.offer(site, key=key, status="published", min_age=16) for key in ("a", "b")]
        windows = [rows.window(offer, places=100) for offer in offers]
        account = rows.account(role=models.Role.COMPANY, company_id=company.id)
        one.users[f"company-{number}"] = account
        people = self.people[number * EVERYBODY // COURTS :][: EVERYBODY // COURTS]
        with transaction(self.engine) as session:
            store.rows.add_in_order(session, [company, site, *offers, *windows, account])
        with transaction(self.engine) as session:
            _set(session, models.FundedPlaces, one.funded.id, places=100)
            case = by_hand.propose(
                session, one.caller("sending"), one.call.id, people[0].id, windows[0].id,
                override_reason="they asked for it",
            )  # fmt: skip
            heard = Heard(Channel.PHONE, "Aino", rows.NOW.date())
            for who, party, how in (
                ("sending", Party.SENDING_COORDINATOR, None),
                ("hosting", Party.HOSTING_COORDINATOR, None),
                ("sending", Party.APPRENTICE, heard),
            ):
                proposals.answer(
                    session, one.caller(who), case, party, Answer.YES, heard=how
                )  # fmt: skip
            session.flush()
            asked = _rows(session, case.proposal.id)
            caller = one.caller(f"company-{number}")
            proposals.answer(session, caller, case, Party.COMPANY, Answer.YES)
            session.flush()
            agreed = _rows(session, case.proposal.id)
        first, second = windows
        return Court(number, company, (first, second), people, case.proposal.id, asked, agreed)

    def reset(self) -> None:
        """Nobody has anything, and there is room for all."""
        one = self.alliance
        with transaction(self.engine) as session:
            for table in CHANGED:
                session.execute(delete(table))
            session.execute(update(models.OfferWindow).values(places=100, taken=0))
            _set(session, models.FundedPlaces, one.funded.id, places=100, taken=0)
            session.execute(update(models.Company).values(max_placements=None))
            _set(session, models.Region, one.hosts.id, hosting_cap=None)

    def put(self, court: Court, stored: Stored) -> None:
        """The proposal of a court, asked or agreed, with its place and its funding."""
        with transaction(self.engine) as session:
            for table, found in stored:
                session.execute(insert(table), found)
            taken = models.OfferWindow.taken + 1
            _set(session, models.OfferWindow, court.windows[0].id, taken=taken)
            taken = models.FundedPlaces.taken + 1
            _set(session, models.FundedPlaces, self.alliance.funded.id, taken=taken)

    def limit(self, court: Court, kind: str) -> None:
        """Leave one of something: `place`, `funding`, `company_cap` or `region_cap`."""
        one = self.alliance
        table, identity, values = {
            "place": (models.OfferWindow, court.windows[0].id, {"places": 1}),
            "funding": (models.FundedPlaces, one.funded.id, {"places": 1}),
            "company_cap": (models.Company, court.company.id, {"max_placements": 1}),
            "region_cap": (models.Region, one.hosts.id, {"hosting_cap": 1}),
        }[kind]
        with transaction(self.engine) as session:
            _set(session, table, identity, **values)

    def post(
        self, who: str, path: str, body: dict[str, Any], version: str | None = None
    ) -> dict[str, Any]:
        """What one thread asks."""
        headers = {"authorization": f"Bearer {self.tokens[who]}"}
        if version is not None:
            headers["if-match"] = version
        return {"path": f"/api/v1/proposals{path}", "headers": headers, "body": body}

    def by_hand(
        self, who: str, person: models.Apprentice, window: models.OfferWindow
    ) -> dict[str, Any]:
        """A coordinator proposes somebody."""
        return self.post(who, "", {
            "call_id": str(self.alliance.call.id), "apprentice_id": str(person.id),
            "window_id": str(window.id), "override_reason": "they asked for it",
        })  # fmt: skip

    def proposal(self, court: Court) -> models.Proposal:
        """As it stands."""
        with transaction(self.engine, writes=False) as session:
            return session.get_one(models.Proposal, court.proposal)

    def told_of(self, court: Court) -> Counter[str]:
        """What the audit says of the court's proposal."""
        mine = models.AuditEvent.row_id == court.proposal
        with transaction(self.engine, writes=False) as session:
            return Counter(session.exec(select(models.AuditEvent.action).where(mine)))

    def made(self, court: Court) -> list[str]:
        """How the proposals at a court's windows stand."""
        here = col(models.Proposal.window_id).in_([window.id for window in court.windows])
        with transaction(self.engine, writes=False) as session:
            return [str(one) for one in session.exec(select(models.Proposal.status).where(here))]


def _rows(session: Session, proposal: uuid.UUID) -> Stored:
    """The rows of a proposal, to be put back before a try."""
    return [
        (
            table,
            [dict(row) for row in session.execute(
                select(table.__table__).where(key == proposal)).mappings()],
        )
        for table, key in (
            (models.Proposal, models.Proposal.id),
            (models.ProposalDetail, models.ProposalDetail.proposal_id),
            (models.Approval, models.Approval.proposal_id),
        )
    ]  # fmt: skip


def _set(session: Session, table: Any, identity: uuid.UUID, **values: Any) -> None:
    session.execute(update(table).where(table.id == identity).values(**values))
