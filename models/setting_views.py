"""What is asked for and shown of settings."""

import datetime
import uuid
from typing import Any

from models.base import Shape, Shown


class SettingShown(Shown):
    """A setting as it holds. `revision` goes into If-Match; 0 while nobody has set it."""

    name: str
    value: Any
    revision: int
    since: datetime.datetime | None
    default: Any
    meaning: str


class SettingList(Shown):
    """Every setting."""

    items: list[SettingShown]


class Value(Shape):
    """What to set it to; what it may be stands in its meaning."""

    value: Any


class Revision(Shape):
    """What it was set to at a time, and by whom."""

    revision: int
    value: Any
    created_at: datetime.datetime
    changed_by: uuid.UUID | None
    changed_by_name: str | None


class History(Shape):
    """All that a setting was set to, the newest first."""

    items: list[Revision]
