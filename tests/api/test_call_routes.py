"""Calls, funding, enrolments and reference lists, as programs meet them."""

import datetime
import uuid
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Engine
from sqlmodel import col, select

import models
from api import store
from api.database import transaction
from tests import rows
from tests.api.alliance import Alliance
from tests.api.elsewhere import zelda
from tests.api.roles import a_proposal

V1 = "/api/v1"
ANY = {"If-Match": "*"}
FIELDS = {"code": "2028-spring", "name": "Spring 2028", "closes_on": "2028-01-31",
          "stays_from": "2028-02-01", "stays_to": "2028-08-31"}  # fmt: skip
BEFORE_IT_CLOSES = rows.NOW - datetime.timedelta(days=3)


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def audit(alliance: Alliance) -> list[str]:
    with transaction(alliance.engine, writes=False) as session:
        return sorted(row.action for row in store.rows.every(session, models.AuditEvent)
                      if row.action.partition(".")[0] in ("call", "enrolment"))  # fmt: skip


def mails(alliance: Alliance) -> list[tuple[str, str]]:
    with transaction(alliance.engine, writes=False) as session:
        found = store.rows.every(session, models.OutboxMail)
    return sorted((mail.text, mail.address) for mail in found if mail.text != "asked")


def enrolments(alliance: Alliance) -> dict[str, models.Enrolment]:
    """The enrolments by the first names of the people."""
    with transaction(alliance.engine, writes=False) as session:
        return {person.first_name: row for row, person in store.calls.taking_part(session)}


def let(alliance: Alliance, who: str, status: str, **more: Any) -> Response:
    row = enrolments(alliance)[who]
    return alliance.client("sending").put(
        f"{V1}/enrolments/{row.id}/status", json={"status": status} | more, headers=ANY
    )


# calls


def test_a_call_is_made_changed_opened_and_finished(alliance: Alliance) -> None:
    client = alliance.client("sending")
    once = {"Idempotency-Key": "k"}
    made, again = (client.post(f"{V1}/calls", json=FIELDS, headers=once) for _ in range(2))
    assert (made.status_code, made.json()) == (201, again.json())
    assert made.headers["location"] == f"{V1}/calls/2028-spring"
    url = made.headers["location"]
    new = FIELDS | {"name": "Later", "code": "2028"}
    stale = client.put(url, json=new, headers={"If-Match": '"7"'})
    assert (stale.status_code, client.put(url, json=new).status_code) == (412, 428)
    changed = client.put(url, json=new, headers={"If-Match": made.headers["etag"]})
    assert changed.json() == made.json() | new | {"version": 2}
    assert client.get(url).status_code == 404
    url = f"{V1}/calls/2028"
    for what, status in (("opening", "open"), ("finish", "finished")):
        tag = client.get(url).headers["etag"]
        assert client.post(f"{url}/{what}", headers={"If-Match": '"99"'}).status_code == 412
        done = client.post(f"{url}/{what}", headers={"If-Match": tag})
        assert (done.status_code, done.json()["status"]) == (200, status)
        assert done.headers["etag"] == client.get(url).headers["etag"] != tag
    assert client.post(f"{url}/opening", headers=ANY).status_code == 409
    assert audit(alliance) == ["call.changed", "call.created", "call.finished", "call.open"]


def test_what_no_call_can_be_is_refused(alliance: Alliance) -> None:
    client = alliance.client("sending")
    for wrong, status in (
        ({"code": "2027"}, 409), ({"code": "a/b"}, 422), ({"code": ""}, 422), ({"score": 1}, 422),
        ({"stays_from": "2028-09-01"}, 422), ({"closes_on": "2028-09-01"}, 422),
        ({"stays_from": None}, 422), ({"name": "x" * 201}, 422),
    ):  # fmt: skip
        assert client.post(f"{V1}/calls", json=FIELDS | wrong).status_code == status, wrong
    assert client.put(f"{V1}/calls/2027", json=FIELDS, headers=ANY).status_code == 200
    assert client.post(f"{V1}/calls", json=FIELDS).status_code == 409
    for code in ("nothing", "%00"):
        assert client.get(f"{V1}/calls/{code}").status_code in (404, 422)


