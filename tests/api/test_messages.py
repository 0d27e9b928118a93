"""What could not be delivered and whom to call: shown, sent again, let go, called."""

import datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api.database import transaction
from api.services import records
from api.services.asking import reach
from models import Means, MessageEnd
from tests.api.alliance import NOW, Alliance
from tests.api.roles.messages import lost, to_call
from tests.api.test_answer_routes import asked, kind

V1 = "/api/v1"


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def test_what_did_not_arrive_is_told_in_words_and_sent_once_more(alliance: Alliance) -> None:
    message = lost(alliance)["message_id"]
    client = alliance.client("sending")
    (shown,) = client.get(f"{V1}/messages", headers={"Accept-Language": "de"}).json()["items"]
    assert (shown["state"], shown["address"]) == ("undeliverable", "aino@example.org")
    assert shown["subject"] != ""
    assert "550" not in shown["failure"]
    assert client.get(f"{V1}/waiting").json()["undelivered"] == 1
    assert alliance.client("hosting").get(f"{V1}/messages").json() == {"items": []}
    assert client.post(f"{V1}/messages/{message}/retry").status_code == 204
    assert client.get(f"{V1}/messages").json() == {"items": []}
    with transaction(alliance.engine, writes=False) as session:
        row = session.get_one(models.OutboxMail, message)
        assert (row.ended_as, row.attempts, row.not_before) == (None, 0, NOW)
    assert client.post(f"{V1}/messages/{message}/let-go").status_code == 204
    assert kind(client.post(f"{V1}/messages/{message}/retry")) == (409, "message-ended")
    assert kind(client.post(f"{V1}/messages/{message}/let-go")) == (409, "message-ended")


def test_a_call_has_the_text_to_read_out_and_comes_back_until_somebody_answers(
    alliance: Alliance,
) -> None:
    message = to_call(alliance)["message_id"]
    client = alliance.client("sending")
    (shown,) = client.get(f"{V1}/messages").json()["items"]
    assert (shown["state"], shown["means"], shown["read_out_language"]) == ("to_call", "call", "fi")
    assert "Werkstatt" in shown["read_out"]
    assert "http" not in shown["read_out"]
    assert client.get(f"{V1}/waiting").json()["calls"] == 1
    assert client.post(f"{V1}/messages/{message}/call", json={"reached": False}).is_success
    assert client.get(f"{V1}/messages").json() == {"items": []}
    tomorrow = alliance.client("sending", now=NOW + datetime.timedelta(days=1))
    (shown,) = tomorrow.get(f"{V1}/messages").json()["items"]
    assert shown["failure"] == "Nobody answered the telephone."
    assert tomorrow.post(f"{V1}/messages/{message}/call", json={"reached": True}).is_success
    with transaction(alliance.engine, writes=False) as session:
        row = session.get_one(models.OutboxMail, message)
        assert (row.ended_as, row.attempts) == (MessageEnd.SENT, 2)
    again = tomorrow.post(f"{V1}/messages/{message}/call", json={"reached": True})
    assert kind(again) == (409, "message-ended")


def test_each_side_sees_its_own_messages_about_a_proposal(alliance: Alliance) -> None:
    proposal = asked(alliance)
    for who, address in (("sending", "aino@example.org"), ("hosting", "hosting@example.org")):
        items = alliance.client(who).get(f"{V1}/proposals/{proposal}/messages").json()["items"]
        assert address in {one["address"] for one in items}
        assert {one["state"] for one in items} == {"waiting"}
        other = {"sending": "hosting@", "hosting": "aino@"}[who]
        assert not [one for one in items if one["address"].startswith(other)]


def test_a_message_about_nobody_s_region_is_in_no_list(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        records.tell(
            session, alliance.service(), "x@example.org", "en", "feedback", means=Means.SMS
        )
    for who in ("sending", "hosting", "stranger"):
        assert alliance.client(who).get(f"{V1}/messages").json() == {"items": []}


@pytest.mark.parametrize(
    ("email", "phone", "wanted", "reached"),
    [
        ("a@x.example", "+1", None, ("a@x.example", Means.MAIL)),
        ("a@x.example", "+1", Means.MAIL, ("a@x.example", Means.MAIL)),
        ("a@x.example", "+1", Means.SMS, ("+1", Means.SMS)),
        ("a@x.example", "+1", Means.CALL, ("+1", Means.CALL)),
        ("a@x.example", None, Means.CALL, ("a@x.example", Means.MAIL)),
        (None, "+1", None, ("+1", Means.CALL)),
        (None, "+1", Means.SMS, ("+1", Means.SMS)),
        (None, None, Means.CALL, (None, Means.MAIL)),
    ],
)
def test_how_somebody_is_reached(
    email: str | None, phone: str | None, wanted: Means | None, reached: object
) -> None:
    found = reach("fi", email, phone, wanted)
    assert (found.address, found.means) == reached


def test_a_guardian_who_wants_calls_is_called_in_the_own_language(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        (guardian,) = session.exec(
            select(models.Guardian).where(models.Guardian.apprentice_id == alliance.eetu.id)
        )
        guardian.phone, guardian.reached_by = "+358 40 1", Means.CALL
        guardian.language = models.MessageLanguage.FI
        session.get_one(models.User, alliance.users["guardian"].id).email = None
    asked(alliance, alliance.eetu)
    (call,) = alliance.client("sending").get(f"{V1}/messages").json()["items"]
    assert (call["address"], call["read_out_language"]) == ("+358 40 1", "fi")
    assert "Eetu" in call["read_out"]
    page = alliance.browser("sending").get("/messages").text
    assert 'href="tel:+358401"' in page
    assert '<blockquote class="said" lang="fi">' in page
