"""Learning outcomes as people read and write them: known ones in every language.

What is stored is the English wording, which is what the engine compares (docs/decisions/0005):
so it does not matter in which language somebody chose or wrote a known outcome.
"""

from collections.abc import Iterable
from functools import cache

from api.language import Language
from matcher.vocabulary import LANGUAGES, Row, default_reference, unit_group


def known(occupations: Iterable[str]) -> list[str]:
    """What people often learn in these occupations, as it is stored."""
    groups = {unit_group(code) for code in occupations}
    rows = default_reference().rows("learning_outcomes")
    return list(dict.fromkeys(row["en"] for row in rows if row["occupation"] in groups))


def said(language: Language, text: str) -> str:
    """A stored outcome in a language; somebody's own words stay as they are."""
    row = _by_text().get(text)
    return row[language.code] if row else text


def stored(text: str) -> str:
    """An outcome as it is stored: the English wording of a known one, whichever was written."""
    return _stored_by_name().get(_alike(text), text)


@cache
def _by_text() -> dict[str, Row]:
    """A wording that several occupations have is the same in all of them."""
    return {row["en"]: row for row in default_reference().rows("learning_outcomes")}


@cache
def _stored_by_name() -> dict[str, str]:
    return {_alike(row[code]): text for text, row in _by_text().items() for code in LANGUAGES}


def _alike(text: str) -> str:
    """The same for texts that differ in capitals, spaces or a full stop only."""
    return " ".join(text.split()).removesuffix(".").casefold()
