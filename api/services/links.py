"""Personal links and printed codes: one party's way to one answer, without an account.

Opening one decides nothing: the secret is exchanged, once, for a short session in which the
party reads and answers.
"""

import dataclasses
import datetime

from sqlmodel import Session, col

import models
from api import keys, store
from api.caller import Caller, NewId
from api.errors import (
    LinkExpiredError,
    LinkNotOpenError,
    LinkUsedError,
    NoSuchLinkError,
    NotAskedNowError,
    NotYoursToAnswerError,
    NotYourTurnError,
)
from api.services import asking
from api.services.asking import open_turn
from api.services.proposals import load, recordable
from api.services.records import note
from api.store.cases import Case
from models import Channel, LinkKind, Party

OPEN_FOR = datetime.timedelta(minutes=30)
"""So long somebody reads and answers after a link was opened."""

CHANNEL_OF_KIND = {LinkKind.LINK: Channel.LINK, LinkKind.CODE: Channel.CODE}
"""How an answer comes in that a link of this kind led to."""


def make_link(
    session: Session,
    caller: Caller,
    proposal: models.Proposal,
    party: Party,
    kind: LinkKind,
    days: int = 14,
    *,
    ends_earlier: bool = True,
) -> str:
    """A new secret for one party's answer: of a link, or a code as it is printed.

    It is not stored and not shown again. Earlier ones of this kind for this answer end, with
    the session of one that was opened; without `ends_earlier` they go on, as where both parents
    get a message of their own, and later a reminder.
    """
    if ends_earlier:
        store.links.revoke_links(session, proposal.id, party, kind, caller.now)
    secret = keys.new_key() if kind == LinkKind.LINK else keys.new_code()
    made = models.AnswerLink(
        id=caller.new_id(), created_at=caller.now, proposal_id=proposal.id, party=party, kind=kind,
        secret_sha256=keys.digest(secret), made_by=caller.user_id,
        expires_at=caller.now + datetime.timedelta(days=days),
    )  # fmt: skip
    session.add(made)
    note(session, caller, "link.made", made, proposal=proposal.id, party=party, kind=kind)
    return secret if kind == LinkKind.LINK else keys.printed(secret)


def make_for(
    session: Session, caller: Caller, case: Case, party: Party, kind: LinkKind, days: int
) -> str:
    """A link or a code that a coordinator gives to a party of the own side, once it is asked.

    Raises NotYoursToAnswerError, NotYourTurnError.
    """
    if party not in recordable(session, caller, case):
        raise NotYoursToAnswerError(party)
    if not is_asked(session, case, party):
        waiting = open_turn(session, case, store.cases.approvals(session, case.proposal.id))
        raise NotYourTurnError(party, waiting)
    return make_link(session, caller, case.proposal, party, kind, days)


def is_asked(session: Session, case: Case, party: Party) -> bool:
    """Whether the turn of a party has come: nobody sees a proposal before."""
    row = store.cases.approvals(session, case.proposal.id).get(party)
    return row is not None and row.asked_at is not None


def open_link(
    session: Session,
    now: datetime.datetime,
    new_id: NewId,
    secret: str,
    *,
    request_id: str = "",
) -> tuple[models.AnswerLink, str]:
    """The link and the secret of its session, for a link's secret or a code, once.

    A code may be typed in any case, with or without its dashes. Raises NoSuchLinkError,
    LinkUsedError, LinkExpiredError. Tries are limited before (`api.throttle`).
    """
    found = store.links.link_by_secret(session, keys.digest(keys.code_of(secret) or secret))
    if found is None:
        raise NoSuchLinkError
    if found.opened_at is not None:
        raise LinkUsedError
    if found.revoked_at is not None or found.expires_at <= now:
        raise LinkExpiredError
    key = keys.new_key()
    if not store.links.open_link(session, found, now, keys.digest(key), now + OPEN_FOR):
        raise LinkUsedError if found.opened_at else LinkExpiredError
    caller = caller_of_link(found, Caller(now, new_id, request_id=request_id))
    note(session, caller, "link.opened", found, party=found.party, kind=found.kind)
    return found, key


def link_of(
    session: Session, now: datetime.datetime, session_secret: str
) -> models.AnswerLink | None:
    """The link whose session has this secret. None where it is over or a newer link was made."""
    found = store.links.link_by_session(session, keys.digest(session_secret))
    if found is None or found.revoked_at is not None:
        return None
    until = found.session_expires_at
    return found if until is not None and now < until else None


def opened(session: Session, now: datetime.datetime, key: str | None) -> models.AnswerLink:
    """The link whose session has this secret. Raises LinkNotOpenError."""
    link = link_of(session, now, key) if key else None
    if link is None:
        raise LinkNotOpenError
    return link


def caller_of_link(link: models.AnswerLink, anybody: Caller) -> Caller:
    """Who answers with a link: its party, and nobody with an account."""
    return dataclasses.replace(
        anybody, answers_for=link.party, channel=CHANNEL_OF_KIND[link.kind]
    )  # fmt: skip


def case_of(session: Session, link: models.AnswerLink, *, change: bool) -> Case:
    """The case that a link is about, held where it is to `change`.

    Raises NotAskedNowError where the party's turn has not come, or not again after a change.
    """
    if change:
        case = load(session, link.proposal_id)
    else:
        (case,) = store.cases.cases(session, col(models.Proposal.id) == link.proposal_id)
    if not is_asked(session, case, link.party):
        raise NotAskedNowError
    return case


def language_of(session: Session, caller: Caller, link: models.AnswerLink) -> str:
    """The language in which the party of a link is written to."""
    (case,) = store.cases.cases(session, col(models.Proposal.id) == link.proposal_id)
    return asking.language_of(session, caller, case, link.party)


def close(session: Session, caller: Caller, link: models.AnswerLink) -> None:
    """End the session of a link: whoever uses the device next does not see it."""
    store.links.end_session(session, link, caller.now)
    note(session, caller, "link.closed", link, party=link.party, kind=link.kind)
