"""Whose proposal ended and who has no place since: the last matching does not know of them."""

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement
from sqlmodel import Session

from api import store
from api.store.calls import EndedProposal


def ended(
    session: Session, call_id: uuid.UUID, mine: ColumnElement[bool]
) -> dict[uuid.UUID, EndedProposal]:
    """The proposal of each free person of a call that ended last; the earliest first.

    `mine` says whose people (`people_in`). A person with a new proposal or a stay is not free.
    """
    found = store.calls.ended_proposals(session, call_id, mine)
    last = {one.apprentice_id: one for one in found}
    return dict(sorted(last.items(), key=lambda one: (one[1].at, one[0])))


def without_place(
    session: Session, call_id: uuid.UUID, left: Collection[uuid.UUID], mine: ColumnElement[bool]
) -> int:
    """How many people of a call have no place now.

    Those whom the last matching `left` without one and who are still free, and those whose
    proposal ended since.
    """
    theirs = store.people.names_in_call(session, call_id, mine).keys()
    free = store.calls.free_people(session, call_id)
    return len(((set(left) & theirs) | ended(session, call_id, mine).keys()) & free)
