"""What National Agencies pay for a day: the list, and the form for one more or another amount."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api import support_facts
from api.edge import Permit, Reading, Writing, may
from api.language import N_, Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.policy import Action, Scope, scope_of
from api.services import people, support_rates
from matcher.vocabulary import default_reference
from models import RateStatus
from models.support import COUNTRY_GROUPS, SupportRateFields
from models.support_views import RateKey, RateShown

router = APIRouter(prefix="/support-rates")

LABELS: dict[str, str] = {
    "region": N_("Region that sends"), "call_year": N_("Year of the Erasmus+ call"),
    "activity": N_("Kind of stay"), "country_group": N_("Countries"),
    "day_cents": N_("Euros for a day, up to day 14"), "status": N_("How sure it is"),
    "source": N_("Who says so"), "address": N_("Page on the internet"),
    "source_date": N_("Day on which you read it"),
}  # fmt: skip

AMOUNT = N_("Please give an amount in euros between 0 and 500, such as 64 or 64.50.")

STATUSES: dict[RateStatus, str] = {
    RateStatus.OFFICIAL: N_("The National Agency says so"),
    RateStatus.PLACEHOLDER: N_("Only an example"),
}


@router.get("")
def listed(
    request: Request, session: Reading, permit: Permit = may(Action.SUPPORT_RATE_READ)
) -> Response:
    """The rates that are the caller's to enter, and the form: of the one named, or for more."""
    return _page(request, session, permit, Faults(), {}, request.query_params)


@router.post("")
def enter(
    request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.SUPPORT_RATE_CHANGE),
) -> Response:  # fmt: skip
    """Enter a rate; one that is there already is replaced by what its own form says."""
    language = Language(permit.caller.language)
    key, faults = read(RateKey, form, language)
    fields, wrong = read(SupportRateFields, {**form, "day_cents": _cents(form)}, language)
    faults.fields |= wrong.fields
    if "day_cents" in faults.fields:  # what is wrong with it would be said of cents
        faults.fields["day_cents"] = language.phrase(AMOUNT)
    if key is not None and fields is not None:
        with attempt(session, faults, language):
            support_rates.enter(
                session, permit.caller, permit.scope, key, fields, seen=version_seen(form)
            )
    if faults:
        return _page(request, session, permit, faults, form, form)
    return go_to(request, "/support-rates")


@router.post("/remove")
def remove(
    request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.SUPPORT_RATE_CHANGE),
) -> Response:  # fmt: skip
    """Take a rate back."""
    language = Language(permit.caller.language)
    key, faults = read(RateKey, form, language)
    if key is not None:
        with attempt(session, faults, language):
            support_rates.remove(session, permit.caller, permit.scope, key, seen=version_seen(form))
    if faults:
        return _page(request, session, permit, faults, {}, form)
    return go_to(request, "/support-rates")


def _cents(form: Mapping[str, Any]) -> Any:
    """Euros as they were typed, with a point or a comma, as cents; else what was typed."""
    typed = str(form.get("day_cents", "")).strip()
    try:
        cents = Decimal(typed.replace(",", ".")) * 100
        return int(cents) if cents == int(cents) else typed
    except (InvalidOperation, OverflowError, ValueError):
        return typed


def _page(
    request: Request, session: Session, permit: Permit, faults: Faults, typed: Mapping[str, Any],
    given: Mapping[str, Any],
) -> Response:  # fmt: skip
    """The page; `given` names the rate that its form is about, if it does."""
    caller, language = permit.caller, Language(permit.caller.language)
    scope = scope_of(caller.role, Action.SUPPORT_RATE_CHANGE)
    mine = people.regions(session, caller, scope) if isinstance(scope, Scope) else ()
    names = {one.code: one.name for one in mine}
    items = [one for one in support_rates.overview(session) if one.region in names]
    key, _ = read(RateKey, given, language)
    chosen = next((one for one in items if _key_of(one) == key), None)
    year = support_facts.call_year_of(caller.today)
    return show(
        request, "support_rates.html", status=422 if faults else 200,
        items=items, chosen=chosen, euros=_euros(chosen), address_of=_address_of,
        names=names, regions=list(names.items()),
        activities=[
            (code, language.name("activities", code))
            for code in default_reference().codes("activities")
        ],
        groups=[(str(group), _countries(language, year, group)) for group in COUNTRY_GROUPS],
        statuses=[(str(code), language.phrase(text)) for code, text in STATUSES.items()],
        labels={name: language.phrase(text) for name, text in LABELS.items()},
        year=year, today=caller.today, faults=faults, typed=typed,
    )  # fmt: skip


def _key_of(one: RateShown) -> RateKey:
    return RateKey(**{name: getattr(one, name) for name in RateKey.model_fields})


def _address_of(one: RateShown) -> str:
    return urlencode(_key_of(one).model_dump())


def _euros(one: RateShown | None) -> str:
    """An amount as a field has it: with cents only where there are some."""
    if one is None:
        return ""
    euros, cents = divmod(one.day_cents, 100)
    return f"{euros}.{cents:02}" if cents else str(euros)


def _countries(language: Language, year: int, group: int) -> str:
    """The countries of a group as they are called, for a call that people enter rates of now."""
    names = [
        language.name("countries", country) for country in support_facts.countries_of(year, group)
    ]
    return language.phrase(
        N_("Group {group}: {countries}"), group=language.number(group),
        countries=", ".join(sorted(names)),
    )  # fmt: skip
