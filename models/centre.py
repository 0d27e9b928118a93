"""A school or training centre of a region, with its tutors."""

import uuid

from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, Shape, listed


class CentreFields(Shape):
    """What is known of a centre; `sectors` are codes of the engine's list."""

    code: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=200)
    town: str = Field(min_length=1, max_length=200)
    sectors: list[str] = listed(default_factory=list)


class Centre(CentreFields, ChangingRow, table=True):
    """The table of centres."""

    __table_args__ = (UniqueConstraint("code"),)

    region_id: uuid.UUID = Field(foreign_key="region.id", index=True)
