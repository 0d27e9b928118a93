"""Secrets that open something: made here, shown once, and stored as digests only.

A secret is random in full, so a plain SHA-256 keeps it: nothing can be tried but everything.
"""

import hashlib
import re
import secrets

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals that nobody mistakes for one another on paper: no 0, 1, I, L, O, U."""

CODE_LENGTH = 12
"""Characters of a printed code: 58 bits, tried slowly (`api/throttle.py`) and for some days."""

_CODE = re.compile(f"[{CODE_ALPHABET}]+")


def new_key() -> str:
    """A secret of 256 bits: 43 characters that stand unchanged in an address."""
    return secrets.token_urlsafe(32)


def new_code(length: int = CODE_LENGTH) -> str:
    """A secret that is typed from paper, as `code_of` reads it."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def printed(code: str) -> str:
    """A code in groups of four: XXXX-XXXX-XXXX."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def code_of(text: str, length: int = CODE_LENGTH) -> str | None:
    """The code that somebody typed, however spaced and in whatever case. None if it is none."""
    typed = re.sub(r"[\s\-\u2010-\u2015]", "", text[:100]).upper()
    return typed if len(typed) == length and _CODE.fullmatch(typed) else None


def digest(secret: str) -> str:
    """What is stored of a secret: its SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
