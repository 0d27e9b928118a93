"""The fairness report of a round."""

from api.database import transaction
from tests import rows
from tests.api.alliance import Alliance
from tests.api.roles import row


def a_round(alliance: Alliance) -> dict[str, object]:
    """A round that made proposals."""
    from api.services import rounds
    from api.services.rounds import Worker
    from models import RoundKind

    worker = Worker("w-fair", rows.ids(21), lambda: rows.NOW)
    with transaction(alliance.engine) as session:
        asked = rounds.ask_for(
            session, alliance.call.code, RoundKind.PROPOSING, by=None, worker=worker
        )
    rounds.run_next(alliance.engine, worker)
    return {"round_id": asked.id}


OFFICE = {"admin": 200, "sending": 200, "hosting": 200, "stranger": 200}

row("GET", "/rounds/{round_id}/fairness", before=a_round, rest=403, **OFFICE)
row("GET", "/rounds/{round_id}/fairness.svg", before=a_round, rest=403, **OFFICE)
