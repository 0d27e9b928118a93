"""Refusals over HTTP are said in the language that was asked for; English where none was."""

from typing import Any

import pytest
from sqlalchemy import Engine

from api import refusals
from api.faults import fault
from api.language import Language
from tests.api.alliance import Alliance
from tests.api.editing import ANY, V1
from tests.importing import GOOD_OFFER
from tests.sheets import csv_of

GERMAN, FINNISH = Language("de"), Language("fi")
IN_GERMAN, IN_FINNISH = {"Accept-Language": "de-AT"}, {"Accept-Language": "fi, en;q=0.5"}
WINDOW = {"available_from": "2027-09-01", "available_to": "2027-01-31", "places": 2}
NO_CALL = "There is no call {code!r}."


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def test_detail_and_title_are_in_the_language_of_the_request(alliance: Alliance) -> None:
    client = alliance.client("sending")
    asked = f"{V1}/calls/nothing"
    english, german = client.get(asked), client.get(asked, headers=IN_GERMAN)
    assert english.json()["detail"] == "There is no call 'nothing'."
    assert german.json()["detail"] == GERMAN.phrase(NO_CALL, code="nothing")
    assert german.json()["detail"] != english.json()["detail"]
    assert german.json()["title"] == GERMAN.phrase(refusals.TITLES[404])
    assert german.json()["type"] == english.json()["type"]
    assert german.headers["content-language"] == "de"


def test_who_is_not_signed_in_is_told_in_the_language_of_the_browser(alliance: Alliance) -> None:
    answer = alliance.client(None).get(f"{V1}/calls", headers=IN_FINNISH)
    assert answer.status_code == 401
    assert answer.json()["detail"] == FINNISH.phrase("Sign in first.") != "Sign in first."


def test_faults_of_a_record_are_said_in_the_language_of_the_request(alliance: Alliance) -> None:
    client = alliance.client("hosting")
    url = f"{V1}/offers/{alliance.offer.id}/windows"
    answer = client.post(url, json=WINDOW, headers=IN_FINNISH)
    made = fault("window_order", "not_before")
    assert answer.json()["faults"] == [
        {"field": "available_to", "sentence": made.line(FINNISH)}
    ]  # fmt: skip
    missing = client.post(url, json={}, headers=IN_FINNISH).json()
    assert missing["detail"] == FINNISH.phrase(refusals.FAULTY)
    told = {one["where"]: one["what"] for one in missing["faults"]}
    assert told["body.available_from"] == fault("value.missing").line(FINNISH)


def rows_sent(alliance: Alliance, address: str, **how: Any) -> Any:
    row = GOOD_OFFER | {"region": "paderborn", "company": "c-1", "title": None, "tasks": "FORKLIF"}
    files = [("files", ("offers.csv", csv_of([row])))]
    return alliance.client("hosting").post(f"{V1}/{address}", files=files, **how)


def test_rows_of_an_import_are_told_in_the_language_of_the_request(alliance: Alliance) -> None:
    expected = fault("engine.no_hazard", "meant", given="'FORKLIF'", meant="FORKLIFT")
    for address, status in (("imports/check", 200), ("imports", 422)):
        answer = rows_sent(alliance, address, headers=IN_FINNISH)
        assert answer.status_code == status
        told = {one["column"]: (one["what"], one["right"]) for one in answer.json()["problems"]}
        assert told["tasks"] == expected.said(FINNISH)
        assert told["title"][0] == fault("empty").said(FINNISH)[0]
    english = rows_sent(alliance, "imports/check").json()["problems"]
    assert ("'FORKLIF' is not a hazard", "FORKLIFT") in [
        (one["what"], one["right"]) for one in english
    ]


def test_a_setting_says_what_would_be_right_in_the_language(alliance: Alliance) -> None:
    client = alliance.client("admin")
    url = f"{V1}/settings/reminder_days"
    answer = client.put(url, json={"value": [7, 3]}, headers=ANY | IN_GERMAN)
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(fault("days_order").line(GERMAN))


def test_what_no_service_was_asked_is_said_in_the_language_too(alliance: Alliance) -> None:
    client = alliance.client("sending")
    nothing = client.get(f"{V1}/nothing", headers=IN_GERMAN)
    assert nothing.json()["detail"] == GERMAN.phrase(refusals.NO_PAGE)
    large = client.post(
        f"{V1}/calls", content=b"x" * 1_000_001,
        headers=IN_GERMAN | {"Content-Type": "application/json"},
    )  # fmt: skip
    assert large.status_code == 413
    assert large.json()["title"] == GERMAN.phrase(refusals.TITLES[413])
    assert "This is too large" not in large.json()["detail"]
