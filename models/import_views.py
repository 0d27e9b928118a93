"""What is shown of an import: what it did or would do, and everything that is wrong."""

from models.base import Shape, Shown


class ProblemShown(Shown):
    """One thing that is wrong; `row` counts as spreadsheets do, 0 where the sheet is meant."""

    sheet: str
    row: int
    column: str
    what: str
    right: str


class ImportReport(Shape):
    """What an import did, or would do.

    `counts` are rows by noun that are created, updated and unchanged, `enrolled` who is new in
    the call, `looked_at_again` what changed although live proposals or placements rest on it.
    With any of the `total` problems, the first of which are named, nothing is written.
    """

    done: bool
    counts: dict[str, dict[str, int]]
    enrolled: int
    looked_at_again: dict[str, int]
    problems: list[ProblemShown]
    total: int
