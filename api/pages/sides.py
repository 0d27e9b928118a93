"""The two sides of a proposal as facts: the person, as far as the reader may know, and the work."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.language import Language
from api.pages.words import located
from api.store.cases import Case
from matcher.limits import age_on
from models.pair_views import PublicWork
from models.proposal_views import Person


@dataclass(frozen=True)
class Free:
    """How many places are free; `keeps_one`: the case itself has one of those that are not."""

    places: int
    keeps_one: bool


Fact = tuple[str, str]
"""What it is about, and what it is."""


def trades(language: Language, codes: Sequence[str]) -> str:
    """Occupations by name; an ESCO occupation by the unit group that it is in."""
    return language.listed([language.name("isco08", code[:4]) for code in codes])


def levels(language: Language, known: Mapping[str, str]) -> str:
    """Languages with their levels."""
    return language.listed(
        [f"{language.name('languages', code)} {level}" for code, level in known.items()]
    )


def person_for_sending(language: Language, case: Case) -> list[Fact]:
    """Somebody of one's own region."""
    who, phrase = case.apprentice, language.phrase
    found = [
        (phrase("Age on the first day"), language.number(age_on(who.birth_date,
                                                             case.proposal.first_day))),
        (phrase("School"), located(case.centre.name, case.centre.town)),
        (phrase("Trade"), trades(language, who.occupations)),
        (phrase("Languages"), levels(language, who.languages)),
        (phrase("Free"), language.days(who.available_from, who.available_to)),
        (phrase("Length wished for"), language.length(who.days_ideal)),
    ]  # fmt: skip
    return [fact for fact in found if fact[1]]


def person_for_host(language: Language, person: Person) -> list[Fact]:
    """Somebody as a host reads of them."""
    phrase = language.phrase
    found = [
        (phrase("Trade"), trades(language, person.occupations)),
        (phrase("Training"), language.name("isced_f", person.isced_f) if person.isced_f else ""),
        (phrase("Languages"), levels(language, person.languages)),
        (phrase("Age"), phrase("Under 18") if person.under_18 else phrase("18 or older")),
    ]
    return [fact for fact in found if fact[1]]


def work(language: Language, place: PublicWork, free: Free | None = None) -> list[Fact]:
    """The work, as anybody may read it; how many places are free for who answers for it."""
    return list(_work(language, place, free))


def _work(language: Language, place: PublicWork, free: Free | None) -> Iterator[Fact]:
    phrase = language.phrase
    yield phrase("Work"), place.title
    yield phrase("Trade"), trades(language, place.occupations)
    yield phrase("Where"), f"{place.town}, {language.name('countries', place.country)}"
    if place.languages:
        yield phrase("Languages, one of them is enough"), levels(language, place.languages)
    if place.hours_start and place.hours_end:
        hours = phrase("{start} to {end}", start=place.hours_start, end=place.hours_end)
        if place.days_per_week:
            days = language.phrase_count(
                "{n} day a week", "{n} days a week", place.days_per_week
            )  # fmt: skip
            hours = f"{hours} · {days}"
        yield phrase("Working hours"), hours
    yield phrase("Open for stays"), language.days(place.available_from, place.available_to)
    if free is not None:
        yield phrase("Places"), _places(language, free)


def _places(language: Language, free: Free) -> str:
    if not free.keeps_one:
        return language.phrase_count("{n} place free", "{n} places free", free.places)
    kept = language.phrase("One place is kept for this proposal.")
    more = language.phrase_count(
        "{n} more place is free.", "{n} more places are free.", free.places
    )
    return f"{kept} {more}" if free.places > 0 else f"{kept} {language.phrase('No other is free.')}"
