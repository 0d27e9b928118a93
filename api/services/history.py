"""What happened to a proposal, for the coordinators who send the person."""

import datetime
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col

import models
from api import chain, store
from api.store.cases import Case

MOST = 200
"""So many events are read: more than any case ever had."""


@dataclass(frozen=True)
class Happened:
    """Something that was done to a case, as the audit names it."""

    at: datetime.datetime
    action: str
    data: dict[str, Any]


def history(session: Session, case: Case) -> list[Happened]:
    """What was done to the proposal, the oldest first."""
    about = col(models.AuditEvent.row_id) == case.proposal.id
    mine = store.audit.about_people_of(case.sending_region)
    found = store.audit.events(session, about, mine, after=None, limit=MOST)
    details = chain.details_of(session, found)
    return [Happened(one.created_at, one.action, details[one.id]) for one in reversed(found)]
