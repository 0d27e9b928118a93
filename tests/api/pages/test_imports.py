"""Spreadsheets on pages: checked without storing, brought in, refused by row."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from api.faults import fault
from api.imports import tables
from api.language import Language
from api.store.rows import every
from matcher.vocabulary import LANGUAGES
from tests.api.alliance import Alliance
from tests.api.pages.browsing import ORIGIN, text_of, token
from tests.api.test_import_routes import OFFER
from tests.importing import PERSON
from tests.sheets import csv_of, workbook


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def send(browser: Any, address: str, content: bytes, name: str = "offers.csv", **more: Any) -> Any:
    form = {"form_token": token(browser)} | more.pop("form", {})
    return browser.post(
        address, data=form, files=[("files", (name, content))], headers=ORIGIN | more
    )  # fmt: skip


def title(alliance: Alliance) -> str:
    with transaction(alliance.engine, writes=False) as session:
        return session.get_one(models.Offer, alliance.offer.id).title


def test_a_file_is_checked_without_storing_it_and_then_brought_in(alliance: Alliance) -> None:
    browser = alliance.browser("hosting")
    content = csv_of([OFFER | {"title": "Turning by hand"}])
    before = title(alliance)
    checked = send(browser, "/imports/check", content)
    assert checked.status_code == 200
    assert "Nothing is wrong. Nothing is stored yet." in checked.text
    assert "Choose the file once more" in checked.text
    assert title(alliance) == before != "Turning by hand"
    done = send(browser, "/imports", content)
    assert "Everything came in." in done.text
    assert "Offers 0 1 0" in text_of(done)
    assert title(alliance) == "Turning by hand"


def test_what_is_wrong_stands_by_row_with_what_is_right(alliance: Alliance) -> None:
    browser = alliance.browser("hosting")
    before = title(alliance)
    bad = csv_of([OFFER | {"title": "Turning by hand", "status": None},
                  OFFER | {"key": "o-9", "title": None, "status": "publisht"}])  # fmt: skip
    for address in ("/imports/check", "/imports"):
        refused = send(browser, address, bad)
        assert refused.status_code == 422
        told = text_of(refused)
        assert "2 things are wrong. Nothing was stored." in told
        assert "offers.csv 3 title" in told
        assert "offers.csv 3 status" in told
        assert "published" in told
    assert title(alliance) == before


def test_rows_of_another_region_are_not_ones_own_to_change(alliance: Alliance) -> None:
    before = title(alliance)
    for address in ("/imports/check", "/imports"):
        refused = send(alliance.browser("stranger"), address, csv_of([OFFER | {"title": "Mine"}]))
        assert refused.status_code == 422
        assert "is not yours to change" in refused.text
    assert title(alliance) == before


def test_htmx_gets_the_result_alone_and_the_file_stays_chosen(alliance: Alliance) -> None:
    browser = alliance.browser("hosting")
    part = send(browser, "/imports/check", csv_of([OFFER]), **{"HX-Request": "true"})
    assert "<html" not in part.text
    assert "Now press “Bring it in”." in part.text


def test_people_are_enrolled_in_the_call_that_is_chosen(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    book = workbook({"apprentices": [PERSON | {"enrolment": "selected"}]})
    done = send(browser, "/imports", book, "people.xlsx", form={"call": "2027"})
    assert "1 person is new in the call." in done.text
    with transaction(alliance.engine, writes=False) as session:
        mine = col(models.Enrolment.call_id) == alliance.call.id
        assert len(every(session, models.Enrolment, mine)) == 4
    unknown = send(browser, "/imports", book, "people.xlsx", form={"call": "2030"})
    assert unknown.status_code == 422
    assert 'id="faults"' in unknown.text


def test_without_a_file_and_with_one_that_is_too_large_one_is_told(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    none = send(browser, "/imports", b"", "")
    assert none.status_code == 422
    assert "Please choose a file." in none.text
    large = send(browser, "/imports", b"x" * (tables.MOST_BYTES + 200_000))
    assert large.status_code == 413
    assert large.headers["content-type"].startswith("text/html")
    assert "This is too large" in large.text


def test_the_template_comes_from_the_page(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    assert browser.get("/imports/template").content.startswith(b"PK")
    assert browser.get("/imports/template?noun=offers").text.lstrip("\ufeff").startswith("region")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_there_in_every_language(alliance: Alliance, language: str) -> None:
    browser = alliance.browser("hosting")
    browser.cookies.set("__Host-doallvet-language", language)
    assert browser.get("/imports").status_code == 200
    assert send(browser, "/imports/check", csv_of([OFFER])).status_code == 200
    assert send(browser, "/imports", csv_of([OFFER | {"title": None}])).status_code == 422


def test_what_is_wrong_is_told_in_the_language_of_the_page(alliance: Alliance) -> None:
    browser = alliance.browser("hosting")
    browser.cookies.set(LANGUAGE_COOKIE, "fi")
    refused = send(browser, "/imports/check", csv_of([OFFER | {"tasks": "FORKLIF"}]))
    made = fault("engine.no_hazard", "meant", given="'FORKLIF'", meant="FORKLIFT")
    what, right = made.said(Language("fi"))
    assert f"tasks {what} {right}" in text_of(refused)
    assert '<td lang="en"' not in refused.text
