"""How many rows there are, by how they stand."""

from sqlalchemy import func
from sqlmodel import Session, col, select

import models


def rows_by_status(session: Session) -> dict[str, dict[str, int]]:
    """Rounds and proposals by status, messages by whether they were sent or could not be."""
    found = {
        noun: {
            str(status): count
            for status, count in session.execute(
                select(col(table.status), func.count()).group_by(col(table.status))
            )
        }
        for noun, table in (("rounds", models.Round), ("proposals", models.Proposal))
    }
    waiting = select(func.count()).where(col(models.OutboxMail.sent_at).is_(None))
    failed = col(models.OutboxMail.failure) != ""
    return found | {
        "mails": {
            "waiting": session.exec(waiting.where(~failed)).one(),
            "failing": session.exec(waiting.where(failed)).one(),
        }
    }
