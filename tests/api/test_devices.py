"""Browsers that were used before, and those that are told."""

import datetime
import email
import email.policy
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine

import models
from api import keys, passwords
from api.database import transaction
from api.edge import DEVICE_COOKIE
from api.services import outbox, retention
from tests.api.alliance import NOW, Alliance
from tests.api.second import PASSWORD, with_factor, with_password
from tests.api.signing_in import (
    V1,
    everything,
    later,
    sign_in,
    told,
)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same function with parameters that cost little."""
    hasher = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHES", PasswordHash((hasher,)))


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def test_a_browser_that_was_not_used_before_is_told(alliance: Alliance) -> None:
    with_password(alliance, "sending")
    here = alliance.client(None)
    count = [0, 0, 0, 0]
    for number in range(3):
        sign_in(here)
        count[number] = told(alliance).count(("sending@example.org", "new_device"))
    sign_in(alliance.client(None))
    count[3] = told(alliance).count(("sending@example.org", "new_device"))
    assert count == [1, 1, 1, 2]


def test_the_first_sign_in_by_an_invitation_is_not_told(alliance: Alliance) -> None:
    account = alliance.users["sending"].id
    link = alliance.browser("admin").post(f"{V1}/accounts/{account}/invitation").json()["link"]
    client = alliance.client(None)
    given = {"secret": link.partition("#")[2], "password": PASSWORD}
    assert client.post(f"{V1}/invitations/accept", json=given).status_code == 200
    sign_in(client)
    assert told(alliance) == [("sending@example.org", "invitation")]
    sign_in(alliance.client(None))
    assert ("sending@example.org", "new_device") in told(alliance)


def test_a_browser_is_known_by_a_secret_of_ours_for_each_who_uses_it(alliance: Alliance) -> None:
    for who in ("sending", "hosting"):
        with_password(alliance, who)
    client = alliance.client(None)
    client.cookies.set(DEVICE_COOKIE, "chosen by somebody else")
    sign_in(client)
    secret = {one.value for one in client.cookies.jar if one.name == DEVICE_COOKIE}
    shared = next(one for one in secret if one != "chosen by somebody else")
    assert len(str(shared)) == 43
    client.cookies.clear()
    client.cookies.set(DEVICE_COOKIE, str(shared))
    sign_in(client, "hosting")
    assert [text for _, text in told(alliance)] == ["new_device", "new_device"]
    kept = {(row.user_id, row.token_sha256) for row in everything(alliance, models.KnownDevice)}
    assert kept == {
        (alliance.users[who].id, keys.digest(str(shared))) for who in ("sending", "hosting")
    }
    sign_in(client)
    sign_in(client, "hosting")
    assert len(told(alliance)) == 2


def test_a_browser_is_forgotten_that_was_not_used_for_long(alliance: Alliance) -> None:
    with_password(alliance, "sending")
    client = alliance.client(None)
    sign_in(client)
    sign_in(later(alliance, client, datetime.timedelta(days=399)))
    sign_in(later(alliance, client, datetime.timedelta(days=798)))
    assert len(told(alliance)) == 1
    sign_in(later(alliance, client, datetime.timedelta(days=1198)))
    assert len(told(alliance)) == 2


def test_the_mail_says_when_and_in_which_browser_and_where_to_go(
    alliance: Alliance, tmp_path: Path
) -> None:
    with_password(alliance, "sending")
    says = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    given = {"email": "sending@example.org", "password": PASSWORD}
    client = alliance.client(None)
    client.post(f"{V1}/session", json=given, headers={"User-Agent": says})
    with transaction(alliance.engine) as session:
        outbox.write_mails(
            session, alliance.service(), tmp_path, "https://x.example", "o@x.example"
        )
    (file,) = tmp_path.glob("*.eml")
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = " ".join(str(mail.get_content()).split())
    for said in ("Firefox, Linux", "15 January 2027", "https://x.example/account"):
        assert said in body
    assert "Firefox" not in str(mail["Subject"])


def test_what_is_over_goes_after_its_time(alliance: Alliance) -> None:
    with_factor(alliance, "sending")
    with_password(alliance, "hosting")
    sign_in(alliance.client(None))
    sign_in(alliance.client(None), "hosting")
    tables = (models.HalfSession, models.KnownDevice)

    def left(days: int) -> list[int]:
        with transaction(alliance.engine) as session:
            retention.let_go(session, alliance.service(NOW + datetime.timedelta(days=days)))
        return [len(everything(alliance, table)) for table in tables]

    assert (left(29), left(31), left(429), left(431)) == ([1, 1], [0, 1], [0, 1], [0, 0])
