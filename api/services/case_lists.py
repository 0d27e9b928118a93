"""Lists of proposals, for whoever asks, a page at a time."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import FiniteFloat
from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.cursor import pack, unpack
from api.errors import NotShownToYouError
from api.policy import Scope
from api.services.asking import Order, order_of
from api.services.showing import shown_all
from api.services.waiting import sides_of
from api.store.pages import Sort
from api.store.scopes import cases_in
from models import Role
from models.proposal_views import ProposalShown, ProposalsWanted

NOT_SHOWN: Mapping[Role, frozenset[str]] = {
    Role.CENTRE: frozenset({"round", "guardian_missing", "question_open"}),
    Role.COMPANY: frozenset({"round", "guardian_missing", "apprentice", "sending_region"}),
    Role.APPRENTICE: frozenset({"round", "guardian_missing", "question_open"}),
    Role.GUARDIAN: frozenset({"round", "guardian_missing", "question_open"}),
}
"""Parameters that would tell a role what its views keep back; `-score` tells all of them."""


@dataclass(frozen=True)
class Around:
    """Where a case stands in a list: its number from 1 on, of how many, and its neighbours.

    A case that is not in the list has no number; whatever is first comes after it.
    """

    number: int | None
    total: int
    before: uuid.UUID | None
    after: uuid.UUID | None


def page(
    session: Session, caller: Caller, scope: Scope, wanted: ProposalsWanted
) -> tuple[list[ProposalShown], str | None]:
    """A page of the proposals that somebody may see, and the cursor of the next one.

    What only the sending side is shown orders and narrows only the proposals of its own people.
    Raises BadCursorError, NotShownToYouError.
    """
    order = order_of(session)
    first_turn = order[0]
    mine = _mine(caller, scope, wanted, first_turn)
    if wanted.sort == "-score":
        return _by_score(session, caller, wanted, mine, order)
    after, sort = None, _sort(caller, wanted, first_turn)
    if wanted.after is not None:
        after = unpack(wanted.after, wanted.sort, sort.kind)
    found = store.case_lists.page_of_cases(
        session, wanted, sort, *mine, first_turn=first_turn, after=after
    )
    items, rest = found[: wanted.limit], found[wanted.limit :]
    cursor = None
    if rest:
        last, value = items[-1]
        cursor = pack(wanted.sort, value, last.proposal.id)
    return shown_all(session, caller, [case for case, _ in items], order), cursor


def around(
    session: Session, caller: Caller, scope: Scope, wanted: ProposalsWanted, proposal_id: uuid.UUID
) -> Around:
    """Where a case stands in the whole of a list. Raises NotShownToYouError."""
    first_turn = order_of(session)[0]
    mine = _mine(caller, scope, wanted, first_turn)
    if wanted.sort == "-score":
        ids = [one for _, one in _places(session, wanted, mine, first_turn)]
    else:
        sort = _sort(caller, wanted, first_turn)
        ids = store.case_lists.ids_of_cases(session, wanted, sort, *mine, first_turn=first_turn)
    if proposal_id not in ids:
        return Around(None, len(ids), None, ids[0] if ids else None)
    at = ids.index(proposal_id)
    following = ids[at + 1] if at + 1 < len(ids) else None
    return Around(at + 1, len(ids), ids[at - 1] if at else None, following)


def _mine(
    caller: Caller, scope: Scope, wanted: ProposalsWanted, first_turn: Collection[str]
) -> list[ColumnElement[bool]]:
    """The conditions that a case may be in somebody's list. Raises NotShownToYouError."""
    by_score = wanted.sort == "-score"
    if caller.role != Role.COORDINATOR:
        refused = NOT_SHOWN.get(caller.role, frozenset()) if caller.role else frozenset()
        asked = {name for name in refused if getattr(wanted, name) is not None}
        named = sorted(asked | ({"sort=-score"} if by_score else set()))
        if named:
            raise NotShownToYouError(named)
    elif by_score or wanted.round is not None or wanted.guardian_missing is not None:
        scope = Scope.SENDING
    found = [cases_in(scope, caller.scope_id)]
    if wanted.waiting_for_me:
        found.append(_waits_for_me(caller, first_turn))
    return found


def _sort(caller: Caller, wanted: ProposalsWanted, first_turn: Collection[str]) -> Sort:
    """The order of a list; whose turn it is depends on who asks."""
    if wanted.sort == "turn":
        return store.pages.by_turn(_waits_for_me(caller, first_turn))
    return store.pages.PROPOSALS[wanted.sort]


def _waits_for_me(caller: Caller, first_turn: Collection[str]) -> ColumnElement[bool]:
    turns = [
        and_(store.cases.waits_for(party, first_turn), side)
        for party, side in sides_of(caller).items()
    ]
    return or_(false(), *turns)


def _by_score(
    session: Session, caller: Caller, wanted: ProposalsWanted, mine: Collection[Any],
    order: Order,
) -> tuple[list[ProposalShown], str | None]:  # fmt: skip
    """The best first."""
    places = _places(session, wanted, mine, order[0])
    if wanted.after is not None:
        score, last = unpack(wanted.after, wanted.sort, FiniteFloat)
        places = [place for place in places if place > (-score, last)]
    page_of = places[: wanted.limit]
    own = col(models.Proposal.id)
    on_page = own.in_([identity for _, identity in page_of])
    by_id = {identity: case for case, identity in store.cases.listed(session, on_page, beside=own)}
    items = [by_id[identity] for _, identity in page_of]
    cursor = None
    if len(places) > wanted.limit:
        score, last = page_of[-1]
        cursor = pack(wanted.sort, -score, last)
    return shown_all(session, caller, items, order), cursor


def _places(
    session: Session, wanted: ProposalsWanted, mine: Collection[Any], first_turn: Collection[str]
) -> list[tuple[float, uuid.UUID]]:
    """The whole list by score. Scores tell of needs and are sealed: they are opened here."""
    rows = store.case_lists.proposals(
        session, *mine, *store.case_lists.narrowed_by(wanted, first_turn)
    )
    known = store.sealed.details_of(session, "proposal.sort", rows)
    return sorted((-(known[row.id].score or 0.0), row.id) for row in rows)
