"""Signing in, in one step or in two: the password, and the code where there is a second factor.

Between the two there is a half session: a secret of its own that opens nothing but the second
step, for some minutes and some tries.
"""

import datetime
import uuid
from dataclasses import dataclass

from sqlmodel import Session

import models
from api import keys, store
from api.caller import Caller, caller_of
from api.errors import SecondStepOverError, ServiceError
from api.services import devices, factors, sessions
from api.services.records import note, tell

STEP_WITHIN = datetime.timedelta(minutes=10)
"""So long the code may take."""

MOST_TRIES = 5
"""After so many wrong codes the password is asked for again, and the owner is told."""


@dataclass(frozen=True)
class Browser:
    """What a browser says of itself, and the secret that it keeps (`devices`), if any."""

    says: str
    secret: str = ""


@dataclass(frozen=True)
class Opened:
    """A session; the secrets go into the browser's cookies."""

    login: models.LoginSession
    user: models.User
    secret: str
    device_secret: str


@dataclass(frozen=True)
class HalfOpened:
    """The code is missing; the secret goes into the browser's cookie."""

    half: models.HalfSession
    secret: str


def sign_in(
    session: Session, caller: Caller, email: str, password: str, browser: Browser
) -> Opened | HalfOpened:
    """A session, or half of one where the account has a second factor.

    Raises WrongCredentialsError.
    """
    user = sessions.by_password(session, caller.now, email, password)
    return go_on(session, caller, user, browser)


def go_on(
    session: Session, caller: Caller, user: models.User, browser: Browser, *, tells: bool = True
) -> Opened | HalfOpened:
    """The same for somebody who is known by a first factor, such as an invitation.

    `tells` says whether the owner hears of a browser that was not used before.
    """
    if factors.confirmed(session, user.id) is None:
        return let_in(session, caller, user, browser, tells=tells)
    secret = keys.new_key()
    half = models.HalfSession(
        id=caller.new_id(), created_at=caller.now, user_id=user.id,
        token_sha256=keys.digest(secret), expires_at=caller.now + STEP_WITHIN,
    )  # fmt: skip
    session.add(half)
    session.flush()
    return HalfOpened(half, secret)


def let_in(
    session: Session, caller: Caller, user: models.User, browser: Browser, *,
    second: bool = False, tells: bool = True,
) -> Opened:  # fmt: skip
    """A session of somebody who is known; `second`: by a second factor as well.

    `tells` says whether the owner hears of a browser that was not used before.
    """
    known = caller_of(user, caller.now, caller.new_id, request_id=caller.request_id)
    login, secret = sessions.start_session(session, known, browser.says, second=second)
    kept = devices.remember(session, known, user, login, browser.secret, tells=tells)
    return Opened(login, user, secret, kept)


def whose(session: Session, now: datetime.datetime, secret: str) -> uuid.UUID:
    """The account that a half session is of. Raises SecondStepOverError."""
    return _half(session, now, secret)[1].id


def give_code(
    session: Session, caller: Caller, secret: str, code: str, browser: Browser
) -> Opened | ServiceError:
    """The second step: a session, or what is wrong.

    An error is given back instead of raised: that there was a try has to stay in the database.
    Whoever calls commits, then raises it. Raises SecondStepOverError.
    """
    half, user = _half(session, caller.now, secret)
    if not store.factors.count_try(session, half.id, MOST_TRIES):
        raise SecondStepOverError
    known = caller_of(user, caller.now, caller.new_id, request_id=caller.request_id)
    try:
        with session.begin_nested():
            factors.check_code(session, known, user.id, code)
    except ServiceError as error:
        session.refresh(half)
        if half.tries == MOST_TRIES:
            note(session, known, "account.codes_refused", user, tries=half.tries)
            tell(session, known, user.email, user.language, "codes_refused")
        return error
    if not store.factors.forget_half(session, half.id):
        raise SecondStepOverError
    session.expunge(half)
    return let_in(session, caller, user, browser, second=True)


def _half(
    session: Session, now: datetime.datetime, secret: str
) -> tuple[models.HalfSession, models.User]:
    found = store.factors.half_by_digest(session, keys.digest(secret)) if secret else None
    if found is None or found[0].expires_at <= now or found[0].tries >= MOST_TRIES:
        raise SecondStepOverError
    if found[1].disabled_at is not None:
        raise SecondStepOverError
    return found
