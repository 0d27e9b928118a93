"""One proposal: what each reads of it, what is decided there, what is kept when it is refused."""

import datetime
import re
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api import store
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from api.pages.words import located
from api.services import proposals
from api.services.placements import check_again
from matcher.vocabulary import LANGUAGES
from models import Answer, Channel, PairWord, Party, ProposalStatus
from tests import sealing
from tests.api.alliance import NOW, Alliance
from tests.api.pages.browsing import sent
from tests.api.roles import a_proposal
from tests.api.roles.decisions import a_placement, a_question, asked, withdrawn
from tests.api.roles.pages.cases import agreed, of_eetu, refused

SELF = "/proposals/{proposal_id}"


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def looks(alliance: Alliance, who: str, named: dict[str, object]) -> str:
    answer = alliance.browser(who).get(SELF.format_map(named))
    assert answer.status_code == 200, answer.text
    return text_of(answer)


def sends(alliance: Alliance, who: str, named: dict[str, object], path: str, **form: object) -> Any:
    """Send one of the forms of a case, as it was looked at last."""
    with transaction(alliance.engine, writes=False) as session:
        version = session.get_one(models.Proposal, named["proposal_id"]).version
    given = {"version": str(version)} | {name.replace("__", "-"): v for name, v in form.items()}
    return sent(alliance.browser(who), SELF.format_map(named) + path, given)


def stored(alliance: Alliance, named: dict[str, object]) -> models.Proposal:
    with transaction(alliance.engine, writes=False) as session:
        return session.get_one(models.Proposal, named["proposal_id"])


def approval(alliance: Alliance, named: dict[str, object], party: Party) -> models.Approval:
    with transaction(alliance.engine, writes=False) as session:
        return store.cases.approvals(session, named["proposal_id"])[party]  # type: ignore[arg-type]


def test_the_sending_side_reads_both_sides_and_why_it_fits(alliance: Alliance) -> None:
    told = looks(alliance, "sending", a_proposal(alliance))
    for part in (
        "Aino Virtanen → Werkstatt", "1 Mar – 25 Apr 2027 · 8 weeks", "Same occupation",
        "Samiedu", "English B1", "English A2", "08:00 to 16:00", "Confirm", "Reject",
        "Proposed by a coordinator", "You answer next.", "Move the dates",
    ):  # fmt: skip
        assert part in told, part
    assert len(re.findall(r"30 / 30", told)) == 1


def test_others_read_no_more_than_their_view(alliance: Alliance) -> None:
    named = asked(alliance)
    private = r"Virtanen|Fit \d|Same occupation|aino@example|Samiedu|Move the dates"
    company = looks(alliance, "company", named)
    assert "Aino could come to you" in company
    assert not re.search(private, company)
    assert "Record an answer" not in company
    hosting = looks(alliance, "hosting", named)
    assert not re.search(private.replace("|Move the dates", ""), hosting)
    school = looks(alliance, "tutor", named)
    assert "Aino Virtanen → Werkstatt" in school
    assert not re.search(r"Fit \d|Same occupation|Say no|Confirm", school)
    apprentice = looks(alliance, "aino", named)
    assert "Same occupation" in apprentice
    assert not re.search(r"Fit \d|in points", apprentice)


def test_the_last_case_says_that_nothing_else_waits(alliance: Alliance) -> None:
    named = a_proposal(alliance)
    answer = sends(alliance, "sending", named, "/answer", yes__answer="yes")
    assert answer.headers["location"] == f"/proposals/{named['proposal_id']}?said=yes"
    told = text_of(alliance.browser("sending").get(answer.headers["location"]))
    assert "Your yes is stored. Nothing else waits for you here." in told
    assert "Next to answer: the hosting coordinator." in told


