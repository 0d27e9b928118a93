"""Pages that people are sent to. A secret stands behind the #, so that no server or log sees it."""

import uuid


def welcome(base: str, secret: str) -> str:
    """Where the owner of an account sets a password."""
    return f"{base.rstrip('/')}/welcome#{secret}"


def answer(base: str, secret: str = "") -> str:
    """Where somebody answers without an account; without a secret a printed code is typed there."""
    return f"{base.rstrip('/')}/answer#{secret}" if secret else f"{base.rstrip('/')}/answer"


def proposal(base: str, proposal_id: uuid.UUID) -> str:
    """Where somebody with an account looks at a proposal."""
    return f"{base.rstrip('/')}/proposals/{proposal_id}"


def start(base: str) -> str:
    """Where somebody begins."""
    return f"{base.rstrip('/')}/"
