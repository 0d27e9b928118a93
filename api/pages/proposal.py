"""One proposal: both sides, why it fits, what may be done with it, how it went."""

import datetime
import uuid
import zoneinfo
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api import store
from api.caller import Caller
from api.edge import Permit, Reading, language_of, may
from api.language import N_, Language
from api.pages import case_words, fit, opened, said, sides, support_words, timeline
from api.pages.frame import Faults, show
from api.pages.queue import place_in, queue_of
from api.pages.words import Words
from api.policy import Action, scope_of
from api.services import clock, explaining, messages, questions, support, unmet
from api.services.proposals import seen_case
from api.services.showing import shown
from api.store.cases import Case
from api.store.scopes import cases_in
from models import LIVE, REASONS, Party, ProposalStatus
from models.proposal_views import (
    ProposalForApprentice,
    ProposalForCompany,
    ProposalForHosting,
    ProposalForSending,
    ProposalShown,
)
from models.provision_views import UnmetKind

router = APIRouter()

YES_AND_NO: dict[Party, tuple[str, str, str]] = {
    Party.SENDING_COORDINATOR: (N_("Confirm"), N_("Reject …"), N_("Reject")),
    Party.HOSTING_COORDINATOR: (N_("Confirm"), N_("Reject …"), N_("Reject")),
    Party.COMPANY: (N_("Yes, welcome"), N_("Say no …"), N_("Say no")),
    Party.APPRENTICE: (N_("Yes, I want this"), N_("Not for me …"), N_("Not for me")),
    Party.GUARDIAN: (N_("Yes, I agree"), N_("Say no …"), N_("Say no")),
}
"""How each says yes, opens the form of a no, and says no: in the same words."""


@router.get("/proposals/{proposal_id}")
def proposal(
    request: Request, proposal_id: uuid.UUID, session: Reading,
    permit: Permit = may(Action.PROPOSAL_READ),
) -> Response:  # fmt: skip
    """One proposal, as much of it as the reader may see."""
    return case_page(request, session, permit.caller, proposal_id)


@router.get("/proposals/{proposal_id}/others")
def others(
    request: Request, proposal_id: uuid.UUID, session: Reading,
    permit: Permit = may(Action.ALTERNATIVE_READ),
) -> Response:  # fmt: skip
    """Where else the person could go, and where it is nearly possible."""
    case = seen_case(session, proposal_id, cases_in(permit.scope, permit.caller.scope_id))
    found = explaining.alternatives(session, permit.caller, case)
    return show(
        request, "case_others.html", block="found", case=case, found=found,
        nearly=explaining.nearly_possible(
            session, permit.caller, case.proposal.call_id, case.apprentice.id
        ), fit_parts=fit.fit_parts,
        back=queue_of(request).address(f"/proposals/{proposal_id}"),
    )  # fmt: skip


def case_page(
    request: Request, session: Session, caller: Caller, proposal_id: uuid.UUID,
    *, status: int = 200, faults: Faults | None = None, typed: Mapping[str, Any] | None = None,
    act: str = "",
) -> Response:  # fmt: skip
    """The page of a case as it stands now; `act` is the form that something is wrong with."""
    scope = scope_of(caller.role, Action.PROPOSAL_READ)
    assert scope is not None  # noqa: S101  # every route here asks for one that has it
    case = seen_case(session, proposal_id, cases_in(scope, caller.scope_id))
    view = shown(session, caller, case)
    zone = clock.zone_of(session, caller)
    language, queue = Language(language_of(request), zone), queue_of(request)
    party = case_words.party_of(view, caller.role)
    around = place_in(session, caller, scope, queue, proposal_id)
    return show(
        request, f"case_{case_words.kind_of(view)}.html", status=status, zone=zone,
        faults=faults or Faults(), typed=typed if typed is not None else {}, act=act,
        is_stale=status == 412, labels=_labels(language, faults),
        view=view, party=party, can=case_words.deeds(view, party),
        title=case_words.title(language, view),
        next_step=case_words.next_step(language, view, party),
        until=case_words.until(language, view.deadline), around=around, queue=queue,
        status_told=case_words.status(language, view, party),
        last_day_to_answer=_day_in(view.deadline, zone),
        said=said.said(request, session, caller), reasons=_reasons(language),
        yes_and_no=YES_AND_NO.get(party) if party else None,
        opened=opened.mark(request, view.id, view.version),
        **_of_view(session, language, caller, case, view, party),
    )  # fmt: skip


