"""Travel groups on pages: made, changed, split."""

from typing import Any

import pytest
from sqlalchemy import Engine

from matcher.vocabulary import LANGUAGES
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent
from tests.api.pages.test_apprentices import LANGUAGE
from tests.api.roles.groups import a_class


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def asked(alliance: Alliance, *members: Any, **more: str) -> dict[str, Any]:
    return {"call": alliance.call.code, "name": "2B", "kind": "class",
            "members": [str(one.id) for one in members]} | more  # fmt: skip


def test_a_class_is_made_and_says_who_lacks_a_place_and_when_nobody_goes_along(
    alliance: Alliance,
) -> None:
    browser = alliance.browser("tutor")
    nobody = sent(browser, "/groups/new", asked(alliance))
    assert nobody.status_code == 422
    assert "Who is in it: Please choose at least one." in nobody.text
    form = asked(alliance, alliance.eetu, alliance.leena, first_day="2027-03-01",
                 last_day="2027-03-14", together_or_not_at_all="1")  # fmt: skip
    path = sent(browser, "/groups/new", form).headers["location"]
    html = browser.get(path).text
    for text in ("2B", "Eetu Virtanen", "no place yet", "On 14 days nobody goes along"):
        assert text in html
    assert "2 lack a place" in browser.get("/groups").text
    along = {"version": "1", "along_name": ["Liisa Opettaja", ""],
             "along_from": ["2027-03-01", "2027-03-01"],
             "along_to": ["2027-03-13", "2027-03-14"]}  # fmt: skip
    assert sent(browser, f"{path}/accompanying-persons", along).status_code == 303
    html = browser.get(path).text
    assert "Liisa Opettaja" in html
    assert "On 1 day nobody goes along" in html
    wrong = along | {"version": "2", "along_from": ["", ""]}
    assert sent(browser, f"{path}/accompanying-persons", wrong).status_code == 422


def test_members_come_and_go_and_what_holds_for_all_is_changed(alliance: Alliance) -> None:
    path, browser = f"/groups/{a_class(alliance)['group_id']}", alliance.browser("sending")
    aino, leena = str(alliance.aino.id), str(alliance.leena.id)
    html = browser.get(path).text
    assert "Virtanen, Aino</option>" in html
    assert "Virtanen, Eetu</option>" not in html
    assert sent(browser, f"{path}/members", {"version": "1", "add": aino}).status_code == 303
    late = sent(browser, f"{path}/members", {"version": "1", "remove": leena})
    assert late.status_code == 422
    assert sent(browser, f"{path}/members", {"version": "2", "remove": leena}).status_code == 303
    html = browser.get(path).text
    assert "Aino Virtanen</a>" in html
    assert "Leena Virtanen</a>" not in html
    change = {"version": "3", "name": "2C", "region_code": "paderborn"}
    assert sent(browser, path, change).status_code == 303
    html = browser.get(path).text
    assert '<option value="paderborn" selected>' in html
    assert 'name="together_or_not_at_all" value="1">' in html
    only_one_day = change | {"version": "4", "first_day": "2027-03-01"}
    assert sent(browser, path, only_one_day).status_code == 422


def test_a_split_group_stays_to_be_read_and_is_changed_no_more(alliance: Alliance) -> None:
    path, browser = f"/groups/{a_class(alliance)['group_id']}", alliance.browser("tutor")
    assert sent(browser, f"{path}/split", {"version": "1"}).status_code == 303
    html = browser.get(path).text
    assert "This group was split on 15 January 2027" in html
    assert "Store" not in html
    assert sent(browser, f"{path}/split", {"version": "2"}).status_code == 422
    assert "There is no group in this call." in browser.get("/groups").text


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_page_is_there_in_each_language(alliance: Alliance, code: str) -> None:
    path, browser = f"/groups/{a_class(alliance)['group_id']}", alliance.browser("tutor")
    browser.cookies.set(LANGUAGE, code)
    for one in ("/groups", "/groups/new?call=2027", path):
        answer = browser.get(one)
        assert answer.status_code == 200
        assert f'<html lang="{code}"' in answer.text
