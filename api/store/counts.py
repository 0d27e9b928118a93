"""How many rows there are, by how they stand."""

from sqlalchemy import func
from sqlmodel import Session, col, select

import models
from models import MessageEnd


def rows_by_status(session: Session) -> dict[str, dict[str, int]]:
    """Rounds and proposals by status, messages by whether they wait, fail or were given up."""
    found = {
        noun: {
            str(status): count
            for status, count in session.execute(
                select(col(table.status), func.count()).group_by(col(table.status))
            )
        }
        for noun, table in (("rounds", models.Round), ("proposals", models.Proposal))
    }
    messages = select(func.count()).select_from(models.OutboxMail)
    waits = col(models.OutboxMail.ended_as).is_(None)
    failed = col(models.OutboxMail.failure) != ""
    lost = col(models.OutboxMail.ended_as) == MessageEnd.UNDELIVERABLE
    return found | {
        "mails": {
            "waiting": session.exec(messages.where(waits, ~failed)).one(),
            "failing": session.exec(messages.where(waits, failed)).one(),
            "undeliverable": session.exec(messages.where(lost)).one(),
        }
    }
