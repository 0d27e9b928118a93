"""Placements, what workplaces have, and a host that drops out."""

import uuid

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from matcher.vocabulary import LANGUAGES
from tests.api.alliance import Alliance
from tests.api.decided import asked_company, placed
from tests.api.pages.browsing import sent


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def status(alliance: Alliance, placement: str) -> tuple[str, str]:
    with transaction(alliance.engine, writes=False) as session:
        row = session.get_one(models.Placement, uuid.UUID(placement))
        return str(row.status), row.reason


def test_each_reads_of_a_placement_what_they_need_and_no_more(alliance: Alliance) -> None:
    _, placement = placed(alliance)
    with transaction(alliance.engine) as session:
        session.get_one(models.Company, alliance.company.id).contact_name = "Uschi"
        session.get_one(models.Placement, uuid.UUID(placement)).held_for = ["dates"]
    shown = {who: alliance.browser(who).get(f"/placements/{placement}").text
             for who in ("company", "hosting", "sending", "aino", "tutor")}  # fmt: skip
    assert "aino@example.org" in shown["company"]
    assert "What is asked for" in shown["company"]
    assert "aino@example.org" not in shown["hosting"]
    assert "this stay no longer fits" in shown["hosting"]
    assert "this stay no longer fits" not in shown["company"]
    assert "Uschi" in shown["aino"]
    assert "Your stay at Werkstatt" in shown["aino"]
    for who, page in shown.items():
        assert "Uwe" in page, who
        assert ("The apprentice has arrived" in page) is (who in ("hosting", "sending")), who


def test_a_placement_begins_and_is_cancelled_with_a_reason(alliance: Alliance) -> None:
    _, placement = placed(alliance)
    browser, path = alliance.browser("sending"), f"/placements/{placement}"
    assert sent(browser, f"{path}/finish", {"version": "1"}).status_code == 422
    assert sent(browser, f"{path}/begin", {"version": "1"}).headers["location"] == path
    assert status(alliance, placement) == ("abroad", "")
    assert "there now" in alliance.browser("company").get("/placements").text
    stale = sent(browser, f"{path}/cancellation", {"version": "1", "reason": "illness"})
    assert stale.status_code == 422
    without = sent(browser, f"{path}/cancellation", {"version": "2", "reason": ""})
    assert without.status_code == 422
    assert status(alliance, placement) == ("abroad", "")
    done = sent(browser, f"{path}/cancellation", {"version": "2", "reason": "illness"})
    assert done.status_code == 303
    assert status(alliance, placement) == ("cancelled", "illness")
    assert "Somebody is ill" in browser.get(path).text
    company = alliance.browser("company").get(path).text
    assert "Somebody is ill" not in company
    assert "aino@example.org" not in company


def test_placements_are_narrowed_by_their_status(alliance: Alliance) -> None:
    placed(alliance)
    browser = alliance.browser("company")
    assert "Aino" in browser.get("/placements?status=booked").text
    assert "Nobody is booked yet" in browser.get("/placements?status=finished").text
    assert "Aino" in browser.get("/placements?status=&held=").text
    assert "Nobody is booked yet" in alliance.browser("other").get("/placements").text


def test_a_host_that_drops_out_ends_cases_and_shows_where_people_could_go(
    alliance: Alliance,
) -> None:
    proposal = asked_company(alliance)
    browser, path = alliance.browser("hosting"), f"/offers/{alliance.offer.id}/drop-out"
    assert "This cannot be undone" in browser.get(path).text
    given = {"version": "1", "reason": "no_mentor"}
    nothing = sent(browser, path, given)
    assert nothing.status_code == 422
    assert "choose for which dates" in nothing.text
    done = sent(browser, path, given | {"windows": str(alliance.window.id)})
    assert done.status_code == 200
    for told in ("1 person is without this host now", "Aino", "Dreherei", "same dates"):
        assert told in done.text, told
    with transaction(alliance.engine, writes=False) as session:
        row = session.get_one(models.Proposal, uuid.UUID(proposal))
        assert str(row.status) == "withdrawn"
        assert str(session.get_one(models.Offer, alliance.offer.id).status) == "closed"


def test_a_host_is_asked_about_its_workplace_and_answers(alliance: Alliance) -> None:
    offer = f"/offers/{alliance.offer.id}"
    sending, company = alliance.browser("sending"), alliance.browser("company")
    for code in ("QUIET_SPACE", "STEP_FREE_ACCESS"):
        asked = sent(sending, f"{offer}/provision-questions", {"provision": code})
        assert asked.headers["location"] == "/provision-questions"
    waiting = sending.get("/provision-questions").text
    assert "Waiting for Werkstatt" in waiting
    assert "The host said yes" not in waiting
    assert "Yes, we have it" in company.get("/provision-questions").text
    assert "The host said yes" in alliance.browser("hosting").get("/provision-questions").text
    with transaction(alliance.engine, writes=False) as session:
        ids = {row.provision: row.id for row in session.exec(select(models.ProvisionQuestion))}
    for code, said in (("QUIET_SPACE", "true"), ("STEP_FREE_ACCESS", "false")):
        path = f"/provision-questions/{ids[code]}/answer"
        assert sent(company, path, {"provided": said}).status_code == 303
    again = sent(company, path, {"provided": "true"})
    assert again.status_code == 422
    page = company.get("/provision-questions").text
    assert "the workplace has it" in page
    assert "the workplace does not have it" in page
    with transaction(alliance.engine, writes=False) as session:
        assert session.get_one(models.Offer, alliance.offer.id).provisions == {
            "QUIET_SPACE": "declared"
        }


def test_a_coordinator_writes_down_who_looked_and_takes_it_back(alliance: Alliance) -> None:
    offer, browser = f"/offers/{alliance.offer.id}", alliance.browser("hosting")
    looked = {"provision": "STEP_FREE_ACCESS", "certified_by": "chamber",
              "certified_on": "2027-01-11"}  # fmt: skip
    ahead = sent(browser, f"{offer}/certificates", looked | {"certified_on": "2027-02-11"})
    assert ahead.status_code == 422
    assert 'value="chamber"' in ahead.text
    assert sent(browser, f"{offer}/certificates", looked).headers["location"] == offer
    told = "looked at by chamber on 11 January 2027"
    assert told in alliance.browser("sending").get(offer).text
    taken = sent(browser, f"{offer}/certificates/STEP_FREE_ACCESS/removal", {})
    assert taken.status_code == 303
    page = browser.get(offer).text
    assert told not in page
    assert "said by the host" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_in_each_language(alliance: Alliance, language: str) -> None:
    _, placement = placed(alliance)
    pages = {
        "sending": ["/placements", f"/placements/{placement}", "/provision-questions"],
        "company": ["/placements", f"/placements/{placement}", "/provision-questions"],
        "hosting": [f"/offers/{alliance.offer.id}/drop-out", f"/offers/{alliance.offer.id}"],
        "aino": [f"/placements/{placement}"],
    }
    for who, paths in pages.items():
        browser = alliance.browser(who)
        browser.cookies.set(LANGUAGE_COOKIE, language)
        for path in paths:
            answer = browser.get(path)
            assert answer.status_code == 200, path
            assert f'<html lang="{language}"' in answer.text
