"""Today of a company, an apprentice, a guardian, a school: how things stand, and what is next."""

import datetime
import re

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

import models
from api.database import transaction
from api.services import proposals
from models import Answer, Party
from tests.api.alliance import NOW, Alliance
from tests.api.pages.browsing import sent
from tests.api.roles.consents import at_fifteen
from tests.api.roles.decisions import a_placement, asked


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def looks(alliance: Alliance, who: str) -> tuple[str, str, str]:
    """All that somebody reads, the next step, and where its button leads."""
    html = alliance.browser(who).get("/today").text
    (step,) = re.findall(r'<section class="card next-step"[^>]*>(.*?)</section>', html, re.S)
    leads = re.findall(r'class="ds-button" href="([^"]+)"', step)
    assert len(leads) <= 1
    return plain(html), plain(step), leads[0] if leads else ""


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_company_reads_its_offers_and_when_somebody_is_looked_for(alliance: Alliance) -> None:
    sent(alliance.browser("company"), f"/offers/{alliance.offer.id}/pause", {"version": "1"})
    page, step, path = looks(alliance, "company")
    assert "Hello Werkstatt" in page
    assert ("pauses: nobody is proposed" in step, path) == (True, f"/offers/{alliance.offer.id}")
    sent(alliance.browser("company"), f"/offers/{alliance.offer.id}/publication", {"version": "2"})
    page, step, path = looks(alliance, "company")
    assert "Your offer is published since 15 January 2027." in step
    assert "The next matching is on 16 January 2027, 02:00." in step
    assert "We write to you when somebody is proposed." in step
    assert path == ""
    assert "CNC turning published · 1 of 1 place is free" in page


