"""Accounts: made, invited to, given a password, disabled.

Who may do what is decided before, by role and scope; here is what holds for everybody.
"""

import datetime
import re
import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

import models
from api import keys, passwords, store
from api.caller import Caller, NewId, caller_of
from api.errors import (
    AccountDisabledError,
    AccountWithoutAddressError,
    AddressFaultyError,
    AddressTakenError,
    InvitationExpiredError,
    InvitationUsedError,
    NoSuchAccountError,
    NoSuchInvitationError,
    NoSuchScopeError,
    OwnAccountError,
    RoleNotYoursError,
    ScopeOfRoleError,
    SignInNeededError,
    WrongPasswordError,
)
from api.policy import Scope
from api.services.records import change, check_version, note, tell
from models import Role
from models.account_views import AccountShown, AccountState, OwnAccountAsked, OwnAccountShown
from models.user import SCOPE_OF_ROLE, UserFields

INVITED_FOR = datetime.timedelta(days=14)
"""So long an invitation can be accepted."""

OF_REGION = frozenset({Role.CENTRE, Role.COMPANY, Role.APPRENTICE, Role.GUARDIAN})
"""The roles whose accounts a coordinator looks after; admins look after all."""

_ADDRESS = re.compile(r"[^@\s\x00-\x1f\x7f\ud800-\udfff]+@[^@\s\x00-\x1f\x7f\ud800-\udfff]+")


def address_of(text: str) -> str | None:
    """An e-mail address as it is stored, in small letters. None if it cannot be one.

    Whether mail arrives shows when some is sent.
    """
    typed = text.strip().lower()
    return typed if _ADDRESS.fullmatch(typed) and len(typed) <= 254 else None


