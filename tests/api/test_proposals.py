"""What people do with proposals: asked in order, answered, moved, withdrawn, booked."""

import datetime
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

import models
from api import errors, store
from api.database import transaction
from api.services import by_hand, deadlines, placements, proposals
from api.services.proposals import Heard
from models import Answer, Channel, Party, PlacementStatus, ProposalStatus
from tests import rows, sealing
from tests.api.alliance import FIRST, LAST, NOW, Alliance

DAY = datetime.timedelta(days=1)
PHONE = Heard(Channel.PHONE, "Aino", NOW.date())


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


@pytest.fixture
def session(alliance: Alliance) -> Iterator[Session]:
    """One transaction that a test does everything in."""
    with transaction(alliance.engine) as one:
        yield one


def made(session: Session, alliance: Alliance, **how: Any) -> uuid.UUID:
    """A proposal of Aino at the workshop, unless said otherwise."""
    who, window = how.pop("who", alliance.aino), how.pop("window", alliance.window)
    case = by_hand.propose(
        session, alliance.caller("sending"), alliance.call.id, who.id, window.id,
        override_reason="they asked for it", **how,
    )  # fmt: skip
    return case.proposal.id


def say(
    session: Session, alliance: Alliance, proposal: uuid.UUID, who: str, party: Party,
    said: Answer = Answer.YES, *, now: datetime.datetime = NOW, **how: Any,
) -> ProposalStatus:  # fmt: skip
    case = proposals.load(session, proposal)
    caller = alliance.caller(who, now)
    return proposals.answer(session, caller, case, party, said, **how).proposal.status


def waiting_for(session: Session, proposal: uuid.UUID) -> set[str]:
    rows = store.cases.approvals(session, proposal).values()
    return {str(row.party) for row in rows if row.asked_at and row.answer is None}


def mails(session: Session) -> list[tuple[str, str]]:
    rows = session.exec(select(models.OutboxMail)).all()
    return sorted((row.text, row.address) for row in rows)


def agreed(session: Session, alliance: Alliance, **how: Any) -> uuid.UUID:
    """A proposal that everybody said yes to."""
    proposal = made(session, alliance, **how)
    say(session, alliance, proposal, "sending", Party.SENDING_COORDINATOR)
    say(session, alliance, proposal, "hosting", Party.HOSTING_COORDINATOR)
    say(session, alliance, proposal, "aino", Party.APPRENTICE)
    say(session, alliance, proposal, "company", Party.COMPANY)
    return proposal


def test_people_are_asked_one_after_the_other(session: Session, alliance: Alliance) -> None:
    proposal = made(session, alliance)
    seen = []
    for who, party in (
        ("sending", Party.SENDING_COORDINATOR), ("hosting", Party.HOSTING_COORDINATOR),
        ("aino", Party.APPRENTICE), ("company", Party.COMPANY),
    ):  # fmt: skip
        seen.append((waiting_for(session, proposal), str(party)))
        seen.append(str(say(session, alliance, proposal, who, party)))  # type: ignore[arg-type]
    assert seen == [
        ({"sending_coordinator"}, "sending_coordinator"), "proposed",
        ({"hosting_coordinator"}, "hosting_coordinator"), "asked",
        ({"apprentice"}, "apprentice"), "asked",
        ({"company"}, "company"), "agreed",
    ]  # fmt: skip
    assert mails(session) == [
        ("asked", "aino@example.org"), ("asked", "hosting@example.org"),
        ("asked", "sending@example.org"), ("asked", "werkstatt@example.org"),
        ("proposal_agreed", "hosting@example.org"), ("proposal_agreed", "sending@example.org"),
    ]  # fmt: skip


def test_a_guardian_is_asked_for_minors_and_an_employer_for_employees(
    session: Session, alliance: Alliance
) -> None:
    asked = {}
    for who in (alliance.aino, alliance.eetu, alliance.leena):
        proposal = made(session, alliance, who=who, window=alliance.other_window)
        say(session, alliance, proposal, "sending", Party.SENDING_COORDINATOR)
        say(session, alliance, proposal, "hosting", Party.HOSTING_COORDINATOR)
        asked[who.first_name] = waiting_for(session, proposal)
    assert asked == {
        "Aino": {"apprentice"},
        "Eetu": {"apprentice", "guardian"},
        "Leena": {"apprentice", "employer"},
    }


