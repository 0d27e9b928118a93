"""Locks that cannot be kept: named, refused, or left out."""

import numpy as np

from matcher.capacity import Capacity, capacity, pools, taken_pools
from matcher.columns import Columns, Pairs
from matcher.encode import encode
from matcher.errors import ProblemError
from matcher.problem import Problem
from matcher.rules import refusals


def faulty_locks(problem: Problem, columns: Columns) -> list[tuple[int, str]]:
    """The number of every lock that a hard rule refuses or that breaks places or caps, and why."""
    locks = problem.policy.locks
    if not locks:
        return []
    row = {identity: n for n, identity in enumerate(columns.apprentices.ids)}
    col = {identity: n for n, identity in enumerate(columns.offers.ids)}
    rows = np.array([row[a] for a, _ in locks], dtype=np.int32)
    cols = np.array([col[o] for _, o in locks], dtype=np.int32)
    faults = [
        (int(n), f"the rule {code!r} refuses {locks[n][0]!r} at {locks[n][1]!r}")
        for code, refused in refusals(Pairs(columns, rows, cols)).items()
        for n in np.flatnonzero(refused)
    ]
    left, taken = capacity(columns).left_after(cols), taken_pools(columns, rows, cols)
    beside_reserved = pools(columns).left_after(taken)
    for n, offer in enumerate(cols):
        company, region = columns.offers.company[offer], columns.offers.region[offer]
        if left.places[offer] < 0:
            faults.append((n, f"{locks[n][1]!r} has fewer places than locks"))
        elif left.company_caps[company] < 0:
            faults.append((n, "the company's cap is lower than its locks"))
        elif left.region_caps[region] < 0:
            faults.append((n, "the region's cap is lower than its locks"))
        elif _beyond_pools(beside_reserved, int(taken[n])):
            faults.append((n, f"too few places at {locks[n][1]!r} are not reserved"))
    return faults


def _beyond_pools(left: Capacity, pool: int) -> bool:
    company, region = left.company[pool], left.region[pool]
    return bool(min(left.places[pool], left.company_caps[company], left.region_caps[region]) < 0)


def refuse_faulty_locks(problem: Problem, columns: Columns) -> None:
    """Raise ProblemError for locks that cannot be kept."""
    faults = [f"policy.locks[{n}]: {why}" for n, why in faulty_locks(problem, columns)]
    if faults:
        raise ProblemError(sorted(faults))


def without_faulty_locks(problem: Problem) -> tuple[Problem, dict[tuple[str, str], str]]:
    """The problem without the locks that cannot be kept, and why each was left out.

    Where places or caps are too few for their locks, all of those locks go.
    """
    locks = problem.policy.locks
    if not locks:
        return problem, {}
    why = {locks[n]: reason for n, reason in faulty_locks(problem, encode(problem))}
    kept = tuple(lock for lock in locks if lock not in why)
    policy = problem.policy.model_copy(update={"locks": kept})
    return problem.model_copy(update={"policy": policy}), why
