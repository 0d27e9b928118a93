"""A small alliance for tests of what people do: one sends, the other hosts."""

import datetime
import uuid
from dataclasses import dataclass, field

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

import models
from api import store
from api.caller import Caller, caller_of
from api.database import transaction
from api.edge import COOKIE
from api.main import create_app
from api.services.sessions import start_session
from api.services.tokens import create_token
from api.throttle import Throttle
from models import Role
from tests import rows

NOW = rows.NOW
FIRST, LAST = datetime.date(2027, 3, 1), datetime.date(2027, 4, 25)

_APPS: dict[datetime.datetime, FastAPI] = {}


@dataclass
class Alliance:
    """Savonlinna sends Aino (18), Eetu (17) and Leena (employed); a bakery and a workshop of
    Paderborn host. Everybody fits everywhere."""

    engine: Engine
    sends: models.Region = field(default_factory=rows.region)
    hosts: models.Region = field(
        default_factory=lambda: rows.region(
            code="paderborn", name="Paderborn", country="DE", town="Paderborn"
        )
    )

    def __post_init__(self) -> None:
        self._secrets: dict[tuple[str, datetime.datetime], str] = {}
        school = rows.centre(self.sends)
        self.third = rows.region(code="lublin", name="Lublin", country="PL", town="Lublin")
        wish = {"occupations": ["7223"], "languages": {"en": "B1"}}
        self.aino = rows.apprentice(
            school, birth_date=datetime.date(2008, 5, 1), email="aino@example.org", **wish
        )
        self.eetu = rows.apprentice(
            school, key="fi-02", first_name="Eetu", birth_date=datetime.date(2009, 9, 1), **wish
        )
        self.leena = rows.apprentice(
            school, key="fi-03", first_name="Leena", birth_date=datetime.date(2006, 2, 1),
            status="EMPLOYEE_TRAINING_CONTRACT", employer_name="Konepaja Oy",
            employer_email="konepaja@example.org", **wish,
        )  # fmt: skip
        self.people = [self.aino, self.eetu, self.leena]
        self.guardian = models.Guardian(
            **rows.changing(apprentice_id=self.eetu.id, name="Kaisa", email="kaisa@example.org")
        )
        self.company = rows.company(
            self.hosts, name="Werkstatt", email="werkstatt@example.org", verified_at=NOW,
            verified_by="Jens",
        )  # fmt: skip
        self.other = rows.company(
            self.hosts, key="c-2", name="Dreherei", verified_at=NOW, verified_by="Jens"
        )
        hours = {"hours_start": "08:00", "hours_end": "16:00", "hours_per_day": 7.0,
                 "days_per_week": 5}  # fmt: skip
        sites = [rows.site(self.company), rows.site(self.other)]
        offers = [rows.offer(place, status="published", min_age=16, **hours) for place in sites]
        self.offer, self.other_offer = offers
        self.window = rows.window(self.offer, places=1)
        self.other_window = rows.window(self.other_offer, places=3)
        self.call = rows.call(status="open", closes_on=datetime.date(2027, 1, 14))
        self.funded = models.FundedPlaces(
            **rows.changing(call_id=self.call.id, region_id=self.sends.id, activity="SHORT_TERM",
                            places=3)
        )  # fmt: skip
        self.users = {
            "admin": rows.account(),
            "tutor": self._user(Role.CENTRE, "centre_id", school.id, None),
            "stranger": self._user(Role.COORDINATOR, "region_id", self.third.id, None),
            "sending": self._user(Role.COORDINATOR, "region_id", self.sends.id, "sending"),
            "hosting": self._user(Role.COORDINATOR, "region_id", self.hosts.id, "hosting"),
            "company": self._user(Role.COMPANY, "company_id", self.company.id, None),
            "other": self._user(Role.COMPANY, "company_id", self.other.id, None),
            "guardian": self._user(Role.GUARDIAN, "guardian_id", self.guardian.id, None),
            "aino": self._user(Role.APPRENTICE, "apprentice_id", self.aino.id, None),
            "eetu": self._user(Role.APPRENTICE, "apprentice_id", self.eetu.id, None),
        }
        self.enrolled = [
            models.Enrolment(
                **rows.changing(call_id=self.call.id, apprentice_id=one.id, status="selected")
            )
            for one in self.people
        ]
        with transaction(self.engine) as session:
            store.rows.add_in_order(session, [
                self.sends, self.hosts, self.third, school, *self.people, self.guardian,
                self.company, self.other, *sites, *offers, self.window, self.other_window,
                self.call, self.funded, *self.enrolled, *self.users.values(),
            ])  # fmt: skip

    @staticmethod
    def _user(role: Role, column: str, scope: uuid.UUID, name: str | None) -> models.User:
        email = f"{name}@example.org" if name else None
        return rows.account(role=role, email=email, name=name or str(role), **{column: scope})

    def app(self, now: datetime.datetime = NOW) -> FastAPI:
        """The web application at a time. Made once: that takes longer than most requests."""
        if now not in _APPS:
            _APPS[now] = create_app(self.engine, now=lambda: now)
        _APPS[now].state.engine, _APPS[now].state.throttle = self.engine, Throttle()
        return _APPS[now]

    def client(self, who: str | None, now: datetime.datetime = NOW) -> TestClient:
        """Somebody's program, with a token; a stranger's without one."""
        client = TestClient(self.app(now), base_url="https://testserver")
        if who is not None:
            client.headers["Authorization"] = f"Bearer {self._secret(who, now)}"
        return client

    def _secret(self, who: str, now: datetime.datetime) -> str:
        if (who, now) not in self._secrets:
            caller = self.caller(who, now)
            with transaction(self.engine) as session:
                _, secret = create_token(session, caller, "t", ["read", "write"], 90)
            self._secrets[who, now] = secret
        return self._secrets[who, now]

    def browser(self, who: str, now: datetime.datetime = NOW) -> TestClient:
        """Somebody's browser, signed in."""
        client = self.client(None, now)
        with transaction(self.engine) as session:
            _, secret = start_session(session, self.caller(who, now), "Firefox")
        client.cookies.set(COOKIE, secret)
        return client

    def caller(self, who: str, now: datetime.datetime = NOW) -> Caller:
        """Somebody of the alliance at a time."""
        return caller_of(self.users[who], now, uuid.uuid4)

    def service(self, now: datetime.datetime = NOW) -> Caller:
        """The service itself at a time."""
        return Caller(now=now, new_id=uuid.uuid4)

    def funded_places(self) -> tuple[int, int, int]:
        """How many places of the two windows and of the funding are taken."""
        with transaction(self.engine, writes=False) as session:
            return (
                session.get_one(models.OfferWindow, self.window.id).taken,
                session.get_one(models.OfferWindow, self.other_window.id).taken,
                session.get_one(models.FundedPlaces, self.funded.id).taken,
            )


def fresh(engine: Engine) -> Alliance:
    """The alliance by itself, whatever happened before."""
    with transaction(engine) as session:
        for table in reversed(models.METADATA.sorted_tables):
            session.execute(table.delete())
    return Alliance(engine)
