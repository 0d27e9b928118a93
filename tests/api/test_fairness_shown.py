"""The fairness report as a picture and as a table."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping

import pytest

from api.fairness import Measure, Report, picture, report, table
from api.fairness.counted import GROUPS
from api.fairness.picture import FAINT, INK, PAPER, WARNING
from api.language import Language
from api.sentences import texts as texts_in
from matcher.vocabulary import LANGUAGES
from tests.api.test_fairness import EN, crowd


def example() -> Report:
    """A region with a sharp name told as a range, one that is flagged, two that are hidden."""
    return report(
        [
            *crowd("a", 20, 15, region="<b>&co", sex="female"),
            *crowd("b", 30, 8, region="b", sex="male"),
            *crowd("c", 3, 1, region="c", sex="male"),
            *crowd("d", 20, 18, region="d", sex="male"),
        ]
    )


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: (lighter + 0.05) / (darker + 0.05)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_picture_is_said_to_everybody() -> None:
    drawn = picture(example(), EN)
    root = ElementTree.fromstring(drawn)  # noqa: S314  # our own picture
    kind = "{http://www.w3.org/2000/svg}"
    title, description = root.find(f"{kind}title"), root.find(f"{kind}desc")
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "title desc")
    assert title is not None
    assert title.text == "Placed rates by group"
    assert description is not None
    assert "<b>&co: 11 to 15 of 20" in (description.text or "")
    assert "c: not shown alone" in (description.text or "")
    said = [text.text for text in root.iter(f"{kind}text")]
    assert "<b>&co" in said
    assert "not shown alone" in said
    assert any((text or "").startswith("flagged: placed rate") for text in said)
    assert [path.get("stroke") for path in root.iter(f"{kind}path")][:-1], "a flag beside the bar"
    fills = [box.get("fill") for box in root.iter(f"{kind}rect")]
    assert fills.count("url(#hidden)") > 1
    assert min(contrast(ink, PAPER) for ink in (INK, FAINT, WARNING)) >= 4.5
    assert picture(example(), EN) == drawn


def test_the_table_names_a_dimension_once_and_shows_no_hidden_figure() -> None:
    heading, everybody, *rows = table(example(), EN | {"fairness.group.region.b": "Bay"})
    assert {len(row) for row in rows} == {len(heading)} == {len(everybody)}
    assert [row[1] for row in rows[:5]] == ["<b>&co", "Bay", "c", "d", "Not shown, together"]
    assert [row[0] for row in rows[:5]] == ["Region", "", "", "", ""]
    assert rows[2][2:] == ("–",) * 6 + ("not shown alone",)
    assert everybody[:5] == ("Everybody", "", "73", "42", "58\u00a0%")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_measure_and_column_has_a_text(language: str) -> None:
    texts: Mapping[str, str] = texts_in(Language(language))
    for dimension, groups in GROUPS.items():
        assert texts[f"fairness.dimension.{dimension}"]
        for group in groups:
            key = "fairness.group.not_stated" if group == "not_stated" else f"{dimension}.{group}"
            assert texts[key if key in texts else f"fairness.group.{key}"]
    assert all(texts[f"fairness.measure.{measure}"] for measure in Measure)
