"""The soft criteria. CRITERIA is the list; their weights are data that sum to 100.

A criterion is one numpy function of pairs that no rule refuses, to values in [0, 1].
Every part of a score is rounded to whole thousandths of a point and the score is their
sum, so the parts are the explanation. Sex, nationality and barrier category are never
inputs.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher import stays
from matcher.columns import Floats, Pairs
from matcher.lookup import entry
from matcher.rules import any_in_common

Thousandths = NDArray[np.int32]


def occupation(pairs: Pairs) -> Floats:
    """How close the work is to what the apprentice learns."""
    return entry(pairs.tables.closeness, pairs.a.occupation, pairs.o.occupation)


def outcomes(pairs: Pairs) -> Floats:
    """Share of the apprentice's learning outcomes that the work covers (EFQEA criterion 2)."""
    return pairs.tables.outcomes.values(pairs.a.outcomes, pairs.o.outcomes)


def language(pairs: Pairs) -> Floats:
    """Whether one accepted language is known at its level, or one below."""
    facts = pairs.columns.facts
    full = any_in_common(pairs.a.languages, pairs.o.languages_full)
    return np.where(full, facts.value("language", "meets"), facts.value("language", "one_below"))


def dates(pairs: Pairs) -> Floats:
    """How near the length of the stay is to the ideal one: the smaller by the larger."""
    return stays.share_of_ideal(pairs)


def inclusion(pairs: Pairs) -> Floats:
    """Share of the soft needs that are met; 1 where there are none."""
    wanted = np.bitwise_count(pairs.a.needs_soft)
    met = np.bitwise_count(pairs.a.needs_soft & pairs.o.provisions)
    return np.where(wanted == 0, 1.0, met / np.maximum(wanted, 1))


def quality(pairs: Pairs) -> Floats:
    """What is known of the host's quality, as the offer states it (EFQEA checks)."""
    return np.broadcast_to(pairs.o.quality, pairs.shape)


def preference(pairs: Pairs) -> Floats:
    """Mean of the word about the offer and of the country's place among the wishes."""
    no_word = pairs.columns.facts.value("preference", "no_word")
    known = pairs.tables.interest
    interest = known.look_up(pairs.key, no_word) if len(known.keys) else no_word
    country = entry(pairs.tables.destination_value, pairs.a.destinations, pairs.o.country)
    return (interest + np.maximum(country, 0)) / 2


@dataclass(frozen=True)
class Criterion:
    """A soft criterion: its code and its value. A `personal` one depends on needs or wishes."""

    code: str
    value: Callable[[Pairs], Floats]
    personal: bool = False


CRITERIA: tuple[Criterion, ...] = (
    Criterion("occupation", occupation),
    Criterion("outcomes", outcomes),
    Criterion("language", language),
    Criterion("dates", dates),
    Criterion("inclusion", inclusion, personal=True),
    Criterion("quality", quality),
    Criterion("preference", preference, personal=True),
)
"""In the order in which an explanation names them."""


def parts(pairs: Pairs) -> dict[str, tuple[Floats, Thousandths]]:
    """Value and points (thousandths) of every criterion, by its code."""
    weights = pairs.columns.settings.weights
    found = {}
    for criterion in CRITERIA:
        value = np.broadcast_to(criterion.value(pairs), pairs.shape)
        points = np.rint(value * weights[criterion.code]).astype(np.int32)
        found[criterion.code] = value, points
    return found


def scores(pairs: Pairs) -> tuple[Thousandths, Thousandths]:
    """The score of each pair, and what it would be with the personal criteria counted full."""
    weights = pairs.columns.settings.weights
    score = np.zeros(pairs.shape, dtype=np.int32)
    full = np.zeros(pairs.shape, dtype=np.int32)
    for criterion in CRITERIA:
        weight = weights[criterion.code]
        points = np.rint(criterion.value(pairs) * weight).astype(np.int32)
        score += points
        full += np.int32(weight) if criterion.personal else points
    return score, full
