"""Settings as people change them."""

from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.datastructures import FormData

import models
from api.database import transaction
from api.language import Language
from api.pages.setting_forms import CRITERIA, EDITORS, GROUPS
from api.services import settings
from api.store.rows import every
from matcher.vocabulary import LANGUAGES
from models import Party
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent, text_of

OTHERS: dict[str, Any] = {
    "weights": {"occupation": 22.5, "outcomes": 20, "language": 15, "dates": 10, "inclusion": 17.5,
                "quality": 10, "preference": 5},
    "objective": "fit", "priority": [], "reserve": 0.25,
    "schedule": {"cron": "30 4 * * 0", "time_zone": "Europe/Madrid"}, "start_weekdays": [1, 3],
    "approval_order": [["company"], ["sending_coordinator", "hosting_coordinator"],
                       ["apprentice", "guardian", "employer"]],
    "days_to_answer": 21, "reminder_days": [2, 5, 9], "suggestions_visible": "never",
    "support_rounding": "down",
    "barrier_category": True,
    "retention": {"needs": 30, "applicants": 100, "participants": 1095, "messages": 10,
                  "repeated_requests": 3, "sessions": 7, "answer_links": 8, "invitations": 9},
    "min_closeness": 0.57, "candidates": 20, "seed": 7,
}  # fmt: skip
"""A value of every setting that is not its default."""


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def form_of(name: str, value: Any) -> dict[str, Any]:
    """What a browser sends when the page was filled with a value."""
    given = EDITORS[name].spread(value)
    return {field.name: given[field.name] for field in EDITORS[name].fields}


def holds(alliance: Alliance, name: str) -> Any:
    with transaction(alliance.engine, writes=False) as session:
        return settings.of_name(session, name).value


def test_every_setting_is_on_the_page_once() -> None:
    listed = [name for _, names in GROUPS for name in names]
    assert sorted(listed) == sorted(EDITORS) == sorted(settings.KNOWN) == sorted(OTHERS)


@pytest.mark.parametrize("name", EDITORS)
def test_what_a_page_shows_of_a_setting_is_what_it_sends_back(name: str) -> None:
    for value in (settings.KNOWN[name].default, OTHERS[name]):
        sent_back = [
            (field, one)
            for field, many in form_of(name, value).items()
            for one in (many if isinstance(many, list) else [many])
        ]
        assert EDITORS[name].gather(FormData(sent_back)) == value
        for code in LANGUAGES:
            assert EDITORS[name].said(Language(code), value)


@pytest.mark.parametrize("name", EDITORS)
def test_every_setting_is_changed_on_its_page(alliance: Alliance, name: str) -> None:
    browser = alliance.browser("sending")
    address = f"/settings/{name}"
    form = form_of(name, OTHERS[name]) | {"version": "0"}
    done = sent(browser, address, form)
    assert (done.status_code, done.headers["location"]) == (303, f"{address}?saved=true")
    assert holds(alliance, name) == OTHERS[name]
    seen = text_of(browser.get(f"{address}?saved=true"))
    said = EDITORS[name].said(Language("en"), OTHERS[name])
    assert f"Now: {said}" in seen
    assert f"sending {said}" in seen  # the history: who, and to what
    assert said in text_of(browser.get("/settings"))


def test_points_that_are_not_100_are_refused_with_what_is_missing(alliance: Alliance) -> None:
    browser = alliance.browser("admin")
    points = dict.fromkeys(CRITERIA, "10")
    less = sent(browser, "/settings/weights", points | {"version": "0"})
    assert less.status_code == 422
    assert "The points add up to 70. They must add up to 100: give 30 more." in less.text
    assert less.text.count('value="10"') >= len(CRITERIA)  # what was typed stays
    more = sent(browser, "/settings/weights", points | {"occupation": "50,5", "version": "0"})
    assert "The points add up to 110.5. They must add up to 100: take 10.5 away." in more.text
    below = points | {"occupation": "-20", "dates": "70"}
    refused = sent(browser, "/settings/weights", below | {"version": "0"})
    assert "Each of the points must be 0 or more" in refused.text
    assert holds(alliance, "weights") == settings.KNOWN["weights"].default


@pytest.mark.parametrize(
    ("name", "form", "told"),
    [
        ("days_to_answer", {"days_to_answer": "soon"}, "Please give a number."),
        ("days_to_answer", {"days_to_answer": "400"}, "between 1 and 365 days"),
        ("reminder_days", {"reminder_days": "3, x"}, "Please give days as numbers"),
        ("objective", {}, "Please choose one of the list."),
        ("schedule", {"rhythm": "own", "cron": "x", "time_zone": "UTC"}, "No such time comes."),
        ("schedule", {"rhythm": "daily", "time": "late"}, "Please give a time"),
        ("approval_order", dict.fromkeys(Party, "9"), "Please choose one of the list."),
    ],
)
def test_what_cannot_be_is_told_and_not_stored(
    alliance: Alliance, name: str, form: dict[str, str], told: str
) -> None:
    answer = sent(alliance.browser("sending"), f"/settings/{name}", form | {"version": "0"})
    assert answer.status_code == 422
    assert told in answer.text
    assert holds(alliance, name) == settings.KNOWN[name].default


def test_of_two_who_change_at_once_the_second_is_told(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    sent(alliance.browser("hosting"), "/settings/seed", {"seed": "5", "version": "0"})
    late = sent(browser, "/settings/seed", {"seed": "6", "version": "0"})
    assert late.status_code == 422
    assert 'id="faults"' in late.text
    assert "Now: 5" in late.text
    assert holds(alliance, "seed") == 5


def test_after_new_points_a_trial_matching_is_one_step_away(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    seen = browser.get("/settings/weights?saved=true").text
    assert "Run a trial matching for" in seen
    assert "Run a trial matching for" not in browser.get("/settings/seed").text
    asked = sent(browser, "/matchings", {"call": "2027", "kind": "preview"})
    with transaction(alliance.engine, writes=False) as session:
        made = asked.headers["location"].split("/")[-1]
        assert [str(row.id) for row in every(session, models.Round)] == [made]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_there_in_every_language(alliance: Alliance, language: str) -> None:
    browser = alliance.browser("admin")
    browser.cookies.set("__Host-doallvet-language", language)
    for path in ("", *(f"/{name}" for name in EDITORS)):
        assert browser.get(f"/settings{path}").status_code == 200
    assert browser.get("/settings/nothing").status_code == 404
