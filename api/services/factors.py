"""The second factor of an account: set up, asked for, taken away.

An app makes codes of a secret that it shares with the service (`api.totp`). Ten recovery codes
stand in for it, once each. Who may do it is decided before; tries are limited before too
(`api.throttle`).
"""

import base64
import datetime
import uuid

from sqlmodel import Session

import models
from api import chain, keys, store, totp
from api.caller import Caller
from api.errors import (
    FreshCodeNeededError,
    NoSecondFactorError,
    SecondFactorKeptError,
    SecondFactorThereError,
    WrongCodeError,
)
from api.sealing import SERVICE, place_of
from api.services.accounts import account, check_password, own_id
from api.services.records import note, tell
from models import Role
from models.factor_views import FactorBegun, FactorShown, FactorState

OFFICE = frozenset({Role.ADMIN, Role.COORDINATOR})
"""Whose second factor can be made a duty (`Settings.second_factor`)."""

SET_UP_WITHIN = datetime.timedelta(hours=1)
"""A secret whose first code did not come by then is not used."""

FRESH_FOR = datetime.timedelta(minutes=10)
"""So long after a code nobody is asked for another one."""

RECOVERY_CODES = 10

RECOVERY_LENGTH = 24
"""Characters of a recovery code: 117 bits, so that a plain digest keeps it (ASVS 5.0, 6.5.2)."""


def confirmed(session: Session, user_id: uuid.UUID) -> models.SecondFactor | None:
    """The second factor that signing in asks for, None where it asks for none."""
    found = store.factors.factor_of(session, user_id)
    return found if found is not None and found.confirmed_at is not None else None


def shown(session: Session, caller: Caller, *, required: bool) -> FactorShown:
    """How the caller's second factor stands."""
    found = store.factors.factor_of(session, own_id(caller))
    since = found.confirmed_at if found else None
    state = FactorState.ON if since else FactorState.OFF
    if found and not since and _is_timely(found, caller):
        state = FactorState.BEGUN
    left = store.factors.codes_left(session, own_id(caller)) if since else 0
    return FactorShown(state=state, since=since, required=required, recovery_codes_left=left)


def begin(session: Session, caller: Caller, password: str) -> FactorBegun:
    """A new secret; it counts once a first code confirms it. An earlier unconfirmed one goes.

    Whoever finds an open session does not set up a phone of their own: the password is asked for
    where there is one. Raises SecondFactorThereError, WrongPasswordError.
    """
    user = account(session, own_id(caller))
    if confirmed(session, user.id):
        raise SecondFactorThereError
    check_password(user, password)
    store.factors.forget_factor(session, user.id)
    secret, identity = totp.new_secret(), caller.new_id()
    sealed = chain.vault_of(session).seal(SERVICE, _place(identity), totp.written(secret))
    made = models.SecondFactor(
        id=identity, created_at=caller.now, user_id=user.id, secret=sealed
    )  # fmt: skip
    session.add(made)
    session.flush()
    note(session, caller, "factor.begun", made)
    return _begun(user, secret)


def begun(session: Session, caller: Caller) -> FactorBegun:
    """The secret once more, until it is confirmed. Raises NoSecondFactorError."""
    user = account(session, own_id(caller))
    return _begun(user, _secret(session, _unconfirmed(session, caller)))


def _begun(user: models.User, secret: bytes) -> FactorBegun:
    address = totp.address(secret, user.email or user.name)
    return FactorBegun(secret=totp.written(secret), address=address)


def confirm(
    session: Session, caller: Caller, login: models.LoginSession, code: str
) -> list[str]:  # fmt: skip
    """A first code: from now on signing in asks for one. All other sessions end.

    Returns the recovery codes. Rotate the session's secret afterwards (`sessions.rotate`).
    Raises NoSecondFactorError, WrongCodeError.
    """
    user = account(session, own_id(caller))
    found = _unconfirmed(session, caller)
    _take(session, caller, found, "".join(code.split()))
    found.confirmed_at = login.second_at = caller.now
    store.sessions.end_sessions(session, user.id, caller.now, besides=login.id)
    note(session, caller, "factor.confirmed", found)
    tell(session, caller, user.email, user.language, "factor_on")
    return _new_codes(session, caller, user)


