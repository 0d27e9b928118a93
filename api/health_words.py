"""Whether a text looks as if it told of somebody's health: words of six languages.

A hint to whoever writes, never a reason to refuse: words have other meanings too.
"""

import csv
import re
from functools import cache
from importlib.resources import files

from models.provision_views import TextWarning

HEALTH = "looks_like_health_data"
"""The code of the warning."""

WORD = re.compile(r"[^\W\d_]+")


def looks_like_health_data(text: str) -> bool:
    """Whether a word of the list stands in the text, or one that begins with one of its stems."""
    words, stems = _words()
    found = [word.casefold() for word in WORD.findall(text)]
    return any(word in words or word.startswith(stems) for word in found)


def warnings_about(**texts: str) -> list[TextWarning]:
    """A warning for each field whose text looks like health data."""
    return [
        TextWarning(code=HEALTH, field=name)
        for name, text in texts.items()
        if looks_like_health_data(text)
    ]


@cache
def _words() -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole words, and beginnings of words (with a star)."""
    lines = (files("api") / "health_words.csv").read_text(encoding="utf-8").splitlines()
    listed = [row["word"].casefold() for row in csv.DictReader(lines)]
    whole = frozenset(word for word in listed if not word.endswith("*"))
    return whole, tuple(word.removesuffix("*") for word in listed if word.endswith("*"))
