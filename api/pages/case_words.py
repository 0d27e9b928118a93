"""A proposal in words, as each view of it allows."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from api.language import N_, Language
from api.pages.words import Words, located
from api.services.proposals import RECORDED_BY
from api.statuses import Event, after
from models import Party, ProposalStatus, Role
from models.proposal_views import (
    ApprovalShown,
    ProposalForAll,
    ProposalForApprentice,
    ProposalForCentre,
    ProposalForCompany,
    ProposalForHosting,
    ProposalForSending,
    ProposalShown,
)

KINDS: dict[type[ProposalForAll], str] = {
    ProposalForSending: "sending", ProposalForHosting: "hosting", ProposalForCompany: "company",
    ProposalForCentre: "centre", ProposalForApprentice: "apprentice",
}  # fmt: skip
"""Which page shows which view."""

PARTY_OF: dict[str, Party] = {
    "sending": Party.SENDING_COORDINATOR, "hosting": Party.HOSTING_COORDINATOR,
    "company": Party.COMPANY,
}  # fmt: skip

AFTERWARDS: dict[ProposalStatus, str] = {
    ProposalStatus.AGREED: N_("Everybody said yes. The sending coordinator books the stay next."),
    ProposalStatus.PLACEMENT: N_("The stay is booked."),
    ProposalStatus.ON_HOLD: N_(
        "On hold: something has changed. The place is kept while the coordinators look at it."
    ),
    ProposalStatus.REJECTED: N_("Rejected by a coordinator. The place is free again."),
    ProposalStatus.DECLINED: N_("Somebody said no. The place is free again."),
    ProposalStatus.EXPIRED: N_("Nobody answered in time. The place is free again."),
    ProposalStatus.WITHDRAWN: N_("Withdrawn by a coordinator. The place is free again."),
    ProposalStatus.REPLACED: N_("A later matching found something else. Nobody was asked."),
}
"""What is next, or how it ended, where nobody's answer is waited for."""


@dataclass(frozen=True)
class Deeds:
    """What somebody may do with a case now, by the table of its statuses."""

    answer: bool
    refuse: bool
    withdraw: bool
    move: bool
    extend: bool
    keep: bool
    book: bool
    resolve: bool
    record: tuple[Party, ...]


def kind_of(view: ProposalShown) -> str:
    """The name of the view."""
    return KINDS[type(view)]


def party_of(view: ProposalShown, role: Role | None) -> Party | None:
    """As whom somebody reads a view."""
    if isinstance(view, ProposalForApprentice):
        return Party.GUARDIAN if role == Role.GUARDIAN else Party.APPRENTICE
    return PARTY_OF.get(kind_of(view))


def deeds(view: ProposalShown, party: Party | None) -> Deeds:
    """What the reader may do now."""
    given = _approvals(view)
    own = given.get(party) if party else None
    said_yes = getattr(view, "own_answer", None) == "yes" or (own and own.answer == "yes")

    def can(event: Event) -> bool:
        return party is not None and after(view.status, event, party) is not None

    waits = party in view.waiting_for
    records = RECORDED_BY.get(party, frozenset()) if party else frozenset()
    coordinates = party in RECORDED_BY
    return Deeds(
        answer=waits and can(Event.APPROVE),
        refuse=bool(waits or said_yes or (own and own.asked_at)) and can(Event.REFUSE),
        withdraw=can(Event.WITHDRAW), move=can(Event.MOVE), extend=can(Event.EXTEND),
        keep=can(Event.KEEP), book=can(Event.BOOK),
        resolve=coordinates
        and view.status in (ProposalStatus.REJECTED, ProposalStatus.DECLINED),
        record=tuple(
            one for one in Party
            if one in records and one in view.waiting_for and after(view.status, Event.APPROVE, one)
        ),
    )  # fmt: skip


def next_step(language: Language, view: ProposalShown, party: Party | None) -> str:
    """What happens next and who acts, in one sentence."""
    if not view.waiting_for:
        text = AFTERWARDS.get(view.status)
        return language.phrase(text) if text else ""
    if party in view.waiting_for:
        return language.phrase("You answer next.")
    return language.phrase("Next to answer: {who}.", who=named(language, view, view.waiting_for))


def named(language: Language, view: ProposalShown, parties: Sequence[Party]) -> str:
    """Parties in a row: a host by its name, all others by what they are."""
    words = Words(language)
    return language.listed(
        [view.work.company if one == Party.COMPANY else words.of("party", one) for one in parties]
    )


def until(language: Language, moment: datetime.datetime | None) -> str:
    """Until when an answer is waited for."""
    return language.phrase("Answer by {day}", day=language.day_of(moment)) if moment else ""


def status(language: Language, view: ProposalShown, party: Party | None) -> str:
    """How a proposal stands for the reader: who has said yes has nothing to decide any more."""
    if view.status == ProposalStatus.PROPOSED and party not in view.waiting_for:
        return language.phrase("with the other coordinator")
    return Words(language).of("proposal_status", view.status)


def title(language: Language, view: ProposalShown) -> str:
    """Who goes where, as far as the reader may know."""
    work = view.work
    match view:
        case ProposalForSending() | ProposalForCentre():
            return f"{view.first_name} {view.last_name} → {located(work.company, work.town)}"
        case ProposalForHosting():
            return f"{view.person.first_name} → {located(work.company, work.town)}"
        case ProposalForCompany():
            return language.phrase(
                "{name} could come to you: {work}", name=view.person.first_name, work=work.title
            )
        case _:
            return located(work.title, work.company, work.town)


def _approvals(view: ProposalShown) -> dict[Party, ApprovalShown]:
    return {one.party: one for one in getattr(view, "approvals", ())}
