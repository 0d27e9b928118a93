"""Answers without an account: a link or a code is opened, then one question is answered.

Opening decides nothing. The pages are light: they are read on old phones and slow nets.
"""

import dataclasses
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request, Security
from fastapi.responses import Response
from fastapi.security import APIKeyCookie
from sqlmodel import Session

import models
from api.browser import give_answer_cookie, take_answer_cookie
from api.edge import ANSWER_COOKIE, Reading, Writing, refuse_unencrypted
from api.errors import LinkNotOpenError, ServiceError
from api.language import N_
from api.pages import words
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.pages.letters import Reader, Reads, with_secret
from api.pages.support_words import SupportTold, told
from api.services import explaining, links, proposals, support
from api.services.records import check_version
from api.services.showing import shown, zone_of
from api.store.cases import Case
from api.throttle import Tried
from matcher.result import Part
from models import REASONS, Answer, Party
from models.answer_views import AnswerGiven, Secret
from models.proposal_views import ProposalForApprentice, ProposalForCompany

router = APIRouter()

Key = Annotated[str | None, Security(APIKeyCookie(name=ANSWER_COOKIE, auto_error=False))]
"""The secret of the session that an opened link has, None where nothing was opened."""

UNKNOWN_TO_GUARDIANS = frozenset({"inclusion"})
"""Parts of why it fits that tell of needs: a guardian learns of none that is not asked about."""

PAID = frozenset({Party.APPRENTICE, Party.GUARDIAN})
"""Who is told what Erasmus+ would pay."""

NO_REASON = N_("Please choose a reason.")


@router.get("/answer")
def open_form(request: Request, reads: Reads) -> Response:
    """Where the secret of a link arrives, or a code is typed."""
    return _open_form(request, reads)


@router.post("/answer")
def open_link(request: Request, form: Form, session: Writing, reads: Reads) -> Response:
    """Open a link or a code, once, and show what is asked."""
    here = refuse_unencrypted(request)
    request.app.state.throttle.check(Tried.OPEN_FROM_ADDRESS, here)
    typed = with_secret(form)
    asked, faults = read(Secret, typed, reads.language)
    caller = reads.caller
    if asked is not None:
        try:
            with session.begin_nested():
                link, key = links.open_link(
                    session, caller.now, caller.new_id, asked.secret, request_id=caller.request_id
                )
        except ServiceError as error:
            told = [told for _, told in words.of_error(reads.language, error)]
            faults = Faults(fields={"secret": " ".join(told)})
        else:
            answer = go_to(request, _in_language_of(session, reads, link))
            give_answer_cookie(answer, key)
            return answer
    return _open_form(request, reads, faults=faults, typed=typed)


@router.get("/answer/question")
def question(request: Request, session: Reading, key: Key, reads: Reads) -> Response:
    """What the party of the link is asked, with everything that it may know."""
    try:
        link = links.opened(session, reads.caller.now, key)
    except LinkNotOpenError:
        return _open_form(request, reads, is_over=True)
    case = links.case_of(session, link, change=False)
    asked = _asked(session, reads, link, case)
    if asked.proposal.own_answer is not None:
        return go_to(request, reads.address("/answer/done"))
    return _question(request, reads, asked)


@router.post("/answer/question")
def give_answer(
    request: Request, form: Form, session: Writing, key: Key, reads: Reads
) -> Response:  # fmt: skip
    """Say yes or no."""
    try:
        link = links.opened(session, reads.caller.now, key)
    except LinkNotOpenError:
        return _open_form(request, reads, is_over=True)
    case = links.case_of(session, link, change=True)
    given, faults = read(AnswerGiven, form, reads.language)
    if given is not None and given.answer == Answer.NO and not given.reason:
        faults.fields["reason"] = reads.language.phrase(NO_REASON)
    if given is not None and not faults:
        party = links.caller_of_link(link, reads.caller)
        with attempt(session, faults, reads.language):
            check_version("proposal", case.proposal, version_seen(form))
            proposals.answer(session, party, case, link.party, given.answer, reason=given.reason)
        if not faults:
            return go_to(request, reads.address("/answer/done"))
    asked = _asked(session, reads, link, case)
    return _question(request, reads, asked, status=422, faults=faults, typed=form)


