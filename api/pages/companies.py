"""A company's own words about itself: how it is reached, where it works. By it or its region."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.errors import NoSuchSiteError
from api.language import N_, Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.pages.person_form import named
from api.pages.words import Words
from api.policy import Action
from api.services import companies
from api.store.scopes import companies_in
from models import Role
from models.company import CompanyFields, SiteFields
from models.company_views import CompanyOwn, SiteShown

router = APIRouter()

LABELS = {
    "name": N_("Name"), "town": N_("Town"), "sector": N_("Sector"),
    "size": N_("People who work there"),
    "contact_name": N_("Whom to ask"), "email": N_("E-mail"), "phone": N_("Phone"),
    "language": N_("Language of messages"), "reached_by": N_("How to reach the host"),
    "max_placements": N_("Most people at once over all offers"), "key": N_("Short name"),
    "address": N_("Address"), "latitude": N_("Latitude"), "longitude": N_("Longitude"),
}  # fmt: skip

OPTIONAL = ("sector", "size", "contact_name", "email", "phone", "language", "reached_by",
            "max_placements")  # fmt: skip


@router.get("/hosts/new")
def new_company(
    request: Request, permit: Permit = may(Action.COMPANY_CREATE)
) -> Response:  # fmt: skip
    """The form for a host that nobody has written down yet."""
    return _form(request, permit, None, Faults(), {})


@router.post("/hosts/new")
def make_company(
    request: Request, form: Form, session: Writing, permit: Permit = may(Action.COMPANY_CREATE)
) -> Response:
    """Write a host of one's own region down."""
    language = Language(permit.caller.language)
    key = f"host-{str(permit.caller.new_id())[:8]}"
    asked, faults = read(CompanyFields, _values(form) | {"key": key}, language)
    if asked is not None:
        with attempt(session, faults, language):
            made = companies.create(session, permit.caller, asked)
    if faults:
        return _form(request, permit, None, faults, form)
    return go_to(request, f"/hosts/{made.id}")


@router.get("/hosts/{company_id}/contact")
def company_form(
    company_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.COMPANY_CHANGE),
) -> Response:  # fmt: skip
    """The form for what is known of a company."""
    company = companies.own(session, permit.caller, permit.scope, company_id)
    return _form(request, permit, company, Faults(), {})


@router.post("/hosts/{company_id}/contact")
def change_company(
    company_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.COMPANY_CHANGE),
) -> Response:  # fmt: skip
    """Change what is known of a company."""
    language, caller = Language(permit.caller.language), permit.caller
    company = companies.own(session, caller, permit.scope, company_id)
    asked, faults = read(CompanyFields, _values(form) | {"key": company.key}, language)
    if asked is not None:
        mine = companies_in(permit.scope, caller.scope_id)
        with attempt(session, faults, language):
            companies.change(session, caller, company_id, asked, version_seen(form), mine)
    if faults:
        company = companies.own(session, caller, permit.scope, company_id)
        return _form(request, permit, company, faults, form)
    return go_to(request, home_of(permit, company_id))


@router.get("/hosts/{company_id}/sites/new")
def new_site(
    company_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.COMPANY_CHANGE),
) -> Response:  # fmt: skip
    """The form for another workplace."""
    company = companies.own(session, permit.caller, permit.scope, company_id)
    return _site_form(request, permit, company, None, Faults(), {})


@router.post("/hosts/{company_id}/sites/new")
def make_site(
    company_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.COMPANY_CHANGE),
) -> Response:  # fmt: skip
    """Another workplace of a company."""
    return _store_site(request, form, session, permit, company_id, None)


@router.get("/hosts/{company_id}/sites/{site_id}")
def site_form(
    company_id: uuid.UUID, site_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.COMPANY_CHANGE),
) -> Response:  # fmt: skip
    """The form for a workplace."""
    company = companies.own(session, permit.caller, permit.scope, company_id)
    site = _site(session, permit, company_id, site_id)
    return _site_form(request, permit, company, site, Faults(), {})


@router.post("/hosts/{company_id}/sites/{site_id}")
def change_site(
    company_id: uuid.UUID, site_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.COMPANY_CHANGE),
) -> Response:  # fmt: skip
    """Change a workplace; who said yes to another town is asked again."""
    return _store_site(request, form, session, permit, company_id, site_id)


def home_of(permit: Permit, company_id: uuid.UUID) -> str:
    """The page of a company, as its people or others find it."""
    return "/company" if permit.caller.role == Role.COMPANY else f"/hosts/{company_id}"


def _values(form: Form) -> dict[str, Any]:
    return {name: form.get(name, "") for name in ("name", "town")} | {
        name: form.get(name) or None for name in OPTIONAL
    }


def _labels(language: Language) -> dict[str, str]:
    return {name: language.phrase(text) for name, text in LABELS.items()}


def _site(session: Session, permit: Permit, company_id: uuid.UUID, site_id: uuid.UUID) -> SiteShown:
    """A workplace of this company. Raises NoSuchSiteError."""
    for site in companies.sites(session, permit.caller, permit.scope, company_id):
        if site.id == site_id:
            return site
    raise NoSuchSiteError(site_id)


def _store_site(
    request: Request, form: Form, session: Session, permit: Permit, company_id: uuid.UUID,
    site_id: uuid.UUID | None,
) -> Response:  # fmt: skip
    language, caller = Language(permit.caller.language), permit.caller
    company = companies.own(session, caller, permit.scope, company_id)
    site = _site(session, permit, company_id, site_id) if site_id else None
    on_map = {"latitude": site.latitude, "longitude": site.longitude} if site else {}
    asked, faults = read(
        SiteFields, {name: form.get(name, "") for name in ("name", "town", "address")} | on_map,
        language,
    )  # fmt: skip
    if asked is not None:
        mine = companies_in(permit.scope, caller.scope_id)
        with attempt(session, faults, language):
            if site is None:
                companies.create_site(session, caller, company_id, asked, mine)
            else:
                companies.change_site(session, caller, site.id, asked, version_seen(form), mine)
    if faults:
        site = _site(session, permit, company_id, site_id) if site_id else None
        return _site_form(request, permit, company, site, faults, form)
    return go_to(request, home_of(permit, company_id))


def _form(
    request: Request, permit: Permit, company: CompanyOwn | None, faults: Faults, typed: Any
) -> Response:
    language = Language(permit.caller.language)
    sizes = Words(language).all("company_size")
    return show(
        request, "company_form.html", status=422 if faults else 200, company=company,
        back=home_of(permit, company.id) if company else "/hosts", sizes=sizes,
        sectors=named(language, "sectors"), labels=_labels(language), faults=faults, typed=typed,
    )  # fmt: skip


def _site_form(
    request: Request, permit: Permit, company: CompanyOwn, site: SiteShown | None,
    faults: Faults, typed: Any,
) -> Response:  # fmt: skip
    return show(
        request, "site.html", status=422 if faults else 200, company=company, site=site,
        back=home_of(permit, company.id), labels=_labels(Language(permit.caller.language)),
        faults=faults, typed=typed,
    )  # fmt: skip
