"""How often something may be tried, and what is kept of who tried."""

import pickle
from collections.abc import Iterator

import pytest
from limits.storage import MemoryStorage

from api.errors import TooManyRequestsError
from api.throttle import RATES, Throttle, Tried

START = 1_800_000_000.0


class Clock:
    """The machine's clock, as the library reads it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock()
    monkeypatch.setattr("time.time", made)
    return made


def refused_after(throttle: Throttle, kind: Tried, key: str) -> int | None:
    """Seconds to wait, None where the try is allowed."""
    try:
        throttle.check(kind, key)
    except TooManyRequestsError as error:
        return error.retry_after
    return None


@pytest.mark.parametrize(
    ("kind", "tries"),
    [
        (Tried.SIGN_IN_TO_ACCOUNT, 10),
        (Tried.SIGN_IN_FROM_ADDRESS, 50),
        (Tried.OPEN_FROM_ADDRESS, 60),
    ],
)
def test_so_many_tries_are_allowed_in_a_quarter_of_an_hour(
    clock: Clock, kind: Tried, tries: int
) -> None:
    throttle = Throttle()
    assert [refused_after(throttle, kind, "a") for _ in range(tries)] == [None] * tries
    clock.now += 60.5
    assert refused_after(throttle, kind, "a") == 840
    assert refused_after(throttle, kind, "b") is None
    clock.now += 840
    assert refused_after(throttle, kind, "a") is None


def test_the_window_moves_and_a_refused_try_does_not_count(clock: Clock) -> None:
    throttle, kind = Throttle(), Tried.SIGN_IN_TO_ACCOUNT
    for _ in range(10):
        throttle.check(kind, "a")
        clock.now += 60
    assert [refused_after(throttle, kind, "a") for _ in range(3)] == [300, 300, 300]
    clock.now += 301
    assert [refused_after(throttle, kind, "a") for _ in range(2)] == [None, 59]


@pytest.mark.usefixtures("clock")
def test_kinds_are_counted_apart() -> None:
    throttle = Throttle()
    for _ in range(60):
        throttle.check(Tried.OPEN_FROM_ADDRESS, "192.0.2.7")
    assert refused_after(throttle, Tried.OPEN_FROM_ADDRESS, "192.0.2.7") == 900
    assert refused_after(throttle, Tried.SIGN_IN_FROM_ADDRESS, "192.0.2.7") is None
    assert set(RATES) == set(Tried)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        (Tried.SIGN_IN_TO_ACCOUNT, ("aino@example.org", " AINO@example.org")),
        (Tried.OPEN_FROM_ADDRESS, ("2001:db8:1:2::7", "2001:db8:1:2:ffff::1%eth0")),
        (Tried.OPEN_FROM_ADDRESS, ("192.0.2.7", "::ffff:192.0.2.7")),
    ],
)
def test_the_same_account_or_network_written_otherwise_is_the_same(
    kind: Tried, keys: tuple[str, str]
) -> None:
    throttle = Throttle()
    for number in range(RATES[kind].amount):
        throttle.check(kind, keys[number % 2])
    assert [refused_after(throttle, kind, key) for key in keys] == [900, 900]
    assert refused_after(throttle, kind, "2001:db8:1:3::7") is None


def test_no_address_is_kept_in_clear() -> None:
    storage = MemoryStorage()
    throttle = Throttle(storage=storage)
    throttle.check(Tried.SIGN_IN_TO_ACCOUNT, "aino@example.org")
    throttle.check(Tried.SIGN_IN_FROM_ADDRESS, "192.0.2.7")
    kept = pickle.dumps(storage.events)
    assert len(storage.events) == 2
    assert b"aino" not in kept
    assert b"192.0" not in kept


def test_the_message_says_how_long_to_wait() -> None:
    error = TooManyRequestsError(61)
    assert (str(error), error.status) == ("Too many tries. Wait 2 min and try again.", 429)
