"""The report as a picture: a bar of the placed rate for each group (SVG)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from xml.sax.saxutils import escape

from api.fairness.reporting import Cell, Report
from api.fairness.wording import Texts, counts, group_name, headline, remarks, shares

WIDTH = 900
LEFT, BAR, TRACK, FIGURES = 28, 242, 380, 640
"""Where labels, bars and figures begin, and how long a bar of 100 % is."""

LONGEST_NAME = 24
"""Longer names of groups are cut; the whole name is the title of the row."""

LETTERS_A_LINE, LETTERS_A_REMARK = 106, 90
"""Where lines are broken: an average letter of the font sizes used is 7.5 and 6.6 wide."""

INK, FAINT, PAPER, EMPTY, EDGE, FILL, WARNING = (
    "#1b1f24", "#4a5561", "#ffffff", "#e8ecf0", "#7b8794", "#1f5a8a", "#8f3200",
)  # fmt: skip
"""Texts are INK, FAINT or WARNING on PAPER: contrast above 7 to 1."""

STYLE = f"""
text {{ font: 14px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: {INK} }}
text.title {{ font-size: 20px; font-weight: 600 }}
text.heading {{ font-size: 15px; font-weight: 600 }}
text.small {{ font-size: 12.5px }}
text.faint {{ fill: {FAINT} }}
text.warning {{ fill: {WARNING} }}
"""

PATTERNS = f"""<defs>
<pattern id="range" width="6" height="6" patternUnits="userSpaceOnUse"
 patternTransform="rotate(45)">
<rect width="6" height="6" fill="#cfdeeb"/><rect width="2.5" height="6" fill="{FILL}"/>
</pattern>
<pattern id="hidden" width="7" height="7" patternUnits="userSpaceOnUse"
 patternTransform="rotate(-45)">
