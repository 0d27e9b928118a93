"""How what is due by time went last."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

import models


def note(session: Session, values: dict[str, Any]) -> None:
    """Write the last run of a job; two who write at once do not stop each other."""
    kind = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    changed = {name: value for name, value in values.items() if name != "name"}
    row = kind.insert(models.JobRun).values({"done_at": None, "count": 0} | values)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_=changed))


def every(session: Session) -> list[models.JobRun]:
    """The last run of each job, by name."""
    return list(session.exec(select(models.JobRun).order_by(col(models.JobRun.name))))
