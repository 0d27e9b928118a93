"""The list that somebody works through: narrowed and sorted as the address says."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlencode

from fastapi import Request
from pydantic import Field, ValidationError
from sqlmodel import Session

from api.caller import Caller
from api.policy import Scope
from api.services import case_lists
from api.services.case_lists import Around
from models import NOT_ENDED, ProposalStatus, Role
from models.base import Code, Shape
from models.proposal_views import ProposalsWanted

MANY_CASES = frozenset({Role.COORDINATOR, Role.CENTRE})
"""Who works through a list; the others have a few cases, and see how they ended."""

A_PAGE = 25
"""So many cases a page of the list has."""


class Queue(Shape):
    """What an address narrows a list by, in short words. Codes alone: it is seen in logs."""

    waiting: Literal["me"] | None = None
    status: ProposalStatus | None = None
    sending: Code | None = None
    hosting: Code | None = None
    due: int | None = Field(default=None, ge=1, le=60)
    question: Literal["open"] | None = None
    guardian: Literal["missing"] | None = None
    round: uuid.UUID | None = None
    ended: Literal["shown"] | None = None
    sort: Literal["turn", "deadline", "-score", "created"] = "turn"
    after: str | None = Field(default=None, max_length=300)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.model_dump(exclude_defaults=True, exclude={"sort", "after", "ended"}))

    def hides_ended(self, role: Role | None) -> bool:
        """Whether what has ended is left out: for who has many cases and did not ask for it."""
        return role in MANY_CASES and self.ended is None and self.status is None

    def wanted(self, now: datetime.datetime, role: Role | None) -> ProposalsWanted:
        """The same for the service."""
        not_ended = NOT_ENDED if self.hides_ended(role) else ()
        return ProposalsWanted(
            status=[self.status] if self.status else [*not_ended],
            round=self.round,
            waiting_for_me=self.waiting == "me",
            sending_region=self.sending,
            hosting_region=self.hosting,
            deadline_before=now + datetime.timedelta(days=self.due) if self.due else None,
            question_open=True if self.question else None,
            guardian_missing=True if self.guardian else None,
            sort=self.sort,
            after=self.after,
            limit=A_PAGE,
        )

    def address(self, path: str, **more: Any) -> str:
        """An address with the place in the list in it; `more` is put beside or instead."""
        values = self.model_dump(exclude_defaults=True, exclude={"after"}, mode="json") | more
        found = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{found}" if found else path


def queue_of(request: Request) -> Queue:
    """The list of an address. What is empty or no such thing narrows nothing."""
    given: Mapping[str, str] = request.query_params
    values = {name: given[name] for name in Queue.model_fields if given.get(name)}
    try:
        return Queue.model_validate(values)
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors()}
        return Queue.model_validate({k: v for k, v in values.items() if k not in wrong})


def place_in(
    session: Session, caller: Caller, scope: Scope, queue: Queue, proposal_id: uuid.UUID
) -> Around:
    """Where a case stands in the list; in what waits for somebody where nothing narrows it."""
    of = queue if queue.is_narrowed else queue.model_copy(update={"waiting": "me"})
    return case_lists.around(
        session, caller, scope, of.wanted(caller.now, caller.role), proposal_id
    )
