"""How often something may be tried: signing in, opening links, typing codes.

Counted in the memory of one process, in a moving window; the library reads the clock itself.
With several processes each counts for itself, so the true limit is that many times as high.
"""

import hashlib
import ipaddress
import math
import secrets
import time
from enum import StrEnum

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.errors import TooManyRequestsError


class Tried(StrEnum):
    """What is counted, and by what."""

    SIGN_IN_TO_ACCOUNT = "sign_in_to_account"
    SIGN_IN_FROM_ADDRESS = "sign_in_from_address"
    OPEN_FROM_ADDRESS = "open_from_address"
    FRIEND_OF_ACCOUNT = "friend_of_account"


RATES: dict[Tried, RateLimitItem] = {
    Tried.SIGN_IN_TO_ACCOUNT: RateLimitItemPerMinute(10, 15),
    Tried.SIGN_IN_FROM_ADDRESS: RateLimitItemPerMinute(50, 15),
    Tried.OPEN_FROM_ADDRESS: RateLimitItemPerMinute(20, 15),
    Tried.FRIEND_OF_ACCOUNT: RateLimitItemPerMinute(20, 15),
}
"""So many tries in so many minutes (ASVS 5.0, 6.3.1).

Ten for an account leave room for typing errors. A school signs in from one address, so there
the limit is higher. A code of 58 bits that 20 are tried of in 15 minutes is not found,
nor is a friend's of 40 bits; nobody gets more than 20 wishes by mail from one account either.
"""

BY_ADDRESS = frozenset({Tried.SIGN_IN_FROM_ADDRESS, Tried.OPEN_FROM_ADDRESS})

NETWORK_OF_ONE = 64
"""Bits of an IPv6 address that are the same for everything in one household or office."""


class Throttle:
    """Counts tries. E-mail and network addresses are kept as digests under a key of its own."""

    def __init__(self, storage: MemoryStorage | None = None) -> None:
        """`storage` keeps the counts; a new one of this process unless it is given."""
        self._limiter = MovingWindowRateLimiter(storage or MemoryStorage())
        self._key = secrets.token_bytes(32)

    def check(self, kind: Tried, key: str) -> None:
        """Count a try. Raises TooManyRequestsError where there were too many already.

        `key` is an e-mail address, whether or not it has an account, or the address of a client.
        A try that is refused is not counted.
        """
        rate = RATES[kind]
        name = _network(key) if kind in BY_ADDRESS else key.strip().lower()
        hidden = hashlib.blake2b(
            name.encode("utf-8", "surrogatepass"), key=self._key, digest_size=32
        ).hexdigest()
        if not self._limiter.hit(rate, kind, hidden):
            free_at = self._limiter.get_window_stats(rate, kind, hidden).reset_time
            raise TooManyRequestsError(max(1, math.ceil(free_at - time.time())))


def _network(address: str) -> str:
    """An IPv4 address, or the network of an IPv6 one; anything else as it is."""
    try:
        found = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, NETWORK_OF_ONE), strict=False))
