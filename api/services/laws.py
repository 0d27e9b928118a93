"""The law behind a refusal: rows of the reference lists, with source, day of check, certainty."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col

import models
from api import store
from api.errors import RuleRefusesError
from api.services.pairs import Stay
from api.services.problems import hours_of
from api.store.windows import Place
from matcher import limits
from matcher.explanation import AGE_RULES
from matcher.vocabulary import TABLES, Row, default_reference
from models.pair_views import LawShown

Laws = Mapping[str, list[LawShown]]
"""By the codes of rules."""

READ_IN_THE_SOURCE = "V"
"""The certainty of rows that may be relied on."""


@dataclass(frozen=True)
class Refused:
    """A person and a window that rules refuse; `first_day` where it is about certain dates."""

    apprentice: uuid.UUID
    place: Place
    rules: Sequence[str]
    first_day: datetime.date | None = None


def behind(session: Session, refused: Sequence[Refused]) -> list[Laws]:
    """The law behind the rules about age of each pair, as people and offers are now."""
    aged = {one.apprentice for one in refused if not set(one.rules).isdisjoint(AGE_RULES)}
    found = (
        store.apprentices.apprentices(session, col(models.Apprentice.id).in_(aged)) if aged else []
    )
    people = {person.id: (person, centre) for person, centre in found}
    countries = store.regions.countries(session, {centre.region_id for _, centre in found})
    return [
        _behind(one, people[one.apprentice][0], countries[people[one.apprentice][1].region_id])
        if one.apprentice in people
        else {}
        for one in refused
    ]


def refusal(
    session: Session, apprentice: uuid.UUID, window: uuid.UUID, rules: list[str],
    stay: Stay | None = None,
) -> RuleRefusesError:  # fmt: skip
    """The error that names the rules, with the law behind them."""
    place = store.windows.places_of(session, [window])[window]
    first_day = stay[0] if stay else None
    (laws,) = behind(session, [Refused(apprentice, place, rules, first_day)])
    return RuleRefusesError(
        rules, {rule: [law.model_dump() for law in some] for rule, some in laws.items()}
    )


def _behind(refused: Refused, person: models.Apprentice, sending: str) -> Laws:
    place, offer = refused.place, refused.place.offer
    work = limits.Work(
        sending, person.status, place.region.country, _shift(offer), tuple(offer.occupations),
        tuple(offer.tasks),
    )  # fmt: skip
    both_open = max(person.available_from, place.window.available_from)
    first_day = refused.first_day or min(both_open, place.window.available_to)
    age = limits.age_on(person.birth_date, first_day)
    facts = default_reference()
    return {
        rule: [_shown(*one) for one in limits.rows_behind(facts, rule, work, age)]
        for rule in refused.rules
        if rule in AGE_RULES
    }


def _shift(offer: models.Offer) -> limits.Shift | None:
    hours = hours_of(offer)
    if hours is None:
        return None
    return limits.shift(hours.start, hours.end, hours.per_day, hours.days_per_week)


def _shown(table: str, row: Row) -> LawShown:
    key = " ".join(row[column] for column in TABLES[table].key if row[column])
    return LawShown(
        law=f"{table} {key}", source=row["source"], checked_on=row["checked_on"],
        certainty=row["certainty"], uncertain=row["certainty"] != READ_IN_THE_SOURCE,
    )  # fmt: skip
