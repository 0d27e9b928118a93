"""How requests about one's own data come in and go out."""

import datetime
import uuid
from typing import Any

from models.base import Shape, Shown
from models.rights import RequestKind


class RightsAsked(Shape):
    """What somebody asks for; `received_on` is the day it came in, today when it is left out."""

    kind: RequestKind
    received_on: datetime.date | None = None


class RightsRequestShown(Shown):
    """A request with its deadline; `overdue` where it has passed and nothing was done."""

    id: uuid.UUID
    version: int
    apprentice_id: uuid.UUID
    kind: RequestKind
    received_on: datetime.date
    due_on: datetime.date
    done_at: datetime.datetime | None
    overdue: bool


class RightsRequestPage(Shown):
    """Requests, the most urgent first."""

    items: list[RightsRequestShown]


class ErasureShown(Shown):
    """What was done, and what the service still does within some minutes."""

    apprentice_id: uuid.UUID
    erased_at: datetime.datetime
    key_destroyed: bool
    scrubbed: bool
    kept: list[str]


class PersonExport(Shape):
    """Everything that the service holds about a person, a part for each kind of row.

    `opened` says who opened what was sealed, when and why; of a host the company is named.
    """

    apprentice_id: uuid.UUID
    made_at: datetime.datetime
    parts: dict[str, list[dict[str, Any]]]
    opened: list[dict[str, Any]]
