"""The list of proposals: what each reads of it, how it is narrowed, several confirmed at once."""

import re
import uuid
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from api.services import by_hand, proposals
from matcher.vocabulary import LANGUAGES
from models import Answer, Party, ProposalStatus
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent
from tests.api.roles import a_proposal
from tests.api.roles.decisions import a_question, asked


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def texts(browser: Any, address: str, **headers: str) -> str:
    answer = browser.get(address, headers=headers)
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def status_of(alliance: Alliance, proposal_id: Any) -> ProposalStatus:
    with transaction(alliance.engine, writes=False) as session:
        return session.get_one(models.Proposal, proposal_id).status


def answer_of(alliance: Alliance, proposal_id: Any, party: Party) -> Answer | None:
    from api import store

    with transaction(alliance.engine, writes=False) as session:
        row = store.cases.approvals(session, proposal_id).get(party)
        return row.answer if row else None


def test_a_case_begins_with_why_it_fits_for_who_sends_the_person(alliance: Alliance) -> None:
    a_proposal(alliance)
    seen = texts(alliance.browser("sending"), "/proposals")
    assert seen.index("Same occupation") < seen.index("Aino Virtanen → Werkstatt")
    assert re.search(r"Fit \d+ of 100", seen)
    assert "You answer next." in seen


def test_hosts_and_their_coordinators_read_neither_fit_nor_surname(alliance: Alliance) -> None:
    asked(alliance)
    for who in ("hosting", "company"):
        seen = texts(alliance.browser(who), "/proposals")
        assert "Aino" in seen
        assert not re.search(r"Virtanen|Fit \d|Same occupation", seen)
    assert "Aino Virtanen → Werkstatt" in texts(alliance.browser("tutor"), "/proposals")
    for who in ("other", "eetu", "stranger"):
        assert "Aino" not in texts(alliance.browser(who), "/proposals")


def test_the_list_is_narrowed_by_its_address_and_empty_fields_narrow_nothing(
    alliance: Alliance,
) -> None:
    a_question(alliance)
    browser = alliance.browser("sending")
    there = [
        "waiting=&status=&sending=&hosting=&due=&sort=deadline", "status=asked",
        "hosting=paderborn", "sending=savonlinna", "question=open", "sort=-score", "nonsense=1",
        "status=nonsense",
    ]  # fmt: skip
    not_there = ["waiting=me", "status=on_hold", "hosting=lublin", "due=1", "guardian=missing"]
    for query in there:
        assert "Aino Virtanen" in texts(browser, f"/proposals?{query}"), query
    for query in not_there:
        assert "Nothing in the list is like that." in texts(browser, f"/proposals?{query}"), query


def test_htmx_gets_the_list_alone(alliance: Alliance) -> None:
    a_proposal(alliance)
    html = alliance.browser("sending").get("/proposals", headers={"HX-Request": "true"}).text
    assert html.strip().startswith('<div id="list"')
    assert "Aino Virtanen" in html


