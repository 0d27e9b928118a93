"""The people that a fairness report counts, and by what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

NOT_STATED = "not_stated"
"""The group of everybody of whom a dimension says nothing."""


class Dimension(StrEnum):
    """By what people are grouped."""

    REGION = "region"
    SEX = "sex"
    AGE = "age"
    OPPORTUNITIES = "opportunities"


GROUPS: dict[Dimension, tuple[str, ...]] = {
    Dimension.REGION: (),
    Dimension.SEX: ("female", "male", "other", NOT_STATED),
    Dimension.AGE: ("under_18", "adult", NOT_STATED),
    Dimension.OPPORTUNITIES: ("fewer", "others", NOT_STATED),
}
"""The groups of a dimension in the order in which they are shown; regions go by their ids."""


class Measure(StrEnum):
    """What is compared between groups."""

    PLACED = "placed"
    SCORE = "score"
    RANK = "rank"
    WAITING = "waiting"


@dataclass(frozen=True)
class Person:
    """One apprentice of a round, as the report counts him or her.

    `groups` names the group in each dimension; one that is absent counts as not stated.
    `score` (points) and `rank` (1 is the best) are those of the proposal, `waiting_days` the
    days since the application. `excluded` holds the share in [0, 1] of the offers that each
    hard rule excludes for the person, empty for somebody who was not looked at.
    """

    id: str
    groups: Mapping[Dimension, str]
    placed: bool
    score: float | None = None
    rank: int | None = None
    waiting_days: int | None = None
    excluded: Mapping[str, float] = field(default_factory=dict)

    def value(self, measure: Measure) -> float | None:
        """What the person adds to the mean of a measure, None for nothing."""
        if measure is Measure.PLACED:
            return float(self.placed)
        if measure is Measure.WAITING:
            return self.waiting_days
        if not self.placed:
            return None
        return self.score if measure is Measure.SCORE else self.rank


def by_group(people: Iterable[Person], dimension: Dimension) -> dict[str, list[Person]]:
    """The groups that have anybody, in the order in which they are shown.

    Raises ValueError for a group that the dimension does not have.
    """
    known = GROUPS[dimension]
    found: dict[str, list[Person]] = {}
    for person in people:
        found.setdefault(person.groups.get(dimension, NOT_STATED), []).append(person)
    unknown = sorted(set(found) - set(known)) if known else []
    if unknown:
        raise ValueError(f"{dimension}: there is no group {', '.join(unknown)}")
    order = known or (*sorted(set(found) - {NOT_STATED}), NOT_STATED)
    return {group: found[group] for group in order if group in found}
