"""Who is signed in where, and the tokens of people's programs.

What a secret opens is read anew each time, since updates pass rows by that the session holds.
"""

import datetime
import uuid
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

import models
from api.store.rows import changed


def session_by_digest(
    session: Session, sha256: str
) -> tuple[models.LoginSession, models.User] | None:
    """The session with this secret, whatever its state, and whose it is."""
    return session.exec(
        select(models.LoginSession, models.User)
        .join(models.User)
        .where(models.LoginSession.token_sha256 == sha256)
        .execution_options(populate_existing=True)
    ).first()


def sessions_of(
    session: Session, user_id: uuid.UUID, now: datetime.datetime, seen_after: datetime.datetime
) -> list[models.LoginSession]:
    """The sessions of an account that are neither over nor idle, the last seen first."""
    return list(
        session.exec(
            select(models.LoginSession)
            .where(
                models.LoginSession.user_id == user_id,
                col(models.LoginSession.ended_at).is_(None),
                col(models.LoginSession.expires_at) > now,
                col(models.LoginSession.last_seen_at) > seen_after,
            )
            .order_by(col(models.LoginSession.last_seen_at).desc(), col(models.LoginSession.id))
        )
    )


def end_sessions(
    session: Session,
    user_id: uuid.UUID,
    now: datetime.datetime,
    *,
    only: uuid.UUID | None = None,
    besides: uuid.UUID | None = None,
) -> bool:
    """End sessions of an account: all, `only` one, or all `besides` one. Whether any was."""
    wanted: list[Any] = [
        col(models.LoginSession.user_id) == user_id,
        col(models.LoginSession.ended_at).is_(None),
    ]
    if only is not None:
        wanted.append(col(models.LoginSession.id) == only)
    if besides is not None:
        wanted.append(col(models.LoginSession.id) != besides)
    return changed(session, update(models.LoginSession).where(*wanted).values(ended_at=now))


def seen(session: Session, identity: uuid.UUID, now: datetime.datetime) -> None:
    """Write down that a session is in use."""
    changed(
        session,
        update(models.LoginSession)
        .where(col(models.LoginSession.id) == identity, col(models.LoginSession.last_seen_at) < now)
        .values(last_seen_at=now),
    )


def token_by_digest(session: Session, sha256: str) -> tuple[models.ApiToken, models.User] | None:
    """The token with this secret, whatever its state, and whose it is."""
    found = session.execute(_TOKEN_BY_DIGEST, {"sha256": sha256}).first()
    return None if found is None else (found[0], found[1])


_TOKEN_BY_DIGEST = (
    select(models.ApiToken, models.User)
    .join(models.User)
    .where(col(models.ApiToken.token_sha256) == bindparam("sha256"))
    .execution_options(populate_existing=True)
)
"""Made once, since every request of a program asks it."""


def tokens_of(session: Session, user_id: uuid.UUID) -> list[models.ApiToken]:
    """The tokens of an account that were not revoked, the newest first."""
    return list(
        session.exec(
            select(models.ApiToken)
            .where(
                models.ApiToken.user_id == user_id, col(models.ApiToken.revoked_at).is_(None)
            )
            .order_by(col(models.ApiToken.created_at).desc(), col(models.ApiToken.id))
        )
    )  # fmt: skip


def revoke_tokens(session: Session, user_id: uuid.UUID, now: datetime.datetime) -> None:
    """No token of this account opens anything any more."""
    changed(
        session,
        update(models.ApiToken)
        .where(col(models.ApiToken.user_id) == user_id, col(models.ApiToken.revoked_at).is_(None))
        .values(revoked_at=now),
    )
