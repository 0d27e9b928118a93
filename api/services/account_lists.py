"""Accounts as the office looks at them: by name, with what they belong to, and whom to make."""

import uuid
from dataclasses import dataclass

from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.policy import Scope
from api.services.accounts import OF_REGION, shown
from models import Role
from models.account_views import AccountShown, AccountState

ON_A_PAGE = 50

MOST_CHOICES = 2000
"""So many rows are there to choose from."""

MADE_BY: dict[Role, tuple[Role, ...]] = {
    Role.ADMIN: (Role.COORDINATOR, Role.CENTRE, Role.COMPANY, Role.ADMIN),
    Role.COORDINATOR: tuple(role for role in Role if role in OF_REGION),
}
"""Whose accounts a role makes on pages. Administrators know no apprentices by name."""

NAMED = (Role.COORDINATOR, Role.CENTRE, Role.COMPANY)
"""Roles of which it is said what they belong to; all others are that person."""


@dataclass(frozen=True)
class Listed:
    """An account, and the name of what it belongs to."""

    account: AccountShown
    belongs_to: str


def page(
    session: Session, caller: Caller, scope: Scope, *, role: Role | None = None,
    state: AccountState | None = None, number: int = 1,
) -> tuple[list[Listed], bool]:  # fmt: skip
    """A page of the accounts that one looks after, by name, and whether more follow."""
    wanted = [store.scopes.accounts_in(scope, caller.scope_id)]
    if role is not None:
        wanted.append(col(models.User.role) == role)
    if state is not None:
        wanted.append(store.accounts.state_is(state))
    found = store.accounts.accounts_by_name(
        session, *wanted, skip=(number - 1) * ON_A_PAGE, limit=ON_A_PAGE + 1
    )
    return listed(session, found[:ON_A_PAGE]), len(found) > ON_A_PAGE


def listed(session: Session, users: list[models.User]) -> list[Listed]:
    """Accounts with the names of what they belong to."""
    views = [shown(user) for user in users]
    names: dict[uuid.UUID, str] = {}
    for role in NAMED:
        ids = {one.scope_id for one in views if one.role == role and one.scope_id is not None}
        if ids:
            names |= store.accounts.scope_names(session, role, ids)
    return [
        Listed(one, names.get(one.scope_id, "") if one.scope_id is not None else "")
        for one in views
    ]


def may_make(caller: Caller) -> tuple[Role, ...]:
    """The roles whose accounts somebody makes."""
    return MADE_BY.get(caller.role, ()) if caller.role else ()


def choices(session: Session, caller: Caller, role: Role) -> list[tuple[uuid.UUID, str]]:
    """What a new account of a role may belong to; none for administrators."""
    if role not in may_make(caller) or role == Role.ADMIN:
        return []
    home = caller.scope_id if caller.role == Role.COORDINATOR else None
    found = store.accounts.scopes_of(session, role, home, MOST_CHOICES)
    return [
        (identity, name if name == place else f"{name} ({place})")
        for identity, name, place in found
    ]  # fmt: skip
