"""People with access, as the office sees and changes them."""

import html
import re

import pytest
from sqlalchemy import Engine
from sqlmodel import col

import models
from api.database import transaction
from api.store.rows import every
from matcher.vocabulary import LANGUAGES
from tests import rows
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent, text_of


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def named(alliance: Alliance, name: str) -> models.User:
    with transaction(alliance.engine, writes=False) as session:
        (found,) = every(session, models.User, col(models.User.name) == name)
        return found


def mails(alliance: Alliance) -> list[str | None]:
    with transaction(alliance.engine, writes=False) as session:
        return [row.address for row in every(session, models.OutboxMail)]


def test_everybody_sees_the_accounts_that_they_look_after(alliance: Alliance) -> None:
    own = text_of(alliance.browser("sending").get("/accounts"))
    assert "sending@example.org" in own
    assert "hosting@example.org" not in own
    assert "tutor" not in own  # accounts of the alliance are named by their role
    assert "centre School Samiedu" in own
    every_one = text_of(alliance.browser("admin").get("/accounts"))
    assert "hosting Coordinator Paderborn hosting@example.org" in every_one
    narrowed = text_of(alliance.browser("admin").get("/accounts?role=company&state=invited"))
    assert "company Host Werkstatt" in narrowed
    assert "hosting@example.org" not in narrowed


def test_a_list_goes_on_by_numbers_of_pages(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.add_all(
            rows.account(email=f"p{n}@example.org", name=f"Person {n:02}") for n in range(60)
        )
    browser = alliance.browser("admin")
    first = browser.get("/accounts?role=admin").text
    assert "Person 10" in first
    assert "Person 59" not in first
    (further,) = re.findall(r'href="(/accounts\?[^"]*page=2)"', first)
    assert "Person 59" in browser.get(html.unescape(further)).text


def test_a_coordinator_gives_a_school_access_and_invites(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    choose = text_of(browser.get("/accounts/new"))
    assert "School" in choose
    assert "Coordinators get access from an administrator." in choose
    form = browser.get("/accounts/new?role=centre").text
    (school,) = re.findall(r'<option value="([0-9a-f-]{36})">Samiedu', form)
    asked = {"role": "centre", "scope_id": school, "name": "Tiina", "email": "tiina@example.org",
             "language": "fi", "invite": "1"}  # fmt: skip
    done = sent(browser, "/accounts", asked)
    made = named(alliance, "Tiina")
    assert done.headers["location"] == f"/accounts/{made.id}?made=true"
    assert (made.role, str(made.centre_id), made.language) == ("centre", school, "fi")
    assert mails(alliance) == ["tiina@example.org"]
    assert "The account is there." in browser.get(done.headers["location"]).text
    again = sent(browser, "/accounts", asked)
    assert again.status_code == 422
    assert 'value="Tiina"' in again.text
    assert len(mails(alliance)) == 1


def test_only_people_without_access_and_of_the_own_region_are_offered(alliance: Alliance) -> None:
    form = text_of(alliance.browser("sending").get("/accounts/new?role=apprentice"))
    assert "Leena Virtanen (Samiedu)" in form
    assert "Aino" not in form  # has one
    assert "no access yet" in alliance.browser("sending").get("/accounts/new?role=company").text
    assert "Who is it?" in alliance.browser("admin").get("/accounts/new?role=apprentice").text
    foreign = {"role": "company", "scope_id": str(alliance.company.id), "name": "X",
               "email": "x@example.org", "language": "en"}  # fmt: skip
    assert sent(alliance.browser("sending"), "/accounts", foreign).status_code == 422
    office = {"role": "coordinator", "scope_id": str(alliance.sends.id), "name": "X",
              "email": "x@example.org", "language": "en"}  # fmt: skip
    assert sent(alliance.browser("sending"), "/accounts", office).status_code == 422
    made = sent(alliance.browser("admin"), "/accounts", office)
    assert made.status_code == 303
    assert mails(alliance) == []


def test_an_invitation_is_mailed_and_its_link_shown_once(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.get_one(models.User, alliance.users["tutor"].id).email = "t@example.org"
    browser = alliance.browser("sending")
    address = f"/accounts/{alliance.users['tutor'].id}"
    invited = sent(browser, f"{address}/invitation", {})
    assert invited.status_code == 200
    assert "/welcome?language=en#" in invited.text
    assert "/welcome?" not in browser.get(address).text
    assert mails(alliance) == ["t@example.org"]
    without = sent(browser, f"/accounts/{alliance.users['aino'].id}/invitation", {})
    assert without.status_code == 422
    assert 'id="faults"' in without.text


def test_access_ends_and_the_person_is_signed_out(alliance: Alliance) -> None:
    tutor = alliance.browser("tutor")
    browser = alliance.browser("sending")
    user = alliance.users["tutor"]
    stale = sent(browser, f"/accounts/{user.id}/end", {"version": "7"})
    assert stale.status_code == 422
    assert tutor.get("/today").status_code == 200
    done = sent(browser, f"/accounts/{user.id}/end", {"version": str(user.version)})
    assert done.headers["location"] == f"/accounts/{user.id}"
    assert "Nobody can sign in with it any more." in browser.get(f"/accounts/{user.id}").text
    assert tutor.get("/today", follow_redirects=False).status_code == 303
    own = alliance.users["sending"]
    assert sent(browser, f"/accounts/{own.id}/end", {"version": "1"}).status_code == 422
    assert browser.get(f"/accounts/{alliance.users['hosting'].id}").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_there_in_every_language(alliance: Alliance, language: str) -> None:
    browser = alliance.browser("sending")
    browser.cookies.set("__Host-doallvet-language", language)
    for path in ("", "/new", "/new?role=guardian", f"/{alliance.users['tutor'].id}"):
        assert browser.get(f"/accounts{path}").status_code == 200
