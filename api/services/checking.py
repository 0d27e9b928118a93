"""Whether a record can be stored, whoever writes it: every fault at once, field by field.

Texts are read as the template's columns read cells, so that a record is the same however it
came; all else is the engine's to judge.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from api.caller import Caller
from api.errors import RecordFaultyError
from api.faults import OfFields, fault
from api.imports.cells import DATE, KEY, LONG_TEXT, MAIL, TEXT, CellError, blank, read_date
from api.imports.columns import COLUMNS, Noun
from api.imports.lines import STAND_INS
from api.services.judging import (
    SOMEWHERE,
    as_apprentice,
    as_offer,
    built,
    contradictions,
    together,
    unknown_sector,
)
from matcher.problem import Apprentice, Offer
from models import Role

READ_ALIKE = (TEXT, LONG_TEXT, KEY, MAIL, DATE)
"""Kinds of the template's cells that a request's fields are read as too."""

EMPTY_TEXTS = ("introduction", "address")
"""Fields that hold an empty text where there is none; others hold nothing."""

OPTIONAL = (*EMPTY_TEXTS, "email", "phone")
"""Fields of workplaces and guardians that may be empty."""

OF_REGION = {"company": ("key", "max_placements"), "offer": ("quality",)}
"""Fields of a company's own records that only its region's coordinators change."""


def check_company(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a company as they are stored. Raises RecordFaultyError."""
    values, faults = _read(Noun.COMPANIES, values)
    if unknown_sector(values["sector"]):
        faults.append(("sector", fault("no_sector", code=repr(values["sector"]))))
    return _good(values, faults)


def check_offer(
    values: dict[str, Any], windows: Sequence[Mapping[str, Any]], today: datetime.date,
    *, at: str = "windows",
) -> dict[str, Any]:  # fmt: skip
    """The values of an offer as they are stored, looked at with each window that is given.

    `at` is what the field of the windows is called. Raises RecordFaultyError.
    """
    values, faults = _read(Noun.OFFERS, values)
    wrong = {name for name, _ in faults}
    faults += _together(values, wrong)
    looked_at = []
    for number, window in enumerate(windows):
        place = f"{at}[{number}]." if at else ""
        for name, told in _of_window(window):
            faults.append((place + name, told))
            break
        else:
            looked_at.append(window)
    if not faults:
        some_day = {"available_from": today, "available_to": today, "places": 0, "reserved": 0}
        for window in looked_at or [some_day]:
            faults += _judged(Offer, as_offer("0", values, window, SOMEWHERE), today)
    return _good(values, list(dict.fromkeys(faults)))


def check_apprentice(
    values: dict[str, Any], needs: Mapping[str, str], today: datetime.date,
    known_companies: frozenset[str],
) -> dict[str, Any]:  # fmt: skip
    """The values of an apprentice as they are stored, with what is needed.

    `known_companies` are ids. Raises RecordFaultyError.
    """
    values, faults = _read(Noun.APPRENTICES, values)
    for period in values["not_available"]:
        for day in period:
            _read_day("not_available", datetime.date.fromisoformat(day), faults)
    faults += _together(values, {name for name, _ in faults})
    if not set(values["excluded_companies"]) <= known_companies:
        faults.append(("excluded_companies", fault("no_such_company_there")))
    if not faults:
        content = as_apprentice("0", values, SOMEWHERE, needs, fewer_opportunities=False)
        faults += _judged(Apprentice, content, today)
    return _good(values, faults)


def check_needs(values: dict[str, Any], today: datetime.date) -> dict[str, Any]:
    """What somebody needs, in codes of the vocabulary. Raises RecordFaultyError."""
    somebody = STAND_INS[Noun.APPRENTICES]
    content = as_apprentice("0", somebody, SOMEWHERE, values["needs"], fewer_opportunities=False)
    return _good(values, _judged(Apprentice, content, today))


def check_certificate(values: dict[str, Any], today: datetime.date) -> dict[str, Any]:
    """Who looked at a provision and when, as it is stored. Raises RecordFaultyError."""
    faults = OfFields()
    read = values | {"certified_by": _read_one("certified_by", TEXT.read, values["certified_by"],
                                               faults)}  # fmt: skip
    if read["certified_by"] is None:
        faults.append(("certified_by", fault("empty")))
    _read_day("certified_on", values["certified_on"], faults)
    if values["certified_on"] > today:
        faults.append(("certified_on", fault("lies_ahead", "day_of_look")))
    return _good(read, faults)


def check_texts(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a record of which the template has no sheet: a workplace, a guardian."""
    read, faults = dict(values), OfFields()
    for name, value in values.items():
        if isinstance(value, str) and not isinstance(value, StrEnum):
            kind = MAIL if name == "email" else TEXT
            read[name] = _read_one(name, kind.read, value, faults)
            if read[name] is None and name not in OPTIONAL:
                faults.append((name, fault("empty")))
    return _good(read, faults)


def kept_from(caller: Caller, noun: str, row: Any, values: dict[str, Any]) -> dict[str, Any]:
    """The values, with what a company does not change itself as it is in the row.

    Leaving such a field out keeps it. Raises RecordFaultyError where another value is given.
    """
    if caller.role != Role.COMPANY:
        return values
    theirs = {name: getattr(row, name, None) for name in OF_REGION[noun]}
    faults = [
        (name, fault("for_coordinators"))
        for name, value in theirs.items()
        if values[name] not in (None, value)
    ]
    return _good({**values, **theirs}, faults)


def _read(noun: Noun, values: Mapping[str, Any]) -> tuple[dict[str, Any], OfFields]:
    """Texts and days as the template's columns read them."""
    read, faults = dict(values), OfFields()
    for column in COLUMNS[noun]:
        value = values.get(column.fills)
        if column.kind in READ_ALIKE and value is not None:
            read[column.fills] = _read_one(column.fills, column.kind.read, value, faults)
            if column.required and read[column.fills] is None:
                faults.append((column.fills, fault("empty")))
    return read, faults


def _read_one(name: str, read: Any, value: Any, faults: OfFields) -> Any:
    if blank(value):
        return "" if name in EMPTY_TEXTS else None
    try:
        return read(value)
    except CellError as error:
        faults.append((name, error.fault))
        return value


def _read_day(name: str, day: datetime.date, faults: OfFields) -> None:
    try:
        read_date(day)
    except CellError as error:
        faults.append((name, replace(error.fault, right="")))


def _together(values: Mapping[str, Any], wrong: set[str]) -> OfFields:
    return list(together(values, values.keys() - wrong))


def _of_window(window: Mapping[str, Any]) -> OfFields:
    faults = OfFields()
    for name in ("available_from", "available_to"):
        _read_day(name, window[name], faults)
    if window["reserved"] > window["places"]:
        places, reserved = window["places"], window["reserved"]
        told = fault("reserved_beyond", "at_most", places=places, reserved=reserved, most=places)
        faults.append(("reserved", told))
    return faults or _together(window, set())


def _judged(kind: Any, content: Mapping[str, Any], today: datetime.date) -> OfFields:
    found, faults = built(kind, content)
    if found is None:
        return faults
    rows = {"apprentices": [found]} if kind is Apprentice else {"offers": [found]}
    return [(name, told) for _, _, name, told in contradictions(today, **rows)]


def _good(values: dict[str, Any], faults: OfFields) -> dict[str, Any]:
    if faults:
        raise RecordFaultyError(faults)
    return values
