"""The API as programs and browsers meet it."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

import models
from api.database import transaction
from api.edge import COOKIE
from api.passwords import hash_password
from tests.api.alliance import Alliance
from tests.api.roles import EVERYBODY

V1 = "/api/v1"


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def by_hand(alliance: Alliance, **values: Any) -> dict[str, Any]:
    return {
        "call_id": str(alliance.call.id), "apprentice_id": str(alliance.aino.id),
        "window_id": str(alliance.window.id), "override_reason": "they asked for it",
    } | values  # fmt: skip


def made(alliance: Alliance) -> dict[str, Any]:
    answer = alliance.client("sending").post(f"{V1}/proposals", json=by_hand(alliance))
    assert answer.status_code == 201, answer.text
    return answer.json()


def say_yes(alliance: Alliance, proposal: str, *who: str) -> dict[str, Any]:
    for one in who:
        answer = alliance.client(one).post(
            f"{V1}/proposals/{proposal}/answer", json={"answer": "yes"}, headers={"If-Match": "*"}
        )
        assert answer.status_code == 200, (one, answer.text)
    return answer.json()


def test_a_proposal_goes_from_hand_to_placement(alliance: Alliance) -> None:
    proposal = made(alliance)["id"]
    last = say_yes(alliance, proposal, "sending", "hosting", "aino", "company")
    assert last["status"] == "agreed"
    booked = alliance.client("sending").post(
        f"{V1}/proposals/{proposal}/placement", json={"mentor": "Uwe"}, headers={"If-Match": "*"}
    )
    assert (booked.status_code, booked.json()["status"]) == (201, "placement")


def test_a_proposal_can_be_made_by_the_sending_side_only(alliance: Alliance) -> None:
    got = {
        who: alliance.client(who).post(f"{V1}/proposals", json=by_hand(alliance)).status_code
        for who in (*reversed(EVERYBODY),)
    }
    assert got == dict.fromkeys(EVERYBODY, 403) | {"sending": 201, "hosting": 404, "stranger": 404}


def test_each_party_sees_its_own_view_and_nothing_more(alliance: Alliance) -> None:
    proposal = made(alliance)["id"]
    say_yes(alliance, proposal, "sending", "hosting", "aino")
    seen = {who: alliance.client(who).get(f"{V1}/proposals/{proposal}").json()
            for who in ("sending", "hosting", "aino", "company", "tutor")}  # fmt: skip
    assert seen["company"].keys() == {
        "id", "version", "status", "first_day", "last_day", "deadline", "waiting_for", "work",
        "person", "contact", "own_answer", "provisions_asked",
    }  # fmt: skip
    assert seen["company"]["person"] == {
        "first_name": "Aino", "occupations": ["7223"], "isced_f": None,
        "languages": {"en": "B1"}, "under_18": False, "introduction": "",
    }  # fmt: skip
    assert seen["company"]["contact"] is None
    assert "score" not in seen["hosting"]
    assert "parts" not in seen["hosting"]
    assert "score" in seen["sending"]
    agreed = say_yes(alliance, proposal, "company")
    assert agreed["contact"] == {
        "last_name": "Virtanen", "email": "aino@example.org", "phone": None,
    }  # fmt: skip


def test_nobody_sees_a_proposal_before_their_turn(alliance: Alliance) -> None:
    proposal = made(alliance)["id"]
    seen: list[set[str]] = []
    for who in (None, "sending", "hosting", "aino", "company"):
        if who is not None:
            say_yes(alliance, proposal, who)
        seen.append(
            {
                one
                for one in EVERYBODY
                if alliance.client(one).get(f"{V1}/proposals/{proposal}").status_code == 200
            }
        )
    assert seen == [
        {"sending"}, {"sending", "hosting"}, {"sending", "hosting", "aino", "tutor"},
        {"sending", "hosting", "aino", "tutor", "company"},
        {"sending", "hosting", "aino", "tutor", "company"},
    ]  # fmt: skip


def test_why_an_apprentice_said_no_is_hidden_from_the_hosting_side(alliance: Alliance) -> None:
    proposal = made(alliance)["id"]
    say_yes(alliance, proposal, "sending", "hosting")
    no = alliance.client("aino").post(
        f"{V1}/proposals/{proposal}/answer", json={"answer": "no", "reason": "family"},
        headers={"If-Match": "*"},
    )  # fmt: skip
    assert no.json()["status"] == "declined"
    assert "family" in alliance.client("sending").get(f"{V1}/proposals/{proposal}").text
    assert "family" not in alliance.client("hosting").get(f"{V1}/proposals/{proposal}").text


def test_a_change_says_which_version_it_rests_on(alliance: Alliance) -> None:
    client = alliance.client("sending")
    proposal = made(alliance)["id"]
    seen = client.get(f"{V1}/proposals/{proposal}")
    url = f"{V1}/proposals/{proposal}/withdrawal"
    for headers, status, kind in (
        ({}, 428, "version-needed"),
        ({"If-Match": '"999"'}, 412, "stale-version"),
        ({"If-Match": "nonsense"}, 412, "stale-version"),
    ):
        answer = client.post(url, json={"reason": "dates"}, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (status, f"urn:doallvet:{kind}")
    answer = client.post(url, json={"reason": "dates"}, headers={"If-Match": seen.headers["etag"]})
    assert (answer.status_code, answer.json()["status"]) == (200, "withdrawn")


def test_the_same_request_twice_happens_once(alliance: Alliance) -> None:
    client = alliance.client("sending")
    headers = {"Idempotency-Key": "one-and-only"}
    first, again = (
        client.post(f"{V1}/proposals", json=by_hand(alliance), headers=headers) for _ in range(2)
    )
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.headers["etag"] == again.headers["etag"]
    other = client.post(
        f"{V1}/proposals", json=by_hand(alliance, override_reason="so"), headers=headers
    )
    assert (other.status_code, other.json()["type"]) == (422, "urn:doallvet:idempotency-key-used")
    assert len(client.get(f"{V1}/proposals").json()["items"]) == 1


def test_a_list_goes_on_where_it_ended(alliance: Alliance) -> None:
    client = alliance.client("sending")
    for who in (alliance.aino, alliance.eetu, alliance.leena):
        body = by_hand(alliance, apprentice_id=str(who.id), window_id=str(alliance.other_window.id))
        assert client.post(f"{V1}/proposals", json=body).status_code == 201
    whole = [one["id"] for one in client.get(f"{V1}/proposals").json()["items"]]
    seen: list[str] = []
    after: str | None = None
    for _ in range(3):
        query = {"limit": "1"} | ({"after": after} if after else {})
        page = client.get(f"{V1}/proposals", params=query).json()
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
    assert (seen, after) == (whole, None)


BAD = {
    "broken JSON": ({"content": b'{"call_id": '}, 400, "broken-json"),
    "unknown field": ({"json": {"score": 100}}, 422, "faulty-request"),
    "wrong type": ({"json": {"call_id": 7}}, 422, "faulty-request"),
    "too large": ({"content": b" " * 50_000_000}, 413, "too-large"),
    "injection": ({"json": {"call_id": "' OR 1=1 --"}}, 422, "faulty-request"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_a_problem_document(alliance: Alliance, name: str) -> None:
    how, status, kind = BAD[name]
    headers = {"Content-Type": "application/json"}
    answer = alliance.client("sending").post(f"{V1}/proposals", headers=headers, **how)
    assert (answer.status_code, answer.headers["content-type"], answer.json()["type"]) == (
        status, "application/problem+json", f"urn:doallvet:{kind}",
    )  # fmt: skip
    assert "OR 1=1" not in answer.text


def signed_in(alliance: Alliance) -> TestClient:
    with transaction(alliance.engine) as session:
        user = session.get_one(models.User, alliance.users["sending"].id)
        user.password_hash = hash_password("a long walk home")
    return TestClient(alliance.app(), base_url="https://testserver")


def test_signing_in_gives_a_cookie_that_signs_out_again(alliance: Alliance) -> None:
    client = signed_in(alliance)
    body = {"email": "sending@example.org", "password": "a long walk home"}
    answer = client.post(f"{V1}/session", json=body)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert client.get(f"{V1}/session").json() == answer.json()
    assert client.delete(f"{V1}/session").status_code == 204
    assert client.get(f"{V1}/session").status_code == 401


def test_a_wrong_password_and_an_unknown_address_answer_alike(alliance: Alliance) -> None:
    client = signed_in(alliance)
    answers = [
        client.post(f"{V1}/session", json={"email": email, "password": "wrong"}).json()
        for email in ("sending@example.org", "nobody@example.org")
    ]
    assert answers[0] == answers[1]
    assert answers[0]["type"] == "urn:doallvet:wrong-credentials"


def test_plain_http_from_elsewhere_cannot_sign_in(alliance: Alliance) -> None:
    client = TestClient(alliance.app(), base_url="http://testserver", client=("203.0.113.9", 50000))
    answer = client.post(f"{V1}/session", json={"email": "a@example.org", "password": "x"})
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:doallvet:unencrypted")


def test_a_page_of_another_site_changes_nothing(alliance: Alliance) -> None:
    client = signed_in(alliance)
    body = {"email": "sending@example.org", "password": "a long walk home"}
    client.post(f"{V1}/session", json=body)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post(f"{V1}/proposals", json=by_hand(alliance), headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:doallvet:not-from-here")
    own = client.post(
        f"{V1}/proposals", json=by_hand(alliance), headers={"Origin": "https://testserver"}
    )
    assert own.status_code == 201


def test_every_answer_has_an_id_and_is_not_kept(alliance: Alliance) -> None:
    client = alliance.client(None)
    answer = client.get("/health/live", headers={"X-Request-Id": "from-the-proxy-1"})
    assert answer.headers["x-request-id"] == "from-the-proxy-1"
    assert answer.headers["cache-control"] == "no-store"
    assert len(client.get("/api/v1/nowhere").headers["x-request-id"]) == 16
    assert client.get("/api/v1/nowhere").json()["type"] == "urn:doallvet:no-such-page"
    assert client.get("/health/ready").json() == {"status": "ready"}
