"""Accounts, what they belong to, and the invitations to them.

What a secret opens is read anew each time, since updates pass rows by that the session holds.
"""

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, text, true, update
from sqlmodel import Session, col, exists, select

import models
from api.store.rows import changed
from models import Role
from models.account_views import AccountState
from models.base import ChangingRow
from models.user import SCOPE_OF_ROLE

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


def accounts_by_name(
    session: Session, *conditions: Any, skip: int, limit: int
) -> list[models.User]:
    """The accounts that meet the conditions, by name, those of before left out."""
    order = col(models.User.name), col(models.User.id)
    found = select(models.User).where(*conditions).order_by(*order).offset(skip).limit(limit)
    return list(session.exec(found))


def state_is(state: AccountState) -> Any:
    """The condition that an account stands like this."""
    ended = col(models.User.disabled_at).is_not(None)
    invited = and_(col(models.User.password_hash).is_(None), col(models.User.linked_at).is_(None))
    return {
        AccountState.ENDED: ended, AccountState.INVITED: and_(~ended, invited),
        AccountState.ACTIVE: and_(~ended, ~invited),
    }[state]  # fmt: skip


def scopes_of(
    session: Session, role: Role, region_id: uuid.UUID | None, limit: int
) -> list[tuple[uuid.UUID, str, str]]:
    """What an account with this role may belong to: id, name, and where that is.

    In one region, or in all of them. People who have an account already are left out.
    """
    mine = true() if region_id is None else col(models.Region.id) == region_id
    wanted = [mine, *([_without_account(role)] if role in PEOPLE else [])]
    found = session.execute(
        _scopes(role).where(*wanted).order_by(text("2"), text("1")).limit(limit)
    )
    return [(identity, name, place) for identity, name, place in found]


PEOPLE = (Role.APPRENTICE, Role.GUARDIAN)
"""Who has one account at most."""


def scope_names(session: Session, role: Role, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of the rows that accounts of a role belong to."""
    mine = col(TABLE_OF_SCOPE[role].id).in_(ids)
    return {identity: name for identity, name, _ in session.execute(_scopes(role).where(mine))}


def _scopes(role: Role) -> Any:
    """The rows that accounts of a role belong to: id, name, and where that is."""
    home = models.Region.name
    people = col(models.Apprentice.first_name) + " " + col(models.Apprentice.last_name)
    of_role: dict[Role, Any] = {
        Role.COORDINATOR: select(models.Region.id, models.Region.name, home),
        Role.CENTRE: select(models.Centre.id, models.Centre.name, home).join(models.Region),
        Role.COMPANY: select(models.Company.id, models.Company.name, home).join(models.Region),
        Role.APPRENTICE: select(models.Apprentice.id, people, models.Centre.name)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .join(models.Region, col(models.Region.id) == models.Centre.region_id),
        Role.GUARDIAN: select(models.Guardian.id, models.Guardian.name, people)
        .join(models.Apprentice, col(models.Apprentice.id) == models.Guardian.apprentice_id)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .join(models.Region, col(models.Region.id) == models.Centre.region_id),
    }
    return of_role[role]


def _without_account(role: Role) -> Any:
    column: Any = getattr(models.User, SCOPE_OF_ROLE[role] or "")
    row = col(TABLE_OF_SCOPE[role].id)
    return ~exists().where(column == row, col(models.User.disabled_at).is_(None))


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


def any_at(session: Session, domain: str) -> bool:
    """Whether somebody has an account with an address at this domain."""
    theirs = col(models.User.email).like(f"%@{domain}")
    return session.exec(select(models.User.id).where(theirs).limit(1)).first() is not None
