"""Which view of a proposal somebody gets, filled from the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.services.asking import Approvals, Order, missing_in, order_of
from api.services.disclosing import SINCE_AGREED, provisions_asked
from api.services.proposals import parties_of
from api.store.cases import Case
from matcher.limits import ADULT, age_on
from models import Approval, Party, ProposalStatus, Role
from models import proposal_views as views


def shown(session: Session, caller: Caller, case: Case) -> views.ProposalShown:
    """The view of a proposal for who asks; whether they may see it was decided before."""
    (view,) = shown_all(session, caller, [case])
    return view


def shown_all(
    session: Session, caller: Caller, cases: Sequence[Case], order: Order | None = None
) -> list[views.ProposalShown]:  # fmt: skip
    """The views of several proposals, by the same number of queries as of one.

    `order` is who is asked after whom, read where it is not known.
    """
    order = order or order_of(session)
    sides = {case.proposal.id: speaks_as(session, caller, case) for case in cases}

    def of(parties: frozenset[Party], besides: frozenset[Party] = frozenset()) -> list[Case]:
        mine = [(case, sides[case.proposal.id]) for case in cases]
        return [case for case, own in mine if own & parties and not own & besides]

    given = store.cases.approvals_of(session, list(sides))
    known = store.sealed.details_of(
        session, "proposal.read", [case.proposal for case in of(KNOW_OF_NEEDS)]
    )
    told = provisions_asked(session, of(HOSTING, besides=SENDING))
    alone = store.cases.cases_without_guardian(session, [case.proposal.id for case in of(SENDING)])
    nothing = models.ProposalDetails()
    return [
        _view(
            caller, case, sides[case.proposal.id], order, given[case.proposal.id],
            _Known(
                known.get(case.proposal.id, nothing), told.get(case.proposal.id, []),
                case.proposal.id in alone,
            ),
        )
        for case in cases
    ]  # fmt: skip


@dataclass(frozen=True)
class _Known:
    """What of a case not everybody is shown."""

    details: models.ProposalDetails
    provisions_asked: list[str]
    guardian_missing: bool


SENDING = frozenset({Party.SENDING_COORDINATOR})
HOSTING = frozenset({Party.HOSTING_COORDINATOR, Party.COMPANY})
"""Who is told of provisions that are asked for, with the person's consent."""


KNOW_OF_NEEDS = frozenset({Party.SENDING_COORDINATOR, Party.APPRENTICE, Party.GUARDIAN})
"""Who may know what depends on the person's needs."""


def speaks_as(session: Session, caller: Caller, case: Case) -> frozenset[Party]:
    """As which parties somebody sees a case that is in their scope."""
    if caller.role == Role.GUARDIAN:
        return frozenset({Party.GUARDIAN})  # the scope has looked whose guardian it is
    return parties_of(session, caller, case)


def _view(
    caller: Caller, case: Case, parties: frozenset[Party], order: Order,
    approvals: dict[Party, Approval], of_case: _Known,
) -> views.ProposalShown:  # fmt: skip
    common: dict[str, Any] = {
        name: getattr(case.proposal, name)
        for name in ("id", "version", "status", "first_day", "last_day", "deadline")
    } | {"waiting_for": _waiting_for(order, case, approvals), "work": work(case)}
    own = next((approvals[party].answer for party in parties if party in approvals), None)
    if Party.SENDING_COORDINATOR in parties:
        known = vars(of_case.details) | {"guardian_missing": of_case.guardian_missing}
        return views.ProposalForSending(
            **common, **known, **_taken(case.proposal, views.ProposalForSending, common | known),
            first_name=case.apprentice.first_name, last_name=case.apprentice.last_name,
            approvals=_answers(approvals),
        )  # fmt: skip
    if Party.HOSTING_COORDINATOR in parties:
        return views.ProposalForHosting(
            **common, apprentice_id=case.apprentice.id, person=person(case),
            provisions_asked=of_case.provisions_asked,
            approvals=_answers(approvals, private=False),
        )  # fmt: skip
    if Party.COMPANY in parties:
        return views.ProposalForCompany(
            **common, person=person(case), own_answer=own,
            contact=contact(case) if case.proposal.status in SINCE_AGREED else None,
            provisions_asked=of_case.provisions_asked,
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
    return views.ProposalForApprentice(**common, parts=of_case.details.parts, own_answer=own)


def _waiting_for(order: Order, case: Case, given: Approvals) -> list[Party]:
    if case.proposal.status not in (ProposalStatus.PROPOSED, ProposalStatus.ASKED):
        return []
    return missing_in(order, case, given)


def _taken(
    row: models.Proposal, shape: type[views.ProposalForAll], besides: dict[str, Any]
) -> dict[str, Any]:
    """The fields of the shape that the row has."""
    names = shape.model_fields.keys() & models.Proposal.model_fields.keys() - besides.keys()
    return {name: getattr(row, name) for name in names}


def zone_of(session: Session, case: Case, party: Party) -> str:
    """The time zone in which a party reads times: that of its side."""
    hosted = party in HOSTING
    home = case.hosting_region if hosted else case.sending_region
    return session.get_one(models.Region, home).time_zone


def work(case: Case) -> views.Work:
    """The work of a case and where it is."""
    return views.Work(
        offer_id=case.offer.id, window_id=case.window.id, title=case.offer.title,
        occupations=case.offer.occupations, company=case.company.name, town=case.site.town,
    )  # fmt: skip


def person(case: Case) -> views.Person:
    """Somebody as a company reads of them."""
    who = case.apprentice
    return views.Person(
        first_name=who.first_name, occupations=who.occupations, isced_f=who.isced_f,
        languages=who.languages, introduction=who.introduction,
        under_18=age_on(who.birth_date, case.proposal.first_day) < ADULT,
    )  # fmt: skip


def contact(case: Case) -> views.Contact:
    """How somebody is reached."""
    who = case.apprentice
    return views.Contact(last_name=who.last_name, email=who.email, phone=who.phone)


def _answers(
    approvals: dict[Party, Approval], *, private: bool = True
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
