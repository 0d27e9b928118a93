"""Placements through the API, and the whole way when a host drops out."""

import datetime
import uuid
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api import store
from api.database import transaction
from tests import rows, sealing
from tests.api.alliance import NOW, Alliance
from tests.api.decided import ANY, V1, asked_company, kind, placed, post
from tests.api.roles import a_proposal


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def seen(alliance: Alliance, who: str, placement: str) -> dict[str, Any]:
    answer = alliance.client(who).get(f"{V1}/placements/{placement}")
    assert answer.status_code == 200, (who, answer.text)
    return answer.json()


def mails(alliance: Alliance) -> set[tuple[str, str]]:
    with transaction(alliance.engine, writes=False) as session:
        return {(row.text, row.address) for row in session.exec(select(models.OutboxMail))}


def test_each_role_reads_of_a_placement_what_it_needs_and_no_more(alliance: Alliance) -> None:
    _, placement = placed(alliance)
    with transaction(alliance.engine) as session:
        row = session.get_one(models.Placement, uuid.UUID(placement))
        row.held_for, row.reason = ["language"], "illness"
        store.sealed.hold_for(session, row, ["language", "hard_needs"], NOW)
        session.get_one(models.Company, alliance.company.id).contact_name = "Uschi"
    company, aino = seen(alliance, "company", placement), seen(alliance, "aino", placement)
    sending, hosting = seen(alliance, "sending", placement), seen(alliance, "hosting", placement)
    assert company["contact"] == {
        "last_name": "Virtanen", "email": "aino@example.org", "phone": None,
    }  # fmt: skip
    assert (aino["host"]["name"], aino["mentor"]) == ("Uschi", "Uwe")
    assert (sending["held_for"], sending["reason"]) == (["language", "hard_needs"], "illness")
    assert hosting["held_for"] == ["language"]
    for who in ("hosting", "company", "aino", "tutor"):
        text = str(seen(alliance, who, placement))
        assert not any(word in text for word in ("hard_needs", "illness", "booked_by")), who
    assert "contact" not in hosting
    for who, expected in (("sending", 1), ("company", 1), ("other", 0), ("stranger", 0),
                          ("guardian", 0), ("eetu", 0)):  # fmt: skip
        listed = alliance.client(who).get(f"{V1}/placements").json()["items"]
        assert len(listed) == expected, who


def test_placements_are_listed_by_status_call_and_hold_a_page_at_a_time(alliance: Alliance) -> None:
    _, placement = placed(alliance)
    later = rows.proposal(alliance.call, alliance.leena, alliance.other_window, status="placement")
    with transaction(alliance.engine) as session:
        session.add(later)
        session.flush()
        sealing.detailed(session, later, held_for=["dates"])
        session.add(models.Placement(**rows.changing(
            proposal_id=later.id, apprentice_id=alliance.leena.id, status="finished", mentor="Uwe",
            window_id=alliance.other_window.id, first_day=later.first_day, last_day=later.last_day,
            booked_by=alliance.users["sending"].id, held_for=["dates"],
        )))  # fmt: skip
    client = alliance.client("sending")
    for query, expected in (
        ({}, 2), ({"status": "booked"}, 1), ({"status": ["booked", "finished"]}, 2),
        ({"held": "true"}, 1), ({"held": "false", "status": "finished"}, 0), ({"call": "2027"}, 2),
        ({"call": "2028"}, 0),
    ):  # fmt: skip
        assert len(client.get(f"{V1}/placements", params=query).json()["items"]) == expected, query
    page = client.get(f"{V1}/placements", params={"limit": 1}).json()
    rest = client.get(f"{V1}/placements", params={"after": page["next"]}).json()
    both = {one["id"] for one in page["items"] + rest["items"]}
    assert (len(both), rest["next"], placement in both) == (2, None, True)
    assert client.get(f"{V1}/placements", params={"status": "gone"}).status_code == 422


def test_a_placement_begins_ends_and_cannot_be_cancelled_then(alliance: Alliance) -> None:
    _, placement = placed(alliance)
    client, path = alliance.client("hosting"), f"/placements/{placement}"
    assert kind(post(client, f"{path}/finish")) == (409, "not-now")
    etag = client.get(f"{V1}{path}").headers["etag"]
    begun = client.post(f"{V1}{path}/begin", headers={"If-Match": etag})
    assert begun.json()["status"] == "abroad"
    stale = client.post(f"{V1}{path}/finish", headers={"If-Match": etag})
    assert kind(stale) == (412, "stale-version")
    assert kind(client.post(f"{V1}{path}/finish")) == (428, "version-needed")
    assert post(alliance.client("sending"), f"{path}/finish").json()["status"] == "finished"
    assert kind(post(client, f"{path}/cancellation", reason="illness")) == (409, "not-now")
    assert kind(post(client, f"/placements/{uuid.uuid4()}/begin")) == (404, "no-such-placement")
    assert seen(alliance, "company", placement)["contact"] is None


