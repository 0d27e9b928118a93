"""The report as rows of a table, for a terminal."""

from api.fairness.reporting import Figures, Report
from api.fairness.wording import Texts, counts, group_name, remarks, shares

COLUMNS = (
    "dimension", "group", "people", "placed", "placed_rate", "score", "rank", "waiting", "remarks",
)  # fmt: skip


def table(report: Report, texts: Texts, *, briefly: bool = False) -> list[tuple[str, ...]]:
    """The headings, everybody, then each group; a dimension is named at its first group.

    What is not shown is a dash. `briefly`: only that a group is flagged, where what is said of
    it stands beside the table. `texts` are those of one language (see `Texts`).
    """
    heading = tuple(texts[f"fairness.column.{column}"] for column in COLUMNS)
    if report.total.people is None:
        return [heading]
    why = texts[f"fairness.{report.hidden_since}"] if report.hidden_since else ""
    rows = [heading, (texts["fairness.all"], "", *_figures(report.total, texts), why)]
    for section in report.sections:
        name = texts[f"fairness.dimension.{section.dimension}"]
        if not section.cells:
            dashes = ("–",) * (len(COLUMNS) - 2)
            rows.append((name, texts["fairness.hidden"], *dashes))
        for cell in section.rows:
            told = [texts["fairness.flagged"]] if briefly and cell.flagged else remarks(texts, cell)
            said = "; ".join(told) if cell.shown else texts["fairness.hidden"]
            group = group_name(texts, section.dimension, cell.group)
            rows.append((name, group, *_figures(cell, texts), said))
            name = ""
    return rows


def _figures(figures: Figures, texts: Texts) -> tuple[str, ...]:
    return (
        "–" if figures.people is None else str(figures.people),
        counts(texts, figures.placed),
        shares(texts, figures.placed_rate),
        "–" if figures.score is None else f"{figures.score:.1f}",
        "–" if figures.rank is None else f"{figures.rank:.2f}",
        "–" if figures.waiting is None else f"{figures.waiting:.1f}",
    )
