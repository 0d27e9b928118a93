"""Who is asked about a proposal, in which order, and what a yes or a no does."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import NotNowError
from api.services.records import note, tell
from api.services.settings import current
from api.statuses import ENDS_LIVE, SERVICE, Actor, Event, after
from api.store.cases import Case
from matcher.limits import ADULT, age_on
from matcher.vocabulary import default_reference
from models import Answer, Means, Party, ProposalStatus

Approvals = Mapping[Party, models.Approval]
"""Who was asked about a proposal, and what was answered."""

EMPLOYED = frozenset(
    code for code, row in default_reference().codes("statuses").items() if row["employee"] == "1"
)
"""Statuses in which somebody has an employer, who is asked too."""

AT_ONCE = datetime.timedelta(0)

TIME_TO_UNDO = datetime.timedelta(minutes=1)
"""So long a coordinator may take the own rejection back, and nobody is told of it."""

COORDINATING = frozenset({Party.SENDING_COORDINATOR, Party.HOSTING_COORDINATOR})


def change_status(session: Session, caller: Caller, case: Case, event: Event, actor: Actor) -> None:
    """The one way in which a proposal changes its status.

    Looks the change up in the table, gives place and funding back where the proposal ends,
    and writes the audit row. Raises NotNowError where the table has no such cell.
    """
    proposal = case.proposal
    before = proposal.status
    then = after(before, event, actor)
    if then is None:
        raise NotNowError(str(event), str(before))
    if then == ProposalStatus.ASKED and before != ProposalStatus.ASKED:
        proposal.deadline = caller.now + time_to_answer(session, proposal)
    proposal.status, proposal.changed_at = then, caller.now
    flag_modified(proposal, "changed_at")  # each event counts as a version, in one second too
    if then != ProposalStatus.ASKED:
        proposal.deadline = proposal.paused_at = None
    if then in ENDS_LIVE:
        store.places.give_back(session, proposal)
    note(
        session, caller, f"proposal.{event}", proposal, by=str(actor), before=str(before),
        after=str(then),
    )  # fmt: skip
    session.flush()


Order = Sequence[Sequence[Party]]
"""The parties in the order in which they are asked; those of one turn together."""


def order_of(session: Session) -> Order:
    """Who is asked after whom, as the settings say."""
    return [[Party(party) for party in turn] for turn in current(session)["approval_order"]]


def turns(order: Order, case: Case) -> list[list[Party]]:
    """The parties whose yes this proposal needs, in the order in which they are asked.

    A guardian is asked for who is under age on the first day, an employer for who is employed.
    """
    left_out = set()
    if age_on(case.apprentice.birth_date, case.proposal.first_day) >= ADULT:
        left_out.add(Party.GUARDIAN)
    if case.apprentice.status not in EMPLOYED:
        left_out.add(Party.EMPLOYER)
    needed = [[party for party in turn if party not in left_out] for turn in order]
    return [turn for turn in needed if turn]


def open_turn(session: Session, case: Case, given: Approvals) -> list[Party]:
    """Whose answer is waited for now: those of the first turn who have not said yes."""
    return missing_in(order_of(session), case, given)


def missing_in(order: Order, case: Case, given: Approvals) -> list[Party]:
    """The same where the order is known."""
    said_yes = {party for party, row in given.items() if row.answer == Answer.YES}
    for turn in turns(order, case):
        missing = [party for party in turn if party not in said_yes]
        if missing:
            return missing
    return []


def go_on(session: Session, caller: Caller, case: Case) -> None:
    """Ask whoever is next; where everybody has said yes, the proposal is agreed.

    Nobody is told of a proposal before their turn.
    """
    proposal = case.proposal
    given = store.cases.approvals(session, proposal.id)
    missing = open_turn(session, case, given)
    coordinators_are_done = not missing or not COORDINATING.issuperset(missing)
    if proposal.status == ProposalStatus.PROPOSED and coordinators_are_done:
        change_status(session, caller, case, Event.ASK, SERVICE)
    if not missing:
        change_status(session, caller, case, Event.COMPLETE, SERVICE)
        tell_coordinators(session, caller, case, "proposal_agreed")
        return
    if proposal.status == ProposalStatus.ASKED:
        proposal.deadline = caller.now + time_to_answer(session, proposal)
        proposal.paused_at = None
    for party in missing:
        row = given.get(party) or new_approval(session, caller, case, party)
        if row.asked_at is None:
            row.asked_at, row.changed_at, row.reminders = caller.now, caller.now, 0
            tell_party(session, caller, case, party, "asked")
    session.flush()


def new_approval(session: Session, caller: Caller, case: Case, party: Party) -> models.Approval:
    """The row of a party that was neither asked nor has answered before."""
    row = models.Approval(
        id=caller.new_id(), created_at=caller.now, changed_at=caller.now,
        proposal_id=case.proposal.id, party=party,
    )  # fmt: skip
    session.add(row)
    return row


def time_to_answer(session: Session, proposal: models.Proposal) -> datetime.timedelta:
    """How long the next one asked may take."""
    if proposal.hours_to_answer:
        return datetime.timedelta(hours=proposal.hours_to_answer)
    return datetime.timedelta(days=current(session)["days_to_answer"])


def ask_again(session: Session, caller: Caller, case: Case, parties: frozenset[Party]) -> None:
    """Void what these parties answered; each is asked again when its turn comes."""
    for party, row in store.cases.approvals(session, case.proposal.id).items():
        if party not in parties or row.asked_at is None:
            continue
        if row.answer is not None:
            note(session, caller, "approval.voided", row, party=str(party))
            drop_scan(session, caller, row)
        row.asked_at = row.answer = row.answered_at = row.answered_by = row.channel = None
        row.heard_on, row.heard_from, row.reason = None, "", ""
        row.changed_at = caller.now
    session.flush()


def drop_scan(session: Session, caller: Caller, row: models.Approval) -> None:
    """Take the signed paper away whose answer holds no longer: it is no proof of another one."""
    if store.scans.drop_scan(session, row.id):
        note(session, caller, "approval.scan_dropped", row, party=str(row.party))


def tell_party(
    session: Session, caller: Caller, case: Case, party: Party, text: str,
    *, wait: datetime.timedelta = AT_ONCE,
) -> None:  # fmt: skip
    """Queue a message for everybody who is this party; who has no address is told otherwise.

    Nobody is told of a proposal before their turn, nor somebody whose yes it does not need, as
    the parents of an adult. The sending coordinator knows of it from the beginning.
    """
    knows = store.cases.approvals(session, case.proposal.id)
    if party != Party.SENDING_COORDINATOR and party not in knows:
        return
    for reached in _reached(session, caller, case, party):
        tell(
            session, caller, reached.address, reached.language, text, means=reached.means,
            wait=wait, proposal=case.proposal.id, party=str(party),
        )  # fmt: skip


def tell_apprentice(
    session: Session, caller: Caller, person: models.Apprentice, text: str, **data: Any
) -> None:
    """Queue a message for an apprentice: for the account, or for the address where there is none.

    It is about something else than a proposal. Who has neither is told otherwise.
    """
    users = store.cases.accounts_of(session, Party.APPRENTICE, person.id)
    for user in users:
        tell(session, caller, user.email, user.language, text, **data)
    if not any(user.email for user in users):
        reached = reach(person.language, person.email, person.phone, person.reached_by)
        tell(session, caller, reached.address, reached.language, text, means=reached.means, **data)


def tell_coordinators(
    session: Session, caller: Caller, case: Case, text: str,
    *, wait: datetime.timedelta = AT_ONCE,
) -> None:  # fmt: skip
    """Queue a message for the coordinators of both sides."""
    for party in sorted(COORDINATING):
        tell_party(session, caller, case, party, text, wait=wait)


def tell_asked(
    session: Session, caller: Caller, case: Case, text: str, *, besides: Collection[Party] = ()
) -> None:
    """Queue a message for every party that was asked: nobody else knows of the case."""
    given = store.cases.approvals(session, case.proposal.id)
    for party in sorted(given):
        if given[party].asked_at is not None and party not in besides:
            tell_party(session, caller, case, party, text)


def language_of(session: Session, caller: Caller, case: Case, party: Party) -> str:
    """In which language a party is written to; the apprentice's where nobody of it is known."""
    for reached in _reached(session, caller, case, party):
        return reached.language
    return str(case.apprentice.language)


