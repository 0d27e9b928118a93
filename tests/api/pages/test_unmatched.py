"""People without a place: why, what would help, and a proposal by hand."""

import datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api.database import transaction
from api.services import by_hand
from api.services import proposals as proposing
from api.services.asking import change_status
from api.statuses import SERVICE, Event
from matcher.vocabulary import LANGUAGES
from models import Answer, Party
from tests import sealing
from tests.api.alliance import NOW, Alliance
from tests.api.pages.browsing import sent, text_of
from tests.api.pages.test_apprentices import LANGUAGE
from tests.api.roles import a_proposal
from tests.api.roles.decisions import asked, withdrawn
from tests.api.roles.pages.cases import refused
from tests.api.test_reason_routes import a_done_round, store_round


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def proposals(alliance: Alliance) -> list[models.Proposal]:
    with transaction(alliance.engine, writes=False) as session:
        return list(session.exec(select(models.Proposal)))


def test_before_the_first_matching_the_page_says_so(alliance: Alliance) -> None:
    html = alliance.browser("sending").get("/unmatched").text
    assert "There was no matching in this call yet." in html


def test_who_has_no_place_is_shown_with_the_reason_and_what_would_help(alliance: Alliance) -> None:
    a_done_round(alliance)
    html = alliance.browser("sending").get("/unmatched").text
    for text in ("Aino Virtanen", "No place was possible", "What would help",
                 "language below the level asked for: 2 places", "French B1",
                 "Where could Aino go now?"):  # fmt: skip
        assert text in html
    assert "Virtanen" not in alliance.browser("stranger").get("/unmatched").text


def test_where_somebody_could_go_is_said_with_a_reason(alliance: Alliance) -> None:
    html = alliance.browser("sending").get(f"/apprentices/{alliance.aino.id}/suggestions").text
    assert "CNC turning, Werkstatt" in html
    assert "all 8 weeks as wished" in html


