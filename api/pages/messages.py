"""Messages that could not be delivered, and people to call."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.edge import Permit, Reading, Writing, may
from api.language import Language
from api.pages.frame import Form, go_to, show
from api.policy import Action
from api.services import messages
from models.message_views import MessageState

router = APIRouter()


@router.get("/messages")
def list_messages(
    request: Request, session: Reading, permit: Permit = may(Action.MESSAGE_READ)
) -> Response:
    """Whom to call, and what did not arrive."""
    language = Language(permit.caller.language)
    found = messages.to_do(session, permit.caller, language)
    return show(
        request, "messages.html",
        calls=[one for one in found if one.state == MessageState.TO_CALL],
        lost=[one for one in found if one.state == MessageState.UNDELIVERABLE],
    )  # fmt: skip


@router.post("/messages/{message_id}/retry")
def retry(
    message_id: uuid.UUID, request: Request, _form: Form, session: Writing,
    permit: Permit = may(Action.MESSAGE_SEND),
) -> Response:  # fmt: skip
    """Send it once more."""
    messages.try_again(session, permit.caller, message_id)
    return go_to(request, "/messages")


@router.post("/messages/{message_id}/let-go")
def let_go(
    message_id: uuid.UUID, request: Request, _form: Form, session: Writing,
    permit: Permit = may(Action.MESSAGE_SEND),
) -> Response:  # fmt: skip
    """It was told otherwise."""
    messages.let_go(session, permit.caller, message_id)
    return go_to(request, "/messages")


@router.post("/messages/{message_id}/call")
def call(
    message_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.MESSAGE_SEND),
) -> Response:  # fmt: skip
    """How the call went."""
    reached = form.get("reached") == "true"
    messages.called(session, permit.caller, message_id, reached=reached)
    return go_to(request, "/messages")
