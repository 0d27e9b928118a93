"""Made-up days of the alliance, driven over HTTP beside a small model of what should come of them.

The model is written apart from the service: it knows people, windows, who has said yes, and how
many places are taken. After each step the database is compared with it.
"""

import datetime
import os
import uuid
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, text
from sqlmodel import select

import models
from api.database import transaction
from api.services import deadlines, rounds
from api.services.rounds import Worker
from models.offer_views import OfferRecord
from tests import rows
from tests.api.alliance import NOW
from tests.api.test_roles import fresh

V1 = "/api/v1"
TRIES = int(os.environ.get("CAMPAIGN_TRIES", "4"))

LIVE = {"proposed", "asked", "agreed", "on_hold"}
GONE = {"rejected", "declined", "withdrawn", "expired", "replaced"}
PEOPLE = ("aino", "eetu", "leena")
WINDOWS = ("window", "other_window")
PARTIES = ("sending", "hosting", "person", "guardian", "employer", "company")
FUNDED = 2
NO = {"sending": "dates", "hosting": "dates", "person": "dates", "guardian": "dates",
      "employer": "dates", "company": "dates"}  # fmt: skip

person_names, window_names = st.sampled_from(PEOPLE), st.sampled_from(WINDOWS)


@dataclass
class Expected:
    """A proposal as the model knows it."""

    person: str
    window: str
    by_hand: bool = True
    status: str = "proposed"
    asked: set[str] = field(default_factory=set)
    yes: set[str] = field(default_factory=set)
    asked_at: datetime.datetime | None = None

    @property
    def turns(self) -> list[set[str]]:
        third = {"person"} | ({"guardian"} if self.person == "eetu" else set())
        third |= {"employer"} if self.person == "leena" else set()
        return [{"sending"}, {"hosting"}, third, {"company"}]

    @property
    def waiting(self) -> set[str]:
        return next((turn - self.yes for turn in self.turns if turn - self.yes), set())

    def go_on(self, now: datetime.datetime) -> None:
        """Who is next is asked; nobody left: agreed."""
        if not self.waiting:
            self.status = "agreed"
            return
        self.asked |= self.waiting
        if not self.waiting <= {"sending", "hosting"}:
            self.status = "asked"
        self.asked_at = now


