"""Messages to people of a region: what could not be delivered, and whom to call."""

import uuid

from fastapi import APIRouter, Response

from api.edge import Permit, Reading, Writing, may
from api.language import Language
from api.policy import Action
from api.services import messages
from api.services.proposals import seen_case
from api.store.scopes import cases_in
from models.message_views import CallMade, MessageList

router = APIRouter(tags=["messages"])


@router.get("/messages")
def list_messages(session: Reading, permit: Permit = may(Action.MESSAGE_READ)) -> MessageList:
    """The messages of the region that could not be delivered, and the calls to make."""
    language = Language(permit.caller.language)
    return MessageList(items=messages.to_do(session, permit.caller, language))


@router.get("/proposals/{proposal_id}/messages")
def list_messages_of_proposal(
    proposal_id: uuid.UUID, session: Reading, permit: Permit = may(Action.MESSAGE_READ)
) -> MessageList:
    """What people of the region were told of a proposal, and how each message stands."""
    seen_case(session, proposal_id, cases_in(permit.scope, permit.caller.scope_id))
    language = Language(permit.caller.language)
    return MessageList(items=messages.of_proposal(session, permit.caller, language, proposal_id))


@router.post("/messages/{message_id}/retry", status_code=204)
def retry(
    message_id: uuid.UUID, session: Writing, permit: Permit = may(Action.MESSAGE_SEND)
) -> Response:
    """Send a message that could not be delivered once more."""
    messages.try_again(session, permit.caller, message_id)
    return Response(status_code=204)


@router.post("/messages/{message_id}/let-go", status_code=204)
def let_go(
    message_id: uuid.UUID, session: Writing, permit: Permit = may(Action.MESSAGE_SEND)
) -> Response:
    """Nobody needs this message any more: it was told otherwise."""
    messages.let_go(session, permit.caller, message_id)
    return Response(status_code=204)


@router.post("/messages/{message_id}/call", status_code=204)
def call(
    message_id: uuid.UUID, made: CallMade, session: Writing,
    permit: Permit = may(Action.MESSAGE_SEND),
) -> Response:  # fmt: skip
    """Write down how a call went."""
    messages.called(session, permit.caller, message_id, reached=made.reached)
    return Response(status_code=204)
