"""An apprentice's own profile, in small steps that are each stored by themselves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session
from starlette.datastructures import FormData

from api.edge import Permit, Reading, Writing, may
from api.language import N_
from api.pages import company_finding, person_form, words
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.pages.own import Own, own
from api.policy import Action
from api.services import apprentices, wished
from matcher.vocabulary import CEFR_LEVELS
from models import ApprenticeProfile

router = APIRouter()

Name = Literal["about", "languages", "when", "where", "not"]
WEEK = 7
LENGTHS = ("days_min", "days_ideal", "days_max")
BLANK_LANGUAGES, BLANK_PERIODS = 2, 1


@dataclass(frozen=True)
class Step:
    """A short form: its question, and how its values are read."""

    title: str
    values: Callable[[FormData], dict[str, Any]]


def _about(form: FormData) -> dict[str, Any]:
    return {name: str(form.get(name, "")).strip() or None for name in ("email", "phone")}


def _languages(form: FormData) -> dict[str, Any]:
    rows = _numbered(form, "language", "level")
    return {"languages": {code: level for code, level in rows if code}}


def _when(form: FormData) -> dict[str, Any]:
    values = {name: form.get(name, "") for name in ("available_from", "available_to")}
    factor = WEEK if form.get("unit") == "weeks" else 1
    for name in LENGTHS:
        typed = str(form.get(name, ""))
        values[name] = str(int(typed) * factor) if typed.isdecimal() else typed
    periods = _numbered(form, "busy_from", "busy_to")
    return values | {"not_available": [pair for pair in periods if any(pair)]}


def _where(form: FormData) -> dict[str, Any]:
    chosen = [first for (first,) in _numbered(form, "country")]
    return {"destinations": list(dict.fromkeys(code for code in chosen if code))}


def _not(form: FormData) -> dict[str, Any]:
    return {"excluded_companies": company_finding.ids(form)}


STEPS: dict[str, Step] = {
    "about": Step(N_("How do we reach you?"), _about),
    "languages": Step(N_("Which languages do you speak?"), _languages),
    "when": Step(N_("When can you go?"), _when),
    "where": Step(N_("Where would you like to go?"), _where),
    "not": Step(N_("What do you not want?"), _not),
}


@router.get("/profile")
def profile(
    request: Request, session: Reading, permit: Permit = may(Action.APPRENTICE_PROFILE),
    done: str = "",
) -> Response:  # fmt: skip
    """All steps with what stands there, and what the school knows besides."""
    me = own(session, permit, Action.APPRENTICE_PROFILE)
    return show(
        request, "profile.html", me=me, steps=STEPS, done=done, told=_told(session, me),
        trades=[me.language.name("isco08", code[:4]) for code in me.person.occupations],
    )  # fmt: skip


@router.get("/profile/{name}")
def step_form(
    request: Request, name: Name, session: Reading,
    permit: Permit = may(Action.APPRENTICE_PROFILE),
) -> Response:  # fmt: skip
    """One step."""
    return _form(request, session, own(session, permit, Action.APPRENTICE_PROFILE), name)


@router.post("/profile/{name}")
def store_step(
    request: Request, name: Name, form: Form, session: Writing,
    permit: Permit = may(Action.APPRENTICE_PROFILE),
) -> Response:  # fmt: skip
    """Store one step; all others stay as they are."""
    me = own(session, permit, Action.APPRENTICE_PROFILE)
    if company_finding.is_asked(form):
        return _form(request, session, me, name, typed=form)
    known = {field: getattr(me.person, field) for field in ApprenticeProfile.model_fields}
    asked, faults = read(ApprenticeProfile, known | STEPS[name].values(form), me.language)
    if asked is not None:
        with attempt(session, faults, me.language):
            apprentices.change(
                session, me.caller, me.person.id, asked,
                version_seen(form), me.mine,
            )  # fmt: skip
    if not faults:
        return go_to(request, f"/profile?done={name}")
    faults.fields = _as_labelled(faults.fields)
    session.refresh(me.person)
    return _form(request, session, me, name, status=422, faults=faults, typed=form)


def _as_labelled(fields: Mapping[str, str]) -> dict[str, str]:
    """Faults by the parts of the form that have a label: a row of a list is its list."""
    told: dict[str, str] = {}
    for name, text in fields.items():
        told.setdefault(name.partition(".")[0], text)
    return told


def _numbered(form: FormData, *names: str) -> list[tuple[str, ...]]:
    """The rows of a list in a form, whose fields are called name-0, name-1 and so on."""
    rows, number = [], 0
    while f"{names[0]}-{number}" in form and number < 100:
        rows.append(tuple(str(form.get(f"{name}-{number}", "")).strip() for name in names))
        number += 1
    return rows


def _form(
    request: Request, session: Session, me: Own, name: str, *, status: int = 200,
    faults: Faults | None = None, typed: FormData | None = None,
) -> Response:  # fmt: skip
    return show(
        request, "profile_step.html", status=status, me=me, person=me.person, name=name,
        title=STEPS[name].title, faults=faults or Faults(), typed=typed or {},
        **_choices(session, me, name, typed),
    )  # fmt: skip


def _choices(session: Session, me: Own, name: str, typed: FormData | None = None) -> dict[str, Any]:
    """What a step is filled with besides the record."""
    language, person = me.language, me.person
    if name == "languages":
        says = words.Words(language)
        return {
            "known": [*person.languages.items(), *[("", "")] * BLANK_LANGUAGES],
            "languages": person_form.named(language, "languages"),
            "levels": [(level, says.of("level", level)) for level in CEFR_LEVELS],
        }
    if name == "when":
        lengths = [getattr(person, one) for one in LENGTHS]
        in_weeks = all(days % WEEK == 0 for days in lengths)
        return {
            "in_weeks": in_weeks,
            "lengths": [days // WEEK if in_weeks else days for days in lengths],
            "busy": [*person.not_available, *[("", "")] * BLANK_PERIODS],
        }
    if name == "where":
        there = wished.countries(session, me.centre) | set(person.destinations)
        return {
            "countries": person_form.named(language, "countries", there),
            "chosen": [*person.destinations, *[""] * (len(there) - len(person.destinations))],
        }
    if name == "not":
        finder = company_finding.finder(
            session, person.excluded_companies, typed, are_public=True
        )  # fmt: skip
        return {"companies": finder, "offers": wished.not_for_me(session, person)}
    return {}


def _told(session: Session, me: Own) -> dict[str, str]:
    """What stands in each step, in words."""
    language, person, says = me.language, me.person, words.Words(me.language)
    first, best, last = (language.length(getattr(person, name)) for name in LENGTHS)
    companies = wished.excluded_companies(session, person)
    named = [*companies.values(), *wished.not_for_me(session, person).values()]
    return {
        "about": language.listed([one for one in (person.email, person.phone) if one])
        or language.phrase("Nothing yet."),
        "languages": language.listed(
            [
                f"{language.name('languages', code)} ({says.of('level', level)})"
                for code, level in person.languages.items()
            ]
        ),
        "when": language.phrase(
            "{days}; {best} would be best, at least {least}, at most {most}.",
            days=language.days(person.available_from, person.available_to),
            best=best,
            least=first,
            most=last,
        ),
        "where": language.listed([language.name("countries", code) for code in person.destinations])
        or language.phrase("Anywhere."),
        "not": language.listed(named) or language.phrase("Nothing so far."),
    }