@router.get("/answer/done")
def done(request: Request, session: Reading, key: Key, reads: Reads) -> Response:
    """What was said, and what happens then."""
    try:
        link = links.opened(session, reads.caller.now, key)
    except LinkNotOpenError:
        return go_to(request, reads.address("/answer/closed"))
    asked = _asked(session, reads, link, links.case_of(session, link, change=False))
    if asked.proposal.own_answer is None:
        return go_to(request, reads.address("/answer/question"))
    says = words.Words(reads.language)
    waiting_for = [says.of("party", party) for party in asked.proposal.waiting_for]
    return show(request, "answer_done.html", asked=asked, reads=reads, waiting_for=waiting_for)


@router.post("/answer/close")
def close(request: Request, _form: Form, session: Writing, key: Key, reads: Reads) -> Response:
    """End it, so that who uses the device next does not see it."""
    link = links.link_of(session, reads.caller.now, key) if key else None
    if link is not None:
        links.close(session, links.caller_of_link(link, reads.caller), link)
    answer = go_to(request, reads.address("/answer/closed"))
    take_answer_cookie(answer)
    return answer


@router.get("/answer/closed")
def closed(request: Request, reads: Reads) -> Response:
    """Nothing more is to be seen here."""
    return show(request, "answer_closed.html", reads=reads)


@dataclass(frozen=True)
class Asked:
    """What a page says of a question: the proposal as the party may see it, and its zone."""

    party: Party
    proposal: ProposalForApprentice | ProposalForCompany
    first_name: str
    under_18: bool
    why: str
    support: SupportTold | None
    zone: str
    reasons: tuple[str, ...]


def _asked(session: Session, reads: Reader, link: models.AnswerLink, case: Case) -> Asked:
    view = shown(session, links.caller_of_link(link, reads.caller), case)
    hidden = UNKNOWN_TO_GUARDIANS if link.party == Party.GUARDIAN else frozenset()
    parts = [
        Part.model_validate(part)
        for part in getattr(view, "parts", ())
        if part["criterion"] not in hidden
    ]
    person = getattr(view, "person", None)
    return Asked(
        party=link.party, proposal=view,  # type: ignore[arg-type]  # no party is shown others
        first_name=case.apprentice.first_name,
        under_18=person is not None and person.under_18,
        why=explaining.speaker(reads.caller).reason(parts) if parts else "",
        support=told(reads.language, support.of_case(session, case),
                     own=link.party == Party.APPRENTICE) if link.party in PAID else None,
        zone=zone_of(session, case, link.party), reasons=REASONS[link.party],
    )  # fmt: skip


def _question(
    request: Request, reads: Reader, asked: Asked, *, status: int = 200, **data: Any
) -> Response:
    return show(
        request, "answer_question.html", status=status, asked=asked, reads=reads,
        reasons=[(code, words.Words(reads.language).of("reason", code))
                 for code in asked.reasons],
        **data,
    )  # fmt: skip


def _in_language_of(session: Session, reads: Reader, link: models.AnswerLink) -> str:
    """The page of the question; where a code was typed, in the language of the party."""
    if not reads.written_in:
        reads = dataclasses.replace(
            reads, written_in=links.language_of(session, reads.caller, link)
        )
    return reads.address("/answer/question")


def _open_form(
    request: Request, reads: Reader, *, is_over: bool = False, faults: Faults | None = None,
    typed: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    status = 422 if faults else 410 if is_over else 200
    return show(
        request, "answer.html", status=status, reads=reads, is_over=is_over,
        faults=faults or Faults(), typed=typed or {},
    )  # fmt: skip
