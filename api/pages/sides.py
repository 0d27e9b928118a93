"""The two sides of a proposal as facts: the person, as far as the reader may know, and the work."""

from collections.abc import Iterator, Mapping, Sequence

from api.language import Language
from api.store.cases import Case
from matcher.limits import age_on
from models.pair_views import PublicWork
from models.proposal_views import Person

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
    who, say = case.apprentice, language.phrase
    found = [
        (say("Age on the first day"), language.number(age_on(who.birth_date,
                                                             case.proposal.first_day))),
        (say("School"), f"{case.centre.name}, {case.centre.town}"),
        (say("Trade"), trades(language, who.occupations)),
        (say("Languages"), levels(language, who.languages)),
        (say("Free"), language.days(who.available_from, who.available_to)),
        (say("Length wished for"), language.length(who.days_ideal)),
    ]  # fmt: skip
    return [fact for fact in found if fact[1]]


def person_for_host(language: Language, person: Person) -> list[Fact]:
    """Somebody as a host reads of them."""
    say = language.phrase
    found = [
        (say("Trade"), trades(language, person.occupations)),
        (say("Training"), language.name("isced_f", person.isced_f) if person.isced_f else ""),
        (say("Languages"), levels(language, person.languages)),
        (say("Age"), say("Under 18") if person.under_18 else say("18 or older")),
    ]
    return [fact for fact in found if fact[1]]


def work(language: Language, place: PublicWork, free: int | None = None) -> list[Fact]:
    """The work, as anybody may read it; how many places are free for who answers for it."""
    return list(_work(language, place, free))


def _work(language: Language, place: PublicWork, free: int | None) -> Iterator[Fact]:
    say = language.phrase
    yield say("Work"), place.title
    yield say("Trade"), trades(language, place.occupations)
    yield say("Where"), f"{place.town}, {language.name('countries', place.country)}"
    if place.languages:
        yield say("Languages, one of them is enough"), levels(language, place.languages)
    if place.hours_start and place.hours_end:
        hours = say("{start} to {end}", start=place.hours_start, end=place.hours_end)
        if place.days_per_week:
            days = language.phrase_count(
                "{n} day a week", "{n} days a week", place.days_per_week
            )  # fmt: skip
            hours = f"{hours} · {days}"
        yield say("Working hours"), hours
    yield say("Open"), language.days(place.available_from, place.available_to)
    if free is not None:
        yield say("Places"), language.phrase_count("{n} place free", "{n} places free", free)