def test_a_cancelled_placement_is_told_to_those_who_were_involved(alliance: Alliance) -> None:
    someone = models.Guardian(
        **rows.changing(apprentice_id=alliance.aino.id, name="Outi", email="outi@example.org")
    )
    with transaction(alliance.engine) as session:
        session.add(someone)
    _, placement = placed(alliance)
    client = alliance.client("sending")
    sentence = post(client, f"/placements/{placement}/cancellation", reason="Aino is ill")
    assert sentence.status_code == 422
    assert post(client, f"/placements/{placement}/cancellation", reason="illness").is_success
    told = {address for text, address in mails(alliance) if text == "placement_cancelled"}
    assert told == {"sending@example.org", "hosting@example.org", "aino@example.org",
                    "werkstatt@example.org"}  # fmt: skip
    assert "outi@example.org" not in str(mails(alliance))  # nobody asks a guardian of an adult
    assert alliance.funded_places() == (0, 0, 0)


def test_when_a_host_drops_out_the_chosen_other_one_is_asked_with_48_hours(
    alliance: Alliance,
) -> None:
    proposal, placement = placed(alliance)
    hosting, sending = alliance.client("hosting"), alliance.client("sending")
    url = f"/offers/{alliance.offer.id}/drop-out"
    assert kind(hosting.post(f"{V1}{url}", json={"reason": "fire"})) == (428, "version-needed")
    stale = hosting.post(f"{V1}{url}", json={"reason": "fire"}, headers={"If-Match": '"9"'})
    assert kind(stale) == (412, "stale-version")
    answer = post(hosting, url, reason="fire")
    (one,) = answer.json()["items"]
    assert (one["proposal_id"], one["placement_id"]) == (proposal, placement)
    assert one["person"]["first_name"] == "Aino"
    ((other),) = one["other_hosts"]
    assert other.keys() == {"work", "first_day", "last_day", "shift"}
    assert (other["work"]["company"], other["shift"]) == ("Dreherei", 0)
    for hidden in ("score", "parts", "points", "rank", "Virtanen"):
        assert hidden not in answer.text
    assert {("host_dropped_out", "sending@example.org"),
            ("placement_cancelled", "aino@example.org")} <= mails(alliance)  # fmt: skip
    assert ("placement_cancelled", "sending@example.org") not in mails(alliance)
    listed = sending.get(f"{V1}/proposals/{proposal}/other-hosts").json()["items"]
    (full,) = listed
    assert full["score"] == round(sum(part["points"] for part in full["parts"]), 3)
    made = sending.post(f"{V1}/proposals", json={
        "call_id": str(alliance.call.id), "apprentice_id": one["apprentice_id"],
        "window_id": full["work"]["window_id"], "first_day": full["first_day"],
        "last_day": full["last_day"], "override_reason": "host gone", "hours_to_answer": 48,
    })  # fmt: skip
    assert made.status_code == 201, made.text
    new = f"/proposals/{made.json()['id']}"
    for who in ("sending", "hosting"):
        asked = post(alliance.client(who), f"{new}/answer", answer="yes")
    assert (asked.json()["status"], asked.json()["waiting_for"]) == ("asked", ["apprentice"])
    deadline = datetime.datetime.fromisoformat(asked.json()["deadline"])
    assert deadline == NOW + datetime.timedelta(hours=48)
    assert alliance.funded_places() == (0, 1, 1)
    with transaction(alliance.engine, writes=False) as session:
        assert session.get_one(models.Offer, alliance.offer.id).status == "closed"
        assert session.get_one(models.OfferWindow, alliance.window.id).places == 0


def test_nobody_learns_of_a_proposal_before_their_turn_by_dropping_out(alliance: Alliance) -> None:
    unasked = str(a_proposal(alliance)["proposal_id"])
    dropped = post(alliance.client("hosting"), f"/offers/{alliance.offer.id}/drop-out", reason="x")
    assert dropped.json() == {"items": []}
    sending = alliance.client("sending")
    assert sending.get(f"{V1}/proposals/{unasked}").json()["status"] == "withdrawn"
    assert ("host_dropped_out", "sending@example.org") in mails(alliance)
    assert "hosting@example.org" not in str(mails(alliance))
    assert ("proposal_withdrawn", "sending@example.org") not in mails(alliance)
    assert sending.get(f"{V1}/proposals/{unasked}/other-hosts").json()["items"]


def test_one_window_drops_out_and_the_others_stay(alliance: Alliance) -> None:
    proposal = asked_company(alliance)
    second = rows.window(
        alliance.offer, available_from=datetime.date(2027, 3, 2), places=2, taken=0
    )
    with transaction(alliance.engine) as session:
        session.add(second)
    client, url = alliance.client("hosting"), f"/offers/{alliance.offer.id}/drop-out"
    elsewhere = post(client, url, reason="x", window_ids=[str(alliance.other_window.id)])
    assert kind(elsewhere) == (404, "no-such-window")
    assert post(client, url, reason="x", window_ids=[]).status_code == 422
    assert post(client, url, reason="x", window_ids=[str(second.id)]).json() == {"items": []}
    with transaction(alliance.engine, writes=False) as session:
        assert session.get_one(models.Offer, alliance.offer.id).status == "published"
        assert session.get_one(models.OfferWindow, second.id).places == 0
        assert session.get_one(models.OfferWindow, alliance.window.id).places == 1
    read = alliance.client("company").get(f"{V1}/proposals/{proposal}", headers=ANY)
    assert read.json()["status"] == "asked"
    unknown = post(client, f"/offers/{uuid.uuid4()}/drop-out", reason="x")
    assert kind(unknown) == (404, "no-such-offer")
