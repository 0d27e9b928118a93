"""An offer in steps: each is stored when one goes on, or back; published at the last."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.language import N_, Language
from api.pages import finding, young
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.pages.offer_forms import READ, STEPS, defaults, record_of
from api.pages.offer_shown import LABELS, look_data, step_data
from api.pages.person_form import named
from api.pages.words import located
from api.policy import Action
from api.services import companies, offer_lists, offers, windows
from api.store.scopes import companies_in
from models import OfferWindowFields
from models.company import SiteFields
from models.company_views import SiteShown
from models.offer_views import OfferNew, OfferRecord, OfferShown

router = APIRouter()

Step = Literal["work", "when", "workplace", "look"]

NAMES = {
    "work": N_("The work"), "when": N_("When and how many"), "workplace": N_("The workplace"),
    "look": N_("Look and publish"),
}  # fmt: skip


@router.get("/offers/new")
def new_offer(
    request: Request, session: Reading, permit: Permit = may(Action.OFFER_CHANGE)
) -> Response:
    """The first step of an offer of one's own company."""
    return _first_form(request, session, permit, _own_id(permit))


@router.post("/offers/new")
def make_offer(
    request: Request, form: Form, session: Writing, permit: Permit = may(Action.OFFER_CHANGE)
) -> Response:
    """Store a draft, and go to the second step."""
    return _make(request, form, session, permit, _own_id(permit))