def test_nobody_answers_before_their_turn_or_for_others(
    session: Session, alliance: Alliance
) -> None:
    proposal = made(session, alliance)
    case = proposals.load(session, proposal)
    for who, party, error in (
        ("hosting", Party.HOSTING_COORDINATOR, errors.NotYourTurnError),
        ("aino", Party.APPRENTICE, errors.NotNowError),
        ("company", Party.COMPANY, errors.NotNowError),
        ("other", Party.COMPANY, errors.NotYoursToAnswerError),
        ("eetu", Party.APPRENTICE, errors.NotYoursToAnswerError),
        ("hosting", Party.SENDING_COORDINATOR, errors.NotYoursToAnswerError),
        ("guardian", Party.GUARDIAN, errors.NotYoursToAnswerError),
    ):
        with pytest.raises(error):
            proposals.answer(session, alliance.caller(who), case, party, Answer.YES)
    assert (case.proposal.status, waiting_for(session, proposal)) == (
        "proposed", {"sending_coordinator"},
    )  # fmt: skip


def test_the_second_of_two_equal_answers_is_refused(session: Session, alliance: Alliance) -> None:
    proposal = made(session, alliance)
    say(session, alliance, proposal, "sending", Party.SENDING_COORDINATOR)
    case = proposals.load(session, proposal)
    with pytest.raises(errors.NotYourTurnError):
        proposals.answer(
            session, alliance.caller("sending"), case, Party.SENDING_COORDINATOR, Answer.YES
        )


@pytest.mark.parametrize("party", [Party.APPRENTICE, Party.COMPANY])
def test_a_no_needs_a_reason_of_the_list_and_frees_the_place(
    alliance: Alliance, party: Party
) -> None:
    who = {"apprentice": "aino", "company": "company"}[party]
    with transaction(alliance.engine) as session:
        proposal = agreed(session, alliance)
    assert alliance.funded_places() == (1, 0, 1)
    with transaction(alliance.engine) as session:
        case = proposals.load(session, proposal)
        with pytest.raises(errors.UnknownReasonError):
            proposals.answer(session, alliance.caller(who), case, party, Answer.NO, reason="so")
        reason = models.REASONS[party][0]
        status = say(session, alliance, proposal, who, party, Answer.NO, reason=reason)
    assert status == "declined"
    assert alliance.funded_places() == (0, 0, 0)


def test_a_coordinator_records_answers_of_their_own_side_only(
    session: Session, alliance: Alliance
) -> None:
    proposal = made(session, alliance)
    say(session, alliance, proposal, "sending", Party.SENDING_COORDINATOR)
    say(session, alliance, proposal, "hosting", Party.HOSTING_COORDINATOR)
    with pytest.raises(errors.NotYoursToAnswerError):
        say(session, alliance, proposal, "hosting", Party.APPRENTICE, heard=PHONE)
    say(session, alliance, proposal, "sending", Party.APPRENTICE, heard=PHONE)
    row = store.cases.approvals(session, proposal)[Party.APPRENTICE]
    assert (row.channel, row.heard_from, row.heard_on, row.answered_by) == (
        "phone", "Aino", NOW.date(), alliance.users["sending"].id,
    )  # fmt: skip


def test_a_version_that_is_not_the_newest_is_refused(session: Session, alliance: Alliance) -> None:
    proposal = made(session, alliance)
    seen = proposals.load(session, proposal).proposal.version
    say(session, alliance, proposal, "sending", Party.SENDING_COORDINATOR)
    with pytest.raises(errors.StaleVersionError):
        proposals.load(session, proposal, version=seen)


