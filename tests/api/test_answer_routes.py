"""Answers without an account, and the papers behind recorded ones, as the API gives them."""

import datetime
import uuid
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

import models
from api.database import transaction
from api.edge import ANSWER_COOKIE
from api.services import by_hand, links, proposals
from api.services.proposals import Heard
from models import Answer, Channel, LinkKind, Party
from tests import sealing
from tests.api.alliance import FIRST, NOW, Alliance
from tests.api.answer_headers import wrong

V1 = "/api/v1"
PDF = b"%PDF-1.7 a signature"
PNG = b"\x89PNG\r\n\x1a\n a signature"


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def asked(alliance: Alliance, who: models.Apprentice | None = None) -> uuid.UUID:
    """A proposal about which the apprentice is asked now."""
    with transaction(alliance.engine) as session:
        case = by_hand.propose(
            session, alliance.caller("sending"), alliance.call.id, (who or alliance.aino).id,
            alliance.window.id, override_reason="they asked for it",
        )  # fmt: skip
        for one in ("sending", "hosting"):
            party = Party(f"{one}_coordinator")
            proposals.answer(session, alliance.caller(one), case, party, Answer.YES)
        return case.proposal.id


def heard(alliance: Alliance, proposal: uuid.UUID, party: Party, said: Answer = Answer.YES) -> None:
    """The coordinator of the side records an answer."""
    by = "hosting" if party == Party.COMPANY else "sending"
    with transaction(alliance.engine) as session:
        proposals.answer(
            session, alliance.caller(by), proposals.load(session, proposal), party, said,
            reason="" if said == Answer.YES else "dates",
            heard=Heard(Channel.PAPER, "somebody", NOW.date()),
        )  # fmt: skip


