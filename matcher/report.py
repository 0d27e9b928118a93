"""From an assignment to a result: every figure follows from the problem and who goes where."""

import datetime
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matcher import VERSION
from matcher.assignment import UNPLACED
from matcher.capacity import Capacity, capacity, pools, taken_pools
from matcher.certificate import (
    NOT_PROMISED,
    Outcome,
    bound_tiers,
    check_promises,
    value_tiers,
)
from matcher.columns import Columns, Ints, Keys, Pairs
from matcher.criteria import scores
from matcher.explanation import (
    Rows,
    blocks,
    excluded_by,
    nearest,
    placed_at,
    refused_matrix,
)
from matcher.problem import Problem
from matcher.reasons import explained_parts
from matcher.result import (
    Certificate,
    Explanation,
    FullOffer,
    IdleOffer,
    NearestApprentice,
    NearestOffer,
    PriceList,
    Proposal,
    Result,
    Unmatched,
)
from matcher.rules import refusals

if TYPE_CHECKING:
    from matcher.solution import Solution

LARGEST_FULL = 3
"""So many possible but full offers of an unmatched person are named."""


def report(
    problem: Problem, columns: Columns, solution: "Solution", seconds: dict[str, float]
) -> Result:
    """Everything a round answers, in the order of the ids."""
    rows = Rows(problem, columns)
    return Result(
        proposals=_proposals(rows, solution),
        unmatched=_unmatched(rows, solution),
        idle_offers=_idle_offers(rows, solution),
        prices=_prices(columns, solution),
        certificate=_certificate(problem, columns, solution, seconds),
    )


def solver_version() -> str:
    """The solver and its release, as certificates name it."""
    try:
        return f"ortools {version('ortools')}"
    except PackageNotFoundError:
        return "ortools"


def _points(thousandths: Any) -> float:
    return int(thousandths) / 1000


def _day(ordinal: Any) -> str:
    return datetime.date.fromordinal(int(ordinal)).isoformat()


def _proposals(rows: Rows, solution: "Solution") -> tuple[Proposal, ...]:
    columns, chosen = rows.columns, solution.chosen
    placed = np.flatnonzero(chosen != UNPLACED).astype(np.int32)
    if not len(placed):
        return ()
    pairs = Pairs(columns, placed, chosen[placed])
    start, length = pairs.stay
    score, _ = scores(pairs)
    explained = explained_parts(rows, pairs)
    found = [
        Proposal(
            apprentice=rows.apprentices[row].id,
            offer=rows.offers[chosen[row]].id,
            start=_day(start[n]),
            end=_day(start[n] + length[n] - 1),
            days=int(length[n]),
            score=_points(score[n]),
            lift=_points(solution.candidates.lift[row]),
            rank=int(solution.survey.better[row]) + 1,
            eligible=int(solution.candidates.eligible[row]),
            locked=bool(columns.locked[row]),
            parts=explained[n],
        )
        for n, row in enumerate(placed)
    ]
    return tuple(sorted(found, key=lambda p: p.apprentice))


def _unmatched(rows: Rows, solution: "Solution") -> tuple[Unmatched, ...]:
    columns = rows.columns
    left = np.flatnonzero(solution.chosen == UNPLACED).astype(np.int32)
    found = []
    for begin, end in blocks(len(left), len(columns.offers.ids)):
        people = left[begin:end]
        if not len(columns.offers.ids):
            found += [
                Unmatched(
                    apprentice=columns.apprentices.ids[row], reason="no_offers", excluded_by={}
                )
                for row in people
            ]
            continue
        refused = refusals(Pairs.block(columns, people, columns.offers.row))
        every = refused_matrix(refused)
        counts = excluded_by(refused, axis=1)
        for n, row in enumerate(people):
            found.append(_why_unmatched(rows, solution, int(row), every[:, n], counts[n]))
    return tuple(sorted(found, key=lambda u: u.apprentice))


