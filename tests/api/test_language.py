"""Six languages: how one is chosen, how days, numbers and counts are written."""

import datetime

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.language import Language, matching
from tests.api.alliance import Alliance


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("fi", "fi"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("sv, fi;q=0.5, en;q=0.4", "fi"),
        ("en;q=0, pl;q=0.1", "pl"),
        ("xx, *;q=0.1", "en"),
        ("fi;q=many, es;q=2, pt;q=0.3", "pt"),
    ],
)
def test_the_best_language_that_is_there_is_taken(header: str, code: str) -> None:
    assert matching(header) == code


def test_days_and_numbers_are_written_as_the_language_does() -> None:
    first, last = datetime.date(2027, 3, 1), datetime.date(2027, 4, 25)
    said = {code: Language(code).days(first, last) for code in ("en", "de", "pl")}
    assert said == {
        "en": "1 Mar\u2009–\u200925 Apr 2027",
        "de": "1. März\u2009–\u200925. Apr. 2027",
        "pl": "1 mar–25 kwi 2027",
    }
    morning = datetime.datetime(2027, 3, 1, 7, 30, tzinfo=datetime.UTC)
    assert Language("fi").moment(morning, "Europe/Helsinki") == "1. maaliskuuta 2027, 09:30"
    assert Language("es").number(12345.67, 1) == "12.345,7"
    assert Language("pt").listed(["a", "b", "c"]) == "a, b e c"


def test_a_count_takes_the_form_that_its_number_asks_for() -> None:
    english = Language("en")
    assert [english.length(n) for n in (1, 6, 7, 14)] == ["1 day", "6 days", "1 week", "2 weeks"]


def test_a_program_says_its_language_with_each_request(database: Engine) -> None:
    """Else the account's is spoken."""
    alliance = Alliance(database)
    with transaction(database) as session:
        session.get_one(models.User, alliance.users["sending"].id).language = "pl"
    path = f"/api/v1/suggestions?call={alliance.call.code}&apprentice={alliance.aino.id}"
    client, said = alliance.client("sending"), {}
    for header in ("fi", "de-AT, en;q=0.5", ""):
        headers = {"Accept-Language": header} if header else {}
        client.headers.pop("accept-language", None)
        found = client.get(path, headers=headers)
        assert found.status_code == 200, found.text
        said[header] = found.json()["items"][0]["reason"]
    assert len(set(said.values())) == 3
    assert "sama ammatti" in said["fi"].lower()
    assert "beruf" in said["de-AT, en;q=0.5"].lower()
