"""Answers without an account: links and codes that are given out, opened, and answered with.

The secret of a link stands behind the # of its address and is sent once, in a body. Opening it
decides nothing: it starts a session of half an hour, kept in a cookie of its own.
"""

import datetime
import uuid
from typing import Annotated

from fastapi import APIRouter, Request, Response, Security
from fastapi.security import APIKeyCookie
from sqlmodel import Session

import models
from api import addresses
from api.browser import give_answer_cookie, take_answer_cookie
from api.caller import Caller
from api.edge import (
    ANSWER_COOKIE,
    Anonymous,
    Permit,
    Reading,
    SeenVersion,
    Writing,
    may,
    refuse_other_sites,
    refuse_unencrypted,
    tag,
)
from api.policy import Action
from api.services import asking, links, proposals
from api.services.records import check_version
from api.services.showing import shown
from api.store.cases import Case
from api.store.scopes import cases_in
from api.throttle import Tried
from models import REASONS, LinkKind
from models.answer_views import (
    AnswerAsked,
    AnswerGiven,
    AnswerOpen,
    LinkAsked,
    LinkMade,
    Secret,
)

router = APIRouter(tags=["answers"])

Opened = Annotated[
    str | None,
    Security(APIKeyCookie(name=ANSWER_COOKIE, auto_error=False, scheme_name="answer")),
]
"""The secret of the session, None where nothing was opened."""


@router.post("/proposals/{proposal_id}/links", status_code=201)
def make_link(
    proposal_id: uuid.UUID, asked: LinkAsked, request: Request, session: Writing,
    permit: Permit = may(Action.LINK_MAKE),
) -> LinkMade:  # fmt: skip
    """Make a link or a code for a party of one's own side that is asked now.

    It stands in this answer and nowhere else; earlier ones of its kind for this answer end.
    """
    mine = cases_in(permit.scope, permit.caller.scope_id)
    case = proposals.load(session, proposal_id, mine)
    caller = proposals.speaking_for(session, permit.caller, case)
    secret = links.make_for(session, caller, case, asked.party, asked.kind, asked.days)
    is_code, base = asked.kind == LinkKind.CODE, request.app.state.settings.address
    language = asking.language_of(session, caller, case, asked.party)
    return LinkMade(
        party=asked.party, kind=asked.kind,
        link=addresses.answer(base, "" if is_code else secret, language),
        code=secret if is_code else None, language=language,
        expires_at=caller.now + datetime.timedelta(days=asked.days),
    )  # fmt: skip


@router.post("/answer-session", status_code=201)
def open_link(
    asked: Secret, request: Request, response: Response, caller: Anonymous, session: Writing
) -> AnswerOpen:
    """Open a link or a code, once. It decides nothing; the session is in the cookie."""
    here = refuse_unencrypted(request)
    refuse_other_sites(request)
    request.app.state.throttle.check(Tried.OPEN_FROM_ADDRESS, here)
    link, key = links.open_link(
        session, caller.now, caller.new_id, asked.secret, request_id=caller.request_id
    )
    give_answer_cookie(response, key)
    return AnswerOpen(party=link.party, open_until=caller.now + links.OPEN_FOR)


@router.get("/answer")
def what_is_asked(
    response: Response, caller: Anonymous, session: Reading, opened: Opened
) -> AnswerAsked:
    """What the party of the link is asked, with the ETag that the answer asks for."""
    link = links.opened(session, caller.now, opened)
    case = links.case_of(session, link, change=False)
    return _asked(session, caller, link, case, response)


@router.post("/answer")
def answer(
    asked: AnswerGiven, request: Request, response: Response, caller: Anonymous,
    session: Writing, seen: SeenVersion, opened: Opened,
) -> AnswerAsked:  # fmt: skip
    """Say yes or no."""
    refuse_other_sites(request)
    link = links.opened(session, caller.now, opened)
    case = links.case_of(session, link, change=True)
    check_version("proposal", case.proposal, seen)
    party = links.caller_of_link(link, caller)
    proposals.answer(session, party, case, link.party, asked.answer, reason=asked.reason)
    session.flush()
    return _asked(session, caller, link, case, response)


@router.delete("/answer-session", status_code=204)
def close(
    request: Request, response: Response, caller: Anonymous, session: Writing, opened: Opened
) -> None:
    """End the session, so that who uses the device next does not see it."""
    refuse_other_sites(request)
    link = links.link_of(session, caller.now, opened) if opened else None
    if link is not None:
        links.close(session, links.caller_of_link(link, caller), link)
    take_answer_cookie(response)


def _asked(
    session: Session, caller: Caller, link: models.AnswerLink, case: Case, response: Response
) -> AnswerAsked:
    response.headers["ETag"] = tag(case.proposal.version)
    assert link.session_expires_at is not None  # noqa: S101  # it is open
    view = shown(session, links.caller_of_link(link, caller), case)
    return AnswerAsked(
        party=link.party, open_until=link.session_expires_at, reasons=list(REASONS[link.party]),
        proposal=view,  # type: ignore[arg-type]  # the shape refuses what others are shown
    )  # fmt: skip