def test_after_a_yes_the_next_waiting_case_opens_and_says_what_was_done(
    alliance: Alliance,
) -> None:
    named, other = a_proposal(alliance), of_eetu(alliance)
    browser = alliance.browser("sending")
    assert "of 2" in text_of(browser.get(SELF.format_map(named)))
    answer = sends(alliance, "sending", named, "/answer", yes__answer="yes")
    there = f"/proposals/{other}?said=yes&of={named['proposal_id']}"
    assert (answer.status_code, answer.headers["location"]) == (303, there)
    told = text_of(browser.get(there))
    assert "Your yes is stored. Aino Virtanen → Werkstatt" in told
    assert "Eetu Virtanen → Dreherei" in told
    assert approval(alliance, named, Party.SENDING_COORDINATOR).answer == Answer.YES


def test_the_place_in_the_list_goes_along(alliance: Alliance) -> None:
    named, other = a_proposal(alliance), of_eetu(alliance)
    answer = sends(
        alliance, "sending", named, "/answer?status=proposed&sort=created", yes__answer="yes"
    )
    location = answer.headers["location"]
    assert location.startswith(f"/proposals/{other}?status=proposed&sort=created&said=yes")
    html = alliance.browser("sending").get(location).text
    assert 'href="/proposals?status=proposed&amp;sort=created"' in html


def test_a_no_needs_a_reason_of_the_list_and_keeps_the_form_open(alliance: Alliance) -> None:
    named = a_proposal(alliance)
    without = sends(alliance, "sending", named, "/answer", no__answer="no")
    assert without.status_code == 422
    assert 'id="faults"' in without.text
    assert re.search(r'<details[^>]* id="no" open>', without.text)
    assert stored(alliance, named).status == ProposalStatus.PROPOSED
    done = sends(alliance, "sending", named, "/answer", no__answer="no", no__reason="dates")
    assert done.status_code == 303
    row = stored(alliance, named)
    assert (row.status, row.reason) == (ProposalStatus.REJECTED, "dates")
    told = looks(alliance, "sending", named)
    assert "No: the sending coordinator (The dates)" in told


def test_a_version_that_is_stale_shows_the_case_anew_and_keeps_what_was_typed(
    alliance: Alliance,
) -> None:
    named = asked(alliance)
    form = {"version": "1", "book-mentor": "", "deadline-last_day": "2027-02-20"}
    answer = sent(alliance.browser("sending"), SELF.format_map(named) + "/deadline", form)
    assert answer.status_code == 412
    assert "Somebody changed this case since you opened it." in answer.text
    assert 'value="2027-02-20"' in answer.text
    assert f'name="version" value="{stored(alliance, named).version}"' in answer.text
    assert stored(alliance, named).deadline != datetime.datetime(
        2027, 2, 20, 22, 59, tzinfo=datetime.UTC
    )


def test_a_company_says_yes_no_or_asks_in_its_own_words(alliance: Alliance) -> None:
    named = asked(alliance)
    told = looks(alliance, "company", named)
    assert "Yes, welcome" in told
    assert "Nobody to look after them" in told
    answer = sends(alliance, "company", named, "/questions", ask__kind="question", ask__text="")
    assert answer.status_code == 422
    asks = {"ask__kind": "question", "ask__text": "Does Aino have safety shoes?"}
    assert sends(alliance, "company", named, "/questions", **asks).status_code == 303
    assert "Does Aino have safety shoes?" in looks(alliance, "company", named)
    assert stored(alliance, named).paused_at == NOW
    assert sends(alliance, "company", named, "/answer", yes__answer="yes").status_code == 303
    assert stored(alliance, named).status == ProposalStatus.AGREED
    assert "aino@example.org" in looks(alliance, "company", named)


def test_a_coordinator_replies_to_a_question_on_the_page_of_the_case(alliance: Alliance) -> None:
    named = a_question(alliance)
    told = looks(alliance, "hosting", named)
    assert "The host would like to talk first. A call?" in told
    question = named["question_id"]
    form = {f"reply_{question}-text": "On Monday at nine.", "question_version": "1"}
    answer = sends(alliance, "hosting", named, f"/questions/{question}", **form)
    assert answer.status_code == 303
    assert "On Monday at nine." in looks(alliance, "company", named)
    assert stored(alliance, named).paused_at is None
    again = sends(alliance, "hosting", named, f"/questions/{question}", **form)
    assert again.status_code == 412


