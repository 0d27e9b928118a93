"""A coordinator's own rejection is taken back within a minute, while nobody was told."""

import datetime
import uuid
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

import models
from api import store
from api.caller import Caller
from api.database import transaction
from api.errors import GoneError, NotFreeError, NotUndoableError, StaleVersionError
from api.services import by_hand, proposals, undoing
from api.services.history import history
from models import Answer, Party, ProposalStatus
from tests import rows, sealing
from tests.api.alliance import NOW, Alliance
from tests.api.posting import post
from tests.api.roles import a_proposal
from tests.api.roles.decisions import asked

SOON = NOW + datetime.timedelta(seconds=59)
LATER = NOW + datetime.timedelta(seconds=62)
MINE = Party.SENDING_COORDINATOR
EVERYBODYS = col(models.Proposal.id).is_not(None)


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def rejected(
    alliance: Alliance, identity: uuid.UUID, who: str = "sending", party: Party = MINE
) -> int:
    """A proposal after the no of one side: its version."""
    at = NOW + datetime.timedelta(seconds=1)
    with transaction(alliance.engine) as session:
        case = proposals.load(session, identity)
        caller = alliance.caller(who, at)
        proposals.answer(session, caller, case, party, Answer.NO, reason="dates")
    with transaction(alliance.engine, writes=False) as session:
        return session.get_one(models.Proposal, identity).version


def undo(
    alliance: Alliance, identity: uuid.UUID, version: int, *, who: str = "sending",
    now: datetime.datetime = SOON,
) -> None:  # fmt: skip
    caller = alliance.caller(who, now)
    with transaction(alliance.engine) as session:
        undoing.undo_rejection(session, caller, identity, EVERYBODYS, version=version)


def by_hands(alliance: Alliance) -> uuid.UUID:
    found = a_proposal(alliance)["proposal_id"]
    assert isinstance(found, uuid.UUID)
    return found


def by_a_round(alliance: Alliance) -> uuid.UUID:
    """A proposal of which nobody was asked yet."""
    row = rows.proposal(alliance.call, alliance.aino, alliance.window)
    with transaction(alliance.engine) as session:
        session.add(row)
        session.flush()
        sealing.detailed(session, row, score=70.0)
        session.get_one(models.OfferWindow, alliance.window.id).taken = 1
        session.get_one(models.FundedPlaces, alliance.funded.id).taken = 1
    return row.id


def sends_mails(alliance: Alliance, folder: Path, caller: Caller) -> int:
    return post(alliance.engine, folder, caller.now)


@pytest.mark.parametrize("made", [by_hands, by_a_round])
def test_the_proposal_waits_again_on_its_place_and_no_message_goes_out(
    alliance: Alliance, made: object, tmp_path: Path
) -> None:
    identity = made(alliance)  # type: ignore[operator]
    before = alliance.funded_places()
    sends_mails(alliance, tmp_path, alliance.service())
    version = rejected(alliance, identity)
    assert alliance.funded_places() == (before[0] - 1, before[1], before[2] - 1)
    undo(alliance, identity, version)
    assert alliance.funded_places() == before
    with transaction(alliance.engine, writes=False) as session:
        case = proposals.seen_case(session, identity)
        assert (case.proposal.status, case.proposal.reason) == (ProposalStatus.PROPOSED, "")
        given = store.cases.approvals(session, identity)
        assert all(one.answer is None and one.answered_at is None for one in given.values())
        assert [one.action for one in history(session, case)][-2:] == [
            "proposal.refuse", "proposal.undo",
        ]  # fmt: skip
    assert sends_mails(alliance, tmp_path, alliance.service(LATER)) == 0
    with transaction(alliance.engine) as session:
        found = session.exec(select(models.OutboxMail)).all()
        refusals = [one.ended_as for one in found if one.text == "proposal_refused"]
        assert set(refusals) == {"needless"}
        case = proposals.load(session, identity)
        again = alliance.caller("sending", LATER)
        proposals.answer(session, again, case, MINE, Answer.NO, reason="distance")
    assert sends_mails(alliance, tmp_path, alliance.service(LATER)) == 0  # it may be undone
    much_later = alliance.service(LATER + datetime.timedelta(minutes=1))
    assert sends_mails(alliance, tmp_path, much_later) > 0


def test_not_after_a_minute_nor_by_somebody_else_nor_on_another_version(
    alliance: Alliance,
) -> None:
    identity = by_hands(alliance)
    version = rejected(alliance, identity)
    with pytest.raises(NotUndoableError):
        undo(alliance, identity, version, now=LATER)
    with pytest.raises(NotUndoableError):
        undo(alliance, identity, version, who="hosting")
    with pytest.raises(StaleVersionError):
        undo(alliance, identity, version - 1)
    undo(alliance, identity, version)
    with pytest.raises(NotUndoableError):
        undo(alliance, identity, version + 1)


def test_not_after_a_message_was_sent(alliance: Alliance, tmp_path: Path) -> None:
    identity = by_hands(alliance)
    version = rejected(alliance, identity)
    with transaction(alliance.engine) as session:
        for row in session.exec(select(models.OutboxMail)):
            row.not_before = NOW  # as on a machine whose clock runs ahead
    assert sends_mails(alliance, tmp_path, alliance.service(SOON)) > 0
    with pytest.raises(NotUndoableError):
        undo(alliance, identity, version)


def test_not_where_the_place_or_the_person_is_gone(alliance: Alliance) -> None:
    identity = by_hands(alliance)
    version = rejected(alliance, identity)
    with transaction(alliance.engine) as session:
        other = by_hand.propose(
            session, alliance.caller("sending"), alliance.call.id, alliance.leena.id,
            alliance.window.id, override_reason="so",
        ).proposal.id  # fmt: skip
    before = alliance.funded_places()
    with pytest.raises(GoneError):
        undo(alliance, identity, version)
    assert alliance.funded_places() == before
    with transaction(alliance.engine) as session:
        case = proposals.load(session, other)
        proposals.withdraw(session, alliance.caller("sending"), case, "dates")
        by_hand.propose(
            session, alliance.caller("sending"), alliance.call.id, alliance.aino.id,
            alliance.other_window.id, override_reason="so",
        )  # fmt: skip
    with pytest.raises(NotFreeError):
        undo(alliance, identity, version)


def test_not_once_others_were_asked_nor_after_an_own_yes(alliance: Alliance) -> None:
    identity = asked(alliance)["proposal_id"]
    assert isinstance(identity, uuid.UUID)
    version = rejected(alliance, identity)
    with pytest.raises(NotUndoableError):
        undo(alliance, identity, version)


def test_the_hosting_coordinator_takes_the_own_one_back_and_the_yes_before_it_stays(
    alliance: Alliance,
) -> None:
    identity = asked(alliance, 1)["proposal_id"]
    assert isinstance(identity, uuid.UUID)
    version = rejected(alliance, identity, "hosting", Party.HOSTING_COORDINATOR)
    undo(alliance, identity, version, who="hosting")
    with transaction(alliance.engine, writes=False) as session:
        given = store.cases.approvals(session, identity)
        assert given[MINE].answer == Answer.YES
        assert given[Party.HOSTING_COORDINATOR].answer is None
        assert given[Party.HOSTING_COORDINATOR].asked_at is not None


def test_an_own_yes_that_became_a_no_is_not_taken_back(alliance: Alliance) -> None:
    identity = asked(alliance, 1)["proposal_id"]
    assert isinstance(identity, uuid.UUID)
    version = rejected(alliance, identity)
    with pytest.raises(NotUndoableError):
        undo(alliance, identity, version)
