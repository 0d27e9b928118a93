"""From people to the report: figures by group, compared with the best group."""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from api.fairness.counted import Dimension, Measure, Person, by_group
from api.fairness.hiding import (
    LEAST,
    Memberships,
    Part,
    differ_little,
    hidden_groups,
    means_shown,
    placed_ranges,
    sums_of,
)

FOUR_FIFTHS = 0.8
"""A group that reaches less than this share of the best group's figure is flagged.

The four-fifths rule of thumb of the Uniform Guidelines on Employee Selection Procedures
(29 CFR 1607.4 D, United States, 1978). No law of the EU; it says where to look, not what is
unfair.
"""

TOGETHER = "together"
"""Stands for the hidden groups of a dimension as one."""

MOST_RULES = 3
"""So many rules are named for a flagged group."""

LEAST_GAP = 0.01
"""A rule is named where it excludes this much more of the offers for the group."""

MEANS = (Measure.SCORE, Measure.RANK, Measure.WAITING)
DIGITS = {"share": 4, Measure.SCORE: 1, Measure.RANK: 2, Measure.WAITING: 1}
"""Decimals of what is shown: shares of one, points, ranks, days."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Between(_Value):
    """A figure that is known to lie here; exact where both ends are the same."""

    low: float
    high: float


class Figures(_Value):
    """What is shown of some people. None: not shown, or nobody it could rest on.

    `placed` counts people, `placed_rate` is their share; `score` is the mean in points of those
    placed, `rank` the mean place of the proposal among the own offers, `waiting` mean days.
    """

    people: int | None = None
    placed: Between | None = None
    placed_rate: Between | None = None
    score: float | None = None
    rank: float | None = None
    waiting: float | None = None


class ExcludedMore(_Value):
    """A hard rule that excludes a larger share of the offers for a group than for the others.

    Mean shares in [0, 1]. `others` is None where the rule concerns too few of them to say.
    """

    rule: str
    group: float
    others: float | None


class Cell(Figures):
    """One group. `ratios` compare it with the best group, 1 being as good as that.

    `flagged` names the measures whose ratio is surely under four fifths, `rules` what excludes
    the group more often than all others.
    """

    group: str
    shown: bool
    ratios: dict[Measure, Between] = {}
    flagged: tuple[Measure, ...] = ()
    rules: tuple[ExcludedMore, ...] = ()


class Section(_Value):
    """One dimension with its groups; none is listed where all are hidden.

    `together` holds the hidden groups as one, which total minus the shown ones tells anyway.
    """

    dimension: Dimension
    cells: tuple[Cell, ...]
    together: Cell | None = None

    @property
    def rows(self) -> tuple[Cell, ...]:
        """The groups and, after them, the hidden ones together."""
        return (*self.cells, self.together) if self.together else self.cells


class Report(_Value):
    """The fairness report of a round.

    `hidden_since` says why no group is shown at all: fewer than five people, or nearly the same
    people as in an earlier report (then that one has the figures by group, and here means are
    not shown either).
    """

    format: Literal["doallvet-fairness/1"] = "doallvet-fairness/1"
    least: int = LEAST
    threshold: float = FOUR_FIFTHS
    total: Figures
    hidden_since: Literal["too_few", "too_similar"] | None = None
    sections: tuple[Section, ...]

    @property
    def flagged(self) -> tuple[tuple[Dimension, Cell], ...]:
        """The groups with a flag, each with its dimension."""
        return tuple(
            (section.dimension, cell)
            for section in self.sections
            for cell in section.rows
            if cell.flagged
        )


def report(people: Sequence[Person], earlier: Sequence[Memberships] = ()) -> Report:
    """The report on the people of a round, whatever their order.

    `earlier` are the memberships of the reports of the same call that somebody could see.
    Raises ValueError for a person who is there twice, or an unknown group.
    """
    people = sorted(people, key=lambda person: person.id)
    if len({person.id for person in people}) < len(people):
        raise ValueError("people: somebody is there twice")
    since = _hidden_since(people, earlier)
    if since == "too_few":
        return Report(total=Figures(), hidden_since=since, sections=())
    if since == "too_similar":
        return Report(total=_total(people, means=False), hidden_since=since, sections=())
    sections = tuple(_section(people, dimension, earlier) for dimension in Dimension)
    return Report(total=_total(people, means=True), sections=sections)


def memberships(people: Sequence[Person], published: Report) -> Memberships:
    """What is kept of a report that was published, to compare the next ones with.

    Nothing of one that says `hidden_since`: it has no sections.
    """
    sums = {}
    for section in published.sections:
        groups = _ids(by_group(people, section.dimension))
        shown = {cell.group for cell in section.cells if cell.shown}
        sums[section.dimension] = sums_of(groups, set(groups) - shown)
    return Memberships(sums=sums)


def _hidden_since(
    people: Sequence[Person], earlier: Sequence[Memberships]
) -> Literal["too_few", "too_similar"] | None:
    if len(people) < LEAST:
        return "too_few"
    now = {person.id for person in people}
    for one in earlier:
        sums = next(iter(one.sums.values()), ())
        before = {identity for each in sums for identity in each.people}
        if before and differ_little(before, now):
            return "too_similar"
    return None


def _ids(groups: Mapping[str, Sequence[Person]]) -> dict[str, list[str]]:
    return {group: [person.id for person in people] for group, people in groups.items()}


def _total(people: Sequence[Person], *, means: bool) -> Figures:
    placed = sum(person.placed for person in people)
    return Figures(
        **_counts(len(people), (placed, placed)),
        **_means(people, dict.fromkeys(MEANS, means)),
    )


def _section(
    people: Sequence[Person], dimension: Dimension, earlier: Sequence[Memberships]
) -> Section:
    groups = by_group(people, dimension)
    hidden = hidden_groups(_ids(groups), [one.sums.get(dimension, ()) for one in earlier])
    if len(hidden) == len(groups):
        return Section(dimension=dimension, cells=())
    parts = {group: members for group, members in groups.items() if group not in hidden}
    if hidden:
        parts[TOGETHER] = [p for group in groups if group in hidden for p in groups[group]]
    compared = _compared(parts)
    return Section(
        dimension=dimension,
        cells=tuple(compared.get(group) or Cell(group=group, shown=False) for group in groups),
        together=compared.get(TOGETHER),
    )


def _compared(parts: Mapping[str, Sequence[Person]]) -> dict[str, Cell]:
    """The figures of each part and how it stands beside the best one; the parts are all."""
    placed = placed_ranges([Part(len(p), sum(o.placed for o in p)) for p in parts.values()])
    exact = [low == high for low, high in placed]
    may = {}
    for measure in MEANS:
        behind = [len(_values(members, measure)) for members in parts.values()]
        allowed = [True] * len(parts) if measure is Measure.WAITING else exact
        may[measure] = means_shown(behind, allowed)
    figures = {
        group: Figures(
            **_counts(len(members), placed[n]),
            **_means(members, {measure: may[measure][n] for measure in MEANS}),
        )
        for n, (group, members) in enumerate(parts.items())
    }
    cells = {}
    for group, ratios in _ratios(figures).items():
        flagged = tuple(measure for measure, (_, high) in ratios.items() if high < FOUR_FIFTHS)
        cells[group] = Cell(
            group=group,
            shown=True,
            **dict(figures[group]),
            ratios={measure: _between(*ratio) for measure, ratio in ratios.items()},
            flagged=flagged,
            rules=_excluded_more(parts, group) if flagged else (),
        )
    return cells


def _values(people: Sequence[Person], measure: Measure) -> list[float]:
    return [value for person in people if (value := person.value(measure)) is not None]


def _counts(people: int, placed: tuple[int, int]) -> dict[str, int | Between]:
    low, high = placed
    return {
        "people": people,
        "placed": Between(low=low, high=high),
        "placed_rate": _between(low / people, high / people),
    }


def _means(people: Sequence[Person], may: Mapping[Measure, bool]) -> dict[str, float]:
    values = {measure: _values(people, measure) for measure in MEANS if may[measure]}
    return {
        str(measure): rounded(sum(found) / len(found), measure)
        for measure, found in values.items()
        if len(found) >= LEAST
    }


def rounded(value: float, what: Literal["share"] | Measure) -> float:
    """As it is shown: this is the only place that rounds."""
    return round(value, DIGITS[what])


def _between(low: float, high: float) -> Between:
    return Between(low=rounded(low, "share"), high=rounded(high, "share"))


def _ratios(figures: Mapping[str, Figures]) -> dict[str, dict[Measure, tuple[float, float]]]:
    """Each group beside the best one, from what is shown only, as least and most it can be.

    A rate or score over the highest; the lowest rank over the own; the same for waiting, where
    the day that has begun counts, so that nothing is divided by zero.
    """
    found: dict[str, dict[Measure, tuple[float, float]]] = {group: {} for group in figures}
    rates = {
        group: (one.placed.low / one.people, one.placed.high / one.people)
        for group, one in figures.items()
        if one.placed and one.people
    }
    for measure in Measure:
        if measure is Measure.PLACED:
            known = rates
        else:
            shown = {group: getattr(one, measure) for group, one in figures.items()}
            known = {
                group: (good, good)
                for group, value in shown.items()
                if value is not None and (good := _goodness(measure, value)) > 0
            }
        for group, (low, high) in known.items():
            others = [span for other, span in known.items() if other != group]
            if others:
                best = max(one for _, one in others), max(one for one, _ in others)
                found[group][measure] = _share(low, best[0]), _share(high, best[1])
    return found


def _goodness(measure: Measure, value: float) -> float:
    if measure is Measure.SCORE:
        return value
    return 1 / value if measure is Measure.RANK else 1 / (value + 1)


def _share(own: float, best: float) -> float:
    return 1.0 if own >= best else own / best


def _excluded_more(parts: Mapping[str, Sequence[Person]], group: str) -> tuple[ExcludedMore, ...]:
    """The rules that exclude the group more often than all others, the largest gap first.

    Only rules that exclude something for at least LEAST people of the group are named.
    """
    own = [person.excluded for person in parts[group] if person.excluded]
    rest = [
        person.excluded
        for other, people in parts.items()
        for person in people
        if other != group and person.excluded
    ]
    if len(own) < LEAST or len(rest) < LEAST:
        return ()
    found = []
    for rule in sorted({rule for shares in own for rule in shares}):
        mine, others = _mean_share(own, rule), _mean_share(rest, rule)
        if mine - others >= LEAST_GAP and _concerned(own, rule) >= LEAST:
            few = 0 < _concerned(rest, rule) < LEAST
            more = ExcludedMore(
                rule=rule,
                group=rounded(mine, "share"),
                others=None if few else rounded(others, "share"),
            )
            found.append((others - mine, rule, more))
    return tuple(more for _, _, more in sorted(found, key=lambda item: item[:2])[:MOST_RULES])


def _mean_share(shares: Collection[Mapping[str, float]], rule: str) -> float:
    return sum(one.get(rule, 0) for one in shares) / len(shares)


def _concerned(shares: Collection[Mapping[str, float]], rule: str) -> int:
    return sum(one.get(rule, 0) > 0 for one in shares)
