"""What waits for whoever asks, and the audit."""

import datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api import chain, store
from api.database import transaction
from tests import rows
from tests.api.alliance import NOW, Alliance
from tests.api.decided import V1, asked_company, placed, post
from tests.api.roles.decisions import asked
from tests.api.test_proposal_lists import three

DAY = datetime.timedelta(days=1)


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def waiting(alliance: Alliance, who: str, now: datetime.datetime = NOW) -> dict[str, Any]:
    answer = alliance.client(who, now).get(f"{V1}/waiting").json()
    return {name: value for name, value in answer.items() if value not in (0, None, {})}


def test_each_one_is_told_what_waits_for_them(alliance: Alliance) -> None:
    three(alliance)
    group = models.TravelGroup(**rows.changing(
        call_id=alliance.call.id, name="friends", kind="friends"
    ))  # fmt: skip
    friend = models.GroupMember(**rows.changing(group_id=group.id, apprentice_id=alliance.aino.id))
    with transaction(alliance.engine) as session:
        session.add(group)
        session.flush()
        session.add(friend)
        window = session.get_one(models.OfferWindow, alliance.other_window.id)
        window.available_to = NOW.date() + 20 * DAY
        window.available_from = NOW.date()
    assert waiting(alliance, "sending") == {
        "proposals": {"sending_coordinator": 1, "hosting_coordinator": 0}, "on_hold": 1,
        "deadlines": 1,
    }  # fmt: skip
    assert waiting(alliance, "hosting") == {
        "proposals": {"sending_coordinator": 0, "hosting_coordinator": 0}, "on_hold": 1,
        "deadlines": 1, "ending_offers": 1,
    }  # fmt: skip
    assert waiting(alliance, "other") == {
        "proposals": {"company": 1}, "on_hold": 1, "deadlines": 1, "ending_offers": 1,
    }  # fmt: skip
    assert waiting(alliance, "company") == {"proposals": {"company": 0}}
    assert waiting(alliance, "aino") == {
        "proposals": {"apprentice": 0}, "on_hold": 1, "friend_wishes": 1,
    }  # fmt: skip
    assert waiting(alliance, "guardian") == {"proposals": {"guardian": 0}, "deadlines": 1}
    assert waiting(alliance, "tutor") == {"on_hold": 1, "deadlines": 1}
    nobody = {"proposals": {"sending_coordinator": 0, "hosting_coordinator": 0}}
    assert waiting(alliance, "stranger") == nobody
    earlier = waiting(alliance, "sending", NOW - DAY)
    assert "deadlines" not in earlier


def test_a_proposal_waits_for_the_side_whose_turn_it_is(alliance: Alliance) -> None:
    asked(alliance, 1)
    assert waiting(alliance, "hosting")["proposals"]["hosting_coordinator"] == 1
    assert set(waiting(alliance, "sending")["proposals"].values()) == {0}


def test_an_open_question_waits_and_its_deadline_rests(alliance: Alliance) -> None:
    proposal = asked_company(alliance)
    post(alliance.client("company"), f"/proposals/{proposal}/questions", kind="talk")
    for who in ("sending", "hosting", "company"):
        assert waiting(alliance, who)["open_questions"] == 1
    assert "deadlines" not in waiting(alliance, "sending", NOW + 13 * DAY)  # it rests
    assert "open_questions" not in waiting(alliance, "aino")


def test_a_held_placement_waits_for_both_coordinators(alliance: Alliance) -> None:
    placed(alliance)
    assert "held_placements" not in waiting(alliance, "sending")
    with transaction(alliance.engine) as session:
        row = session.exec(select(models.Placement)).one()
        row.held_for = ["not_suitable"]
        store.sealed.hold_for(session, row, ["hard_needs"], NOW)
    assert waiting(alliance, "sending")["held_placements"] == 1
    assert waiting(alliance, "hosting")["held_placements"] == 1
    assert "held_placements" not in waiting(alliance, "company")


def test_the_audit_goes_on_where_it_ended_and_is_about_ones_own_people(
    alliance: Alliance,
) -> None:
    proposal, placement = placed(alliance)
    with transaction(alliance.engine) as session:
        chain.note(
            session, alliance.service(NOW + DAY), "company.verified", "company",
            alliance.company.id, {},
        )  # fmt: skip
    url, admin, sending = f"{V1}/audit", alliance.client("admin"), alliance.client("sending")
    whole = [one["id"] for one in admin.get(url).json()["items"]]
    assert admin.get(url).json()["items"][0]["action"] == "company.verified"
    seen: list[str] = []
    after: str | None = None
    for _ in range(len(whole)):
        query = {"limit": 1} | ({"after": after} if after else {})
        page = admin.get(url, params=query).json()
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
    assert (seen, after) == (whole, None)
    own = sending.get(url).json()["items"]
    assert {one["noun"] for one in own} == {"proposal", "placement"}
    about = sending.get(url, params={"noun": "placement", "row": placement}).json()["items"]
    assert [one["action"] for one in about] == ["placement.booked"]
    assert about[0]["data"] == {"proposal": proposal}
    for who in ("hosting", "stranger"):
        assert alliance.client(who).get(url).json()["items"] == [], who
    assert sending.get(url, params={"after": "x"}).status_code == 422
    assert sending.get(url, params={"noun": "a\0"}).status_code == 422
