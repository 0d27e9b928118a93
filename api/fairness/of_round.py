"""From problem and result of a round to the people whom the report counts."""

import datetime
import hashlib
from collections.abc import Mapping

import matcher
from api.fairness.counted import Dimension, Person
from matcher.limits import ADULT, age_on
from matcher.problem import Apprentice, Problem
from matcher.result import Proposal, Result

LOOKED_AT = 500
"""So many people at most are looked at for the rules that exclude them: a fixed sample."""


def people_of(
    problem: Problem, result: Result, *, sex: Mapping[str, str | None] | None = None,
    since: Mapping[str, datetime.date] | None = None,
) -> list[Person]:  # fmt: skip
    """The people of a round as the report counts them.

    `since`: the day of each one's application. Whom a rule excludes how often is looked at for a
    sample of at most LOOKED_AT people, the first ones by the digests of their ids.
    """
    placed = {row.apprentice: row for row in result.proposals}
    sample = sorted(
        (one.id for one in problem.apprentices),
        key=lambda identity: hashlib.sha256(f"fairness|{identity}".encode()).digest(),
    )[:LOOKED_AT]
    offers = max(1, len(problem.offers))
    counts = matcher.exclusions(problem, sample) if sample else {}
    return [
        _person(
            one, placed.get(one.id), problem.today, (sex or {}).get(one.id),
            (since or {}).get(one.id),
            {rule: count / offers for rule, count in counts.get(one.id, {}).items()},
        )
        for one in problem.apprentices
    ]  # fmt: skip


def _person(
    one: Apprentice, found: Proposal | None, today: datetime.date, sex: str | None,
    since: datetime.date | None, excluded: Mapping[str, float],
) -> Person:  # fmt: skip
    groups = {
        Dimension.REGION: one.region,
        Dimension.AGE: "under_18" if age_on(one.birth_date, today) < ADULT else "adult",
        Dimension.OPPORTUNITIES: "fewer" if one.fewer_opportunities else "others",
    }
    if sex is not None:
        groups[Dimension.SEX] = sex
    return Person(
        id=one.id, groups=groups, placed=found is not None,
        score=found.score if found else None, rank=found.rank if found else None,
        waiting_days=None if since is None else (today - since).days, excluded=excluded,
    )  # fmt: skip