def kind(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:doallvet:")


def link_to(alliance: Alliance, proposal: uuid.UUID, party: Party) -> str:
    """The secret of a new link, whoever made it."""
    with transaction(alliance.engine) as session:
        row = session.get_one(models.Proposal, proposal)
        return links.make_link(session, alliance.caller("sending"), row, party, LinkKind.LINK)


def opened(alliance: Alliance, secret: str, now: datetime.datetime = NOW) -> TestClient:
    """A browser of somebody without an account in which a link was opened."""
    client = alliance.client(None, now)
    answer = client.post(f"{V1}/answer-session", json={"secret": secret})
    assert answer.status_code == 201, answer.text
    return client


def test_a_party_without_an_account_answers_with_a_link(alliance: Alliance) -> None:
    proposal = asked(alliance)
    made = alliance.client("sending").post(
        f"{V1}/proposals/{proposal}/links", json={"party": "apprentice", "days": 3}
    )
    page, _, secret = made.json()["link"].partition("#")
    assert (made.status_code, page, made.json()["code"]) == (
        201, "http://127.0.0.1:8000/answer?language=en", None,
    )  # fmt: skip
    assert made.json()["expires_at"] == "2027-01-18T09:00:00Z"
    client = alliance.client(None)
    answer = client.post(f"{V1}/answer-session", json={"secret": secret})
    assert answer.json() == {"party": "apprentice", "open_until": "2027-01-15T09:30:00Z"}
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{ANSWER_COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict", "Max-Age=1800"} <= set(
        cookie.split("; ")
    )
    assert secret not in cookie
    seen = client.get(f"{V1}/answer")
    assert seen.json()["proposal"]["status"] == "asked"
    assert seen.json()["proposal"]["own_answer"] is None
    assert "prefer_not_to_say" in seen.json()["reasons"]
    for headers, refused in (
        ({}, (428, "version-needed")), ({"If-Match": '"99"'}, (412, "stale-version")),
        ({"If-Match": "*", "Origin": "https://evil.example"}, (403, "not-from-here")),
        ({"If-Match": "*", "Sec-Fetch-Site": "cross-site"}, (403, "not-from-here")),
    ):  # fmt: skip
        assert kind(client.post(f"{V1}/answer", json={"answer": "yes"}, headers=headers)) == refused
    bare = {"If-Match": seen.headers["etag"]}
    without_reason = client.post(f"{V1}/answer", json={"answer": "no"}, headers=bare)
    assert kind(without_reason) == (422, "unknown-reason")
    said = client.post(f"{V1}/answer", json={"answer": "yes"}, headers=bare)
    assert (said.status_code, said.json()["proposal"]["own_answer"]) == (200, "yes")
    assert said.headers["etag"] != seen.headers["etag"]
    assert said.json()["proposal"]["waiting_for"] == ["company"]
    with transaction(alliance.engine, writes=False) as session:
        rows = session.exec(select(models.Approval).where(models.Approval.party == "apprentice"))
        row = rows.one()
        assert (row.channel, row.answered_by, row.heard_from) == (Channel.LINK, None, "")
    assert kind(client.get(f"{V1}/proposals")) == (401, "sign-in-needed")
    assert client.delete(f"{V1}/answer-session").status_code == 204
    client.cookies.set(ANSWER_COOKIE, cookie.split(";")[0].partition("=")[2])
    assert kind(client.get(f"{V1}/answer")) == (401, "link-not-open")


def test_a_printed_code_opens_too_and_counts_as_one(alliance: Alliance) -> None:
    proposal = asked(alliance)
    made = alliance.client("sending").post(
        f"{V1}/proposals/{proposal}/links", json={"party": "apprentice", "kind": "code"}
    )
    assert made.json()["link"] == "http://127.0.0.1:8000/answer?language=en"
    client = opened(alliance, made.json()["code"].lower().replace("-", " "))
    said = client.post(
        f"{V1}/answer", json={"answer": "no", "reason": "family"}, headers={"If-Match": "*"}
    )
    assert said.json()["proposal"]["status"] == "declined"
    with transaction(alliance.engine, writes=False) as session:
        rows = session.exec(select(models.Approval).where(models.Approval.party == "apprentice"))
        assert rows.one().channel == Channel.CODE


def test_a_link_that_opens_nothing_says_why(alliance: Alliance) -> None:
    proposal = asked(alliance)
    replaced = link_to(alliance, proposal, Party.APPRENTICE)
    last = link_to(alliance, proposal, Party.APPRENTICE)
    opened(alliance, last)
    client = alliance.client(None)
    late = alliance.client(None, NOW + datetime.timedelta(days=15))
    for one, secret, refused in (
        (client, last, (410, "link-used")),
        (client, replaced, (410, "link-expired")),
        (client, "x", (404, "no-such-link")),
        (late, link_to(alliance, proposal, Party.GUARDIAN), (410, "link-expired")),
        (client, "", (422, "faulty-request")),
    ):
        answer = one.post(f"{V1}/answer-session", json={"secret": secret})
        assert kind(answer) == refused
        assert "set-cookie" not in answer.headers
        assert kind(one.get(f"{V1}/answer")) == (401, "link-not-open")
    elsewhere = TestClient(
        alliance.app(), base_url="http://testserver", client=("203.0.113.9", 50000)
    )
    for sender, headers, refused in (
        (elsewhere, {}, (403, "unencrypted")),
        (client, {"Origin": "https://evil.example"}, (403, "not-from-here")),
    ):
        answer = sender.post(f"{V1}/answer-session", json={"secret": "x"}, headers=headers)
        assert kind(answer) == refused
    tries = [client.post(f"{V1}/answer-session", json={"secret": "x"}) for _ in range(61)]
    assert kind(tries[-1]) == (429, "too-many-requests")


def test_a_session_ends_after_half_an_hour_and_is_of_one_proposal(alliance: Alliance) -> None:
    client = opened(alliance, link_to(alliance, asked(alliance), Party.APPRENTICE))
    later = alliance.client(None, NOW + datetime.timedelta(minutes=30))
    later.cookies = client.cookies
    assert kind(later.get(f"{V1}/answer")) == (401, "link-not-open")
    nobody = alliance.client(None)
    answer = nobody.post(f"{V1}/answer", json={"answer": "yes"}, headers={"If-Match": "*"})
    assert kind(answer) == (401, "link-not-open")
    assert nobody.delete(f"{V1}/answer-session").status_code == 204
    account = alliance.client("aino")
    assert kind(account.get(f"{V1}/answer")) == (401, "link-not-open")


def test_a_link_shows_nothing_before_the_turn_of_its_party(alliance: Alliance) -> None:
    proposal = asked(alliance)
    hosting = alliance.client("hosting")
    asked_for = {"party": "company"}
    early = hosting.post(f"{V1}/proposals/{proposal}/links", json=asked_for)
    assert kind(early) == (409, "not-your-turn")
    client = opened(alliance, link_to(alliance, proposal, Party.COMPANY))
    refused = client.get(f"{V1}/answer")
    assert kind(refused) == (403, "not-asked-now")
    assert "Aino" not in refused.text
    answer = client.post(f"{V1}/answer", json={"answer": "yes"}, headers={"If-Match": "*"})
    assert kind(answer) == (403, "not-asked-now")
    heard(alliance, proposal, Party.APPRENTICE)
    assert client.get(f"{V1}/answer").json()["proposal"]["person"]["first_name"] == "Aino"


def test_a_link_is_made_by_the_side_that_records_the_answers(alliance: Alliance) -> None:
    proposal = asked(alliance)
    heard(alliance, proposal, Party.APPRENTICE)
    url = f"{V1}/proposals/{proposal}/links"
    for who, party, status in (
        ("sending", "apprentice", 201), ("hosting", "apprentice", 403),
        ("hosting", "company", 201), ("sending", "company", 403),
        ("sending", "sending_coordinator", 403), ("stranger", "apprentice", 404),
        ("company", "company", 403), ("sending", "guardian", 409),
    ):  # fmt: skip
        answer = alliance.client(who).post(url, json={"party": party})
        assert answer.status_code == status, (who, party)
    for faulty in ({"days": 0}, {"days": 61}, {"party": "nobody"}, {"kind": "sms"}):
        body = {"party": "apprentice"} | faulty
        assert alliance.client("sending").post(url, json=body).status_code == 422


COMMON = {"id", "version", "status", "first_day", "last_day", "deadline", "waiting_for", "work",
          "own_answer"}  # fmt: skip


def test_each_party_sees_its_own_view_through_a_link(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        for needs in (alliance.leena, alliance.eetu):
            sealing.needing(session, needs.id, needs={"QUIET_SPACE": "soft"})
    proposal = asked(alliance, alliance.leena)
    seen = {}
    for party in (Party.EMPLOYER, Party.APPRENTICE, Party.COMPANY):
        if party == Party.COMPANY:
            heard(alliance, proposal, Party.APPRENTICE)
            heard(alliance, proposal, Party.EMPLOYER)
        seen[party] = opened(alliance, link_to(alliance, proposal, party)).get(f"{V1}/answer")
    views = {party: answer.json()["proposal"] for party, answer in seen.items()}
    assert views[Party.EMPLOYER].keys() == COMMON | {"first_name", "last_name"}
    assert views[Party.COMPANY].keys() == COMMON | {"person", "contact", "provisions_asked"}
    assert views[Party.APPRENTICE].keys() == COMMON | {"parts"}
    assert "QUIET_SPACE" in seen[Party.APPRENTICE].text
    for party in (Party.EMPLOYER, Party.COMPANY):
        for hidden in ("QUIET_SPACE", "inclusion", "score", "points"):
            assert hidden not in seen[party].text, (party, hidden)
    assert "Virtanen" not in seen[Party.COMPANY].text


# Scans


def scan_of(proposal: uuid.UUID, party: str) -> str:
    return f"{V1}/proposals/{proposal}/approvals/{party}/scan"


def test_the_paper_behind_a_recorded_answer_is_kept_and_read_by_its_side(
    alliance: Alliance,
) -> None:
    proposal = asked(alliance)
    sending, url = alliance.client("sending"), scan_of(proposal, "apprentice")
    pdf = {"Content-Type": "application/pdf"}
    assert kind(sending.put(url, content=PDF, headers=pdf)) == (409, "not-recorded")
    heard(alliance, proposal, Party.APPRENTICE)
    assert kind(sending.get(url)) == (404, "no-such-scan")
    assert sending.put(url, content=PDF, headers=pdf).status_code == 204
    again = sending.put(url, content=PNG, headers={"Content-Type": "image/png; x=y"})
    assert again.status_code == 204
    got = sending.get(url)
    assert (got.content, got.headers["content-type"]) == (PNG, "image/png")
    assert got.headers["content-disposition"] == 'attachment; filename="answer-apprentice.png"'
    assert wrong(got) == {}
    for content, headers, refused in (
        (PNG, pdf, (415, "scan-kind")), (b"", pdf, (415, "scan-kind")),
        (PDF, {"Content-Type": "text/html"}, (415, "scan-kind")), (PDF, {}, (415, "scan-kind")),
        (PDF + b" " * 1_000_000, pdf, (413, "too-large")),
    ):  # fmt: skip
        assert kind(sending.put(url, content=content, headers=headers)) == refused
    for who, status in (("hosting", 403), ("stranger", 404), ("aino", 403), ("tutor", 403)):
        other = alliance.client(who)
        assert other.get(url).status_code == status
        assert other.put(url, content=PDF, headers=pdf).status_code == status
    assert sending.get(url).content == PNG
    assert sending.get(scan_of(proposal, "nobody")).status_code == 422
    with transaction(alliance.engine, writes=False) as session:
        rows = sealing.done(session)
    kept = [row.data for row in rows if row.action == "approval.scan_kept"]
    assert {"party": "apprentice", "kind": "image/png", "size": len(PNG)} in kept


def test_a_paper_goes_with_the_answer_that_it_proves(alliance: Alliance) -> None:
    proposal = asked(alliance)
    sending, url = alliance.client("sending"), scan_of(proposal, "apprentice")
    pdf = {"Content-Type": "application/pdf"}
    heard(alliance, proposal, Party.APPRENTICE)
    assert sending.put(url, content=PDF, headers=pdf).status_code == 204
    moved = {"first_day": str(FIRST + datetime.timedelta(days=7)), "last_day": "2027-05-02"}
    answer = sending.post(f"{V1}/proposals/{proposal}/dates", json=moved, headers={"If-Match": "*"})
    assert answer.status_code == 200
    assert kind(sending.get(url)) == (404, "no-such-scan")
    with transaction(alliance.engine, writes=False) as session:
        assert session.exec(select(models.AnswerScan)).all() == []
    heard(alliance, proposal, Party.APPRENTICE)
    assert kind(sending.get(url)) == (404, "no-such-scan")
    assert sending.put(url, content=PDF, headers=pdf).status_code == 204
    heard(alliance, proposal, Party.APPRENTICE, Answer.NO)
    assert kind(sending.get(url)) == (404, "no-such-scan")
