"""What offers provide: who certified it, and what companies are asked about it."""

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

import models
from api.store.rows import changed, every
from models import Role

Asked = tuple[models.ProvisionQuestion, models.Offer, models.Company]
"""A question with the offer it is about and the company."""


def with_provision(code: str, levels: Iterable[str]) -> ColumnElement[bool]:
    """The condition that an offer has this provision at one of the levels."""
    provisions: Any = col(models.Offer.provisions)
    found: ColumnElement[bool] = provisions[code].as_string().in_(list(levels))
    return found


def certificates_of(
    session: Session, offers: Collection[uuid.UUID]
) -> dict[uuid.UUID, dict[str, models.ProvisionCertificate]]:
    """The certificates of these offers, by their provisions, in the order of the codes."""
    found: dict[uuid.UUID, dict[str, models.ProvisionCertificate]] = {one: {} for one in offers}
    table = models.ProvisionCertificate
    rows = select(table).where(col(table.offer_id).in_(offers)).order_by(col(table.provision))
    for row in session.exec(rows.execution_options(populate_existing=True)):
        found[row.offer_id][row.provision] = row
    return found


def drop_certificates(session: Session, ids: Collection[uuid.UUID]) -> None:
    """Delete these certificates."""
    table = models.ProvisionCertificate
    changed(session, delete(table).where(col(table.id).in_(ids)))


def open_questions(
    session: Session, offers: Collection[uuid.UUID]
) -> list[models.ProvisionQuestion]:
    """The questions about these offers that nobody has answered."""
    table = models.ProvisionQuestion
    return every(session, table, col(table.offer_id).in_(offers), col(table.answered_at).is_(None))


def last_questions(
    session: Session, offers: Collection[uuid.UUID]
) -> dict[tuple[uuid.UUID, str], models.ProvisionQuestion]:
    """The newest question about each provision of these offers, by offer and provision."""
    table = models.ProvisionQuestion
    rows = select(table).where(col(table.offer_id).in_(offers))
    oldest = col(table.asked_at), col(table.answered_at).is_(None), col(table.id)
    return {(row.offer_id, row.provision): row for row in session.exec(rows.order_by(*oldest))}


def questions(
    session: Session, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[Asked]:
    """The first questions whose rows (question, offer, company) meet the conditions, by id."""
    found = session.execute(
        select(models.ProvisionQuestion, models.Offer, models.Company)
        .join(models.Offer, col(models.Offer.id) == models.ProvisionQuestion.offer_id)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
        .where(*conditions)
        .order_by(col(models.ProvisionQuestion.id))
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [(question, offer, company) for question, offer, company in found]


def accounts_of_company(session: Session, company_id: uuid.UUID) -> list[models.User]:
    """The accounts of a company that can sign in."""
    return every(
        session, models.User, col(models.User.company_id) == company_id,
        col(models.User.role) == Role.COMPANY, col(models.User.disabled_at).is_(None),
    )  # fmt: skip
