"""How far a proposal has come, for tests of what follows."""

import uuid
from typing import Any

from fastapi.testclient import TestClient

from api.database import transaction
from api.services import proposals
from tests.api.alliance import Alliance
from tests.api.roles.decisions import asked

V1 = "/api/v1"
ANY = {"If-Match": "*"}


def asked_company(alliance: Alliance) -> str:
    """Aino's proposal, of which the company is asked."""
    return str(asked(alliance)["proposal_id"])


def placed(alliance: Alliance) -> tuple[str, str]:
    """Aino's proposal that was booked, and its placement."""
    proposal = asked(alliance, 4)["proposal_id"]
    assert isinstance(proposal, uuid.UUID)
    with transaction(alliance.engine) as session:
        case = proposals.load(session, proposal)
        row = proposals.book(session, alliance.caller("sending"), case, "Uwe")
        return str(proposal), str(row.id)


def post(client: TestClient, path: str, **body: Any) -> Any:
    """The answer to a change that rests on whichever version."""
    return client.post(f"{V1}{path}", json=body, headers=ANY)


def kind(answer: Any) -> tuple[int, str]:
    """Status and type of a problem document."""
    return answer.status_code, answer.json()["type"].removeprefix("urn:doallvet:")
