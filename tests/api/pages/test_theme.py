"""The alliance's colours can be read: contrast in both schemes, computed from the style sheet.

WCAG 2.2, 1.4.3: text 4.5 to 1. 1.4.11: borders of fields, fills of buttons, focus 3 to 1.
"""

import itertools
import re

import pytest

from api.pages import assets

COLORS = ("accent", "neutral", "info", "success", "warning", "danger")
PAPERS = tuple(
    f"{kind}-{step}"
    for kind, steps in {
        "background": ("default", "tinted"),
        "surface": ("default", "tinted", "hover", "active"),
    }.items()
    for step in steps
)
AT_REST = PAPERS[:4]
"""On which buttons lie; hover and active are what they turn to."""

FILLS = ("base-default", "base-hover", "base-active")


EXPLICIT = {"light": ':root, [data-color-scheme="light"]', "dark": '[data-color-scheme="dark"]'}
"""How the style sheet selects a scheme that somebody chose; without a choice it is light."""


def sheet() -> str:
    path = assets.PACKAGES / "theme.css"
    assert path.is_file(), "run `make packages` first"
    return path.read_text(encoding="utf-8")


def tokens(scheme: str, selector: str) -> dict[str, str]:
    """The colours of one scheme, by their names without the prefix."""
    layer = sheet().partition(f"@layer ds.theme.color-scheme.{scheme} {{")[2].partition("@layer")[0]
    block = layer.partition(f"{selector} {{")[2].partition("}")[0]
    return dict(re.findall(r"--ds-(?:color-)?([\w-]+): (#[0-9a-fA-F]{6});", block))


def luminance(color: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


def pairs(color: str) -> list[tuple[str, str, float]]:
    """What stands on what, and the least contrast between."""
    papers = [f"{paper_of}-{paper}" for paper_of in {color, "neutral"} for paper in PAPERS]
    resting = [f"{paper_of}-{paper}" for paper_of in {color, "neutral"} for paper in AT_REST]
    texts = (f"{color}-text-subtle", f"{color}-text-default")
    borders = (f"{color}-border-default", f"{color}-border-strong")
    on_fills = (f"{color}-base-contrast-subtle", f"{color}-base-contrast-default")
    fills = [f"{color}-{fill}" for fill in FILLS]
    return [
        *((*pair, 4.5) for pair in itertools.product(texts, papers)),
        *((*pair, 3.0) for pair in itertools.product(borders, papers)),
        *((*pair, 4.5) for pair in itertools.product(on_fills, fills)),
        *((fills[0], paper, 3.0) for paper in resting),
        *(("link-color-visited", paper, 4.5) for paper in resting),
        *(("focus-outer", paper, 3.0) for paper in papers),
    ]


@pytest.mark.parametrize("color", COLORS)
@pytest.mark.parametrize("scheme", EXPLICIT)
def test_everything_stands_out_from_what_it_lies_on(color: str, scheme: str) -> None:
    found = tokens(scheme, EXPLICIT[scheme])
    low = {
        f"{above} on {below}": round(contrast(found[above], found[below]), 2)
        for above, below, least in pairs(color)
        if contrast(found[above], found[below]) < least
    }
    assert low == {}


@pytest.mark.parametrize("scheme", EXPLICIT)
def test_the_two_rings_of_a_focus_stand_out_from_each_other(scheme: str) -> None:
    found = tokens(scheme, EXPLICIT[scheme])
    assert contrast(found["focus-inner"], found["focus-outer"]) >= 3


@pytest.mark.parametrize("scheme", EXPLICIT)
def test_auto_follows_the_scheme_of_the_surroundings(scheme: str) -> None:
    asked = f'@media (prefers-color-scheme: {scheme}) {{\n  [data-color-scheme="auto"] {{'
    assert sheet().count(asked) == 1
    assert tokens(scheme, '[data-color-scheme="auto"]') == tokens(scheme, EXPLICIT[scheme])


def test_the_accent_is_the_alliance_s_and_no_font_is_fetched() -> None:
    assert tokens("light", EXPLICIT["light"])["accent-base-default"].lower() == "#0b5c6b"
    assert "system-ui" in sheet()
    assert "url(" not in sheet()
    assert "@import" not in sheet()
