"""Apprentices as schools and sending coordinators see, make and change them."""

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from matcher.vocabulary import LANGUAGES
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent
from tests.api.roles import a_proposal
from tests.api.roles.pages.apprentices import SOMEBODY

LANGUAGE = "__Host-doallvet-language"


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def stored(alliance: Alliance) -> models.Apprentice:
    with transaction(alliance.engine, writes=False) as session:
        return session.get_one(models.Apprentice, alliance.aino.id)


def test_the_list_is_by_name_and_narrowed_by_the_address(alliance: Alliance) -> None:
    browser = alliance.browser("tutor")
    names = ["Virtanen, Aino", "Virtanen, Eetu", "Virtanen, Leena"]
    html = browser.get("/apprentices").text
    assert sorted(names, key=html.index) == names
    assert "Spring 2027: selected" in html
    assert "no place yet" in html
    assert names[0] not in browser.get("/apprentices?has_place=true").text
    assert names[0] in browser.get("/apprentices?has_place=false&call=&status=selected").text
    assert "Nobody is like this" in browser.get("/apprentices?status=waiting").text
    seen, path = [], "/apprentices?limit=1"
    for _ in names:
        page = browser.get(path).text
        seen += [name for name in names if name in page]
        path = f"/apprentices?limit=1&after={page.split('after=')[-1][:36]}"
    assert seen == names


def test_a_school_does_not_learn_of_a_proposal_that_only_coordinators_know(
    alliance: Alliance,
) -> None:
    a_proposal(alliance)
    for who, knows in (("sending", True), ("tutor", False)):
        browser = alliance.browser(who)
        assert ("a place is proposed" in browser.get("/apprentices").text) is knows
        narrowed = browser.get("/apprentices?has_place=true").text
        assert ("Virtanen, Aino" in narrowed) is knows


