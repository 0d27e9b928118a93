"""Calls: made, opened, funded, and who waits."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api.database import transaction
from matcher.vocabulary import LANGUAGES
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent
from tests.api.pages.test_apprentices import LANGUAGE
from tests.api.roles.calls import FIELDS


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def call(alliance: Alliance, code: str) -> models.Call:
    with transaction(alliance.engine, writes=False) as session:
        return session.exec(select(models.Call).where(models.Call.code == code)).one()


def test_a_call_is_made_as_a_draft_opened_and_finished(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    wrong = sent(browser, "/calls/new", FIELDS | {"stays_to": "2027-01-01"})
    assert wrong.status_code == 422
    assert 'value="Spring 2028"' in wrong.text
    assert sent(browser, "/calls/new", FIELDS).headers["location"] == "/calls/2028"
    assert call(alliance, "2028").status == "draft"
    for version, do, status in (("1", "open", "open"), ("2", "finish", "finished")):
        form = {"version": version, "do": do}
        assert sent(browser, "/calls/2028/status", form).status_code == 303
        assert call(alliance, "2028").status == status
    assert "Finish the call" not in browser.get("/calls/2028").text


def test_a_change_on_an_older_version_is_refused(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    form = FIELDS | {"code": "2027", "version": "1"}
    assert sent(browser, "/calls/2027/edit", form).status_code == 303
    late = sent(browser, "/calls/2027/edit", form | {"name": "Other"})
    assert late.status_code == 422
    assert call(alliance, "2027").name == "Spring 2028"


def test_funding_is_shown_with_what_is_taken_and_changed_for_the_own_region(
    alliance: Alliance,
) -> None:
    browser, at = alliance.browser("sending"), "/calls/2027/funding/savonlinna/SHORT_TERM"
    assert "3 places funded, 0 taken" in browser.get("/calls/2027").text
    assert "/funding/paderborn/" not in browser.get("/calls/2027").text
    assert sent(browser, at, {"version": "1", "places": "7"}).status_code == 303
    assert "7 places funded" in browser.get("/calls/2027").text
    assert sent(browser, at, {"version": "1", "places": "9"}).status_code == 422
    assert sent(browser, at, {"version": "2", "places": "many"}).status_code == 422
    assert "7 places funded" in browser.get("/calls/2027").text


def test_who_waits_is_moved_in_the_list(alliance: Alliance) -> None:
    order = [one.id for one in alliance.people]
    with transaction(alliance.engine) as session:
        rows = {row.apprentice_id: row for row in session.exec(select(models.Enrolment))}
        for place, person in enumerate(order, start=1):
            rows[person].status = models.EnrolmentStatus.WAITING
            rows[person].place_in_queue = place
        last = rows[order[-1]].id
    browser = alliance.browser("sending")
    html = browser.get("/calls/2027").text
    assert html.index("Aino Virtanen") < html.index("Eetu Virtanen") < html.index("Leena Virtanen")
    form = {"version": "2", "status": "waiting", "place_in_queue": "2"}
    answer = sent(browser, f"/enrolments/{last}/status", form)
    assert answer.headers["location"] == "/calls/2027"
    html = browser.get("/calls/2027").text
    assert html.index("Aino Virtanen") < html.index("Leena Virtanen") < html.index("Eetu Virtanen")


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_page_is_there_in_each_language(alliance: Alliance, code: str) -> None:
    browser = alliance.browser("sending")
    browser.cookies.set(LANGUAGE, code)
    for path in ("/calls", "/calls/new", "/calls/2027", "/calls/2027/edit"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert f'<html lang="{code}"' in answer.text
