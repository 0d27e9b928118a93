"""Places, calls and friends: what apprentices read, say, and what is stored."""

import datetime
import re
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from api.services import distances, friends, settings
from api.store.rows import every
from matcher.vocabulary import LANGUAGES
from models import EnrolmentStatus
from tests import rows
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent
from tests.api.test_answer_routes import asked
from tests.sealing import needing


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def stored(alliance: Alliance, row: Any) -> Any:
    with transaction(alliance.engine, writes=False) as session:
        return session.get_one(type(row), row.id)


def change(alliance: Alliance, row: Any, **values: Any) -> None:
    with transaction(alliance.engine) as session:
        found = session.get_one(type(row), row.id)
        for name, value in values.items():
            setattr(found, name, value)


def test_a_card_says_why_it_fits_what_is_missing_where_and_when(alliance: Alliance) -> None:
    change(alliance, alliance.sends, latitude=61.87, longitude=28.88)
    change(alliance, alliance.hosts, latitude=51.72, longitude=8.75)
    with transaction(alliance.engine) as session:
        needing(session, alliance.aino.id, needs={"QUIET_SPACE": "soft"})
    page = alliance.browser("aino").get("/suggestions").text
    assert page.count('class="card place"') == 2
    assert "Werkstatt" in page
    assert "Germany" in page
    assert "Same occupation" in page
    assert "1,6" in re.findall(r"([\d,]+) km from Savonlinna", page)[0]
    assert re.search(r"What is not quite right.*?Not provided: quiet", page, re.S)
    assert not re.search(r"\bscore|points", page)


def test_interest_is_said_and_taken_back(alliance: Alliance) -> None:
    browser, offer = alliance.browser("aino"), alliance.offer.id
    answer = sent(
        browser, f"/suggestions/{offer}/interest",
        {"interest": "not_for_me", "back": "//elsewhere.example"},
    )  # fmt: skip
    assert answer.headers["location"] == "/today"
    assert stored(alliance, alliance.aino).interest == {str(offer): 0.0}
    assert "Not for you" in browser.get("/suggestions").text
    sent(browser, f"/suggestions/{offer}/interest", {"interest": "", "back": "/profile/not"})
    assert stored(alliance, alliance.aino).interest == {}
    sent(browser, f"/suggestions/{offer}/interest", {"interest": "interested"})
    assert stored(alliance, alliance.aino).interest == {str(offer): 1.0}


def test_a_company_that_is_not_wanted_is_suggested_no_more(alliance: Alliance) -> None:
    browser = alliance.browser("aino")
    answer = sent(browser, f"/suggestions/{alliance.offer.id}/no-company", {})
    assert answer.headers["location"] == "/suggestions"
    assert stored(alliance, alliance.aino).excluded_companies == [str(alliance.company.id)]
    assert "Werkstatt" not in browser.get("/suggestions").text
    change(alliance, alliance.other_offer, status="paused")
    refused = sent(browser, f"/suggestions/{alliance.other_offer.id}/no-company", {})
    assert refused.status_code == 422


def test_who_may_not_see_places_yet_is_told_when(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        settings.change(
            session, alliance.caller("admin"), "suggestions_visible", "never", revision=0
        )
    page = alliance.browser("aino").get("/suggestions").text
    assert "Places are not shown here" in page
    assert "Werkstatt" not in page


def test_a_proposal_that_waits_for_the_answer_comes_first(alliance: Alliance) -> None:
    proposal = asked(alliance)
    page = alliance.browser("aino").get("/suggestions").text
    assert f'href="/proposals/{proposal}"' in page
    assert "your answer is asked for" in page
    assert str(proposal) not in alliance.browser("eetu").get("/suggestions").text


def test_somebody_applies_and_withdraws(alliance: Alliance) -> None:
    call = rows.call(
        code="spring", name="Spring", status="open", closes_on=datetime.date(2027, 2, 1)
    )
    with transaction(alliance.engine) as session:
        session.add(call)
    browser = alliance.browser("aino")
    assert 'action="/my-calls/spring/application"' in browser.get("/my-calls").text
    sent(browser, "/my-calls/spring/application", {})
    page = browser.get("/my-calls?done=applied").text
    assert "You have applied." in page
    again = sent(browser, "/my-calls/spring/application", {})
    assert again.status_code == 422
    found = re.findall(
        r'action="/my-calls/([0-9a-f-]{36})/withdrawal".*?name="version" value="(\d+)"', page, re.S
    )
    for enrolment, version in found:
        assert sent(browser, f"/my-calls/{enrolment}/withdrawal", {}).status_code == 422
        answer = sent(browser, f"/my-calls/{enrolment}/withdrawal", {"version": version})
        assert answer.status_code == 303
    assert len(found) == 2
    with transaction(alliance.engine, writes=False) as session:
        left = [
            row.status
            for row in every(session, models.Enrolment)
            if row.apprentice_id == alliance.aino.id
        ]
    assert left == [EnrolmentStatus.WITHDRAWN] * 2
    assert "You do not take part in a call yet." in browser.get("/suggestions").text


def test_two_friends_wish_it_and_one_takes_it_back(alliance: Alliance) -> None:
    aino, eetu = alliance.browser("aino"), alliance.browser("eetu")
    with transaction(alliance.engine, writes=False) as session:
        code = friends.own_code(session, alliance.call.id, alliance.eetu.id)
    assert code in eetu.get("/friends").text
    assert code not in aino.get("/friends").text
    path = f"/friends/{alliance.call.code}"
    wrong = sent(aino, f"{path}/wish", {"code": "00000-00000", "version": "0"})
    assert (wrong.status_code, 'value="00000-00000"' in wrong.text) == (422, True)
    assert "Please type the code" in sent(aino, f"{path}/wish", {"code": " "}).text
    sent(aino, f"{path}/wish", {"code": code, "version": "0"})
    assert "It counts once Eetu says yes too" in aino.get("/friends").text
    page = eetu.get("/friends").text
    assert "wishes to go with you" in page
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    sent(eetu, f"{path}/wish", {"version": version})
    assert "are looked at together" in aino.get("/friends").text
    sent(aino, f"{path}/take-back", {})
    assert "are looked at together" not in eetu.get("/friends").text


def test_distances_are_those_of_the_great_circle() -> None:
    """Of which the alliance's plan has some: Valladolid to Lisbon, Paderborn, Savonlinna."""
    valladolid = (41.652, -4.724)
    for there, km in (
        ((38.722, -9.139), 497), ((51.719, 8.757), 1515), ((61.868, 28.880), 3160),
    ):  # fmt: skip
        assert distances.between(valladolid, there) == pytest.approx(km, abs=3)
        assert distances.between(there, valladolid) == pytest.approx(km, abs=3)
    assert distances.between(valladolid, valladolid) == 0


def test_every_page_of_it_is_there_in_every_language(alliance: Alliance) -> None:
    browser = alliance.browser("aino")
    for code in LANGUAGES:
        browser.cookies.set(LANGUAGE_COOKIE, code)
        for path in ("/suggestions", "/my-calls", "/friends"):
            page = browser.get(path)
            assert (page.status_code, f'<html lang="{code}"' in page.text) == (200, True)
