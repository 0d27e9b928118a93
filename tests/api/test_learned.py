"""Learning outcomes are chosen, written and read in every language, and stored alike."""

import pytest

from api import learned
from api.language import Language
from matcher.outcomes import reference_vectorizer
from matcher.vocabulary import LANGUAGES, default_reference

ROWS = list(default_reference().rows("learning_outcomes"))


def test_every_outcome_has_a_name_in_every_language() -> None:
    assert len(ROWS) > 500
    for row in ROWS:
        names = [row[code] for code in LANGUAGES]
        assert all(name == " ".join(name.split()) and name for name in names), row["en"]
        assert not any(name.endswith(".") for name in names)
        assert len(set(names)) == len(LANGUAGES), row["en"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_name_stands_for_one_outcome(code: str) -> None:
    for row in ROWS:
        assert learned.said(Language(code), row["en"]) == row[code]
        assert learned.stored(row[code]) == row["en"]
        assert learned.stored(f" {row[code].capitalize()}. ") == row["en"]


def test_own_words_stay_as_they_are() -> None:
    own = "Whatever I do with wood"
    assert learned.stored(own) == own
    assert learned.said(Language("pl"), own) == own


def test_the_known_ones_of_an_occupation_come_once() -> None:
    known = learned.known(["7131", "7115.2", "7126"])
    assert len(known) == len(set(known)) > 20
    assert known.count("keep the building site safe and tidy") == 1


def test_names_in_other_languages_move_no_score() -> None:
    """The vocabulary of the comparison is of what is stored: English outcomes, and names."""
    weights = reference_vectorizer().vocabulary_
    names = {row[code] for table in ("isco08", "isced_f", "needs")
             for row in default_reference().rows(table) for code in LANGUAGES}  # fmt: skip
    texts = names | {row["en"] for row in ROWS}
    analyse = reference_vectorizer().build_analyzer()
    assert set(weights) == {gram for text in texts for gram in analyse(text)}
