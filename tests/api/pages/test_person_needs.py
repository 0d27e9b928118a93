"""What belongs to one person: needs, consents, who signs, taking part, rights, the account."""

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
from tests.api.roles import a_proposal


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    made = Alliance(database)
    with transaction(made.engine) as session:
        sealing.needing(session, made.aino.id, needs={"QUIET_SPACE": "soft"})
    return made


def needs(alliance: Alliance) -> models.Needs:
    with transaction(alliance.engine, writes=False) as session:
        return sealing.needs_of_all(session)[alliance.aino.id]


def enrolled(alliance: Alliance) -> models.Enrolment:
    with transaction(alliance.engine, writes=False) as session:
        mine = models.Enrolment.apprentice_id == alliance.aino.id
        return session.exec(select(models.Enrolment).where(mine)).one()


def test_needs_are_shown_with_who_sees_them_and_the_opening_is_written_down(
    alliance: Alliance,
) -> None:
    html = alliance.browser("sending").get(f"/apprentices/{alliance.aino.id}/needs").text
    assert "that is written down" in html
    assert "Hosts are told only with consent" in html
    with transaction(alliance.engine, writes=False) as session:
        opened = [one.action for one in sealing.events(session)]
    assert "sealed.read" in opened


def test_needs_are_changed_and_confirmed(alliance: Alliance) -> None:
    browser, own = alliance.browser("sending"), f"/apprentices/{alliance.aino.id}"
    form = {"version": "1", "need-QUIET_SPACE": "hard", "need-STEP_FREE_ACCESS": "soft",
            "need-NO_DRIVING": "", "sex": "female"}  # fmt: skip
    assert sent(browser, f"{own}/needs", form).status_code == 303
    assert needs(alliance).needs == {"QUIET_SPACE": "hard", "STEP_FREE_ACCESS": "soft"}
    wrong = sent(browser, f"{own}/needs/confirmation", {"version": "1", "confirmed": []})
    assert wrong.status_code == 422
    confirmed = {"version": "2", "confirmed": ["QUIET_SPACE"]}
    assert sent(browser, f"{own}/needs/confirmation", confirmed).status_code == 303
    assert needs(alliance).confirmed == ["QUIET_SPACE"]


def test_a_consent_is_written_down_and_taken_back(alliance: Alliance) -> None:
    a_proposal(alliance)
    browser, own = alliance.browser("sending"), f"/apprentices/{alliance.aino.id}"
    form = {"company_id": str(alliance.company.id), "item": "QUIET_SPACE", "channel": "paper",
            "given_by": "apprentice", "heard_from": "Aino", "heard_on": "2027-01-14"}  # fmt: skip
    assert sent(browser, f"{own}/consents", form | {"heard_from": ""}).status_code == 422
    assert sent(browser, f"{own}/consents", form).status_code == 303
    html = browser.get(f"{own}/needs").text
    assert "heard from Aino" in html
    assert ": holds" in html
    (path,) = {part.split('"')[0] for part in html.split(f'action="{own}/consents/')[1:]}
    assert sent(browser, f"{own}/consents/{path}", {}).status_code == 303
    assert "taken back on" in browser.get(f"{own}/needs").text


def test_who_signs_is_named_changed_and_taken_away(alliance: Alliance) -> None:
    browser, own = alliance.browser("tutor"), f"/apprentices/{alliance.aino.id}"
    assert sent(browser, f"{own}/guardians/new", {"name": ""}).status_code == 422
    assert sent(browser, f"{own}/guardians/new", {"name": "Liisa Malli"}).status_code == 303
    path = browser.get(own).text.split('href="/guardians/')[1].split('"')[0]
    form = {"version": "1", "name": "Liisa Esimerkki", "phone": "+358 1"}
    assert sent(browser, f"/guardians/{path}", form).status_code == 303
    assert "Liisa Esimerkki" in browser.get(own).text
    assert sent(browser, f"/guardians/{path}", form).status_code == 422
    assert sent(browser, f"/guardians/{path}", {"version": "2", "remove": "1"}).status_code == 303
    assert "Liisa" not in browser.get(own).text


def test_somebody_pauses_is_selected_again_and_leaves(alliance: Alliance) -> None:
    browser, row = alliance.browser("sending"), enrolled(alliance)
    at = f"/enrolments/{row.id}"
    assert sent(browser, f"{at}/status", {"version": "1", "status": "paused"}).status_code == 303
    assert enrolled(alliance).status == "paused"
    assert sent(browser, f"{at}/status", {"version": "2", "status": "applied"}).status_code == 422
    assert sent(browser, f"{at}/status", {"version": "2", "status": "selected"}).status_code == 303
    a_proposal(alliance)
    assert "leaves" in browser.get(f"{at}/withdrawal").text
    left = sent(browser, f"{at}/withdrawal", {"version": "3"})
    assert "A proposal: take it back" in left.text
    assert enrolled(alliance).status == "withdrawn"


def test_a_request_is_written_down_and_done(alliance: Alliance) -> None:
    browser, own = alliance.browser("sending"), f"/apprentices/{alliance.aino.id}"
    form = {"kind": "access", "received_on": "2027-01-10"}
    assert sent(browser, f"{own}/rights", form | {"kind": ""}).status_code == 422
    assert sent(browser, f"{own}/rights", form).status_code == 303
    html = browser.get(own).text
    assert "to be done by 10 February 2027" in html
    path = html.split('action="/rights-requests/')[1].split('"')[0]
    assert sent(browser, f"/rights-requests/{path}", {"version": "1"}).status_code == 303
    assert "to be done by" not in browser.get(own).text


def test_nobody_is_erased_by_one_press(alliance: Alliance) -> None:
    browser, own = alliance.browser("sending"), f"/apprentices/{alliance.aino.id}"
    assert sent(browser, f"{own}/erasure", {}).status_code == 422
    assert "Aino" in browser.get(own).text
    assert "The person is erased" in sent(browser, f"{own}/erasure", {"sure": "1"}).text
    assert "Aino" not in browser.get("/apprentices").text


def test_somebody_without_an_account_gets_one_and_a_message(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    with transaction(alliance.engine) as session:
        leena = session.get_one(models.Apprentice, alliance.leena.id)
        leena.email = "leena@example.org"
    answer = sent(browser, f"/apprentices/{alliance.leena.id}/account", {})
    assert "on its way to Leena Virtanen" in answer.text
    with transaction(alliance.engine, writes=False) as session:
        (user,) = session.exec(
            select(models.User).where(models.User.apprentice_id == alliance.leena.id)
        )
        told = session.exec(select(models.OutboxMail)).all()
    assert user.email == "leena@example.org"
    assert "invitation" in [one.text for one in told]
    assert "has not signed in yet" in browser.get(f"/apprentices/{alliance.leena.id}").text


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_page_is_there_in_each_language(alliance: Alliance, code: str) -> None:
    a_proposal(alliance)
    browser, own = alliance.browser("sending"), f"/apprentices/{alliance.aino.id}"
    browser.cookies.set(LANGUAGE, code)
    for path in (f"{own}/needs", f"{own}/guardians/new", f"{own}/rights",
                 f"/guardians/{alliance.guardian.id}",
                 f"/enrolments/{enrolled(alliance).id}/withdrawal"):  # fmt: skip
        answer = browser.get(path)
        assert answer.status_code == 200
        assert f'<html lang="{code}"' in answer.text
