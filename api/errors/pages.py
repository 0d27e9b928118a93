"""What can go wrong with pages."""

from collections.abc import Sequence

from api.errors.base import ServiceError


class PagesIncompleteError(ServiceError):
    """What pages bring along has not been fetched; the API needs none of it."""

    status, kind = 503, "pages-incomplete"
    text = (
        "Pages cannot be shown: {missing} missing. Fetch what they bring along with `make serve` in"
        " the project's folder, then start again. The API works without."
    )

    def __init__(self, missing: Sequence[str]) -> None:
        """The names of the files that are missing."""
        super().__init__(missing=list(missing))
        self.missing = tuple(missing)