def _why_unmatched(
    rows: Rows, solution: "Solution", row: int, refused: NDArray[np.bool_], counts: dict[str, int]
) -> Unmatched:
    columns = rows.columns
    identity = columns.apprentices.ids[row]
    possible = columns.offers.row[~refused.any(axis=0)]
    counts = dict(sorted(counts.items()))
    if not len(possible):
        same = np.full(len(columns.offers.ids), row, dtype=np.int32)
        near = tuple(
            NearestOffer(offer=columns.offers.ids[n], failing=codes, changes=changes)
            for n, codes, changes in nearest(rows, same, columns.offers.row, refused)
        )
        return Unmatched(
            apprentice=identity, reason="no_eligible_offer", excluded_by=counts, nearest=near
        )
    forbids = {col for one, col in columns.settings.forbids.tolist() if one == row}
    allowed = np.array([col for col in possible if int(col) not in forbids], dtype=np.int32)
    if not len(allowed):
        return Unmatched(apprentice=identity, reason="all_forbidden", excluded_by=counts)
    score, _ = scores(Pairs(columns, np.full(len(allowed), row, dtype=np.int32), allowed))
    standing = score + solution.candidates.lift[row]
    ids = columns.offers.ids
    order = sorted(range(len(allowed)), key=lambda n: (-int(standing[n]), ids[int(allowed[n])]))
    used = capacity(columns).left_after(solution.chosen[solution.chosen != UNPLACED])
    full = tuple(
        _full_offer(columns, solution, used, int(allowed[n]), int(standing[n]))
        for n in order[:LARGEST_FULL]
    )
    return Unmatched(apprentice=identity, reason="offers_full", excluded_by=counts, full=full)


def _full_offer(
    columns: Columns, solution: "Solution", used: Capacity, col: int, standing: int
) -> FullOffer:
    """What is full on the path of an offer, and the lowest standing among those who got it."""
    chosen, offers = solution.chosen, columns.offers
    company, region = offers.company[col], offers.region[col]
    same: Any
    if used.places[col] <= 0:
        what, same = "offer", offers.row == col
    elif used.company_caps[company] <= 0:
        what, same = "company", offers.company == company
    elif used.region_caps[region] <= 0:
        what, same = "region", offers.region == region
    else:
        what, same = "reserved", offers.row == col
    there = placed_at(chosen, offers.row[same], columns.locked)
    if what == "reserved":
        there = there[~columns.apprentices.fewer_opportunities[there]]
    lowest = None
    if len(there):
        own, _ = scores(Pairs(columns, there, chosen[there]))
        lowest = int((own + solution.candidates.lift[there]).min())
    return FullOffer(
        offer=offers.ids[col],
        full=what,
        standing=_points(standing),
        lowest=None if lowest is None else _points(lowest),
        margin=None if lowest is None else _points(lowest - standing),
    )


def _idle_offers(rows: Rows, solution: "Solution") -> tuple[IdleOffer, ...]:
    columns, chosen = rows.columns, solution.chosen
    taken = np.bincount(chosen[chosen != UNPLACED], minlength=len(columns.offers.ids))
    free = columns.offers.places - taken
    idle = np.flatnonzero(free > 0).astype(np.int32)
    open_places = _open_places(columns, chosen)
    people = columns.apprentices.row
    found = []
    for begin, end in blocks(len(idle), len(people)):
        cols = idle[begin:end]
        if len(people):
            refused = refusals(Pairs.block(columns, people, cols))
            every = refused_matrix(refused)
            counts = excluded_by(refused, axis=0)
        else:
            every = np.zeros((1, 0, len(cols)), dtype=np.bool_)
            counts = [{} for _ in cols]
        for n, col in enumerate(cols):
            eligible = int((~every[:, :, n].any(axis=0)).sum())
            near: tuple[NearestApprentice, ...] = ()
            if not eligible and len(people):
                same = np.full(len(people), col, dtype=np.int32)
                near = tuple(
                    NearestApprentice(
                        apprentice=columns.apprentices.ids[k], failing=codes, changes=changes
                    )
                    for k, codes, changes in nearest(rows, people, same, every[:, :, n])
                )
            found.append(
                IdleOffer(
                    offer=columns.offers.ids[col],
                    free_places=int(free[col]),
                    reserved=int(free[col] - open_places[col]),
                    eligible=eligible,
                    excluded_by=dict(sorted(counts[n].items())),
                    nearest=near,
                )
            )
    return tuple(sorted(found, key=lambda o: o.offer))