@router.get("/hosts/{company_id}/offers/new")
def new_offer_of(
    company_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """The first step of an offer that a coordinator posts for a host."""
    return _first_form(request, session, permit, company_id)


@router.post("/hosts/{company_id}/offers/new")
def make_offer_of(
    company_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """Store a draft for a host, and go to the second step."""
    return _make(request, form, session, permit, company_id)


@router.get("/offers/{offer_id}/steps/{step}")
def step_form(
    offer_id: uuid.UUID, step: Step, request: Request, session: Reading,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """One step, filled with what is stored."""
    offer = offer_lists.own(session, permit.caller, permit.scope, offer_id)
    return _show(request, session, permit, step, offer)


@router.post("/offers/{offer_id}/steps/{step}")
def store_step(
    offer_id: uuid.UUID, step: Step, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.OFFER_CHANGE),
) -> Response:  # fmt: skip
    """Store what one step says, and go where its button says."""
    offer = offer_lists.own(session, permit.caller, permit.scope, offer_id)
    language = Language(permit.caller.language)
    if finding.is_asked(form):
        return _show(request, session, permit, step, offer, typed=form)
    before = record_of(offer)
    record, faults = read(OfferRecord, before | READ[step](form, before), language)
    dates: OfferWindowFields | None = None
    if step == "when" and not offer.windows:
        dates, wrong = read(OfferWindowFields, _dates(form), language)
        faults = Faults(faults.whole, faults.fields | wrong.fields)
    mine = companies_in(permit.scope, permit.caller.scope_id)
    if not faults and record is not None:
        with attempt(session, faults, language):
            offers.change(session, permit.caller, offer_id, record, version_seen(form), mine)
            if dates is not None:
                windows.add(session, permit.caller, offer_id, dates, mine)
    if faults:
        fresh = offer_lists.own(session, permit.caller, permit.scope, offer_id)
        return _show(request, session, permit, step, fresh, typed=form, faults=faults)
    return go_to(request, _next(offer_id, step, str(form.get("then", ""))))


def _next(offer_id: uuid.UUID, step: str, then: str) -> str:
    """Where the button that was pressed leads."""
    here = STEPS.index(step)
    back, on = STEPS[max(here - 1, 0)], STEPS[min(here + 1, len(STEPS) - 1)]
    ways = {"back": f"/steps/{back}", "leave": "", "dates": "/windows/new"}
    return f"/offers/{offer_id}{ways.get(then, f'/steps/{on}')}"


def _own_id(permit: Permit) -> uuid.UUID:
    """The company of who asks; of others an id that no company has."""
    assert permit.caller.scope_id is not None  # noqa: S101  # who may change offers has one
    return permit.caller.scope_id


def _first_form(
    request: Request, session: Session, permit: Permit, company_id: uuid.UUID, *,
    typed: Mapping[str, Any] | None = None, faults: Faults | None = None,
) -> Response:  # fmt: skip
    company = companies.own(session, permit.caller, permit.scope, company_id)
    sites = companies.sites(session, permit.caller, permit.scope, company_id)
    language = Language(permit.caller.language)
    finder = finding.found(typed, language) if typed is not None else finding.chosen((), language)  # type: ignore[arg-type]  # a form
    return show(
        request, "offer_step.html", status=422 if faults else 200, step="work", offer=None,
        steps=_steps(language, None), sites=_named(sites), finder=finder, company=company,
        labels=_labels(language), faults=faults or Faults(), typed=typed or {}, young=None,
        fields_of_training=named(language, "isced_f"),
    )  # fmt: skip


def _make(
    request: Request, form: Form, session: Session, permit: Permit, company_id: uuid.UUID
) -> Response:
    caller, language = permit.caller, Language(permit.caller.language)
    company = companies.own(session, caller, permit.scope, company_id)
    if finding.is_asked(form):
        return _first_form(request, session, permit, company_id, typed=form)
    mine = companies_in(permit.scope, caller.scope_id)
    sites = companies.sites(session, caller, permit.scope, company_id)
    at = sites[0].id if sites else company.id  # a workplace that is only made below
    values = defaults(language.code) | {"key": f"offer-{str(caller.new_id())[:8]}"}
    asked, faults = read(
        OfferNew, values | READ["work"](form, {"site_id": str(at)}), language
    )  # fmt: skip
    if asked is not None:
        with attempt(session, faults, language):
            if not sites:
                here = SiteFields(name=company.name, town=company.town)
                asked.site_id = companies.create_site(session, caller, company_id, here, mine).id
            made = offers.create(session, caller, asked, mine)
    if faults:
        return _first_form(request, session, permit, company_id, typed=form, faults=faults)
    return go_to(request, _next(made.offer.id, "work", str(form.get("then", ""))))


def _show(
    request: Request, session: Session, permit: Permit, step: str, offer: OfferShown, *,
    typed: Any = None, faults: Faults | None = None,
) -> Response:  # fmt: skip
    language = Language(permit.caller.language)
    finder = finding.chosen(offer.occupations, language)
    if typed is not None and step == "work":
        finder = finding.found(typed, language)
    sites = companies.sites(session, permit.caller, permit.scope, offer.company_id)
    more = step_data(language, offer, step) | look_data(language, offer)
    return show(
        request, "offer_step.html", status=422 if faults else 200, step=step, offer=offer,
        steps=_steps(language, offer), sites=_named(sites), finder=finder,
        labels=_labels(language), faults=faults or Faults(), typed=typed or {},
        young=young.of_offer(session, language, offer), **more,
    )  # fmt: skip


def _steps(language: Language, offer: OfferShown | None) -> list[tuple[str, str, str]]:
    """Code, name and address of each step; a new offer has only the first one."""
    return [
        (code, language.phrase(NAMES[code]), f"/offers/{offer.id}/steps/{code}" if offer else "")
        for code in STEPS
    ]


def _labels(language: Language) -> dict[str, str]:
    return {name: language.phrase(text) for name, text in LABELS.items()}


def _named(sites: Sequence[SiteShown]) -> list[tuple[str, str]]:
    return [(str(site.id), located(site.name, site.town)) for site in sites]


def _dates(form: Form) -> dict[str, Any]:
    names = ("available_from", "available_to", "places")
    return {name: form.get(name, "") for name in names} | {"reserved": form.get("reserved") or 0}
