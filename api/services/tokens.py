"""Tokens: with one, a program of somebody's own does what its owner may."""

import datetime
import uuid
from collections.abc import Collection

from sqlmodel import Session

import models
from api import keys, store
from api.caller import Caller
from api.errors import NoSuchTokenError, TokenRefusedError
from api.services.accounts import own_id
from api.services.records import note

PREFIX = "dav_"
"""How a token begins, so that one that was published by mistake can be found."""

SCOPES = ("read", "write")
"""What a token may do: ask, and change."""

LONGEST = 365
"""Days that a token lasts at most."""


def create_token(
    session: Session, caller: Caller, name: str, scopes: Collection[str], days: int
) -> tuple[models.ApiToken, str]:
    """A new token and its secret, `dav_` and 43 characters, which is not shown again.

    Raises TokenRefusedError unless it lasts 1 to 365 days and may do something that there is.
    """
    if not 1 <= days <= LONGEST or not scopes or not set(SCOPES).issuperset(scopes):
        raise TokenRefusedError(LONGEST)
    secret = PREFIX + keys.new_key()
    made = models.ApiToken(
        id=caller.new_id(), created_at=caller.now, user_id=own_id(caller), name=name,
        token_sha256=keys.digest(secret), scopes=sorted(set(scopes)),
        expires_at=caller.now + datetime.timedelta(days=days),
    )  # fmt: skip
    session.add(made)
    note(session, caller, "token.made", made, scopes=made.scopes, days=days)
    return made, secret


def token_of(
    session: Session, now: datetime.datetime, secret: str
) -> tuple[models.ApiToken, models.User] | None:
    """The token with this secret, and whose it is. None where it is over or revoked."""
    found = store.sessions.token_by_digest(session, keys.digest(secret))
    if found is None:
        return None
    token, user = found
    over = token.revoked_at is not None or token.expires_at <= now or user.disabled_at is not None
    return None if over else found


def own_tokens(session: Session, caller: Caller) -> list[models.ApiToken]:
    """The caller's tokens that were not revoked, expired ones too, the newest first."""
    return store.sessions.tokens_of(session, own_id(caller))


def revoke_token(session: Session, caller: Caller, token_id: uuid.UUID) -> None:
    """End one of the caller's tokens. Raises NoSuchTokenError, for those of others too."""
    found = session.get(models.ApiToken, token_id)
    if found is None or found.user_id != own_id(caller):
        raise NoSuchTokenError(token_id)
    if found.revoked_at is None:
        found.revoked_at = caller.now
        note(session, caller, "token.revoked", found)
