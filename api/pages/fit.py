"""Why a pair fits, in words and as a bar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.services.explaining import speaker
from matcher.result import Part


@dataclass(frozen=True)
class FitPart:
    """One criterion: its name, where it lies in a bar of 100, its points, and why."""

    name: str
    left: float
    width: float
    points: float
    weight: float
    why: str


def fit_parts(parts: Sequence[Mapping[str, Any]]) -> list[FitPart]:
    """The criteria of a proposal, one after another as they add up."""
    says, left, found = speaker(), 0.0, []
    for part in _read(parts):
        name = _beginning(says.text(f"criterion.{part.criterion}"))
        found.append(
            FitPart(name, round(left, 2), round(part.points, 2), part.points, part.weight,
                    _why(part))
        )  # fmt: skip
        left += part.points
    return found


def why(parts: Sequence[Mapping[str, Any]]) -> str:
    """Why it fits, in one sentence; nothing where nothing is known of it."""
    return speaker().reason(_read(parts)) if parts else ""


def good_and_missing(parts: Sequence[Mapping[str, Any]]) -> list[tuple[bool, str]]:
    """What each criterion says, and whether all of it is met, without a number."""
    return [(part.value >= 1, text) for part in _read(parts) if (text := _why(part))]


def _read(parts: Sequence[Mapping[str, Any]]) -> list[Part]:
    return [Part.model_validate(part) for part in parts]


def _why(part: Part) -> str:
    return _beginning(speaker().reason([part]).rstrip("."))


def _beginning(text: str) -> str:
    return text[:1].upper() + text[1:]
