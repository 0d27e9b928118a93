"""How often something may be tried: signing in, opening links, typing codes.

Counted in the memory of one process, in a moving window; the library reads the clock itself.
With several processes each counts for itself, so the true limit is that many times as high.
"""

import hashlib
import math
import secrets
import time
from enum import StrEnum

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.errors import TooManyRequestsError
from api.network import network_of


class Tried(StrEnum):
    """What is counted, and by what."""

    SIGN_IN_TO_ACCOUNT = "sign_in_to_account"
    SIGN_IN_FROM_ADDRESS = "sign_in_from_address"
    CODE_OF_ACCOUNT = "code_of_account"
    OPEN_FROM_ADDRESS = "open_from_address"
    REQUEST_OF_ACCOUNT = "request_of_account"
    FRIEND_OF_ACCOUNT = "friend_of_account"
    FEEDBACK_FROM_ADDRESS = "feedback_from_address"


RATES: dict[Tried, RateLimitItem] = {
    Tried.SIGN_IN_TO_ACCOUNT: RateLimitItemPerMinute(10, 15),
    Tried.SIGN_IN_FROM_ADDRESS: RateLimitItemPerMinute(50, 15),
    Tried.CODE_OF_ACCOUNT: RateLimitItemPerMinute(10, 15),
    Tried.OPEN_FROM_ADDRESS: RateLimitItemPerMinute(60, 15),
    Tried.REQUEST_OF_ACCOUNT: RateLimitItemPerMinute(600),
    Tried.FRIEND_OF_ACCOUNT: RateLimitItemPerMinute(20, 15),
    Tried.FEEDBACK_FROM_ADDRESS: RateLimitItemPerMinute(5, 15),
}
"""So many tries in so many minutes (ASVS 5.0, 6.3.1).

Ten for an account leave room for typing errors. A school signs in and opens its links from one
address, so there the limits are higher. A code of 58 bits that 60 are tried of in 15 minutes is
not found, nor is a friend's of 40 bits; nobody gets more than 20 wishes by mail from one account
either. Of a second factor's million codes three hold at a time: ten tries in 15 minutes find one
in a day with a chance of 0.3 %, and the owner is told long before (`services.second_step`).
"""

BY_ADDRESS = frozenset(
    {Tried.SIGN_IN_FROM_ADDRESS, Tried.OPEN_FROM_ADDRESS, Tried.FEEDBACK_FROM_ADDRESS}
)


class Throttle:
    """Counts tries. E-mail and network addresses are kept as digests under a key of its own."""

    def __init__(
        self, requests_per_minute: int | None = None, storage: MemoryStorage | None = None
    ) -> None:
        """`storage` keeps the counts; a new one of this process unless it is given."""
        self._limiter = MovingWindowRateLimiter(storage or MemoryStorage())
        self._rates = dict(RATES)
        if requests_per_minute is not None:
            self._rates[Tried.REQUEST_OF_ACCOUNT] = RateLimitItemPerMinute(requests_per_minute)
        self._key = secrets.token_bytes(32)

    def check(self, kind: Tried, key: str) -> None:
        """Count a try. Raises TooManyRequestsError where there were too many already.

        `key` is an e-mail address, whether or not it has an account, or the address of a client.
        A try that is refused is not counted.
        """
        rate = self._rates[kind]
        name = network_of(key) if kind in BY_ADDRESS else key.strip().lower()
        hidden = hashlib.blake2b(
            name.encode("utf-8", "surrogatepass"), key=self._key, digest_size=32
        ).hexdigest()
        if not self._limiter.hit(rate, kind, hidden):
            free_at = self._limiter.get_window_stats(rate, kind, hidden).reset_time
            raise TooManyRequestsError(max(1, math.ceil(free_at - time.time())))
