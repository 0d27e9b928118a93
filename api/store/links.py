"""Links and codes with which one party answers one proposal.

What a secret opens is read anew each time, since updates pass rows by that the session holds.
"""

import datetime
import uuid

from sqlalchemy import update
from sqlmodel import Session, col, select

import models
from api.store.rows import changed
from models import LinkKind, Party


def link_by_secret(session: Session, sha256: str) -> models.AnswerLink | None:
    """The link or code with this secret, whatever its state."""
    return session.exec(
        select(models.AnswerLink)
        .where(models.AnswerLink.secret_sha256 == sha256)
        .execution_options(populate_existing=True)
    ).first()


def link_by_session(session: Session, sha256: str) -> models.AnswerLink | None:
    """The link whose session has this secret, whatever its state."""
    return session.exec(
        select(models.AnswerLink)
        .where(models.AnswerLink.session_sha256 == sha256)
        .execution_options(populate_existing=True)
    ).first()


def revoke_links(
    session: Session, proposal_id: uuid.UUID, party: Party, kind: LinkKind, now: datetime.datetime
) -> None:
    """End every link of this kind for this party's answer to this proposal, opened or not."""
    changed(
        session,
        update(models.AnswerLink)
        .where(
            col(models.AnswerLink.proposal_id) == proposal_id,
            col(models.AnswerLink.party) == party,
            col(models.AnswerLink.kind) == kind,
            col(models.AnswerLink.revoked_at).is_(None),
        )
        .values(revoked_at=now),
    )


def end_session(session: Session, link: models.AnswerLink, now: datetime.datetime) -> None:
    """The session of this link opens nothing any more."""
    changed(
        session,
        update(models.AnswerLink)
        .where(
            col(models.AnswerLink.id) == link.id, col(models.AnswerLink.session_expires_at) > now
        )
        .values(session_expires_at=now),
    )


def open_link(
    session: Session,
    link: models.AnswerLink,
    now: datetime.datetime,
    session_sha256: str,
    session_expires_at: datetime.datetime,
) -> bool:
    """Give a link its session. False where it has one: of two who try at once one gets it."""
    taken = changed(
        session,
        update(models.AnswerLink)
        .where(
            col(models.AnswerLink.id) == link.id,
            col(models.AnswerLink.opened_at).is_(None),
            col(models.AnswerLink.revoked_at).is_(None),
        )
        .values(
            opened_at=now, session_sha256=session_sha256, session_expires_at=session_expires_at
        ),
    )
    session.refresh(link)
    return taken
