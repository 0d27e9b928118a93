"""One's own account, the accounts one looks after, and invitations, as the API gives them."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

import models
from api import passwords
from api.database import transaction
from api.edge import COOKIE
from matcher.vocabulary import LANGUAGES
from models.account_views import OwnAccountAsked
from tests import sealing
from tests.api.alliance import Alliance

V1 = "/api/v1"
OLD, NEW = "kynä-lumi-vene-ruis", "tulip-wren-oxbow-lathe"


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def kind(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:doallvet:")


def everything(alliance: Alliance, table: type[Any]) -> list[Any]:
    with transaction(alliance.engine, writes=False) as session:
        return list(session.exec(select(table)))


def change(alliance: Alliance, who: str, **values: Any) -> None:
    with transaction(alliance.engine) as session:
        user = session.get_one(models.User, alliance.users[who].id)
        for name, value in values.items():
            setattr(user, name, value)


# One's own account


def test_own_sessions_are_seen_and_ended_and_nobody_else_s(alliance: Alliance) -> None:
    here, there, hers = (alliance.browser(who) for who in ("aino", "aino", "sending"))
    seen = here.get(f"{V1}/sessions").json()["items"]
    assert sorted(one["this"] for one in seen) == [False, True]
    assert "sha256" not in here.get(f"{V1}/sessions").text
    other = hers.get(f"{V1}/sessions").json()["items"][0]["id"]
    assert kind(here.delete(f"{V1}/sessions/{other}")) == (404, "no-such-session")
    assert hers.get(f"{V1}/session").status_code == 200
    (away,) = (one["id"] for one in seen if not one["this"])
    assert here.delete(f"{V1}/sessions/{away}").status_code == 204
    assert (there.get(f"{V1}/session").status_code, here.get(f"{V1}/session").status_code) == (
        401, 200,
    )  # fmt: skip
    third = alliance.browser("aino")
    assert here.delete(f"{V1}/sessions").status_code == 204
    assert (third.get(f"{V1}/session").status_code, here.get(f"{V1}/session").status_code) == (
        401, 200,
    )  # fmt: skip
    own = here.get(f"{V1}/sessions").json()["items"][0]["id"]
    assert here.delete(f"{V1}/sessions/{own}").status_code == 204
    assert here.get(f"{V1}/session").status_code == 401


def test_a_new_password_gives_a_new_cookie_and_ends_all_else(alliance: Alliance) -> None:
    change(alliance, "sending", password_hash=passwords.hash_password(OLD))
    here, there = alliance.browser("sending"), alliance.browser("sending")
    before = here.cookies[COOKIE]
    for old, new, refused in (
        ("wrong", NEW, (403, "wrong-password")), (OLD, "password1", (422, "weak-password")),
    ):  # fmt: skip
        assert kind(here.post(f"{V1}/password", json={"old": old, "new": new})) == refused
    here.cookies.clear()  # the one that was put there is not the one that the service replaces
    answer = here.post(
        f"{V1}/password", json={"old": OLD, "new": NEW}, headers={"Cookie": f"{COOKIE}={before}"}
    )
    assert answer.status_code == 204
    assert here.cookies[COOKIE] != before
    assert here.get(f"{V1}/session").status_code == 200
    assert there.get(f"{V1}/session").status_code == 401
    stolen = alliance.client(None)
    stolen.cookies.set(COOKIE, before)
    assert stolen.get(f"{V1}/session").status_code == 401
    new = alliance.client(None).post(
        f"{V1}/session", json={"email": "sending@example.org", "password": NEW}
    )
    assert new.status_code == 200


def test_the_old_password_is_not_guessed_in_a_found_session(alliance: Alliance) -> None:
    here = alliance.browser("aino")
    tries = [
        here.post(f"{V1}/password", json={"old": "x", "new": NEW}).status_code for _ in range(11)
    ]
    assert tries == [403] * 10 + [429]


def test_a_token_is_shown_once_and_does_what_it_may(alliance: Alliance) -> None:
    here = alliance.browser("sending")
    asked = {"name": "timetable", "scopes": ["read"], "days": 9}
    made = here.post(f"{V1}/tokens", json=asked)
    secret = made.json()["secret"]
    assert (made.status_code, secret[:4]) == (201, "dav_")
    listed = here.get(f"{V1}/tokens")
    assert [one["id"] for one in listed.json()["items"]] == [made.json()["id"]]
    assert secret not in listed.text
    assert secret not in repr([row.model_dump() for row in everything(alliance, models.ApiToken)])
    program = alliance.client(None)
    program.headers["Authorization"] = f"Bearer {secret}"
    assert program.get(f"{V1}/tokens").status_code == 200
    assert kind(program.post(f"{V1}/tokens", json=asked)) == (403, "token-reads-only")
    for faulty in ({"days": 366}, {"days": 0}, {"scopes": ["admin"]}, {"scopes": []}):
        assert kind(here.post(f"{V1}/tokens", json=asked | faulty)) == (422, "token-refused")
    url = f"{V1}/tokens/{made.json()['id']}"
    assert kind(alliance.browser("aino").delete(url)) == (404, "no-such-token")
    assert here.delete(url).status_code == 204
    assert program.get(f"{V1}/session").status_code == 401


def test_a_token_changes_nothing_of_how_its_owner_signs_in(alliance: Alliance) -> None:
    program = alliance.client("admin")
    own = alliance.users["admin"].id
    for method, path, body in (
        ("POST", "/password", {"old": OLD, "new": NEW}),
        ("POST", "/tokens", {"name": "t", "scopes": ["read"], "days": 9}),
        ("DELETE", "/sessions", None),
        ("POST", f"/accounts/{alliance.users['sending'].id}/invitation", None),
    ):
        answer = program.request(method, V1 + path, json=body)
        assert kind(answer) == (403, "session-needed"), path
    assert kind(program.post(f"{V1}/accounts/{own}/invitation")) == (409, "own-account")
    assert everything(alliance, models.Invitation) == []
    answer = alliance.browser("admin").post(
        f"{V1}/accounts/{alliance.users['sending'].id}/invitation"
    )
    assert answer.status_code == 201


# Accounts


def names(client: TestClient, **query: Any) -> list[str]:
    found = client.get(f"{V1}/accounts", params=query).json()["items"]
    return sorted(f"{one['role']} {one['name']}" for one in found)


def test_a_coordinator_sees_the_accounts_of_the_own_region(alliance: Alliance) -> None:
    sending = ["apprentice apprentice", "apprentice apprentice", "centre centre",
               "coordinator sending", "guardian guardian"]  # fmt: skip
    assert names(alliance.client("sending")) == sending
    assert names(alliance.client("hosting")) == [
        "company company", "company company", "coordinator hosting",
    ]  # fmt: skip
    assert names(alliance.client("stranger")) == ["coordinator coordinator"]
    assert len(names(alliance.client("admin"))) == 10
    assert names(alliance.client("sending"), role="centre") == ["centre centre"]
    first = alliance.client("sending").get(f"{V1}/accounts", params={"limit": 2}).json()
    assert len(names(alliance.client("sending"), after=first["next"])) == 3
    assert "password" not in alliance.client("admin").get(f"{V1}/accounts").text


def test_who_makes_which_accounts(alliance: Alliance) -> None:
    hosting, admin = alliance.client("hosting"), alliance.client("admin")
    asked = {"role": "company", "scope_id": str(alliance.company.id), "name": "Uwe",
             "email": " Uwe@Example.org", "language": "de"}  # fmt: skip
    twice = {"Idempotency-Key": "uwe"}
    made, again = (hosting.post(f"{V1}/accounts", json=asked, headers=twice) for _ in range(2))
    assert made.json() == again.json()
    assert (made.json()["email"], made.json()["state"]) == ("uwe@example.org", "invited")
    assert hosting.get(made.headers["location"]).headers["etag"] == made.headers["etag"]
    for who, body, refused in (
        ("hosting", asked, (409, "address-taken")),
        ("hosting", asked | {"email": "a b@c"}, (422, "address-faulty")),
        ("hosting", asked | {"scope_id": None, "email": None}, (422, "scope-of-role")),
        ("hosting", asked | {"scope_id": str(alliance.aino.id)}, (404, "no-such-scope")),
        ("sending", asked | {"email": None}, (404, "no-such-scope")),
        ("hosting", asked | {"role": "apprentice", "scope_id": str(alliance.aino.id)},
         (404, "no-such-scope")),
        ("hosting", asked | {"role": "guardian", "scope_id": str(alliance.guardian.id)},
         (404, "no-such-scope")),
        ("hosting", asked | {"role": "coordinator", "scope_id": str(alliance.hosts.id)},
         (403, "role-not-yours")),
        ("hosting", asked | {"role": "admin", "scope_id": None}, (403, "role-not-yours")),
        ("hosting", asked | {"name": ""}, (422, "faulty-request")),
    ):  # fmt: skip
        answer = alliance.client(who).post(f"{V1}/accounts", json=body)
        assert kind(answer) == refused, body
    office = {"role": "coordinator", "scope_id": str(alliance.third.id), "name": "Ewa"}
    assert admin.post(f"{V1}/accounts", json=office).status_code == 201
    sending = alliance.client("sending")
    for role, scope in (("apprentice", alliance.leena.id), ("guardian", alliance.guardian.id)):
        body = {"role": role, "scope_id": str(scope), "name": "New"}
        assert sending.post(f"{V1}/accounts", json=body).status_code == 201
    assert len(names(admin)) == 14


def test_an_account_ends_with_all_that_opens_it(alliance: Alliance) -> None:
    change(alliance, "aino", email="aino.v@example.org")
    aino, program = alliance.browser("aino"), alliance.client("aino")
    url = f"{V1}/accounts/{alliance.users['aino'].id}"
    sending = alliance.client("sending")
    link = sending.post(f"{url}/invitation").json()["link"]
    for headers, status in (({}, 428), ({"If-Match": '"77"'}, 412)):
        assert sending.post(f"{url}/end", headers=headers).status_code == status
    seen = sending.get(url).headers["etag"]
    ended = sending.post(f"{url}/end", headers={"If-Match": seen})
    assert (ended.status_code, ended.json()["state"]) == (200, "ended")
    assert (aino.get(f"{V1}/session").status_code, program.get(f"{V1}/session").status_code) == (
        401, 401,
    )  # fmt: skip
    accept = {"secret": link.partition("#")[2], "password": NEW}
    assert kind(alliance.client(None).post(f"{V1}/invitations/accept", json=accept)) == (
        410, "invitation-used",
    )  # fmt: skip
    assert kind(sending.post(f"{url}/invitation")) == (409, "account-disabled")
    for who, user, refused in (
        ("sending", "sending", (403, "role-not-yours")), ("admin", "admin", (409, "own-account")),
    ):  # fmt: skip
        other = f"{V1}/accounts/{alliance.users[user].id}/end"
        assert kind(alliance.client(who).post(other, headers={"If-Match": "*"})) == refused


# Invitations


def test_an_invitation_sets_a_password_once_and_signs_in(alliance: Alliance) -> None:
    change(alliance, "aino", email="aino.v@example.org")
    url = f"{V1}/accounts/{alliance.users['aino'].id}/invitation"
    made = alliance.client("sending").post(url).json()
    page, _, secret = made["link"].partition("#")
    assert page == "http://127.0.0.1:8000/welcome?language=en"
    client = alliance.client(None)
    weak = client.post(f"{V1}/invitations/accept", json={"secret": secret, "password": "password"})
    assert kind(weak) == (422, "weak-password")
    accept = {"secret": secret, "password": NEW}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post(f"{V1}/invitations/accept", json=accept, headers=headers)
        assert kind(answer) == (403, "not-from-here")
    elsewhere = TestClient(
        alliance.app(), base_url="http://testserver", client=("203.0.113.9", 50000)
    )
    answer = elsewhere.post(f"{V1}/invitations/accept", json=accept)
    assert kind(answer) == (403, "unencrypted")
    answer = client.post(f"{V1}/invitations/accept", json=accept)
    assert answer.json() == {
        "user_id": str(alliance.users["aino"].id), "role": "apprentice",
        "scope_id": str(alliance.aino.id),
    }  # fmt: skip
    assert client.get(f"{V1}/session").json() == answer.json()
    again = client.post(f"{V1}/invitations/accept", json=accept)
    assert kind(again) == (410, "invitation-used")
    wrong = {"secret": "x", "password": NEW}
    tries = [client.post(f"{V1}/invitations/accept", json=wrong) for _ in range(60)]
    assert kind(tries[0]) == (404, "no-such-invitation")
    assert kind(tries[-1]) == (429, "too-many-requests")


def test_an_invitation_is_mailed_without_its_secret(alliance: Alliance) -> None:
    change(alliance, "aino", email="aino.v@example.org", language="fi")
    url = f"{V1}/accounts/{alliance.users['aino'].id}/invitation"
    secret = alliance.client("sending").post(url).json()["link"].partition("#")[2]
    (mail,) = everything(alliance, models.OutboxMail)
    (invitation,) = everything(alliance, models.Invitation)
    assert (mail.address, mail.language, mail.text, mail.data) == (
        "aino.v@example.org", "fi", "invitation", {"invitation": str(invitation.id)},
    )  # fmt: skip
    kept = [invitation, mail, *everything(alliance, models.IdempotencyKey)]
    assert secret not in repr([row.model_dump() for row in kept])
    with transaction(alliance.engine, writes=False) as session:
        told = sealing.events(session)
    assert "account.invited" in {event.action for event in told}
    assert secret not in repr(told)
    no_address = f"{V1}/accounts/{alliance.users['eetu'].id}/invitation"
    assert kind(alliance.client("sending").post(no_address)) == (409, "account-without-address")


# The own account


def test_the_own_account_is_changed_with_the_version_that_was_seen(alliance: Alliance) -> None:
    browser = alliance.browser("aino")
    seen = browser.get(f"{V1}/account")
    asked = {"name": "Aino V", "language": "fi"}
    assert seen.headers["etag"] == f'"{seen.json()["version"]}"'
    assert kind(browser.put(f"{V1}/account", json=asked)) == (428, "version-needed")
    headers = {"If-Match": seen.headers["etag"]}
    done = browser.put(f"{V1}/account", json=asked, headers=headers)
    assert done.json() == seen.json() | asked | {"version": seen.json()["version"] + 1}
    assert kind(browser.put(f"{V1}/account", json=asked, headers=headers)) == (412, "stale-version")
    for wrong in ({"language": "sv"}, {"role": "admin"}, {"name": ""}):
        refused = browser.put(f"{V1}/account", json=asked | wrong, headers={"If-Match": "*"})
        assert kind(refused) == (422, "faulty-request")
    token = alliance.client("aino").put(f"{V1}/account", json=asked, headers={"If-Match": "*"})
    assert kind(token) == (403, "session-needed")


def test_the_languages_of_an_account_are_those_of_the_pages() -> None:
    assert OwnAccountAsked.model_json_schema()["properties"]["language"]["enum"] == list(LANGUAGES)


def test_whoever_guesses_a_password_by_changing_the_address_is_stopped(alliance: Alliance) -> None:
    change(alliance, "aino", email="aino.v@example.org", password_hash=passwords.hash_password(OLD))
    browser = alliance.browser("aino")
    asked = {"name": "A", "email": "new@example.org", "password": "guess"}
    tries = [browser.put(f"{V1}/account", json=asked, headers={"If-Match": "*"}) for _ in range(11)]
    assert kind(tries[0]) == (403, "wrong-password")
    assert kind(tries[-1]) == (429, "too-many-requests")
