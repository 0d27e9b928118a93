"""Signing in with an account elsewhere: known by issuer and subject, linked by an invitation.

E-mail addresses never link anything: whoever gets an address at a provider does not get the
account here that has the same one.
"""

import datetime
from dataclasses import dataclass

from sqlmodel import Session

import models
from api import keys, store
from api.caller import Caller, caller_of
from api.errors import IdentityNotLinkedError, IdentityRefusedError, IdentityTakenError
from api.oidc import Identity
from api.services import accounts, second_step
from api.services.records import note, tell
from api.services.second_step import Browser, HalfOpened, Opened

BACK_WITHIN = datetime.timedelta(minutes=10)
"""So long somebody may take at the provider."""


@dataclass(frozen=True)
class Asked:
    """What somebody wanted who was sent to a provider."""

    invitation_sha256: str | None
    leads_to: str


def begin(
    session: Session, caller: Caller, provider: str, leads_to: str, invitation: str = ""
) -> str:
    """Somebody is sent to a provider: the secret that the browser keeps meanwhile.

    With the secret of an `invitation` the account elsewhere is linked when they come back.
    Raises what opening an invitation raises.
    """
    if invitation:
        accounts.open_invitation(session, keys.digest(invitation), caller.now)
    secret = keys.new_key()
    session.add(
        models.IdentityRequest(
            id=caller.new_id(), created_at=caller.now, secret_sha256=keys.digest(secret),
            provider=provider, leads_to=leads_to[:500], expires_at=caller.now + BACK_WITHIN,
            invitation_sha256=keys.digest(invitation) if invitation else None,
        )
    )  # fmt: skip
    return secret


def take(session: Session, caller: Caller, provider: str, secret: str) -> Asked:
    """What somebody wanted who comes back, once. Raises IdentityRefusedError."""
    found = store.identities.request_by_digest(session, keys.digest(secret)) if secret else None
    if found is None or found.provider != provider or found.expires_at <= caller.now:
        raise IdentityRefusedError("over")
    asked = Asked(found.invitation_sha256, found.leads_to)
    if not store.identities.forget_request(session, found.id):
        raise IdentityRefusedError("over")
    session.expunge(found)
    return asked


def finish(
    session: Session, caller: Caller, identity: Identity, asked: Asked, browser: Browser,
    provider: str,
) -> Opened | HalfOpened:  # fmt: skip
    """Let somebody in, after linking the account where there is an invitation.

    A code of ours is asked for unless the provider vouches for a second factor of its own.
    `provider` is its name. Raises IdentityNotLinkedError, IdentityTakenError, and what opening an
    invitation raises.
    """
    user = store.identities.account_of(session, identity.issuer, identity.subject)
    is_invited = asked.invitation_sha256 is not None
    if asked.invitation_sha256 is not None:
        user = _link(session, caller, identity, asked.invitation_sha256, user)
    if user is None or user.disabled_at is not None:
        raise IdentityNotLinkedError(provider)
    if identity.second:
        return second_step.let_in(session, caller, user, browser, second=True, tells=not is_invited)
    return second_step.go_on(session, caller, user, browser, tells=not is_invited)


def _link(
    session: Session, caller: Caller, identity: Identity, invitation: str,
    linked: models.User | None,
) -> models.User:  # fmt: skip
    found = accounts.open_invitation(session, invitation, caller.now)
    if linked is not None and linked.id != found.user_id:
        raise IdentityTakenError
    user = accounts.account(session, found.user_id)
    known = caller_of(user, caller.now, caller.new_id, request_id=caller.request_id)
    accounts.use_invitation(session, known, user, found)
    user.linked_at = user.changed_at = caller.now
    if linked is None:
        made = models.LinkedIdentity(
            id=caller.new_id(), created_at=caller.now, user_id=user.id,
            issuer=identity.issuer, subject=identity.subject,
        )  # fmt: skip
        session.add(made)
        note(session, known, "account.identity_linked", user)
        tell(session, known, user.email, user.language, "identity_linked")
    session.flush()
    return user