def test_drafts_and_funding_are_for_those_who_work_with_them(alliance: Alliance) -> None:
    alliance.client("sending").post(f"{V1}/calls", json=FIELDS)
    codes = {}
    funding = {}
    for who in ("admin", "stranger", "tutor", "company", "aino", "guardian"):
        client = alliance.client(who)
        codes[who] = {one["code"] for one in client.get(f"{V1}/calls").json()["items"]}
        funding[who] = client.get(f"{V1}/calls/2027").json().get("funding")
    both, line = {"2027", "2028-spring"}, {
        "region": "savonlinna", "activity": "SHORT_TERM", "places": 3, "taken": 0, "version": 1,
    }  # fmt: skip
    office = {"admin", "stranger"}
    assert codes == {who: both if who in office else {"2027"} for who in codes}
    assert funding == {who: [line] if who in {*office, "tutor"} else None for who in funding}
    client = alliance.client("sending")
    drafts = client.get(f"{V1}/calls", params={"status": "draft"}).json()
    assert [one["code"] for one in drafts["items"]] == ["2028-spring"]
    assert alliance.client("aino").get(f"{V1}/calls?status=draft").json()["items"] == []
    first = client.get(f"{V1}/calls?limit=1").json()
    rest = client.get(f"{V1}/calls", params={"after": first["next"]}).json()
    assert {one["code"] for one in first["items"] + rest["items"]} == both
    assert rest["next"] is None


def test_another_period_holds_what_lies_outside_of_it_and_lets_it_go_on(
    alliance: Alliance,
) -> None:
    made = a_proposal(alliance)
    client = alliance.client("sending")
    fields = {name: client.get(f"{V1}/calls/2027").json()[name] for name in FIELDS}

    def status(**changed: str) -> tuple[str, list[str]]:
        answer = client.put(f"{V1}/calls/2027", json=fields | changed, headers=ANY)
        assert answer.status_code == 200, answer.text
        seen = client.get(f"{V1}/proposals/{made['proposal_id']}").json()
        return seen["status"], seen["held_for"]

    assert status(stays_from="2027-02-02", name="Another") == ("proposed", [])
    assert mails(alliance) == []
    assert status(stays_from="2027-03-02") == ("on_hold", ["dates"])
    assert mails(alliance) == [("proposal_on_hold", "sending@example.org")], "who knows of it"
    assert status(name="Yet another", stays_from="2027-03-02") == ("on_hold", ["dates"])
    assert status(stays_from="2027-03-01") == ("proposed", [])
    assert status(stays_to="2027-04-24") == ("on_hold", ["dates"])


def test_a_placement_outside_the_new_period_is_marked(alliance: Alliance) -> None:
    proposal = a_proposal(alliance)["proposal_id"]
    for who in ("sending", "hosting", "aino", "company"):
        alliance.client(who).post(
            f"{V1}/proposals/{proposal}/answer", json={"answer": "yes"}, headers=ANY
        )
    client = alliance.client("sending")
    client.post(f"{V1}/proposals/{proposal}/placement", json={"mentor": "U"}, headers=ANY)
    fields = {name: client.get(f"{V1}/calls/2027").json()[name] for name in FIELDS}
    client.put(f"{V1}/calls/2027", json=fields | {"stays_to": "2027-04-24"}, headers=ANY)
    with transaction(alliance.engine, writes=False) as session:
        (placement,) = store.rows.every(session, models.Placement)
    assert placement.held_for == ["dates"]


# funding


def test_a_coordinator_funds_the_own_region_and_an_admin_any(alliance: Alliance) -> None:
    def fund(who: str, region: str, places: int, version: str, activity: str = "SHORT_TERM") -> Any:
        return alliance.client(who).put(
            f"{V1}/calls/2027/funding/{region}/{activity}", json={"places": places},
            headers={"If-Match": version},
        )  # fmt: skip

    done = fund("sending", "savonlinna", 5, '"1"')
    assert (done.status_code, done.json(), done.headers["etag"]) == (
        200, {"region": "savonlinna", "activity": "SHORT_TERM", "places": 5, "taken": 0,
              "version": 2}, '"2"',
    )  # fmt: skip
    assert fund("sending", "savonlinna", 6, '"1"').status_code == 412
    assert fund("sending", "savonlinna", 6, '"0"').status_code == 412
    assert fund("sending", "paderborn", 6, "*").status_code == 404
    assert fund("admin", "paderborn", 6, '"1"').status_code == 412
    new = fund("admin", "paderborn", 6, '"0"')
    assert (new.status_code, new.json()["places"]) == (200, 6)
    assert fund("admin", "atlantis", 6, "*").status_code == 404
    a_proposal(alliance)
    for places, status in ((0, 409), (-1, 422), (10**30, 422), (1, 200)):
        assert fund("sending", "savonlinna", places, "*").status_code == status, places
    assert fund("sending", "savonlinna", 1, "*", "HOLIDAY").status_code == 422
    funding = alliance.client("hosting").get(f"{V1}/calls/2027").json()["funding"]
    assert [(one["region"], one["places"], one["taken"]) for one in funding] == [
        ("paderborn", 6, 0), ("savonlinna", 1, 1),
    ]  # fmt: skip
    assert audit(alliance) == ["call.funded"] * 3


