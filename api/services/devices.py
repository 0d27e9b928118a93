"""Browsers that an account was used in: signing in from another one is told to its owner.

A browser is known by a random secret that it keeps, and by nothing of what it says of itself.
"""

import datetime

from sqlmodel import Session

import models
from api import keys, store
from api.caller import Caller
from api.services.records import tell

KNOWN_FOR = datetime.timedelta(days=400)
"""So long after the last sign-in a browser is known; no browser keeps a cookie for longer."""


def remember(
    session: Session, caller: Caller, user: models.User, login: models.LoginSession, given: str,
    *, tells: bool = True,
) -> str:  # fmt: skip
    """The secret that the browser keeps; `given` is the one that it had, empty for none.

    The owner is told of a browser where the account was not used before, unless not `tells`. A
    browser that several people use keeps one secret.
    """
    sha256 = keys.digest(given) if given else ""
    found = store.factors.device_of(session, user.id, sha256, caller.now)
    if found is not None:
        found.expires_at = caller.now + KNOWN_FOR
        return given
    is_ours = bool(given) and store.factors.is_device(session, sha256)
    secret = given if is_ours else keys.new_key()
    store.factors.forget_device(session, user.id, keys.digest(secret))
    session.add(
        models.KnownDevice(
            id=caller.new_id(), created_at=caller.now, user_id=user.id,
            token_sha256=keys.digest(secret), expires_at=caller.now + KNOWN_FOR,
        )
    )  # fmt: skip
    if tells:
        tell(session, caller, user.email, user.language, "new_device", login=login.id)
    return secret
