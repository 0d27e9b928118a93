"""What errors say, for the catalogues: `make words` takes it from here."""

from collections.abc import Iterator
from typing import Any

from api.errors.base import every_error

Found = tuple[int, str, str | tuple[str, str], list[str]]
"""A line, the function that would look it up, the text or one and many, remarks."""


def extract(fileobj: Any, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:  # noqa: ARG001
    """Every sentence of every error, as Babel asks for it."""
    for kind in every_error():
        if kind.plural:
            yield 0, "ngettext", (kind.text, kind.plural), []
        elif kind.text:
            yield 0, "_", kind.text, []
        for text in kind.texts.values():
            yield 0, "_", text, []
