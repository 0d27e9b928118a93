"""Who answers for an apprentice or a company, and who covers for whom."""

import datetime
import uuid

from models.base import Shape, Shown


class ResponsibleAsked(Shape):
    """The coordinator who is to answer from now on."""

    user_id: uuid.UUID


class ResponsibleShown(Shown):
    """Who answers lastingly; nobody (version 0) means all coordinators of the region."""

    user_id: uuid.UUID | None
    name: str | None
    version: int


class CoverAsked(Shape):
    """Who is away, who covers, from which to which day, both included."""

    for_user_id: uuid.UUID
    by_user_id: uuid.UUID
    covers_from: datetime.date
    covers_to: datetime.date


class CoverShown(CoverAsked):
    """A cover, and for how many people and companies."""

    id: uuid.UUID
    apprentices: int
    companies: int


class CoverList(Shown):
    """The covers that last or are to come, the first to begin first."""

    items: list[CoverShown]