# enrolments


def test_people_apply_until_the_closing_date_and_others_enrol_them_later(
    alliance: Alliance,
) -> None:
    with transaction(alliance.engine) as session:
        aino = col(models.Enrolment.apprentice_id) == alliance.aino.id
        session.delete(session.exec(select(models.Enrolment).where(aino)).one())
    url, body = f"{V1}/calls/2027/enrolments", {"apprentice_id": str(alliance.aino.id)}
    late = alliance.client("aino").post(url, json=body)
    assert (late.status_code, late.json()["type"]) == (409, "urn:doallvet:applications-closed")
    for who in ("stranger", "hosting", "eetu"):
        assert alliance.client(who).post(url, json=body).status_code == 404
    nobody = {"apprentice_id": str(uuid.uuid4())}
    assert alliance.client("sending").post(url, json=nobody).status_code == 404
    early = alliance.client("aino", BEFORE_IT_CLOSES)
    made, again = (early.post(url, json=body, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (made.status_code, made.json(), made.headers["etag"]) == (201, again.json(), '"1"')
    assert made.json()["status"] == "applied"
    assert alliance.client("sending").post(url, json=body).status_code == 409
    assert audit(alliance) == ["enrolment.applied"]


def test_each_sees_those_who_take_part_of_the_own_people(alliance: Alliance) -> None:
    zelda(alliance)
    seen = {}
    for who in ("sending", "tutor", "aino", "guardian", "hosting", "stranger"):
        answer = alliance.client(who).get(f"{V1}/calls/2027/enrolments")
        seen[who] = sorted(one["first_name"] for one in answer.json()["items"])
        assert who == "sending" or "Secret" not in answer.text
    school = ["Aino", "Eetu", "Leena"]
    assert seen == {
        "sending": [*school, "Zelda"], "tutor": school, "aino": ["Aino"], "guardian": ["Eetu"],
        "hosting": [], "stranger": [],
    }  # fmt: skip
    client = alliance.client("sending")
    let(alliance, "Zelda", "paused")
    paused = client.get(f"{V1}/calls/2027/enrolments?status=paused").json()["items"]
    assert [one["first_name"] for one in paused] == ["Zelda"]
    pages: list[str] = []
    after: dict[str, str] = {}
    for _ in range(2):
        page = client.get(f"{V1}/calls/2027/enrolments", params={"limit": "2"} | after).json()
        pages += [one["id"] for one in page["items"]]
        after = {"after": page["next"]}
    assert (len(set(pages)), sorted(pages), page["next"]) == (4, pages, None)


def test_the_queue_is_in_order_and_shows_each_the_own_part(alliance: Alliance) -> None:
    zelda(alliance)
    for who in ("Leena", "Zelda", "Aino"):
        assert let(alliance, who, "waiting").status_code == 200
    moved = let(alliance, "Aino", "waiting", place_in_queue=1)
    assert (moved.json()["place_in_queue"], moved.json()["first_name"]) == (1, "Aino")
    assert let(alliance, "Eetu", "waiting", place_in_queue=5).status_code == 422
    assert let(alliance, "Eetu", "withdrawn").status_code == 409
    url = f"{V1}/calls/2027/waiting?activity=SHORT_TERM"
    seen = {
        who: [(one["first_name"], one["place_in_queue"])
              for one in alliance.client(who).get(url).json()["items"]]
        for who in ("sending", "tutor", "aino", "eetu", "hosting")
    }  # fmt: skip
    assert seen == {
        "sending": [("Aino", 1), ("Leena", 2), ("Zelda", 3)],
        "tutor": [("Aino", 1), ("Leena", 2)], "aino": [("Aino", 1)], "eetu": [], "hosting": [],
    }  # fmt: skip
    page = alliance.client("sending").get(f"{url}&limit=2").json()
    rest = alliance.client("sending").get(f"{url}&limit=2&after={page['next']}").json()
    assert ([one["place_in_queue"] for one in rest["items"]], rest["next"]) == ([3], None)
    stale = alliance.client("sending").put(
        f"{V1}/enrolments/{moved.json()['id']}/status", json={"status": "selected"},
        headers={"If-Match": '"1"'},
    )  # fmt: skip
    assert stale.status_code == 412


def leave(alliance: Alliance, who: str, person: str, version: str = "*") -> Response:
    row = enrolments(alliance)[person]
    return alliance.client(who).post(
        f"{V1}/enrolments/{row.id}/withdrawal", headers={"If-Match": version}
    )


def test_the_coordinator_sees_what_a_withdrawal_leaves_and_who_waits(alliance: Alliance) -> None:
    proposal = str(a_proposal(alliance)["proposal_id"])
    for who in ("Leena", "Eetu"):
        let(alliance, who, "waiting")
    assert leave(alliance, "sending", "Aino", '"9"').status_code == 412
    left = leave(alliance, "sending", "Aino").json()
    assert (left["live_proposals"], left["current_placements"]) == ([proposal], [])
    assert [one["first_name"] for one in left["next_waiting"]] == ["Leena", "Eetu"]
    assert left["enrolment"]["status"] == "withdrawn"
    assert leave(alliance, "sending", "Aino").status_code == 409
    assert mails(alliance) == []


def test_who_leaves_sees_nobody_else_and_no_proposal_before_the_turn(alliance: Alliance) -> None:
    a_proposal(alliance)
    let(alliance, "Leena", "waiting")
    answer = leave(alliance, "aino", "Aino")
    assert (answer.status_code, answer.json().keys()) == (
        200, {"enrolment", "live_proposals", "current_placements"},
    )  # fmt: skip
    assert answer.json()["live_proposals"] == []
    assert "Leena" not in answer.text
    assert mails(alliance) == [("enrolment_withdrawn", "sending@example.org")]


def test_who_leaves_sees_the_own_proposal_once_asked(alliance: Alliance) -> None:
    proposal = str(a_proposal(alliance)["proposal_id"])
    for who in ("sending", "hosting"):
        alliance.client(who).post(
            f"{V1}/proposals/{proposal}/answer", json={"answer": "yes"}, headers=ANY
        )
    assert leave(alliance, "aino", "Aino").json()["live_proposals"] == [proposal]


# regions, centres, lists


def test_everybody_sees_regions_centres_and_lists(alliance: Alliance) -> None:
    client = alliance.client("company")
    regions = client.get(f"{V1}/regions").json()["items"]
    assert {one["code"] for one in regions} == {"savonlinna", "paderborn", "lublin"}
    assert regions[0].keys() == {"id", "code", "name", "country", "town"}
    zelda(alliance)
    centres = client.get(f"{V1}/centres?region=savonlinna&limit=1").json()
    rest = client.get(f"{V1}/centres", params={"after": centres["next"]}).json()
    found = centres["items"] + rest["items"]
    assert {one["code"] for one in found} == {"samiedu", "other-school"}
    assert (found[0]["country"], found[0]["region"], rest["next"]) == ("FI", "savonlinna", None)
    assert client.get(f"{V1}/centres?region=lublin").json()["items"] == []
    for name in client.get(f"{V1}/reference").json()["items"]:
        answer = client.get(f"{V1}/reference/{name}")
        assert answer.status_code == 200, name
        assert all(one["code"] for one in answer.json()["items"]), name
    needs = client.get(f"{V1}/reference/needs").json()["items"]
    assert needs[0]["names"].keys() == {"en", "es", "pt", "fi", "de", "pl"}
    assert (needs[0]["code"], needs[0]["facts"]["strength"]) == ("STEP_FREE_ACCESS", "hard")
    assert needs[0]["source"]
    levels = client.get(f"{V1}/reference/cefr_levels").json()["items"]
    assert [one["code"] for one in levels] == ["A1", "A2", "B1", "B2", "C1", "C2"]
    for name in ("weights", "nothing", "..%2Fneeds"):
        answer = client.get(f"{V1}/reference/{name}")
        assert answer.status_code == 404, name
