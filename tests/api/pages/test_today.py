"""Today: what waits, what comes up, where everything stands, each in words with a way there."""

import datetime
import re

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from api.services import proposals
from matcher.vocabulary import LANGUAGES
from models import Answer, Party
from tests.api.alliance import NOW, Alliance
from tests.api.roles.decisions import a_placement, a_question, asked
from tests.api.roles.pages.cases import of_eetu
from tests.api.test_reason_routes import a_done_round

PRESENT = datetime.datetime(2027, 2, 20, 9, 0, tzinfo=datetime.UTC)
"""Nine days before the stays begin."""


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def looks(alliance: Alliance, who: str, now: datetime.datetime = NOW) -> tuple[str, list[str]]:
    """What somebody reads, and where the lists lead."""
    answer = alliance.browser(who, now).get("/today")
    assert answer.status_code == 200, answer.text
    links = re.findall(r'<li>\s*<a href="([^"]+)"><span class="what">', answer.text)
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split()), links


def test_nothing_waits_is_said_in_the_words_of_each(alliance: Alliance) -> None:
    for who, words in (
        ("sending", "New things come by mail, too."), ("company", "when somebody is proposed"),
        ("aino", "when a place is proposed to you"), ("guardian", "when your answer is needed"),
        ("tutor", "Nothing waits for you."),
    ):  # fmt: skip
        assert words in looks(alliance, who)[0], who


def test_a_coordinator_reads_each_thing_that_waits_as_a_sentence_with_a_way_there(
    alliance: Alliance,
) -> None:
    a_question(alliance)
    eetus = of_eetu(alliance)
    with transaction(alliance.engine) as session:
        guardian = session.get_one(models.Guardian, alliance.guardian.id)
        session.delete(session.get_one(models.User, alliance.users["guardian"].id))
        session.flush()
        session.delete(guardian)
    told, links = looks(alliance, "sending")
    for words, path in (
        ("1 proposal to decide", "/proposals?waiting=me"),
        ("1 host asks something before it answers", "/proposals?question=open"),
        ("1 young person has a proposal and no guardian on record",
         "/proposals?guardian=missing"),
    ):  # fmt: skip
        assert words in told, words
        assert path in links
        html = alliance.browser("sending").get(path).text
        assert ("Eetu" if "guardian" in path or "me" in path else "Aino") in html
    with transaction(alliance.engine) as session:
        session.get_one(models.Proposal, eetus).status = models.ProposalStatus.ON_HOLD
    told, links = looks(alliance, "sending")
    assert "1 proposal on hold: something has changed" in told
    assert "/proposals?status=on_hold" in links


def test_a_deadline_that_is_near_is_told_and_leads_to_its_case(alliance: Alliance) -> None:
    named = asked(alliance, 2)
    with transaction(alliance.engine) as session:
        row = session.get_one(models.Proposal, named["proposal_id"])
        row.deadline = NOW + datetime.timedelta(days=2)
    told, links = looks(alliance, "sending")
    assert "1 answer is due within three days" in told
    assert "/proposals?due=3" in links
    assert "Aino" in alliance.browser("sending").get("/proposals?due=3").text


def test_each_reads_what_waits_in_words_of_their_own(alliance: Alliance) -> None:
    named = asked(alliance, 2)
    assert "A place is proposed to you" in looks(alliance, "aino")[0]
    assert "A place is proposed" not in looks(alliance, "eetu")[0]
    with transaction(alliance.engine) as session:
        case = proposals.load(session, named["proposal_id"])  # type: ignore[arg-type]
        aino = alliance.caller("aino")
        proposals.answer(session, aino, case, Party.APPRENTICE, Answer.YES)
    told, links = looks(alliance, "company")
    assert "1 person could come to you" in told
    assert "/proposals?waiting=me" in links
    assert "could come" not in looks(alliance, "other")[0]


def test_stays_that_begin_soon_come_up_for_everybody_whom_they_concern(
    alliance: Alliance,
) -> None:
    a_placement(alliance)
    assert "leaves" not in looks(alliance, "sending")[0]  # six weeks and more before
    for who, words in (
        ("sending", "Aino Virtanen leaves for"), ("tutor", "Aino Virtanen leaves for"),
        ("hosting", "Aino arrives at Werkstatt"), ("company", "Aino arrives at Werkstatt"),
        ("aino", "The stay at Werkstatt"),
    ):  # fmt: skip
        told, _ = looks(alliance, who, PRESENT)
        assert words in told, (who, told)
        assert "in 9 days" in told
    for who in ("stranger", "other", "eetu"):
        assert "Werkstatt" not in looks(alliance, who, PRESENT)[0]


def test_coordinators_read_when_the_next_matching_runs_and_where_they_stand(
    alliance: Alliance,
) -> None:
    a_placement(alliance)
    told, _ = looks(alliance, "sending")
    assert "Next matching 16 January 2027, 02:00" in told
    assert "1 of 3 selected people have a booked stay." in told
    assert "Sent: 1. Hosted: 0. Balance: -1." in told
    assert "Sent: 0. Hosted: 1. Balance: 1." in looks(alliance, "hosting")[0]
    for who in ("company", "aino", "tutor"):
        assert "Where we stand" not in looks(alliance, who)[0]


def test_the_last_matching_is_told_in_one_line_with_the_people_of_ones_own(
    alliance: Alliance,
) -> None:
    a_done_round(alliance)
    told, _ = looks(alliance, "sending")
    assert re.search(r"Last matching : .*\d of your people without a place", told), told
    assert "Last matching" not in looks(alliance, "company")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_there_in_every_language(alliance: Alliance, language: str) -> None:
    a_placement(alliance)
    for who in ("sending", "company", "tutor", "aino", "guardian"):
        browser = alliance.browser(who, PRESENT)
        browser.cookies.set(LANGUAGE_COOKIE, language)
        answer = browser.get("/today")
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.text