def test_a_page_that_is_full_leads_to_the_following_one(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.queue.A_PAGE", 1)
    a_proposal(alliance)
    from tests.api.roles.pages.cases import of_eetu

    of_eetu(alliance)
    browser = alliance.browser("sending")
    first = browser.get("/proposals?status=proposed")
    further = re.findall(r'href="(/proposals\?[^"]*after=[^"]*)"', first.text)[0]
    second = browser.get(further.replace("&amp;", "&"))
    names = [re.findall(">(Aino|Eetu) Virtanen →", one.text) for one in (first, second)]
    assert sorted(name for page in names for name in page) == ["Aino", "Eetu"]
    assert "status=proposed" in further


def test_several_are_confirmed_once_each_was_opened_in_this_session(alliance: Alliance) -> None:
    from tests.api.roles.pages.cases import of_eetu

    both = [a_proposal(alliance)["proposal_id"], of_eetu(alliance)]
    browser, other = alliance.browser("sending"), alliance.browser("sending")
    refused = sent(browser, "/proposals/confirmations", {"opened": [f"{both[0]}.1.00"]})
    assert refused.status_code == 422
    marks = [mark(browser, one) for one in both]
    assert sent(other, "/proposals/confirmations", {"opened": marks}).status_code == 422
    assert [answer_of(alliance, one, Party.SENDING_COORDINATOR) for one in both] == [None, None]
    done = sent(browser, "/proposals/confirmations", {"opened": marks})
    assert (done.status_code, done.headers["location"]) == (303, "/proposals?confirmed=2")
    assert "2 proposals confirmed." in texts(browser, done.headers["location"])
    assert [answer_of(alliance, one, Party.SENDING_COORDINATOR) for one in both] == ["yes", "yes"]


def test_of_several_the_changed_one_is_told_and_the_other_confirmed(alliance: Alliance) -> None:
    from tests.api.roles.pages.cases import of_eetu

    both = [a_proposal(alliance)["proposal_id"], of_eetu(alliance)]
    browser = alliance.browser("sending")
    marks = [mark(browser, one) for one in both]
    with transaction(alliance.engine) as session:
        session.get_one(models.Proposal, both[0]).hours_to_answer = 24
    answer = sent(browser, "/proposals/confirmations", {"opened": marks})
    assert answer.status_code == 422
    assert 'id="faults"' in answer.text
    assert [answer_of(alliance, one, Party.SENDING_COORDINATOR) for one in both] == [None, "yes"]


def mark(browser: Any, proposal_id: uuid.UUID | object) -> str:
    return re.findall(r'data-opened="([^"]+)"', browser.get(f"/proposals/{proposal_id}").text)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_is_there_in_every_language(alliance: Alliance, language: str) -> None:
    asked(alliance)
    for who in ("sending", "hosting", "company", "tutor", "aino"):
        browser = alliance.browser(who)
        browser.cookies.set(LANGUAGE_COOKIE, language)
        assert "Werkstatt" in texts(browser, "/proposals") or who == "company"


def test_a_part_of_the_list_says_which_part_and_leads_out(alliance: Alliance) -> None:
    asked(alliance)
    browser = alliance.browser("sending")
    assert "part of the list" not in texts(browser, "/proposals")
    assert "part of the list" not in texts(browser, "/proposals?sort=created&ended=shown")
    for query, words in (
        ("guardian=missing", "under 18 with no guardian on record"),
        ("waiting=me", "what waits for your answer"), ("status=asked", "status: asked"),
        ("sending=savonlinna&hosting=paderborn", "people from Savonlinna and places in Paderborn"),
        ("due=3", "to be answered in 3 days"), ("question=open", "the host waits for a reply"),
        (f"round={uuid.uuid4()}", "made by one matching"),
    ):  # fmt: skip
        for headers in ({}, {"HX-Request": "true"}):
            answer = browser.get(f"/proposals?{query}", headers=headers)
            assert f"This is a part of the list: {words}." in answer.text, query
            assert 'href="/proposals">Show all</a>' in answer.text


def test_what_a_matching_made_is_listed_alone(alliance: Alliance) -> None:
    from tests.api.pages.test_matchings import ran
    from tests.api.roles.pages.cases import of_eetu

    of_eetu(alliance)
    done = ran(alliance)
    seen = texts(alliance.browser("sending"), f"/proposals?round={done}")
    assert "Aino" in seen
    assert "Eetu" not in seen


def names(browser: Any, address: str) -> list[str]:
    return re.findall(r">(Aino|Eetu|Leena) Virtanen →", browser.get(address).text)


def in_each_turn(alliance: Alliance) -> None:
    """Aino's proposal was rejected, Eetu's is asked, Leena's waits for the coordinator."""
    from tests.api.roles.pages.cases import of_eetu

    rejected, going_on = a_proposal(alliance)["proposal_id"], of_eetu(alliance)
    with transaction(alliance.engine) as session:
        sending = alliance.caller("sending")
        mine, theirs = Party.SENDING_COORDINATOR, Party.HOSTING_COORDINATOR
        case = proposals.load(session, rejected)  # type: ignore[arg-type]
        proposals.answer(session, sending, case, mine, Answer.NO, reason="dates")
        case = proposals.load(session, going_on)
        proposals.answer(session, sending, case, mine, Answer.YES)
        proposals.answer(session, alliance.caller("hosting"), case, theirs, Answer.YES)
        by_hand.propose(
            session, sending, alliance.call.id, alliance.leena.id, alliance.other_window.id,
            override_reason="so",
        )  # fmt: skip


def test_what_waits_for_me_comes_first_and_what_ended_last_or_not_at_all(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_each_turn(alliance)
    browser = alliance.browser("sending")
    assert names(browser, "/proposals") == ["Leena", "Eetu"]
    assert names(browser, "/proposals?ended=shown") == ["Leena", "Eetu", "Aino"]
    assert names(browser, "/proposals?status=rejected") == ["Aino"]
    assert 'href="/proposals?ended=shown"' in browser.get("/proposals").text
    assert names(alliance.browser("tutor"), "/proposals") == ["Eetu"]  # others learn later
    monkeypatch.setattr("api.pages.queue.A_PAGE", 1)
    found, address = [], "/proposals?ended=shown"
    while address:
        found += names(browser, address)
        further = re.findall(r'href="(/proposals\?[^"]*after=[^"]*)"', browser.get(address).text)
        address = further[0].replace("&amp;", "&") if further else ""
    assert found == ["Leena", "Eetu", "Aino"]


def test_whose_list_has_a_few_cases_sees_how_they_ended(alliance: Alliance) -> None:
    from tests.api.roles.pages.cases import refused

    refused(alliance)
    for who in ("company", "aino"):
        seen = texts(alliance.browser(who), "/proposals")
        assert "declined" in seen, who
        assert "Proposals that ended are not in the list." not in seen


def test_a_row_is_rejected_in_place_with_a_reason(alliance: Alliance) -> None:
    named = a_proposal(alliance)
    path, browser = f"/proposals/{named['proposal_id']}", alliance.browser("sending")
    html = browser.get("/proposals?sending=savonlinna").text
    link = re.findall(r'<a[^>]*hx-get="([^"]+)"[^>]*aria-label="Reject', html)[0]
    assert link == f"{path}/rejection?sending=savonlinna"
    assert f'href="{path}?sending=savonlinna#no"' in html  # without scripts
    plain = browser.get(link, follow_redirects=False)
    assert plain.headers["location"] == f"{path}?sending=savonlinna#no"
    form = browser.get(link, headers={"HX-Request": "true"}).text
    assert form.strip().startswith("<form")
    assert '<option value="dates">' in form
    action = re.findall(r'action="([^"]+)"', form)[0].replace("&amp;", "&")
    version = re.findall(r'name="version" value="(\d+)"', form)[0]
    given = {"version": version, "no-answer": "no"}
    without = sent(browser, action, given)
    assert without.status_code == 422
    assert status_of(alliance, named["proposal_id"]) == ProposalStatus.PROPOSED
    done = sent(browser, action, given | {"no-reason": "dates"})
    assert done.headers["location"] == (
        f"/proposals?sending=savonlinna&said=rejected&of={named['proposal_id']}"
    )
    assert status_of(alliance, named["proposal_id"]) == ProposalStatus.REJECTED
    told = texts(browser, done.headers["location"])
    assert "Rejected. The place is free again. Aino Virtanen → Werkstatt" in told
    assert "Undo" in told
    again = browser.get(link, headers={"HX-Request": "true"}).text
    assert "Somebody decided this meanwhile." in again


def test_a_yes_in_a_row_needs_the_mark_of_the_opened_page(alliance: Alliance) -> None:
    named = a_proposal(alliance)
    browser = alliance.browser("sending")
    html = browser.get("/proposals").text
    row = re.findall(r'<form[^>]*action="/proposals/confirmations"[^>]*data-confirms="([^"]+)"'
                     r'[^>]* hidden>.*?name="opened" value="([^"]*)"', html, re.DOTALL)  # fmt: skip
    assert row == [(f"{named['proposal_id']}.{1}", "")]
    assert sent(browser, "/proposals/confirmations", {"opened": row[0][0]}).status_code == 422
    given = mark(browser, named["proposal_id"])
    assert given.startswith(f"{row[0][0]}.")
    assert sent(browser, "/proposals/confirmations", {"opened": given}).status_code == 303
    for who in ("company", "tutor"):
        assert "data-confirms" not in alliance.browser(who).get("/proposals").text
