"""Settings as they hold now."""

from typing import Any

from sqlmodel import Session, col, select

import models


def current_settings(session: Session) -> dict[str, Any]:
    """The value of every setting that was ever made, as it holds now."""
    rows = session.exec(select(models.Setting).order_by(col(models.Setting.revision)))
    return {row.name: row.value for row in rows}
