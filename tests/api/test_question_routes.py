"""What companies ask before they answer, through the API."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api.database import transaction
from tests.api.alliance import Alliance
from tests.api.decided import V1, asked_company, kind, post


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def test_a_question_reaches_both_sides_and_the_reply_the_company(alliance: Alliance) -> None:
    proposal = asked_company(alliance)
    company, sending = alliance.client("company"), alliance.client("sending")
    url = f"/proposals/{proposal}/questions"
    made = post(company, url, kind="question", text="Safety shoes?")
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    question = made.json()["id"]
    for who in ("sending", "hosting"):
        (seen,) = alliance.client(who).get(f"{V1}{url}").json()["items"]
        assert (seen["text"], seen["answered_by"]) == ("Safety shoes?", None)
    stale = sending.post(f"{V1}/questions/{question}/answer", json={"text": "Yes"},
                         headers={"If-Match": '"7"'})  # fmt: skip
    assert kind(stale) == (412, "stale-version")
    replied = post(sending, f"/questions/{question}/answer", text="Yes, size 40.")
    assert replied.json()["answered_by"] == str(alliance.users["sending"].id)
    again = post(alliance.client("hosting"), f"/questions/{question}/answer", text="No")
    assert kind(again) == (409, "not-now")
    (read,) = company.get(f"{V1}{url}").json()["items"]
    assert (read["answer"], read["answered_at"] is not None) == ("Yes, size 40.", True)
    assert read.keys() == {
        "id", "version", "proposal_id", "created_at", "kind", "text", "answer", "answered_at",
    }  # fmt: skip
    assert alliance.client("other").get(f"{V1}{url}").status_code == 404
    with transaction(alliance.engine, writes=False) as session:
        told = session.exec(select(models.OutboxMail.text)).all()
        actions = session.exec(select(models.AuditEvent.action)).all()
    assert (told.count("question_asked"), told.count("question_answered")) == (2, 1)
    assert {"question.asked", "question.answered"} <= set(actions)


def test_a_question_has_words_and_is_asked_while_the_company_is(alliance: Alliance) -> None:
    proposal = asked_company(alliance)
    company = alliance.client("company")
    url = f"/proposals/{proposal}/questions"
    for body in ({"kind": "question", "text": " "}, {"kind": "talk", "text": "a\0b"},
                 {"kind": "order"}, {"kind": "talk", "text": "x" * 1001}):  # fmt: skip
        assert company.post(f"{V1}{url}", json=body).status_code == 422, body
    assert post(company, url, kind="talk").status_code == 201
    key = {"Idempotency-Key": "once"}
    twice = {company.post(f"{V1}{url}", json={"kind": "talk"}, headers=key).text for _ in range(2)}
    assert len(twice) == 1
    assert len(company.get(f"{V1}{url}").json()["items"]) == 2
    post(alliance.client("sending"), f"/proposals/{proposal}/withdrawal", reason="dates")
    assert kind(post(company, url, kind="talk")) == (409, "not-now")
