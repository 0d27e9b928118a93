"""What may happen to a proposal: status x event x who -> status, as a table.

`TRANSITIONS` is the whole machine; a cell that is not in it is refused. Nothing here reads a
clock or a row.
"""

from enum import StrEnum

from models import Party, ProposalStatus

SERVICE = "service"
"""Who acts when nobody does: the clock, a round, or the check after an edit."""

Actor = Party | str


class Event(StrEnum):
    """What happens to a proposal."""

    APPROVE = "approve"
    REFUSE = "refuse"
    ASK = "ask"
    COMPLETE = "complete"
    BOOK = "book"
    MOVE = "move"
    REASK = "reask"
    KEEP = "keep"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    HOLD = "hold"
    RELEASE = "release"
    REPLACE = "replace"
    UNDO = "undo"


COORDINATORS: tuple[Actor, ...] = (Party.SENDING_COORDINATOR, Party.HOSTING_COORDINATOR)
ASKED_PARTIES: tuple[Actor, ...] = (
    Party.APPRENTICE,
    Party.GUARDIAN,
    Party.EMPLOYER,
    Party.COMPANY,
)
SENDING: tuple[Actor, ...] = (Party.SENDING_COORDINATOR,)
BY_SERVICE: tuple[Actor, ...] = (SERVICE,)

_S, _E = ProposalStatus, Event
_ROWS: tuple[tuple[ProposalStatus, Event, tuple[Actor, ...], ProposalStatus], ...] = (
    (_S.PROPOSED, _E.APPROVE, COORDINATORS, _S.PROPOSED),
    (_S.PROPOSED, _E.REFUSE, COORDINATORS, _S.REJECTED),
    (_S.PROPOSED, _E.ASK, BY_SERVICE, _S.ASKED),
    (_S.PROPOSED, _E.MOVE, COORDINATORS, _S.PROPOSED),
    (_S.PROPOSED, _E.REASK, BY_SERVICE, _S.PROPOSED),
    (_S.PROPOSED, _E.KEEP, COORDINATORS, _S.PROPOSED),
    (_S.PROPOSED, _E.WITHDRAW, COORDINATORS, _S.WITHDRAWN),
    (_S.PROPOSED, _E.REPLACE, BY_SERVICE, _S.REPLACED),
    (_S.PROPOSED, _E.HOLD, BY_SERVICE, _S.ON_HOLD),
    (_S.ASKED, _E.APPROVE, COORDINATORS + ASKED_PARTIES, _S.ASKED),
    (_S.ASKED, _E.REFUSE, COORDINATORS, _S.REJECTED),
    (_S.ASKED, _E.REFUSE, ASKED_PARTIES, _S.DECLINED),
    (_S.ASKED, _E.COMPLETE, BY_SERVICE, _S.AGREED),
    (_S.ASKED, _E.MOVE, COORDINATORS, _S.ASKED),
    (_S.ASKED, _E.REASK, BY_SERVICE, _S.ASKED),
    (_S.ASKED, _E.EXTEND, COORDINATORS, _S.ASKED),
    (_S.ASKED, _E.PAUSE, (Party.COMPANY,), _S.ASKED),
    (_S.ASKED, _E.RESUME, COORDINATORS, _S.ASKED),
    (_S.ASKED, _E.WITHDRAW, COORDINATORS, _S.WITHDRAWN),
    (_S.ASKED, _E.EXPIRE, BY_SERVICE, _S.EXPIRED),
    (_S.ASKED, _E.HOLD, BY_SERVICE, _S.ON_HOLD),
    (_S.AGREED, _E.REFUSE, ASKED_PARTIES, _S.DECLINED),
    (_S.AGREED, _E.BOOK, SENDING, _S.PLACEMENT),
    (_S.AGREED, _E.MOVE, COORDINATORS, _S.ASKED),
    (_S.AGREED, _E.REASK, BY_SERVICE, _S.ASKED),
    (_S.AGREED, _E.WITHDRAW, COORDINATORS, _S.WITHDRAWN),
    (_S.AGREED, _E.HOLD, BY_SERVICE, _S.ON_HOLD),
    (_S.ON_HOLD, _E.REFUSE, COORDINATORS, _S.REJECTED),
    (_S.ON_HOLD, _E.REFUSE, ASKED_PARTIES, _S.DECLINED),
    (_S.ON_HOLD, _E.MOVE, COORDINATORS, _S.ON_HOLD),
    (_S.ON_HOLD, _E.REASK, BY_SERVICE, _S.ON_HOLD),
    (_S.ON_HOLD, _E.WITHDRAW, COORDINATORS, _S.WITHDRAWN),
    (_S.ON_HOLD, _E.RELEASE, BY_SERVICE, _S.PROPOSED),
    (_S.REJECTED, _E.UNDO, COORDINATORS, _S.PROPOSED),
)

TRANSITIONS: dict[tuple[ProposalStatus, Event, Actor], ProposalStatus] = {
    (status, event, actor): after for status, event, actors, after in _ROWS for actor in actors
}
"""Who takes a proposal from which status to which.

A proposal that is released begins as `proposed` and goes on at once as far as the answers
reach that it still has.
"""

ENDS_LIVE: frozenset[ProposalStatus] = frozenset(
    {_S.REJECTED, _S.DECLINED, _S.EXPIRED, _S.WITHDRAWN, _S.REPLACED}
)
"""Statuses that give the place and the funding back."""


def after(status: ProposalStatus, event: Event, actor: Actor) -> ProposalStatus | None:
    """The status that follows, None where this is not allowed."""
    return TRANSITIONS.get((status, event, actor))


class Edit(StrEnum):
    """A change that people have answered to without knowing it."""

    DATES = "dates"
    WORK = "work"
    HOURS = "hours"
    SITE = "site"
    OCCUPATION_WISHED = "occupation_wished"


ASKED_AGAIN: dict[Edit, frozenset[Party]] = {
    Edit.DATES: frozenset(
        {Party.APPRENTICE, Party.GUARDIAN, Party.EMPLOYER, Party.COMPANY}
    ),
    Edit.WORK: frozenset({Party.SENDING_COORDINATOR, Party.APPRENTICE, Party.GUARDIAN}),
    Edit.HOURS: frozenset({Party.APPRENTICE, Party.GUARDIAN}),
    Edit.SITE: frozenset({Party.SENDING_COORDINATOR, Party.APPRENTICE, Party.GUARDIAN}),
    Edit.OCCUPATION_WISHED: frozenset({Party.HOSTING_COORDINATOR, Party.COMPANY}),
}  # fmt: skip
"""Whose yes a change voids. Everybody else's yes stands."""

EDIT_OF_FIELD: dict[str, Edit] = {
    "occupations": Edit.WORK,
    "title": Edit.WORK,
    "tasks": Edit.WORK,
    "outcomes": Edit.WORK,
    "hours_start": Edit.HOURS,
    "hours_end": Edit.HOURS,
    "hours_per_day": Edit.HOURS,
    "days_per_week": Edit.HOURS,
    "town": Edit.SITE,
    "address": Edit.SITE,
    "site_id": Edit.SITE,
}
"""What an edit of a field of an offer or of its site is to those who have answered."""

EDIT_OF_APPRENTICE: dict[str, Edit] = {"occupations": Edit.OCCUPATION_WISHED}
"""The same for fields of an apprentice."""
