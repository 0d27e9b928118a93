"""Whether an offer provides something that nobody knows: asked, listed, answered.

For whom somebody asks is neither stored nor told.
"""

import uuid
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import (
    NoSuchOfferError,
    NoSuchProvisionQuestionError,
    ProvisionAnsweredError,
    ProvisionKnownError,
)
from api.services import provisions, records
from api.services.asking import reach
from api.services.offers import held
from api.store.offers import OfferOf
from api.store.provisions import Asked
from matcher.vocabulary import Provision
from models import ProvisionAnswer
from models.provision_views import ProvisionQuestionPage, ProvisionQuestionShown

Rows = ColumnElement[bool]


def ask(
    session: Session, caller: Caller, offer_id: uuid.UUID, code: str, seen: Rows
) -> ProvisionQuestionShown:
    """Ask the company; what is asked already is not asked twice. `seen` says which offers.

    Raises UnknownProvisionError, NoSuchOfferError, ProvisionKnownError.
    """
    provisions.row_of(code)
    found = store.offers.hold_offer(session, offer_id, seen)
    if found is None:
        raise NoSuchOfferError(offer_id)
    last = store.provisions.last_questions(session, [offer_id]).get((offer_id, code))
    level = found.offer.provisions.get(code)
    if level in provisions.MET:
        raise ProvisionKnownError
    if level is None and last is not None and last.answer == ProvisionAnswer.NOT_PROVIDED:
        assert last.answered_at is not None  # noqa: S101  # the table says so
        raise ProvisionKnownError(last.answered_at.date())
    if last is None or last.answered_at is not None:
        last = models.ProvisionQuestion(
            id=caller.new_id(), created_at=caller.now, offer_id=offer_id, provision=code,
            asked_at=caller.now,
        )  # fmt: skip
        session.add(last)
        records.note(session, caller, "provision_question.created", last, offer=offer_id)
        session.flush()
        _tell_host(session, caller, found, last)
    return shown((last, found.offer, found.company))


def listed(
    session: Session, *conditions: Rows, offer: uuid.UUID | None = None,
    is_open: bool | None = None, after: uuid.UUID | None = None, limit: int,
) -> ProvisionQuestionPage:  # fmt: skip
    """Questions that meet the conditions, by id: about an offer, answered or not yet."""
    wanted = list(conditions)
    if offer is not None:
        wanted.append(col(models.ProvisionQuestion.offer_id) == offer)
    if is_open is not None:
        unanswered = col(models.ProvisionQuestion.answered_at).is_(None)
        wanted.append(unanswered if is_open else ~unanswered)
    if after is not None:
        wanted.append(col(models.ProvisionQuestion.id) > after)
    found = store.provisions.questions(session, *wanted, limit=limit + 1)
    items = [shown(row) for row in found[:limit]]
    rest = items[-1].id if len(found) > limit else None
    return ProvisionQuestionPage(items=items, next=rest)


def one(session: Session, question_id: uuid.UUID, *conditions: Rows) -> Asked:
    """A question whose rows meet the conditions. Raises NoSuchProvisionQuestionError."""
    this = col(models.ProvisionQuestion.id) == question_id
    found = store.provisions.questions(session, this, *conditions)
    if not found:
        raise NoSuchProvisionQuestionError(question_id)
    return found[0]


def answer(
    session: Session, caller: Caller, question_id: uuid.UUID, mine: Rows, *, provided: bool
) -> ProvisionQuestionShown:
    """The company says whether it provides it, or a coordinator records what it said.

    The offer declares it then, or has it no longer. Raises NoSuchProvisionQuestionError,
    ProvisionAnsweredError, RecordFaultyError where the offer's work contradicts a yes.
    """
    offer = held(session, one(session, question_id, mine)[1].id, None, mine)
    question, _, company = one(session, question_id)
    if question.answered_at is not None:
        raise ProvisionAnsweredError
    said = ProvisionAnswer.PROVIDED if provided else ProvisionAnswer.NOT_PROVIDED
    provisions.answer(session, caller, question, said)
    level = Provision.DECLARED if provided else None
    provisions.set_level(session, caller, offer, question.provision, level)
    return shown((question, offer.offer, company))


def shown(asked: Asked) -> ProvisionQuestionShown:
    """A question, the same for everybody who reads it."""
    question, offer, company = asked
    besides: dict[str, Any] = {"title": offer.title, "company": company.name}
    names = ProvisionQuestionShown.model_fields.keys() - besides.keys()
    return ProvisionQuestionShown(**{n: getattr(question, n) for n in names}, **besides)


def _tell_host(
    session: Session, caller: Caller, found: OfferOf, question: models.ProvisionQuestion
) -> None:
    """Queue a message for the company and for the coordinators who answer for it."""
    company = found.company
    accounts = [user for user in store.provisions.accounts_of_company(session, company.id)
                if user.email]  # fmt: skip
    if not accounts:
        reached = reach(company.language, company.email, company.phone, company.reached_by)
        records.tell(
            session, caller, reached.address, reached.language, "provision_asked",
            means=reached.means, provision_question=question.id,
        )  # fmt: skip
    coordinators = store.cases.coordinators(
        session, company.region_id, caller.today, company_id=company.id
    )
    for user in [*accounts, *coordinators]:
        records.tell(
            session, caller, user.email, user.language, "provision_asked",
            provision_question=question.id,
        )  # fmt: skip
