"""People without a place: why, what would help, and a proposal by hand."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api.database import transaction
from matcher.vocabulary import LANGUAGES
from tests import sealing
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent
from tests.api.pages.test_apprentices import LANGUAGE
from tests.api.test_reason_routes import a_done_round


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def proposals(alliance: Alliance) -> list[models.Proposal]:
    with transaction(alliance.engine, writes=False) as session:
        return list(session.exec(select(models.Proposal)))


def test_before_the_first_matching_the_page_says_so(alliance: Alliance) -> None:
    html = alliance.browser("sending").get("/unmatched").text
    assert "There was no matching in this call yet." in html


def test_who_has_no_place_is_shown_with_the_reason_and_what_would_help(alliance: Alliance) -> None:
    a_done_round(alliance)
    html = alliance.browser("sending").get("/unmatched").text
    for text in ("Aino Virtanen", "No place was possible", "What would help",
                 "language below the level asked for: 2 places", "French B1",
                 "Where could Aino go now?"):  # fmt: skip
        assert text in html
    assert "Virtanen" not in alliance.browser("stranger").get("/unmatched").text


def test_where_somebody_could_go_is_said_with_a_reason(alliance: Alliance) -> None:
    html = alliance.browser("sending").get(f"/apprentices/{alliance.aino.id}/suggestions").text
    assert "CNC turning, Werkstatt" in html
    assert "all 8 weeks as wished" in html


def test_what_speaks_against_a_pair_is_told_and_needs_a_reason(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    address = f"/apprentices/{alliance.aino.id}/suggestions/{alliance.window.id}"
    form = {"call": alliance.call.code, "first_day": "2027-03-02", "last_day": "2027-04-26"}
    with transaction(alliance.engine) as session:
        sealing.needing(session, alliance.aino.id, needs={"QUIET_SPACE": "soft"})
    html = browser.get(f"{address}?call={alliance.call.code}").text
    assert 'value="2027-03-01"' in html
    refused = sent(browser, address, form)
    assert refused.status_code == 422
    assert "Something that would help this person is not there." in refused.text
    assert "Please say why all the same." in refused.text
    assert 'value="2027-03-02"' in refused.text
    assert not proposals(alliance)
    done = sent(browser, address, form | {"override_reason": "they asked for it"})
    (made,) = proposals(alliance)
    assert done.headers["location"] == f"/proposals/{made.id}"
    assert str(made.first_day) == "2027-03-02"


def test_a_hard_rule_is_not_outweighed(alliance: Alliance) -> None:
    address = f"/apprentices/{alliance.aino.id}/suggestions/{alliance.window.id}"
    form = {"call": alliance.call.code, "first_day": "2027-01-20", "last_day": "2027-02-20",
            "override_reason": "please"}  # fmt: skip
    assert sent(alliance.browser("sending"), address, form).status_code == 422
    assert not proposals(alliance)


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_page_is_there_in_each_language(alliance: Alliance, code: str) -> None:
    a_done_round(alliance)
    browser, own = alliance.browser("sending"), f"/apprentices/{alliance.aino.id}/suggestions"
    browser.cookies.set(LANGUAGE, code)
    for path in ("/unmatched", own, f"{own}/{alliance.window.id}?call={alliance.call.code}"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert f'<html lang="{code}"' in answer.text
