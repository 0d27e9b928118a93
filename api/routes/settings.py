"""Settings of the alliance: what there is to set, what holds, who changed it when."""

import datetime
import uuid
from typing import Any

from fastapi import APIRouter, Response
from sqlmodel import Session

import models
from api.edge import Permit, Reading, SeenVersion, Writing, may, tag
from api.policy import Action
from api.services import settings
from models.base import Shape

router = APIRouter(prefix="/settings", tags=["settings"])


class SettingShown(Shape):
    """A setting as it holds. `revision` goes into If-Match; 0 while nobody has set it."""

    name: str
    value: Any
    revision: int
    since: datetime.datetime | None
    default: Any
    meaning: str


class SettingList(Shape):
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


@router.get("")
def list_settings(session: Reading, _permit: Permit = may(Action.SETTING_READ)) -> SettingList:
    """Every setting with its meaning and its default."""
    return SettingList(items=[_shown(one) for one in settings.overview(session)])


@router.get("/{name}")
def one_setting(
    name: str, session: Reading, response: Response, _permit: Permit = may(Action.SETTING_READ)
) -> SettingShown:
    """One setting, with the ETag that a change asks for."""
    found = settings.of_name(session, name)
    response.headers["ETag"] = tag(found.revision)
    return _shown(found)


@router.put("/{name}")
def change_setting(
    name: str, asked: Value, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.SETTING_CHANGE),
) -> SettingShown:  # fmt: skip
    """Set a setting; rounds that begin from now on take it."""
    made = settings.change(session, permit.caller, name, asked.value, revision=seen)
    response.headers["ETag"] = tag(made.revision)
    return _shown(settings.of_name(session, name))


@router.get("/{name}/history")
def history(name: str, session: Reading, _permit: Permit = may(Action.SETTING_READ)) -> History:
    """Who set it to what, and when."""
    return History(items=[_revision(session, row) for row in settings.history(session, name)])


def _shown(found: settings.Shown) -> SettingShown:
    return SettingShown(**{name: getattr(found, name) for name in SettingShown.model_fields})


def _revision(session: Session, row: models.Setting) -> Revision:
    by = session.get(models.User, row.changed_by) if row.changed_by else None
    return Revision(
        revision=row.revision, value=row.value, created_at=row.created_at,
        changed_by=row.changed_by, changed_by_name=by.name if by else None,
    )  # fmt: skip
