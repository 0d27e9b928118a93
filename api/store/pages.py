"""Lists a page at a time: the order, and the condition that a row comes after the last page."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, extract, func, literal
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select

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
"""The orders in which proposals are listed that are the same for everybody."""

WAITS, GOES_ON, IS_BOOKED, HAS_ENDED = range(4)
"""How a proposal stands in the order `turn`, the first to be looked at first."""

_A_DAY = 100_000_000
"""More than any day is as a number: so a turn and a day are one number."""


def by_turn(waits: ColumnElement[bool]) -> Sort:
    """What `waits` for somebody first, what goes on, what is booked, what has ended.

    Within each the stays that begin first. It is one number, so that it needs no index to be
    cheap: the list is sorted by it after it was narrowed.
    """
    status, day = col(models.Proposal.status), as_number(col(models.Proposal.first_day))
    stands = case(
        (waits, WAITS), (status.in_(models.LIVE), GOES_ON),
        (status == models.ProposalStatus.PLACEMENT, IS_BOOKED), else_=HAS_ENDED,
    )  # fmt: skip
    return Sort(cast(stands * _A_DAY + day, Integer), _ID, int)


def as_number(day: Any) -> Any:
    """A day as a number that reads like it, as 20270301: differences are whole years and more."""
    year, month = extract("year", day), extract("month", day)
    return year * 10_000 + month * 100 + extract("day", day)


Keys = Callable[[Any], tuple[Any, ...]]
"""What rows of a table are ordered by, in this order, for a table or an alias of it."""


def by_id(table: Any) -> tuple[Any, ...]:
    """As the API lists them."""
    return (col(table.id),)


def by_name(table: Any) -> tuple[Any, ...]:
    """Companies by their names."""
    return (func.lower(col(table.name)), col(table.id))


OFFER_STATUS = {one: n for n, one in enumerate(("draft", "published", "paused", "closed"))}
"""Offers that somebody still works on come first, what is over last."""


def by_status(table: Any) -> tuple[Any, ...]:
    """Offers by how they stand, then by their titles."""
    stands = case(OFFER_STATUS, value=col(table.status), else_=len(OFFER_STATUS))
    return (stands, func.lower(col(table.title)), col(table.id))


def after_row(table: Any, keys: Keys, identity: uuid.UUID) -> ColumnElement[bool]:
    """The condition that a row comes after the one with this id; no row with it, none after it.

    By ids the row need not be there. Otherwise the list goes on where its last row stands now:
    one that was renamed meanwhile repeats or leaves out others once.
    """
    if keys is by_id:
        return col(table.id) > identity
    last = aliased(table)
    there = [select(key).where(col(last.id) == identity).scalar_subquery() for key in keys(last)]
    beyond, same = list[ColumnElement[bool]](), list[ColumnElement[bool]]()
    for own, its in zip(keys(table), there, strict=True):
        beyond.append(and_(*same, own > its))
        same.append(own == its)
    return or_(*beyond)


AUDIT = Sort(
    col(models.AuditEvent.created_at), col(models.AuditEvent.id), Moment, descending=True
)  # fmt: skip
"""The newest first."""
