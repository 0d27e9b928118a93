"""What can go wrong, a class for each fact, built from the data of the case.

`status` is the HTTP status, `kind` the stable name that programs read, the message what
people read: what happened and what to do. No message holds personal data.
"""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import ClassVar


class ServiceError(Exception):
    """Something that the service refuses or cannot do."""

    status: ClassVar[int] = 400
    kind: ClassVar[str] = "service-error"


class NoSuchCallError(ServiceError):
    """There is no such call, or not for the one who asks."""

    status, kind = 404, "no-such-call"

    def __init__(self, code: str) -> None:
        """`code` as it was asked for."""
        super().__init__(f"There is no call {code!r}.")


class NoSuchRoundError(ServiceError):
    """There is no such round."""

    status, kind = 404, "no-such-round"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no round {identity}.")


class CallNotOpenError(ServiceError):
    """Rounds run while a call is open, neither before nor after."""

    status, kind = 409, "call-not-open"

    def __init__(self, code: str, status: str) -> None:
        """The call and how it stands."""
        super().__init__(f"Call {code!r} is {status}; rounds run while it is open.")


class RoundUnfinishedError(ServiceError):
    """A call has one round at a time."""

    status, kind = 409, "round-unfinished"

    def __init__(self, code: str) -> None:
        """The call whose round is queued or running."""
        super().__init__(
            f"A round of call {code!r} is queued or running; wait for it, or cancel it."
        )


class LeaseLostError(ServiceError):
    """Another worker took the round over, or somebody cancelled it: nothing of it is stored."""

    status, kind = 409, "lease-lost"

    def __init__(self, identity: uuid.UUID) -> None:
        """The round that is somebody else's now."""
        super().__init__(f"Round {identity} is no longer this worker's; nothing of it was stored.")


class RoundHasNoResultError(ServiceError):
    """Only a round that is done can be shown or exported."""

    status, kind = 409, "round-has-no-result"

    def __init__(self, identity: uuid.UUID, status: str) -> None:
        """The round and how it stands."""
        super().__init__(f"Round {identity} is {status}; there is a result once it is done.")


class NoSuchProposalError(ServiceError):
    """There is no such proposal, or not for the one who asks."""

    status, kind = 404, "no-such-proposal"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no proposal {identity}.")


class NotNowError(ServiceError):
    """A proposal stands so that this cannot happen to it, or not by the one who wants it."""

    status, kind = 409, "not-now"

    def __init__(self, event: str, status: str) -> None:
        """What was wanted, and how the proposal stands."""
        super().__init__(
            f"A proposal that is {status!r} does not allow {event!r} from you; look at it again."
        )


class NotYourTurnError(ServiceError):
    """A party answers when it is asked, and once."""

    status, kind = 409, "not-your-turn"

    def __init__(self, party: str, waiting_for: list[str]) -> None:
        """Who wants to answer, and whose answer is waited for."""
        waited = ", ".join(waiting_for) or "nobody"
        super().__init__(f"The answer of {party} is not waited for now (waiting for: {waited}).")


class NotYoursToAnswerError(ServiceError):
    """Somebody may see a proposal, but not answer for this party."""

    status, kind = 403, "not-yours-to-answer"

    def __init__(self, party: str) -> None:
        """The party for whom the answer was meant."""
        super().__init__(f"You cannot answer for {party} here.")


class UnknownReasonError(ServiceError):
    """A no has one of the reasons of the party's list."""

    status, kind = 422, "unknown-reason"

    def __init__(self, party: str, reasons: tuple[str, ...]) -> None:
        """The party, and the reasons that it may choose from."""
        super().__init__(f"A no of {party} has one of these reasons: {', '.join(reasons)}.")


class RuleRefusesError(ServiceError):
    """A hard rule stands against a pair or its dates. Nobody can override one."""

    status, kind = 422, "rule-refuses"

    def __init__(self, rules: list[str]) -> None:
        """The codes of the rules."""
        super().__init__(f"These rules refuse it: {', '.join(rules)}. They cannot be overridden.")
        self.rules = rules


