"""Apprentices: the list, somebody new, one of them, and the record in sections."""

import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import ColumnElement
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.health_words import warnings_about
from api.language import N_, Language
from api.pages import company_finding, finding, person_form
from api.pages.frame import Faults, Form, attempt, go_to, read, searched, show, version_seen
from api.pages.person_form import LABELS, TITLES, Section
from api.pages.words import Words, located
from api.policy import Action, scope_of
from api.services import apprentices, case_lists, guardians, people
from api.services.enrolments import ENROLMENT_CHANGES
from api.store.scopes import people_in
from matcher.limits import ADULT, age_on
from models import ApprenticeRecord, EnrolmentStatus, Role
from models.apprentice_views import ApprenticeNew, PeopleWanted
from models.proposal_views import ProposalsWanted

router = APIRouter()

FILTERS = ("call", "status", "activity", "has_place")
"""What narrows the list, in the address."""

DONE_TO: dict[EnrolmentStatus, str] = {
    EnrolmentStatus.APPLIED: N_("Applies again"), EnrolmentStatus.SELECTED: N_("Select"),
    EnrolmentStatus.WAITING: N_("Put on the waiting list"), EnrolmentStatus.PAUSED: N_("Pause"),
}  # fmt: skip
"""What a coordinator does to bring somebody into a status."""

STEPS = {
    status: [(to, DONE_TO[to]) for to in ENROLMENT_CHANGES[status] if to != status]
    for status in EnrolmentStatus
}
"""What can be done with somebody in a call, by how the person takes part now."""


@router.get("/apprentices")
def listed(
    request: Request, session: Reading, permit: Permit = may(Action.APPRENTICE_CHANGE)
) -> Response:
    """The people of one's own, by name, as the address narrows them."""
    given = {name: value for name, value in request.query_params.items() if value}
    wanted, _ = read(PeopleWanted, given, Language(permit.caller.language))
    return _list(request, session, permit, wanted or PeopleWanted())


@router.post("/apprentices/search")
def search(
    request: Request, form: Form, session: Reading, permit: Permit = may(Action.APPRENTICE_CHANGE)
) -> Response:
    """People by their names, which stand in the form and never in the address."""
    after = {"after": str(form["after"])} if form.get("after") else {}
    wanted, _ = read(PeopleWanted, after, Language(permit.caller.language))
    words = searched(form)
    return _list(request, session, permit, wanted or PeopleWanted(), words)


def _list(
    request: Request, session: Session, permit: Permit, wanted: PeopleWanted, words: str = ""
) -> Response:
    items, after = people.page(session, permit.caller, permit.scope, wanted, words)
    language = Language(permit.caller.language)
    kept = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name in FILTERS
        if (value := getattr(wanted, name)) is not None
    }
    return show(
        request, "apprentices.html", block="people", items=items, after=after, wanted=wanted,
        searched=words, kept=kept, further=f"/apprentices?{urlencode(kept | {'after': after})}",
        calls=[(call.code, call.name) for call in people.open_calls(session)],
        statuses=[(one, Words(language).of("enrolment_status", one)) for one in EnrolmentStatus],
        activities=person_form.named(language, "activities"),
    )  # fmt: skip


@router.get("/apprentices/new")
def new(
    request: Request, session: Reading, permit: Permit = may(Action.APPRENTICE_CHANGE)
) -> Response:
    """The form for somebody new."""
    return _new(request, session, permit)


@router.post("/apprentices/new")
def make(
    request: Request, form: Form, session: Writing, permit: Permit = may(Action.APPRENTICE_CHANGE)
) -> Response:
    """Somebody new in a centre of one's own."""
    if finding.is_asked(form) or company_finding.is_asked(form):
        return _new(request, session, permit, form)
    given = {name: value for name, value in form.items() if name == "centre_id" and value}
    for section in Section:
        given |= person_form.values_of(form, section)
    asked, faults = read(ApprenticeNew, given, Language(permit.caller.language))
    if asked is not None:
        with attempt(session, faults, Language(permit.caller.language)):
            person, _ = apprentices.create(session, permit.caller, asked, _mine(permit))
        if not faults:
            return go_to(request, f"/apprentices/{person.id}")
    return _new(request, session, permit, form, faults)


