import datetime
import uuid

from api.database import transaction
from api.services import proposals, scans
from api.services.proposals import Heard
from models import Answer, Channel, Party
from tests.api.alliance import FIRST, Alliance
from tests.api.roles import NO_OFFICE, a_proposal, row


def recorded(alliance: Alliance) -> dict[str, object]:
    """A proposal to which Aino said yes on paper, and the company is asked."""
    named = a_proposal(alliance)
    with transaction(alliance.engine) as session:
        identity = named["proposal_id"]
        assert isinstance(identity, uuid.UUID)
        case = proposals.load(session, identity)
        for who in ("sending", "hosting"):
            party = Party(f"{who}_coordinator")
            proposals.answer(session, alliance.caller(who), case, party, Answer.YES)
        heard = Heard(Channel.PAPER, "Aino", FIRST - datetime.timedelta(days=50))
        sending = alliance.caller("sending")
        proposals.answer(session, sending, case, Party.APPRENTICE, Answer.YES, heard=heard)
        scans.keep_scan(session, sending, case, Party.APPRENTICE, "application/pdf", b"%PDF-1.7")
    return named | {"party": "apprentice"}


NOT_SENDING = NO_OFFICE | {"stranger": 404, "hosting": 403}
row("GET", "/proposals/{proposal_id}/approvals/{party}/scan", before=recorded, rest=200,
    **NOT_SENDING)  # fmt: skip
row("PUT", "/proposals/{proposal_id}/approvals/{party}/scan", {"not": "a file"}, before=recorded,
    rest=415, **NOT_SENDING)  # fmt: skip
row("POST", "/proposals/{proposal_id}/links", {"party": "apprentice"}, before=recorded, rest=201,
    **NOT_SENDING)  # fmt: skip