def check_code(session: Session, caller: Caller, user_id: uuid.UUID, typed: str) -> None:
    """Take a code of the app or a recovery code, once. Raises NoSecondFactorError, WrongCodeError.

    The owner is told where a recovery code was used.
    """
    found = confirmed(session, user_id)
    if found is None:
        raise NoSecondFactorError
    recovery = keys.code_of(typed, RECOVERY_LENGTH)
    if recovery is None:
        _take(session, caller, found, "".join(typed.split()))
        return
    if not store.factors.use_recovery_code(session, user_id, keys.digest(recovery), caller.now):
        raise WrongCodeError("wrong")
    left, user = store.factors.codes_left(session, user_id), account(session, user_id)
    note(session, caller, "factor.recovery_code_used", found, left=left)
    tell(session, caller, user.email, user.language, "recovery_code_used", count=left)


def check_fresh(
    session: Session, caller: Caller, login: models.LoginSession, code: str
) -> None:  # fmt: skip
    """Ask for a code where there is a second factor and none was given in the last minutes.

    Raises FreshCodeNeededError, WrongCodeError.
    """
    if confirmed(session, own_id(caller)) is None:
        return
    if not code:
        if login.second_at is None or login.second_at <= caller.now - FRESH_FOR:
            raise FreshCodeNeededError
        return
    check_code(session, caller, own_id(caller), code)
    login.second_at = caller.now


def new_codes(
    session: Session, caller: Caller, login: models.LoginSession, code: str
) -> list[str]:  # fmt: skip
    """Other recovery codes in place of those before.

    Raises NoSecondFactorError, FreshCodeNeededError, WrongCodeError.
    """
    user = account(session, own_id(caller))
    if confirmed(session, user.id) is None:
        raise NoSecondFactorError
    check_fresh(session, caller, login, code)
    return _new_codes(session, caller, user)


def end(
    session: Session, caller: Caller, login: models.LoginSession, code: str, *, required: bool
) -> None:
    """Switch the own second factor off.

    Raises SecondFactorKeptError where it is a duty, and what `new_codes` raises.
    """
    user = account(session, own_id(caller))
    found = confirmed(session, user.id)
    if found is None:
        raise NoSecondFactorError
    if required:
        raise SecondFactorKeptError
    check_fresh(session, caller, login, code)
    store.factors.forget_factor(session, user.id)
    login.second_at = None
    note(session, caller, "account.factor_ended", user)
    tell(session, caller, user.email, user.language, "factor_off")


def reset(session: Session, caller: Caller, user: models.User) -> None:
    """Take somebody's second factor away, so that a new one can be set up. All sessions end.

    Who may do it was decided before. One that is not there stays away.
    """
    had = confirmed(session, user.id) is not None
    store.factors.forget_factor(session, user.id)
    if not had:
        return
    store.sessions.end_sessions(session, user.id, caller.now)
    note(session, caller, "account.factor_reset", user)
    tell(session, caller, user.email, user.language, "factor_reset")


def _new_codes(session: Session, caller: Caller, user: models.User) -> list[str]:
    store.factors.forget_codes(session, user.id)
    codes = [keys.new_code(RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    session.add_all(
        models.RecoveryCode(
            id=caller.new_id(), created_at=caller.now, user_id=user.id,
            code_sha256=keys.digest(code),
        )
        for code in codes
    )  # fmt: skip
    note(session, caller, "account.recovery_codes_made", user)
    return [keys.printed(code) for code in codes]


def _take(session: Session, caller: Caller, found: models.SecondFactor, code: str) -> None:
    """Take a code of the app. Raises WrongCodeError."""
    steps = totp.steps_of(_secret(session, found), code, caller.now)
    if not steps:
        raise WrongCodeError("wrong")
    if not any(store.factors.take_step(session, found.id, step) for step in steps):
        raise WrongCodeError("used")
    session.refresh(found)


def _secret(session: Session, found: models.SecondFactor) -> bytes:
    text = chain.vault_of(session).open(SERVICE, _place(found.id), found.secret)
    return base64.b32decode(text)


def _unconfirmed(session: Session, caller: Caller) -> models.SecondFactor:
    found = store.factors.factor_of(session, own_id(caller))
    if found is None or found.confirmed_at is not None or not _is_timely(found, caller):
        raise NoSecondFactorError
    return found


def _is_timely(found: models.SecondFactor, caller: Caller) -> bool:
    return found.created_at > caller.now - SET_UP_WITHIN


def _place(identity: uuid.UUID) -> str:
    return place_of("second_factor", "secret", identity)
