"""Personal links and printed codes: one party's way to one answer, without an account.

Opening one decides nothing: the secret is exchanged, once, for a short session in which the
party reads and answers.
"""

import datetime

from sqlmodel import Session

import models
from api import keys, store
from api.caller import Caller, NewId
from api.errors import LinkExpiredError, LinkUsedError, NoSuchLinkError
from api.services.records import note
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
) -> str:
    """A new secret for one party's answer: of a link, or a code as it is printed.

    It is not stored and not shown again. Earlier ones of this kind for this answer end, with
    the session of one that was opened.
    """
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
    caller = Caller(
        now, new_id, answers_for=found.party, channel=CHANNEL_OF_KIND[found.kind],
        request_id=request_id,
    )  # fmt: skip
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
