"""What is wrong with something that somebody gave, as values that every language can say.

A fault is said of a field, a cell or a place that is named beside it. It never holds what is
personal: of what was given it repeats codes at most.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from api.fault_texts import LINE, RIGHT, WHAT
from api.language import ENGLISH, Language
from matcher.faults import TEXTS, places_of
from matcher.faults import Fault as EngineFault

OfFields = list[tuple[str, "Fault"]]
"""Fields and what is wrong with them; an empty name stands for the whole."""


@dataclass(frozen=True)
class Word:
    """A text of the catalogues within the data of a fault."""

    text: str


@dataclass(frozen=True)
class AnyOf:
    """Words of which one is right."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Fault:
    """What is wrong and what would be right, by their kinds in `fault_texts`, and their data."""

    what: str
    right: str = ""
    data: tuple[tuple[str, Any], ...] = ()

    def said(self, language: Language) -> tuple[str, str]:
        """What is wrong, and what would be right; empty where nothing is said of that."""
        data = {name: _shown(language, value) for name, value in self.data}
        right = language.unfilled(RIGHT[self.right]).format_map(data) if self.right else ""
        return language.unfilled(WHAT[self.what]).format_map(data), right

    def line(self, language: Language) -> str:
        """Both in one line."""
        what, right = self.said(language)
        return language.phrase(LINE, what=what, right=right) if right else what

    def __str__(self) -> str:
        """The line in English."""
        return self.line(ENGLISH)


def _shown(language: Language, value: Any) -> object:
    if isinstance(value, Word):
        return language.phrase(value.text)
    if isinstance(value, AnyOf):
        return language.any_of(value.words)
    if isinstance(value, Fault):
        return value.line(language)
    if isinstance(value, tuple):
        return ", ".join(str(_shown(language, one)) for one in value)
    return value


def fault(what: str, right: str = "", /, **data: Any) -> Fault:
    """A fault of these kinds. Raises KeyError for a kind that is not known, or a missing place."""
    made = Fault(what, right, tuple(
        (name, tuple(value) if isinstance(value, list) else value) for name, value in data.items()
    ))  # fmt: skip
    made.said(ENGLISH)
    return made


class FaultError(ValueError):
    """Something cannot be read or used: `fault` says why."""

    def __init__(self, what: str, right: str = "", /, **data: Any) -> None:
        """The message is English."""
        self.fault = fault(what, right, **data)
        super().__init__(str(self.fault))

    @property
    def what(self) -> str:
        """What is wrong, in English."""
        return self.fault.said(ENGLISH)[0]

    @property
    def right(self) -> str:
        """What would be right, in English; empty where nothing is said of that."""
        return self.fault.said(ENGLISH)[1]


def of_engine(found: EngineFault, right: str = "") -> Fault:
    """A fault of the engine; `right` where it knows no word that was meant."""
    told = _data(TEXTS[found.kind], found.data)
    if found.meant:
        return fault(f"engine.{found.kind}", "meant", **told, meant=found.meant)
    return fault(f"engine.{found.kind}", right, **told)


def _data(text: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a text needs of the data; words of which one is right (pydantic's `expected`) apart."""
    data = {name: given[name] for name in places_of(text)}
    words = tuple(re.findall(r"'[^']*'", str(data.get("expected", ""))))
    return data | ({"expected": AnyOf(words)} if words else {})


VALUES: dict[str, str] = {
    "missing": "value.missing", "extra_forbidden": "value.unknown_key",
    "greater_than_equal": "value.least", "less_than_equal": "value.most",
    "greater_than": "value.more", "less_than": "value.less",
    "int_type": "value.whole", "int_parsing": "value.whole", "int_from_float": "value.whole",
    "int_parsing_size": "value.whole", "float_type": "value.number",
    "float_parsing": "value.number", "finite_number": "value.number",
    "bool_type": "value.yes_no", "bool_parsing": "value.yes_no", "string_type": "value.text",
    "string_too_long": "value.letters_most", "string_too_short": "value.letters_least",
    "too_long": "value.entries_most", "too_short": "value.entries_least",
    "literal_error": "value.one_of", "enum": "value.one_of", "list_type": "value.list",
    "tuple_type": "value.list", "dict_type": "value.object", "model_type": "value.object",
    "model_attributes_type": "value.object", "date_type": "value.day",
    "date_parsing": "value.day", "date_from_datetime_parsing": "value.day",
    "date_from_datetime_inexact": "value.day", "datetime_type": "value.moment",
    "datetime_parsing": "value.moment", "datetime_from_date_parsing": "value.moment",
    "time_type": "value.moment", "time_parsing": "value.moment", "uuid_type": "value.id",
    "uuid_parsing": "value.id", "string_pattern_mismatch": "value.pattern",
    "json_invalid": "value.json",
}  # fmt: skip
"""What pydantic finds wrong with a value, by its codes."""


def of_value(detail: ErrorDetails) -> Fault:
    """What is wrong with a value of a request or a setting, without the value itself."""
    context = detail.get("ctx", {})
    raised = context.get("error")
    if isinstance(raised, FaultError):
        return raised.fault
    kind = detail["type"]
    if kind in VALUES:
        what = VALUES[kind]
        return fault(what, **_data(WHAT[what], context))
    if kind in TEXTS:
        found = EngineFault((), kind, context)
        return of_engine(found)
    return fault("value.other")


def packed(faults: Sequence[Fault], most: int) -> str:
    """Faults as a text of at most so many letters that `unpacked` reads; the last ones go."""
    kept = list(faults)
    while len(text := json.dumps([_as_json(one) for one in kept], ensure_ascii=False)) > most:
        kept.pop()
    return text


def unpacked(text: str) -> list[Fault]:
    """The faults of such a text.

    Raises ValueError where it is none, KeyError where a kind has gone since it was written.
    """
    return [_from_json(one) for one in json.loads(text)]


def _as_json(value: Any) -> Any:
    match value:
        case Fault():
            data = {name: _as_json(one) for name, one in value.data}
            return {"what": value.what, "right": value.right, "data": data}
        case Word():
            return {"word": value.text}
        case AnyOf():
            return {"any_of": list(value.words)}
        case tuple():
            return [_as_json(one) for one in value]
    return value


def _from_json(value: Any) -> Any:
    match value:
        case {"word": text}:
            return Word(text)
        case {"any_of": words}:
            return AnyOf(tuple(words))
        case {"what": what, "right": right, "data": data}:
            return fault(what, right, **{name: _from_json(one) for name, one in data.items()})
        case list():
            return tuple(_from_json(one) for one in value)
    return value
