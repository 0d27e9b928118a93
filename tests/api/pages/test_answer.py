"""Answers without an account: a link that opens, a question that is answered, and closed again."""

import re
import uuid
from importlib.resources import files
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

import models
from api import store
from api.database import transaction
from api.edge import ANSWER_COOKIE, LANGUAGE_COOKIE
from api.services import links
from matcher.vocabulary import LANGUAGES
from models import LinkKind, Party
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent
from tests.api.test_answer_routes import asked, heard, link_to
from tests.sealing import needing


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def opened(alliance: Alliance, secret: str, query: str = "") -> TestClient:
    browser = alliance.client(None)
    answer = sent(browser, f"/answer{query}", {"secret": secret})
    assert (answer.status_code, answer.headers["location"]) == (
        303, f"/answer/question{query or '?language=en'}",
    )  # fmt: skip
    return browser


def version_on(page: Any) -> str:
    return re.findall(r'name="version" value="(\d+)"', page.text)[0]


def answers_of(alliance: Alliance, proposal: uuid.UUID) -> dict[str, tuple[str, str, str]]:
    with transaction(alliance.engine, writes=False) as session:
        found = session.get_one(models.Proposal, proposal)
        rows = store.cases.approvals(session, found.id)
        return {
            str(party): (str(row.answer), str(row.channel), row.reason)
            for party, row in rows.items()
            if row.answer is not None
        }