def _new(
    request: Request, session: Session, permit: Permit, form: Any = None,
    faults: Faults | None = None,
) -> Response:  # fmt: skip
    language = Language(permit.caller.language)
    centres = people.centres(session, permit.caller, permit.scope)
    stored = {"modes": ["physical"], "days_abroad": 0}
    return show(
        request, "apprentice_new.html", status=422 if faults else 200, faults=faults or Faults(),
        typed=form or {}, stored=stored, labels=labels(language), titles=TITLES,
        centres=[(str(centre.id), located(centre.name, centre.town)) for centre in centres],
        fields=person_form.fields(session, language, centres[0] if centres else None, stored, form),
    )  # fmt: skip


@router.get("/apprentices/{apprentice_id}")
def one(
    apprentice_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.APPRENTICE_CHANGE),
) -> Response:  # fmt: skip
    """Somebody: what is known, what is going on, what can be done."""
    caller = permit.caller
    person, centre = people.one(session, apprentice_id, _mine(permit))
    parts = people.taking_part(session, [person.id]).get(person.id, [])
    taken = {part.call for part in parts}
    seen = scope_of(caller.role, Action.PROPOSAL_READ) or permit.scope
    proposals, _ = case_lists.page(
        session, caller, seen, ProposalsWanted(apprentice=person.id, limit=20)
    )
    is_coordinator = caller.role == Role.COORDINATOR
    language = Language(caller.language)
    return show(
        request, "apprentice.html", person=person, centre=centre, parts_taken=parts,
        proposals=proposals, is_minor=age_on(person.birth_date, caller.today) < ADULT,
        open_calls=[call for call in people.open_calls(session) if call.code not in taken],
        guardians=[
            (row, people.reached(session, Role.GUARDIAN, row.id))
            for row in guardians.of(session, person.id)
        ],
        reached=people.reached(session, Role.APPRENTICE, person.id),
        requests=(
            people.requests_of(session, caller, person.id, _mine(permit)) if is_coordinator else []
        ),
        enrolment_changes=STEPS, countries=_names(language, "countries", person.destinations),
        occupations=[finding.name_of(code, language) for code in person.occupations],
        is_coordinator=is_coordinator, titles=TITLES, sections=list(Section),
        health=bool(warnings_about(introduction=person.introduction)),
    )  # fmt: skip


@router.get("/apprentices/{apprentice_id}/edit/{section}")
def section_form(
    apprentice_id: uuid.UUID, section: Section, request: Request, session: Reading,
    permit: Permit = may(Action.APPRENTICE_CHANGE),
) -> Response:  # fmt: skip
    """A section of the record, to be changed."""
    return _section(request, session, permit, apprentice_id, section)


@router.post("/apprentices/{apprentice_id}/edit/{section}")
def change_section(
    apprentice_id: uuid.UUID, section: Section, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.APPRENTICE_CHANGE),
) -> Response:  # fmt: skip
    """Change a section; what was proposed or booked is looked at again."""
    if finding.is_asked(form) or company_finding.is_asked(form):
        return _section(request, session, permit, apprentice_id, section, form)
    language, mine = Language(permit.caller.language), _mine(permit)
    person, _ = people.one(session, apprentice_id, mine)
    given = person_form.changed(person_form.record_of(person), form, section)
    asked, faults = read(ApprenticeRecord, given, language)
    if asked is not None:
        with attempt(session, faults, language):
            apprentices.change(
                session, permit.caller, apprentice_id, asked, version_seen(form), mine
            )
        if not faults:
            return go_to(request, f"/apprentices/{apprentice_id}")
    return _section(request, session, permit, apprentice_id, section, form, faults)


def _section(
    request: Request, session: Session, permit: Permit, apprentice_id: uuid.UUID,
    section: Section, form: Any = None, faults: Faults | None = None,
) -> Response:  # fmt: skip
    language = Language(permit.caller.language)
    person, centre = people.one(session, apprentice_id, _mine(permit))
    stored = person_form.record_of(person)
    return show(
        request, "apprentice_edit.html", status=422 if faults else 200,
        faults=faults or Faults(), typed=form or {}, stored=stored, person=person,
        section=section, title=TITLES[section], labels=labels(language),
        fields=person_form.fields(session, language, centre, stored, form),
    )  # fmt: skip


def _names(language: Language, table: str, codes: Iterable[str]) -> list[str]:
    return [language.name(table, code) for code in codes]


def labels(language: Language) -> dict[str, str]:
    """What the fields of a record are called."""
    return {name: language.phrase(text) for name, text in LABELS.items()}


def _mine(permit: Permit) -> ColumnElement[bool]:
    return people_in(permit.scope, permit.caller.scope_id)
