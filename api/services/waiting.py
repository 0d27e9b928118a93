"""What waits for somebody, as counts."""

import datetime

from sqlalchemy import ColumnElement, true
from sqlmodel import Session

from api import store
from api.caller import Caller
from api.policy import Action, Scope, scope_of
from api.services.asking import order_of
from api.store.scopes import cases_in, companies_in
from models import Party, Role
from models.base import Shape

SOON = datetime.timedelta(days=3)
"""Deadlines so near are counted."""

ENDING = datetime.timedelta(days=30)
"""Offers whose last window ends so soon are counted."""

SIDES: dict[Role, dict[Party, Scope | None]] = {
    Role.COORDINATOR: {
        Party.SENDING_COORDINATOR: Scope.SENDING, Party.HOSTING_COORDINATOR: Scope.HOSTING,
    },
    Role.COMPANY: {Party.COMPANY: None},
    Role.APPRENTICE: {Party.APPRENTICE: None},
    Role.GUARDIAN: {Party.GUARDIAN: None},
}  # fmt: skip
"""As which parties a role is waited for, and on whose cases; None: all that it sees."""


class Waiting(Shape):
    """Counts of what waits; what a role has nothing to do with is left empty.

    `proposals` wait for an answer of the caller, by the party as which. `open_questions` are of
    companies; `deadlines` end within three days; `held_placements` break a rule since an edit;
    `ending_offers` have their last window end within 30 days; `provision_questions` ask hosts what
    their offers provide. `guardians_missing` are proposals of people under age, of one's own
    region, for whom no guardian is on record and none said yes. `calls` are people to call,
    `undelivered` messages that could not be delivered.
    """

    proposals: dict[Party, int]
    on_hold: int
    deadlines: int
    open_questions: int | None
    held_placements: int | None
    guardians_missing: int | None
    friend_wishes: int | None
    ending_offers: int | None
    provision_questions: int | None
    calls: int | None
    undelivered: int | None


def sides_of(caller: Caller) -> dict[Party, ColumnElement[bool]]:
    """As which parties somebody is waited for, each with the condition that a case is theirs.

    Whether they may see the case at all is another condition (`cases_in`).
    """
    return {
        party: true() if side is None else cases_in(side, caller.scope_id)
        for party, side in (SIDES.get(caller.role, {}) if caller.role else {}).items()
    }


def waiting(session: Session, caller: Caller, scope: Scope) -> Waiting:
    """What waits for the caller now."""
    mine = cases_in(scope, caller.scope_id)
    assert caller.role is not None  # noqa: S101  # signed in
    on_hold, deadlines = store.waiting.proposals(session, mine, caller.now + SOON)
    offers = scope_of(caller.role, Action.OFFER_CHANGE)
    hosts = scope_of(caller.role, Action.PROVISION_ANSWER)
    in_office = caller.role == Role.COORDINATOR
    calls = undelivered = None
    if in_office and caller.scope_id is not None:
        calls, undelivered = store.outbox.count_for_somebody(session, caller.scope_id, caller.now)
    return Waiting(
        proposals=store.waiting.turns(session, mine, sides_of(caller), order_of(session)[0]),
        on_hold=on_hold,
        deadlines=deadlines,
        open_questions=(
            store.waiting.open_questions(session, mine)
            if scope_of(caller.role, Action.QUESTION_READ)
            else None
        ),
        held_placements=store.waiting.held_placements(session, mine) if in_office else None,
        guardians_missing=(
            store.waiting.guardians_missing(session, cases_in(Scope.SENDING, caller.scope_id))
            if in_office
            else None
        ),
        friend_wishes=(
            store.waiting.friend_wishes(session, caller.scope_id)
            if caller.role == Role.APPRENTICE and caller.scope_id
            else None
        ),
        ending_offers=(
            store.waiting.ending_offers(
                session, companies_in(offers, caller.scope_id), caller.today,
                caller.today + ENDING,
            )
            if offers
            else None
        ),
        provision_questions=(
            store.waiting.provision_questions(session, companies_in(hosts, caller.scope_id))
            if hosts
            else None
        ),
        calls=calls, undelivered=undelivered,
    )  # fmt: skip
