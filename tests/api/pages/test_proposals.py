"""The list of proposals: what each reads of it, how it is narrowed, several confirmed at once."""

import re
import uuid
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
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
