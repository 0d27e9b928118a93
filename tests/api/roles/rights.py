"""Rights of people over their own data."""

from sqlmodel import select

import models
from api.database import transaction
from api.policy import Scope
from api.services import rights
from api.store.scopes import people_in
from models import RequestKind
from models.rights_views import RightsAsked
from tests.api.alliance import Alliance
from tests.api.roles import NO_OFFICE, a_proposal, row


def a_request(alliance: Alliance) -> dict[str, object]:
    """Aino asks for access."""
    with transaction(alliance.engine) as session:
        known = session.exec(select(models.RightsRequest.id)).first()
        if known is not None:
            return {"request_id": known, "apprentice_id": alliance.aino.id}
        caller = alliance.caller("sending")
        asked = rights.ask(
            session, caller, alliance.aino.id, RightsAsked(kind=RequestKind.ACCESS),
            people_in(Scope.SENDING, caller.scope_id),
        )  # fmt: skip
        return {"request_id": asked.id, "apprentice_id": alliance.aino.id}


PERSON = "/apprentices/{apprentice_id}"

row(
    "GET",
    f"{PERSON}/export",
    **NO_OFFICE | {"aino": 200, "eetu": 404, "guardian": 404},
    sending=200,
    rest=404,
)
row(
    "GET",
    f"{PERSON}/export.html",
    **NO_OFFICE | {"aino": 200, "eetu": 404, "guardian": 404},
    sending=200,
    rest=404,
)
row("POST", f"{PERSON}/rights-requests", {"kind": "access"},
    **NO_OFFICE | {"aino": 201, "eetu": 404, "guardian": 404}, sending=201, rest=404)  # fmt: skip
row("GET", "/rights-requests", **NO_OFFICE, rest=200)
row("POST", "/rights-requests/{request_id}/answer", before=a_request,
    **NO_OFFICE, sending=200, rest=404)  # fmt: skip
row("POST", f"{PERSON}/erasure", before=a_proposal, **NO_OFFICE, sending=200, rest=404)
