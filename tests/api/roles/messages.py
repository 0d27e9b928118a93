from api.database import transaction
from api.services import records
from models import Means, MessageEnd, OutboxMail
from tests.api.alliance import Alliance
from tests.api.roles import NO_OFFICE, a_proposal, row


def lost(alliance: Alliance) -> dict[str, object]:
    """A message about Aino that could not be delivered."""
    named = a_proposal(alliance)
    with transaction(alliance.engine) as session:
        records.tell(
            session, alliance.service(), "aino@example.org", "en", "friend_wish",
            apprentice=alliance.aino.id,
        )  # fmt: skip
        (mail,) = (one for one in session.new if isinstance(one, OutboxMail))
        mail.ended_as, mail.failure = MessageEnd.UNDELIVERABLE, "recipient 550"
        return named | {"message_id": mail.id}


def to_call(alliance: Alliance) -> dict[str, object]:
    """Aino's guardian is to be called."""
    named = a_proposal(alliance)
    with transaction(alliance.engine) as session:
        records.tell(
            session, alliance.service(), "+358 40 000", "fi", "placement_booked",
            means=Means.CALL, proposal=named["proposal_id"], party="guardian",
        )  # fmt: skip
        (mail,) = (one for one in session.new if isinstance(one, OutboxMail))
        return named | {"message_id": mail.id}


SENDING = NO_OFFICE | {"hosting": 404, "stranger": 404}

row("GET", "/messages", before=lost, rest=200, **NO_OFFICE)
row("GET", "/proposals/{proposal_id}/messages", rest=200, **SENDING)
row("POST", "/messages/{message_id}/retry", before=lost, rest=204, **SENDING)
row("POST", "/messages/{message_id}/let-go", before=lost, rest=204, **SENDING)
row("POST", "/messages/{message_id}/call", {"reached": True}, before=to_call, rest=204, **SENDING)
