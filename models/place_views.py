"""What everybody who is signed in may know of regions, centres and the reference lists."""

import uuid

from models.base import Shape, Shown


class RegionShown(Shown):
    """A partner region."""

    id: uuid.UUID
    code: str
    name: str
    country: str
    town: str


class RegionPage(Shown):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[RegionShown]
    next: uuid.UUID | None


class CentreShown(Shown):
    """A school or training centre; `region` is the code, `sectors` are codes of that list."""

    id: uuid.UUID
    code: str
    name: str
    region: str
    country: str
    town: str
    sectors: list[str]


class CentrePage(Shown):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[CentreShown]
    next: uuid.UUID | None


class ReferenceRow(Shape):
    """One code of a reference list.

    `names` are by language, six where the list has them; `facts` are the other columns as they
    stand in the list, empty ones left out. `checked_on` is the day on which somebody looked at
    the source, `certainty` says how sure it is.
    """

    code: str
    names: dict[str, str]
    facts: dict[str, str]
    source: str
    checked_on: str
    certainty: str


class ReferenceList(Shown):
    """A reference list, whole and in its order."""

    name: str
    items: list[ReferenceRow]


class ReferenceNames(Shape):
    """Which lists there are."""

    items: list[str]