def test_somebody_reads_the_question_and_says_yes(alliance: Alliance) -> None:
    proposal = asked(alliance)
    browser = opened(alliance, link_to(alliance, proposal, Party.APPRENTICE))
    page = browser.get("/answer/question")
    assert "Werkstatt in Savonlinna" in page.text
    assert "Why it fits" in page.text
    assert "checked" not in page.text  # nobody is pushed to a yes
    answer = sent(
        browser, "/answer/question", {"answer": "yes", "reason": "", "version": version_on(page)}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/answer/done")
    assert answers_of(alliance, proposal)["apprentice"] == ("yes", "link", "")
    done = browser.get("/answer/done").text
    assert "You said yes" in done
    assert "Now we ask the host." in done
    assert browser.get("/answer/question", follow_redirects=False).status_code == 303


def test_a_no_asks_for_a_reason_and_keeps_what_was_chosen(alliance: Alliance) -> None:
    proposal = asked(alliance)
    browser = opened(alliance, link_to(alliance, proposal, Party.APPRENTICE))
    version = version_on(browser.get("/answer/question"))
    again = sent(browser, "/answer/question", {"answer": "no", "reason": "", "version": version})
    assert again.status_code == 422
    assert "Please choose a reason." in again.text
    assert re.search(r'value="no" checked', again.text)
    assert "apprentice" not in answers_of(alliance, proposal)
    sent(browser, "/answer/question", {"answer": "no", "reason": "family", "version": version})
    assert answers_of(alliance, proposal)["apprentice"] == ("no", "link", "family")
    assert "You said no" in browser.get("/answer/done").text


def test_a_question_that_has_changed_is_read_again_before_it_is_answered(
    alliance: Alliance,
) -> None:
    proposal = asked(alliance)
    browser = opened(alliance, link_to(alliance, proposal, Party.APPRENTICE))
    for version in ("1", "", "x"):
        answer = sent(browser, "/answer/question", {"answer": "yes", "version": version})
        assert answer.status_code == 422
    assert "apprentice" not in answers_of(alliance, proposal)


def test_a_guardian_is_told_whom_it_is_about_and_no_need(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        needing(session, alliance.eetu.id, needs={"STEP_FREE_ACCESS": "soft"})
    proposal = asked(alliance, alliance.eetu)
    own = opened(alliance, link_to(alliance, proposal, Party.APPRENTICE)).get("/answer/question")
    assert "step-free" in own.text
    heard(alliance, proposal, Party.APPRENTICE)
    text = opened(alliance, link_to(alliance, proposal, Party.GUARDIAN)).get(
        "/answer/question"
    ).text  # fmt: skip
    assert "Eetu could go abroad for a placement" in text
    assert "Why it fits" in text
    assert "step-free" not in text


def test_a_company_reads_what_it_may_know_and_no_more(alliance: Alliance) -> None:
    proposal = asked(alliance)
    heard(alliance, proposal, Party.APPRENTICE)
    browser = opened(alliance, link_to(alliance, proposal, Party.COMPANY))
    text = browser.get("/answer/question").text
    assert "Aino could come to you" in text
    assert "English B1" in text
    assert alliance.aino.last_name not in text
    assert "Why it fits" not in text
    assert "No room for anybody now" in text


def test_a_whole_link_that_is_pasted_and_a_code_that_is_typed_open_it(alliance: Alliance) -> None:
    proposal = asked(alliance)
    secret = link_to(alliance, proposal, Party.APPRENTICE)
    opened(alliance, f" https://somewhere.example/answer?language=fi#{secret} ")
    with transaction(alliance.engine) as session:
        row = session.get_one(models.Proposal, proposal)
        code = links.make_link(
            session, alliance.caller("sending"), row, Party.APPRENTICE, LinkKind.CODE
        )
    assert opened(alliance, code.lower()).get("/answer/question").status_code == 200


def test_what_opens_nothing_is_said_in_words_and_stays_typed(alliance: Alliance) -> None:
    secret = link_to(alliance, asked(alliance), Party.APPRENTICE)
    opened(alliance, secret)
    browser = alliance.client(None)
    again = sent(browser, "/answer", {"secret": secret})
    assert again.status_code == 422
    assert "This was opened before" in again.text
    wrong = sent(browser, "/answer", {"secret": "abcd-efgh"})
    assert (wrong.status_code, 'value="abcd-efgh"' in wrong.text) == (422, True)
    assert ANSWER_COOKIE not in browser.cookies
    empty = sent(browser, "/answer", {"secret": ""})
    assert "Please fill this in." in empty.text


def test_closed_it_shows_nothing_to_who_uses_the_device_next(alliance: Alliance) -> None:
    browser = opened(alliance, link_to(alliance, asked(alliance), Party.APPRENTICE))
    key = browser.cookies[ANSWER_COOKIE]
    closed = sent(browser, "/answer/close", {})
    assert closed.headers["location"] == "/answer/closed"
    assert "Nobody can read it" in browser.get("/answer/closed").text
    browser.cookies.set(ANSWER_COOKIE, key)
    over = browser.get("/answer/question")
    assert over.status_code == 410
    assert "Werkstatt" not in over.text
    late = sent(browser, "/answer/question", {"answer": "yes", "version": "3"})
    assert late.status_code == 410
    assert browser.get("/answer/done", follow_redirects=False).headers["location"] == (
        "/answer/closed"
    )


def test_the_page_opens_in_the_language_of_the_message_unless_another_was_chosen(
    alliance: Alliance,
) -> None:
    proposal = asked(alliance)
    browser = opened(alliance, link_to(alliance, proposal, Party.APPRENTICE), "?language=fi")
    german = {"Accept-Language": "de"}
    for path in ("/answer", "/answer/question", "/answer/closed", "/welcome"):
        assert '<html lang="fi">' in browser.get(f"{path}?language=fi", headers=german).text
        assert '<html lang="de">' in browser.get(f"{path}?language=xx", headers=german).text
    browser.cookies.set(LANGUAGE_COOKIE, "pl")
    assert '<html lang="pl">' in browser.get("/answer/question?language=fi").text


def test_every_page_of_it_is_there_in_every_language(alliance: Alliance) -> None:
    proposal = asked(alliance)
    heard(alliance, proposal, Party.APPRENTICE)
    browser = opened(alliance, link_to(alliance, proposal, Party.COMPANY))
    paths = ["/answer", "/answer/question", "/answer/closed", "/welcome"]
    for code in LANGUAGES:
        browser.cookies.set(LANGUAGE_COOKIE, code)
        for path in paths:
            page = browser.get(path)
            assert (page.status_code, f'<html lang="{code}">' in page.text) == (200, True)
    version = version_on(browser.get("/answer/question"))
    sent(browser, "/answer/question", {"answer": "yes", "version": version})
    for code in LANGUAGES:
        browser.cookies.set(LANGUAGE_COOKIE, code)
        assert browser.get("/answer/done").status_code == 200


def test_what_a_phone_loads_weighs_under_60_kb(alliance: Alliance) -> None:
    """The page, and every file that it names: two of our own."""
    proposal = asked(alliance)
    heard(alliance, proposal, Party.APPRENTICE)
    browser = opened(alliance, link_to(alliance, proposal, Party.COMPANY))
    static = files("api.pages") / "static"
    for path in ("/answer", "/answer/question", "/welcome"):
        page = browser.get(path).text
        named = set(re.findall(r'(?:href|src)="/assets/([a-z]+)(?:\.[^"./]+)?(\.[a-z]+)"', page))
        assert {"lean.css"} <= {"".join(one) for one in named}
        weights = [len((static / "".join(one)).read_bytes()) for one in named]
        assert len(page.encode()) + sum(weights) < 60_000
        assert not re.search(r"htmx|<style|style=", page)
