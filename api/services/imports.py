"""Companies, offers and people from spreadsheets; and what imported ones still lack."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

import models
from api import chain, store
from api.caller import Caller
from api.errors import (
    CallFinishedError,
    ImportFaultyError,
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
from api.language import Language
from api.services import provisions, records
from api.services.placements import check_again
from api.statuses import EDIT_OF_APPRENTICE, EDIT_OF_FIELD, Edit
from api.store.rows import MOST_NAMED
from models import CallStatus
from models.base import ChangingRow
from models.import_views import ImportReport, ProblemShown

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of the template."""

__all__ = [
    "XLSX",
    "Change",
    "Deed",
    "HoursQuestion",
    "ImportPlan",
    "ImportProblem",
    "ImportReport",
    "MayChange",
    "Noun",
    "PlannedRow",
    "Tables",
    "carry_out",
    "mark_verified",
    "missing_hours",
    "own_rows",
    "plan",
    "read",
    "report",
    "shown",
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
    models.Guardian,
    models.Enrolment,
)
"""Tables, each after those that its rows point to."""


@dataclass(frozen=True)
class Behind:
    """How changed rows of a table are named to find the cases behind them.

    `called`: the parameter of `check_again`, by the column `identity`. Only those count whose
    `owner` stands in the plan's `changed_ids` under `noun`. `edits`: what its columns mean to
    people who have answered.
    """

    called: str
    noun: str
    identity: str = "id"
    owner: str = "id"
    edits: Mapping[str, Edit] = field(default_factory=dict)


BEHIND: dict[type[ChangingRow], Behind] = {
    models.Company: Behind("companies", "company"),
    models.Site: Behind("sites", "company", owner="company_id", edits=EDIT_OF_FIELD),
    models.Offer: Behind("offers", "offer", edits=EDIT_OF_FIELD),
    models.OfferWindow: Behind("windows", "offer", owner="offer_id"),
    models.Apprentice: Behind("apprentices", "apprentice", edits=EDIT_OF_APPRENTICE),
    models.SupportNeeds: Behind("apprentices", "apprentice", "apprentice_id", "apprentice_id"),
}
"""The tables that live proposals and placements rest on."""


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

    Live proposals and placements that rest on changed rows are looked at again, as after any
    other edit.

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
    _check_again(session, caller, planned)
    return replace(planned, done=True)


def report(planned: ImportPlan, language: Language) -> ImportReport:
    """What people are told of an import, in their language."""
    return ImportReport(
        done=planned.done, counts=planned.counts, enrolled=planned.enrolled,
        looked_at_again={table: len(ids) for table, ids in planned.changed_ids.items()},
        problems=[shown(one, language) for one in planned.problems[: ImportFaultyError.MOST]],
        total=len(planned.problems),
    )  # fmt: skip


def shown(one: ImportProblem, language: Language) -> ProblemShown:
    """What people are told of a problem, in their language."""
    what, right = one.fault.said(language)
    return ProblemShown(sheet=one.sheet, row=one.row, column=one.column, what=what, right=right)


def _write(session: Session, caller: Caller, planned: ImportPlan) -> None:
    import_id = caller.new_id()
    chain.vault_of(session).keys(
        [_said(one, "apprentice_id") for one in planned.changes
         if one.table is models.SupportNeeds], make=True,
    )  # fmt: skip
    for table in IN_ORDER:
        for change in planned.changes:
            if change.table is table:
                _carry_out(session, caller, import_id, change)
        session.flush()
    _certify(session, caller, planned)
    chain.note(
        session, caller, "import.done", "import", import_id,
        {**planned.counts, "enrolled": planned.enrolled},
    )  # fmt: skip
    session.flush()


def _certify(session: Session, caller: Caller, planned: ImportPlan) -> None:
    """What a file calls certified, the one who imports it has certified that day."""
    written = {
        change.id: change.values["provisions"]
        for change in planned.changes
        if change.table is models.Offer and "provisions" in change.values
    }
    ids = list(written)
    for first in range(0, len(ids), MOST_NAMED):
        some = {identity: written[identity] for identity in ids[first : first + MOST_NAMED]}
        provisions.settle(session, caller, some, certified_by=provisions.BY_IMPORT)


def _check_again(session: Session, caller: Caller, planned: ImportPlan) -> None:
    """Look again at the cases behind the rows that changed, those with the same edits at once."""
    touched: dict[frozenset[Edit], dict[str, set[uuid.UUID]]] = {}
    for change in planned.changes:
        if change.table not in BEHIND:
            continue
        behind = BEHIND[change.table]
        owner, identity = (_said(change, name) for name in (behind.owner, behind.identity))
        if owner not in planned.changed_ids.get(behind.noun, ()):
            continue
        edits = frozenset(behind.edits[name] for name in change.values if name in behind.edits)
        rows = touched.setdefault(edits, {}).setdefault(behind.called, set())
        rows.add(identity)
    for edits, cases in touched.items():
        check_again(session, caller, edits, **cases)


def _said(change: Change, column: str) -> uuid.UUID:
    """An id that a changed row holds, its own or that of another one."""
    if column == "id":
        return change.id
    found: uuid.UUID = change.values.get(column) or getattr(change.existing, column)
    return found


def own_rows(session: Session, caller: Caller) -> MayChange:
    """What a coordinator imports: companies and offers of the own region, people of its centres."""
    mine = {caller.scope_id, *store.regions.centre_ids(session, caller.scope_id)}
    return mine.__contains__


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
    if change.table is models.SupportNeeds:
        _carry_out_needs(session, caller, import_id, change)
        return
    if change.existing is None:
        stamps: dict[str, Any] = {"created_at": caller.now, "changed_at": caller.now}
        row = change.table(id=change.id, **stamps, **change.values)
        session.add(row)
        records.note(session, caller, f"{noun}.created", row, import_id=import_id)
        return
    known = change.existing
    assert isinstance(known, ChangingRow)  # noqa: S101  # needs were seen to before
    for name, value in change.values.items():
        setattr(known, name, value)
    known.changed_at = caller.now
    columns = sorted(change.values)
    records.note(session, caller, f"{noun}.changed", known, import_id=import_id, columns=columns)


def _carry_out_needs(
    session: Session, caller: Caller, import_id: uuid.UUID, change: Change
) -> None:
    person = _said(change, "apprentice_id")
    values = {name: value for name, value in change.values.items() if name != "apprentice_id"}
    row = session.get(models.SupportNeeds, change.id) if change.existing else None
    if "needs" in values and isinstance(change.existing, models.Needs):
        before = change.existing
        values["confirmed"] = [
            code for code in before.confirmed if values["needs"].get(code) == before.needs[code]
        ]
    written = store.sealed.store_needs(session, change.id, person, caller.now, values, existing=row)
    deed = "changed" if change.existing else "created"
    columns = {"columns": sorted(change.values)} if change.existing else {}
    records.note(session, caller, f"support_needs.{deed}", written, import_id=import_id, **columns)


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
