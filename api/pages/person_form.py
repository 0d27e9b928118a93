"""The form of an apprentice's record, in sections: what it is filled with, what comes back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import Session
from starlette.datastructures import FormData

import models
from api import learned
from api.language import N_, Language
from api.pages import company_finding, finding
from api.pages.finding import Finder
from api.pages.words import Words
from api.services import people
from matcher.vocabulary import CEFR_LEVELS, Mode, default_reference
from models import ApprenticeRecord

ROWS_LEFT = 2
"""So many empty rows a list has at its end, for more."""

CHOICES_OF_COUNTRY = 3
"""So many wishes of a country there is room for at least."""


class Section(StrEnum):
    """What is changed at once."""

    PERSON = "person"
    WORK = "work"
    STAY = "stay"
    SCHOOL = "school"


TITLES: dict[Section, str] = {
    Section.PERSON: N_("Name and contact"),
    Section.WORK: N_("What kind of work"),
    Section.STAY: N_("Languages, dates and countries"),
    Section.SCHOOL: N_("School and contract"),
}

LABELS: dict[str, str] = {
    "centre_id": N_("School"), "first_name": N_("First name"), "last_name": N_("Last name"),
    "birth_date": N_("Born on"), "key": N_("Number at your school"), "email": N_("E-mail"),
    "phone": N_("Phone"), "introduction": N_("A few words for the host"),
    "occupations": N_("Occupations"), "isced_f": N_("Field of training"),
    "outcomes": N_("What is to be learned there"), "licences": N_("Licences and certificates"),
    "languages": N_("Languages"), "available_from": N_("Free from"),
    "available_to": N_("Free until"), "not_available": N_("Not possible in between"),
    "days_min": N_("Shortest stay, in days"), "days_ideal": N_("Best length, in days"),
    "days_max": N_("Longest stay, in days"), "destinations": N_("Countries"),
    "excluded_companies": N_("Companies to which the person is not sent"),
    "activity": N_("Kind of stay"), "status": N_("School or contract"),
    "modes": N_("At the workplace or online"),
    "training_days": N_("Length of the whole training, in days"),
    "days_abroad": N_("Days abroad so far in this training"),
    "graduated_on": N_("Finished the training on"), "employer_name": N_("Employer"),
    "employer_email": N_("E-mail of the employer"),
    "language": N_("Language of messages"),
    "employer_language": N_("Language of messages to the employer"),
    "reached_by": N_("How to reach the person"),
}  # fmt: skip
"""What the fields are called, in the form and in what is told of them."""


@dataclass(frozen=True)
class Fields:
    """What a form is filled with beside its plain values, and what there is to choose from."""

    finder: Finder
    languages: list[tuple[str, str]]
    pauses: list[tuple[str, str]]
    countries: list[str]
    outcomes: str
    companies: company_finding.Finder
    options: Mapping[str, list[tuple[str, str]]]


def fields(
    session: Session, language: Language, centre: models.Centre | None, stored: Mapping[str, Any],
    form: FormData | None = None,
) -> Fields:  # fmt: skip
    """What the form shows: what was typed, else what is stored."""
    shown = dict(stored)
    if form is not None:
        for section in Section:
            shown |= values_of(form, section)
    chosen = [code for code in shown.get("destinations", []) if code]
    room = max(CHOICES_OF_COUNTRY, len(chosen) + 1)
    codes = set(people.destinations(session, centre.region_id if centre else None)).union(chosen)
    find = form is not None and finding.is_asked(form)
    return Fields(
        finder=(
            finding.found(form, language) if find and form is not None
            else finding.chosen(shown.get("occupations", []), language)
        ),
        languages=[*shown.get("languages", {}).items(), *[("", "")] * ROWS_LEFT],
        pauses=[*map(_pair, shown.get("not_available", [])), *[("", "")] * ROWS_LEFT],
        countries=(chosen + [""] * room)[:room],
        companies=company_finding.finder(
            session, shown.get("excluded_companies", []), form, are_public=False
        ),
        outcomes="\n".join(
            learned.said(language, _outcome(one)) for one in shown.get("outcomes", [])
        ),
        options={
            "languages": named(language, "languages"),
            "levels": _of_words(language, "level", CEFR_LEVELS),
            "countries": named(language, "countries", codes),
            "isced_f": named(language, "isced_f"), "licences": named(language, "licences"),
            "activities": named(language, "activities"), "statuses": named(language, "statuses"),
            "modes": _of_words(language, "mode", Mode),
        },
    )  # fmt: skip


def named(
    language: Language, table: str, codes: Iterable[str] | None = None
) -> list[tuple[str, str]]:
    """Codes of a reference list with their names, by name."""
    wanted = default_reference().codes(table) if codes is None else codes
    return sorted(((code, language.name(table, code)) for code in wanted), key=lambda one: one[1])


def values_of(form: FormData, section: Section) -> dict[str, Any]:
    """What was sent of a section, as the shape of the record reads it."""
    plain, lists = PLAIN[section], LISTS[section]
    given = {name: str(form.get(name, "")).strip() for name in plain}
    return {name: text for name, text in given.items() if text} | {
        name: read(form) for name, read in lists.items()
    }


def changed(stored: Mapping[str, Any], form: FormData, section: Section) -> dict[str, Any]:
    """The record with one section of it as it was sent; an empty field empties it."""
    own = {*PLAIN[section], *LISTS[section]}
    kept = {name: value for name, value in stored.items() if name not in own}
    return kept | values_of(form, section)


def record_of(person: models.Apprentice) -> dict[str, Any]:
    """The record that is stored."""
    return {name: getattr(person, name) for name in ApprenticeRecord.model_fields}


def _many(name: str) -> Callable[[FormData], list[str]]:
    return lambda form: [str(code) for code in dict.fromkeys(form.getlist(name)) if code]


def _languages(form: FormData) -> dict[str, str]:
    pairs = zip(form.getlist("speaks"), form.getlist("level"), strict=False)
    return {str(code): str(level) for code, level in pairs if code}


def _pauses(form: FormData) -> list[tuple[str, str]]:
    pairs = zip(form.getlist("pause_from"), form.getlist("pause_to"), strict=False)
    return [(str(first), str(last) or str(first)) for first, last in pairs if first or last]


def _outcomes(form: FormData) -> list[str]:
    lines = str(form.get("outcomes", "")).splitlines()
    return list(dict.fromkeys(learned.stored(line.strip()) for line in lines if line.strip()))


PLAIN: dict[Section, tuple[str, ...]] = {
    Section.PERSON: (
        "first_name", "last_name", "birth_date", "key", "email", "phone", "language", "reached_by",
        "introduction",
    ),
    Section.WORK: ("isced_f",),
    Section.STAY: ("available_from", "available_to", "days_min", "days_ideal", "days_max"),
    Section.SCHOOL: (
        "activity", "status", "training_days", "days_abroad", "graduated_on", "employer_name",
        "employer_email", "employer_language",
    ),
}  # fmt: skip
"""The fields of each section that are one value."""

LISTS: dict[Section, dict[str, Callable[[FormData], Any]]] = {
    Section.PERSON: {},
    Section.WORK: {
        "occupations": _many("occupations"), "outcomes": _outcomes, "licences": _many("licences"),
    },
    Section.STAY: {
        "languages": _languages, "not_available": _pauses, "destinations": _many("destinations"),
        "excluded_companies": company_finding.ids,
    },
    Section.SCHOOL: {"modes": _many("modes")},
}  # fmt: skip
"""Those that are lists, and how they are read."""


def _pair(pause: Any) -> tuple[str, str]:
    first, last = pause
    return str(first), str(last)


def _outcome(one: Any) -> str:
    return one if isinstance(one, str) else str(one)


def _of_words(language: Language, noun: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(str(code), Words(language).of(noun, code)) for code in codes]
