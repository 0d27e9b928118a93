"""Pages that people are sent to. A secret stands behind the #, so that no server or log sees it."""

import uuid


def welcome(base: str, secret: str, language: str = "") -> str:
    """Where the owner of an account sets a password, in the language of the message."""
    return _in_language(f"{base.rstrip('/')}/welcome", language) + f"#{secret}"


def answer(base: str, secret: str = "", language: str = "") -> str:
    """Where somebody answers without an account; without a secret a printed code is typed there."""
    page = _in_language(f"{base.rstrip('/')}/answer", language)
    return f"{page}#{secret}" if secret else page


def _in_language(page: str, language: str) -> str:
    return f"{page}?language={language}" if language else page


def proposal(base: str, proposal_id: uuid.UUID) -> str:
    """Where somebody with an account looks at a proposal."""
    return f"{base.rstrip('/')}/proposals/{proposal_id}"


def account(base: str) -> str:
    """Where somebody changes the own account."""
    return f"{base.rstrip('/')}/account"


def start(base: str) -> str:
    """Where somebody begins."""
    return f"{base.rstrip('/')}/"
