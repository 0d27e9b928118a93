"""Companies and their workplaces: made, changed, shown.

Whose they are was decided before (the `mine` of each function).
"""

import uuid
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import NoSuchCompaniesError, NoSuchCompanyError, NoSuchSiteError
from api.policy import Scope
from api.services import imports, records
from api.services.checking import check_company, check_texts, kept_from
from api.services.contact_languages import keeping_languages, with_languages
from api.services.placements import check_again
from api.statuses import EDIT_OF_FIELD
from api.store.pages import Keys, after_row, by_id
from api.store.rows import contains
from api.store.scopes import companies_in
from models.base import as_stored
from models.company import CompanyFields, SiteFields
from models.company_views import (
    CompaniesWanted,
    CompanyKnown,
    CompanyOwn,
    CompanyPage,
    CompanyShown,
    SiteShown,
)

Mine = ColumnElement[bool]


def page(
    session: Session, caller: Caller, scope: Scope, wanted: CompaniesWanted,
    text: str | None = None, *, keys: Keys = by_id,
) -> CompanyPage:  # fmt: skip
    """Companies in the order of `keys`, with `text` in the name, town or sector.

    The text stands in no address.
    """
    narrowed = [companies_in(scope, caller.scope_id)]
    if wanted.region is not None:
        narrowed.append(col(models.Region.code) == wanted.region)
    if wanted.verified is not None:
        narrowed.append(col(models.Company.verified_at).is_not(None) == wanted.verified)
    if text:
        columns = (models.Company.name, models.Company.town, models.Company.sector)
        narrowed.append(contains([col(column) for column in columns], text))
    if wanted.after is not None:
        narrowed.append(after_row(models.Company, keys, wanted.after))
    order = keys(models.Company)
    found = store.companies.companies(session, *narrowed, limit=wanted.limit + 1, order=order)
    items = [shown(caller, *row) for row in found[: wanted.limit]]
    return CompanyPage(items=items, next=items[-1].id if len(found) > wanted.limit else None)


def one(session: Session, caller: Caller, scope: Scope, company_id: uuid.UUID) -> CompanyShown:
    """One company that somebody may see. Raises NoSuchCompanyError."""
    mine = companies_in(scope, caller.scope_id)
    found = store.companies.companies(session, col(models.Company.id) == company_id, mine, limit=1)
    if not found:
        raise NoSuchCompanyError(company_id)
    return shown(caller, *found[0])


def own(session: Session, caller: Caller, scope: Scope, company_id: uuid.UUID) -> CompanyOwn:
    """One company that somebody may change. Raises NoSuchCompanyError."""
    found = one(session, caller, scope, company_id)
    if not isinstance(found, CompanyOwn):
        raise NoSuchCompanyError(company_id)
    return found


def sites(session: Session, caller: Caller, scope: Scope, company_id: uuid.UUID) -> list[SiteShown]:
    """The workplaces of a company, by name. Raises NoSuchCompanyError."""
    mine = companies_in(scope, caller.scope_id)
    if not store.companies.ids_in(session, col(models.Company.id) == company_id, mine):
        raise NoSuchCompanyError(company_id)
    return [site_shown(row) for row in store.companies.sites_of(session, company_id)]


def create(session: Session, caller: Caller, asked: CompanyFields) -> models.Company:
    """A company of the coordinator's region. Raises RecordFaultyError, KeyTakenError."""
    assert caller.scope_id is not None  # noqa: S101  # a coordinator has a region
    given = as_stored(asked, models.Company)
    values = check_company(with_languages(session, given, caller.scope_id))
    row = models.Company(**records.stamps(caller), region_id=caller.scope_id, **values)
    with records.unique(session, "company"):
        records.made(session, caller, row)
    return row


def change(
    session: Session, caller: Caller, company_id: uuid.UUID, asked: CompanyFields,
    seen: int | None, mine: Mine,
) -> models.Company:  # fmt: skip
    """Replace what is known of a company, and look again at what rests on it.

    Raises NoSuchCompanyError, StaleVersionError, RecordFaultyError, KeyTakenError.
    """
    row = store.companies.hold_company(session, company_id, mine)
    if row is None:
        raise NoSuchCompanyError(company_id)
    records.check_version("company", row, seen)
    given = keeping_languages(as_stored(asked, models.Company), row)
    values = check_company(kept_from(caller, "company", row, given))
    with records.unique(session, "company"):
        changed = records.change(session, caller, row, values)
    if changed:
        check_again(session, caller, companies=[row.id])
    return row


def verify(
    session: Session, caller: Caller, ids: list[uuid.UUID], name: str, mine: Mine
) -> list[models.Company]:
    """Mark companies as known and verified, and look again at what waited for it.

    Raises NoSuchCompaniesError, VerifierMissingError.
    """
    foreign = set(ids) - store.companies.ids_in(session, mine)
    if foreign:
        raise NoSuchCompaniesError(sorted(foreign))
    marked = imports.mark_verified(session, caller, ids, name)
    check_again(session, caller, companies=[row.id for row in marked])
    return marked


def create_site(
    session: Session, caller: Caller, company_id: uuid.UUID, asked: SiteFields, mine: Mine
) -> models.Site:
    """A workplace of a company. Raises NoSuchCompanyError, RecordFaultyError, KeyTakenError."""
    if store.companies.hold_company(session, company_id, mine) is None:
        raise NoSuchCompanyError(company_id)
    values = check_texts(as_stored(asked, models.Site))
    row = models.Site(**records.stamps(caller), company_id=company_id, **values)
    with records.unique(session, "site"):
        records.made(session, caller, row)
    return row


def change_site(
    session: Session, caller: Caller, site_id: uuid.UUID, asked: SiteFields, seen: int | None,
    mine: Mine,
) -> models.Site:  # fmt: skip
    """Replace what is known of a workplace; whoever said yes to the old town is asked again.

    Raises NoSuchSiteError, StaleVersionError, RecordFaultyError, KeyTakenError.
    """
    row = store.companies.site(session, site_id, mine, hold=True)
    if row is None:
        raise NoSuchSiteError(site_id)
    records.check_version("site", row, seen)
    values = check_texts(as_stored(asked, models.Site))
    with records.unique(session, "site"):
        changed = records.change(session, caller, row, values)
    if changed:
        edits = {EDIT_OF_FIELD[name] for name in changed if name in EDIT_OF_FIELD}
        check_again(session, caller, edits, sites=[row.id])
    return row


def shown(caller: Caller, company: models.Company, region: models.Region) -> CompanyShown:
    """A company for its own people (`scope_id` is it or its region), or for everybody else."""
    own = caller.scope_id in (company.id, region.id)
    shape: type[CompanyOwn] | type[CompanyKnown] = CompanyOwn if own else CompanyKnown
    besides: dict[str, Any] = {"region": region.code, "verified": company.verified_at is not None}
    taken = {name: getattr(company, name) for name in shape.model_fields if name not in besides}
    return shape(**taken, **besides)


def site_shown(site: models.Site) -> SiteShown:
    """A workplace."""
    return SiteShown(**{name: getattr(site, name) for name in SiteShown.model_fields})
