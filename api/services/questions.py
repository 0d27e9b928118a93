"""Questions of companies: who reads them, and what goes to whom."""

import uuid

from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import NoSuchProposalError, NoSuchQuestionError
from api.services import deadlines, proposals
from api.services.records import check_version
from api.store.cases import Case
from models import Role
from models import question_views as views


def questions_of(session: Session, caller: Caller, case: Case) -> list[views.QuestionShown]:
    """What was asked about a case that is in the caller's scope."""
    return [shown(caller, row) for row in store.questions.questions_of(session, case.proposal.id)]


def reply(
    session: Session, caller: Caller, question_id: uuid.UUID, text: str, *conditions: object,
    version: int | None,
) -> models.Question:  # fmt: skip
    """A coordinator replies to a question about a case that meets the conditions.

    Raises NoSuchQuestionError, StaleVersionError, NotNowError where it was answered before.
    """
    found = session.get(models.Question, question_id)
    if found is None:
        raise NoSuchQuestionError(question_id)
    try:
        case = proposals.load(session, found.proposal_id, *conditions)
    except NoSuchProposalError:
        raise NoSuchQuestionError(question_id) from None
    session.refresh(found)  # as it is since the case is held
    check_version("question", found, version)
    return deadlines.reply(session, caller, case, question_id, text)


def shown(caller: Caller, row: models.Question) -> views.QuestionShown:
    """A question as somebody of this role reads it."""
    shape = (
        views.QuestionForCompany if caller.role == Role.COMPANY else views.QuestionForCoordinators
    )
    return shape(**{name: getattr(row, name) for name in shape.model_fields})