class WarningsNeedReasonError(ServiceError):
    """Something speaks against a pair; it can be proposed all the same, with a reason."""

    status, kind = 422, "warnings-need-a-reason"

    def __init__(self, warnings: list[str]) -> None:
        """The codes of the warnings."""
        super().__init__(f"Say why all the same: {', '.join(warnings)}.")
        self.warnings = warnings


class NotFreeError(ServiceError):
    """Somebody has a live proposal or a placement, or is not selected in the call."""

    status, kind = 409, "not-free"

    def __init__(self) -> None:
        """Which of these it is can be seen at the person."""
        super().__init__(
            "Not free: not selected in this call, or with a live proposal or a placement."
        )


class GoneError(ServiceError):
    """The last place or funding went to somebody else meanwhile, or a cap is reached."""

    status, kind = 409, "gone"

    def __init__(self, what: str) -> None:
        """`place`, `funding`, `company_cap` or `region_cap`."""
        super().__init__(f"Nothing is left of it: {what}.")
        self.what = what


class NoSuchGroupError(ServiceError):
    """There is no such travel group, or not for the one who asks."""

    status, kind = 404, "no-such-group"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no travel group {identity}.")


class NotInGroupError(ServiceError):
    """The person is not in that group."""

    status, kind = 404, "not-in-group"

    def __init__(self) -> None:
        """Nothing of the case may be said."""
        super().__init__("The person is not in this travel group.")


class GroupSplitError(ServiceError):
    """A group that was split has no effect and changes no more."""

    status, kind = 409, "group-split"

    def __init__(self) -> None:
        """It is the same for all groups."""
        super().__init__("This travel group was split; make a new one.")


class AlreadyInGroupError(ServiceError):
    """A person is in one group of a call at most."""

    status, kind = 409, "already-in-group"

    def __init__(self, people: int) -> None:
        """How many of the people are in a group of the call already."""
        who = "1 person is" if people == 1 else f"{people} people are"
        super().__init__(
            f"{who} in a travel group of this call already; take them out there, or split it."
        )


class NotEnrolledError(ServiceError):
    """Only who takes part in a call can be in its groups."""

    status, kind = 409, "not-enrolled"

    def __init__(self, people: int) -> None:
        """How many of the people take no part in the call, or have withdrawn."""
        who = "1 person takes" if people == 1 else f"{people} people take"
        super().__init__(f"{who} no part in this call; enrol them first.")


class FriendsAreTwoError(ServiceError):
    """Friends are a group of two people, no more and no fewer."""

    status, kind = 409, "friends-are-two"

    def __init__(self) -> None:
        """It is the same for all friends."""
        super().__init__(
            "Friends are a group of two different people; split it, or make a class of more."
        )


class GroupKindFixedError(ServiceError):
    """A class does not become friends, nor friends a class: friends need the wish of both."""

    status, kind = 409, "group-kind-fixed"

    def __init__(self, kind: str) -> None:
        """What the group is."""
        super().__init__(f"This travel group is of the kind {kind!r}; make a new group instead.")


class NoSuchWishError(ServiceError):
    """The person has no wish to travel with a friend in this call, and nobody wished for it."""

    status, kind = 404, "no-such-wish"

    def __init__(self) -> None:
        """Nothing of the case may be said."""
        super().__init__("There is no wish to travel with a friend in this call.")


class GroupIncompleteError(ServiceError):
    """The group travels together or not at all, and members have no place yet."""

    status, kind = 409, "group-incomplete"

    def __init__(self, missing: int) -> None:
        """How many members have neither a live proposal nor a placement."""
        who = "1 member has" if missing == 1 else f"{missing} members have"
        super().__init__(
            f"{who} no place yet, and the travel group goes together or not at all; "
            "wait for the next round, or split the group."
        )


