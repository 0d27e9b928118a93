"""Settings as they hold now, and as they were."""

from typing import Any

from sqlmodel import Session, col, select

import models


def current_settings(session: Session) -> dict[str, Any]:
    """The value of every setting that was ever made, as it holds now."""
    return {row.name: row.value for row in newest_settings(session).values()}


def newest_settings(session: Session) -> dict[str, models.Setting]:
    """The row that holds now of every setting that was ever made, by its name."""
    rows = session.exec(select(models.Setting).order_by(col(models.Setting.revision)))
    return {row.name: row for row in rows}


def setting_history(session: Session, name: str) -> list[models.Setting]:
    """All rows of a setting, the newest first."""
    newest = col(models.Setting.revision).desc()
    return list(
        session.exec(select(models.Setting).where(models.Setting.name == name).order_by(newest))
    )