def test_an_apprentice_reads_plain_words_and_says_no_with_a_reason(alliance: Alliance) -> None:
    named = asked(alliance, 2)
    told = looks(alliance, "aino", named)
    for part in ("A place in", "Yes, I want this", "Not for me", "You answer",
                 "I prefer not to say",
                 "Nobody decides for you.", "To answer: Werkstatt"):  # fmt: skip
        assert part in told, part
    form = {"no__answer": "no", "no__reason": "family"}
    assert sends(alliance, "aino", named, "/answer", **form).status_code == 303
    assert stored(alliance, named).status == ProposalStatus.DECLINED
    assert "You said no" in looks(alliance, "aino", named)
    assert "Family" not in looks(alliance, "hosting", named)


def test_a_guardian_answers_for_a_ward(alliance: Alliance) -> None:
    named: dict[str, object] = {"proposal_id": of_eetu(alliance)}
    with transaction(alliance.engine) as session:
        case = proposals.load(session, named["proposal_id"])  # type: ignore[arg-type]
        for who in ("sending", "hosting"):
            party = Party(f"{who}_coordinator")
            proposals.answer(session, alliance.caller(who), case, party, Answer.YES)
    assert "Yes, I agree" in looks(alliance, "guardian", named)
    assert sends(alliance, "guardian", named, "/answer", yes__answer="yes").status_code == 303
    assert approval(alliance, named, Party.GUARDIAN).answer == Answer.YES
    told = looks(alliance, "guardian", named)
    assert "You said yes." in told


def test_an_answer_heard_elsewhere_is_recorded_with_how_and_from_whom(alliance: Alliance) -> None:
    named = asked(alliance, 2)
    form = {
        "recorded_apprentice-party": "apprentice", "recorded_apprentice-answer": "yes",
        "recorded_apprentice-channel": "phone", "recorded_apprentice-heard_on": "2027-01-14",
    }  # fmt: skip
    refused_ = sends(alliance, "sending", named, "/recorded-answer", **form)
    assert refused_.status_code == 422
    assert re.search(r'<details[^>]* id="recorded_apprentice" open>', refused_.text)
    assert 'value="2027-01-14"' in refused_.text
    whole = form | {"recorded_apprentice-heard_from": "Aino"}
    assert sends(alliance, "sending", named, "/recorded-answer", **whole).status_code == 303
    row = approval(alliance, named, Party.APPRENTICE)
    assert (row.answer, row.channel, row.heard_from) == (Answer.YES, Channel.PHONE, "Aino")
    assert "14 January 2027 · by phone · Aino" in looks(alliance, "sending", named)


def test_dates_are_moved_and_whoever_said_yes_is_asked_again(alliance: Alliance) -> None:
    named = asked(alliance)
    wrong = {"dates__first_day": "2027-01-01", "dates__last_day": "2027-02-01"}
    answer = sends(alliance, "sending", named, "/dates", **wrong)
    assert answer.status_code == 422
    assert 'value="2027-01-01"' in answer.text
    right = {"dates__first_day": "2027-03-08", "dates__last_day": "2027-05-02"}
    assert sends(alliance, "sending", named, "/dates", **right).status_code == 303
    assert stored(alliance, named).first_day == datetime.date(2027, 3, 8)
    assert approval(alliance, named, Party.APPRENTICE).answer is None
    assert "Dates moved" in looks(alliance, "sending", named)


def test_time_is_given_a_proposal_taken_back_and_its_history_told(alliance: Alliance) -> None:
    named = asked(alliance)
    answer = sends(alliance, "hosting", named, "/deadline", deadline__last_day="2027-02-20")
    assert answer.status_code == 303
    assert stored(alliance, named).deadline == datetime.datetime(
        2027, 2, 20, 22, 59, tzinfo=datetime.UTC
    )
    answer = sends(alliance, "sending", named, "/withdrawal", withdraw__reason="distance")
    assert answer.status_code == 303
    assert stored(alliance, named).status == ProposalStatus.WITHDRAWN
    told = looks(alliance, "sending", named)
    assert "Withdrawn by a coordinator." in told
    assert "More time to answer given" in told


