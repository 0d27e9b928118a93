"""What errors and the engine say, for the catalogues: `make words` takes it from here."""

from collections.abc import Iterator
from typing import Any

from api.errors.base import every_error
from matcher.faults import TEXTS

NO_WORDS = frozenset({"{lines}"})
"""Texts of the engine that hold other lines only."""

Found = tuple[int, str, str | tuple[str, str], list[str]]
"""A line, the function that would look it up, the text or one and many, remarks."""


def extract(fileobj: Any, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:  # noqa: ARG001
    """Every sentence of every error and every fault of the engine, as Babel asks for it."""
    for kind in every_error():
        if kind.plural:
            yield 0, "ngettext", (kind.text, kind.plural), []
        elif kind.text:
            yield 0, "_", kind.text, []
        for text in kind.texts.values():
            yield 0, "_", text, []
    for text in TEXTS.values():
        if text not in NO_WORDS:
            yield 0, "_", text, []
