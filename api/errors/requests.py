"""What can go wrong with a request, whatever it is about."""

from typing import ClassVar, Literal

from api.errors.base import ServiceError

Versioned = Literal[
    "account", "apprentice", "call", "case", "company", "enrolment", "funding", "guardian",
    "needs", "offer", "placement", "proposal", "question", "request", "setting", "site",
    "support_rate", "travel_group", "window", "wish",
]  # fmt: skip
"""What changes rest on a version of."""


class TooManyRequestsError(ServiceError):
    """Too many tries in a short time. `retry_after`: seconds until the next may be made."""

    status, kind = 429, "too-many-requests"
    text = "Too many tries. Wait {minutes} min and try again."

    def __init__(self, retry_after: int) -> None:
        """Seconds."""
        super().__init__(minutes=-(-retry_after // 60))
        self.retry_after = retry_after


class TooLargeError(ServiceError):
    """A body, or the files in it, are larger than they may be."""

    status, kind = 413, "too-large"
    text = "This is too large: what is sent may have {megabytes} MB here at most."

    def __init__(self, most_bytes: int) -> None:
        """The limit."""
        super().__init__(megabytes=most_bytes // 1_000_000)


class StaleVersionError(ServiceError):
    """Somebody changed it since it was read; nothing was stored."""

    status, kind = 412, "stale-version"
    texts: ClassVar[dict[str, str]] = {
        "account": (
            "The account was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "apprentice": (
            "The apprentice was changed meanwhile (version {seen} was read, {now} holds); read"
            " it again and repeat the change."
        ),
        "call": (
            "The call was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "case": (
            "Who answers was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "company": (
            "The company was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "enrolment": (
            "The enrolment was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "funding": (
            "The funding was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "guardian": (
            "The guardian was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "needs": (
            "The record of needs was changed meanwhile (version {seen} was read, {now} holds);"
            " read it again and repeat the change."
        ),
        "offer": (
            "The offer was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "placement": (
            "The placement was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "proposal": (
            "The proposal was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "question": (
            "The question was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "request": (
            "The request was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "setting": (
            "The setting '{name}' was changed meanwhile (version {seen} was read, {now} holds);"
            " read it again and repeat the change."
        ),
        "site": (
            "The site was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "support_rate": (
            "The rate was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "travel_group": (
            "The travel group was changed meanwhile (version {seen} was read, {now} holds); read"
            " it again and repeat the change."
        ),
        "window": (
            "The window was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
        "wish": (
            "The wish was changed meanwhile (version {seen} was read, {now} holds); read it"
            " again and repeat the change."
        ),
    }
    codes: ClassVar[dict[str, str]] = {"name": "setting"}

    def __init__(self, what: Versioned, seen: int, now: int, name: str = "") -> None:
        """What it is about, the version that was read and the one that holds.

        `name` is that of a setting.
        """
        super().__init__(what, seen=seen, now=now, name=name)


class NotAllowedError(ServiceError):
    """The role of an account does not do this at all."""

    status, kind = 403, "not-allowed"
    text = "Your account may not do this ({action})."
    codes: ClassVar[dict[str, str]] = {"action": "action"}

    def __init__(self, action: str) -> None:
        """The action of the policy."""
        super().__init__(action=action)


class NotFromHereError(ServiceError):
    """A page of another site asked for a change in the name of somebody who is signed in."""

    status, kind = 403, "not-from-here"
    text = "The request came from a page of another site; nothing was changed."


class TokenReadsOnlyError(ServiceError):
    """A token without the scope `write` changes nothing."""

    status, kind = 403, "token-reads-only"
    text = "This token may only read; make one with the scope 'write'."


class VersionNeededError(ServiceError):
    """A change says which version it rests on."""

    status, kind = 428, "version-needed"
    text = "Say which version you saw: If-Match with the ETag of your last look, or *."


class KeyUsedDifferentlyError(ServiceError):
    """An Idempotency-Key stands for one request."""

    status, kind = 422, "idempotency-key-used"
    text = "This Idempotency-Key was used for another request; take a new one."


class UnencryptedError(ServiceError):
    """Over plain http a password and the session could be read by others."""

    status, kind = 403, "unencrypted"
    text = (
        "Signing in needs https (plain http only on this machine itself): passwords and sessions"
        " could be read on the way. Put the service behind a proxy with a certificate."
    )


class MetricsNotForYouError(ServiceError):
    """Counts are for who runs the service."""

    status, kind = 403, "metrics-not-for-you"
    text = "Counts are given on the machine itself, or with the token of DOALLVET_METRICS_TOKEN."
