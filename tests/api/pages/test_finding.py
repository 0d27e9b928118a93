"""Occupations are found by what people call them."""

import pytest
from sqlalchemy import Engine

from api.services.finding import MOST_FOUND, name_of, occupations
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent

BAKERS = "7512"


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


@pytest.mark.parametrize(
    ("words", "language"),
    [("baker", "en"), ("BACKER", "de"), ("panadero", "es"), ("Bäcker", "de"), ("leipuri", "fi"),
     ("piekarz", "pl"), ("baker", "pl"), ("bakery", "en")],
)  # fmt: skip
def test_an_occupation_is_found_in_each_language_without_accents_and_in_other_forms(
    words: str, language: str
) -> None:
    found = occupations(words, language)
    assert found[0].code == BAKERS
    assert found[0].name == name_of(BAKERS, language)


def test_every_word_counts_and_few_are_offered() -> None:
    assert [one.code for one in occupations("pastry baker", "en")] == [BAKERS]
    assert occupations("pastry xylophone", "en") == occupations("  ", "en") == []
    assert len(occupations("other", "en")) == MOST_FOUND


def test_a_search_keeps_what_is_ticked_and_says_so_when_nothing_is_found(
    alliance: Alliance,
) -> None:
    browser = alliance.browser("company")
    form = {"occupations": ["7223"], "occupation_words": "baker"}
    part = sent(browser, "/find/occupations", form, **{"HX-Request": "true"})
    assert part.status_code == 200
    assert 'value="7223" checked' in part.text
    assert f'value="{BAKERS}">' in part.text
    assert "<html" not in part.text
    again = sent(browser, "/find/occupations", form | {"occupations": [BAKERS]}).text
    assert again.count(f'value="{BAKERS}"') == 1
    assert "Nothing more is called so" in again
