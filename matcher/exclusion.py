"""What each hard rule excludes for whom, every rule for itself."""

from collections.abc import Collection

import numpy as np

from matcher.columns import Pairs
from matcher.encode import encode
from matcher.errors import ProblemError
from matcher.explanation import blocks
from matcher.problem import Problem
from matcher.rules import RULES

CELLS_A_BLOCK = 2**20
"""So many pairs are tried at once: memory stays bounded, whatever the problem."""


def exclusions(
    problem: Problem, apprentices: Collection[str] | None = None
) -> dict[str, dict[str, int]]:
    """How many offers each hard rule excludes for these apprentices, all of them by default.

    Each rule is counted for itself, so one offer may be counted by several; rules that exclude
    nothing are there with 0. Forbidden pairs and full offers play no part. In the order of the
    ids. Raises ProblemError for ids that the problem does not have.
    """
    columns = encode(problem)
    row_of = {identity: row for row, identity in enumerate(columns.apprentices.ids)}
    asked = sorted(set(row_of if apprentices is None else apprentices))
    unknown = [identity for identity in asked if identity not in row_of]
    if unknown:
        raise ProblemError([f"apprentice: there is no apprentice {one!r}" for one in unknown])
    rows = np.array([row_of[identity] for identity in asked], dtype=np.int32)
    offers = columns.offers.row
    found: dict[str, dict[str, int]] = {}
    for begin, end in blocks(len(rows), len(offers), CELLS_A_BLOCK):
        pairs = Pairs.block(columns, rows[begin:end], offers)
        counts = {
            rule.code: np.broadcast_to(rule.refuses(pairs), pairs.shape).sum(axis=1).tolist()
            for rule in RULES
        }
        for n, identity in enumerate(asked[begin:end]):
            found[identity] = {code: counted[n] for code, counted in counts.items()}
    return found
