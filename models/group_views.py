"""What comes in and what each role is shown of travel groups and of friends."""

import datetime
import uuid

from sqlmodel import Field

from models.base import Shape, Shown
from models.call import EnrolmentStatus
from models.group import AccompanyingPersonFields, GroupKind, TravelGroupFields

MOST_MEMBERS = 200
MOST_ALONG = 50


class GroupAsked(TravelGroupFields):
    """A group, who is in it and who goes along."""

    members: list[uuid.UUID] = Field(min_length=1, max_length=MOST_MEMBERS)
    accompanying_persons: list[AccompanyingPersonFields] = Field(
        default_factory=list, max_length=MOST_ALONG
    )


class MemberAsked(Shape):
    """Who comes into a class."""

    apprentice_id: uuid.UUID


class AlongAsked(Shape):
    """Everybody who goes along, in place of those who were named before."""

    items: list[AccompanyingPersonFields] = Field(max_length=MOST_ALONG)


class MemberForOffice(Shown):
    """A member; the last name is there for who answers for the person.

    `enrolment` is empty where the person takes no part any more.
    """

    apprentice_id: uuid.UUID
    first_name: str
    last_name: str | None
    wished: bool
    enrolment: EnrolmentStatus | None
    has_place: bool


class GroupForOffice(TravelGroupFields):
    """For coordinators and schools: who lacks a place, and days on which nobody goes along.

    A place is a live proposal or a current placement; schools know of a proposal once others
    than coordinators were asked. `version` goes into If-Match.
    """

    id: uuid.UUID
    version: int
    call_id: uuid.UUID
    split_at: datetime.datetime | None
    in_effect: bool
    members: list[MemberForOffice]
    missing: list[uuid.UUID]
    uncovered_days: list[datetime.date]
    accompanying_persons: list[AccompanyingPersonFields]


class MemberForMember(Shown):
    """A member as the others see the person."""

    first_name: str
    is_you: bool
    wished: bool


class GroupForMember(Shown):
    """For who is in the group: the others' first names and what is fixed, nothing else of them."""

    id: uuid.UUID
    version: int
    name: str
    kind: GroupKind
    region_code: str | None
    town: str | None
    first_day: datetime.date | None
    last_day: datetime.date | None
    together_or_not_at_all: bool
    in_effect: bool
    members: list[MemberForMember]


GroupShown = GroupForOffice | GroupForMember


class GroupPage(Shown):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[GroupShown]
    next: uuid.UUID | None


class FriendTerms(Shape):
    """Where and when two friends wish to go; what is empty stays each one's own."""

    region_code: str | None = Field(default=None, max_length=60)
    town: str | None = Field(default=None, max_length=200)
    first_day: datetime.date | None = None
    last_day: datetime.date | None = None
    together_or_not_at_all: bool = True


class FriendWish(Shape):
    """With whom somebody wishes to travel.

    `code` is the code that the friend reads out or sends; without one it is a yes to the friend
    who has wished already. `terms` replace what was fixed before; without them that stays.
    """

    code: str | None = Field(
        default=None, max_length=40, schema_extra={"examples": ["3f9a1-c07be"]}
    )
    terms: FriendTerms | None = None


class FriendShown(Shown):
    """One's own code, for a friend to type in, and the group that one is in.

    The code is there for who takes part in the call. If-Match of a wish is the group's
    version, "0" where there is none.
    """

    own_code: str | None
    group: GroupForMember | None
