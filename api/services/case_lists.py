"""Lists of proposals, for whoever asks, a page at a time."""

from collections.abc import Mapping

from pydantic import FiniteFloat
from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.cursor import pack, unpack
from api.errors import NotShownToYouError
from api.policy import Scope
from api.services.asking import order_of
from api.services.showing import shown_all
from api.store.scopes import cases_in
from models import Role
from models.proposal_views import ProposalShown, ProposalsWanted

NOT_SHOWN: Mapping[Role, frozenset[str]] = {
    Role.CENTRE: frozenset({"round", "guardian_missing"}),
    Role.COMPANY: frozenset({"round", "guardian_missing", "apprentice", "sending_region"}),
    Role.APPRENTICE: frozenset({"round", "guardian_missing"}),
    Role.GUARDIAN: frozenset({"round", "guardian_missing"}),
}
"""Parameters that would tell a role what its views keep back; `-score` tells all of them."""


def page(
    session: Session, caller: Caller, scope: Scope, wanted: ProposalsWanted
) -> tuple[list[ProposalShown], str | None]:
    """A page of the proposals that somebody may see, and the cursor of the next one.

    What only the sending side is shown orders and narrows only the proposals of its own people.
    Raises BadCursorError, NotShownToYouError.
    """
    by_score = wanted.sort == "-score"
    if caller.role != Role.COORDINATOR:
        refused = NOT_SHOWN.get(caller.role, frozenset()) if caller.role else frozenset()
        asked = {name for name in refused if getattr(wanted, name) is not None}
        named = sorted(asked | ({"sort=-score"} if by_score else set()))
        if named:
            raise NotShownToYouError(named)
    elif by_score or wanted.round is not None or wanted.guardian_missing is not None:
        scope = Scope.SENDING
    if by_score:
        return _by_score(session, caller, wanted, scope)
    after = None
    if wanted.after is not None:
        after = unpack(wanted.after, wanted.sort, store.pages.PROPOSALS[wanted.sort].kind)
    found = store.case_lists.page_of_cases(
        session, wanted, cases_in(scope, caller.scope_id), first_turn=order_of(session)[0],
        after=after,
    )  # fmt: skip
    items, rest = found[: wanted.limit], found[wanted.limit :]
    cursor = None
    if rest:
        last = items[-1].proposal
        cursor = pack(wanted.sort, store.pages.value_of(last, wanted.sort), last.id)
    return shown_all(session, caller, items), cursor


def _by_score(
    session: Session, caller: Caller, wanted: ProposalsWanted, scope: Scope
) -> tuple[list[ProposalShown], str | None]:
    """The best first. Scores tell of needs and are sealed: they are opened and sorted here."""
    first_turn = order_of(session)[0]
    rows = store.case_lists.proposals(
        session, cases_in(scope, caller.scope_id), *store.case_lists.narrowed_by(wanted, first_turn)
    )
    known = store.sealed.details_of(session, "proposal.sort", rows)
    places = sorted((-(known[row.id].score or 0.0), row.id) for row in rows)
    if wanted.after is not None:
        score, last = unpack(wanted.after, wanted.sort, FiniteFloat)
        places = [place for place in places if place > (-score, last)]
    page_of = places[: wanted.limit]
    cases = store.cases.cases(session, col(models.Proposal.id).in_([i for _, i in page_of]))
    by_id = {case.proposal.id: case for case in cases}
    items = [by_id[identity] for _, identity in page_of]
    cursor = None
    if len(places) > wanted.limit:
        score, last = page_of[-1]
        cursor = pack(wanted.sort, -score, last)
    return shown_all(session, caller, items), cursor
