"""What Erasmus+ would pay for a stay, in words: one line, and behind it parts and sources."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.language import N_, Language
from models.support_views import (
    Standing,
    SupportEstimate,
    SupportFact,
    SupportPart,
    SupportShown,
)

CENTS = 100

LINES: dict[tuple[str, ...], str] = {
    (): N_("About {amount} support (estimate)"),
    ("travel",): N_("About {amount} support without the journey (estimate)"),
    ("day_rate",): N_("About {amount} support for the journey alone (estimate)"),
    ("travel", "day_rate"): N_("How much support there is, we cannot say yet"),
}
"""The one line, by what is missing."""

LACKS: dict[str, str] = {
    "travel": N_("We do not know the amount for this journey."),
    "day_rate": N_("There is also money for each day abroad. We do not know yet how much."),
}
"""What is told of what is missing."""

STANDINGS: dict[Standing, str] = {
    Standing.OFFICIAL: "",
    Standing.UNCERTAIN: N_("Some of these numbers may have changed since."),
    Standing.PLACEHOLDER: N_("The amount for each day is only an example, no real one."),
}
"""How far the sum may be relied on."""


EXACT = {
    True: N_("Your school tells you the exact amount."),
    False: N_("The school tells the exact amount."),
}
"""Who knows it, by whether the reader is the one who goes."""


@dataclass(frozen=True)
class Source:
    """Where numbers are from; `address` is a page, or empty. The shipped lists are in English."""

    what: str
    source: str
    address: str
    is_shipped: bool
    day: str


@dataclass(frozen=True)
class SupportTold:
    """The line, the parts with their amounts, what else there is to say, and the sources."""

    line: str
    parts: list[tuple[str, str]]
    notes: list[str]
    sources: list[Source]


def told(language: Language, shown: SupportShown, *, own: bool) -> SupportTold:
    """The estimate for the usual journey, and how a green one differs. `own`: of who reads it."""
    usual = shown.standard
    return SupportTold(
        line=language.phrase(LINES[usual.missing], amount=_about(language, usual.total_cents)),
        parts=[(_part(language, usual, part), language.money(part.cents)) for part in usual.parts],
        notes=[language.phrase(note) for note in _notes(usual)]
        + _green(language, shown)
        + [language.phrase(EXACT[own])],
        sources=_sources(language, [*usual.facts, *shown.green.facts]),
    )


def _about(language: Language, cents: int) -> str:
    """Whole euros: an estimate is no bill."""
    return language.money((cents + CENTS // 2) // CENTS * CENTS)


def _part(language: Language, one: SupportEstimate, part: SupportPart) -> str:
    if part.days is None or part.day_cents is None:
        return language.phrase(N_("The journey there and back, {km} km away"),
                               km=language.number(one.km))  # fmt: skip
    amount = language.money(part.day_cents)
    if part.part == "travel_days":
        return language.phrase_count(
            "{n} travel day, {amount} a day", "{n} travel days, {amount} a day", part.days,
            amount=amount,
        )  # fmt: skip
    return language.phrase_count(
        "{n} day, {amount} a day", "{n} days, {amount} a day", part.days, amount=amount
    )


def _notes(one: SupportEstimate) -> list[str]:
    found = [LACKS[code] for code in one.missing]
    if STANDINGS[one.standing]:
        found.append(STANDINGS[one.standing])
    return found


def _green(language: Language, shown: SupportShown) -> list[str]:
    """What travelling by bus or train changes, where it changes something."""
    green = shown.green
    if green.total_cents <= shown.standard.total_cents:
        return []
    found = [language.phrase(
        N_("By bus, train, bike or shared car it is about {amount}."),
        amount=_about(language, green.total_cents),
    )]  # fmt: skip
    if "day_rate" not in green.missing:
        found.append(language.phrase_count(
            "Then {n} travel day can be paid, if it is needed.",
            "Then up to {n} travel days can be paid, if they are needed.", green.most_travel_days,
        ))  # fmt: skip
    return found


NAMES: dict[str, str] = {
    "travel_band": N_("The journey"), "country_group": N_("The group of the country"),
    "day_rate": N_("The amount for each day"), "full_days": N_("Which days are paid in full"),
    "percent_after": N_("The later days"), "travel_days": N_("Travel days"),
    "travel_days_counted": N_("Travel days in this estimate"),
}  # fmt: skip
"""What a source is about."""


def _sources(language: Language, facts: Sequence[SupportFact]) -> list[Source]:
    """Each source once, with all that it is about."""
    found: dict[tuple[str, str, bool, str], list[str]] = {}
    for fact in facts:
        day = language.phrase("looked at on {day}", day=language.day(fact.source_date))
        key = fact.source, fact.address, bool(fact.certainty), day
        name = language.phrase(NAMES[fact.fact])
        if name not in found.setdefault(key, []):
            found[key].append(name)
    return [Source(", ".join(names), *key) for key, names in found.items()]
