"""Consents and rights: what apprentices and guardians read, give, take back and ask for."""

import datetime
import re
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from api.pages.stored_words import FIELDS, IN_THE_FILE
from api.personal import PLACES
from api.store.rows import every
from matcher.vocabulary import LANGUAGES
from tests.api.alliance import Alliance
from tests.api.decided import placed
from tests.api.pages.browsing import sent, text_of
from tests.api.roles import a_proposal as asked_of_coordinators
from tests.api.roles.consents import at_fifteen
from tests.api.test_answer_routes import asked
from tests.sealing import needing

LATER = datetime.datetime(2027, 3, 1, 9, tzinfo=datetime.UTC)


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def consents_of(alliance: Alliance) -> list[tuple[str, str, bool]]:
    with transaction(alliance.engine, writes=False) as session:
        found = every(session, models.Consent)
        return sorted(
            (str(row.given_by), row.language, row.withdrawn_at is None) for row in found
        )  # fmt: skip


def form_on(page: str, number: int = 0) -> dict[str, Any]:
    """A form of the page that gives a consent."""
    forms = re.findall(r'<form method="post" action="/consents">(.*?)</form>', page, re.S)
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', forms[number])
    return {name: value for name, value in fields if name != "form_token"}


def test_an_apprentice_agrees_for_one_host_and_takes_it_back(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        needing(session, alliance.aino.id, needs={"QUIET_SPACE": "soft", "BUDDY_PEER": "soft"})
    browser = alliance.browser("aino")
    assert "There is nothing to decide now." in browser.get("/consents").text
    asked(alliance)
    browser.cookies.set(LANGUAGE_COOKIE, "en")
    page = browser.get("/consents").text
    assert "Werkstatt" in page
    assert "They do not learn the reason." in page
    assert page.count("Not told") == 2
    assert "QUIET_SPACE" not in re.sub(r"<input[^>]*>", "", page)  # in words, never a code
    assert sent(browser, "/consents", form_on(page)).status_code == 303
    assert consents_of(alliance) == [("apprentice", "en", True)]
    page = browser.get("/consents?done=given").text
    assert (page.count("Not told"), page.count("May be told")) == (1, 1)
    (consent,) = re.findall(r'action="(/consents/[0-9a-f-]{36}/withdrawal)"', page)
    assert sent(browser, consent, {}).status_code == 303
    assert consents_of(alliance) == [("apprentice", "en", False)]
    assert browser.get("/consents").text.count("Not told") == 2


def test_the_text_that_was_shown_is_the_one_that_is_agreed_to(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        needing(session, alliance.aino.id, needs={"QUIET_SPACE": "soft"})
    asked(alliance)
    browser = alliance.browser("aino")
    browser.cookies.set(LANGUAGE_COOKIE, "fi")
    form = form_on(browser.get("/consents").text)
    assert form["language"] == "fi"
    for wrong in ({"text_version": "99"}, {"text_version": ""}, {"item": "BUDDY_PEER"}):
        assert sent(browser, "/consents", form | wrong).status_code == 422
    assert consents_of(alliance) == []
    said = form | {"given_by": "guardian", "heard_from": "x"}
    assert sent(browser, "/consents", said).status_code == 303
    assert consents_of(alliance) == [("apprentice", "fi", True)]


def test_a_guardian_is_asked_what_the_ward_agreed_to_and_nothing_else(alliance: Alliance) -> None:
    at_fifteen(alliance)  # has two needs, and agreed to one
    own, guardian = alliance.browser("eetu"), alliance.browser("guardian")
    assert "Waits for your guardian" in own.get("/consents").text
    page = guardian.get("/consents").text
    assert "1 consent waits for you." in page
    assert "Quiet" in page
    assert "uddy" not in page
    assert sent(guardian, "/consents", form_on(page)).status_code == 303
    assert ("guardian", "en", True) in consents_of(alliance)
    page = guardian.get("/consents").text
    assert "May be told" in page
    (given,) = re.findall(r'action="(/consents/[0-9a-f-]{36}/withdrawal)"', page)
    sent(guardian, given, {})
    assert ("guardian", "en", False) in consents_of(alliance)
    assert "Waits for you" in guardian.get("/consents").text


def test_one_reads_everything_takes_it_along_and_sees_who_opened_it(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        needing(session, alliance.aino.id, needs={"QUIET_SPACE": "soft"})
    browser = alliance.browser("aino")
    browser.get("/needs")
    alliance.client("sending").get(f"/api/v1/apprentices/{alliance.aino.id}/needs")
    page = text_of(browser.get("/my-data/export"))
    assert "you: to read what you need 15 January 2027, 10:00" in page  # Brussels is an hour ahead
    assert "Coordinator, sending, Savonlinna: to read what you need" in page
    for told in ("First name Aino", "Born on 1 May 2008", "Languages English: B1",
                 "School Samiedu", "What you need Quiet space for breaks: would help",
                 "Call Spring 2027", "School or contract Student on a placement",
                 "E-mail aino@example.org"):  # fmt: skip
        assert told in page, told
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-|STUDENT_PLACEMENT|QUIET_SPACE|_id\b", page)
    file = browser.get("/my-data/export.json")
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.json()["parts"]["support_needs"][0]["needs"] == {"QUIET_SPACE": "soft"}
    assert "eetu" not in file.text.lower()
    (row,) = (one for one in file.json()["opened"] if one["role"] == "coordinator")
    assert (row["name"], row["of"]) == ("sending", "Savonlinna")


def test_of_a_host_the_company_is_named_and_not_who_looked(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        needing(session, alliance.aino.id, needs={"QUIET_SPACE": "soft"})
    _, placement = placed(alliance)
    browser = alliance.browser("aino")
    browser.cookies.set(LANGUAGE_COOKIE, "en")
    page = browser.get("/consents").text
    assert sent(browser, "/consents", form_on(page)).status_code == 303
    assert alliance.browser("company").get(f"/placements/{placement}").status_code == 200
    opened = browser.get("/my-data/export.json").json()["opened"]
    (row,) = (one for one in opened if one["role"] == "company")
    assert (row["name"], row["of"]) == ("", "Werkstatt")
    page = text_of(browser.get("/my-data/export"))
    assert "Host, Werkstatt: to tell a host what you agreed to" in page
    assert "Place CNC turning, Werkstatt" in page


def test_a_guardian_takes_along_nothing_that_tells_of_needs(alliance: Alliance) -> None:
    at_fifteen(alliance)
    guardian = alliance.browser("guardian")
    file = guardian.get("/my-data/export.json")
    assert file.json()["parts"]["apprentice"][0]["first_name"] == "Eetu"
    assert file.json()["opened"] == []
    assert not re.search("support_needs|consent|proposal_detail|audit|QUIET_SPACE", file.text)
    page = text_of(guardian.get("/my-data/export"))
    assert "What Eetu needs is not in it" in page
    assert "Quiet" not in page
    assert "QUIET_SPACE" in alliance.browser("eetu").get("/my-data/export.json").text


def test_every_field_that_is_stored_has_words_or_stays_in_the_file() -> None:
    shown = {
        name for place in PLACES for name in place.table.model_fields if name not in place.secret
    }
    idle = {"key", "status"}  # named by the forms of others
    assert shown - FIELDS.keys() - IN_THE_FILE <= idle


def test_a_place_of_which_one_was_not_asked_is_not_named(alliance: Alliance) -> None:
    asked_of_coordinators(alliance)
    page = text_of(alliance.browser("aino").get("/my-data/export"))
    assert "Proposals" in page
    assert "Werkstatt" not in page


def test_a_request_has_its_deadline(alliance: Alliance) -> None:
    browser = alliance.browser("aino")
    empty = sent(browser, "/my-data/requests", {})
    assert (empty.status_code, "Please choose what you ask for." in empty.text) == (422, True)
    answer = sent(browser, "/my-data/requests", {"kind": "erasure", "received_on": "2020-01-01"})
    assert answer.headers["location"] == "/my-data?done=asked"
    page = browser.get("/my-data").text
    assert "Be erased" in page
    assert "To be answered by 15 February 2027." in page
    assert "Nothing was asked so far." in alliance.browser("eetu").get("/my-data").text
    assert "late" in alliance.browser("aino", LATER).get("/my-data").text


def test_every_page_of_it_is_there_in_every_language(alliance: Alliance) -> None:
    at_fifteen(alliance)
    for who in ("eetu", "guardian"):
        browser = alliance.browser(who)
        for code in LANGUAGES:
            browser.cookies.set(LANGUAGE_COOKIE, code)
            for path in ("/consents", "/my-data", "/my-data/export"):
                page = browser.get(path)
                assert (page.status_code, f'<html lang="{code}"' in page.text) == (200, True)