def test_a_stay_is_booked_with_a_mentor(alliance: Alliance) -> None:
    named = agreed(alliance)
    assert "book the stay" in looks(alliance, "sending", named)
    assert sends(alliance, "sending", named, "/placement", book__mentor="").status_code == 422
    assert sends(alliance, "sending", named, "/placement", book__mentor="Uwe").status_code == 303
    assert stored(alliance, named).status == ProposalStatus.PLACEMENT
    assert "The stay is booked." in looks(alliance, "aino", named)


def test_two_are_kept_together_or_not_proposed_again_until_that_is_taken_back(
    alliance: Alliance,
) -> None:
    named = a_proposal(alliance)
    form = {"wish__wish": "forbid", "wish__reason": "they fell out"}
    assert sends(alliance, "sending", named, "/wish", **form).status_code == 303
    assert "You said: do not propose again." in looks(alliance, "sending", named)
    with transaction(alliance.engine, writes=False) as session:
        assert [one.wish for one in session.exec(select(models.PairWish))] == [PairWord.FORBID]
    assert sends(alliance, "sending", named, "/wish-gone").status_code == 303
    with transaction(alliance.engine, writes=False) as session:
        assert not session.exec(select(models.PairWish)).all()


def test_the_reason_of_a_no_is_settled(alliance: Alliance) -> None:
    named = refused(alliance)
    assert sends(alliance, "sending", named, "/reason-resolved").status_code == 303
    assert stored(alliance, named).reason_resolved_at == NOW


def test_kept_proposals_are_left_alone_by_later_matchings_until_they_are_not(
    alliance: Alliance,
) -> None:
    named = a_proposal(alliance)
    for kept in (False, True):
        answer = sends(alliance, "sending", named, "/kept", keep__kept=str(int(kept)))
        assert answer.status_code == 303
        assert stored(alliance, named).kept is kept