def test_a_name_is_looked_for_in_a_form_and_stands_in_no_address(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    found = sent(browser, "/apprentices/search", {"words": "virtanen eet"})
    assert found.status_code == 200
    assert "Virtanen, Eetu" in found.text
    assert "Virtanen, Aino" not in found.text
    assert "words=" not in found.text
    assert "Nobody of yours" in sent(browser, "/apprentices/search", {"words": "xyz"}).text


def test_other_regions_people_are_not_there(alliance: Alliance) -> None:
    browser = alliance.browser("stranger")
    assert "Virtanen" not in browser.get("/apprentices").text
    assert browser.get(f"/apprentices/{alliance.aino.id}").status_code == 404


def test_somebody_new_is_stored_as_typed(alliance: Alliance) -> None:
    browser = alliance.browser("tutor")
    form = SOMEBODY | {"centre_id": str(alliance.aino.centre_id)}
    answer = sent(browser, "/apprentices/new", form)
    assert answer.status_code == 303
    html = browser.get(answer.headers["location"]).text
    for text in ("Onni Esimerkki", "English – B1: gets by at work", "Germany", "8 weeks"):
        assert text in html


def test_what_is_wrong_is_told_and_what_was_typed_stays(alliance: Alliance) -> None:
    browser = alliance.browser("tutor")
    form = SOMEBODY | {"centre_id": str(alliance.aino.centre_id), "occupations": [],
                       "birth_date": ""}  # fmt: skip
    answer = sent(browser, "/apprentices/new", form)
    assert answer.status_code == 422
    for text in ("Born on: Please fill this in.", "Occupations: Please choose at least one.",
                 'value="Onni"', '<option value="B1" selected>'):  # fmt: skip
        assert text in answer.text


def test_a_search_for_occupations_stores_nothing_and_keeps_the_form(alliance: Alliance) -> None:
    browser = alliance.browser("tutor")
    form = SOMEBODY | {"find": "occupations", "occupation_words": "baker", "first_name": "Ville"}
    answer = sent(browser, "/apprentices/new", form)
    assert answer.status_code == 200
    assert 'value="7223" checked' in answer.text
    assert 'value="7512">' in answer.text
    assert 'value="Ville"' in answer.text
    assert "Ville" not in browser.get("/apprentices").text


def test_a_company_is_excluded_by_the_school_and_the_coordinator_finds_the_sealed_fields(
    alliance: Alliance,
) -> None:
    browser, own = alliance.browser("tutor"), f"/apprentices/{alliance.aino.id}"
    form = {"language": ["en"], "level": ["B1"], "available_from": "2027-03-01", "version": "1",
            "available_to": "2027-06-30", "days_min": "28", "days_ideal": "56",
            "days_max": "84"}  # fmt: skip
    find = form | {"company_words": "dreh", "find": "company"}
    page = sent(browser, f"{own}/edit/stay", find)
    assert page.status_code == 200
    assert f'value="{alliance.other.id}"' in page.text
    done = sent(browser, f"{own}/edit/stay", form | {"company": str(alliance.other.id)})
    assert done.status_code == 303, done.text
    assert "Dreherei" in browser.get(f"{own}/edit/stay").text
    with transaction(alliance.engine, writes=False) as session:
        person = session.get_one(models.Apprentice, alliance.aino.id)
        assert person.excluded_companies == [str(alliance.other.id)]
    led = alliance.browser("sending").get(f"{own}/edit/school").text
    assert f'href="{own}/needs"' in led
    assert "fewer_opportunities" in alliance.browser("sending").get(f"{own}/needs").text
    assert f"{own}/needs" not in browser.get(f"{own}/edit/school").text


def test_one_section_is_changed_and_the_others_stay(alliance: Alliance) -> None:
    browser, address = alliance.browser("tutor"), f"/apprentices/{alliance.aino.id}/edit/stay"
    form = {
        "version": "1", "speaks": ["en", "de", ""], "level": ["B2", "A1", ""],
        "available_from": "2027-03-01", "available_to": "2027-05-31", "days_min": "28",
        "days_ideal": "56", "days_max": "84", "pause_from": ["2027-05-10", ""],
        "pause_to": ["2027-05-12", ""], "destinations": ["DE", "", ""],
    }  # fmt: skip
    assert sent(browser, address, form).status_code == 303
    row = stored(alliance)
    assert row.languages == {"en": "B2", "de": "A1"}
    assert row.not_available == [["2027-05-10", "2027-05-12"]]
    assert row.destinations == ["DE"]
    assert (row.occupations, row.email, row.first_name) == (["7223"], "aino@example.org", "Aino")
    late = sent(browser, address, form | {"level": ["C1", "A1", ""]})
    assert late.status_code == 422
    assert 'id="faults"' in late.text
    assert stored(alliance).languages["en"] == "B2"


def test_an_emptied_field_is_empty_afterwards(alliance: Alliance) -> None:
    form = {"version": "1", "first_name": "Aino", "last_name": "Virtanen", "key": "fi-01",
            "birth_date": "2008-05-01", "email": ""}  # fmt: skip
    browser = alliance.browser("tutor")
    assert sent(browser, f"/apprentices/{alliance.aino.id}/edit/person", form).status_code == 303
    assert stored(alliance).email is None


def test_schools_find_no_way_to_what_somebody_needs(alliance: Alliance) -> None:
    path = f"/apprentices/{alliance.aino.id}"
    assert f"{path}/needs" in alliance.browser("sending").get(path).text
    assert f"{path}/needs" not in alliance.browser("tutor").get(path).text


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_page_is_there_in_each_language(alliance: Alliance, code: str) -> None:
    browser = alliance.browser("sending")
    browser.cookies.set(LANGUAGE, code)
    one = f"/apprentices/{alliance.eetu.id}"
    for path in ("/apprentices", "/apprentices/new", one, f"{one}/edit/person",
                 f"{one}/edit/work", f"{one}/edit/stay", f"{one}/edit/school"):  # fmt: skip
        answer = browser.get(path)
        assert answer.status_code == 200
        assert f'<html lang="{code}"' in answer.text


def test_outcomes_are_written_in_any_language_and_stored_alike(alliance: Alliance) -> None:
    browser, address = alliance.browser("tutor"), f"/apprentices/{alliance.aino.id}/edit/work"
    browser.cookies.set(LANGUAGE_COOKIE, "fi")
    lines = "Asettaa jyrsinkone työsuunnitelman mukaan.\nJotain muuta"
    form = {"version": "1", "occupations": ["7223"], "outcomes": lines}
    assert sent(browser, address, form).status_code == 303
    assert stored(alliance).outcomes == [
        "set up a milling machine from a work plan",
        "Jotain muuta",
    ]
    browser.cookies.set(LANGUAGE_COOKIE, "es")
    page = browser.get(address).text
    assert "preparar una fresadora según un plan de trabajo\nJotain muuta" in page
