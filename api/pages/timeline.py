"""How a proposal went so far, and what comes next, as steps."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from api import store
from api.language import N_, Language
from api.pages.case_words import named
from api.pages.words import Words
from api.services.asking import order_of, turns
from api.services.history import history
from api.store.cases import Case
from models import LIVE, Answer, Party, ProposalStatus
from models.proposal_views import ApprovalShown, ProposalShown

HAPPENED: dict[str, str] = {
    "proposal.made": N_("Proposed by a coordinator"),
    "proposal.move": N_("Dates moved"),
    "proposal.extend": N_("More time to answer given"),
    "proposal.hold": N_("Put on hold"),
    "proposal.release": N_("No longer on hold"),
    "proposal.pause": N_("The host asked a question; the time to answer rests"),
    "proposal.resume": N_("The host got a reply"),
    "proposal.withdraw": N_("Withdrawn"),
    "proposal.expire": N_("Nobody answered in time"),
    "proposal.replace": N_("Replaced by a later matching"),
    "proposal.book": N_("Booked as a stay"),
    "proposal.undo": N_("Rejected, and taken back at once"),
    "proposal.reason_resolved": N_("The reason of the no is settled"),
}
"""What the history names, besides the answers, which it has from the approvals."""


@dataclass(frozen=True)
class Step:
    """One step: what, when, and whether it is done, now, or still to come."""

    what: str
    when: str = ""
    state: str = "done"


Dated = tuple[datetime.datetime, Step]


def for_sending(
    session: Session, language: Language, case: Case, view: ProposalShown,
    approvals: list[ApprovalShown],
) -> list[Step]:  # fmt: skip
    """Everything that happened, and whom it still needs."""
    created = case.proposal.created_at
    past: list[Dated] = []
    if case.proposal.round_id is not None:
        made = language.phrase("Proposed by a matching")
        past.append((created, _at(language, made, created)))
    past += [
        (one.at, _at(language, language.phrase(HAPPENED[one.action]), one.at))
        for one in history(session, case)
        if one.action in HAPPENED
    ]
    past += _answers(language, view, approvals, made_at=created)
    return _in_order(past) + list(_to_come(session, language, case, view))


def for_hosting(
    language: Language, view: ProposalShown, approvals: list[ApprovalShown]
) -> list[Step]:
    """Whom it was asked and what they said, and who is next."""
    return _in_order(list(_answers(language, view, approvals))) + list(_now(language, view))


def for_apprentice(
    session: Session, language: Language, case: Case, view: ProposalShown, party: Party
) -> list[Step]:
    """What one said oneself, and what happens then."""
    given = store.cases.approvals(session, case.proposal.id).get(party)
    past: list[Dated] = []
    if given and given.asked_at:
        told = language.phrase("You were asked")
        past.append((given.asked_at, _at(language, told, given.asked_at)))
    if given and given.answered_at:
        said = N_("You said yes") if given.answer == Answer.YES else N_("You said no")
        told = language.phrase(said)
        past.append((given.answered_at, _at(language, told, given.answered_at)))
    return _in_order(past) + list(_to_come(session, language, case, view, party))


def for_others(language: Language, view: ProposalShown) -> list[Step]:
    """Who is next."""
    return list(_now(language, view))


def _answers(
    language: Language, view: ProposalShown, approvals: list[ApprovalShown],
    made_at: datetime.datetime | None = None,
) -> Iterator[Dated]:  # fmt: skip
    """Who was asked and what they said.

    Who answered unasked, or was asked by the proposal itself (`made_at`), has one step for both.
    """
    words = Words(language)
    for one in approvals:
        who = named(language, view, [one.party])
        if one.asked_at and one.asked_at not in (made_at, one.answered_at):
            asked = language.phrase("Asked: {who}", who=who)
            yield one.asked_at, _at(language, asked, one.asked_at)
        if one.answered_at is None:
            continue
        text = N_("Yes: {who}") if one.answer == Answer.YES else N_("No: {who}")
        what = language.phrase(text, who=who)
        if one.reason:
            what = f"{what} ({words.of('reason', one.reason)})"
        when = [language.day(one.heard_on) if one.heard_on else language.day_of(one.answered_at)]
        if one.channel:
            when.append(words.of("channel", one.channel))
        if one.heard_from:
            when.append(one.heard_from)
        yield one.answered_at, Step(what, " · ".join(when))


def _to_come(
    session: Session, language: Language, case: Case, view: ProposalShown,
    own: Party | None = None,
) -> Iterator[Step]:  # fmt: skip
    """Whose yes it still needs, turn by turn, and the booking."""
    if view.status not in LIVE or view.status == ProposalStatus.ON_HOLD:
        return
    given = store.cases.approvals(session, case.proposal.id)
    state = "now"
    for turn in turns(order_of(session), case):
        missing = [
            party for party in turn
            if party not in given or given[party].answer != Answer.YES
        ]  # fmt: skip
        if not missing:
            continue
        if own in missing:
            yield Step(language.phrase("You answer"), state=state)
            state = "next"
        others = [party for party in missing if party != own]
        if others:
            who = named(language, view, others)
            yield Step(language.phrase("To answer: {who}", who=who), state=state)
        state = "next"
    yield Step(language.phrase("The sending coordinator books the stay"), state=state)


def _now(language: Language, view: ProposalShown) -> Iterator[Step]:
    if view.waiting_for:
        who = named(language, view, view.waiting_for)
        yield Step(language.phrase("To answer: {who}", who=who), state="now")
    if view.status in LIVE and view.status != ProposalStatus.ON_HOLD:
        state = "next" if view.waiting_for else "now"
        yield Step(language.phrase("The sending coordinator books the stay"), state=state)


def _at(language: Language, what: str, moment: datetime.datetime) -> Step:
    return Step(what, language.day_of(moment))


def _in_order(past: list[Dated]) -> list[Step]:
    """The earliest first; what happened twice on a day in the same words is told once."""
    return list(dict.fromkeys(step for _, step in sorted(past, key=lambda one: one[0])))