@dataclass(frozen=True)
class Reached:
    """Where and how somebody is told, and in which language. No address: not at all."""

    address: str | None
    language: str
    means: Means = Means.MAIL


def reach(
    language: str, email: str | None, phone: str | None, wanted: Means | None
) -> Reached:  # fmt: skip
    """How somebody without an account is reached, by what is known of them.

    By mail where nothing else is wanted, by what there is where that is missing: a coordinator
    calls who has no address.
    """
    by_phone = phone and (wanted in (Means.SMS, Means.CALL) or not email)
    if by_phone:
        return Reached(phone, language, Means.SMS if wanted == Means.SMS else Means.CALL)
    return Reached(email, language)


def _reached(session: Session, caller: Caller, case: Case, party: Party) -> Sequence[Reached]:
    """Where somebody is written to, and in which language."""
    person, company = case.apprentice, case.company
    if party == Party.SENDING_COORDINATOR:
        users = store.cases.coordinators(
            session, case.sending_region, caller.today, apprentice_id=person.id
        )
    elif party == Party.HOSTING_COORDINATOR:
        users = store.cases.coordinators(
            session, case.hosting_region, caller.today, company_id=company.id
        )
    else:
        users = store.cases.accounts_of(session, party, person.id, company.id)
    reached = [Reached(user.email, user.language) for user in users if user.email]
    if reached or party in COORDINATING:
        return reached
    if party == Party.EMPLOYER:
        return [Reached(person.employer_email, person.employer_language)]
    theirs: dict[Party, Sequence[models.Apprentice | models.Guardian | models.Company]] = {
        Party.APPRENTICE: [person], Party.COMPANY: [company],
        Party.GUARDIAN: store.cases.guardians(session, person.id),
    }  # fmt: skip
    return [reach(one.language, one.email, one.phone, one.reached_by) for one in theirs[party]]
