"""Locks and forbidden pairs, through the API."""

import uuid
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api.database import transaction
from tests import sealing
from tests.api.alliance import Alliance
from tests.api.decided import V1, kind


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def say(alliance: Alliance, window: models.OfferWindow, wish: str, who: str = "sending") -> Any:
    url = f"{V1}/apprentices/{alliance.aino.id}/wishes/{window.id}"
    return alliance.client(who).put(url, json={"wish": wish, "reason": "was there before"})


def test_a_pair_is_locked_forbidden_and_let_go(alliance: Alliance) -> None:
    client = alliance.client("sending")
    assert say(alliance, alliance.window, "lock").json()["wish"] == "lock"
    assert say(alliance, alliance.other_window, "forbid").status_code == 200
    (lock,) = client.get(f"{V1}/wishes", params={"wish": "lock"}).json()["items"]
    assert (lock["first_name"], lock["work"]["company"], lock["reason"]) == (
        "Aino", "Werkstatt", "was there before",
    )  # fmt: skip
    assert kind(say(alliance, alliance.other_window, "lock")) == (409, "already-locked")
    assert say(alliance, alliance.window, "forbid").json()["id"] == lock["id"]
    page = client.get(f"{V1}/wishes", params={"limit": 1}).json()
    rest = client.get(f"{V1}/wishes", params={"after": page["next"]}).json()
    assert [len(page["items"]), len(rest["items"]), rest["next"]] == [1, 1, None]
    assert alliance.client("hosting").get(f"{V1}/wishes").json()["items"] == []
    url = f"{V1}/apprentices/{alliance.aino.id}/wishes/{alliance.window.id}"
    assert client.delete(url).status_code == 204
    assert kind(client.delete(url)) == (404, "no-such-pair-wish")
    with transaction(alliance.engine, writes=False) as session:
        events = sealing.done(session)
    done = {event.action for event in events if event.noun == "pair_wish"}
    assert done == {"wish.lock", "wish.forbid", "wish.taken_away"}
    assert "was there before" not in str([event.data for event in events])


def test_a_lock_goes_through_the_hard_rules(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.get_one(models.Offer, alliance.offer.id).languages = {"de": "C1"}
    refused = say(alliance, alliance.window, "lock")
    assert (kind(refused), refused.json()["rules"]) == ((422, "rule-refuses"), ["language"])
    assert say(alliance, alliance.window, "forbid").status_code == 200
    with transaction(alliance.engine) as session:
        session.get_one(models.Call, alliance.call.id).status = models.CallStatus.FINISHED
    assert kind(say(alliance, alliance.other_window, "lock")) == (409, "not-enrolled")
    with transaction(alliance.engine, writes=False) as session:
        assert [row.wish for row in session.exec(select(models.PairWish))] == ["forbid"]


def test_wishes_are_about_ones_own_people_and_windows_that_are_there(alliance: Alliance) -> None:
    assert kind(say(alliance, alliance.window, "lock", "hosting")) == (404, "no-such-apprentice")
    nowhere = models.OfferWindow(id=uuid.uuid4())
    assert kind(say(alliance, nowhere, "forbid")) == (404, "no-such-window")
    for body in ({"wish": "love", "reason": "x"}, {"wish": "lock", "reason": ""},
                 {"wish": "lock", "reason": "a\0"}):  # fmt: skip
        url = f"{V1}/apprentices/{alliance.aino.id}/wishes/{alliance.window.id}"
        assert alliance.client("sending").put(url, json=body).status_code == 422
