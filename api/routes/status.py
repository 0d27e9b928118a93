"""How the service is doing, for administrators."""

from fastapi import APIRouter, Request

from api.edge import Permit, Reading, may
from api.operating.status import Process, status
from api.policy import Action
from models.status_views import StatusShown

router = APIRouter(prefix="/status", tags=["status"])


def process_of(request: Request) -> Process:
    """What the process that answers knows of itself."""
    state = request.app.state
    return Process(state.settings, state.release, state.began_at, state.metrics.refused())


@router.get("")
def show_status(
    request: Request, session: Reading, permit: Permit = may(Action.STATUS_READ)
) -> StatusShown:
    """Who works, how rounds and messages go, errors, versions, room on the disk."""
    return status(session, process_of(request), permit.caller.now)