def test_other_places_and_what_is_nearly_possible_are_named(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.get_one(models.Offer, alliance.other_offer.id).languages = {"de": "B1"}
    named = a_proposal(alliance)
    answer = alliance.browser("sending").get(SELF.format_map(named) + "/others")
    told = text_of(answer)
    assert "Not possible yet, and what would help" in told
    assert "reach German B1" in told
    part = alliance.browser("sending").get(
        SELF.format_map(named) + "/others", headers={"HX-Request": "true"}
    )
    assert part.text.strip().startswith('<div id="found">')


def test_a_need_behind_a_hold_is_accepted_with_a_reason_by_who_may_know_it(
    alliance: Alliance,
) -> None:
    named = asked(alliance)
    with transaction(alliance.engine) as session:
        sealing.needing(session, alliance.aino.id, needs={"QUIET_SPACE": "hard"})
        check_again(session, alliance.caller("sending"), apprentices=[alliance.aino.id])
    assert stored(alliance, named).status == ProposalStatus.ON_HOLD
    told = looks(alliance, "sending", named)
    assert "The workplace does not have this." in told
    for who in ("hosting", "company", "tutor", "aino"):
        assert not re.search("(?i)quiet|workplace does not", looks(alliance, who, named))
    empty = {"need_1__need": "QUIET_SPACE", "need_1__reason": ""}
    assert sends(alliance, "sending", named, "/accepted-needs", **empty).status_code == 422
    form = empty | {"need_1__reason": "they work in a room of their own"}
    assert sends(alliance, "sending", named, "/accepted-needs", **form).status_code == 303
    assert stored(alliance, named).status == ProposalStatus.ASKED


PAGES = {
    "proposed": a_proposal, "asked": asked, "question": a_question, "agreed": agreed,
    "booked": a_placement, "withdrawn": withdrawn, "refused": refused,
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_is_there_in_every_language(alliance: Alliance, language: str) -> None:
    named = a_question(alliance)
    for who in ("sending", "hosting", "company", "tutor", "aino"):
        browser = alliance.browser(who)
        browser.cookies.set(LANGUAGE_COOKIE, language)
        answer = browser.get(SELF.format_map(named))
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.text


@pytest.mark.parametrize("stage", PAGES)
def test_each_stage_has_its_page_for_everybody_who_may_see_it(
    alliance: Alliance, stage: str
) -> None:
    named = PAGES[stage](alliance)
    for who in ("sending", "hosting", "company", "tutor", "aino"):
        answer = alliance.browser(who).get(SELF.format_map(named))
        assert answer.status_code == (200 if stage != "proposed" or who == "sending" else 404)
        ids = re.findall(r'\bid="([^"]+)"', answer.text)
        assert sorted(ids) == sorted(set(ids))


def test_a_place_that_the_proposal_keeps_is_not_told_as_none_free(alliance: Alliance) -> None:
    named = a_proposal(alliance)
    told = looks(alliance, "sending", named)
    assert "One place is kept for this proposal. No other is free." in told
    assert "0 places free" not in told
    with transaction(alliance.engine) as session:
        session.get_one(models.OfferWindow, alliance.window.id).places = 3
    assert "kept for this proposal. 2 more places are free." in looks(alliance, "sending", named)
    sends(alliance, "sending", named, "/answer", no__answer="no", no__reason="dates")
    assert "Places 3 places free" in looks(alliance, "sending", named)


def test_after_ones_own_yes_nothing_is_to_decide_any_more(alliance: Alliance) -> None:
    named = a_proposal(alliance)
    tag = r'<span class="ds-tag"[^>]*>([^<]+)</span>'
    browser = alliance.browser("sending")
    assert re.findall(tag, browser.get(SELF.format_map(named)).text) == ["to decide"]
    sends(alliance, "sending", named, "/answer", yes__answer="yes")
    html = browser.get(SELF.format_map(named)).text
    assert re.findall(tag, html) == ["with the other coordinator"]
    main = text_of(browser.get("/proposals"))
    assert "with the other coordinator" in main
    hosting = alliance.browser("hosting").get(SELF.format_map(named)).text
    assert re.findall(tag, hosting) == ["to decide"]


def test_each_step_is_told_once_the_proposal_first(alliance: Alliance) -> None:
    named = asked(alliance)
    with transaction(alliance.engine) as session:
        for row in store.cases.approvals(session, named["proposal_id"]).values():  # type: ignore[arg-type]
            if row.party == Party.APPRENTICE:
                row.asked_at = NOW - datetime.timedelta(minutes=1)
    html = alliance.browser("sending").get(SELF.format_map(named)).text
    steps = re.findall(r'<span class="what">([^<]+)</span>', html[html.index("timeline") :])
    assert steps.count("Proposed by a coordinator") == 1
    assert not [one for one in steps if one.startswith("Asked: the sending")]
    assert [one for one in steps if "apprentice" in one] == [
        "Asked: the apprentice", "Yes: the apprentice",
    ]  # fmt: skip
    assert len(steps) == len(set(steps))
    fresh = text_of(alliance.browser("sending").get(f"/proposals/{of_eetu(alliance)}"))
    assert fresh.index("Proposed by a coordinator") < fresh.index("To answer: the sending")


def test_a_no_has_one_wording_in_its_button_and_its_form(alliance: Alliance) -> None:
    named = asked(alliance)
    for who, words in (("sending", "Reject"), ("company", "Say no"), ("aino", "Not for me")):
        html = alliance.browser(who).get(SELF.format_map(named)).text
        assert f"<summary>{words} …</summary>" in html
        assert re.search(rf"<button[^>]*>{words}</button>", html)
        assert who == "company" or "Say no" not in html


def test_a_signed_form_is_spoken_of_where_one_can_be_recorded(alliance: Alliance) -> None:
    eetus = of_eetu(alliance)
    with transaction(alliance.engine) as session:
        session.delete(session.get_one(models.User, alliance.users["guardian"].id))
        session.flush()
        session.delete(session.get_one(models.Guardian, alliance.guardian.id))
    browser = alliance.browser("sending")
    told = text_of(browser.get(f"/proposals/{eetus}"))
    assert "none is on record. Name one now: it is their turn later." in told
    assert "signed form" not in told
    with transaction(alliance.engine) as session:
        case = proposals.load(session, eetus)
        for who, party in (("sending", Party.SENDING_COORDINATOR),
                           ("hosting", Party.HOSTING_COORDINATOR),
                           ("eetu", Party.APPRENTICE)):  # fmt: skip
            proposals.answer(session, alliance.caller(who), case, party, Answer.YES)
    told = text_of(browser.get(f"/proposals/{eetus}"))
    assert ("signed form below" in told) == (
        "Record an answer heard elsewhere: the guardian" in told
    )
    assert "signed form below" in told


def test_days_are_those_of_the_readers_region(alliance: Alliance) -> None:
    named = asked(alliance)
    late = datetime.datetime(2027, 1, 29, 22, 30, tzinfo=datetime.UTC)  # after midnight in Finland
    with transaction(alliance.engine) as session:
        session.get_one(models.Region, alliance.sends.id).time_zone = "Europe/Helsinki"
        session.get_one(models.Proposal, named["proposal_id"]).deadline = late
    assert "Answer by 30 January 2027" in looks(alliance, "sending", named)
    assert "Answer by 30 January 2027" in looks(alliance, "tutor", named)
    assert "Answer by 29 January 2027" in looks(alliance, "company", named)
    assert "Answer by 30 January 2027" in text_of(alliance.browser("sending").get("/proposals"))
    html = alliance.browser("sending").get(SELF.format_map(named)).text
    assert 'name="deadline-last_day" type="date" value="2027-01-30"' in html
    sends(alliance, "sending", named, "/deadline", deadline__last_day="2027-02-05")
    assert stored(alliance, named).deadline == datetime.datetime(
        2027, 2, 5, 21, 59, tzinfo=datetime.UTC
    )
    assert "Answer by 5 February 2027" in looks(alliance, "sending", named)


def test_a_town_is_said_once(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.get_one(models.Company, alliance.company.id).name = "Werkstatt Savonlinna"
        for site in session.exec(select(models.Site)):
            site.name = site.town
    told = looks(alliance, "sending", a_proposal(alliance))
    assert "Werkstatt Savonlinna" in told
    assert "Savonlinna, Savonlinna" not in told
    host = text_of(alliance.browser("sending").get(f"/hosts/{alliance.company.id}"))
    assert "Savonlinna, Savonlinna" not in host
    assert located("Kerimäki", "Kerimäki") == "Kerimäki"
    assert located("Uusi Kerimäki", "Kerimäki") == "Uusi Kerimäki"
    assert located("Kerimäen leipomo", "Kerimäki") == "Kerimäen leipomo, Kerimäki"


def test_a_rejection_opens_the_next_case_and_offers_to_be_undone(alliance: Alliance) -> None:
    named, other = a_proposal(alliance), of_eetu(alliance)
    answer = sends(alliance, "sending", named, "/answer", no__answer="no", no__reason="dates")
    there = f"/proposals/{other}?said=rejected&of={named['proposal_id']}"
    assert answer.headers["location"] == there
    browser = alliance.browser("sending")
    html = browser.get(there).text
    assert "Rejected. The place is free again." in html
    assert "Possible for one minute: nobody was told yet." in html
    address = f"/proposals/{named['proposal_id']}/undo"
    assert f'action="{address}"' in html
    later = alliance.browser("sending", NOW + datetime.timedelta(minutes=2))
    assert "Undo" not in later.get(there).text
    assert "Undo" not in alliance.browser("hosting").get(there).text
    done = sends(alliance, "sending", named, "/undo")
    assert done.headers["location"] == f"/proposals/{named['proposal_id']}?said=undone"
    told = text_of(browser.get(done.headers["location"]))
    assert "the proposal is as it was before you rejected it" in told
    assert "Rejected, and taken back at once" in told
    assert stored(alliance, named).status == ProposalStatus.PROPOSED
    late = sends(alliance, "sending", named, "/undo")
    assert late.status_code == 422
    assert "This cannot be taken back any more" in text_of(late)