<rect width="7" height="7" fill="{PAPER}"/><rect width="1.5" height="7" fill="{EDGE}"/>
</pattern>
</defs>"""


@dataclass(frozen=True)
class Piece:
    """Some lines of SVG that begin at their own zero, and how high they are."""

    height: int
    lines: Sequence[str]


def picture(report: Report, texts: Texts) -> str:
    """An SVG document that says the same to the eye and, by title and desc, to a screen reader.

    `texts` are those of one language (see `Texts`).
    """
    top, drawn = 16, []
    for piece in _pieces(report, texts):
        drawn += [f'<g transform="translate(0 {top})">', *piece.lines, "</g>"]
        top += piece.height
    height = top + 8
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
            f' viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title desc">',
            f'<title id="title">{escape(texts["fairness.title"])}</title>',
            f'<desc id="desc">{escape(description(report, texts))}</desc>',
            f"<style>{STYLE}</style>",
            PATTERNS,
            f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
            *drawn,
            "</svg>\n",
        ]
    )


def description(report: Report, texts: Texts) -> str:
    """The picture in words: every group with what is shown of it."""
    said = [headline(texts, report)]
    for section in report.sections:
        cells = "; ".join(
            f"{group_name(texts, section.dimension, cell.group)}: {_in_words(texts, cell)}"
            for cell in section.rows
        )
        name = texts[f"fairness.dimension.{section.dimension}"]
        said.append(f"{name}: {cells or texts['fairness.none_listed']}.")
    return " ".join(said)


def _in_words(texts: Texts, cell: Cell) -> str:
    if not cell.shown:
        return texts["fairness.hidden"]
    return ", ".join([_placed_of(texts, cell), *remarks(texts, cell)])


def _placed_of(texts: Texts, cell: Cell) -> str:
    return texts["fairness.placed_of"].format(
        placed=counts(texts, cell.placed),
        people=cell.people,
        rate=shares(texts, cell.placed_rate),
    )


def _pieces(report: Report, texts: Texts) -> Iterator[Piece]:
    yield Piece(32, [_text(LEFT, 20, texts["fairness.title"], "title")])
    lines = wrap(headline(texts, report), LETTERS_A_LINE)
    yield Piece(
        20 * len(lines) + 6, [_text(LEFT, 14 + 20 * n, line) for n, line in enumerate(lines)]
    )
    if report.hidden_since:
        return
    for section in report.sections:
        yield Piece(
            36, [_text(LEFT, 28, texts[f"fairness.dimension.{section.dimension}"], "heading")]
        )
        if not section.cells:
            yield Piece(26, [_text(LEFT, 18, texts["fairness.none_listed"], "faint")])
        for cell in section.rows:
            yield _row(texts, group_name(texts, section.dimension, cell.group), cell)
    yield _legend(texts)


def _row(texts: Texts, name: str, cell: Cell) -> Piece:
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    words = f"<title>{escape(name)}: {escape(_in_words(texts, cell))}</title>"
    lines = [f"<g>{words}", _text(LEFT, 19, short)]
    if not cell.shown or cell.placed_rate is None:
        lines += [
            _box(BAR, 6, TRACK, 16, "url(#hidden)", EDGE),
            _text(FIGURES, 19, texts["fairness.hidden"], "faint"),
            "</g>",
        ]
        return Piece(28, lines)
    low, high = cell.placed_rate.low * TRACK, cell.placed_rate.high * TRACK
    lines += [_box(BAR, 6, TRACK, 16, EMPTY), _box(BAR, 6, low, 16, FILL)]
    if high > low:
        lines.append(_box(BAR + low, 6, high - low, 16, "url(#range)", FILL))
    lines.append(_text(FIGURES, 19, _placed_of(texts, cell)))
    height = 28
    if cell.flagged:
        lines += [_box(BAR - 2, 4, TRACK + 4, 20, "none", WARNING, 2), _flag(BAR - 18, 7)]
    for remark in remarks(texts, cell):
        for line in wrap(remark, LETTERS_A_REMARK):
            lines.append(_text(BAR, height + 12, line, "small warning"))
            height += 18
    return Piece(height + (4 if cell.flagged else 0), [*lines, "</g>"])


def _legend(texts: Texts) -> Piece:
    marks = {
        "placed": _box(LEFT, 0, 28, 13, FILL),
        "range": _box(LEFT, 0, 28, 13, "url(#range)", FILL),
        "hidden": _box(LEFT, 0, 28, 13, "url(#hidden)", EDGE),
        "flagged": _flag(LEFT + 8, 0) + _box(LEFT, -1, 28, 16, "none", WARNING, 2),
    }
    lines = [f'<line x1="{LEFT}" y1="14" x2="{WIDTH - LEFT}" y2="14" stroke="#c5ced6"/>']
    for n, (key, mark) in enumerate(marks.items()):
        words = _text(LEFT + 40, 12, texts[f"fairness.legend.{key}"], "small")
        lines.append(f'<g transform="translate(0 {30 + 22 * n})">{mark}{words}</g>')
    return Piece(30 + 22 * len(marks), lines)


def _text(x: float, y: float, words: str, style: str = "") -> str:
    kind = f' class="{style}"' if style else ""
    return f'<text x="{x:g}" y="{y:g}"{kind}>{escape(words)}</text>'


def _box(
    x: float, y: float, width: float, height: float, fill: str, edge: str = "", line: float = 1
) -> str:
    border = f' stroke="{edge}" stroke-width="{line:g}"' if edge else ""
    size = f'width="{width:.1f}" height="{height:g}"'
    return f'<rect x="{x:.1f}" y="{y:g}" {size} fill="{fill}"{border}/>'


def _flag(x: float, y: float) -> str:
    """A flag on its pole, so that the mark is not one of colour alone."""
    path = f"M{x:g} {y:g} v14 M{x:g} {y:g} h10 l-3 4 l3 4 h-10"
    return f'<path d="{path}" fill="{WARNING}" stroke="{WARNING}" stroke-width="1.6"/>'
