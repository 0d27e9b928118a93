"""What holds on every page: forms are ours, nothing is kept, who is not signed in is sent there."""

import re

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.pages.frame import version_seen
from api.passwords import hash_password
from tests.api.alliance import Alliance
from tests.api.pages.browsing import ORIGIN, sent, token


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def test_a_form_of_another_page_changes_nothing(alliance: Alliance) -> None:
    browser, other = alliance.browser("sending"), alliance.browser("hosting")
    form = {"form_token": token(browser)}
    refused = [
        browser.post("/sign-out", data=form),  # a browser says where it comes from
        browser.post("/sign-out", data=form, headers={"Origin": "https://elsewhere.example"}),
        browser.post("/sign-out", data=form, headers={"Sec-Fetch-Site": "cross-site"}),
        browser.post("/sign-out", headers=ORIGIN),
        browser.post("/sign-out", data={"form_token": "zz"}, headers=ORIGIN),
        browser.post("/sign-out", data={"form_token": token(other)}, headers=ORIGIN),
    ]
    assert [answer.status_code for answer in refused] == [403] * 6
    assert browser.get("/today").status_code == 200
    assert sent(browser, "/sign-out", {}).status_code == 303
    assert browser.get("/today", follow_redirects=False).status_code == 303


def test_the_token_of_a_form_is_masked_anew_and_holds_each_time(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    first, second = token(browser), token(browser)
    assert first != second
    for one in (first, second):
        answer = browser.post(
            "/language", data={"language": "fi", "form_token": one}, headers=ORIGIN,
            follow_redirects=False,
        )  # fmt: skip
        assert answer.status_code == 303


def test_pages_say_what_browsers_may_do_with_them(alliance: Alliance) -> None:
    for path in ("/today", "/sign-in", "/nowhere"):
        headers = alliance.browser("sending").get(path).headers
        policy = dict(
            part.strip().partition(" ")[::2]
            for part in headers["content-security-policy"].split(";")
        )
        assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert (headers["cache-control"], headers["x-frame-options"]) == ("no-store", "DENY")
        assert headers["referrer-policy"] == "same-origin"  # else forms come from nowhere


def test_no_page_has_scripts_or_styles_in_it(alliance: Alliance) -> None:
    for path in ("/today", "/proposals", "/sign-in"):
        html = alliance.browser("sending").get(path).text
        assert not re.search(r"<style|style=|<script(?! src)|\son[a-z]+=", html)


def test_who_signs_in_comes_to_the_page_that_was_wanted(alliance: Alliance) -> None:
    browser = alliance.client(None)
    there = browser.get("/proposals", follow_redirects=False)
    assert there.headers["location"] == "/sign-in?next=/proposals"
    assert 'name="next" value="/proposals"' in browser.get(there.headers["location"]).text
    away = browser.get("/sign-in?next=//elsewhere.example").text
    assert 'name="next" value="/today"' in away


def test_signing_in_opens_the_pages(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        user = session.get_one(models.User, alliance.users["sending"].id)
        user.password_hash = hash_password("four words of mine")
    browser = alliance.client(None)
    form = {"email": "sending@example.org", "password": "four words of mine", "next": "/proposals"}
    answer = sent(browser, "/sign-in", form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/proposals")
    assert browser.get("/today", follow_redirects=False).status_code == 200


def test_a_wrong_password_is_told_and_the_address_kept(alliance: Alliance) -> None:
    browser = alliance.client(None)
    answer = sent(browser, "/sign-in", {"email": "a@example.org", "password": "wrong one"})
    assert answer.status_code == 422
    assert 'value="a@example.org"' in answer.text
    assert "wrong one" not in answer.text
    assert 'id="faults"' in answer.text


def test_a_chosen_language_is_kept_and_an_unknown_one_is_not(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    assert '<html lang="en"' in browser.get("/today").text
    sent(browser, "/language", {"language": "fi", "back": "/today"})
    assert '<html lang="fi"' in browser.get("/today").text
    sent(browser, "/language", {"language": "xx"})
    assert '<html lang="fi"' in browser.get("/today").text
    stranger = alliance.client(None)
    seen = stranger.get("/sign-in", headers={"Accept-Language": "nb, pl;q=0.8, de;q=0.9"}).text
    assert '<html lang="de"' in seen


def test_a_page_that_is_not_there_says_so_in_words(alliance: Alliance) -> None:
    answer = alliance.browser("sending").get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is no such page" in answer.text


def test_a_page_is_packed_for_who_takes_it(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    packed = browser.get("/today")
    plain = browser.get("/today", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert "Accept-Encoding" in plain.headers["vary"]


@pytest.mark.parametrize(
    ("said", "version"), [("7", 7), ("", -1), ("seven", -1), ("-3", -1), ("9" * 5000, -1)]
)
def test_a_version_that_is_none_is_one_that_no_row_has(said: str, version: int) -> None:
    assert version_seen({"version": said}) == version
    assert version_seen({}) == -1
