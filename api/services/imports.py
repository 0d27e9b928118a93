"""Companies, offers and people from spreadsheets; and what imported ones still lack."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import (
    CallFinishedError,
    ImportOverlapError,
    NoSuchCallError,
    NoSuchCompaniesError,
    VerifierMissingError,
)
from api.imports.apprentices import plan_apprentices
from api.imports.columns import Noun
from api.imports.companies import plan_companies
from api.imports.files import read
from api.imports.offers import plan_offers
from api.imports.plan import Change, Deed, ImportPlan, PlannedRow
from api.imports.tables import ImportProblem, Tables
from api.imports.template import template, template_csv
from api.imports.work import MayChange, Work
from api.services import records
from models import CallStatus
from models.base import ChangingRow

__all__ = [
    "Change",
    "Deed",
    "HoursQuestion",
    "ImportPlan",
    "ImportProblem",
    "MayChange",
    "Noun",
    "PlannedRow",
    "Tables",
    "carry_out",
    "mark_verified",
    "missing_hours",
    "plan",
    "read",
    "template",
    "template_csv",
]

IN_ORDER: tuple[type[ChangingRow], ...] = (
    models.Company,
    models.Site,
    models.Offer,
    models.OfferWindow,
    models.Apprentice,
    models.SupportNeeds,
    models.Enrolment,
)
"""Tables, each after those that its rows point to."""


def plan(
    session: Session,
    caller: Caller,
    tables: Tables,
    *,
    may_change: MayChange,
    call: str | None = None,
) -> ImportPlan:
    """What an import of these tables would do: every problem at once, and every row.

    `may_change` is asked for regions (companies, offers) and centres (apprentices). People who
    are not yet in the `call` are enrolled in it. Nothing is written. Raises NoSuchCallError, and
    CallFinishedError where nobody enters the call any more.
    """
    return _plan(session, caller, tables, may_change, call, lock=False)


def carry_out(
    session: Session,
    caller: Caller,
    tables: Tables,
    *,
    may_change: MayChange,
    call: str | None = None,
) -> ImportPlan:
    """Do what `plan` says, all of it; with any problem nothing is written.

    Raises what `plan` raises, and ImportOverlapError where somebody changed the same rows
    meanwhile: the transaction is lost then.
    """
    planned = _plan(session, caller, tables, may_change, call, lock=True)
    if planned.problems:
        return planned
    try:
        _write(session, caller, planned)
    except (IntegrityError, StaleDataError):
        # the database's own words hold the values of the row
        raise ImportOverlapError from None
    return replace(planned, done=True)


def _write(session: Session, caller: Caller, planned: ImportPlan) -> None:
    import_id = caller.new_id()
    for table in IN_ORDER:
        for change in planned.changes:
            if change.table is table:
                _carry_out(session, caller, import_id, change)
        session.flush()
    session.add(
        models.AuditEvent(
            id=caller.new_id(), created_at=caller.now, actor_id=caller.user_id,
            acting_for_id=caller.acting_for, action="import.done", noun="import",
            row_id=import_id, data={**planned.counts, "enrolled": planned.enrolled},
            request_id=caller.request_id,
        )
    )  # fmt: skip
    session.flush()


def _plan(
    session: Session,
    caller: Caller,
    tables: Tables,
    may_change: MayChange,
    call: str | None,
    *,
    lock: bool,
) -> ImportPlan:
    during = _call(session, call) if call is not None else None
    work = Work(session, caller, may_change, lock)
    for table in tables.tables:
        if table.noun is Noun.COMPANIES:
            plan_companies(work, table)
        elif table.noun is Noun.OFFERS:
            plan_offers(work, table)
        else:
            plan_apprentices(work, table, during)
    work.engine.ask(caller.today)
    planned = work.plan()
    return replace(planned, problems=(*tables.problems, *planned.problems))


def _call(session: Session, code: str) -> models.Call:
    found = store.calls.call_by_code(session, code)
    if found is None:
        raise NoSuchCallError(code)
    if found.status is CallStatus.FINISHED:
        raise CallFinishedError(code)
    return found


def _carry_out(session: Session, caller: Caller, import_id: uuid.UUID, change: Change) -> None:
    noun = change.table.__tablename__
    if change.existing is None:
        stamps: dict[str, Any] = {"created_at": caller.now, "changed_at": caller.now}
        row = change.table(id=change.id, **stamps, **change.values)
        session.add(row)
        records.note(session, caller, f"{noun}.created", row, import_id=import_id)
        return
    row = change.existing
    for name, value in change.values.items():
        setattr(row, name, value)
    row.changed_at = caller.now
    columns = sorted(change.values)
    records.note(session, caller, f"{noun}.changed", row, import_id=import_id, columns=columns)


def mark_verified(
    session: Session, caller: Caller, company_ids: Collection[uuid.UUID], name: str
) -> list[models.Company]:
    """Mark companies as known and verified by the person of this `name`, today.

    Those that were verified before stay as they are. Gives back the ones that were marked.
    Whether they are the caller's is asked before. Raises NoSuchCompaniesError for ids that no
    company has, VerifierMissingError without a name; then none is marked.
    """
    who = " ".join(name.split())
    if not 0 < len(who) <= LONGEST_NAME:
        raise VerifierMissingError
    found = store.imports.companies_by_id(session, company_ids)
    missing = set(company_ids) - {row.id for row in found}
    if missing:
        raise NoSuchCompaniesError(sorted(missing))
    marked = [row for row in found if row.verified_at is None]
    for row in marked:
        row.verified_at, row.verified_by, row.changed_at = caller.now, who, caller.now
        records.note(session, caller, "company.verified", row)
    session.flush()
    return marked


LONGEST_NAME = 200
"""So many letters has the name of who verifies."""


@dataclass(frozen=True)
class HoursQuestion:
    """One company to be asked for the working hours of its offers (id, key and title)."""

    company_id: uuid.UUID
    company: str
    contact_name: str | None
    email: str | None
    phone: str | None
    offers: tuple[tuple[uuid.UUID, str, str], ...]


def missing_hours(session: Session, region_id: uuid.UUID) -> list[HoursQuestion]:
    """The published offers of a region without working hours: one question a company.

    Into unknown hours nobody under 18 is placed.
    """
    by_company: dict[uuid.UUID, tuple[models.Company, list[models.Offer]]] = {}
    for company, offer in store.imports.offers_without_hours(session, region_id):
        by_company.setdefault(company.id, (company, []))[1].append(offer)
    return [_question(company, offers) for company, offers in by_company.values()]


def _question(company: models.Company, offers: Sequence[models.Offer]) -> HoursQuestion:
    return HoursQuestion(
        company.id, company.name, company.contact_name, company.email, company.phone,
        tuple((offer.id, offer.key, offer.title) for offer in offers),
    )  # fmt: skip
