"""What a round that has ended sets going: who is told, and who is asked."""

from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.services.asking import go_on
from api.services.proposals import load
from api.services.records import tell
from api.services.settings import current
from models import Party, RoundKind

ONLY_SENDING = [str(Party.SENDING_COORDINATOR)]


def after_round(session: Session, caller: Caller, done: models.Round) -> None:
    """Tell the coordinators of each sending region, in one message, how many wait for them.

    Where others come first in the order of approvals, those are asked now, one by one. A preview
    tells nobody.
    """
    if done.kind == RoundKind.PREVIEW:
        return
    if current(session)["approval_order"][0] == ONLY_SENDING:
        for region, count in store.proposals.made_by_round(session, done.id).items():
            for user in store.accounts.coordinators_of(session, region):
                tell(session, caller, user.email, user.language, "round_done",
                     round=done.id, call=done.call_id, count=count)  # fmt: skip
        return
    for case in store.cases.live_cases(session, col(models.Proposal.round_id) == done.id):
        go_on(session, caller, load(session, case.proposal.id))


def after_failure(session: Session, caller: Caller, failed: models.Round) -> None:
    """Tell who asked for the round that it failed; of a scheduled one those who run the service."""
    asked = session.get(models.User, failed.requested_by) if failed.requested_by else None
    for user in [asked] if asked else store.accounts.admins(session):
        tell(session, caller, user.email, user.language, "round_failed",
             round=failed.id, call=failed.call_id)  # fmt: skip
