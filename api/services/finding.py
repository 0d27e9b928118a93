"""Looking for codes of the reference lists by words, as people call things."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from matcher.vocabulary import LANGUAGES, default_reference

MOST_FOUND = 12
"""So many are offered: who sees more than that is better off with another word."""

SHORTEST_STEM = 4
"""Words are shortened to so many letters at least, where they are not found as they are."""

ENDINGS = 3
"""So many letters at the end of a word may be another form of it."""


@dataclass(frozen=True)
class Choice:
    """A code, and what it is called."""

    code: str
    name: str


def occupations(words: str, language: str) -> list[Choice]:
    """Occupations (ISCO-08 unit groups) whose name in a language has all these words in it.

    Accents and capitals do not matter. Words that are found nowhere are tried without their
    ending, since the list names occupations in the plural. English names are tried last.
    """
    asked = _plain(words).replace(",", " ").split()
    if not asked:
        return []
    for code in dict.fromkeys((language, "en")):
        for cut in range(ENDINGS + 1):
            stems = [word[: max(SHORTEST_STEM, len(word) - cut)] for word in asked]
            found = _named(stems, code)
            if found:
                return [Choice(one, name_of(one, language)) for one in found[:MOST_FOUND]]
    return []


def name_of(code: str, language: str) -> str:
    """What an occupation is called; of a code of ESCO, the unit group that it lies in."""
    known = default_reference().codes("isco08")
    row = known.get(code) or known.get(code.partition(".")[0])
    return row[language] if row else code


def _named(stems: list[str], language: str) -> list[str]:
    """The codes whose names have all stems in them, those first in which words begin so."""
    ranked = []
    for code, name in _names(language).items():
        if not all(stem in name for stem in stems):
            continue
        begun = sum(any(word.startswith(stem) for word in name.split()) for stem in stems)
        ranked.append((not name.startswith(stems[0]), -begun, len(name), code))
    return [code for *_, code in sorted(ranked)]


@cache
def _names(language: str) -> dict[str, str]:
    assert language in LANGUAGES  # noqa: S101  # callers have one of the six
    rows = default_reference().codes("isco08")
    return {code: _plain(row[language]) for code, row in rows.items() if len(code) == len("0000")}


def _plain(text: str) -> str:
    """Small letters without accents, so that people need not write any."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
