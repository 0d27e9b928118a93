"""Who may do what: role x action -> scope, one table for every route and every query.

A role without a cell may not do it at all (403). A row outside the scope does not exist for the
caller (404). What one is allowed by the status of a proposal is another matter
(`api.statuses`).
"""

from enum import StrEnum

from models import Role


class Action(StrEnum):
    """What routes do, by the words of the audit."""

    CALL_READ = "call.read"
    ROUND_ASK = "round.ask"
    ROUND_READ = "round.read"
    ROUND_CANCEL = "round.cancel"
    PROPOSAL_READ = "proposal.read"
    PROPOSAL_MAKE = "proposal.make"
    PROPOSAL_ANSWER = "proposal.answer"
    PROPOSAL_RECORD = "proposal.record"
    PROPOSAL_CHANGE = "proposal.change"
    PROPOSAL_BOOK = "proposal.book"
    SESSION_OWN = "session.own"
    TOKEN_OWN = "token.own"  # noqa: S105  # an action, no secret


class Scope(StrEnum):
    """Whose rows."""

    ALL = "all"
    OWN = "own"
    SENDING = "sending"
    EITHER_SIDE = "either_side"
    CENTRE = "centre"
    COMPANY = "company"
    SELF = "self"
    WARD = "ward"


_R, _S, _A = Role, Scope, Action

POLICY: dict[Action, dict[Role, Scope]] = {
    _A.CALL_READ: dict.fromkeys(_R, _S.ALL),
    _A.ROUND_ASK: {_R.ADMIN: _S.ALL, _R.COORDINATOR: _S.ALL},
    _A.ROUND_READ: {_R.ADMIN: _S.ALL, _R.COORDINATOR: _S.ALL},
    _A.ROUND_CANCEL: {_R.ADMIN: _S.ALL, _R.COORDINATOR: _S.ALL},
    _A.PROPOSAL_READ: {
        _R.COORDINATOR: _S.EITHER_SIDE,
        _R.CENTRE: _S.CENTRE,
        _R.COMPANY: _S.COMPANY,
        _R.APPRENTICE: _S.SELF,
        _R.GUARDIAN: _S.WARD,
    },
    _A.PROPOSAL_MAKE: {_R.COORDINATOR: _S.SENDING},
    _A.PROPOSAL_ANSWER: {
        _R.COORDINATOR: _S.EITHER_SIDE,
        _R.COMPANY: _S.COMPANY,
        _R.APPRENTICE: _S.SELF,
        _R.GUARDIAN: _S.WARD,
    },
    _A.PROPOSAL_RECORD: {_R.COORDINATOR: _S.EITHER_SIDE},
    _A.PROPOSAL_CHANGE: {_R.COORDINATOR: _S.EITHER_SIDE},
    _A.PROPOSAL_BOOK: {_R.COORDINATOR: _S.SENDING},
    _A.SESSION_OWN: dict.fromkeys(_R, _S.OWN),
    _A.TOKEN_OWN: dict.fromkeys(_R, _S.OWN),
}


def scope_of(role: Role | None, action: Action) -> Scope | None:
    """The rows on which a role may do this, None for none."""
    return POLICY[action].get(role) if role is not None else None