def _of_view(
    session: Session, language: Language, caller: Caller, case: Case, view: ProposalShown,
    party: Party | None,
) -> dict[str, Any]:  # fmt: skip
    """What one of the views has besides."""
    place = store.windows.places_of(session, [case.window.id])[case.window.id]
    public = explaining.public_work(place)
    free = sides.Free(
        case.window.places - case.window.taken,
        keeps_one=view.status in LIVE or view.status == ProposalStatus.PLACEMENT,
    )
    match view:
        case ProposalForSending():
            says = explaining.speaker(caller)
            wish = store.wishes.wish_of(session, case.apprentice.id, case.window.id)
            return {
                "person": sides.person_for_sending(language, case),
                "work": sides.work(language, public, free),
                "why": fit.why(language, view.parts),
                "fit_parts": fit.fit_parts(language, view.parts),
                "held": [one.text for one in explaining.rules(says, view.held_for, {})],
                "support": _support(session, language, case),
                "messages": messages.of_proposal(session, caller, language, case.proposal.id),
                "needs": _unmet(session, language, caller, case, view),
                "wish": wish.wish if wish else None,
                "questions": questions.questions_of(session, caller, case),
                "steps": timeline.for_sending(
                    session, language, case, view, view.approvals
                ),
            }  # fmt: skip
        case ProposalForHosting():
            return {
                "person": sides.person_for_host(language, view.person),
                "work": sides.work(language, public, free),
                "questions": questions.questions_of(session, caller, case),
                "messages": messages.of_proposal(session, caller, language, case.proposal.id),
                "steps": timeline.for_hosting(language, view, view.approvals),
            }
        case ProposalForCompany():
            return {
                "person": sides.person_for_host(language, view.person),
                "work": sides.work(language, public, free),
                "questions": questions.questions_of(session, caller, case),
                "steps": timeline.for_others(language, view),
            }
        case ProposalForApprentice():
            assert party is not None  # noqa: S101  # an apprentice or a guardian
            return {
                "work": sides.work(language, public),
                "support": _support(session, language, case, own=party == Party.APPRENTICE),
                "points": fit.good_and_missing(language, view.parts),
                "steps": timeline.for_apprentice(session, language, case, view, party),
            }  # fmt: skip
        case _:
            return {
                "work": sides.work(language, public),
                "steps": timeline.for_others(language, view),
            }


def _support(
    session: Session, language: Language, case: Case, *, own: bool = False
) -> support_words.SupportTold:
    return support_words.told(language, support.of_case(session, case), own=own)


def _unmet(
    session: Session, language: Language, caller: Caller, case: Case, view: ProposalForSending
) -> list[dict[str, Any]]:
    """The hard needs behind a hold, and whether each may be accepted all the same."""
    if unmet.RULE not in view.held_for:
        return []
    hard = unmet.hard_needs_of(session, caller, case.apprentice.id)
    refused = unmet.Refused(case.apprentice.id, case.offer, hard)
    (found,) = unmet.unmet_needs(session, caller, [refused])
    words = Words(language)
    return [
        {
            "code": one.need, "name": language.name("needs", one.need),
            "told": words.of("unmet_level", one.level),
            "acceptable": one.kind != UnmetKind.BLOCKING,
        }
        for one in found
    ]  # fmt: skip


def _day_in(moment: datetime.datetime | None, zone: str) -> str:
    """The day of a moment as a field of a form has it."""
    return moment.astimezone(zoneinfo.ZoneInfo(zone)).date().isoformat() if moment else ""


FIELDS: dict[str, str] = {
    "answer": N_("Answer"), "reason": N_("Reason"), "channel": N_("How did you hear it?"),
    "heard_from": N_("From whom?"), "heard_on": N_("On which day?"), "first_day": N_("First day"),
    "last_day": N_("Last day"), "mentor": N_("Mentor at the host"),
    "wish": N_("What should later matchings do?"), "text": N_("Text"), "kind": N_("Kind"),
}  # fmt: skip
"""What the fields of the forms are called where one of them is wrong."""


def _labels(language: Language, faults: Faults | None) -> dict[str, str]:
    names = faults.fields if faults else ()
    return {
        name: language.phrase(FIELDS.get(name.rpartition("-")[2], FIELDS["text"]))
        for name in names
    }  # fmt: skip


def _reasons(language: Language) -> dict[str, list[tuple[str, str]]]:
    words = Words(language)
    return {
        str(party): [(code, words.of("reason", code)) for code in codes]
        for party, codes in REASONS.items()
    }
