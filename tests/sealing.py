"""What tests look at that is sealed: events of the audit, needs, details of proposals."""

import uuid
from types import SimpleNamespace
from typing import Any

from sqlmodel import Session, SQLModel, col, select

import models
from api import chain, store
from tests import rows


def events(session: Session, *conditions: Any) -> list[Any]:
    """The events so far in their order, as they are stored, with `data` opened."""
    chain.write(session)
    found = session.exec(
        select(models.AuditEvent).where(*conditions).order_by(col(models.AuditEvent.position))
    ).all()
    told = chain.details_of(session, found)
    return [SimpleNamespace(**row.model_dump(), data=told[row.id]) for row in found]


def done(session: Session, *conditions: Any) -> list[Any]:
    """The same without who opened what was sealed."""
    return [event for event in events(session, *conditions) if event.action != "sealed.read"]


def needing(session: Session, apprentice_id: uuid.UUID, **values: Any) -> SQLModel:
    """A record of needs, stored."""
    row_id = rows.changing()["id"]
    row = store.sealed.store_needs(session, row_id, apprentice_id, rows.NOW, values)
    session.flush()
    return row


def details(session: Session, proposal: models.Proposal) -> models.ProposalDetails:
    """What of a proposal is sealed."""
    return store.sealed.details_of(session, "test", [proposal])[proposal.id]
