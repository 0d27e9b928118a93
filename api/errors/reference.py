"""What can go wrong with regions and reference lists."""

from collections.abc import Iterable

from api.errors.base import ServiceError


class NoSuchRegionError(ServiceError):
    """There is no such region, or not for the one who asks."""

    status, kind = 404, "no-such-region"
    text = "There is no region {code!r} whose funding is yours to change."

    def __init__(self, code: str) -> None:
        """`code` as it was asked for."""
        super().__init__(code=code)


class NoSuchListError(ServiceError):
    """There is no such reference list."""

    status, kind = 404, "no-such-list"
    text = "There is no reference list {name!r}; there are {names}."

    def __init__(self, name: str, names: Iterable[str]) -> None:
        """`name` as it was asked for, and the lists that there are."""
        super().__init__(name=name, names=list(names))
