"""The own profile in steps, and the own needs: what people read, and what is stored."""

import datetime
import re
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from api.pages.need_themes import MEANT, THEMES
from matcher.vocabulary import LANGUAGES, default_reference
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent, text_of
from tests.sealing import events, needing, needs_of_all


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def stored(alliance: Alliance) -> models.Apprentice:
    with transaction(alliance.engine, writes=False) as session:
        return session.get_one(models.Apprentice, alliance.aino.id)


def needed(alliance: Alliance) -> dict[str, str]:
    with transaction(alliance.engine, writes=False) as session:
        return needs_of_all(session)[alliance.aino.id].needs


def step(alliance: Alliance, name: str, **values: Any) -> Any:
    browser = alliance.browser("aino")
    version = re.findall(r'name="version" value="(\d+)"', browser.get(f"/profile/{name}").text)[0]
    return sent(browser, f"/profile/{name}", {"version": version} | values)


def test_each_step_is_stored_by_itself(alliance: Alliance) -> None:
    before = stored(alliance)
    assert step(alliance, "about", email="a@example.org", phone="+358 1").status_code == 303
    rows = {"language-0": "en", "level-0": "B2", "language-1": "de", "level-1": "A1",
            "language-2": "", "level-2": "A1"}  # fmt: skip
    assert step(alliance, "languages", **rows).status_code == 303
    when = {
        "available_from": "2027-03-01", "available_to": "2027-07-31", "unit": "weeks",
        "days_min": "2", "days_ideal": "6", "days_max": "12", "busy_from-0": "2027-05-01",
        "busy_to-0": "2027-05-03", "busy_from-1": "", "busy_to-1": "",
    }  # fmt: skip
    assert step(alliance, "when", **when).status_code == 303
    where = {"country-0": "PL", "country-1": "DE", "country-2": ""}
    assert step(alliance, "where", **where).status_code == 303
    after = stored(alliance)
    assert (after.email, after.phone) == ("a@example.org", "+358 1")
    assert after.languages == {"en": "B2", "de": "A1"}
    assert (after.days_min, after.days_ideal, after.days_max) == (14, 42, 84)
    assert after.available_to == datetime.date(2027, 7, 31)
    assert after.not_available == [["2027-05-01", "2027-05-03"]]
    assert after.destinations == ["PL", "DE"]
    assert (after.occupations, after.first_name) == (before.occupations, before.first_name)
    page = alliance.browser("aino").get("/profile").text
    assert "Poland" in page
    assert "6 weeks would be best" in page


def test_what_cannot_be_right_is_told_and_stays_typed(alliance: Alliance) -> None:
    before = stored(alliance)
    when = {"available_from": "2027-03-01", "available_to": "soon", "unit": "weeks",
            "days_min": "many", "days_ideal": "6", "days_max": "12"}  # fmt: skip
    answer = step(alliance, "when", **when)
    assert answer.status_code == 422
    assert 'href="#f-available_to"' in answer.text
    assert 'href="#f-days_min"' in answer.text
    assert 'value="many"' in answer.text
    swapped = when | {"available_to": "2027-02-01", "days_min": "2"}
    assert step(alliance, "when", **swapped).status_code == 422
    stale = sent(alliance.browser("aino"), "/profile/about", {"email": "a@b.example"})
    assert stale.status_code == 422
    assert stored(alliance).version == before.version