class Days(RuleBasedStateMachine):
    """Steps of people, of the clock and of rounds."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        with patch.object(uuid, "uuid4", rows.ids(3)):  # the same day again draws the same ids
            self.alliance = fresh(self.engine)
        self.now = NOW
        self.places = {"window": 1, "other_window": 3}
        self.too_young: set[str] = set()
        self.refused: set[tuple[str, str]] = set()
        self.proposals: dict[str, Expected] = {}
        self.app = self.alliance.app()
        self.new_id = rows.ids(5)
        self.app.state.now, self.app.state.new_id = lambda: self.now, self.new_id
        with transaction(self.engine) as session:
            session.get_one(models.FundedPlaces, self.alliance.funded.id).places = FUNDED

    def teardown(self) -> None:
        self.app.state.now, self.app.state.new_id = lambda: NOW, uuid.uuid4

    def ask(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        client = self.alliance.client(who)
        return client.request(method, V1 + path, json=body, headers={"If-Match": "*"} | headers)

    def of(self, status: set[str]) -> dict[str, Expected]:
        return {key: one for key, one in self.proposals.items() if one.status in status}

    def holding(self, window: str) -> int:
        """Places that are taken of a window."""
        return sum(one.window == window for one in self.of(LIVE | {"placement"}).values())

    def busy(self, person: str) -> bool:
        return any(one.person == person for one in self.of(LIVE | {"placement"}).values())

    @property
    def funded(self) -> int:
        return len(self.of(LIVE | {"placement"}))

    @initialize(person=person_names, window=window_names)
    def begin(self, person: str, window: str) -> None:
        self.propose(person, window)

    @rule(person=person_names, window=window_names)
    def propose(self, person: str, window: str) -> None:
        expected = 201
        if self.busy(person) or (person, window) in self.refused or window in self.too_young:
            expected = 409 if self.busy(person) else 422
        elif self.holding(window) >= self.places[window] or self.funded >= FUNDED:
            expected = 409
        answer = self.ask("sending", "POST", "/proposals", {
            "call_id": str(self.alliance.call.id),
            "apprentice_id": str(getattr(self.alliance, person).id),
            "window_id": str(getattr(self.alliance, window).id), "override_reason": "asked for it",
        })  # fmt: skip
        assert answer.status_code == expected, answer.text
        if expected == 201:
            made = Expected(person, window, asked={"sending"}, asked_at=self.now)
            self.proposals[answer.json()["id"]] = made

    def who(self, one: Expected, party: str) -> str:
        """Whose program answers; who has no account is recorded by a coordinator."""
        if party == "person":
            return one.person if one.person != "leena" else "sending"
        if party == "company":
            return "company" if one.window == "window" else "other"
        return {"employer": "sending"}.get(party, party)

    @precondition(lambda self: self.proposals)
    @rule(data=st.data(), party=st.sampled_from(PARTIES), in_turn=st.booleans(),
          yes=st.sampled_from([True, True, True, False]))  # fmt: skip
    def answer(self, data: st.DataObject, party: str, in_turn: bool, yes: bool) -> None:
        key = data.draw(st.sampled_from(sorted(self.of(LIVE) or self.proposals)))
        one = self.proposals[key]
        if in_turn and one.status in LIVE and one.waiting:
            party = data.draw(st.sampled_from(sorted(one.waiting)))
        if not any(party in turn for turn in one.turns):
            return
        who, path = self.who(one, party), f"/proposals/{key}/answer"
        body: dict[str, Any] = {"answer": "yes" if yes else "no"}
        body |= {} if yes else {"reason": NO[party]}
        if who == "sending" and party != "sending":
            path = f"/proposals/{key}/recorded-answer"
            body |= {"party": "apprentice" if party == "person" else party, "channel": "phone",
                     "heard_from": "somebody", "heard_on": "2027-01-15"}  # fmt: skip
        answer = self.ask(who, "POST", path, body)
        assert answer.status_code == self.expected_answer(one, party, yes, recorded="party" in body)
        if answer.status_code != 200:
            return
        if not yes:
            coordinator = party in ("sending", "hosting")
            one.status = "rejected" if coordinator else "declined"
            self.refused.add((one.person, one.window))
            return
        one.yes.add(party)
        one.asked.add(party)  # a no can follow, though nobody asked the sender about a round's
        one.go_on(self.now)

    @staticmethod
    def expected_answer(one: Expected, party: str, yes: bool, *, recorded: bool) -> int:
        if party not in one.asked and not recorded and party != "sending":
            return 404
        coordinator = party in ("sending", "hosting")
        can_say_yes = {"proposed", "asked"} if coordinator else {"asked"}
        can_say_no = {"proposed", "asked", "on_hold"} if coordinator else {
            "asked", "agreed", "on_hold"}  # fmt: skip
        if one.status not in (can_say_yes if yes else can_say_no):
            return 409
        if yes:
            return 200 if party in one.waiting else 409
        return 200 if party in one.asked | one.waiting else 409

    @precondition(lambda self: self.proposals)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.proposals)))
        one = self.proposals[key]
        answer = self.ask("sending", "POST", f"/proposals/{key}/withdrawal", {"reason": "other"})
        assert answer.status_code == (200 if one.status in LIVE else 409)
        if answer.status_code == 200:
            one.status = "withdrawn"

    @precondition(lambda self: self.of({"agreed"}))
    @rule(data=st.data())
    def book(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.of({"agreed"}))))
        answer = self.ask("sending", "POST", f"/proposals/{key}/placement", {"mentor": "Uwe"})
        assert answer.status_code == 201
        self.proposals[key].status = "placement"

    @precondition(lambda self: self.of({"placement"}))
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.of({"placement"}))))
        with transaction(self.engine, writes=False) as session:
            found = session.exec(
                select(models.Placement.id).where(models.Placement.proposal_id == uuid.UUID(key))
            ).one()
        url = f"/placements/{found}/cancellation"
        assert self.ask("sending", "POST", url, {"reason": "illness"}).status_code == 200
        self.proposals[key].status = "cancelled"

    @rule(window=window_names, min_age=st.sampled_from([16, 30]))
    def edit_the_offer(self, window: str, min_age: int) -> None:
        """Nobody is 30: what rests on the offer is put on hold, and goes on once it may."""
        offer = getattr(self.alliance, "offer" if window == "window" else "other_offer")
        url = f"/offers/{offer.id}"
        seen = self.ask("hosting", "GET", url).json()
        body = {name: seen[name] for name in OfferRecord.model_fields}
        body["min_age"] = min_age
        answer = self.ask("hosting", "PUT", url, body)
        assert answer.status_code == 200, answer.text
        touched = [one for one in self.of(LIVE).values() if one.window == window]
        if min_age == 30:
            self.too_young.add(window)
            for one in touched:
                one.status = "on_hold"
            return
        self.too_young.discard(window)
        for one in touched:
            if one.status == "on_hold":
                one.status = "proposed"
                one.go_on(self.now)

    @precondition(lambda self: self.now < NOW + datetime.timedelta(days=20))
    @rule()
    def fifteen_days_pass(self) -> None:
        """Questions that nobody answered for 14 days expire."""
        self.now += datetime.timedelta(days=15)
        with transaction(self.engine) as session:
            deadlines.expire(session, self.alliance.service(self.now))
        for one in self.of({"asked"}).values():
            one.status = "expired"

    @rule()
    def run_a_round(self) -> None:
        asked = self.ask("hosting", "POST", "/rounds", {"call": "2027"})
        assert asked.status_code == 202
        rounds.run_next(self.engine, Worker("w-1", self.new_id, lambda: self.now))
        done = self.ask("hosting", "GET", f"/rounds/{asked.json()['id']}").json()
        assert done["status"] == "done", done["failure"]
        stood = self.of(LIVE)
        again = {key for key, one in stood.items()
                 if not one.by_hand and one.status == "proposed" and not one.yes}  # fmt: skip
        with transaction(self.engine, writes=False) as session:
            found = session.exec(select(models.Proposal)).all()
        now_live = {str(row.id) for row in found if row.status in models.LIVE}
        assert set(stood) - again <= now_live, "a round leaves alone what people have begun"
        for key in again - now_live:
            self.proposals[key].status = "replaced"
        names = {getattr(self.alliance, name).id: name for name in (*PEOPLE, *WINDOWS)}
        for row in found:
            if str(row.id) not in self.proposals:
                pair = names[row.apprentice_id], names[row.window_id]
                assert not self.busy(pair[0])
                assert pair not in self.refused
                assert pair[1] not in self.too_young
                self.proposals[str(row.id)] = Expected(*pair, by_hand=False)
        left = FUNDED - self.funded
        open_pairs = [
            (person, window)
            for person in PEOPLE
            for window in WINDOWS
            if not self.busy(person) and (person, window) not in self.refused
            and window not in self.too_young and self.holding(window) < self.places[window]
        ]  # fmt: skip
        assert not (open_pairs and left), "nobody stays without a place that is open"

    @invariant()
    def the_database_says_the_same(self) -> None:
        with transaction(self.engine, writes=False) as session:
            found = session.exec(select(models.Proposal)).all()
            placed = {str(row.proposal_id): row.status
                      for row in session.exec(select(models.Placement))}  # fmt: skip
            taken = dict(session.execute(text(
                "SELECT places, taken FROM offer_window"
            )).all())  # fmt: skip
            funded = session.execute(text("SELECT taken FROM funded_places")).scalar_one()
        got = {str(row.id): "cancelled" if placed.get(str(row.id)) == "cancelled" else row.status
               for row in found}  # fmt: skip
        assert got == {key: one.status for key, one in self.proposals.items()}
        assert taken == {self.places[window]: self.holding(window) for window in WINDOWS}
        assert funded == self.funded <= FUNDED


@pytest.mark.slow
def test_whatever_people_do_the_service_and_the_model_agree(database: Engine) -> None:
    class Here(Days):
        engine = database

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=TRIES, stateful_step_count=25, deadline=None, database=None,
            derandomize=True, suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        ),
    )  # fmt: skip
