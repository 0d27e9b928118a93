"""What can go wrong with a request, whatever it is about."""

from api.errors.base import ServiceError


class TooManyRequestsError(ServiceError):
    """Too many tries in a short time. `retry_after`: seconds until the next may be made."""

    status, kind = 429, "too-many-requests"

    def __init__(self, retry_after: int) -> None:
        """Seconds."""
        super().__init__(f"Too many tries. Wait {-(-retry_after // 60)} min and try again.")
        self.retry_after = retry_after


class StaleVersionError(ServiceError):
    """Somebody changed it since it was read; nothing was stored."""

    status, kind = 412, "stale-version"

    def __init__(self, what: str, seen: int, now: int) -> None:
        """What it is about, the version that was read and the one that holds."""
        super().__init__(
            f"{what} was changed meanwhile (version {seen} was read, {now} holds);"
            " read it again and repeat the change."
        )


class NotAllowedError(ServiceError):
    """The role of an account does not do this at all."""

    status, kind = 403, "not-allowed"

    def __init__(self, action: str) -> None:
        """The action of the policy."""
        super().__init__(f"Your account may not do this ({action}).")


class NotFromHereError(ServiceError):
    """A page of another site asked for a change in the name of somebody who is signed in."""

    status, kind = 403, "not-from-here"

    def __init__(self) -> None:
        """Nothing was changed."""
        super().__init__("The request came from a page of another site; nothing was changed.")


class TokenReadsOnlyError(ServiceError):
    """A token without the scope `write` changes nothing."""

    status, kind = 403, "token-reads-only"

    def __init__(self) -> None:
        """A token with that scope can be made."""
        super().__init__("This token may only read; make one with the scope 'write'.")


class VersionNeededError(ServiceError):
    """A change says which version it rests on."""

    status, kind = 428, "version-needed"

    def __init__(self) -> None:
        """The header that is missing."""
        super().__init__(
            "Say which version you saw: If-Match with the ETag of your last look, or *."
        )


class KeyUsedDifferentlyError(ServiceError):
    """An Idempotency-Key stands for one request."""

    status, kind = 422, "idempotency-key-used"

    def __init__(self) -> None:
        """Another key is needed."""
        super().__init__("This Idempotency-Key was used for another request; take a new one.")


class UnencryptedError(ServiceError):
    """Over plain http a password and the session could be read by others."""

    status, kind = 403, "unencrypted"

    def __init__(self) -> None:
        """What to do about it."""
        super().__init__(
            "Signing in needs https (plain http only on this machine itself): passwords and"
            " sessions could be read on the way. Put the service behind a proxy with a certificate."
        )


class MetricsNotForYouError(ServiceError):
    """Counts are for who runs the service."""

    status, kind = 403, "metrics-not-for-you"

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__(
            "Counts are given on the machine itself, or with the token of DOALLVET_METRICS_TOKEN."
        )
