"""Signed papers behind recorded answers: kept and read by the side that recorded the answer."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from starlette.requests import ClientDisconnect

from api import store
from api.edge import Permit, Reading, Writing, may
from api.errors import NoSuchProposalError
from api.policy import Action
from api.services import proposals, scans
from api.store.scopes import cases_in
from models import Party, Proposal

router = APIRouter(prefix="/proposals/{proposal_id}/approvals/{party}/scan", tags=["proposals"])

FILES = {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in sorted(scans.BEGINS)
}  # fmt: skip
"""How the document of the API says that a body is a file."""


async def body_of(request: Request) -> bytes:
    """The body as it came."""
    try:
        return await request.body()
    except ClientDisconnect:
        raise HTTPException(400) from None


@router.put(
    "", status_code=204, openapi_extra={"requestBody": {"required": True, "content": FILES}}
)
def keep_scan(
    proposal_id: uuid.UUID, party: Party, request: Request, session: Writing,
    content: Annotated[bytes, Depends(body_of)], permit: Permit = may(Action.PROPOSAL_RECORD),
) -> None:  # fmt: skip
    """Keep the signed paper behind an answer that was recorded; it replaces an earlier one.

    The body is the file itself: PDF, JPEG or PNG.
    """
    mine = cases_in(permit.scope, permit.caller.scope_id)
    case = proposals.load(session, proposal_id, mine)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    caller = proposals.speaking_for(session, permit.caller, case)
    scans.keep_scan(session, caller, case, party, kind, content)


@router.get("", response_class=Response, responses={200: {"content": FILES}})
def one_scan(
    proposal_id: uuid.UUID, party: Party, session: Reading,
    permit: Permit = may(Action.PROPOSAL_RECORD),
) -> Response:  # fmt: skip
    """The signed paper, as a file to save."""
    mine = cases_in(permit.scope, permit.caller.scope_id)
    found = store.cases.cases(session, Proposal.id == proposal_id, mine)
    if not found:
        raise NoSuchProposalError(proposal_id)
    scan = scans.scan(session, permit.caller, found[0], party)
    ending = scan.content_type.rpartition("/")[2]
    headers = {"Content-Disposition": f'attachment; filename="answer-{party}.{ending}"'}
    return Response(scan.content, media_type=scan.content_type, headers=headers)
