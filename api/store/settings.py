"""Settings as they hold now, and as they were."""

import datetime
from typing import Any

from sqlmodel import Session, col, select

import models


def current_settings(session: Session) -> dict[str, Any]:
    """The value of every setting that was ever made, as it holds now."""
    return {row.name: row.value for row in newest_settings(session).values()}


def newest_settings(session: Session) -> dict[str, models.Setting]:
    """The row that holds now of every setting that was ever made, by its name."""
    return {row.name: row for row in session.exec(_SETTINGS)}


_SETTINGS = select(models.Setting).order_by(col(models.Setting.revision))


def changed_between(
    session: Session, after: datetime.datetime, until: datetime.datetime
) -> set[str]:  # fmt: skip
    """The names of the settings that were set in a time."""
    made = col(models.Setting.created_at)
    found = select(models.Setting.name).where(made > after, made <= until)
    return set(session.exec(found))


def setting_history(session: Session, name: str) -> list[models.Setting]:
    """All rows of a setting, the newest first."""
    newest = col(models.Setting.revision).desc()
    return list(
        session.exec(select(models.Setting).where(models.Setting.name == name).order_by(newest))
    )
