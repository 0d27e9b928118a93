"""What stands out in a fairness report: each thing once, in words, with what to look at."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.fairness import Cell, Dimension, Measure, Report, group_name, summary
from api.fairness.wording import Texts, beside_best, shares
from api.language import N_, Language

FOUND: dict[Measure, str] = {
    Measure.PLACED: N_(
        "Fewer of them are proposed a place: {value}. That is {share} of the rate in the best"
        " group."
    ),
    Measure.SCORE: N_(
        "Their places fit less well: {value} of 100 on average. That is {share} of the fit in the"
        " best group."
    ),
    Measure.RANK: N_(
        "They are proposed a place that is further down among those possible for them: number"
        " {value} on average. Number 1 would be the best possible one for each."
    ),
    Measure.WAITING: N_("They have waited longer for a place: {value} days on average."),
}
"""What a flag says, by what is compared."""

LOOK: dict[Measure, str] = {
    Measure.SCORE: N_("Look at their proposals: which part of the fit is low, work or language?"),
    Measure.RANK: N_(
        "Look at their better places: are they full? Ask those hosts for one more place."
    ),
    Measure.WAITING: N_(
        "Look at who has waited longest, and propose a place by hand if one suits."
    ),
}
"""What to look at, by what is compared; for places it depends on who they are."""

LOOK_FOR_PLACES: dict[Dimension, str] = {
    Dimension.REGION: N_(
        "Look at what keeps them from a place. Ask hosts for places in their trades, languages and"
        " weeks; more countries, more weeks or a language course help as well."
    ),
    Dimension.SEX: N_(
        "Look at what keeps them from a place: which trades have few places? Ask hosts for more"
        " there."
    ),
    Dimension.AGE: N_(
        "Look at hours, tasks and the youngest age that hosts take. Ask hosts whether they can"
        " change something."
    ),
    Dimension.OPPORTUNITIES: N_(
        "Look at what workplaces have. Ask hosts where they have not said it, and keep places"
        " reserved for these people."
    ),
}
"""What to look at where fewer are proposed a place."""


@dataclass(frozen=True)
class Flag:
    """A group that stands out: what was found, what keeps it back, what to look at."""

    group: str
    found: list[str]
    kept_back: str
    look: list[str]


def headline(language: Language, texts: Texts, report: Report) -> str:
    """The report in some sentences; the groups that stand out are named by `flags` alone."""
    first = summary(texts, report)
    count = len(report.flagged)
    if report.hidden_since or not count:
        return first
    told = language.phrase_count(
        "{n} group stands out: it reaches less than four fifths of the best group.",
        "{n} groups stand out: they reach less than four fifths of the best group.", count,
    )  # fmt: skip
    return f"{first}. {told}"


def flags(language: Language, texts: Texts, report: Report) -> list[Flag]:
    """Each group that stands out, once."""
    return [_flag(language, texts, dimension, cell) for dimension, cell in report.flagged]


def _flag(language: Language, texts: Texts, dimension: Dimension, cell: Cell) -> Flag:
    rules = language.listed([texts.get(f"rule.{one.rule}", one.rule) for one in cell.rules])
    return Flag(
        group_name(texts, dimension, cell.group),
        [
            language.phrase(
                FOUND[one], value=_value(language, texts, cell, one),
                share=shares(texts, beside_best(cell, one)),
            )
            for one in cell.flagged
        ],
        language.phrase("This keeps them from places more often than others: {rules}.", rules=rules)
        if rules else "",
        list(dict.fromkeys(_look(language, dimension, cell))),
    )  # fmt: skip


def _look(language: Language, dimension: Dimension, cell: Cell) -> Iterator[str]:
    for one in cell.flagged:
        yield language.phrase(LOOK.get(one) or LOOK_FOR_PLACES[dimension])


def _value(language: Language, texts: Texts, cell: Cell, measure: Measure) -> str:
    if measure is Measure.PLACED:
        return shares(texts, cell.placed_rate)
    return language.number(getattr(cell, measure) or 0, 1)
