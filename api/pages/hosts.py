"""Hosts: the companies of the alliance, and one of them with what its region does for it."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api import store
from api.edge import Permit, Reading, Writing, may
from api.errors import NoSuchCompanyError
from api.language import Language
from api.pages.companies import LABELS
from api.pages.frame import (
    Faults,
    Form,
    attempt,
    go_to,
    narrowed,
    read,
    searched,
    show,
    version_seen,
)
from api.pages.offer_shown import in_order, row_of
from api.policy import Action, scope_of
from api.services import accounts, clock, companies, covering, offer_lists
from api.store.pages import by_name
from api.store.responsible import Whose
from api.store.scopes import companies_in
from matcher.vocabulary import LANGUAGES
from models import Role
from models.company_views import CompaniesWanted, CompanyOwn, Verified
from models.cover_views import ResponsibleAsked
from models.offer_views import OffersWanted
from models.user import UserFields

router = APIRouter()


@router.get("/hosts")
def list_hosts(
    request: Request, session: Reading, permit: Permit = may(Action.COMPANY_READ)
) -> Response:
    """The hosts of the alliance; a company has a page of its own."""
    wanted = narrowed(request, CompaniesWanted, Language(permit.caller.language))
    return _list(request, session, permit, wanted, "")


@router.post("/hosts")
def find_hosts(
    request: Request, form: Form, session: Reading, permit: Permit = may(Action.COMPANY_READ)
) -> Response:
    """Hosts with these letters in name or town. They come in a form: addresses hold no names."""
    named = searched(form)
    return _list(request, session, permit, CompaniesWanted(limit=200), named)


@router.get("/company")
def own_company(
    request: Request, session: Reading, permit: Permit = may(Action.COMPANY_READ)
) -> Response:
    """One's own company."""
    if permit.caller.role != Role.COMPANY or permit.caller.scope_id is None:
        return go_to(request, "/hosts")
    return _show(request, session, permit, permit.caller.scope_id)


@router.get("/hosts/{company_id}")
def one_host(
    company_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.COMPANY_READ),
) -> Response:  # fmt: skip
    """One host: how it is reached, where it works, what it offers, who answers for it."""
    return _show(request, session, permit, company_id)


@router.post("/hosts/{company_id}/verification")
def verify(
    company_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.COMPANY_VERIFY),
) -> Response:  # fmt: skip
    """Somebody by name has looked at this host."""
    language, caller = Language(permit.caller.language), permit.caller
    asked, faults = read(Verified, {"ids": [company_id], "name": form.get("name", "")}, language)
    mine = companies_in(permit.scope, caller.scope_id)
    companies.own(session, caller, permit.scope, company_id)
    if asked is not None:
        with attempt(session, faults, language):
            companies.verify(session, caller, asked.ids, asked.name, mine)
    return _done(request, session, permit, company_id, faults, form)


@router.post("/hosts/{company_id}/invitation")
def invite(
    company_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.ACCOUNT_CHANGE),
) -> Response:  # fmt: skip
    """Make an account for somebody of the host, and send an invitation to it."""
    language = Language(permit.caller.language)
    names = ("name", "email", "language")
    asked, faults = read(UserFields, {name: form.get(name, "") for name in names}, language)
    if asked is not None and not asked.email:
        faults.fields["email"] = language.phrase("Please fill this in.")
    if asked is not None and asked.language not in LANGUAGES:
        faults.fields["language"] = language.phrase("Please choose one of the list.")
    if asked is not None and not faults:
        with attempt(session, faults, language):
            user = accounts.make_within(session, permit.caller, Role.COMPANY, company_id, asked)
            accounts.invite_by_mail(session, permit.caller, user)
    return _done(request, session, permit, company_id, faults, form)


@router.post("/hosts/{company_id}/responsible")
def name_responsible(
    company_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.COVER_CHANGE),
) -> Response:  # fmt: skip
    """Let a coordinator of the region answer for this host from now on."""
    language, caller = Language(permit.caller.language), permit.caller
    asked, faults = read(ResponsibleAsked, {"user_id": form.get("user_id", "")}, language)
    whose, mine = Whose("company_id", company_id), companies_in(permit.scope, caller.scope_id)
    covering.responsible(session, whose, mine)
    if asked is not None:
        with attempt(session, faults, language):
            covering.name_responsible(
                session, caller, whose, mine, asked.user_id, version_seen(form)
            )
    return _done(request, session, permit, company_id, faults, form)


def _done(
    request: Request, session: Session, permit: Permit, company_id: uuid.UUID, faults: Faults,
    form: Form,
) -> Response:  # fmt: skip
    if faults:
        return _show(request, session, permit, company_id, faults=faults, typed=form)
    return go_to(request, f"/hosts/{company_id}")


def _list(
    request: Request, session: Session, permit: Permit, wanted: CompaniesWanted, named: str
) -> Response:
    caller = permit.caller
    if caller.role == Role.COMPANY:
        return go_to(request, "/company")
    found = companies.page(session, caller, permit.scope, wanted, named, keys=by_name)
    ids = [company.id for company in found.items]
    regions = store.regions.regions(session, after=None, limit=200)
    return show(
        request, "hosts.html", block="rows", items=found.items, after=found.next, wanted=wanted,
        offered=store.companies.published(session, ids, caller.today), named=named,
        regions=[(row.code, row.name) for row in regions],
        region_names={row.code: row.name for row in regions},
    )  # fmt: skip


def _show(
    request: Request, session: Session, permit: Permit, company_id: uuid.UUID, *,
    faults: Faults | None = None, typed: Any = None,
) -> Response:  # fmt: skip
    caller, language = permit.caller, Language(permit.caller.language)
    scope, sees = (
        scope_of(caller.role, action) for action in (Action.COMPANY_READ, Action.OFFER_READ)
    )
    if scope is None or sees is None:
        raise NoSuchCompanyError(company_id)
    company = companies.one(session, caller, scope, company_id)
    is_own = isinstance(company, CompanyOwn) and caller.role in (Role.COMPANY, Role.COORDINATOR)
    offers = offer_lists.page(session, caller, sees, OffersWanted(company=company_id, limit=200))
    cares = is_own and caller.role == Role.COORDINATOR
    return show(
        request, "host.html", status=422 if faults else 200, company=company, is_own=is_own,
        sites=companies.sites(session, caller, scope, company_id), cares=cares,
        rows=in_order([row_of(language, offer, caller.today) for offer in offers.items]),
        labels={name: language.phrase(text) for name, text in LABELS.items()},
        faults=faults or Faults(), typed=typed or {},
        zone=clock.zone_of(session, caller),
        **(_care(session, permit, company_id) if cares else {}),
    )  # fmt: skip


def _care(session: Session, permit: Permit, company_id: uuid.UUID) -> dict[str, Any]:
    """What the coordinators of a host's region see of it: who answers, who can sign in."""
    caller = permit.caller
    scope = scope_of(caller.role, Action.COVER_READ)
    assert scope is not None  # noqa: S101  # a coordinator has it
    mine = companies_in(scope, caller.scope_id)
    found = covering.responsible(session, Whose("company_id", company_id), mine)
    row, user = found or (None, None)
    today = store.cases.coordinators(
        session, caller.scope_id, caller.today, company_id=company_id
    ) if caller.scope_id else []  # fmt: skip
    return {
        "responsible": user, "responsible_version": row.version if row else 0,
        "answering": today,
        "coordinators": [
            (str(one.id), one.name)
            for one in covering.coordinators(session, caller.scope_id)
        ],
        "accounts": store.provisions.accounts_of_company(session, company_id),
    }  # fmt: skip
