"""Responsible coordinators, who covers for them, and for whom somebody acts."""

import datetime
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api import store
from api.database import transaction
from models import Role
from tests import rows, sealing
from tests.api.alliance import NOW, Alliance
from tests.api.test_answer_routes import asked, heard, kind

V1 = "/api/v1"
DAY = datetime.timedelta(days=1)
ANY = {"If-Match": "*"}


class Region(Alliance):
    """The alliance with a second and a third coordinator on the sending side."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        for name in ("second", "third coordinator"):
            self.users[name] = rows.account(
                role=Role.COORDINATOR, region_id=self.sends.id, name=name,
                email=f"{name.replace(' ', '-')}@example.org",
            )  # fmt: skip
        with transaction(engine) as session:
            session.add_all([self.users["second"], self.users["third coordinator"]])

    def name(self, user: str, who: str = "sending", by: str = "sending") -> Any:
        """Somebody names who answers for an apprentice."""
        person = {"sending": self.aino, "eetu": self.eetu, "leena": self.leena}[who]
        return self.client(by).put(
            f"{V1}/apprentices/{person.id}/responsible", headers=ANY,
            json={"user_id": str(self.users[user].id)},
        )  # fmt: skip

    def cover(self, away: str, by: str, first: int, last: int, who: str = "sending") -> Any:
        """From so many days after today to so many."""
        return self.client(who).post(f"{V1}/covers", json={
            "for_user_id": str(self.users[away].id), "by_user_id": str(self.users[by].id),
            "covers_from": str(NOW.date() + first * DAY),
            "covers_to": str(NOW.date() + last * DAY),
        })  # fmt: skip

    def told(self, days: int = 0, who: models.Apprentice | None = None) -> list[str]:
        """Who answers for an apprentice on a day."""
        with transaction(self.engine, writes=False) as session:
            found = store.cases.coordinators(
                session, self.sends.id, NOW.date() + days * DAY,
                apprentice_id=(who or self.aino).id,
            )  # fmt: skip
        return sorted(user.name for user in found)


@pytest.fixture
def region(database: Engine) -> Region:
    return Region(database)


def test_who_answers_is_named_and_replaced(region: Region) -> None:
    client, url = region.client("sending"), f"{V1}/apprentices/{region.aino.id}/responsible"
    nobody = client.get(url)
    assert nobody.json() == {"user_id": None, "name": None, "version": 0}
    assert region.told() == ["second", "sending", "third coordinator"]
    second, hosting = (str(region.users[who].id) for who in ("second", "hosting"))
    seen = {"If-Match": nobody.headers["etag"]}
    named = client.put(url, json={"user_id": second}, headers=seen)
    assert named.json() == {"user_id": second, "name": "second", "version": 1}
    assert region.told() == ["second"]
    for body, headers, refused in (
        ({"user_id": second}, {}, (428, "version-needed")),
        ({"user_id": second}, seen, (412, "stale-version")),
        ({"user_id": hosting}, ANY, (422, "not-coordinator-here")),
        ({"user_id": str(region.users["tutor"].id)}, ANY, (422, "not-coordinator-here")),
        ({"user_id": str(region.aino.id)}, ANY, (422, "not-coordinator-here")),
        ({"user_id": None}, ANY, (422, "faulty-request")),
    ):
        assert kind(client.put(url, json=body, headers=headers)) == refused
    again = {"If-Match": client.get(url).headers["etag"]}
    sending = str(region.users["sending"].id)
    assert client.put(url, json={"user_id": sending}, headers=again).json()["version"] == 2
    assert region.told() == ["sending"]
    company = f"{V1}/companies/{region.company.id}/responsible"
    by_host = region.client("hosting").put(company, json={"user_id": hosting}, headers=ANY)
    assert by_host.json()["user_id"] == hosting
    nowhere = f"{V1}/companies/{region.aino.id}/responsible"
    assert kind(region.client("admin").get(nowhere)) == (404, "no-such-case")
    with transaction(region.engine, writes=False) as session:
        events = sealing.done(session)
        named_events = [row.data for row in events if row.action == "responsible.named"]
    assert {"of": str(region.aino.id), "user": sending, "before": second} in named_events


def test_a_cover_goes_before_and_ends(region: Region) -> None:
    region.name("sending")
    region.name("sending", "eetu")
    region.name("second", "leena")
    made = region.cover("sending", "second", 0, 6)
    assert (made.status_code, made.json()["apprentices"], made.json()["companies"]) == (201, 2, 0)
    assert (region.told(), region.told(6), region.told(7)) == (["second"], ["second"], ["sending"])
    assert region.told(0, region.eetu) == ["second"]
    listed = region.client("sending").get(f"{V1}/covers").json()["items"]
    assert listed == [made.json()]
    assert region.client("hosting").get(f"{V1}/covers").json()["items"] == []
    for away, by, days, refused in (
        ("sending", "second", (6, 9), (409, "cover-overlaps")),
        ("sending", "sending", (8, 9), (422, "cover-faulty")),
        ("sending", "second", (9, 8), (422, "cover-faulty")),
        ("sending", "second", (-9, -1), (422, "cover-faulty")),
        ("sending", "hosting", (8, 9), (422, "not-coordinator-here")),
        ("hosting", "second", (8, 9), (422, "not-coordinator-here")),
        ("sending", "tutor", (8, 9), (422, "not-coordinator-here")),
        ("third coordinator", "second", (8, 9), (409, "nothing-to-cover")),
    ):
        assert kind(region.cover(away, by, *days)) == refused, (away, by)
    assert region.cover("sending", "second", 7, 9).status_code == 201
    url = f"{V1}/covers/{made.json()['id']}"
    assert kind(region.client("hosting").delete(url)) == (404, "no-such-cover")
    assert region.client("sending").delete(url).status_code == 204
    assert (region.told(), region.told(8)) == (["sending"], ["second"])
    assert kind(region.client("sending").delete(url)) == (404, "no-such-cover")
    past = region.client("sending", NOW + 10 * DAY).get(f"{V1}/covers")
    assert past.json()["items"] == []


def test_whoever_takes_a_case_over_brings_their_cover_along(region: Region) -> None:
    region.name("sending")
    region.name("second", "eetu")
    region.cover("sending", "third coordinator", 0, 6)
    region.cover("second", "sending", 0, 3)
    region.name("second")
    assert (region.told(), region.told(4)) == (["sending"], ["second"])
    found = region.client("sending").get(f"{V1}/covers").json()["items"]
    assert [(one["by_user_id"], one["apprentices"]) for one in found] == [
        (str(region.users["sending"].id), 2)
    ]


def test_whoever_acts_on_a_colleague_s_case_acts_for_the_colleague(region: Region) -> None:
    region.name("second")
    proposal = asked(region)
    heard(region, proposal, models.Party.APPRENTICE)
    for who in ("sending", "second", "hosting"):
        moved = region.client(who).post(
            f"{V1}/proposals/{proposal}/deadline", headers=ANY,
            json={"deadline": "2027-02-08T10:00:00Z"},
        )  # fmt: skip
        assert moved.status_code == 200, moved.text
    region.client("sending").post(f"{V1}/proposals/{proposal}/links", json={"party": "apprentice"})
    with transaction(region.engine, writes=False) as session:
        events = sealing.done(session)
    users = {user.id: name for name, user in region.users.items()}
    acted = sorted(
        (row.action, users[row.actor_id], row.acting_for_id and users[row.acting_for_id])
        for row in events
        if row.action in ("proposal.extend", "link.made") and row.actor_id
    )
    assert acted == [
        ("link.made", "sending", "second"), ("proposal.extend", "hosting", None),
        ("proposal.extend", "second", None), ("proposal.extend", "sending", "second"),
    ]  # fmt: skip
