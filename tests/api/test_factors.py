"""The second factor as the API gives it: set up, asked for, lost, reset."""

import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine
from sqlmodel import select

import models
from api import keys, passwords, store
from api.database import transaction
from api.edge import COOKIE, DEVICE_COOKIE, STEP_COOKIE
from api.services import second_step
from api.services.factors import FRESH_FOR, SET_UP_WITHIN
from tests import sealing
from tests.api.alliance import NOW, Alliance
from tests.api.second import PASSWORD, STEP, App, with_factor, with_password
from tests.api.signing_in import (
    FACTOR,
    V1,
    actions,
    everything,
    give,
    kind,
    later,
    set_up,
    sign_in,
    told,
)

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same function with parameters that cost little."""
    hasher = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHES", PasswordHash((hasher,)))


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


# Setting up


def test_a_first_code_switches_it_on_and_ends_all_other_sessions(alliance: Alliance) -> None:
    with_password(alliance, "sending")
    here, there = alliance.client(None), alliance.browser("sending")
    assert sign_in(here).status_code == 200
    before = here.cookies[COOKIE]
    assert here.get(FACTOR).json() == {
        "state": "off", "since": None, "required": False, "recovery_codes_left": 0,
    }  # fmt: skip
    begun = here.post(FACTOR, json={"password": PASSWORD}).json()
    app = App(begun["secret"])
    assert begun["address"].startswith("otpauth://totp/doALLVET%3Asending%40example.org?secret=")
    assert here.get(FACTOR).json()["state"] == "begun"
    assert sign_in(alliance.client(None)).status_code == 200  # not asked for yet
    assert kind(here.post(f"{FACTOR}/confirm", json={"code": app.wrong()})) == (403, "wrong-code")
    done = here.post(f"{FACTOR}/confirm", json={"code": app.code()})
    codes = done.json()["recovery_codes"]
    assert len(set(codes)) == 10 == here.get(FACTOR).json()["recovery_codes_left"]
    assert {len(code) for code in codes} == {29}
    assert here.get(FACTOR).json()["state"] == "on"
    assert here.cookies[COOKIE] != before
    assert (here.get(f"{V1}/session").status_code, there.get(f"{V1}/session").status_code) == (
        200, 401,
    )  # fmt: skip
    assert ("sending@example.org", "factor_on") in told(alliance)
    assert {"factor.begun", "factor.confirmed"} <= set(actions(alliance))
    assert kind(here.post(FACTOR, json={"password": PASSWORD})) == (409, "second-factor-there")


def test_setting_up_asks_for_the_password_and_ends_after_an_hour(alliance: Alliance) -> None:
    with_password(alliance, "sending")
    here = alliance.client(None)
    sign_in(here)
    for wrong in ({}, {"password": "x"}):
        assert kind(here.post(FACTOR, json=wrong)) == (403, "wrong-password")
    app = App(here.post(FACTOR, json={"password": PASSWORD}).json()["secret"])
    slow = later(alliance, here, SET_UP_WITHIN - MINUTE)  # idle for so long a session is over
    assert slow.get(FACTOR).json()["state"] == "begun"
    late = later(alliance, here, SET_UP_WITHIN)
    assert late.get(FACTOR).json()["state"] == "off"
    answer = late.post(f"{FACTOR}/confirm", json={"code": app.code(NOW + SET_UP_WITHIN)})
    assert kind(answer) == (409, "no-second-factor")


def test_nothing_of_it_stands_in_the_database_as_it_is(alliance: Alliance) -> None:
    with_password(alliance, "sending")
    here = alliance.client(None)
    sign_in(here)
    app, codes = set_up(here)
    half = alliance.client(None)
    sign_in(half)
    with transaction(alliance.engine, writes=False) as session:
        kept = repr([
            row.model_dump()
            for table in (models.SecondFactor, models.RecoveryCode, models.HalfSession,
                          models.KnownDevice, models.LoginSession)
            for row in session.exec(select(table))
        ]) + repr(sealing.events(session))  # fmt: skip
    typed = [keys.code_of(code, 24) for code in codes]
    cookies = [half.cookies[STEP_COOKIE], here.cookies[COOKIE], here.cookies[DEVICE_COOKIE]]
    for secret in (repr(app.secret)[2:-1], app.secret.hex(), *codes, *typed, *cookies):
        assert secret
        assert secret not in kept


# Signing in


def test_the_password_alone_opens_nothing(alliance: Alliance) -> None:
    app, _ = with_factor(alliance, "sending")
    client = alliance.client(None)
    answer = sign_in(client)
    assert (answer.status_code, set(answer.json())) == (202, {"expires_at"})
    assert COOKIE not in client.cookies
    assert client.get(f"{V1}/session").status_code == 401
    stolen = alliance.client(None)
    stolen.cookies.set(COOKIE, client.cookies[STEP_COOKIE])
    assert stolen.get(f"{V1}/session").status_code == 401
    stolen.headers["Authorization"] = f"Bearer {client.cookies[STEP_COOKIE]}"
    assert stolen.get(f"{V1}/session").status_code == 401
    assert kind(give(alliance.client(None), app.code())) == (401, "second-step-over")
    assert give(client, app.code()).json()["role"] == "coordinator"
    assert client.get(f"{V1}/session").status_code == 200
    assert STEP_COOKIE not in client.cookies
    assert everything(alliance, models.HalfSession) == []


def test_a_code_works_once_and_one_step_early_or_late(alliance: Alliance) -> None:
    app, _ = with_factor(alliance, "sending")

    def tried(code: str) -> Any:
        client = alliance.client(None)
        assert sign_in(client).status_code == 202
        answer = give(client, code)
        return answer.status_code if answer.is_success else answer.json()["detail"][:18]

    assert tried(app.code(NOW - 2 * STEP)) == "This code does not"
    assert tried(app.code(NOW + 2 * STEP)) == "This code does not"
    assert tried(app.code(NOW - STEP)) == 200
    assert tried(app.code(NOW - STEP)) == "This code was used"
    assert tried(app.code()[:3] + " " + app.code()[3:]) == 200
    assert tried(app.code(NOW + STEP)) == 200
    for used in (NOW, NOW - STEP, NOW + STEP):  # none of those before the last one either
        assert tried(app.code(used)) == "This code was used"


def test_of_two_who_give_one_code_at_once_one_is_let_in(alliance: Alliance) -> None:
    with_factor(alliance, "sending")
    (factor,) = everything(alliance, models.SecondFactor)
    step = factor.last_step + 1
    for expected in (True, False):
        with transaction(alliance.engine) as session:
            assert store.factors.take_step(session, factor.id, step) is expected


def test_a_recovery_code_stands_in_once_and_the_owner_is_told(alliance: Alliance) -> None:
    _, codes = with_factor(alliance, "sending")
    typed = codes[3].lower().replace("-", " ")
    for expected in (200, 403):
        client = alliance.client(None)
        sign_in(client)
        assert give(client, typed).status_code == expected
    assert told(alliance).count(("sending@example.org", "recovery_code_used")) == 1
    sign_in(client := alliance.client(None))
    assert give(client, codes[4]).status_code == 200
    assert client.get(FACTOR).json()["recovery_codes_left"] == 8
    assert actions(alliance).count("factor.recovery_code_used") == 2


def test_a_recovery_code_of_somebody_else_does_not_hold(alliance: Alliance) -> None:
    with_factor(alliance, "sending")
    _, codes = with_factor(alliance, "hosting")
    sign_in(client := alliance.client(None))
    assert kind(give(client, codes[0])) == (403, "wrong-code")


def test_after_five_wrong_codes_it_begins_anew_and_the_owner_is_told(alliance: Alliance) -> None:
    app, _ = with_factor(alliance, "sending")
    sign_in(client := alliance.client(None))
    for tries in range(1, 6):
        assert ("sending@example.org", "codes_refused") not in told(alliance), tries
        assert kind(give(client, app.wrong())) == (403, "wrong-code")
    assert told(alliance).count(("sending@example.org", "codes_refused")) == 1
    assert kind(give(client, app.code())) == (401, "second-step-over")
    sign_in(client)
    assert give(client, app.code()).status_code == 200


def test_codes_are_not_guessed(alliance: Alliance) -> None:
    """However often the password is given again."""
    app, _ = with_factor(alliance, "sending")
    got, client = [], alliance.client(None)
    for _ in range(3):
        sign_in(client)
        got += [give(client, app.wrong()).status_code for _ in range(5)]
    assert got == [403] * 10 + [429] * 5


def test_half_a_session_ends_after_ten_minutes_and_with_the_account(alliance: Alliance) -> None:
    app, _ = with_factor(alliance, "sending")
    sign_in(client := alliance.client(None))
    late = later(alliance, client, second_step.STEP_WITHIN)
    assert kind(give(late, app.code(NOW + second_step.STEP_WITHIN)))[0] == 401
    timely = later(alliance, client, second_step.STEP_WITHIN - MINUTE)
    assert give(timely, app.code(NOW + second_step.STEP_WITHIN - MINUTE)).status_code == 200
    sign_in(client)
    account = alliance.users["sending"].id
    answer = alliance.browser("admin").delete(f"{V1}/accounts/{account}/sessions")
    assert answer.status_code == 204
    assert kind(give(client, app.code())) == (401, "second-step-over")


def test_the_second_step_is_not_sent_by_another_site(alliance: Alliance) -> None:
    app, _ = with_factor(alliance, "sending")
    sign_in(client := alliance.client(None))
    answer = client.post(
        f"{V1}/session/code", json={"code": app.code()}, headers={"Origin": "https://evil.example"}
    )
    assert kind(answer) == (403, "not-from-here")
    plain = TestClient(alliance.app(), base_url="http://testserver", client=("192.0.2.1", 1))
    assert plain.post(f"{V1}/session/code", json={"code": "1"}).status_code == 403


def test_an_invitation_is_no_way_around_it(alliance: Alliance) -> None:
    app, _ = with_factor(alliance, "sending")
    account = alliance.users["sending"].id
    link = alliance.browser("admin").post(f"{V1}/accounts/{account}/invitation").json()["link"]
    client = alliance.client(None)
    given = {"secret": link.partition("#")[2], "password": "tulip-wren-oxbow-lathe"}
    answer = client.post(f"{V1}/invitations/accept", json=given)
    assert (answer.status_code, COOKIE in client.cookies) == (202, False)
    assert give(client, app.code()).status_code == 200


# What asks for a fresh code


def test_a_token_is_made_with_a_fresh_code_and_works_without_one(alliance: Alliance) -> None:
    app, _ = with_factor(alliance, "sending")
    sign_in(client := alliance.client(None))
    give(client, app.code())
    asked = {"name": "t", "scopes": ["read"], "days": 9}
    made = client.post(f"{V1}/tokens", json=asked)
    assert made.status_code == 201  # the code was given just now
    away = FRESH_FOR
    old = later(alliance, client, away)
    assert kind(old.post(f"{V1}/tokens", json=asked)) == (403, "fresh-code-needed")
    wrong = asked | {"code": app.wrong(NOW + away)}
    assert kind(old.post(f"{V1}/tokens", json=wrong)) == (403, "wrong-code")
    right = asked | {"code": app.code(NOW + away)}
    assert old.post(f"{V1}/tokens", json=right).status_code == 201
    assert old.post(f"{V1}/tokens", json=asked).status_code == 201  # fresh again
    program = alliance.client(None)
    program.headers["Authorization"] = f"Bearer {made.json()['secret']}"
    assert program.get(f"{V1}/session").status_code == 200


def test_new_recovery_codes_and_the_end_ask_for_a_code_too(alliance: Alliance) -> None:
    app, codes = with_factor(alliance, "sending")
    sign_in(client := alliance.client(None))
    give(client, app.code())
    old = later(alliance, client, FRESH_FOR)
    for path in ("recovery-codes", "end"):
        assert kind(old.post(f"{FACTOR}/{path}", json={})) == (403, "fresh-code-needed")
    code = app.code(NOW + FRESH_FOR)
    newer = old.post(f"{FACTOR}/recovery-codes", json={"code": code}).json()["recovery_codes"]
    assert not set(newer) & set(codes)
    sign_in(other := alliance.client(None))
    assert give(other, codes[0]).status_code == 403
    assert old.post(f"{FACTOR}/end", json={"code": newer[0]}).status_code == 204
    assert old.get(FACTOR).json()["state"] == "off"
    assert everything(alliance, models.RecoveryCode) == []
    assert sign_in(alliance.client(None)).status_code == 200
    assert ("sending@example.org", "factor_off") in told(alliance)
    assert kind(old.post(f"{FACTOR}/end", json={})) == (409, "no-second-factor")


# A lost phone


def test_who_looks_after_an_account_resets_it_and_the_owner_is_told(alliance: Alliance) -> None:
    with_factor(alliance, "company")
    with_factor(alliance, "sending")
    sign_in(half := alliance.client(None), "company")
    there = alliance.browser("company")
    company, sending = (f"{V1}/accounts/{alliance.users[who].id}" for who in ("company", "sending"))
    coordinator = alliance.browser("hosting")
    assert kind(coordinator.delete(f"{sending}/second-factor"))[0] == 404
    assert alliance.browser("sending").delete(f"{company}/second-factor").status_code == 404
    for _ in range(2):
        assert coordinator.delete(f"{company}/second-factor").status_code == 204
    assert told(alliance).count(("company@example.org", "factor_reset")) == 1
    assert actions(alliance).count("account.factor_reset") == 1
    assert there.get(f"{V1}/session").status_code == 401
    assert kind(give(half, "000000")) == (401, "second-step-over")
    assert sign_in(half, "company").status_code == 200
    with_token = alliance.client("admin").delete(f"{sending}/second-factor")
    assert kind(with_token) == (403, "session-needed")
    own = f"{V1}/accounts/{alliance.users['admin'].id}/second-factor"
    assert kind(alliance.browser("admin").delete(own)) == (409, "own-account")
    assert alliance.browser("admin").delete(f"{sending}/second-factor").status_code == 204


def test_an_admin_signs_somebody_out_everywhere(alliance: Alliance) -> None:
    first, second = alliance.browser("sending"), alliance.browser("sending")
    other = alliance.browser("hosting")
    path = f"{V1}/accounts/{alliance.users['sending'].id}/sessions"
    assert kind(other.delete(path))[0] == 404
    assert alliance.client("admin").delete(path).status_code == 204
    assert {one.get(f"{V1}/session").status_code for one in (first, second)} == {401}
    assert other.get(f"{V1}/session").status_code == 200
    assert actions(alliance).count("account.sessions_ended") == 1


def test_tries_of_half_a_session_are_counted_by_the_database(alliance: Alliance) -> None:
    """Of two at once the second is refused, though both saw room for one more."""
    with_factor(alliance, "sending")
    sign_in(alliance.client(None))
    (half,) = everything(alliance, models.HalfSession)
    for expected in (True, True, False):
        with transaction(alliance.engine) as session:
            assert store.factors.count_try(session, half.id, 2) is expected
