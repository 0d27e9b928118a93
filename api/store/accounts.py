"""Accounts, what they belong to, and the invitations to them.

What a secret opens is read anew each time, since updates pass rows by that the session holds.
"""

import datetime
import uuid
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

import models
from api.store.rows import changed
from models import Role
from models.base import ChangingRow

TABLE_OF_SCOPE: dict[Role, type[ChangingRow]] = {
    Role.COORDINATOR: models.Region,
    Role.CENTRE: models.Centre,
    Role.COMPANY: models.Company,
    Role.APPRENTICE: models.Apprentice,
    Role.GUARDIAN: models.Guardian,
}
"""The table whose row an account with this role belongs to."""


def account_by_email(session: Session, email: str) -> models.User | None:
    """The account with this address, given in small letters."""
    return session.exec(select(models.User).where(models.User.email == email)).first()


def every_account(session: Session) -> list[models.User]:
    """All accounts, by role and name."""
    order = col(models.User.role), col(models.User.name), col(models.User.id)
    return list(session.exec(select(models.User).order_by(*order)))


def accounts(
    session: Session, *conditions: Any, limit: int | None = None
) -> list[models.User]:  # fmt: skip
    """The accounts that meet the conditions, by their ids."""
    found = select(models.User).where(*conditions).order_by(col(models.User.id)).limit(limit)
    return list(session.exec(found))


def home_of_scope(session: Session, role: Role, scope_id: uuid.UUID) -> uuid.UUID | None:
    """The region of the row that a role's account belongs to. None where there is no such row."""
    people = select(models.Centre.region_id).join(models.Apprentice)
    homes = {
        Role.COORDINATOR: select(models.Region.id).where(models.Region.id == scope_id),
        Role.CENTRE: select(models.Centre.region_id).where(models.Centre.id == scope_id),
        Role.COMPANY: select(models.Company.region_id).where(models.Company.id == scope_id),
        Role.APPRENTICE: people.where(models.Apprentice.id == scope_id),
        Role.GUARDIAN: people.join(models.Guardian).where(models.Guardian.id == scope_id),
    }
    return session.exec(homes[role]).first() if role in homes else None


def coordinators_of(session: Session, region_id: uuid.UUID) -> list[models.User]:
    """The coordinators of a region who can sign in."""
    return _able(session, models.User.role == Role.COORDINATOR, models.User.region_id == region_id)


def admins(session: Session) -> list[models.User]:
    """Who runs the service."""
    return _able(session, models.User.role == Role.ADMIN)


def _able(session: Session, *conditions: Any) -> list[models.User]:
    able = col(models.User.disabled_at).is_(None)
    found = select(models.User).where(able, *conditions).order_by(col(models.User.id))
    return list(session.exec(found))


def scope_by_code(session: Session, role: Role, code: str) -> uuid.UUID | None:
    """The row that a role's account belongs to, by what people call it.

    REGION for a coordinator, CENTRE for a centre, REGION/KEY for a company, CENTRE/KEY for an
    apprentice.
    """
    outer, _, key = code.partition("/")
    by_code = {
        Role.COORDINATOR: select(models.Region.id).where(models.Region.code == code),
        Role.CENTRE: select(models.Centre.id).where(models.Centre.code == code),
        Role.COMPANY: select(models.Company.id)
        .join(models.Region)
        .where(models.Region.code == outer, models.Company.key == key),
        Role.APPRENTICE: select(models.Apprentice.id)
        .join(models.Centre)
        .where(models.Centre.code == outer, models.Apprentice.key == key),
    }
    return session.exec(by_code[role]).first() if role in by_code else None


def invitation_by_digest(session: Session, sha256: str) -> models.Invitation | None:
    """The invitation with this secret."""
    return session.exec(
        select(models.Invitation)
        .where(models.Invitation.token_sha256 == sha256)
        .execution_options(populate_existing=True)
    ).first()


def use_invitation(session: Session, identity: uuid.UUID, now: datetime.datetime) -> bool:
    """Use an invitation. False where it was used already: of two who try at once one can."""
    return changed(
        session,
        update(models.Invitation)
        .where(col(models.Invitation.id) == identity, col(models.Invitation.used_at).is_(None))
        .values(used_at=now),
    )


def end_invitations(session: Session, user_id: uuid.UUID, now: datetime.datetime) -> None:
    """No unused invitation of this account can be used any more."""
    changed(
        session,
        update(models.Invitation)
        .where(col(models.Invitation.user_id) == user_id, col(models.Invitation.used_at).is_(None))
        .values(used_at=now),
    )
