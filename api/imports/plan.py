"""What an import would do: its problems, its rows, and the changes behind them."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from api.imports.columns import Noun
from api.imports.tables import ImportProblem
from models import Needs
from models.base import ChangingRow


class Deed(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class PlannedRow:
    """One company, offer or apprentice of the file, and what becomes of it.

    `row` is its number in the sheet, the first one where an offer has several. `columns` are
    those that change, none where the row is new.
    """

    noun: Noun
    sheet: str
    row: int
    key: str
    deed: Deed
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """One row of a table to be added, or to be changed in these values."""

    table: type[ChangingRow]
    id: uuid.UUID
    existing: ChangingRow | Needs | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class ImportPlan:
    """What an import does, or would do: nothing as long as there is a problem.

    `rows` are those without a problem. `changed_ids` are apprentices, offers and companies (by
    the names of their tables) that change while a live proposal or a current placement rests on
    them: look at those again. `enrolled` counts who is new in the call. `done` says that it was
    carried out.
    """

    problems: tuple[ImportProblem, ...] = ()
    rows: tuple[PlannedRow, ...] = ()
    changes: tuple[Change, ...] = field(default=(), repr=False)
    changed_ids: Mapping[str, tuple[uuid.UUID, ...]] = field(default_factory=dict)
    enrolled: int = 0
    done: bool = False

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows of each noun are created, updated and unchanged."""
        found = Counter((row.noun, row.deed) for row in self.rows)
        return {noun.value: {deed.value: found[noun, deed] for deed in Deed} for noun in Noun}
