"""Signing in and out: sessions kept in the database, each opened by a secret.

The secret stands in the browser's cookie, its digest in the row.
"""

import datetime
import uuid
from collections.abc import Sequence

from sqlmodel import Session

import models
from api import keys, passwords, store
from api.caller import Caller
from api.errors import NoSuchSessionError, WrongCredentialsError
from api.services.accounts import address_of, own_id
from api.services.records import note
from models.account_views import SessionShown

LASTS = datetime.timedelta(hours=12)
"""So long a session lasts at most, a working day (ASVS 5.0, 7.3.2)."""

IDLE = datetime.timedelta(minutes=60)
"""So long it lasts when nothing is asked (ASVS 5.0, 7.3.1)."""

SEEN_EVERY = datetime.timedelta(minutes=1)
"""That a session is in use is written down once in this time at most."""


def by_password(
    session: Session, now: datetime.datetime, email: str, password: str
) -> models.User:  # fmt: skip
    """Whose address and password these are.

    Raises WrongCredentialsError, the same one after the same time for an unknown address, a
    wrong password and a disabled account. Tries are limited before (`api.throttle`).
    """
    address = address_of(email)
    user = store.accounts.account_by_email(session, address) if address else None
    right, renewed = passwords.verify_password(password, user.password_hash if user else None)
    if user is None or not right or user.disabled_at is not None:
        raise WrongCredentialsError
    if renewed:
        user.password_hash, user.changed_at = renewed, now
    return user


def start_session(
    session: Session, caller: Caller, device: str, *, second: bool = False
) -> tuple[models.LoginSession, str]:
    """A session of somebody who is known already, as after an invitation was accepted.

    `device` is what the browser says of itself; `second`: a second factor was shown too.
    """
    secret = keys.new_key()
    started = models.LoginSession(
        id=caller.new_id(), created_at=caller.now, user_id=own_id(caller),
        token_sha256=keys.digest(secret), last_seen_at=caller.now,
        expires_at=caller.now + LASTS, device="".join(filter(str.isprintable, device))[:200],
        second_at=caller.now if second else None,
    )  # fmt: skip
    session.add(started)
    note(session, caller, "session.started", started)
    return started, secret


def session_of(
    session: Session, now: datetime.datetime, secret: str, *, write: bool = True
) -> tuple[models.LoginSession, models.User] | None:
    """The session that a secret opens, and whose it is. None where it is over or idle.

    Writes down that it is in use. In a transaction that only reads say `write=False`, and where
    `is_due` then call it again in one that writes: else it goes idle while it is used.
    """
    found = store.sessions.session_by_digest(session, keys.digest(secret))
    if found is None:
        return None
    login, user = found
    over = login.ended_at is not None or login.expires_at <= now or user.disabled_at is not None
    over = over or login.created_at > now + IDLE  # the clock was wrong: it would last too long
    if over or login.last_seen_at <= now - IDLE:
        return None
    if write and is_due(login, now):
        store.sessions.seen(session, login.id, now)
        session.refresh(login)
    return login, user


def is_due(login: models.LoginSession, now: datetime.datetime) -> bool:
    """Whether it is time to write down that the session is in use."""
    return login.last_seen_at <= now - SEEN_EVERY


def rotate(session: Session, caller: Caller, login: models.LoginSession) -> str:
    """Another secret for the same session; the old one opens nothing. It lasts no longer."""
    secret = keys.new_key()
    login.token_sha256 = keys.digest(secret)
    note(session, caller, "session.rotated", login)
    return secret


def sign_out(session: Session, caller: Caller, login: models.LoginSession) -> None:
    """End the session that the caller is signed in with."""
    end_session(session, caller, login.id)


def own_sessions(session: Session, caller: Caller) -> list[models.LoginSession]:
    """Where the caller is signed in, the last seen first."""
    return store.sessions.sessions_of(session, own_id(caller), caller.now, caller.now - IDLE)


def shown(
    found: Sequence[models.LoginSession], this: uuid.UUID | None
) -> list[SessionShown]:  # fmt: skip
    """Sessions as their owner sees them; `this` is the id of the one that asks."""
    names = SessionShown.model_fields.keys() - {"this"}
    return [
        SessionShown(**{name: getattr(one, name) for name in names}, this=one.id == this)
        for one in found
    ]


def end_session(session: Session, caller: Caller, session_id: uuid.UUID) -> None:
    """End one of the caller's sessions; one that is over stays so.

    Raises NoSuchSessionError, for those of others too.
    """
    found = session.get(models.LoginSession, session_id)
    if found is None or found.user_id != own_id(caller):
        raise NoSuchSessionError(session_id)
    if store.sessions.end_sessions(session, found.user_id, caller.now, only=found.id):
        note(session, caller, "session.ended", found)


def end_other_sessions(session: Session, caller: Caller, keep_session_id: uuid.UUID) -> None:
    """End all of the caller's sessions but one."""
    user = session.get_one(models.User, own_id(caller))
    if store.sessions.end_sessions(session, user.id, caller.now, besides=keep_session_id):
        note(session, caller, "session.others_ended", user)


def end_all(session: Session, caller: Caller, user: models.User) -> None:
    """End all sessions of an account; who may do it was decided before."""
    store.factors.forget_halves(session, user.id)
    if store.sessions.end_sessions(session, user.id, caller.now):
        note(session, caller, "account.sessions_ended", user)
