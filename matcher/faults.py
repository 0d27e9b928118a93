"""What is wrong with a problem, as values: where, what kind of fault, and its data.

`TEXTS` says each kind in English, with named places. It is what problem files are answered with;
whoever speaks other languages translates these texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

Place = tuple[str | int, ...]
"""Steps from the whole problem to what is wrong: keys, and numbers in lists."""

_NUMBER = "{given} is not a number"
_WHOLE = "{given} is not a whole number"
_OBJECT = "{given} is not an object"

TEXTS: dict[str, str] = {
    # values by themselves: kinds are those of pydantic
    "missing": "is missing",
    "extra_forbidden": "is not a known key",
    "string_type": "{given} is not a text",
    "string_too_short": "must not be empty",
    "string_too_long": "must not be longer than {max_length} letters",
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "finite_number": "{given} is not a finite number",
    "bool_type": "{given} is neither true nor false",
    "greater_than_equal": "{given} is less than {ge}",
    "greater_than": "{given} must be more than {gt}",
    "less_than_equal": "{given} is more than {le}",
    "less_than": "{given} must be less than {lt}",
    "enum": "{given} is not one of {expected}",
    "literal_error": "{given} is not {expected}",
    "tuple_type": "{given} is not a list",
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "too_short": "must not be empty",
    "too_long": "must not have more than {max_length} entries",
    # values by themselves: what the engine refuses beyond that
    "no_level": "{given} is not a CEFR level (A1 … C2)",
    "no_time": "{given} is not a time of day (HH:MM)",
    "no_day": "{given} is not a date (YYYY-MM-DD)",
    "lengths_order": "min {min}, ideal {ideal}, max {max} are not in order",
    "lengths_offered": "min {min} is more than max {max}",
    "window_order": "available_from {first} is after available_to {last}",
    "period_order": "not_available: {first} is after {last}",
    "graduation_missing": "graduated_on is missing, and the status is RECENT_GRADUATE",
    "birth_order": "birth_date {day} is not before available_from",
    "confirmed_unknown": "confirmed_needs: {given} is not among the needs",
    "reserved_beyond": "reserved {reserved} is more than places {places}",
    "weights_names": "weights: must name exactly {names}",
    "weights_total": "weights: must sum to 100, not {total}",
    "inconsistent": "{lines}",
    # codes that no list has
    "no_occupation": "{given} is neither an ISCO-08 unit group nor an ESCO code",
    "no_field": "{given} is not an ISCED-F detailed field",
    "no_country": "{given} is not a programme country",
    "no_language": "{given} is not a language (ISO 639-1)",
    "no_licence": "{given} is not a licence",
    "no_activity": "{given} is not an activity type",
    "no_status": "{given} is not a status",
    "no_need": "{given} is not a need",
    "no_provision": "{given} is not a provision",
    "no_hazard": "{given} is not a hazard",
    # what does not fit together
    "id_twice": "{given} is the id of {first} too",
    "no_offer_of_company": "no offer is of company {given}",
    "no_offer_of_this": "no offer is of this company",
    "no_offer": "there is no offer {given}",
    "no_apprentice": "there is no apprentice {given}",
    "region_twice": "{given} lies in {first} and in {second}",
    "company_twice": (
        "company {given} lies in {first} and in {second}; give its sites two company ids"
    ),
    "region_empty": "nobody is of this region",
    "cap_below_reserved": (
        "{cap} is less than the {reserved} places that are reserved for apprentices with fewer"
        " opportunities"
    ),
    "locked_twice": "{given} is locked by {first} already",
    "lock_forbidden": "this pair is forbidden too",
}
"""What is wrong, by its kind."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `meant`: what was probably meant by a word that is not known."""

    place: Place
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    meant: str = ""

    @property
    def line(self) -> str:
        """All of it as one line in English: `offers[3].tasks: 'X' is not a hazard`."""
        told = TEXTS[self.kind].format(**self.data)
        near = f" (did you mean {self.meant!r}?)" if self.meant else ""
        return f"{written(self.place)}: {told}{near}"


def written(place: Place) -> str:
    """A place as text: `apprentices[3].languages.de`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return "".join(steps).lstrip(".")


def quoted(given: object) -> str:
    """A value as a fault repeats it: a text, a number, else only what it is."""
    return repr(given) if isinstance(given, str | int | float) else f"a {type(given).__name__}"


def places_of(text: str) -> list[str]:
    """The names of the places of a text that are filled in."""
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]
