"""People who travel together: a class with its teacher, or two friends."""

import datetime
import uuid
from enum import StrEnum

from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, Row, Shape, check, word


class GroupKind(StrEnum):
    """A class goes because the school says so, friends by the wish of both."""

    CLASS = "class"
    FRIENDS = "friends"


class TravelGroupFields(Shape):
    """What is fixed for all members; what is empty stays each one's own.

    `together_or_not_at_all` holds all members' proposals until each has one.
    """

    name: str = Field(min_length=1, max_length=200)
    kind: GroupKind = word(GroupKind, default=GroupKind.CLASS)
    region_code: str | None = Field(default=None, max_length=60)
    town: str | None = Field(default=None, max_length=200)
    first_day: datetime.date | None = None
    last_day: datetime.date | None = None
    together_or_not_at_all: bool = True


class TravelGroup(TravelGroupFields, ChangingRow, table=True):
    """The table of groups. A split group has no effect any more."""

    __tablename__ = "travel_group"
    __table_args__ = (
        check("dates", "(first_day IS NULL) = (last_day IS NULL)"),
        check("dates_in_order", "first_day <= last_day"),
    )

    call_id: uuid.UUID = Field(foreign_key="call.id", index=True)
    split_at: datetime.datetime | None = None


class GroupMember(ChangingRow, table=True):
    """Somebody in a group; without `wished_at` a friend has not said yes to it yet."""

    __tablename__ = "group_member"
    __table_args__ = (UniqueConstraint("group_id", "apprentice_id"),)

    group_id: uuid.UUID = Field(foreign_key="travel_group.id", index=True)
    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id", index=True)
    wished_at: datetime.datetime | None = None


class AccompanyingPersonFields(Shape):
    """Who goes along with a group, from day to day, both included."""

    name: str = Field(min_length=1, max_length=200)
    first_day: datetime.date
    last_day: datetime.date


class AccompanyingPerson(AccompanyingPersonFields, Row, table=True):
    """The table of people who go along."""

    __tablename__ = "accompanying_person"
    __table_args__ = (check("days", "first_day <= last_day"),)

    group_id: uuid.UUID = Field(foreign_key="travel_group.id", index=True)
