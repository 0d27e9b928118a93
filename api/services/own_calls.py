"""The calls that an apprentice can know of, with how he or she takes part."""

from dataclasses import dataclass

from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.store.rows import every
from models import CallStatus, EnrolmentStatus

MOST = 200
"""So many calls are looked at."""


@dataclass(frozen=True)
class OwnCall:
    """A call beside somebody: the own enrolment, and whether one can still apply oneself."""

    call: models.Call
    enrolment: models.Enrolment | None
    can_apply: bool

    @property
    def takes_part(self) -> bool:
        """Whether the person is in it, in whichever way."""
        return self.enrolment is not None and self.enrolment.status != EnrolmentStatus.WITHDRAWN


def own_calls(session: Session, caller: Caller, person: models.Apprentice) -> list[OwnCall]:
    """Those one takes part in first, then those that close next; no drafts."""
    own = {
        row.call_id: row
        for row in every(
            session, models.Enrolment, col(models.Enrolment.apprentice_id) == person.id
        )
    }
    not_draft = col(models.Call.status) != CallStatus.DRAFT
    found = [
        OwnCall(
            call, own.get(call.id),
            can_apply=call.status == CallStatus.OPEN and caller.today <= call.closes_on
            and call.id not in own,
        )
        for call in store.calls.calls(session, not_draft, limit=MOST)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.takes_part, one.call.closes_on, one.call.code))