def test_a_company_that_is_not_wanted_is_named_and_taken_off_the_list(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        person = session.get_one(models.Apprentice, alliance.aino.id)
        person.excluded_companies = [str(alliance.company.id), str(alliance.other.id)]
        person.interest = {str(alliance.offer.id): 0.0}
    page = alliance.browser("aino").get("/profile/not").text
    assert "Werkstatt" in page
    assert "Places that are not for you" in page
    assert step(alliance, "not", company=str(alliance.other.id)).status_code == 303
    assert stored(alliance).excluded_companies == [str(alliance.other.id)]


def test_a_company_is_found_by_its_name_ticked_and_not_wanted_any_more(alliance: Alliance) -> None:
    browser = alliance.browser("aino")
    find = {"version": "1", "company_words": "werk", "find": "company"}
    assert "No other company is found" in sent(browser, "/profile/not", find).text
    with transaction(alliance.engine) as session:
        session.get_one(models.Offer, alliance.offer.id).is_public = True
    page = sent(browser, "/profile/not", find)
    assert page.status_code == 200
    box = rf'name="company" value="{alliance.company.id}">'
    assert re.search(box, page.text)  # found, and not ticked for anybody
    assert stored(alliance).excluded_companies == []
    assert step(alliance, "not", company=str(alliance.company.id)).status_code == 303
    assert stored(alliance).excluded_companies == [str(alliance.company.id)]
    assert re.search(box.replace(">", " checked>"), browser.get("/profile/not").text)


def test_what_the_school_fills_in_is_shown_and_not_asked(alliance: Alliance) -> None:
    page = alliance.browser("aino").get("/profile").text
    assert alliance.aino.last_name in page
    assert "What your school has filled in" in page
    assert not re.search(r'<input[^>]+name="(first_name|birth_date|status)"', page)


def test_a_need_is_said_changed_and_taken_back(alliance: Alliance) -> None:
    browser = alliance.browser("aino")
    assert "That is fine" in browser.get("/needs").text
    said = {"need": "QUIET_SPACE", "strength": "soft", "version": "0"}
    assert sent(browser, "/needs", said).status_code == 303
    assert needed(alliance) == {"QUIET_SPACE": "soft"}
    page = browser.get("/needs").text
    assert "It would help you." in page
    assert "coordinators of your own region" in page
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    sent(browser, "/needs", said | {"strength": "hard", "version": version})
    assert needed(alliance) == {"QUIET_SPACE": "hard"}
    assert sent(browser, "/needs/take-back", said | {"version": version}).status_code == 422
    version = re.findall(r'name="version" value="(\d+)"', browser.get("/needs").text)[0]
    sent(browser, "/needs/take-back", {"need": "QUIET_SPACE", "version": version})
    assert needed(alliance) == {}


def test_other_needs_and_confirmed_ones_stay_as_they_are(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        needing(
            session, alliance.aino.id, needs={"QUIET_SPACE": "hard"}, confirmed=["QUIET_SPACE"],
            fewer_opportunities=True,
        )  # fmt: skip
    said = {"need": "LANGUAGE_BUDDY", "strength": "soft", "version": "1"}
    assert sent(alliance.browser("aino"), "/needs", said).status_code == 303
    with transaction(alliance.engine, writes=False) as session:
        row = needs_of_all(session)[alliance.aino.id]
    assert row.needs == {"QUIET_SPACE": "hard", "LANGUAGE_BUDDY": "soft"}
    assert (row.confirmed, row.fewer_opportunities) == (["QUIET_SPACE"], True)


def test_a_need_is_chosen_with_its_strength_and_nothing_is_chosen_before(
    alliance: Alliance,
) -> None:
    browser = alliance.browser("aino")
    assert " checked" not in browser.get("/needs").text
    for said in ({"need": "QUIET_SPACE"}, {"need": "ILLNESS", "strength": "hard"}):
        answer = sent(browser, "/needs", said | {"version": "0"})
        assert (answer.status_code, "Please choose" in answer.text) == (422, True)


def test_needs_are_chosen_by_what_they_are_about_each_with_its_meaning(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        needing(session, alliance.aino.id, needs={"QUIET_SPACE": "hard"})
    answer = alliance.browser("aino").get("/needs")
    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', answer.text, re.S)
    assert [title for title, _ in groups] == [title for title, _ in THEMES]
    offered = re.findall(r'<option value="(\w+)"', "".join(options for _, options in groups))
    every = set(default_reference().codes("needs"))
    assert sorted(offered) == sorted(every - {"QUIET_SPACE"})
    assert set(MEANT) == every
    page = text_of(answer)
    assert "No steps between the street" in page
    assert "A room where one can be alone and quiet" in page


def test_sex_is_said_for_the_report_alone_and_taken_back(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        needing(session, alliance.aino.id, needs={"QUIET_SPACE": "hard"}, fewer_opportunities=True)
    browser = alliance.browser("aino")
    assert "Matching never looks at it" in browser.get("/needs").text
    for said, kept in (("female", "female"), ("robot", None), ("other", "other"), ("", None)):
        version = re.findall(r'name="version" value="(\d+)"', browser.get("/needs").text)[0]
        answer = sent(browser, "/needs/sex", {"sex": said, "version": version})
        assert answer.headers["location"] == "/needs?done=stored"
        with transaction(alliance.engine, writes=False) as session:
            row = needs_of_all(session)[alliance.aino.id]
        assert (row.sex, row.needs, row.fewer_opportunities) == (
            kept,
            {"QUIET_SPACE": "hard"},
            True,
        )
    assert sent(browser, "/needs/sex", {"sex": "male", "version": "1"}).status_code == 422


def test_that_needs_were_opened_is_written_down_without_the_need(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        needing(session, alliance.aino.id, needs={"QUIET_SPACE": "hard"})
    alliance.browser("aino").get("/needs")
    with transaction(alliance.engine, writes=False) as session:
        read = [one for one in events(session) if one.action == "sealed.read"]
    assert read[-1].actor_id == alliance.users["aino"].id
    assert "QUIET_SPACE" not in repr(read)


def test_every_page_of_it_is_there_in_every_language(alliance: Alliance) -> None:
    browser = alliance.browser("aino")
    names = ("about", "languages", "when", "where", "not")
    for code in LANGUAGES:
        browser.cookies.set(LANGUAGE_COOKIE, code)
        for path in ("/profile", "/needs", *(f"/profile/{name}" for name in names)):
            page = browser.get(path)
            assert (page.status_code, f'<html lang="{code}"' in page.text) == (200, True)
