"""Codes that an app and the service make of one secret and the time (RFC 6238).

As every app makes them: HMAC-SHA-1, half a minute, six digits.
"""

import base64
import datetime
import hashlib
import hmac
import secrets
from urllib.parse import quote

STEP = 30
"""Seconds for which a code stands."""

DIGITS = 6

SECRET_BYTES = 20
"""160 bits, as RFC 4226 recommends."""

DRIFT = 1
"""A clock may be so many steps early or late (RFC 6238, 5.2)."""


def new_secret() -> bytes:
    """A secret for one account."""
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """The code of a step (RFC 4226, 5.3)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    start = mac[-1] & 0xF
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def steps_of(secret: bytes, code: str, now: datetime.datetime) -> list[int]:
    """The steps around now whose code this is, the latest first; all are looked at."""
    here = int(now.timestamp()) // STEP
    around = range(here + DRIFT, here - DRIFT - 1, -1)
    given = code.encode("utf-8", "surrogatepass")
    return [
        step for step in around if hmac.compare_digest(code_at(secret, step).encode(), given)
    ]  # fmt: skip


def written(secret: bytes) -> str:
    """A secret as it is typed into an app."""
    return base64.b32encode(secret).decode()


def address(secret: bytes, account: str, issuer: str = "doALLVET") -> str:
    """A secret as an app reads it from a picture, with the name that it shows beside the code."""
    label = quote(f"{issuer}:{account}", safe="")
    return f"otpauth://totp/{label}?secret={written(secret)}&issuer={quote(issuer, safe='')}"
