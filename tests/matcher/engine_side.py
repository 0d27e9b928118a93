"""What the engine says about single pairs of a problem, in plain values."""

import datetime

import numpy as np

from matcher.columns import Pairs
from matcher.criteria import parts
from matcher.encode import encode
from matcher.problem import Apprentice, Offer, Problem
from matcher.rules import refusals
from tests import factories

Names = tuple[str, str]
"""Ids of an apprentice and an offer."""


def names(problem: Problem) -> list[Names]:
    """All pairs of a problem, in the order of its rows."""
    return [(a.id, o.id) for a in problem.apprentices for o in problem.offers]


def columns_of(problem: Problem, of: list[Names]) -> Pairs:
    """These pairs as the rules and criteria see them."""
    columns = encode(problem)
    row = {identity: n for n, identity in enumerate(columns.apprentices.ids)}
    col = {identity: n for n, identity in enumerate(columns.offers.ids)}
    rows = np.array([row[a] for a, _ in of], dtype=np.int32)
    return Pairs(columns, rows, np.array([col[o] for _, o in of], dtype=np.int32))


def refusing_rules(problem: Problem) -> dict[Names, list[str]]:
    """The rules that refuse each pair."""
    every = names(problem)
    refused = refusals(columns_of(problem, every))
    return {pair: [code for code in refused if refused[code][n]] for n, pair in enumerate(every)}


def stays(problem: Problem, of: list[Names]) -> dict[Names, tuple[datetime.date, int]]:
    """First day and length of the stay of each of these pairs."""
    starts, lengths = columns_of(problem, of).stay
    return {
        pair: (datetime.date.fromordinal(int(starts[n])), int(lengths[n]))
        for n, pair in enumerate(of)
    }


def points(problem: Problem, of: list[Names]) -> dict[Names, dict[str, int]]:
    """Thousandths of a point that each criterion gives to each of these pairs."""
    found = parts(columns_of(problem, of))
    return {pair: {code: int(found[code][1][n]) for code in found} for n, pair in enumerate(of)}


def values(problem: Problem, of: Names) -> dict[str, float]:
    """The value in [0, 1] of each criterion for one pair."""
    return {code: float(value[0]) for code, (value, _) in parts(columns_of(problem, [of])).items()}


def refused(apprentice: Apprentice, offer: Offer, **changes: object) -> list[str]:
    """The rules that refuse the only pair of a problem."""
    problem = factories.problem([apprentice], [offer], **changes)
    return refusing_rules(problem)[apprentice.id, offer.id]


def valued(apprentice: Apprentice, offer: Offer, **changes: object) -> dict[str, float]:
    """The values of the only pair of a problem, which no rule may refuse."""
    problem = factories.problem([apprentice], [offer], **changes)
    assert refusing_rules(problem)[apprentice.id, offer.id] == []
    return values(problem, (apprentice.id, offer.id))


def stay(
    apprentice: Apprentice, offer: Offer, **changes: object
) -> tuple[datetime.date, int] | None:
    """The stay of the only pair of a problem; None where a rule refuses the pair."""
    problem = factories.problem([apprentice], [offer], **changes)
    pair = (apprentice.id, offer.id)
    return None if refusing_rules(problem)[pair] else stays(problem, [pair])[pair]
