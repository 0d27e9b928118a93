"""Who would go where, without reasons and certificate: to see quickly what other weights do."""

from collections.abc import Mapping

import numpy as np

from matcher.assignment import UNPLACED
from matcher.columns import Pairs
from matcher.criteria import scores
from matcher.encode import encode
from matcher.engine import solve_columns
from matcher.locks import refuse_faulty_locks
from matcher.problem import Problem


def outline(problem: Problem) -> dict[str, str]:
    """The offer of everybody who has one, by the ids, as `propose` would place them.

    Nothing is vouched for. Raises what `propose` does.
    """
    columns = encode(problem)
    refuse_faulty_locks(problem, columns)
    chosen = solve_columns(columns).chosen.tolist()
    offers = columns.offers.ids
    return {
        person: offers[row]
        for person, row in zip(columns.apprentices.ids, chosen, strict=True)
        if row != UNPLACED
    }


def points(problem: Problem, places: Mapping[str, str]) -> dict[str, float]:
    """What each pair of apprentice and offer scores with the weights of the problem, 0 to 100.

    Raises KeyError for an id that the problem does not have.
    """
    if not places:
        return {}
    columns = encode(problem)
    row_of = {one: row for row, one in enumerate(columns.apprentices.ids)}
    col_of = {one: row for row, one in enumerate(columns.offers.ids)}
    people = np.array([row_of[one] for one in places], dtype=np.int32)
    offers = np.array([col_of[one] for one in places.values()], dtype=np.int32)
    found, _ = scores(Pairs(columns, people, offers))
    return {one: int(score) / 1000 for one, score in zip(places, found, strict=True)}