def create_account(
    session: Session, caller: Caller, role: Role, scope_id: uuid.UUID | None, fields: UserFields
) -> models.User:
    """Make an account without a password; `invite` lets its owner set one.

    `scope_id` is the region, centre, company, apprentice or guardian it belongs to, None for
    admins. Raises ScopeOfRoleError, NoSuchScopeError, AddressFaultyError, AddressTakenError.
    """
    column = SCOPE_OF_ROLE[role]
    noun = column.removesuffix("_id") if column else None
    if (scope_id is None) != (noun is None):
        raise ScopeOfRoleError(role, noun)
    if noun and session.get(store.accounts.TABLE_OF_SCOPE[role], scope_id) is None:
        raise NoSuchScopeError(noun)
    email = address_of(fields.email) if fields.email else None
    if fields.email and email is None:
        raise AddressFaultyError
    scope: dict[str, Any] = {column: scope_id} if column else {}
    user = models.User(
        id=caller.new_id(), created_at=caller.now, changed_at=caller.now, role=role,
        **fields.model_dump(exclude={"email"}), email=email, **scope,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        if email and store.accounts.account_by_email(session, email):
            raise AddressTakenError from None
        raise
    note(session, caller, "account.made", user, role=role)
    return user


def make_within(
    session: Session, caller: Caller, role: Role, scope_id: uuid.UUID | None, fields: UserFields
) -> models.User:
    """Make an account as an admin, or as a coordinator for somebody of the own region.

    Raises RoleNotYoursError, NoSuchScopeError for other regions' rows, and what `create_account`
    does.
    """
    refuse_office(caller, role)
    column = SCOPE_OF_ROLE[role]
    if caller.role == Role.COORDINATOR and column and scope_id is not None:
        home = store.regions.home_of(session, role, scope_id)
        if home is None or home.id != caller.scope_id:
            raise NoSuchScopeError(column.removesuffix("_id"))
    return create_account(session, caller, role, scope_id, fields)


def refuse_office(caller: Caller, role: Role) -> None:
    """Raise RoleNotYoursError where a coordinator looks after an admin or a coordinator."""
    if caller.role != Role.ADMIN and role not in OF_REGION:
        raise RoleNotYoursError(role, sorted(OF_REGION))


def refuse_to_touch(caller: Caller, user: models.User) -> None:
    """Raise RoleNotYoursError (`refuse_office`), OwnAccountError for who is signed in."""
    refuse_office(caller, user.role)
    if caller.user_id == user.id:
        raise OwnAccountError


def within(
    session: Session, caller: Caller, scope: Scope, account_id: uuid.UUID
) -> models.User:  # fmt: skip
    """An account in the caller's scope. Raises NoSuchAccountError."""
    mine = store.scopes.accounts_in(scope, caller.scope_id)
    found = store.accounts.accounts(session, col(models.User.id) == account_id, mine)
    if not found:
        raise NoSuchAccountError
    return found[0]


def shown(user: models.User) -> AccountShown:
    """The view of an account for the office."""
    column = SCOPE_OF_ROLE[user.role]
    state = AccountState.ACTIVE if user.can_sign_in else AccountState.INVITED
    return AccountShown(
        id=user.id, version=user.version, created_at=user.created_at, role=user.role,
        name=user.name, email=user.email, language=user.language,
        scope_id=getattr(user, column) if column else None,
        state=AccountState.ENDED if user.disabled_at else state,
    )  # fmt: skip


def account(session: Session, identity: uuid.UUID) -> models.User:
    """The account with this id. Raises NoSuchAccountError."""
    found = session.get(models.User, identity)
    if found is None:
        raise NoSuchAccountError
    return found


def invite(session: Session, caller: Caller, user: models.User) -> str:
    """A new invitation to set a password: its secret, which is not stored and not shown again.

    Unused earlier ones end. The password that there is holds until a new one is set. Raises
    AccountDisabledError, AccountWithoutAddressError.
    """
    if user.disabled_at is not None:
        raise AccountDisabledError
    if user.email is None:
        raise AccountWithoutAddressError
    store.accounts.end_invitations(session, user.id, caller.now)
    secret = keys.new_key()
    session.add(
        models.Invitation(
            id=caller.new_id(), created_at=caller.now, user_id=user.id,
            token_sha256=keys.digest(secret), expires_at=caller.now + INVITED_FOR,
        )
    )  # fmt: skip
    note(session, caller, "account.invited", user)
    return secret


def invite_by_mail(
    session: Session, caller: Caller, user: models.User
) -> tuple[models.Invitation, str]:
    """Invite, and queue a message about it; the invitation and its secret.

    Raises what `invite` does.
    """
    secret = invite(session, caller, user)
    made = store.accounts.invitation_by_digest(session, keys.digest(secret))
    assert made is not None  # noqa: S101  # it was just made
    tell(session, caller, user.email, user.language, "invitation", invitation=made.id)
    return made, secret


def second_secret(session: Session, caller: Caller, first: models.Invitation) -> str | None:
    """Another secret to the same invitation, for the message about it: the first is not stored.

    It holds as long as the first one. None where that one was used or is over.
    """
    if first.used_at is not None or first.expires_at <= caller.now:
        return None
    secret = keys.new_key()
    session.add(
        models.Invitation(
            id=caller.new_id(), created_at=caller.now, user_id=first.user_id,
            token_sha256=keys.digest(secret), expires_at=first.expires_at,
        )
    )  # fmt: skip
    return secret


def accept_invitation(
    session: Session,
    now: datetime.datetime,
    new_id: NewId,
    secret: str,
    password: str,
    *,
    request_id: str = "",
) -> models.User:
    """Set the password of the account that the invitation is for, and end its sessions.

    Where another password held before, the owner is told by mail.

    Raises NoSuchInvitationError, InvitationUsedError, InvitationExpiredError; WeakPasswordError,
    after which the invitation can still be used.
    """
    found = open_invitation(session, keys.digest(secret), now)
    user = session.get_one(models.User, found.user_id)
    passwords.refuse_weak(password, about=_words_about(user))
    caller = caller_of(user, now, new_id, request_id=request_id)
    use_invitation(session, caller, user, found)
    if user.password_hash:
        _tell(session, caller, user, user.email, "password_changed")
    user.password_hash, user.changed_at = passwords.hash_password(password), caller.now
    return user


def open_invitation(session: Session, sha256: str, now: datetime.datetime) -> models.Invitation:
    """The invitation whose secret has this digest, as long as it can be accepted.

    Raises NoSuchInvitationError, InvitationUsedError, InvitationExpiredError.
    """
    found = store.accounts.invitation_by_digest(session, sha256)
    if found is None:
        raise NoSuchInvitationError
    if found.used_at is not None:
        raise InvitationUsedError
    if found.expires_at <= now:
        raise InvitationExpiredError
    return found


def use_invitation(
    session: Session, caller: Caller, user: models.User, found: models.Invitation
) -> None:
    """Accept it, once: sessions and other invitations of the account end.

    Raises InvitationUsedError.
    """
    if not store.accounts.use_invitation(session, found.id, caller.now):
        raise InvitationUsedError
    _end_what_was(session, caller, user)
    note(session, caller, "account.invitation_accepted", user)


def change_password(
    session: Session, caller: Caller, old: str, new: str, keep_session_id: uuid.UUID | None
) -> None:
    """Set another password and end all sessions but one; `sessions.rotate` that one.

    The owner is told by mail.

    Raises WrongPasswordError, WeakPasswordError.
    """
    user = account(session, own_id(caller))
    right, _ = passwords.verify_password(old, user.password_hash)
    if not right:
        raise WrongPasswordError
    passwords.refuse_weak(new, about=_words_about(user))
    user.password_hash, user.changed_at = passwords.hash_password(new), caller.now
    _end_what_was(session, caller, user, keep_session_id=keep_session_id)
    note(session, caller, "account.password_changed", user)
    _tell(session, caller, user, user.email, "password_changed")


def own_account(session: Session, caller: Caller) -> OwnAccountShown:
    """The caller's account. Raises SignInNeededError."""
    user = account(session, own_id(caller))
    return OwnAccountShown(**{name: getattr(user, name) for name in OwnAccountShown.model_fields})


def change_own(
    session: Session, caller: Caller, asked: OwnAccountAsked, seen: int | None
) -> OwnAccountShown:
    """Replace the name, the language of messages and the address of the caller's account.

    Another address asks for the password, since it is what one signs in with; nobody takes the
    own one away; the old address is told. Tries are limited before (`api.throttle`). Raises
    StaleVersionError, WrongPasswordError, AddressFaultyError, AddressTakenError.
    """
    user = account(session, own_id(caller))
    check_version("account", user, seen)
    email = address_of(asked.email) if asked.email else None
    if email != user.email or (asked.email and email is None):
        check_password(user, asked.password)
        if email is None:
            raise AddressFaultyError
    before = user.email
    values = {"name": asked.name, "language": asked.language, "email": email}
    try:
        with session.begin_nested():
            changed = change(session, caller, user, values)
    except IntegrityError:
        raise AddressTakenError from None
    if "email" in changed:
        _tell(session, caller, user, before, "address_changed")
    return own_account(session, caller)


def check_password(user: models.User, typed: str) -> None:
    """Where the account has a password, it is this one. Raises WrongPasswordError."""
    if user.password_hash and not passwords.verify_password(typed, user.password_hash)[0]:
        raise WrongPasswordError


def change_language(session: Session, caller: Caller, language: str) -> None:
    """Another language of messages, one of `LANGUAGES`; all else stays as it is.

    Raises SignInNeededError.
    """
    change(session, caller, account(session, own_id(caller)), {"language": language})


def disable(session: Session, caller: Caller, user: models.User) -> None:
    """Let nobody in with this account any more: sessions, tokens and invitations end.

    One that is disabled already stays as it is.
    """
    if user.disabled_at is not None:
        return
    user.disabled_at = user.changed_at = caller.now
    _end_what_was(session, caller, user)
    store.sessions.revoke_tokens(session, user.id, caller.now)
    note(session, caller, "account.disabled", user)


def own_id(caller: Caller) -> uuid.UUID:
    """The account of the caller. Raises SignInNeededError for somebody without one."""
    if caller.user_id is None:
        raise SignInNeededError
    return caller.user_id


def _end_what_was(
    session: Session, caller: Caller, user: models.User, *, keep_session_id: uuid.UUID | None = None
) -> None:
    """Whoever was in by what held before is out: sessions, begun ones, invitations."""
    store.sessions.end_sessions(session, user.id, caller.now, besides=keep_session_id)
    store.factors.forget_halves(session, user.id)
    store.accounts.end_invitations(session, user.id, caller.now)


def _tell(
    session: Session, caller: Caller, user: models.User, address: str | None, text: str
) -> None:
    """Tell the owner of an account of a change; while one such message waits, not once more."""
    if address and not store.outbox.waits(session, address, text):
        tell(session, caller, address, user.language, text, account=user.id)


def _words_about(user: models.User) -> tuple[str, ...]:
    return user.name, user.email or ""
