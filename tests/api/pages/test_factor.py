"""The second step on pages: set up with a picture, asked for, switched off, reset by others."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
import segno
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine

from api import passwords
from api.edge import COOKIE, LANGUAGE_COOKIE, STEP_COOKIE
from api.settings import Settings
from matcher.vocabulary import LANGUAGES
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent, text_of
from tests.api.second import PASSWORD, App, with_factor, with_password

PAGE = "/account/second-step"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same function with parameters that cost little."""
    hasher = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHES", PasswordHash((hasher,)))


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def signed(browser: TestClient, who: str, after: str = "") -> Any:
    form = {"email": f"{who}@example.org", "password": PASSWORD, "next": after}
    return sent(browser, "/sign-in", form)


def app_of(page: str) -> App:
    """The app after somebody typed the letters of the page."""
    (letters,) = re.findall(r"<code>((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})</code>", page)
    return App(letters.replace(" ", ""))


def test_it_is_set_up_with_a_picture_and_asked_for_from_then_on(alliance: Alliance) -> None:
    with_password(alliance, "aino")
    browser = alliance.client(None)
    assert signed(browser, "aino").headers["location"] == "/today"
    assert 'href="/account/second-step"' in browser.get("/account").text
    wrong = sent(browser, PAGE, {"password": "x"})
    assert wrong.status_code == 422
    assert sent(browser, PAGE, {"password": PASSWORD}).headers["location"] == PAGE
    page = browser.get(PAGE)
    app = app_of(page.text)
    picture = browser.get(f"{PAGE}/picture")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.headers["cache-control"] == "no-store"
    address = html.unescape(re.findall(r'href="(otpauth://[^"]+)"', page.text)[0])
    expected = segno.make(address, micro=False).svg_inline(border=4, light="#ffffff")
    drawn = re.findall(r' d="(M[^"]+)"', picture.text)
    assert drawn == re.findall(r' d="(M[^"]+)"', expected) != []
    faulty = sent(browser, f"{PAGE}/confirm", {"code": app.wrong()})
    assert (faulty.status_code, 'id="e-code"' in faulty.text) == (422, True)
    assert app_of(faulty.text).secret == app.secret
    done = sent(browser, f"{PAGE}/confirm", {"code": app.code()})
    codes = re.findall(r"<li><code>([0-9A-Z-]{29})</code></li>", done.text)
    assert (done.status_code, len(set(codes))) == (200, 10)
    page = browser.get(PAGE)
    assert codes[0] not in page.text
    assert "Recovery codes left 10" in text_of(page)
    assert browser.get(f"{PAGE}/picture").status_code == 409


def test_the_second_step_leads_on_to_where_one_wanted(alliance: Alliance) -> None:
    app, codes = with_factor(alliance, "sending")
    browser = alliance.client(None)
    first = signed(browser, "sending", "/proposals")
    assert first.headers["location"] == "/sign-in/code?next=/proposals"
    assert COOKIE not in browser.cookies
    assert browser.get("/today", follow_redirects=False).status_code == 303
    page = browser.get("/sign-in/code?next=/proposals").text
    assert 'name="next" value="/proposals"' in page
    assert 'autocomplete="one-time-code"' in page
    wrong = sent(browser, "/sign-in/code", {"code": app.wrong(), "next": "/proposals"})
    assert (wrong.status_code, 'id="e-code"' in wrong.text) == (422, True)
    right = sent(browser, "/sign-in/code", {"code": app.code(), "next": "/proposals"})
    assert (right.status_code, right.headers["location"]) == (303, "/proposals")
    assert browser.get("/today").status_code == 200
    away = alliance.client(None)
    signed(away, "sending", "//evil.example")
    gone = sent(away, "/sign-in/code", {"code": codes[0], "next": "//evil.example"})
    assert gone.headers["location"] == "/today"