def test_what_speaks_against_a_pair_is_told_and_needs_a_reason(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    address = f"/apprentices/{alliance.aino.id}/suggestions/{alliance.window.id}"
    form = {"call": alliance.call.code, "first_day": "2027-03-02", "last_day": "2027-04-26"}
    with transaction(alliance.engine) as session:
        sealing.needing(session, alliance.aino.id, needs={"QUIET_SPACE": "soft"})
    html = browser.get(f"{address}?call={alliance.call.code}").text
    assert 'value="2027-03-01"' in html
    refused = sent(browser, address, form)
    assert refused.status_code == 422
    assert "Something that would help this person is not there." in refused.text
    assert "Please say why all the same." in refused.text
    assert 'value="2027-03-02"' in refused.text
    assert not proposals(alliance)
    done = sent(browser, address, form | {"override_reason": "they asked for it"})
    (made,) = proposals(alliance)
    assert done.headers["location"] == f"/proposals/{made.id}"
    assert str(made.first_day) == "2027-03-02"


def test_a_hard_rule_is_not_outweighed(alliance: Alliance) -> None:
    address = f"/apprentices/{alliance.aino.id}/suggestions/{alliance.window.id}"
    form = {"call": alliance.call.code, "first_day": "2027-01-20", "last_day": "2027-02-20",
            "override_reason": "please"}  # fmt: skip
    assert sent(alliance.browser("sending"), address, form).status_code == 422
    assert not proposals(alliance)


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_page_is_there_in_each_language(alliance: Alliance, code: str) -> None:
    a_done_round(alliance)
    browser, own = alliance.browser("sending"), f"/apprentices/{alliance.aino.id}/suggestions"
    browser.cookies.set(LANGUAGE, code)
    for path in ("/unmatched", own, f"{own}/{alliance.window.id}?call={alliance.call.code}"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert f'<html lang="{code}"' in answer.text


def ends(alliance: Alliance, how: str) -> dict[str, object]:
    """Aino's proposal, as it ended."""
    if how == "withdrawn":
        return withdrawn(alliance)
    if how == "declined":
        return refused(alliance)
    named = asked(alliance) if how == "expired" else a_proposal(alliance)
    with transaction(alliance.engine) as session:
        case = proposing.load(session, named["proposal_id"])  # type: ignore[arg-type]
        if how == "expired":
            change_status(session, alliance.service(), case, Event.EXPIRE, SERVICE)
        else:
            sending = alliance.caller("sending")
            party = Party.SENDING_COORDINATOR
            proposing.answer(session, sending, case, party, Answer.NO, reason="distance")
    return named


def matched(alliance: Alliance) -> None:
    """A matching that found a place for everybody."""
    with transaction(alliance.engine) as session:
        store_round(session, alliance, "proposing")


SAID = {
    "rejected": "A coordinator rejected the proposal on 15 January 2027.",
    "declined": "Somebody said no to the proposal on 15 January 2027.",
    "expired": "Nobody answered in time: the proposal ended on 15 January 2027.",
    "withdrawn": "A coordinator took the proposal back on 15 January 2027.",
}


@pytest.mark.parametrize("how", SAID)
def test_whose_proposal_ended_since_stands_there_with_the_reason_and_is_counted(
    alliance: Alliance, how: str
) -> None:
    matched(alliance)
    browser = alliance.browser("sending")
    assert "Their proposal ended" not in browser.get("/unmatched").text
    assert "0 of your people without a place" in text_of(browser.get("/today"))
    named = ends(alliance, how)
    told = text_of(browser.get("/unmatched"))
    for text in ("Aino Virtanen", SAID[how], "The next matching looks again: 16 January 2027",
                 "Where could Aino go now?"):  # fmt: skip
        assert text in told
    assert f'href="/proposals/{named["proposal_id"]}"' in browser.get("/unmatched").text
    assert "1 of your people without a place" in text_of(browser.get("/today"))
    for other in ("stranger", "hosting"):
        assert "Virtanen" not in alliance.browser(other).get("/unmatched").text
        assert "0 of your people without" in text_of(alliance.browser(other).get("/today"))


def test_who_has_a_new_proposal_or_left_the_call_is_not_without_a_place(
    alliance: Alliance,
) -> None:
    matched(alliance)
    ends(alliance, "rejected")
    browser = alliance.browser("sending")
    with transaction(alliance.engine) as session:
        case = by_hand.propose(
            session, alliance.caller("sending"), alliance.call.id, alliance.aino.id,
            alliance.other_window.id, override_reason="so",
        )  # fmt: skip
        new = case.proposal.id
    assert "Virtanen" not in browser.get("/unmatched").text
    assert "0 of your people without a place" in text_of(browser.get("/today"))
    with transaction(alliance.engine) as session:
        session.get_one(models.Proposal, new).status = models.ProposalStatus.EXPIRED
        for row in session.exec(select(models.Enrolment)):
            row.status = models.EnrolmentStatus.WITHDRAWN
    assert "Virtanen" not in browser.get("/unmatched").text


def test_a_settled_reason_does_not_move_the_day_of_the_no(alliance: Alliance) -> None:
    named = ends(alliance, "rejected")
    later = NOW + datetime.timedelta(days=3)
    with transaction(alliance.engine) as session:
        case = proposing.load(session, named["proposal_id"])  # type: ignore[arg-type]
        proposing.resolve_reason(session, alliance.caller("sending", later), case)
    assert SAID["rejected"] in alliance.browser("sending").get("/unmatched").text


def test_who_has_a_proposal_already_is_said_and_nothing_else_is_proposed(
    alliance: Alliance,
) -> None:
    named = a_proposal(alliance)
    address = f"/apprentices/{alliance.aino.id}/suggestions"
    html = alliance.browser("sending").get(address).text
    assert "Aino has a proposal already:" in html
    assert f'href="/proposals/{named["proposal_id"]}"' in html
    assert "Dreherei" in html
    assert "Propose this" not in html


def test_places_that_suit_and_are_taken_are_named_with_who_has_them(alliance: Alliance) -> None:
    named = a_proposal(alliance)
    with transaction(alliance.engine) as session:
        session.get_one(models.OfferWindow, alliance.other_window.id).taken = 3
    browser = alliance.browser("sending")
    html = browser.get(f"/apprentices/{alliance.eetu.id}/suggestions").text
    assert "2 places suit, but all of them are taken" in html
    for link in (f"/offers/{alliance.offer.id}", f"/offers/{alliance.other_offer.id}",
                 f"/proposals/{named['proposal_id']}", "/hosts"):  # fmt: skip
        assert f'href="{link}"' in html
    assert "/unmatched" not in html[html.index("<main") :]
    own = text_of(alliance.browser("eetu").get("/suggestions"))
    assert "2 places would suit you, but all are taken at the moment." in own
    assert "Aino" not in own
    assert "More countries" not in own


def test_where_nothing_small_would_help_it_is_said_with_what_can_be_done(
    alliance: Alliance,
) -> None:
    with transaction(alliance.engine) as session:
        for row in (alliance.offer, alliance.other_offer):
            session.get_one(models.Offer, row.id).languages = {"fr": "B1"}
    browser, address = alliance.browser("sending"), f"/apprentices/{alliance.aino.id}/suggestions"
    told = text_of(browser.get(address))
    assert "What would help" in told
    assert "French B1" in told
    with transaction(alliance.engine) as session:
        for row in (alliance.offer, alliance.other_offer):
            session.get_one(models.Offer, row.id).status = models.OfferStatus.PAUSED
    told = text_of(browser.get(address))
    assert "No small change would make one suit, either." in told
    assert "Ask a host for one more place" in told
    assert "Wait for the next matching: 16 January 2027" in told
