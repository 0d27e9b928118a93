"""What the engine says of records before they are stored: the one judge of codes and dates.

Cells of an import and fields of a request are both checked with this; each says it in its own
words of place.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.faults import Fault, OfFields, fault, of_engine
from api.services.problems import OF_APPRENTICES, OF_OFFERS
from matcher.problem import Apprentice, Offer, Problem
from matcher.reading import fault_of, inconsistencies
from matcher.vocabulary import Provision, default_reference, minutes

Value = TypeVar("Value", Apprentice, Offer)

OF_HOURS = ("hours_start", "hours_end", "hours_per_day", "days_per_week")
"""Fields of an offer that are given together or not at all."""

OF_WINDOW = ("available_from", "available_to", "places", "reserved")
"""What an offer's window says."""

SOMEWHERE = ("ES", "somewhere")
"""Country and region of a record whose own are not known."""

DAY = 24 * 60
"""Minutes of a day."""

IN_ENGINE: dict[tuple[str, ...], str] = {
    ("days", "min"): "days_min",
    ("days", "ideal"): "days_ideal",
    ("days", "max"): "days_max",
    ("hours", "start"): "hours_start",
    ("hours", "end"): "hours_end",
    ("hours", "per_day"): "hours_per_day",
    ("hours", "days_per_week"): "days_per_week",
}
"""Fields that the engine calls otherwise."""


def as_apprentice(
    identity: str, values: Mapping[str, Any], home: tuple[str, str], needs: Mapping[str, str],
    *, fewer_opportunities: bool,
) -> dict[str, Any]:  # fmt: skip
    """What the engine's apprentice is built from. `home`: country and region."""
    return {
        "id": identity, "country": home[0], "region": home[1],
        "days": {name: values[f"days_{name}"] for name in ("min", "ideal", "max")},
        "needs": needs, "fewer_opportunities": fewer_opportunities,
        **{name: values[name] for name in OF_APPRENTICES},
    }  # fmt: skip


def as_offer(
    identity: str, values: Mapping[str, Any], window: Mapping[str, Any], home: tuple[str, str]
) -> dict[str, Any]:
    """What the engine's offer is built from: an offer with one of its windows."""
    content: dict[str, Any] = {
        "id": identity, "company": f"company in {home[1]}", "country": home[0], "region": home[1],
        **{name: window[name] for name in OF_WINDOW},
        "days": {name: values[f"days_{name}"] for name in ("min", "max")},
        **{name: values[name] for name in OF_OFFERS},
    }  # fmt: skip
    hours = [values[name] for name in OF_HOURS]
    if None not in hours:
        names = ("start", "end", "per_day", "days_per_week")
        content["hours"] = dict(zip(names, hours, strict=True))
    return content


def built(kind: type[Value], content: Mapping[str, Any]) -> tuple[Value | None, OfFields]:
    """The engine's value, or fields with what is wrong with them.

    Without a field it is said of how several fit together: `together` has better words for it.
    """
    try:
        return kind.model_validate(content), []
    except ValidationError as error:
        return None, [_fault(detail) for detail in error.errors(include_url=False)]


def _fault(detail: ErrorDetails) -> tuple[str, Fault]:
    place = tuple(str(step) for step in detail["loc"])
    if place[:1] in ((), ("days",), ("hours",)) and len(place) < 2:
        return "", fault("engine")
    found = fault_of(detail)
    told = of_engine(found) if found else fault("unfit")
    return IN_ENGINE.get(place[:2], place[0]), told


def contradictions(
    today: datetime.date, apprentices: Sequence[Apprentice] = (), offers: Sequence[Offer] = ()
) -> Iterator[tuple[str, int, str, Fault]]:
    """What no list of the engine has: `apprentices` or `offers`, which of them, field, what."""
    problem = Problem.model_construct(
        today=today, apprentices=tuple(apprentices), offers=tuple(offers)
    )
    for found in inconsistencies(problem):
        match found.place:
            case ("apprentices" | "offers" as noun, int(number), str(field), *_):
                yield noun, number, field, of_engine(found)


def together(values: Mapping[str, Any], good: Iterable[str]) -> Iterator[tuple[str, Fault]]:
    """What does not fit together within a record: fields and faults.

    `good` are the fields that are right by themselves; `values` has them all.
    """
    good = frozenset(good)
    first: Any = values.get("available_from")
    last: Any = values.get("available_to")
    if {"available_from", "available_to"} <= good and first > last:
        yield "available_to", fault("window_order", "not_before")
    days = [n for n in ("days_min", "days_ideal", "days_max") if n in values]
    lengths = [values[name] for name in days]
    if good.issuperset(days) and lengths != sorted(lengths):
        yield days[0], fault("lengths_order", "shortest_first", fields=days)
    if {"available_from", "birth_date"} <= good and values["birth_date"] >= first:
        yield "birth_date", fault("birth_order", "day_of_birth")
    if (
        {"status", "graduated_on"} <= good
        and values["status"] == "RECENT_GRADUATE"
        and values["graduated_on"] is None
    ):
        yield "graduated_on", fault("graduation_missing", "the_day")
    if "not_available" in good and any(begin > end for begin, end in values["not_available"]):
        yield "not_available", fault("period_order", "first_last")
    given = [name for name in OF_HOURS if values.get(name) is not None]
    if given and good.issuperset(OF_HOURS):
        for name in OF_HOURS:
            if name not in given:
                yield name, fault("hours_missing", "all_four")
    if {"provisions", "tasks"} <= good:
        yield from _against_the_work(values, hours_good=good.issuperset(OF_HOURS))


def _against_the_work(
    values: Mapping[str, Any], *, hours_good: bool
) -> Iterator[tuple[str, Fault]]:
    """Provisions that the tasks or the hours of an offer contradict, as the list of needs says."""
    needs = default_reference().codes("needs")
    hours = _span(values["hours_start"], values["hours_end"]) if hours_good else None
    for code, level in values["provisions"].items():
        if level == Provision.UNKNOWN or code not in needs:
            continue
        row = needs[code]
        for task in sorted(set(row["contradicts"].split(";")).intersection(values["tasks"])):
            yield "provisions", fault("task_against", "one_of_them", code=code, task=task)
        closed = _span(*row["not_between"].split("-")) if row["not_between"] else None
        if hours and closed and _meet(hours, closed):
            between = row["not_between"]
            yield "provisions", fault("hours_against", "one_of_them", code=code, hours=between)


def _span(start: str | None, end: str | None) -> tuple[int, int] | None:
    """Minutes after midnight, past 1440 on the next day; None where they are no times of day."""
    try:
        begin, finish = minutes(start or ""), minutes(end or "")
    except ValueError:
        return None
    return begin, finish if finish > begin else finish + DAY


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans that come back every day have a minute in common."""
    return any(one[0] + shift < other[1] and other[0] < one[1] + shift for shift in (-DAY, 0, DAY))


def unknown_sector(code: str | None) -> bool:
    """Whether a company's sector is none of the engine's list."""
    return code is not None and code not in default_reference().codes("sectors")
