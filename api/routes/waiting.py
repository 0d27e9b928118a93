"""What waits for whoever asks."""

from fastapi import APIRouter

from api.edge import Permit, Reading, may
from api.policy import Action
from api.services import waiting
from api.services.waiting import Waiting

router = APIRouter(tags=["waiting"])


@router.get("/waiting")
def what_waits(session: Reading, permit: Permit = may(Action.WAITING_READ)) -> Waiting:
    """Counts of what waits for one's word, and of what ends soon."""
    return waiting.waiting(session, permit.caller, permit.scope)
