"""What tests look at that is sealed: events of the audit, needs, details of proposals."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from sqlmodel import Session, col, select

import models
from api import chain, store
from api.store.rows import every
from tests import rows


@contextmanager
def unnoticed(session: Session) -> Iterator[None]:
    """What is opened in here stands in no event: a test looks, and nobody of the alliance."""
    before = chain.take_readings(session)
    yield
    chain.take_readings(session)
    for why, people in before.items():
        chain.read(session, why, people)


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


def needing(session: Session, apprentice_id: uuid.UUID, **values: Any) -> models.SupportNeeds:
    """A record of needs, stored."""
    row = store.sealed.store_needs(session, uuid.uuid4(), apprentice_id, rows.NOW, values)
    session.flush()
    return row


def needs_of_all(session: Session) -> dict[uuid.UUID, models.Needs]:
    """Every record of needs, opened, by whose it is."""
    with unnoticed(session):
        opened, broken = store.sealed.needs_of(session, "test", every(session, models.SupportNeeds))
    assert not broken
    return {one.apprentice_id: one for one in opened}


def detailed(session: Session, *proposals: models.Proposal, **values: Any) -> None:
    """Store what is sealed of these proposals, which are stored already."""
    told = {"score": 87.4} | values
    for proposal in proposals:
        store.sealed.add_details(session, uuid.uuid4(), proposal, models.ProposalDetails(**told))
    session.flush()


def details(session: Session, proposal: models.Proposal) -> models.ProposalDetails:
    """What of a proposal is sealed."""
    with unnoticed(session):
        return store.sealed.details_of(session, "test", [proposal])[proposal.id]