def test_the_next_step_of_a_company_is_the_first_thing_that_it_can_do(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        row = session.get_one(models.Offer, alliance.offer.id)
        row.status = models.OfferStatus.DRAFT
    _, step, path = looks(alliance, "company")
    assert "is a draft" in step
    assert path == f"/offers/{alliance.offer.id}/steps/when"
    with transaction(alliance.engine) as session:
        session.delete(session.get_one(models.OfferWindow, alliance.window.id))
        session.flush()
        session.delete(session.get_one(models.Offer, alliance.offer.id))
    _, step, path = looks(alliance, "company")
    assert ("Post your first offer." in step, path) == (True, "/offers/new")


def test_a_company_is_led_to_the_people_first(alliance: Alliance) -> None:
    named = asked(alliance, 2)
    with transaction(alliance.engine) as session:
        case = proposals.load(session, named["proposal_id"])  # type: ignore[arg-type]
        proposals.answer(session, alliance.caller("aino"), case, Party.APPRENTICE, Answer.YES)
    _, step, path = looks(alliance, "company")
    assert ("1 person could come to you." in step, path) == (True, "/proposals?waiting=me")
    assert "0 of 1 place is free" in looks(alliance, "company")[0]
    with transaction(alliance.engine) as session:
        case = proposals.load(session, named["proposal_id"])  # type: ignore[arg-type]
        proposals.answer(session, alliance.caller("company"), case, Party.COMPANY, Answer.YES)
    assert (
        "Somebody is looked at for each of your places, or booked." in looks(alliance, "company")[1]
    )


def test_an_apprentice_reads_where_one_stands_and_when_it_goes_on(alliance: Alliance) -> None:
    page, step, path = looks(alliance, "aino")
    assert "Hello Aino" in page
    assert "The next matching is on 16 January 2027, 02:00." in step
    assert path == "/suggestions"
    assert "Your profile complete" in page
    assert "Spring 2027 You are selected." in page
    assert "No place is proposed to you yet. The next matching is on 16 January 2027" in page
    assert "You say yes or no. Then the host says yes or no." in page
    assert "guardian" not in page.lower()


def test_what_is_missing_comes_before_waiting(alliance: Alliance) -> None:
    page, step, path = looks(alliance, "eetu")  # has no address, is 17
    assert ("Say how we reach you" in step, path) == (True, "/profile/about")
    assert "Guardian Kaisa" in page
    assert "A guardian has to say yes too, because you are under 18." in page
    with transaction(alliance.engine) as session:
        session.delete(session.get_one(models.User, alliance.users["guardian"].id))
        session.flush()
        session.delete(session.get_one(models.Guardian, alliance.guardian.id))
        person = session.get_one(models.Apprentice, alliance.eetu.id)
        person.phone, person.available_to = "+358 1", NOW.date() - datetime.timedelta(days=1)
        person.available_from = datetime.date(2026, 9, 1)
    page, step, path = looks(alliance, "eetu")
    assert ("The time when you can go is over." in step, path) == (True, "/profile/when")
    assert "Tell your school who may sign for you." in page


def test_who_takes_part_in_no_call_can_apply(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        mine = col(models.Enrolment.apprentice_id) == alliance.aino.id
        session.delete(session.exec(select(models.Enrolment).where(mine)).one())
        session.get_one(models.Call, alliance.call.id).closes_on = datetime.date(2027, 1, 20)
    _, step, path = looks(alliance, "aino")
    assert ("You can apply for Spring 2027 until 20 January 2027." in step, path) == (
        True, "/my-calls",
    )  # fmt: skip
    with transaction(alliance.engine) as session:
        session.get_one(models.Call, alliance.call.id).closes_on = datetime.date(2027, 1, 14)
    assert "You do not take part in a call yet." in looks(alliance, "aino")[1]


def test_a_proposal_is_the_next_step_until_it_is_answered_and_then_what_follows(
    alliance: Alliance,
) -> None:
    proposal = asked(alliance, 2)["proposal_id"]
    page, step, path = looks(alliance, "aino")
    assert "A place is proposed to you: CNC turning, Werkstatt, Savonlinna." in step
    assert path == f"/proposals/{proposal}"
    assert "You say yes or no. The host says yes or no." in page
    with transaction(alliance.engine) as session:
        case = proposals.load(session, proposal)  # type: ignore[arg-type]
        proposals.answer(session, alliance.caller("aino"), case, Party.APPRENTICE, Answer.YES)
    page, step, path = looks(alliance, "aino")
    assert ("The others answer" in step, path) == (True, f"/proposals/{proposal}")


def test_a_booked_stay_is_said_to_apprentice_and_school(alliance: Alliance) -> None:
    a_placement(alliance)
    page, step, _ = looks(alliance, "aino")
    assert "Your stay is booked: CNC turning, Werkstatt, Savonlinna." in step
    assert "What happens then" not in page
    page, step, _ = looks(alliance, "tutor")
    assert "Hello Samiedu" in page
    assert "3 apprentices" in page
    assert "1 of 3 have a booked stay" in page
    assert "Nothing waits for you." in step


def test_a_guardian_is_led_to_the_answer_and_to_consents(alliance: Alliance) -> None:
    page, step, path = looks(alliance, "guardian")
    assert "Hello Kaisa" in page
    assert "You answer for Eetu Virtanen." in page
    assert "There is nothing for you to do." in step
    at_fifteen(alliance)
    _, step, path = looks(alliance, "guardian")
    assert ("It counts if you agree too." in step, path) == (True, "/consents")
    page = alliance.browser("guardian").get("/consents").text
    (form,) = re.findall(r'<form method="post" action="/consents">(.*?)</form>', page, re.S)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    sent(alliance.browser("guardian"), "/consents",
         {name: value for name, value in fields.items() if name != "form_token"})  # fmt: skip
    assert "It counts if you agree too." not in looks(alliance, "guardian")[1]


def test_a_school_is_led_to_who_has_no_guardian_then_to_who_is_in_no_call(
    alliance: Alliance,
) -> None:
    with transaction(alliance.engine) as session:
        session.delete(session.get_one(models.User, alliance.users["guardian"].id))
        session.flush()
        session.delete(session.get_one(models.Guardian, alliance.guardian.id))
    _, step, path = looks(alliance, "tutor")
    assert "Eetu Virtanen is under 18, and no guardian is named." in step
    assert path == f"/apprentices/{alliance.eetu.id}/guardians/new"
    assert alliance.browser("tutor").get(path).status_code == 200
    with transaction(alliance.engine) as session:
        person = session.get_one(models.Apprentice, alliance.eetu.id)
        person.birth_date = datetime.date(2009, 1, 15)  # 18 today
        mine = col(models.Enrolment.apprentice_id) == alliance.leena.id
        session.delete(session.exec(select(models.Enrolment).where(mine)).one())
    _, step, path = looks(alliance, "tutor")
    assert ("1 of your people takes part in no call." in step, path) == (True, "/apprentices")


def test_nothing_sealed_is_opened_to_show_it(alliance: Alliance) -> None:
    at_fifteen(alliance)
    with transaction(alliance.engine, writes=False) as session:
        before = len(session.exec(select(models.AuditEvent.id)).all())
    for who in ("eetu", "tutor", "company"):
        alliance.browser(who).get("/today")
    with transaction(alliance.engine, writes=False) as session:
        events = session.exec(select(models.AuditEvent.action)).all()[before:]
    assert set(events) == {"session.started"}
