"""What can go wrong with people who travel together."""

import uuid
from typing import ClassVar

from api.errors.base import ServiceError


class NoSuchGroupError(ServiceError):
    """There is no such travel group, or not for the one who asks."""

    status, kind = 404, "no-such-group"
    text = "There is no travel group {identity}."

    def __init__(self, identity: uuid.UUID) -> None:
        """`identity` as it was asked for."""
        super().__init__(identity=identity)


class NotInGroupError(ServiceError):
    """The person is not in that group. Nothing of the case may be said."""

    status, kind = 404, "not-in-group"
    text = "The person is not in this travel group."


class GroupSplitError(ServiceError):
    """A group that was split has no effect and changes no more."""

    status, kind = 409, "group-split"
    text = "This travel group was split; make a new one."


class AlreadyInGroupError(ServiceError):
    """A person is in one group of a call at most."""

    status, kind = 409, "already-in-group"
    text = "{n} person is in a travel group of this call already; take them out there, or split it."
    plural = (
        "{n} people are in a travel group of this call already; take them out there, or split it."
    )

    def __init__(self, people: int) -> None:
        """How many of the people are in a group of the call already."""
        super().__init__(n=people)


class FriendsAreTwoError(ServiceError):
    """Friends are a group of two people, no more and no fewer."""

    status, kind = 409, "friends-are-two"
    text = "Friends are a group of two different people; split it, or make a class of more."


class GroupKindFixedError(ServiceError):
    """A class does not become friends, nor friends a class: friends need the wish of both."""

    status, kind = 409, "group-kind-fixed"
    text = "This travel group is of the kind '{kind}'; make a new group instead."
    codes: ClassVar[dict[str, str]] = {"kind": "group_kind"}

    def __init__(self, kind: str) -> None:
        """What the group is."""
        super().__init__(kind=kind)


class LastMemberError(ServiceError):
    """A class has somebody in it."""

    status, kind = 409, "last-member"
    text = "Nobody would be left in this travel group; split it instead."


class GroupOfOthersError(ServiceError):
    """What is fixed for all is changed by who answers for all of them."""

    status, kind = 403, "group-of-others"
    text = "This travel group has people who are not yours; ask their coordinator to change it."


class NoSuchFriendError(ServiceError):
    """The code is nobody's in this call, whatever the reason. The code is not repeated."""

    status, kind = 404, "no-such-friend"
    text = "There is no such code in this call. Ask your friend to read the code out again."


class NoSuchWishError(ServiceError):
    """The person has no wish to travel with a friend in this call, and nobody wished for it.

    Nothing of the case may be said.
    """

    status, kind = 404, "no-such-wish"
    text = "There is no wish to travel with a friend in this call."


class GroupIncompleteError(ServiceError):
    """The group travels together or not at all, and members have no place yet."""

    status, kind = 409, "group-incomplete"
    text = (
        "{n} member has no place yet, and the travel group goes together or not at all; wait for"
        " the next round, or split the group."
    )
    plural = (
        "{n} members have no place yet, and the travel group goes together or not at all; wait for"
        " the next round, or split the group."
    )

    def __init__(self, missing: int) -> None:
        """How many members have neither a live proposal nor a placement."""
        super().__init__(n=missing)
