"""A small alliance for tests: four people of one school, four windows in three regions."""

import datetime
import uuid
from typing import Any

from sqlalchemy import Engine

import matcher
import models
from api import store
from api.caller import Caller
from api.database import transaction
from api.services import rounds
from api.services.problems import to_problem
from api.services.rounds import Worker
from matcher.problem import Apprentice
from models import EnrolmentStatus, Role, RoundKind
from tests import rows, sealing

PEOPLE = ("ana", "blanca", "carla", "diego")
BORN = {"diego": datetime.date(2009, 5, 1)}
OF_AGE = datetime.date(2007, 5, 1)
"""Diego is 17 when the others are of age."""

MARCH_1, APRIL_25 = datetime.date(2027, 3, 1), datetime.date(2027, 4, 25)
MARCH_8, MARCH_21 = datetime.date(2027, 3, 8), datetime.date(2027, 3, 21)

WORK = {"hours_start": "08:00", "hours_end": "15:30", "hours_per_day": 7.0, "days_per_week": 5}


class Alliance:
    """The rows, and what tests ask of them. Windows are named after their towns."""

    def __init__(self, engine: Engine, *, funded: int = 4) -> None:
        self.engine = engine
        self.new_id = rows.ids(3)
        self.spain = rows.region(code="castilla-y-leon", country="ES", name="Castilla y León")
        self.hosts = {
            "savonlinna": rows.region(),
            "paderborn": rows.region(code="paderborn", country="DE", name="Paderborn"),
            "leipzig": rows.region(code="leipzig", country="DE", name="Leipzig"),
        }
        self.school = rows.centre(self.spain, code="ponferrada", name="Ponferrada")
        self.call = rows.call(status="open", closes_on=datetime.date(2027, 1, 10))
        self.admin = rows.account()
        self.windows: dict[str, models.OfferWindow] = {}
        companies, sites, offers = [], [], []
        for town, region in (
            ("Savonlinna", "savonlinna"), ("Paderborn", "paderborn"), ("Delbrück", "paderborn"),
            ("Leipzig", "leipzig"),
        ):  # fmt: skip
            host = rows.company(
                self.hosts[region], key=town, verified_at=rows.NOW, verified_by="Somebody"
            )
            place = rows.site(host, town=town)
            offered = rows.offer(place, key=town, status="published", **WORK)
            companies.append(host)
            sites.append(place)
            offers.append(offered)
            self.windows[town] = rows.window(offered, places=4)
        self.people = {
            key: rows.apprentice(self.school, key=key, birth_date=BORN.get(key, OF_AGE))
            for key in PEOPLE
        }
        self.enrolments = {
            key: models.Enrolment(
                **rows.changing(call_id=self.call.id, apprentice_id=person.id, status="selected")
            )
            for key, person in self.people.items()
        }
        self.funded = models.FundedPlaces(
            **rows.changing(
                call_id=self.call.id, region_id=self.spain.id, activity="SHORT_TERM", places=funded
            )
        )
        self.add(
            self.spain, *self.hosts.values(), self.school, *companies, *sites, *offers,
            *self.windows.values(), *self.people.values(), self.call, *self.enrolments.values(),
            self.funded, self.admin,
        )  # fmt: skip

    def add(self, *made: Any) -> None:
        with transaction(self.engine) as session:
            store.rows.add_in_order(session, made)

    def id_of(self, key: str) -> uuid.UUID:
        return self.people[key].id

    def key_of(self, identity: uuid.UUID | str) -> str:
        """The name of a person or window."""
        known = {str(row.id): key for key, row in (self.people | self.windows).items()}
        return known[str(identity)]

    def keys_of(self, identities: Any) -> list[str]:
        return sorted(self.key_of(identity) for identity in identities)

    def caller(self, role: Role = Role.ADMIN, scope: uuid.UUID | None = None) -> Caller:
        return Caller(
            now=rows.NOW, new_id=self.new_id, user_id=self.admin.id, role=role, scope_id=scope
        )

    def edit(self, row: Any, **values: Any) -> None:
        with transaction(self.engine) as session:
            found = session.get_one(type(row), row.id)
            for name, value in values.items():
                setattr(found, name, value)

    def read(self, row: Any) -> Any:
        with transaction(self.engine, writes=False) as session:
            return session.get_one(type(row), row.id)

    def enrol(self, key: str, status: EnrolmentStatus, place: int | None = None) -> None:
        self.edit(self.enrolments[key], status=status, place_in_queue=place)

    def group(self, *members: str, **values: Any) -> models.TravelGroup:
        """A class of these people, or friends of whom each has wished."""
        made = models.TravelGroup(
            **rows.changing(call_id=self.call.id, name="2A", kind="class") | values
        )
        wished = rows.NOW if made.kind == "friends" else None
        self.add(
            made,
            *(
                models.GroupMember(
                    **rows.changing(
                        group_id=made.id, apprentice_id=self.id_of(key), wished_at=wished
                    )
                )
                for key in members
            ),
        )
        return made

    def propose(self, key: str, town: str = "Savonlinna", **values: Any) -> models.Proposal:
        """A proposal by hand, with its place and funding where it is live."""
        made = rows.proposal(self.call, self.people[key], self.windows[town], **values)
        self.add(made)
        with transaction(self.engine) as session:
            sealing.detailed(session, made)
        if made.status in models.LIVE or made.status == "placement":
            with transaction(self.engine) as session:
                assert store.places.take_place(session, made.window_id)
                assert store.places.take_funding(session, made)
        return made

    def place(self, key: str, status: str = "booked") -> models.Proposal:
        """A placement; who has finished or cancelled it gave place and funding back."""
        made = self.propose(key, status="placement")
        self.add(
            models.Placement(
                **rows.changing(
                    proposal_id=made.id, apprentice_id=made.apprentice_id,
                    window_id=made.window_id, first_day=made.first_day, last_day=made.last_day,
                    status=status, mentor="Somebody", booked_by=self.admin.id,
                )
            )
        )  # fmt: skip
        if status not in models.CURRENT:
            with transaction(self.engine) as session:
                store.places.give_back(session, made)
        return made

    def snapshot(self) -> store.snapshots.Snapshot:
        with transaction(self.engine, writes=False) as session:
            return store.snapshots.snapshot(session, self.call.id)

    def problem(self) -> matcher.Problem:
        return to_problem(self.snapshot(), rows.NOW.date())

    def person(self, key: str) -> Apprentice:
        """Somebody as a round sees the person."""
        (found,) = (p for p in self.problem().apprentices if p.id == str(self.id_of(key)))
        return found

    def forbidden(self) -> set[tuple[str, str]]:
        """The pairs of person and window that are forbidden in a round."""
        return {(self.key_of(a), self.key_of(o)) for a, o in self.problem().policy.forbids}

    def run(self, seed: int = 50) -> models.Round:
        """Ask for a round, run it, and read its row."""
        worker = Worker("w-1", rows.ids(seed), lambda: rows.NOW)
        with transaction(self.engine) as session:
            asked = rounds.ask_for(
                session, self.call.code, RoundKind.PROPOSING, by=None, worker=worker
            )
        assert rounds.run_next(self.engine, worker) == asked.id
        done: models.Round = self.read(asked)
        assert done.status == "done", done.failure
        return done

    def live(self) -> dict[str, str]:
        """The town of each person's live proposal."""
        with transaction(self.engine, writes=False) as session:
            found = store.proposals.live_proposals(session, self.call.id)
        return {self.key_of(row.apprentice_id): self.key_of(row.window_id) for row in found}

    def audit(self) -> list[str]:
        """What was written down so far, apart from rounds."""
        with transaction(self.engine, writes=False) as session:
            found = sealing.done(session)
        return sorted(row.action for row in found if row.action != "round.done")
