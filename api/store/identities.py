"""Accounts elsewhere that sign in to accounts here, and who is on the way to a provider."""

import uuid

from sqlalchemy import delete
from sqlmodel import Session, col, select

import models
from api.store.rows import changed


def account_of(session: Session, issuer: str, subject: str) -> models.User | None:
    """The account that this identity is linked to, whatever its state."""
    return session.exec(
        select(models.User)
        .join(models.LinkedIdentity)
        .where(models.LinkedIdentity.issuer == issuer, models.LinkedIdentity.subject == subject)
    ).first()


def request_by_digest(session: Session, sha256: str) -> models.IdentityRequest | None:
    """Who was sent to a provider with this secret."""
    mine = models.IdentityRequest.secret_sha256 == sha256
    return session.exec(select(models.IdentityRequest).where(mine)).first()


def forget_request(session: Session, identity: uuid.UUID) -> bool:
    """It is used up; False where somebody else did that."""
    mine = col(models.IdentityRequest.id) == identity
    return changed(session, delete(models.IdentityRequest).where(mine))