class DatesNotInOrderError(ServiceError):
    """A first day goes with a last day that is not before it."""

    status, kind = 422, "dates-not-in-order"

    def __init__(self, first: str, last: str) -> None:
        """The names of the two fields."""
        super().__init__(f"Give both {first} and {last}, {last} not before {first}.")


class DatesOutsideCallError(ServiceError):
    """Stays lie in the period of their call."""

    status, kind = 422, "dates-outside-call"

    def __init__(self, first: datetime.date, last: datetime.date) -> None:
        """The period of the call."""
        super().__init__(f"Stays of this call lie between {first} and {last}; choose days there.")


class UnknownRegionError(ServiceError):
    """No region has this code."""

    status, kind = 422, "unknown-region"

    def __init__(self, code: str) -> None:
        """`code` as it was given."""
        super().__init__(f"No region has the code {code!r}.")


class UnknownActivityError(ServiceError):
    """No activity type has this code."""

    status, kind = 422, "unknown-activity"

    def __init__(self, code: str) -> None:
        """`code` as it was given."""
        super().__init__(f"No activity type has the code {code!r}.")


class CallCodeTakenError(ServiceError):
    """Each call has a code of its own."""

    status, kind = 409, "call-code-taken"

    def __init__(self, code: str) -> None:
        """The code that another call has."""
        super().__init__(f"Another call has the code {code!r}; choose another one.")


class CallChangeError(ServiceError):
    """A call is opened from a draft and finished once it is open; a finished one stays so."""

    status, kind = 409, "call-change"

    def __init__(self, code: str, status: str, event: str) -> None:
        """The call, how it stands, and what was asked for, as in "you cannot … now"."""
        super().__init__(f"Call {code!r} is {status}; you cannot {event} now.")


class LiveProposalsError(ServiceError):
    """A call is not finished while proposals of it wait for an answer or a booking."""

    status, kind = 409, "live-proposals"

    def __init__(self, code: str, count: int) -> None:
        """The call, and how many of its proposals are live."""
        super().__init__(
            f"Call {code!r} has live proposals ({count}); book, withdraw or let them end first."
        )


class FundingTakenError(ServiceError):
    """A call does not fund fewer places than are taken."""

    status, kind = 409, "funding-taken"

    def __init__(self, places: int, taken: int) -> None:
        """How many places were asked for, and how many are taken."""
        super().__init__(
            f"{taken} funded places are taken, so there cannot be {places}; "
            f"fund at least {taken}, or withdraw proposals first."
        )


class AlreadyEnrolledError(ServiceError):
    """A person takes part in a call once."""

    status, kind = 409, "already-enrolled"

    def __init__(self, status: str) -> None:
        """How the person takes part."""
        super().__init__(f"The person takes part in this call already ({status}).")


class ApplicationsClosedError(ServiceError):
    """People apply until the closing date; later a coordinator enrols them."""

    status, kind = 409, "applications-closed"

    def __init__(self, closed_on: datetime.date) -> None:
        """The last day on which people could apply."""
        super().__init__(f"Applications closed on {closed_on}; ask the coordinator.")


class EnrolmentChangeError(ServiceError):
    """Not every way to take part follows on every other."""

    status, kind = 409, "enrolment-change"

    def __init__(self, status: str, wanted: str, allowed: str) -> None:
        """How the person takes part, what was asked for, and what is allowed."""
        super().__init__(
            f"Who is {status} does not become {wanted}; possible: {allowed or 'nothing'}."
        )


class QueuePlaceError(ServiceError):
    """Only who waits has a place in the queue, one of those that there are."""

    status, kind = 422, "queue-place"

    def __init__(self, last: int) -> None:
        """The last place that can be given; 0 where the person does not wait."""
        super().__init__(
            f"The place in the queue is between 1 and {last}."
            if last
            else "Only who waits has a place in the queue."
        )


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


