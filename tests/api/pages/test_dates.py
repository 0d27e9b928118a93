"""Days are said in the words of the reader, and are days where the reader lives."""

import datetime

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from api.language import Language
from tests import rows
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent, text_of
from tests.api.roles.decisions import asked

LATE = datetime.datetime(2027, 1, 15, 22, 30, tzinfo=datetime.UTC)
"""Past midnight in Finland, and not yet in Germany."""


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    made = Alliance(database)
    with transaction(made.engine) as session:
        session.get_one(models.Region, made.sends.id).time_zone = "Europe/Helsinki"
    return made


def test_a_moment_is_the_day_where_the_reader_lives(alliance: Alliance) -> None:
    named = asked(alliance, 2)
    request = models.RightsRequest(**rows.changing(
        apprentice_id=alliance.aino.id, kind="access", received_on=LATE.date(),
        due_on=datetime.date(2027, 2, 15), done_at=LATE, done_by=alliance.users["sending"].id,
    ))  # fmt: skip
    with transaction(alliance.engine) as session:
        session.get_one(models.Proposal, named["proposal_id"]).deadline = LATE
        session.add(request)
    finnish, german = alliance.browser("aino"), alliance.browser("hosting")
    assert "Done on 16 January 2027." in finnish.get("/my-data").text
    for path in (f"/proposals/{named['proposal_id']}", "/proposals"):
        assert "Answer by 16 January 2027" in text_of(finnish.get(path))
        assert "Answer by 15 January 2027" in text_of(german.get(path))


def test_sessions_and_questions_are_told_in_the_own_zone(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.get_one(models.Region, alliance.hosts.id).time_zone = "Europe/Helsinki"
        session.add(models.ProvisionQuestion(**rows.stamped(
            offer_id=alliance.offer.id, provision="QUIET_SPACE", asked_at=LATE,
        )))  # fmt: skip
    company = alliance.browser("company")
    assert "Asked on 16 January 2027" in company.get("/provision-questions").text
    page = text_of(company.get("/account"))
    assert "Last used on 15 January 2027, 11:00" in page
    assert "UTC" not in page


def test_a_date_in_a_form_is_said_in_words_too(alliance: Alliance) -> None:
    browser = alliance.browser("aino")
    page = browser.get("/profile/when").text
    assert 'for="f-available_from" data-in-words>1 March 2027</output>' in page
    browser.cookies.set(LANGUAGE_COOKIE, "fi")
    assert "data-in-words>1. maaliskuuta 2027</output>" in browser.get("/profile/when").text
    wrong = sent(browser, "/profile/when", {"available_from": "soon", "version": "1"})
    assert 'for="f-available_from" data-in-words></output>' in wrong.text
    assert Language("en").typed_day(None) == ""