def _open_places(columns: Columns, chosen: Ints) -> Keys:
    """The free places of every offer that are not reserved."""
    rows = np.flatnonzero(chosen != UNPLACED)
    left = pools(columns).left_after(taken_pools(columns, rows, chosen[rows]))
    return left.places[: len(columns.offers.ids)]


def _prices(columns: Columns, solution: "Solution") -> PriceList:
    def listed(ids: Any, amounts: Any) -> dict[str, float]:
        found = {i: _points(p) for i, p in zip(ids, amounts, strict=True) if p > 0}
        return dict(sorted(found.items()))

    prices = solution.prices
    return PriceList(
        offers=listed(columns.offers.ids, prices.offers),
        companies=listed(columns.companies, prices.companies),
        regions=listed(columns.regions, prices.regions),
        reserved=listed([columns.offers.ids[n] for n in columns.offers.holders], prices.reserved),
        reserve=_points(prices.reserve),
    )


def outcome(columns: Columns, solution: "Solution") -> Outcome:
    """The assignment as the promises look at it."""
    chosen = solution.chosen
    placements = tuple((row, int(col)) for row, col in enumerate(chosen) if col != UNPLACED)
    return Outcome(columns, placements, chosen, solution.survey, solution.total, solution.bound)


def _certificate(
    problem: Problem, columns: Columns, solution: "Solution", seconds: dict[str, float]
) -> Certificate:
    total, bound = solution.total, solution.bound
    value = value_tiers(
        columns, solution.worths, solution.chosen, solution.candidates.needs_excluded
    )
    plain = round((value.score or 0) * 1000)
    return Certificate(
        problem_sha256=problem.sha256(),
        reference_sha256=columns.facts.sha256,
        engine=VERSION,
        solver=solver_version(),
        objective=columns.settings.objective,
        priority=tuple(sorted(problem.policy.priority)),
        seed=problem.policy.seed,
        optimal=total == bound,
        gap=round((bound - total) / max(plain, 1), 9),
        value=value,
        bound=bound_tiers(
            columns,
            solution.worths,
            value,
            solution.candidates.needs_excluded,
            total,
            bound,
        ),
        reserve=solution.worths.reserve.people if solution.worths.reserve else None,
        price=solution.price,
        justified_envy=solution.survey.envy,
        promises=check_promises(outcome(columns, solution)),
        not_promised=NOT_PROMISED,
        seconds=seconds,
    )


def explain_refused(rows: Rows, row: int, col: int, eligible: int) -> Explanation:
    """Every rule that refuses a pair, and what would open it."""
    near_rows, near_cols = np.array([row], dtype=np.int32), np.array([col], dtype=np.int32)
    refused = refusals(Pairs(rows.columns, near_rows, near_cols))
    found = nearest(rows, near_rows, near_cols, refused_matrix(refused))
    return Explanation(
        **_pair(rows, row, col),
        possible=False,
        failing=tuple(code for code, refuses in refused.items() if refuses[0]),
        changes=found[0][2] if found else None,
        eligible=eligible,
    )


def explain_possible(
    rows: Rows, row: int, cols: Ints, ranks: Sequence[int], eligible: int
) -> tuple[Explanation, ...]:
    """When an apprentice could go to each of some possible offers, what it scores and why."""
    pairs = Pairs(rows.columns, np.full(len(cols), row, dtype=np.int32), cols)
    start, length = pairs.stay
    score, _ = scores(pairs)
    parts = explained_parts(rows, pairs)
    return tuple(
        Explanation(
            **_pair(rows, row, int(col)),
            possible=True,
            start=_day(start[n]),
            end=_day(start[n] + length[n] - 1),
            days=int(length[n]),
            score=_points(score[n]),
            rank=ranks[n],
            eligible=eligible,
            parts=parts[n],
        )
        for n, col in enumerate(cols)
    )


def _pair(rows: Rows, row: int, col: int) -> dict[str, Any]:
    apprentice, offer = rows.apprentices[row].id, rows.offers[col].id
    forbidden = (apprentice, offer) in rows.problem.policy.forbids
    return {"apprentice": apprentice, "offer": offer, "forbidden": forbidden}