def test_a_booked_proposal_is_a_placement_and_keeps_place_and_funding(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        case = proposals.load(session, agreed(session, alliance))
        with pytest.raises(errors.NotNowError):
            proposals.book(session, alliance.caller("hosting"), case, "Uwe")
        placement = proposals.book(session, alliance.caller("sending"), case, "Uwe")
        assert (case.proposal.status, placement.status, placement.mentor) == (
            "placement", "booked", "Uwe",
        )  # fmt: skip
        assert not store.calls.is_free(session, alliance.call.id, alliance.aino.id)
    assert alliance.funded_places() == (1, 0, 1)


def test_a_cancelled_placement_gives_back_and_frees_the_person(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        case = proposals.load(session, agreed(session, alliance))
        placement = proposals.book(session, alliance.caller("sending"), case, "Uwe")
        placements.step(
            session, alliance.caller("sending"), placement, PlacementStatus.CANCELLED, "illness"
        )
        with pytest.raises(errors.NotNowError):
            placements.step(session, alliance.caller("sending"), placement, PlacementStatus.ABROAD)
        assert store.calls.is_free(session, alliance.call.id, alliance.aino.id)
    assert alliance.funded_places() == (0, 0, 0)


def test_moved_dates_void_the_answers_of_those_who_go_and_host(
    session: Session, alliance: Alliance
) -> None:
    proposal = agreed(session, alliance, stay=(FIRST, LAST))
    case = proposals.load(session, proposal)
    proposals.move_dates(session, alliance.caller("hosting"), case, FIRST + 7 * DAY, LAST + 7 * DAY)
    rows = store.cases.approvals(session, proposal)
    assert {str(party): row.answer for party, row in rows.items()} == {
        "sending_coordinator": "yes", "hosting_coordinator": "yes", "apprentice": None,
        "company": None,
    }  # fmt: skip
    assert (case.proposal.status, waiting_for(session, proposal)) == ("asked", {"apprentice"})
    assert case.proposal.first_day == FIRST + 7 * DAY


@pytest.mark.parametrize("days", [(-60, 0), (0, 120), (0, -40)])
def test_dates_outside_the_windows_are_refused(
    session: Session, alliance: Alliance, days: tuple[int, int]
) -> None:
    case = proposals.load(session, made(session, alliance, stay=(FIRST, LAST)))
    with pytest.raises(errors.RuleRefusesError) as refused:
        proposals.move_dates(
            session, alliance.caller("sending"), case, FIRST + days[0] * DAY, LAST + days[1] * DAY
        )
    assert refused.value.rules == ["dates"]
    assert (case.proposal.first_day, case.proposal.last_day) == (FIRST, LAST)


def test_a_proposal_by_hand_goes_through_the_same_rules(
    session: Session, alliance: Alliance
) -> None:
    offer = session.get_one(models.Offer, alliance.offer.id)
    offer.languages = {"de": "B1"}
    session.flush()
    with pytest.raises(errors.RuleRefusesError) as refused:
        made(session, alliance)
    assert refused.value.rules == ["language"]
    offer.languages = {"en": "A2"}
    session.add(
        models.PairWish(
            id=uuid.uuid4(), created_at=NOW, apprentice_id=alliance.aino.id,
            window_id=alliance.window.id, wish="forbid", reason="they fell out",
            made_by=alliance.users["sending"].id,
        )
    )  # fmt: skip
    session.flush()
    with pytest.raises(errors.WarningsNeedReasonError) as warned:
        by_hand.propose(
            session, alliance.caller("sending"), alliance.call.id, alliance.aino.id,
            alliance.window.id,
        )  # fmt: skip
    assert "forbidden" in warned.value.warnings
    row = session.get_one(models.Proposal, made(session, alliance))
    told = sealing.details(session, row)
    assert (told.warnings, told.override_reason) == (warned.value.warnings, "they asked for it")


def test_nobody_is_proposed_for_what_its_host_does_not_stand_by_or_in_a_finished_call(
    session: Session, alliance: Alliance
) -> None:
    offer = session.get_one(models.Offer, alliance.offer.id)
    for status in (models.OfferStatus.DRAFT, models.OfferStatus.CLOSED):
        offer.status = status
        session.flush()
        with pytest.raises(errors.OfferNotOpenError):
            made(session, alliance)
    offer.status = models.OfferStatus.PAUSED
    session.get_one(models.Call, alliance.call.id).status = models.CallStatus.FINISHED
    session.flush()
    with pytest.raises(errors.CallChangeError):
        made(session, alliance)
    session.get_one(models.Call, alliance.call.id).status = models.CallStatus.OPEN
    session.flush()
    with pytest.raises(errors.NoSuchWindowError):
        made(session, alliance, window=alliance.call)
    assert made(session, alliance), "a paused offer is only kept out of rounds"


def test_a_person_who_is_not_free_and_a_full_place_are_refused(
    session: Session, alliance: Alliance
) -> None:
    made(session, alliance)
    with pytest.raises(errors.NotFreeError):
        made(session, alliance, window=alliance.other_window)
    with pytest.raises(errors.GoneError) as gone:
        made(session, alliance, who=alliance.leena)
    assert gone.value.what == "place"


def test_caps_of_company_and_region_hold_for_proposals_by_hand(
    session: Session, alliance: Alliance
) -> None:
    made(session, alliance, window=alliance.other_window)
    session.get_one(models.Company, alliance.other.id).max_placements = 1
    session.flush()
    with pytest.raises(errors.GoneError) as gone:
        made(session, alliance, who=alliance.leena, window=alliance.other_window)
    assert gone.value.what == "company_cap"
    session.get_one(models.Region, alliance.hosts.id).hosting_cap = 1
    session.flush()
    with pytest.raises(errors.GoneError) as gone:
        made(session, alliance, who=alliance.leena, window=alliance.window)
    assert gone.value.what == "region_cap"


def asked(session: Session, alliance: Alliance) -> uuid.UUID:
    """A proposal whose company is asked."""
    proposal = made(session, alliance)
    say(session, alliance, proposal, "sending", Party.SENDING_COORDINATOR)
    say(session, alliance, proposal, "hosting", Party.HOSTING_COORDINATOR)
    say(session, alliance, proposal, "aino", Party.APPRENTICE)
    return proposal


def test_a_question_expires_after_fourteen_days_and_frees_the_place(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        proposal = asked(session, alliance)
        assert deadlines.expire(session, alliance.service(NOW + 14 * DAY)) == 0
        assert deadlines.expire(session, alliance.service(NOW + 14.01 * DAY)) == 1
        assert session.get_one(models.Proposal, proposal).status == "expired"
    assert alliance.funded_places() == (0, 0, 0)


def test_who_was_asked_is_reminded_after_three_and_seven_days_once_each(
    session: Session, alliance: Alliance
) -> None:
    asked(session, alliance)
    sent = [deadlines.remind(session, alliance.service(NOW + n * DAY)) for n in (2, 3, 4, 7, 8)]
    assert sent == [0, 1, 0, 1, 0]
    assert mails(session).count(("reminder", "werkstatt@example.org")) == 2


def test_a_question_of_the_company_makes_the_deadline_rest(
    session: Session, alliance: Alliance
) -> None:
    proposal = asked(session, alliance)
    case = proposals.load(session, proposal)
    company = alliance.caller("company", NOW + 2 * DAY)
    question = deadlines.ask_question(session, company, case, models.QuestionKind.TALK, "A call?")
    assert deadlines.expire(session, alliance.service(NOW + 30 * DAY)) == 0
    assert deadlines.remind(session, alliance.service(NOW + 30 * DAY)) == 0
    case = proposals.load(session, proposal)
    with pytest.raises(errors.NotYoursToAnswerError):
        deadlines.reply(session, company, case, question.id, "yes")
    deadlines.reply(session, alliance.caller("sending", NOW + 12 * DAY), case, question.id, "Mon")
    assert case.proposal.paused_at is None
    assert case.proposal.deadline == NOW + 24 * DAY


def test_more_time_can_be_given(session: Session, alliance: Alliance) -> None:
    case = proposals.load(session, asked(session, alliance))
    proposals.extend(session, alliance.caller("hosting"), case, NOW + 40 * DAY)
    assert deadlines.expire(session, alliance.service(NOW + 39 * DAY)) == 0
    with pytest.raises(errors.NotNowError):
        proposals.extend(session, alliance.caller("hosting"), case, NOW - DAY)


def test_a_withdrawal_tells_those_who_were_asked_and_nobody_else(
    session: Session, alliance: Alliance
) -> None:
    proposal = made(session, alliance)
    say(session, alliance, proposal, "sending", Party.SENDING_COORDINATOR)
    case = proposals.load(session, proposal)
    proposals.withdraw(session, alliance.caller("sending"), case, "other_place_found")
    told = [address for text, address in mails(session) if text == "proposal_withdrawn"]
    assert told == ["hosting@example.org", "sending@example.org"]


def test_an_edit_that_breaks_a_rule_holds_and_mending_it_lets_go(
    session: Session, alliance: Alliance
) -> None:
    proposal = asked(session, alliance)
    offer = session.get_one(models.Offer, alliance.offer.id)
    offer.languages = {"de": "C1"}
    session.flush()
    service = alliance.service()
    assert placements.check_again(session, service, companies=[alliance.company.id]) == 1
    row = session.get_one(models.Proposal, proposal)
    assert (row.status, row.held_for) == ("on_hold", ["language"])
    assert sealing.details(session, row).held_for == ["language"]
    offer.languages = {"en": "A2"}
    session.flush()
    assert placements.check_again(session, service, companies=[alliance.company.id]) == 0
    session.refresh(row)
    assert (row.status, row.held_for, waiting_for(session, proposal)) == ("asked", [], {"company"})
    assert sealing.details(session, row).held_for == []


def test_an_edit_of_the_work_asks_those_again_whom_the_table_names(
    session: Session, alliance: Alliance
) -> None:
    proposal = agreed(session, alliance)
    placements.check_again(
        session, alliance.service(), [placements.Edit.WORK], companies=[alliance.company.id]
    )
    rows = store.cases.approvals(session, proposal)
    assert {str(party) for party, row in rows.items() if row.answer == Answer.YES} == {
        "hosting_coordinator", "company",
    }  # fmt: skip
    assert waiting_for(session, proposal) == {"sending_coordinator"}
    assert session.get_one(models.Proposal, proposal).status == "asked"


def test_when_a_host_drops_out_each_person_has_other_offers_at_once(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        case = proposals.load(session, agreed(session, alliance, stay=(FIRST, LAST)))
        proposals.book(session, alliance.caller("sending"), case, "Uwe")
    with transaction(alliance.engine) as session:
        gone = placements.host_drops_out(
            session, alliance.caller("hosting"), [alliance.window.id], "no_capacity"
        )
        assert [(one.case.apprentice.id, [(other.shift, other.explanation.offer)
                 for other in one.other_hosts]) for one in gone] == [
            (alliance.aino.id, [(0, str(alliance.other_window.id))]),
        ]  # fmt: skip
        status = session.exec(select(models.Placement.status, models.Placement.reason)).one()
        assert status == ("cancelled", "no_capacity")
        chosen = by_hand.propose(
            session, alliance.caller("sending"), alliance.call.id, alliance.aino.id,
            alliance.other_window.id, stay=(FIRST, LAST), override_reason="host gone",
            hours_to_answer=48,
        ).proposal.id  # fmt: skip
        say(session, alliance, chosen, "sending", Party.SENDING_COORDINATOR)
        say(session, alliance, chosen, "hosting", Party.HOSTING_COORDINATOR)
        assert session.get_one(models.Proposal, chosen).deadline == NOW + 2 * DAY
    assert alliance.funded_places() == (0, 1, 1)


def test_every_change_stands_in_the_audit_without_personal_data(
    session: Session, alliance: Alliance
) -> None:
    agreed(session, alliance)
    events = sealing.done(session)
    assert sorted(event.action for event in events) == [
        "proposal.approve", "proposal.approve", "proposal.approve", "proposal.approve",
        "proposal.ask", "proposal.complete", "proposal.made",
    ]  # fmt: skip
    written = " ".join(str(event.data) for event in events)
    assert not any(word in written for word in ("Aino", "Virtanen", "example.org", "Werkstatt"))


def test_a_group_that_goes_together_is_held_until_each_member_has_a_place(
    session: Session, alliance: Alliance
) -> None:
    group = models.TravelGroup(
        **rows.changing(call_id=alliance.call.id, name="CNC", together_or_not_at_all=True)
    )
    members = [
        models.GroupMember(**rows.changing(group_id=group.id, apprentice_id=one.id, wished_at=NOW))
        for one in (alliance.aino, alliance.leena)
    ]
    store.rows.add_in_order(session, [group, *members])
    proposal = made(session, alliance, window=alliance.other_window)
    with pytest.raises(errors.GroupIncompleteError):
        say(session, alliance, proposal, "sending", Party.SENDING_COORDINATOR)
    made(session, alliance, who=alliance.leena, window=alliance.other_window)
    assert say(session, alliance, proposal, "sending", Party.SENDING_COORDINATOR) == "proposed"
    assert waiting_for(session, proposal) == {"hosting_coordinator"}


@pytest.mark.parametrize("channel", [Channel.ACCOUNT, Channel.LINK])
def test_a_recorded_answer_does_not_pass_for_one_of_the_person_alone(
    session: Session, alliance: Alliance, channel: Channel
) -> None:
    proposal = made(session, alliance)
    say(session, alliance, proposal, "sending", Party.SENDING_COORDINATOR)
    say(session, alliance, proposal, "hosting", Party.HOSTING_COORDINATOR)
    heard = Heard(channel, "Aino", NOW.date())
    with pytest.raises(errors.NotRecordableError):
        say(session, alliance, proposal, "sending", Party.APPRENTICE, heard=heard)
    assert waiting_for(session, proposal) == {"apprentice"}