class TooManyRequestsError(ServiceError):
    """Too many tries in a short time. `retry_after`: seconds until the next may be made."""

    status, kind = 429, "too-many-requests"

    def __init__(self, retry_after: int) -> None:
        """Seconds."""
        super().__init__(f"Too many tries. Wait {-(-retry_after // 60)} min and try again.")
        self.retry_after = retry_after


class NoSuchLinkError(ServiceError):
    """There is no such link or code."""

    status, kind = 404, "no-such-link"

    def __init__(self) -> None:
        """The secret is not repeated."""
        super().__init__(
            "There is no such link or code. Look whether it is whole, or ask your coordinator."
        )


class LinkUsedError(ServiceError):
    """A link or a code opens once."""

    status, kind = 410, "link-used"

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__(
            "This was opened before, and it opens once. Ask your coordinator for a new one;"
            " if it was not you who opened it, say so."
        )


class LinkExpiredError(ServiceError):
    """The days of a link or a code are over, or a newer one was made."""

    status, kind = 410, "link-expired"

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__(
            "This holds no longer: its days are over, or there is a newer one."
            " Ask your coordinator for a new one."
        )


class RoundFinishedError(ServiceError):
    """Only a round that is queued or running can be cancelled."""

    status, kind = 409, "round-finished"

    def __init__(self, identity: uuid.UUID, status: str) -> None:
        """The round and how it stands."""
        super().__init__(
            f"Round {identity} is {status}; only a queued or running one can be cancelled."
        )


class NoSuchSettingError(ServiceError):
    """There is no setting of that name."""

    status, kind = 404, "no-such-setting"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """The name as it was asked for, and those that are there."""
        super().__init__(f"There is no setting {name!r}; there are {', '.join(sorted(known))}.")


class BadSettingError(ServiceError):
    """A setting cannot have this value."""

    status, kind = 422, "bad-setting"

    def __init__(self, name: str, right: str) -> None:
        """The setting, and what would be right."""
        super().__init__(f"The setting {name!r} was not changed: {right}")


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


class NoSuchApprenticeError(ServiceError):
    """There is no such apprentice, or not for the one who asks."""

    status, kind = 404, "no-such-apprentice"

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(f"There is no apprentice {identity}.")


class CallFinishedError(ServiceError):
    """Nobody enters a call that is finished."""

    status, kind = 409, "call-finished"

    def __init__(self, code: str) -> None:
        """The call that is finished."""
        super().__init__(f"Call {code!r} is finished; import without it, or name another one.")


class NoSuchCompaniesError(ServiceError):
    """Some of the companies are not there."""

    status, kind = 404, "no-such-companies"

    def __init__(self, identities: Sequence[uuid.UUID]) -> None:
        """`identities` that no company has."""
        first = ", ".join(str(identity) for identity in identities[:3])
        rest = f" and {len(identities) - 3} more" if len(identities) > 3 else ""
        super().__init__(f"There is no company {first}{rest}; none was marked.")


class VerifierMissingError(ServiceError):
    """Who verified a company must be named."""

    status, kind = 422, "verifier-missing"

    def __init__(self) -> None:
        """Nothing more is known."""
        super().__init__("Say who verified the companies, in at most 200 letters.")


class ImportOverlapError(ServiceError):
    """Somebody changed a row of the import while it was being written."""

    status, kind = 409, "import-overlap"

    def __init__(self) -> None:
        """Which row it was stays out: it may be about a person."""
        super().__init__(
            "Somebody changed the same rows meanwhile; nothing was imported. Import the file again."
        )


class NotRecordableError(ServiceError):
    """What came by account or link was given by the party itself; nobody records it."""

    status, kind = 422, "not-recordable"

    def __init__(self, channels: list[str]) -> None:
        """The ways in which a coordinator hears an answer."""
        super().__init__(f"A recorded answer was heard by one of these: {', '.join(channels)}.")
