"""What the clock does: questions expire, who was asked is reminded. A job calls these."""

import datetime
import uuid

from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import NotNowError, NotYoursToAnswerError
from api.services.asking import change_status, tell_coordinators, tell_party
from api.services.proposals import load, parties_of
from api.services.records import note
from api.services.settings import current
from api.statuses import SERVICE, Event, after
from api.store.cases import Case
from models import Party, QuestionKind


def expire(session: Session, caller: Caller) -> int:
    """End the proposals whose deadline has passed; their places are free again."""
    ended = 0
    for case in store.cases.overdue(session, caller.now):
        change_status(session, caller, case, Event.EXPIRE, SERVICE)
        tell_coordinators(session, caller, case, "proposal_expired")
        ended += 1
    return ended


def remind(session: Session, caller: Caller) -> int:
    """Remind who was asked and has not answered, once for each of the days of the setting."""
    days = current(session)["reminder_days"]
    sent = 0
    for approval, proposal in store.cases.waiting_approvals(session):
        assert approval.asked_at is not None  # noqa: S101  # the query asks for it
        due = sum(caller.now - approval.asked_at >= datetime.timedelta(days=n) for n in days)
        if due <= approval.reminders:
            continue
        approval.reminders, approval.changed_at = due, caller.now
        tell_party(session, caller, load(session, proposal.id), approval.party, "reminder")
        sent += 1
    return sent


def ask_question(
    session: Session, caller: Caller, case: Case, kind: QuestionKind, text: str
) -> models.Question:
    """A company asks before it answers. Coordinators are told, and the deadline rests."""
    if Party.COMPANY not in parties_of(session, caller, case):
        raise NotYoursToAnswerError(Party.COMPANY)
    change_status(session, caller, case, Event.PAUSE, Party.COMPANY)
    case.proposal.paused_at = case.proposal.paused_at or caller.now
    question = models.Question(
        id=caller.new_id(), created_at=caller.now, changed_at=caller.now,
        proposal_id=case.proposal.id, kind=kind, text=text,
    )  # fmt: skip
    session.add(question)
    note(session, caller, "question.asked", question, proposal=case.proposal.id)
    tell_coordinators(session, caller, case, "question_asked")
    session.flush()
    return question


def reply(
    session: Session, caller: Caller, case: Case, question_id: uuid.UUID, text: str
) -> models.Question:
    """A coordinator replies. The deadline goes on by as long as it rested, once none is open."""
    sides = sorted(parties_of(session, caller, case) & {
        Party.SENDING_COORDINATOR, Party.HOSTING_COORDINATOR
    })  # fmt: skip
    if not sides:
        raise NotYoursToAnswerError("coordinator")
    waiting = {one.id: one for one in store.cases.open_questions(session, case.proposal.id)}
    if question_id not in waiting:
        raise NotNowError("reply", case.proposal.status)
    question = waiting.pop(question_id)
    question.answer, question.answered_by = text, caller.user_id
    question.answered_at = question.changed_at = caller.now
    note(session, caller, "question.answered", question, proposal=case.proposal.id)
    if not waiting and after(case.proposal.status, Event.RESUME, sides[0]):
        deadline, paused_at = case.proposal.deadline, case.proposal.paused_at
        change_status(session, caller, case, Event.RESUME, sides[0])
        case.proposal.paused_at = None
        if deadline and paused_at:
            case.proposal.deadline = deadline + (caller.now - paused_at)
    tell_party(session, caller, case, Party.COMPANY, "question_answered")
    session.flush()
    return question
