"""Why a pair fits, in words and as a bar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.language import Language
from api.sentences import Speaker
from matcher.result import Part
from matcher.vocabulary import default_reference


@dataclass(frozen=True)
class FitPart:
    """One criterion: its name, where it lies in a bar of 100, its points, and why."""

    name: str
    left: float
    width: float
    points: float
    weight: float
    why: str


def fit_parts(language: Language, parts: Sequence[Mapping[str, Any]]) -> list[FitPart]:
    """The criteria of a proposal, one after another as they add up."""
    says, left, found = _says(language), 0.0, []
    for part in _read(parts):
        name = _beginning(says.text(f"criterion.{part.criterion}"))
        found.append(
            FitPart(name, round(left, 2), round(part.points, 2), part.points, part.weight,
                    _why(says, part))
        )  # fmt: skip
        left += part.points
    return found


def why(language: Language, parts: Sequence[Mapping[str, Any]]) -> str:
    """Why it fits, in one sentence; nothing where nothing is known of it."""
    return _says(language).reason(_read(parts)) if parts else ""


def good_and_missing(
    language: Language, parts: Sequence[Mapping[str, Any]]
) -> list[tuple[bool, str]]:
    """What each criterion says, and whether all of it is met, without a number."""
    says = _says(language)
    return [(part.value >= 1, text) for part in _read(parts) if (text := _why(says, part))]


def _says(language: Language) -> Speaker:
    return Speaker(default_reference(), language)


def _read(parts: Sequence[Mapping[str, Any]]) -> list[Part]:
    return [Part.model_validate(part) for part in parts]


def _why(says: Speaker, part: Part) -> str:
    return _beginning(says.reason([part]).rstrip("."))


def _beginning(text: str) -> str:
    return text[:1].upper() + text[1:]
