"""One's own account: what is stored afterwards, and what a wrong try leaves as it is."""

import re
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api import passwords
from api.database import transaction
from api.device_names import device_name
from api.edge import LANGUAGE_COOKIE
from matcher.vocabulary import LANGUAGES
from tests import sealing
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent

OLD, NEW = "pear ladder quiet moss", "seven spoons under a tram"


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    made = Alliance(database)
    with transaction(made.engine) as session:
        user = session.get_one(models.User, made.users["aino"].id)
        user.email, user.password_hash = "aino.v@example.org", passwords.hash_password(OLD)
    return made


def stored(alliance: Alliance) -> models.User:
    with transaction(alliance.engine, writes=False) as session:
        return session.get_one(models.User, alliance.users["aino"].id)


def form(page: str, **changed: Any) -> dict[str, Any]:
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    return {
        "name": "Aino V", "language": "fi", "email": "aino.v@example.org", "password": "",
        "version": version,
    } | changed  # fmt: skip


def test_name_and_language_of_messages_are_stored(alliance: Alliance) -> None:
    browser = alliance.browser("aino")
    answer = sent(browser, "/account", form(browser.get("/account").text))
    assert answer.headers["location"] == "/account?done=account"
    assert (stored(alliance).name, stored(alliance).language) == ("Aino V", "fi")
    assert '<html lang="fi"' in browser.get("/account?done=account").text
    with transaction(alliance.engine, writes=False) as session:
        (event,) = (one for one in sealing.done(session) if one.action == "account.changed")
    assert event.data == {"columns": ["language", "name"]}


def test_the_language_that_is_chosen_at_the_foot_is_the_one_of_messages_too(
    alliance: Alliance,
) -> None:
    browser = alliance.browser("aino")
    answer = sent(browser, "/language", {"language": "pl", "back": "/needs"})
    assert answer.headers["location"] == "/needs"
    assert stored(alliance).language == "pl"
    with transaction(alliance.engine, writes=False) as session:
        (event,) = (one for one in sealing.done(session) if one.action == "account.changed")
    assert event.data == {"columns": ["language"]}
    sent(browser, "/language", {"language": "xx"})
    assert stored(alliance).language == "pl"
    nobody = alliance.client(None)
    assert sent(nobody, "/language", {"language": "fi"}).status_code == 303
    assert stored(alliance).language == "pl"


def test_another_address_asks_for_the_password(alliance: Alliance) -> None:
    browser = alliance.browser("aino")
    page = browser.get("/account").text
    for password in ("", "wrong one here"):
        answer = sent(
            browser, "/account", form(page, email="new@example.org", password=password)
        )  # fmt: skip
        assert answer.status_code == 422
        assert 'value="new@example.org"' in answer.text
        assert "wrong one here" not in answer.text
    for email in ("", "no address", "sending@example.org"):
        answer = sent(browser, "/account", form(page, email=email, password=OLD))
        assert answer.status_code == 422
    assert stored(alliance).email == "aino.v@example.org"
    sent(browser, "/account", form(page, email=" New@Example.org", password=OLD))
    assert stored(alliance).email == "new@example.org"


def test_what_was_changed_elsewhere_meanwhile_is_not_overwritten(alliance: Alliance) -> None:
    browser = alliance.browser("aino")
    page = browser.get("/account").text
    sent(browser, "/account", form(page, name="First"))
    assert sent(browser, "/account", form(page, name="Second")).status_code == 422
    assert stored(alliance).name == "First"


def test_a_new_password_ends_all_other_sessions(alliance: Alliance) -> None:
    here, there = alliance.browser("aino"), alliance.browser("aino")
    wrong = sent(here, "/account/password", {"old": "wrong", "new": NEW})
    assert (wrong.status_code, there.get("/account").status_code) == (422, 200)
    answer = sent(here, "/account/password", {"old": OLD, "new": NEW})
    assert answer.headers["location"] == "/account?done=password"
    assert here.get("/account").status_code == 200
    assert there.get("/account", follow_redirects=False).status_code == 303
    signed = sent(
        alliance.client(None), "/sign-in", {"email": "aino.v@example.org", "password": NEW}
    )  # fmt: skip
    assert signed.status_code == 303


def test_sessions_are_seen_and_ended(alliance: Alliance) -> None:
    here, there = alliance.browser("aino"), alliance.browser("aino")
    page = here.get("/account").text
    assert page.count("Firefox") == 2
    assert page.count("this one") == 1
    sent(here, "/account/sessions/end", {})
    assert there.get("/account", follow_redirects=False).status_code == 303
    own = re.findall(r'action="/account/sessions/([0-9a-f-]{36})/end"', here.get("/account").text)
    assert len(own) == 1
    answer = sent(here, f"/account/sessions/{own[0]}/end", {})
    assert answer.headers["location"] == "/sign-in"
    assert here.get("/account", follow_redirects=False).status_code == 303


def test_a_key_is_shown_once_and_ends(alliance: Alliance) -> None:
    browser = alliance.browser("aino")
    given = {"token_name": "timetable", "scope": "read", "days": "90"}
    faulty = sent(browser, "/account/tokens", given | {"token_name": ""})
    assert (faulty.status_code, 'id="e-token_name"' in faulty.text) == (422, True)
    made = sent(browser, "/account/tokens", given)
    secret = re.findall(r"<code>(dav_[\w-]{43})</code>", made.text)[0]
    program = alliance.client(None)
    program.headers["Authorization"] = f"Bearer {secret}"
    assert program.get("/api/v1/session").status_code == 200
    page = browser.get("/account").text
    assert "timetable · reads only" in page
    assert secret not in page
    token = re.findall(r'action="/account/tokens/([0-9a-f-]{36})/end"', page)[0]
    sent(browser, f"/account/tokens/{token}/end", {})
    assert program.get("/api/v1/session").status_code == 401


def test_the_page_is_there_in_every_language(alliance: Alliance) -> None:
    browser = alliance.browser("company")
    for code in LANGUAGES:
        browser.cookies.set(LANGUAGE_COOKIE, code)
        assert f'<html lang="{code}"' in browser.get("/account").text


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36",
         "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
         "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge, Windows"),
        ("curl/8", "curl/8"),
    ],
)  # fmt: skip
def test_devices_are_called_what_people_call_them(told: str, seen: str) -> None:
    assert device_name(told) == seen
