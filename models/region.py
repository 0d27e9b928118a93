"""A partner region with its organisation and coordinators."""

from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, Shape, check


class RegionFields(Shape):
    """What is known of a region. `hosting_cap`: most placements at once; none: no cap."""

    code: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=200)
    country: str = Field(min_length=2, max_length=2)
    town: str = Field(min_length=1, max_length=200)
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    time_zone: str = Field(default="Europe/Brussels", max_length=60)
    hosting_cap: int | None = Field(default=None, ge=0)


class Region(RegionFields, ChangingRow, table=True):
    """The table of regions."""

    __table_args__ = (
        UniqueConstraint("code"),
        check("latitude", "latitude BETWEEN -90 AND 90"),
        check("longitude", "longitude BETWEEN -180 AND 180"),
        check("hosting_cap", "hosting_cap >= 0"),
    )
