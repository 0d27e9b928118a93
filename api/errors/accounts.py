"""What can go wrong with accounts, sessions, invitations and tokens."""

import uuid
from typing import ClassVar

from api.errors.base import ServiceError


class SignInNeededError(ServiceError):
    """Only somebody with an account can do this."""

    status, kind = 401, "sign-in-needed"
    text = "Sign in first."


class WrongCredentialsError(ServiceError):
    """The same whatever was wrong, so that nobody learns which addresses have an account."""

    status, kind = 401, "wrong-credentials"
    text = "E-mail address and password do not fit. Try again, or ask for a new invitation."


class WrongPasswordError(ServiceError):
    """Whoever changes a password gives the old one."""

    status, kind = 403, "wrong-password"
    text = "The present password is another one; it was left as it is."


class WeakPasswordError(ServiceError):
    """A password that others would find. `reason` is `short`, `long`, `common` or `personal`."""

    status, kind = 422, "weak-password"
    texts: ClassVar[dict[str, str]] = {
        "short": (
            "The password is shorter than 8 characters. Take 8 to 128 characters that nobody"
            " guesses, such as four words that have nothing to do with one another."
        ),
        "long": (
            "The password is longer than 128 characters. Take 8 to 128 characters that nobody"
            " guesses, such as four words that have nothing to do with one another."
        ),
        "common": (
            "The password is one that many people use. Take 8 to 128 characters that nobody"
            " guesses, such as four words that have nothing to do with one another."
        ),
        "personal": (
            "The password is made of your name, your address or the name of this service. Take 8"
            " to 128 characters that nobody guesses, such as four words that have nothing to do"
            " with one another."
        ),
    }

    def __init__(self, reason: str) -> None:
        """The first thing that is wrong with it."""
        super().__init__(reason)
        self.reason = reason


class NoSuchAccountError(ServiceError):
    """There is no such account, or not for the one who asks.

    What was asked for may be an address, so it is not repeated.
    """

    status, kind = 404, "no-such-account"
    text = "There is no such account."


class AddressTakenError(ServiceError):
    """An e-mail address is the name of one account. The address is not repeated."""

    status, kind = 409, "address-taken"
    text = "Another account has this e-mail address; take another, or use that one."


class AddressFaultyError(ServiceError):
    """An e-mail address that no mail would reach. The address is not repeated."""

    status, kind = 422, "address-faulty"
    text = "This is no e-mail address: it has one @, and no spaces."


class ScopeOfRoleError(ServiceError):
    """An account belongs to the row that its role says, and to no other."""

    status, kind = 422, "scope-of-role"
    texts: ClassVar[dict[str, str]] = {
        "region": "An account with role '{role}' belongs to one region; name it.",
        "centre": "An account with role '{role}' belongs to one centre; name it.",
        "company": "An account with role '{role}' belongs to one company; name it.",
        "apprentice": "An account with role '{role}' belongs to one apprentice; name it.",
        "guardian": "An account with role '{role}' belongs to one guardian; name it.",
        "alliance": ("An account with role '{role}' belongs to the whole alliance; name no scope."),
    }
    codes: ClassVar[dict[str, str]] = {"role": "role"}

    def __init__(self, role: str, noun: str | None) -> None:
        """The role, and what it belongs to; nothing for admins."""
        super().__init__(noun or "alliance", role=role)


class NoSuchScopeError(ServiceError):
    """What an account should belong to is not there."""

    status, kind = 404, "no-such-scope"
    texts: ClassVar[dict[str, str]] = {
        "region": "There is no such region.",
        "centre": "There is no such centre.",
        "company": "There is no such company.",
        "apprentice": "There is no such apprentice.",
        "guardian": "There is no such guardian.",
    }

    def __init__(self, noun: str) -> None:
        """What was looked for: region, centre, company, apprentice or guardian."""
        super().__init__(noun)


class AccountDisabledError(ServiceError):
    """Nobody is invited to an account that was disabled."""

    status, kind = 409, "account-disabled"
    text = "This account is disabled; nobody is invited to it."


class AccountWithoutAddressError(ServiceError):
    """One signs in with an e-mail address."""

    status, kind = 409, "account-without-address"
    text = "This account has no e-mail address, and one signs in with it; add it first."


class NoSuchInvitationError(ServiceError):
    """There is no such invitation. The secret is not repeated."""

    status, kind = 404, "no-such-invitation"
    text = "There is no such invitation; look whether the link is whole."


class InvitationUsedError(ServiceError):
    """An invitation sets one password, once; a newer one ends it."""

    status, kind = 410, "invitation-used"
    text = "This invitation was used, or there is a newer one. Sign in, or ask for another."


class InvitationExpiredError(ServiceError):
    """An invitation holds for some days."""

    status, kind = 410, "invitation-expired"
    text = "The days of this invitation are over. Ask for another one."