def test_without_a_password_before_there_is_no_second_step(alliance: Alliance) -> None:
    app, _ = with_factor(alliance, "sending")
    browser = alliance.client(None)
    answer = browser.get("/sign-in/code?next=/offers", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?next=/offers"
    over = sent(browser, "/sign-in/code", {"code": app.code()})
    assert over.status_code == 422
    assert 'name="code"' not in over.text
    assert "once more with your password" in text_of(over)
    signed(browser, "sending")
    for _ in range(5):
        assert 'name="code"' in sent(browser, "/sign-in/code", {"code": app.wrong()}).text
    assert 'name="code"' not in sent(browser, "/sign-in/code", {"code": app.code()}).text
    assert STEP_COOKIE in browser.cookies


def test_a_key_and_the_end_ask_for_a_code_that_is_not_fresh(alliance: Alliance) -> None:
    app, codes = with_factor(alliance, "sending")
    browser = alliance.browser("sending")  # as one that was open before
    key = {"token_name": "t", "scope": "read", "days": "90"}
    assert "Type a code" in text_of(sent(browser, "/account/tokens", key))
    wrong = sent(browser, "/account/tokens", key | {"code": app.wrong()})
    assert wrong.status_code == 422
    assert app.wrong() not in wrong.text
    assert "Type a code" in text_of(sent(browser, f"{PAGE}/end", {}))
    assert "Type a code" in text_of(sent(browser, f"{PAGE}/recovery-codes", {}))
    assert sent(browser, "/account/tokens", key | {"code": app.code()}).status_code == 201
    newer = sent(browser, f"{PAGE}/recovery-codes", {})
    assert codes[0] not in newer.text
    assert len(re.findall(r"<li><code>[0-9A-Z-]{29}</code></li>", newer.text)) == 10
    off = sent(browser, f"{PAGE}/end", {})
    assert off.headers["location"] == f"{PAGE}?done=off"
    assert "The second step is off" in browser.get(off.headers["location"]).text
    assert signed(alliance.client(None), "sending").headers["location"] == "/today"


def test_a_lost_phone_is_mended_by_who_looks_after_the_account(alliance: Alliance) -> None:
    with_factor(alliance, "company")
    there = alliance.browser("company")
    coordinator = alliance.browser("hosting")
    page = f"/accounts/{alliance.users['company'].id}"
    assert f'action="{page}/second-step/end"' in coordinator.get(page).text
    done = sent(coordinator, f"{page}/second-step/end", {})
    after = coordinator.get(done.headers["location"])
    assert "The second step is gone" in text_of(after)
    assert f'action="{page}/second-step/end"' not in after.text
    assert there.get("/account", follow_redirects=False).status_code == 303
    assert signed(there, "company").headers["location"] == "/today"
    assert there.get("/account").status_code == 200
    out = sent(coordinator, f"{page}/sessions/end", {})
    assert "Signed out everywhere" in text_of(coordinator.get(out.headers["location"]))
    assert there.get("/account", follow_redirects=False).status_code == 303
    other = f"/accounts/{alliance.users['sending'].id}"
    assert sent(coordinator, f"{other}/sessions/end", {}).status_code == 404
    own = f"/accounts/{alliance.users['hosting'].id}"
    assert sent(coordinator, f"{own}/second-step/end", {}).status_code in (403, 422)


@pytest.fixture
def strict(alliance: Alliance) -> Iterator[Alliance]:
    app = alliance.app()
    before = app.state.settings
    app.state.settings = Settings(second_factor="office")
    yield alliance
    app.state.settings = before


def test_where_it_is_a_duty_it_cannot_be_switched_off(strict: Alliance) -> None:
    with_password(strict, "sending")
    browser = strict.client(None)
    signed(browser, "sending")
    assert browser.get("/today", follow_redirects=False).headers["location"] == PAGE
    assert "Nothing else opens" in text_of(browser.get(PAGE))
    assert sent(browser, "/account/password", {"old": "a", "new": "b"}).status_code == 403
    sent(browser, PAGE, {"password": PASSWORD})
    app = app_of(browser.get(PAGE).text)
    sent(browser, f"{PAGE}/confirm", {"code": app.code()})
    assert browser.get("/today").status_code == 200
    assert f"{PAGE}/end" not in browser.get(PAGE).text
    assert sent(browser, f"{PAGE}/end", {}).status_code == 422
    assert sent(browser, "/sign-out", {}).status_code == 303


def test_the_pages_are_there_in_every_language(alliance: Alliance) -> None:
    with_password(alliance, "aino")
    browser = alliance.browser("aino")
    sent(browser, PAGE, {"password": PASSWORD})
    for code in LANGUAGES:
        browser.cookies.set(LANGUAGE_COOKIE, code)
        assert f'<html lang="{code}"' in browser.get(PAGE).text
