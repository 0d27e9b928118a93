"""Lists a page at a time: the order, and the condition that a row comes after the last page."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal
from sqlmodel import col, or_

import models
from models.base import Moment

NEVER = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)
"""Stands for a deadline that is not there: such rows come last."""


@dataclass(frozen=True)
class Sort:
    """An order: by a value of this kind, then by id."""

    value: Any
    identity: Any
    kind: Any
    descending: bool = False

    @property
    def order(self) -> list[Any]:
        """What a query is ordered by."""
        return [self.value.desc() if self.descending else self.value, self.identity]

    def after(self, value: Any, identity: uuid.UUID) -> ColumnElement[bool]:
        """The condition that a row comes after one with this value and id."""
        beyond = self.value < value if self.descending else self.value > value
        return or_(beyond, and_(self.value == value, self.identity > identity))


_ID = col(models.Proposal.id)
_DEADLINE: Any = col(models.Proposal.deadline)

PROPOSALS: dict[str, Sort] = {
    "id": Sort(_ID, _ID, uuid.UUID),
    "deadline": Sort(
        func.coalesce(_DEADLINE, literal(NEVER, _DEADLINE.type)), _ID, Moment
    ),
    "created": Sort(col(models.Proposal.created_at), _ID, Moment),
}  # fmt: skip
"""The orders in which proposals are listed."""

AUDIT = Sort(
    col(models.AuditEvent.created_at), col(models.AuditEvent.id), Moment, descending=True
)  # fmt: skip
"""The newest first."""


def value_of(row: models.Proposal, sort: str) -> Any:
    """What a proposal is sorted by."""
    values = {"id": row.id, "deadline": row.deadline or NEVER, "created": row.created_at}
    return values[sort]
