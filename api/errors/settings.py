"""What can go wrong with settings."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from api.errors.base import ServiceError
from api.faults import Fault


class NoSuchSettingError(ServiceError):
    """There is no setting of that name."""

    status, kind = 404, "no-such-setting"
    text = "There is no setting {name!r}; there are {known}."

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """The name as it was asked for, and those that are there."""
        super().__init__(name=name, known=sorted(known))


class BadSettingError(ServiceError):
    """A setting cannot have this value."""

    status, kind = 422, "bad-setting"
    text = "The setting '{name}' was not changed: {right}"
    codes: ClassVar[dict[str, str]] = {"name": "setting"}

    def __init__(self, name: str, right: Sequence[Fault]) -> None:
        """The setting, and what is wrong with the value or would be right."""
        super().__init__(name=name, right=list(right))


class TrialRefusedError(ServiceError):
    """The engine cannot compute with what is stored."""

    status, kind = 422, "trial-refused"
    text = (
        "This cannot be tried: no matching is possible with what is stored now. A trial matching"
        " says why."
    )
