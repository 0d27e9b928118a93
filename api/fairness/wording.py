"""How figures of the report are put into words, for the picture and the table."""

from collections.abc import Mapping
from math import floor

from api.fairness.counted import NOT_STATED, Dimension, Measure
from api.fairness.reporting import TOGETHER, Between, Cell, Report

Texts = Mapping[str, str]
"""Texts of one language by key, as `api.sentences.TEXTS` has them.

The name of a region stands under `fairness.group.region.` and its id, else it is the id.
"""


def group_name(texts: Texts, dimension: Dimension, group: str) -> str:
    """How a group is called."""
    if group in (NOT_STATED, TOGETHER):
        return texts[f"fairness.group.{group}"]
    return texts.get(f"fairness.group.{dimension}.{group}", group)


def percent(share: float) -> str:
    """A share of one as whole per cent, never broken over two lines."""
    return f"{share * 100:.0f}\u00a0%"


def shares(texts: Texts, between: Between | None) -> str:
    """A share or its two ends, as per cent; a dash for none."""
    if between is None:
        return "–"
    low, high = percent(between.low), percent(between.high)
    return low if low == high else texts["fairness.between"].format(low=low, high=high)


def counts(texts: Texts, between: Between | None) -> str:
    """A number of people or its two ends; a dash for none."""
    if between is None:
        return "–"
    low, high = f"{between.low:.0f}", f"{between.high:.0f}"
    return low if low == high else texts["fairness.between"].format(low=low, high=high)


def remarks(texts: Texts, cell: Cell) -> list[str]:
    """What is flagged and which rules weigh most, a line each."""
    lines = []
    if cell.flagged:
        said = ", ".join(_beside_best(texts, cell, measure) for measure in cell.flagged)
        lines.append(f"{texts['fairness.flagged']}: {said}")
    if cell.rules:
        named = [
            texts["fairness.rule_alone" if more.others is None else "fairness.rule_beside"].format(
                rule=texts.get(f"rule.{more.rule}", more.rule),
                group=percent(more.group),
                others=percent(more.others or 0),
            )
            for more in cell.rules
        ]
        lines.append(texts["fairness.excluded_more"].format(rules=", ".join(named)))
    return lines


def beside_best(cell: Cell, measure: Measure) -> Between:
    """How a group stands beside the best one, in whole hundredths.

    Rounded down, so that what is just under four fifths does not read as four fifths.
    """
    ratio = cell.ratios[measure]
    return Between(low=floor(ratio.low * 100) / 100, high=floor(ratio.high * 100) / 100)


def _beside_best(texts: Texts, cell: Cell, measure: Measure) -> str:
    name = texts[f"fairness.measure.{measure}"]
    ratio = shares(texts, beside_best(cell, measure))
    return texts["fairness.of_best"].format(measure=name, ratio=ratio)


def summary(texts: Texts, report: Report) -> str:
    """The report in one or two sentences; without the groups that are flagged, if there are."""
    total = report.total
    if report.hidden_since == "too_few" or total.people is None:
        return texts["fairness.too_few"]
    first = texts["fairness.summary"].format(
        placed=counts(texts, total.placed),
        people=total.people,
        rate=shares(texts, total.placed_rate),
    )
    if report.hidden_since:
        return f"{first}. {texts[f'fairness.{report.hidden_since}']}"
    return first if report.flagged else f"{first}. {texts['fairness.no_flags']}"


def headline(texts: Texts, report: Report) -> str:
    """The same with the names of the groups that are flagged."""
    first = summary(texts, report)
    names = [group_name(texts, dimension, cell.group) for dimension, cell in report.flagged]
    if report.hidden_since or not names:
        return first
    return f"{first}. {texts['fairness.flags'].format(groups=', '.join(names))}"
