"""The list of proposals, and several of them confirmed at once."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api import store
from api.caller import Caller
from api.edge import Permit, Reading, Writing, language_of, may
from api.language import Language
from api.pages import case_words, fit, opened, said
from api.pages.fit import FitPart
from api.pages.frame import Faults, Form, attempt, go_to, show
from api.pages.queue import Queue, queue_of
from api.pages.queue_words import narrowed_by
from api.pages.words import Words
from api.policy import Action, Scope
from api.services import case_lists, clock, proposals
from api.services.asking import open_turn
from api.services.records import check_version
from api.store.scopes import cases_in
from models import Answer, ProposalStatus, Role
from models.proposal_views import ProposalForSending, ProposalShown

NOT_IN_LISTS = "inclusion"
"""What somebody needs is read on the page of the case: a list lies open on a desk."""

router = APIRouter()

MOST_AT_ONCE = 25
"""So many cases are confirmed with one button."""


@dataclass(frozen=True)
class Row:
    """A case as the list tells of it."""

    path: str
    rejection: str
    title: str
    status: str
    why: str
    next_step: str
    until: str
    days: str
    score: float | None
    fit_parts: list[FitPart]
    opened: str


@router.get("/proposals")
def list_of_proposals(
    request: Request, session: Reading, permit: Permit = may(Action.PROPOSAL_READ)
) -> Response:
    """The proposals that somebody may see, as the address narrows and sorts them."""
    return _list(request, session, permit.caller, permit.scope)


@router.post("/proposals/confirmations")
def confirm_several(
    request: Request, session: Writing, form: Form,
    permit: Permit = may(Action.PROPOSAL_ANSWER),
) -> Response:  # fmt: skip
    """Say yes to several cases that were opened in this session, each by itself.

    Those that cannot be confirmed are told; the others are.
    """
    language = Language(language_of(request))
    mine = cases_in(permit.scope, permit.caller.scope_id)
    faults, confirmed = Faults(), 0
    given = [opened.read(request, str(one)) for one in form.getlist("opened")]
    for seen in [one for one in given if one is not None][:MOST_AT_ONCE]:
        told = Faults()
        with attempt(session, told, language):
            case = proposals.load(session, seen[0], mine)
            check_version("proposal", case.proposal, seen[1])
            caller = proposals.speaking_for(session, permit.caller, case)
            now = open_turn(session, case, store.cases.approvals(session, seen[0]))
            for party in sorted(proposals.parties_of(session, caller, case) & set(now))[:1]:
                proposals.answer(session, caller, case, party, Answer.YES)
                confirmed += 1
        faults.whole += told.whole
    if faults or not confirmed:
        faults.whole = faults.whole or [language.phrase("Open each case before you confirm it.")]
        return _list(request, session, permit.caller, permit.scope, faults=faults, status=422)
    return go_to(request, queue_of(request).address("/proposals", confirmed=confirmed))


def _list(
    request: Request, session: Session, caller: Caller, scope: Scope,
    *, faults: Faults | None = None, status: int = 200,
) -> Response:  # fmt: skip
    zone = clock.zone_of(session, caller)
    queue, language = queue_of(request), Language(language_of(request), zone)
    items, after = case_lists.page(session, caller, scope, queue.wanted(caller.now, caller.role))
    given = request.query_params.get("confirmed", "")
    count = int(given) if given.isdecimal() and len(given) < 4 else 0
    choices = _choices(session, language, caller)
    return show(
        request, "proposals.html", block="list", status=status, faults=faults or Faults(),
        rows=[_row(language, caller, queue, one) for one in items], queue=queue,
        further=queue.address("/proposals", after=after) if after else None,
        said=said.said(request, session, caller), confirmed=count,
        hides_ended=queue.hides_ended(caller.role),
        narrowed=narrowed_by(language, queue, dict(choices["regions"])), **choices,
    )  # fmt: skip


def _row(language: Language, caller: Caller, queue: Queue, view: ProposalShown) -> Row:
    party = case_words.party_of(view, caller.role)
    parts = view.parts if isinstance(view, ProposalForSending) else []
    return Row(
        path=queue.address(f"/proposals/{view.id}"),
        rejection=queue.address(f"/proposals/{view.id}/rejection"),
        title=case_words.title(language, view),
        status=case_words.status(language, view, party),
        why=fit.why(language, [part for part in parts if part["criterion"] != NOT_IN_LISTS]),
        next_step=case_words.next_step(language, view, party),
        until=case_words.until(language, view.deadline),
        days=language.days(view.first_day, view.last_day),
        score=view.score if isinstance(view, ProposalForSending) else None,
        fit_parts=fit.fit_parts(language, parts),
        opened=_mark(caller, view) if party in view.waiting_for else "",
    )  # fmt: skip


def _mark(caller: Caller, view: ProposalShown) -> str:
    """By what the page of a case is known to have been opened, for who confirms several."""
    return f"{view.id}.{view.version}" if caller.role == Role.COORDINATOR else ""


def _choices(session: Session, language: Language, caller: Caller) -> dict[str, Any]:
    """What a list may be narrowed by, for coordinators; the others have few cases."""
    words = Words(language)
    offered = caller.role in (Role.COORDINATOR, Role.CENTRE)
    regions = store.regions.regions(session, after=None, limit=200) if offered else []
    return {
        "statuses": [(one, words.of("proposal_status", one)) for one in ProposalStatus],
        "regions": sorted(((one.code, one.name) for one in regions), key=lambda pair: pair[1]),
        "narrows": offered, "is_coordinator": caller.role == Role.COORDINATOR,
    }  # fmt: skip
