"""What is kept for how long, and what goes when its time has come.

The days stand in the setting `retention`, one for each kind of data; nothing is kept
longer, but the audit for good: its details go with the keys of the people they are about.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import exists
from sqlmodel import Session, col, select

import models
from api import store
from api.caller import Caller
from api.errors import ServiceError
from api.services import erasing, records
from api.services.settings import current

AT_ONCE = 200
"""So many rows or people go at most in one go; the rest at the next look."""

Go = Callable[[Session, Caller, datetime.datetime], int]
"""Lets go what is older, and says how much it was."""


def _rows(table: Any, *conditions: Callable[[datetime.datetime], Any]) -> Go:
    def go(session: Session, _caller: Caller, before: datetime.datetime) -> int:
        found = select(table.id).where(*(make(before) for make in conditions)).limit(AT_ONCE)
        ids = list(session.exec(found))
        store.personal.delete_rows(session, table, ids)
        return len(ids)

    return go


def _needs(session: Session, caller: Caller, before: datetime.datetime) -> int:
    """Needs and what was accepted, of people whose last call has ended."""
    found = list(
        session.exec(
            select(models.SupportNeeds.apprentice_id)
            .where(~_takes_part_after(models.SupportNeeds.apprentice_id, before))
            .where(_took_part(models.SupportNeeds.apprentice_id))
            .limit(AT_ONCE)
        )
    )
    for person in found:
        for table in (models.SupportNeeds, models.AcceptedNeed):
            theirs = col(table.apprentice_id) == person
            for row in store.rows.every(session, table, theirs):
                records.note(session, caller, f"{table.__tablename__}.expired", row)
                session.delete(row)
    return len(found)


def _people(*, placed: bool) -> Go:
    """People whose last call has ended, or who took part in none, with or without a placement."""

    def go(session: Session, caller: Caller, before: datetime.datetime) -> int:
        person = col(models.Apprentice.id)
        was_placed = exists().where(col(models.Placement.apprentice_id) == person)
        gone = exists().where(col(models.Erasure.apprentice_id) == person)
        old = col(models.Apprentice.created_at) < before
        found = select(models.Apprentice.id).where(
            ~_takes_part_after(person, before), old, ~gone,
            was_placed if placed else ~was_placed,
        ).limit(AT_ONCE)  # fmt: skip
        count = 0
        for identity in list(session.exec(found)):
            try:
                erasing.erase(session, caller, identity, "retention")
            except ServiceError:
                continue  # still placed: the stay went on longer than the call
            count += 1
        return count

    return go


def _takes_part_after(person: Any, before: datetime.datetime) -> Any:
    """Whether somebody is enrolled in a call whose stays end on that day or later."""
    return (
        exists()
        .where(col(models.Enrolment.apprentice_id) == person)
        .where(col(models.Call.id) == models.Enrolment.call_id)
        .where(col(models.Call.stays_to) >= before.date())
    )


def _took_part(person: Any) -> Any:
    return exists().where(col(models.Enrolment.apprentice_id) == person)


def _each(*kinds: Go) -> Go:
    """Several tables that go after the same time."""
    return lambda session, caller, before: sum(go(session, caller, before) for go in kinds)


_MAIL, _KEY = col(models.OutboxMail.created_at), col(models.IdempotencyKey.created_at)
_SESSION, _LINK = col(models.LoginSession.expires_at), col(models.AnswerLink.expires_at)
_INVITATION = col(models.Invitation.expires_at)
_REQUEST = col(models.IdentityRequest.expires_at)
_HALF, _DEVICE = col(models.HalfSession.expires_at), col(models.KnownDevice.expires_at)

KINDS: Mapping[str, Go] = {
    "needs": _needs,
    "applicants": _people(placed=False),
    "participants": _people(placed=True),
    "messages": _rows(models.OutboxMail, lambda before: before > _MAIL),
    "repeated_requests": _rows(models.IdempotencyKey, lambda before: before > _KEY),
    "sessions": _each(
        _rows(models.LoginSession, lambda before: before > _SESSION),
        _rows(models.HalfSession, lambda before: before > _HALF),
        _rows(models.KnownDevice, lambda before: before > _DEVICE),
        _rows(models.IdentityRequest, lambda before: before > _REQUEST),
    ),
    "answer_links": _rows(models.AnswerLink, lambda before: before > _LINK),
    "invitations": _rows(models.Invitation, lambda before: before > _INVITATION),
}
"""What goes, by kind. `applicants` had no placement, `participants` had one."""


def let_go(session: Session, caller: Caller) -> int:
    """Let go everything whose time has come; called again it goes on."""
    days: Mapping[str, int] = current(session)["retention"]
    count = 0
    for kind, go in KINDS.items():
        count += go(session, caller, caller.now - datetime.timedelta(days=days[kind]))
    session.flush()
    return count
