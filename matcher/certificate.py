"""What is promised for every result, checked on every result, and how good it can be.

Nothing here trusts the solver: the promises are looked up again in the problem, the
bound follows from prices alone. A wrong or suboptimal assignment is reported, not hidden.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.assignment import UNPLACED, Worth
from matcher.capacity import Capacity, capacity, fits, pools_besides_locks
from matcher.columns import Columns, Ints, Keys, Pairs
from matcher.prices import Prices
from matcher.result import Promise, Tiers
from matcher.rules import refusals
from matcher.survey import Survey, own_scores
from matcher.vocabulary import Objective

NOT_PROMISED = ("stable", "envy_free", "strategy_proof")
"""What results are not; said in every certificate (docs/engine.md explains why)."""


@dataclass(frozen=True)
class Outcome:
    """An assignment beside its problem: what the promises look at.

    `placements` are (apprentice row, offer row) as the result names them, so that somebody
    who is named twice is seen twice; `chosen` (n,) holds the last of them.
    """

    columns: Columns
    placements: tuple[tuple[int, int], ...]
    chosen: Ints
    survey: Survey
    total: int
    bound: int

    @property
    def left(self) -> Capacity:
        """What is left of places and caps."""
        return capacity(self.columns).left_after(self.pairs[1])

    @property
    def pairs(self) -> Keys:
        """Apprentice rows and offer rows of the placements."""
        return np.array(self.placements, dtype=np.int64).reshape(len(self.placements), 2).T


def nobody_twice(outcome: Outcome) -> bool:
    """Count the names."""
    return len({row for row, _ in outcome.placements}) == len(outcome.placements)


def places_kept(outcome: Outcome) -> bool:
    """Nothing below 0 is left of any offer."""
    return bool((outcome.left.places >= 0).all())


def company_caps_kept(outcome: Outcome) -> bool:
    """Nothing below 0 is left of any company's cap."""
    return bool((outcome.left.company_caps >= 0).all())


def region_caps_kept(outcome: Outcome) -> bool:
    """Nothing below 0 is left of any region's cap."""
    return bool((outcome.left.region_caps >= 0).all())


def rules_hold(outcome: Outcome) -> bool:
    """Try every rule on every pair once more."""
    if not outcome.placements:
        return True
    rows, cols = np.array(outcome.placements, dtype=np.int32).T
    return not any(
        refused.any() for refused in refusals(Pairs(outcome.columns, rows, cols)).values()
    )


def locks_kept(outcome: Outcome) -> bool:
    """Every locked person is where the lock says."""
    locks = outcome.columns.settings.locks
    return bool((outcome.chosen[locks[:, 0]] == locks[:, 1]).all())


def no_forbidden_pair(outcome: Outcome) -> bool:
    """No placement is in the list of forbidden pairs."""
    return not set(outcome.placements) & {
        tuple(pair) for pair in outcome.columns.settings.forbids.tolist()
    }


def no_room_unused(outcome: Outcome) -> bool:
    """The pass over all eligible pairs found no unplaced person with room on the whole path."""
    return outcome.survey.room == 0


def reserved_kept(outcome: Outcome) -> bool:
    """Nothing below 0 is left of what is not reserved: offers, companies, regions."""
    return fits(outcome.columns, *outcome.pairs)


def within_bound(outcome: Outcome) -> bool:
    """The value cannot be above what the prices prove to be the most."""
    return outcome.total <= outcome.bound


PROMISES: tuple[tuple[str, str, Callable[[Outcome], bool]], ...] = (
    ("P1", "Nobody is placed twice.", nobody_twice),
    ("P2", "No offer takes more people than it has places.", places_kept),
    ("P3", "No company takes more people than its cap allows.", company_caps_kept),
    ("P4", "No hosting region takes more people than its cap allows.", region_caps_kept),
    ("P5", "Every hard rule holds for every proposal.", rules_hold),
    ("P6", "Every lock is kept.", locks_kept),
    ("P7", "No forbidden pair is proposed.", no_forbidden_pair),
    (
        "P8",
        "No unmatched person has a possible offer whose offer, company and region have room.",
        no_room_unused,
    ),
    ("P9", "The value is not above the bound that the prices prove.", within_bound),
    (
        "P10",
        "Nobody else takes a place that is reserved for people with fewer opportunities.",
        reserved_kept,
    ),
)
"""The promises, each one sentence with its check."""


def check_promises(outcome: Outcome) -> tuple[Promise, ...]:
    """Every promise and whether it held."""
    return tuple(Promise(id=i, promise=p, held=holds(outcome)) for i, p, holds in PROMISES)


def total_worth(columns: Columns, worths: Worth, chosen: Ints) -> int:
    """The worth of all placed pairs, locked ones and the reserve included, in thousandths."""
    placed = chosen != UNPLACED
    pairs = int((own_scores(columns, chosen)[placed] + worths.offset[placed]).sum())
    reserve = worths.reserve
    return pairs + (reserve.counted(placed) * reserve.reward if reserve else 0)


def total_bound(columns: Columns, worths: Worth, survey: Survey, prices: Prices) -> int:
    """The most that any assignment with these locks can be worth, in thousandths.

    Worth of the locked pairs + what everybody else has left at best + capacity x price +
    people of the reserve x what the reward is above its price.
    """
    locks = columns.settings.locks
    locked = np.full(len(columns.apprentices.ids), UNPLACED, dtype=np.int32)
    locked[locks[:, 0]] = locks[:, 1]
    room, reserve = pools_besides_locks(columns), worths.reserve_besides_locks(columns)
    rest = reserve.people * max(0, reserve.reward - prices.reserve) if reserve else 0
    left = int(survey.utility.sum())
    return total_worth(columns, worths, locked) + left + prices.of_capacity(room) + rest


def value_tiers(
    columns: Columns,
    worths: Worth,
    chosen: Ints,
    needs_excluded: NDArray[np.bool_],
) -> Tiers:
    """What the assignment reaches: people placed first, people placed, sum of standings."""
    placed = chosen != UNPLACED
    reserve = worths.reserve.counted(placed) if worths.reserve else None
    plain = worths.standings(total_worth(columns, worths, chosen), placed)
    first = int(needs_excluded[placed].sum()) if columns.settings.hard_needs_first else None
    return Tiers(hard_needs=first, reserve=reserve, placed=int(placed.sum()), score=plain / 1000)


def bound_tiers(
    columns: Columns,
    worths: Worth,
    value: Tiers,
    needs_excluded: NDArray[np.bool_],
    total: int,
    bound: int,
) -> Tiers:
    """The most that each aim could reach, given the bound on the whole.

    Scores add up to less than one unit, so whole units bound the people, and the rest the
    scores once the people are proved; no aim can reach more people than there are. None
    for aims that the objective does not pursue.
    """
    coverage = columns.settings.objective == Objective.COVERAGE
    first, placed, reserve = value.hard_needs, value.placed, worths.reserve
    if not (coverage or reserve or first is not None):
        return Tiers(hard_needs=None, placed=None, score=bound / 1000)
    reached, most = total // worths.unit, bound // worths.unit
    more = most - reached
    score = bound - most * worths.unit if more == 0 else worths.unit - 1
    return Tiers(
        hard_needs=None if first is None else min(first + more, int(needs_excluded.sum())),
        reserve=None
        if reserve is None
        else min((value.reserve or 0) + more, reserve.people, int(reserve.group.sum())),
        placed=min((placed or 0) + more, len(needs_excluded)) if coverage else None,
        score=score / 1000,
    )
