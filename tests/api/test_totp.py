"""Codes as RFC 4226 and RFC 6238 print them."""

import base64
import datetime

import pytest

from api import totp

SECRET = b"12345678901234567890"

HOTP = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
        "520489"]  # fmt: skip
"""RFC 4226, appendix D."""

TOTP = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
        (2000000000, "279037"), (20000000000, "353130")]  # fmt: skip
"""RFC 6238, appendix B, of SHA-1, the last six digits of the eight that are printed."""


def at(seconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


@pytest.mark.parametrize(("counter", "code"), list(enumerate(HOTP)))
def test_codes_of_a_counter_are_those_of_the_rfc(counter: int, code: str) -> None:
    assert totp.code_at(SECRET, counter) == code


@pytest.mark.parametrize(("seconds", "code"), TOTP)
def test_codes_of_a_time_are_those_of_the_rfc(seconds: int, code: str) -> None:
    assert totp.steps_of(SECRET, code, at(seconds)) == [seconds // 30]


def test_a_clock_may_be_one_step_early_or_late() -> None:
    step = 40_000_000
    for seconds in (0, 29):
        held = [
            away
            for away in range(-4, 5)
            if totp.steps_of(SECRET, totp.code_at(SECRET, step + away), at(step * 30 + seconds))
        ]
        assert held == [-1, 0, 1]


def test_what_is_no_code_holds_never() -> None:
    right = totp.code_at(SECRET, 2)
    for code in ("", right[:5], f"{right}0", f" {right}", "९९९९९९", "\udcff", right[::-1]):
        assert totp.steps_of(SECRET, code, at(60)) == []


def test_an_app_reads_secret_and_name_from_the_address() -> None:
    secret = totp.new_secret()
    assert len(secret) == 20 != len({secret, totp.new_secret()})
    address = totp.address(secret, "a&b?@x.org")
    assert address.startswith("otpauth://totp/doALLVET%3Aa%26b%3F%40x.org?secret=")
    assert base64.b32decode(address.partition("secret=")[2].partition("&")[0]) == secret
