"""The class of all errors that the service knows.

`status` is the HTTP status, `kind` the stable name that programs read, the message what
people read: what happened and what to do. No message holds personal data.

An error holds its sentence and its data apart, so that it can be said in every language:
`error.filled(translation of error.sentence)`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from api.faults import Fault

Shown = Callable[[str, Any], object]
"""How a value is shown: its noun in `codes`, "" where it is no code, and the value itself."""


def _as_it_is(_noun: str, value: Any) -> object:
    return value


class ServiceError(Exception):
    """Something that the service refuses or cannot do.

    Every sentence is a whole one in English with named places, and the msgid of its
    translations.
    """

    status: ClassVar[int] = 400
    kind: ClassVar[str] = "service-error"

    text: ClassVar[str] = ""
    """What the error says, where it always says the same."""

    plural: ClassVar[str] = ""
    """The same for another number than 1: such an error counts something, and its data have `n`."""

    texts: ClassVar[Mapping[str, str]] = {}
    """What it says instead, by variants of which the case picks one."""

    field: ClassVar[str] = ""
    """The field of a form that it is about, where it is always the same."""

    codes: ClassVar[Mapping[str, str]] = {}
    """Data that are codes, or lists of them, which people read as words; and codes of what."""

    def __init__(self, variant: str = "", /, **data: Any) -> None:
        """The message is English. Raises KeyError where the variant or a place is not known."""
        self.data = data
        self.sentence = self.texts[variant] if variant else self.text
        is_many = self.plural and data["n"] != 1
        super().__init__(self.filled(self.plural if is_many else self.sentence))

    def filled(self, sentence: str, shown: Shown = _as_it_is) -> str:
        """A sentence, which may be a translation of the error's own, with the data in its places.

        Raises KeyError where it has a place that the error has not.
        """
        return sentence.format_map({name: self._said(name, shown) for name in self.data})

    def _said(self, name: str, shown: Shown) -> object:
        noun, value = self.codes.get(name, ""), self.data[name]
        if isinstance(value, list):
            between = "; " if any(isinstance(one, Fault) for one in value) else ", "
            return between.join(str(shown(noun, one)) for one in value)
        return shown(noun, value)


def every_error() -> Iterator[type[ServiceError]]:
    """The classes of all errors, the one that they come from apart."""
    waiting = list(ServiceError.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        yield one
