"""Companies and their workplaces: seen, made, changed, verified, asked for hours."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from sqlmodel import Session

import models
from api.edge import OnlyOnce, Permit, Reading, SeenVersion, Writing, may, tag
from api.policy import Action
from api.services import companies, imports
from api.services.companies import shown, site_shown
from api.store.scopes import companies_in
from models.base import Shape
from models.company import CompanyFields, SiteFields
from models.company_views import (
    CompaniesWanted,
    CompanyOwn,
    CompanyPage,
    CompanyShown,
    Marked,
    SiteList,
    SiteShown,
    Verified,
)

router = APIRouter(tags=["companies"])

SearchText = Annotated[str | None, Query(max_length=100, pattern=r"^[^\x00]+$")]
"""Letters to look for."""


class OfferWithoutHours(Shape):
    """An offer whose working hours nobody has said."""

    offer_id: uuid.UUID
    key: str
    title: str


class HoursQuestion(Shape):
    """One company, how it is reached, and the offers to be asked about."""

    company_id: uuid.UUID
    company: str
    contact_name: str | None
    email: str | None
    phone: str | None
    offers: list[OfferWithoutHours]


class HoursQuestions(Shape):
    """One question a company. Into unknown hours nobody under 18 is placed."""

    items: list[HoursQuestion]


@router.get("/companies")
def list_companies(
    session: Reading,
    permit: Permit = may(Action.COMPANY_READ),
    region: SearchText = None,
    verified: bool | None = None,
    q: SearchText = None,
    after: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CompanyPage:
    """Companies by id, of the region with this code, with `q` in the name, town or sector."""
    wanted = CompaniesWanted(region=region, verified=verified, after=after, limit=limit)
    return companies.page(session, permit.caller, permit.scope, wanted, q)


@router.post("/companies", status_code=201, response_model=CompanyOwn)
def make_company(
    asked: CompanyFields, once: OnlyOnce, permit: Permit = may(Action.COMPANY_CREATE)
) -> JSONResponse:
    """A company of one's own region; somebody of the region verifies it later."""

    def make() -> CompanyShown:
        return _shown(once.session, permit, companies.create(once.session, permit.caller, asked))

    return once(asked.model_dump(mode="json"), 201, make, headers=_etag)


@router.post("/companies/verification")
def verify_companies(
    asked: Verified, session: Writing, permit: Permit = may(Action.COMPANY_VERIFY)
) -> Marked:
    """Mark companies of one's own region as known and verified, by name and today's date."""
    mine = companies_in(permit.scope, permit.caller.scope_id)
    marked = companies.verify(session, permit.caller, asked.ids, asked.name, mine)
    return Marked(ids=[row.id for row in marked])


@router.get("/companies/hours-questions")
def hours_questions(
    session: Reading, permit: Permit = may(Action.COMPANY_VERIFY)
) -> HoursQuestions:  # fmt: skip
    """Which companies of one's region have to be asked for working hours, and for which offers."""
    assert permit.caller.scope_id is not None  # noqa: S101  # a coordinator has a region
    found = imports.missing_hours(session, permit.caller.scope_id)
    return HoursQuestions(items=[_question(one) for one in found])


@router.get("/companies/{company_id}")
def one_company(
    company_id: uuid.UUID, session: Reading, response: Response,
    permit: Permit = may(Action.COMPANY_READ),
) -> CompanyShown:  # fmt: skip
    """One company, with the ETag that changes ask for."""
    found = companies.one(session, permit.caller, permit.scope, company_id)
    response.headers["ETag"] = tag(found.version)
    return found


@router.put("/companies/{company_id}")
def change_company(
    company_id: uuid.UUID, asked: CompanyFields, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.COMPANY_CHANGE),
) -> CompanyOwn:  # fmt: skip
    """Replace what is known of a company. Its key and most placements are the region's to say."""
    mine = companies_in(permit.scope, permit.caller.scope_id)
    row = companies.change(session, permit.caller, company_id, asked, seen, mine)
    response.headers["ETag"] = tag(row.version)
    found = _shown(session, permit, row)
    assert isinstance(found, CompanyOwn)  # noqa: S101  # only one's own can be changed
    return found


@router.get("/companies/{company_id}/sites")
def list_sites(
    company_id: uuid.UUID, session: Reading, permit: Permit = may(Action.COMPANY_READ)
) -> SiteList:
    """The workplaces of a company."""
    return SiteList(items=companies.sites(session, permit.caller, permit.scope, company_id))


@router.post("/companies/{company_id}/sites", status_code=201, response_model=SiteShown)
def make_site(
    company_id: uuid.UUID, asked: SiteFields, once: OnlyOnce,
    permit: Permit = may(Action.COMPANY_CHANGE),
) -> JSONResponse:  # fmt: skip
    """A workplace of a company."""
    mine = companies_in(permit.scope, permit.caller.scope_id)

    def make() -> SiteShown:
        row = companies.create_site(once.session, permit.caller, company_id, asked, mine)
        return site_shown(row)

    return once(asked.model_dump(mode="json"), 201, make, headers=_etag)


@router.put("/sites/{site_id}")
def change_site(
    site_id: uuid.UUID, asked: SiteFields, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.COMPANY_CHANGE),
) -> SiteShown:  # fmt: skip
    """Replace what is known of a workplace; a new town or address is asked about again."""
    mine = companies_in(permit.scope, permit.caller.scope_id)
    row = companies.change_site(session, permit.caller, site_id, asked, seen, mine)
    response.headers["ETag"] = tag(row.version)
    return site_shown(row)


def _shown(session: Session, permit: Permit, row: models.Company) -> CompanyShown:
    return shown(permit.caller, row, session.get_one(models.Region, row.region_id))


def _etag(made: CompanyShown | SiteShown) -> dict[str, str]:
    return {"ETag": tag(made.version)}


def _question(one: imports.HoursQuestion) -> HoursQuestion:
    names = ("company_id", "company", "contact_name", "email", "phone")
    return HoursQuestion(
        **{name: getattr(one, name) for name in names},
        offers=[
            OfferWithoutHours(offer_id=identity, key=key, title=title)
            for identity, key, title in one.offers
        ],
    )
