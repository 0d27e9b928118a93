"""The fields that settings are changed by, and how a form is read back into a value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from api.language import N_, Language

Choice = tuple[str, str]
"""A code, and the English text of it."""


class WrongError(ValueError):
    """What somebody typed cannot be read: in which field, and what is said about it."""

    def __init__(self, field: str, text: str, **data: Any) -> None:
        """`text` is one that catalogues have; an empty `field` means the whole."""
        super().__init__(text)
        self.field, self.text, self.data = field, text, data


@dataclass(frozen=True)
class Field:
    """One field of a form. `kind`: number, text, time, select, one (of few) or many (of them)."""

    name: str
    label: str
    kind: str = "number"
    hint: str = ""
    least: float | None = None
    most: float | None = None
    step: float | None = None
    choices: tuple[Choice, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class Editor:
    """How a setting is changed by people.

    `spread` gives the fields the value that holds, `gather` makes a value of what was sent
    (raises WrongError), `said` puts a value into words. `refused` is told where the service does
    not take the value.
    """

    title: str
    lead: str
    fields: tuple[Field, ...]
    spread: Callable[[Any], dict[str, Any]]
    gather: Callable[[FormData], Any]
    said: Callable[[Language, Any], str]
    refused: str = N_("This value cannot be. Please look at it again.")


def number_of(form: FormData, name: str) -> float:
    """A number as it was typed, with a point or a comma."""
    typed = str(form.get(name, "")).strip().replace(",", ".")
    try:
        value = float(typed)
    except ValueError:
        raise WrongError(name, N_("Please give a number.")) from None
    return int(value) if value.is_integer() else value


def whole_of(form: FormData, name: str) -> int:
    """A whole number as it was typed."""
    value = number_of(form, name)
    if not isinstance(value, int):
        raise WrongError(name, N_("Please give a whole number."))
    return value


def one_of(form: FormData, name: str, codes: Sequence[str]) -> str:
    """The code that was chosen."""
    chosen = str(form.get(name, ""))
    if chosen not in codes:
        raise WrongError(name, N_("Please choose one of the list."))
    return chosen
