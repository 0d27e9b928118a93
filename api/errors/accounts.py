"""What can go wrong with accounts, sessions, invitations and tokens."""

import uuid
from typing import ClassVar

from api.errors.base import ServiceError


class SignInNeededError(ServiceError):
    """Only somebody with an account can do this."""

    status, kind = 401, "sign-in-needed"

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__("Sign in first.")


class WrongCredentialsError(ServiceError):
    """The same whatever was wrong, so that nobody learns which addresses have an account."""

    status, kind = 401, "wrong-credentials"

    def __init__(self) -> None:
        """Nothing more is said."""
        super().__init__(
            "E-mail address and password do not fit. Try again, or ask for a new invitation."
        )


class WrongPasswordError(ServiceError):
    """Whoever changes a password gives the old one."""

    status, kind = 403, "wrong-password"

    def __init__(self) -> None:
        """Nothing more is said."""
        super().__init__("The present password is another one; it was left as it is.")


class WeakPasswordError(ServiceError):
    """A password that others would find. `reason` is `short`, `long`, `common` or `personal`."""

    status, kind = 422, "weak-password"

    _WHY: ClassVar[dict[str, str]] = {
        "short": "is shorter than 8 characters",
        "long": "is longer than 128 characters",
        "common": "is one that many people use",
        "personal": "is made of your name, your address or the name of this service",
    }

    def __init__(self, reason: str) -> None:
        """The first thing that is wrong with it."""
        super().__init__(
            f"The password {self._WHY[reason]}. Take 8 to 128 characters that nobody guesses,"
            " such as four words that have nothing to do with one another."
        )
        self.reason = reason


class NoSuchAccountError(ServiceError):
    """There is no such account, or not for the one who asks."""

    status, kind = 404, "no-such-account"

    def __init__(self) -> None:
        """What was asked for may be an address, so it is not repeated."""
        super().__init__("There is no such account.")


class AddressTakenError(ServiceError):
    """An e-mail address is the name of one account."""

    status, kind = 409, "address-taken"

    def __init__(self) -> None:
        """The address is not repeated."""
        super().__init__("Another account has this e-mail address; take another, or use that one.")


class AddressFaultyError(ServiceError):
    """An e-mail address that no mail would reach."""

    status, kind = 422, "address-faulty"

    def __init__(self) -> None:
        """The address is not repeated."""
        super().__init__("This is no e-mail address: it has one @, and no spaces.")


class ScopeOfRoleError(ServiceError):
    """An account belongs to the row that its role says, and to no other."""

    status, kind = 422, "scope-of-role"

    def __init__(self, role: str, noun: str | None) -> None:
        """The role, and what it belongs to; nothing for admins."""
        belongs = f"one {noun}; name it" if noun else "the whole alliance; name no scope"
        super().__init__(f"An account with role '{role}' belongs to {belongs}.")


class NoSuchScopeError(ServiceError):
    """What an account should belong to is not there."""

    status, kind = 404, "no-such-scope"

    def __init__(self, noun: str) -> None:
        """What was looked for: region, centre, company, apprentice or guardian."""
        super().__init__(f"There is no such {noun}.")


class AccountDisabledError(ServiceError):
    """Nobody is invited to an account that was disabled."""

    status, kind = 409, "account-disabled"

    def __init__(self) -> None:
        """Nothing more is said."""
        super().__init__("This account is disabled; nobody is invited to it.")


class AccountWithoutAddressError(ServiceError):
    """One signs in with an e-mail address."""

    status, kind = 409, "account-without-address"

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__(
            "This account has no e-mail address, and one signs in with it; add it first."
        )


class NoSuchInvitationError(ServiceError):
    """There is no such invitation."""

    status, kind = 404, "no-such-invitation"

    def __init__(self) -> None:
        """The secret is not repeated."""
        super().__init__("There is no such invitation; look whether the link is whole.")


class InvitationUsedError(ServiceError):
    """An invitation sets one password, once; a newer one ends it."""

    status, kind = 410, "invitation-used"

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__(
            "This invitation was used, or there is a newer one. Sign in, or ask for another."
        )


class InvitationExpiredError(ServiceError):
    """An invitation holds for some days."""

    status, kind = 410, "invitation-expired"

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__("The days of this invitation are over. Ask for another one.")


class NoSuchSessionError(ServiceError):
    """There is no such session, or it is somebody else's."""

    status, kind = 404, "no-such-session"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"You have no session {identity}.")


class NoSuchTokenError(ServiceError):
    """There is no such token, or it is somebody else's."""

    status, kind = 404, "no-such-token"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"You have no token {identity}.")


class TokenRefusedError(ServiceError):
    """A token that is asked for lasts some days and may do something."""

    status, kind = 422, "token-refused"

    def __init__(self, longest: int, scopes: tuple[str, ...]) -> None:
        """The longest time in days, and what a token may do."""
        super().__init__(f"A token lasts 1 to {longest} days and may {' or '.join(scopes)}.")


class SessionNeededError(ServiceError):
    """A token changes nothing of how its owner, or somebody of the office, signs in."""

    status, kind = 403, "session-needed"

    def __init__(self) -> None:
        """A browser can do it."""
        super().__init__(
            "A token cannot do this; sign in with your password and do it in that session."
        )


class RoleNotYoursError(ServiceError):
    """Coordinators look after the accounts of their region, not after those of the office."""

    status, kind = 403, "role-not-yours"

    def __init__(self, role: str, roles: list[str]) -> None:
        """The role of the account, and those that a coordinator may give."""
        super().__init__(
            f"Only admins make, invite and end accounts with role '{role}'; you may do it for"
            f" {', '.join(roles)}."
        )


class OwnAccountError(ServiceError):
    """Nobody invites or ends the account that does it."""

    status, kind = 409, "own-account"

    def __init__(self) -> None:
        """What to do instead."""
        super().__init__(
            "This is your own account: change its password yourself, and let another admin end it."
        )