class NoSuchSessionError(ServiceError):
    """There is no such session, or it is somebody else's."""

    status, kind = 404, "no-such-session"
    text = "You have no session {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class NoSuchTokenError(ServiceError):
    """There is no such token, or it is somebody else's."""

    status, kind = 404, "no-such-token"
    text = "You have no token {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class TokenRefusedError(ServiceError):
    """A token that is asked for lasts some days and may do something."""

    status, kind = 422, "token-refused"
    text = "A token lasts 1 to {longest} days and may read or write."

    def __init__(self, longest: int) -> None:
        """The longest time in days."""
        super().__init__(longest=longest)


class SessionNeededError(ServiceError):
    """A token changes nothing of how its owner, or somebody of the office, signs in."""

    status, kind = 403, "session-needed"
    text = "A token cannot do this; sign in with your password and do it in that session."


class RoleNotYoursError(ServiceError):
    """Coordinators look after the accounts of their region, not after those of the office."""

    status, kind = 403, "role-not-yours"
    text = (
        "Only admins make, invite and end accounts with role '{role}'; you may do it for {roles}."
    )
    codes: ClassVar[dict[str, str]] = {"role": "role", "roles": "role"}

    def __init__(self, role: str, roles: list[str]) -> None:
        """The role of the account, and those that a coordinator may give."""
        super().__init__(role=role, roles=roles)


class OwnAccountError(ServiceError):
    """Nobody invites or ends the account that does it."""

    status, kind = 409, "own-account"
    text = "This is your own account: change its password yourself, and let another admin end it."


class WrongCodeError(ServiceError):
    """A code of the second factor that does not hold: a wrong one, or one that was used."""

    status, kind, field = 403, "wrong-code", "code"
    texts: ClassVar[dict[str, str]] = {
        "wrong": (
            "This code does not hold. Type the one that your app shows now, or a recovery code"
            " that you have not used."
        ),
        "used": "This code was used already. Wait until your app shows the next one.",
    }

    def __init__(self, reason: str) -> None:
        """`wrong` or `used`."""
        super().__init__(reason)
        self.reason = reason


class SecondStepOverError(ServiceError):
    """Between password and code too much time went by, or there were too many wrong codes."""

    status, kind = 401, "second-step-over"
    text = "It took too long, or too many codes were wrong. Sign in once more with your password."


class SecondFactorNeededError(ServiceError):
    """Here the office signs in with a second factor, and this account has none yet."""

    status, kind = 403, "second-factor-needed"
    text = (
        "Your role signs in with a second step here. Set it up under “Your account”; until then"
        " nothing else opens."
    )


class FreshCodeNeededError(ServiceError):
    """What others could do harm with asks for a code of the last minutes."""

    status, kind, field = 403, "fresh-code-needed", "code"
    text = "Type a code of your app as well."


class NoSecondFactorError(ServiceError):
    """The account has no second factor, or has not begun to set one up."""

    status, kind = 409, "no-second-factor"
    text = "The second step is not set up, or setting it up took too long. Begin anew."


class SecondFactorThereError(ServiceError):
    """A second factor is not replaced silently."""

    status, kind = 409, "second-factor-there"
    text = "The second step is set up already. For another phone, switch it off first."


class SecondFactorKeptError(ServiceError):
    """Where the office needs a second factor nobody of it switches the own one off."""

    status, kind = 409, "second-factor-kept"
    text = (
        "Your role signs in with a second step here, so it stays on. For another phone, ask an"
        " administrator to reset it."
    )


class NoSuchProviderError(ServiceError):
    """No such identity provider is allowed here."""

    status, kind = 404, "no-such-provider"
    text = "One cannot sign in with that here."


class IdentityRefusedError(ServiceError):
    """What came back from a provider proves nothing."""

    status, kind = 403, "identity-refused"
    texts: ClassVar[dict[str, str]] = {
        "over": (
            "This sign-in took too long, was used already, or began in another browser. Begin anew."
        ),
        "cancelled": "The sign-in was broken off there. Begin anew, or use your password.",
        "unproven": (
            "What came back from there could not be checked, so nobody was signed in. Begin anew;"
            " if it happens again, tell an administrator."
        ),
    }

    def __init__(self, reason: str) -> None:
        """`over`, `cancelled` or `unproven`."""
        super().__init__(reason)
        self.reason = reason


class ProviderSilentError(ServiceError):
    """The identity provider does not answer."""

    status, kind = 503, "provider-silent"
    text = "{provider} does not answer. Try again in some minutes, or use your password."

    def __init__(self, provider: str) -> None:
        """Its name."""
        super().__init__(provider=provider)
        self.retry_after = 60


class IdentityNotLinkedError(ServiceError):
    """Nobody has linked this account elsewhere with one here."""

    status, kind = 403, "identity-not-linked"
    text = (
        "Your account of {provider} is not linked with an account here. Open the link of your"
        " invitation and choose {provider} there; your coordinator can send you a new one."
    )

    def __init__(self, provider: str) -> None:
        """Its name."""
        super().__init__(provider=provider)


class IdentityTakenError(ServiceError):
    """The account elsewhere is linked with another account here."""

    status, kind = 409, "identity-taken"
    text = (
        "That account is linked with another account here already. Take another one, or set a"
        " password."
    )
