"""Which view of a proposal somebody gets, filled from the case."""

from typing import Any

from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.services.asking import MAJORITY, Approvals, open_turn
from api.services.proposals import parties_of
from api.store.cases import Case
from matcher.limits import age_on
from models import Party, ProposalStatus, Role
from models import proposal_views as views

SINCE_AGREED = frozenset({ProposalStatus.AGREED, ProposalStatus.PLACEMENT})
"""From here on a company knows how somebody is reached."""


def shown(session: Session, caller: Caller, case: Case) -> views.ProposalShown:
    """The view of a proposal for who asks; whether they may see it was decided before."""
    approvals = store.cases.approvals(session, case.proposal.id)
    parties = parties_of(session, caller, case)
    common: dict[str, Any] = {
        name: getattr(case.proposal, name)
        for name in ("id", "version", "status", "first_day", "last_day", "deadline")
    } | {"waiting_for": _waiting_for(session, case, approvals), "work": _work(case)}
    own = next((approvals[party].answer for party in parties if party in approvals), None)
    if Party.SENDING_COORDINATOR in parties:
        return views.ProposalForSending(
            **common, **_taken(case.proposal, views.ProposalForSending, common),
            first_name=case.apprentice.first_name, last_name=case.apprentice.last_name,
            approvals=_answers(approvals),
        )  # fmt: skip
    if Party.HOSTING_COORDINATOR in parties:
        return views.ProposalForHosting(
            **common, apprentice_id=case.apprentice.id, person=_person(case),
            approvals=_answers(approvals, private=False),
        )  # fmt: skip
    if Party.COMPANY in parties:
        return views.ProposalForCompany(
            **common, person=_person(case), own_answer=own,
            contact=_contact(case) if case.proposal.status in SINCE_AGREED else None,
        )  # fmt: skip
    if caller.role == Role.CENTRE:
        return views.ProposalForCentre(
            **common, apprentice_id=case.apprentice.id, first_name=case.apprentice.first_name,
            last_name=case.apprentice.last_name,
        )  # fmt: skip
    if Party.EMPLOYER in parties:
        return views.ProposalForEmployer(
            **common, first_name=case.apprentice.first_name, last_name=case.apprentice.last_name,
            own_answer=own,
        )  # fmt: skip
    return views.ProposalForApprentice(**common, parts=case.proposal.parts, own_answer=own)


def _waiting_for(session: Session, case: Case, given: Approvals) -> list[Party]:
    if case.proposal.status not in (ProposalStatus.PROPOSED, ProposalStatus.ASKED):
        return []
    return open_turn(session, case, given)


def _taken(
    row: models.Proposal, shape: type[views.ProposalForAll], besides: dict[str, Any]
) -> dict[str, Any]:
    """The fields of the shape that the row has."""
    names = shape.model_fields.keys() & type(row).model_fields.keys() - besides.keys()
    return {name: getattr(row, name) for name in names}


def _work(case: Case) -> views.Work:
    return views.Work(
        offer_id=case.offer.id, window_id=case.window.id, title=case.offer.title,
        occupations=case.offer.occupations, company=case.company.name, town=case.site.town,
    )  # fmt: skip


def _person(case: Case) -> views.Person:
    person = case.apprentice
    return views.Person(
        first_name=person.first_name, occupations=person.occupations, isced_f=person.isced_f,
        languages=person.languages, introduction=person.introduction,
        under_18=age_on(person.birth_date, case.proposal.first_day) < MAJORITY,
    )  # fmt: skip


def _contact(case: Case) -> views.Contact:
    person = case.apprentice
    return views.Contact(last_name=person.last_name, email=person.email, phone=person.phone)


def _answers(
    approvals: dict[Party, models.Approval], *, private: bool = True
) -> list[views.ApprovalShown]:
    """The answers in the order of the parties; private reasons for the sending side alone."""
    found = []
    for party in Party:
        if party not in approvals:
            continue
        row = approvals[party]
        hidden = not private and party in models.PRIVATE_REASONS
        values = {name: getattr(row, name) for name in views.ApprovalShown.model_fields}
        found.append(views.ApprovalShown(**values | ({"reason": ""} if hidden else {})))
    return found
