"""Matchings: for the office."""

import uuid

import models
from api.database import transaction
from api.services import rounds
from api.services.rounds import Worker
from models import RoundKind
from tests import rows
from tests.api.alliance import NOW, Alliance
from tests.api.roles import NO_OFFICE, page
from tests.api.roles.rounds import a_round, nothing


def two_rounds(alliance: Alliance) -> dict[str, object]:
    """Two rounds that made proposals, one after the other."""
    made: list[uuid.UUID] = []
    for seed in (21, 22):
        worker = Worker("w-pages", rows.ids(seed), lambda: NOW)
        with transaction(alliance.engine) as session:
            asked = rounds.ask_for(
                session, alliance.call.code, RoundKind.PROPOSING, by=None, worker=worker
            )
        rounds.run_next(alliance.engine, worker)
        made.append(asked.id)
    with transaction(alliance.engine) as session:  # all of it happened at one moment
        session.get_one(models.Round, made[0]).created_at = NOW.replace(hour=8)
    return {"earlier_id": made[0], "round_id": made[1]}


ASKED = {"call": "2027", "kind": "preview"}
SEEN = NO_OFFICE | {"admin": 200}
DONE = NO_OFFICE | {"admin": 303}
page("GET", "/matchings", before=nothing, rest=200, **SEEN)
page("POST", "/matchings", ASKED, before=nothing, rest=303, **DONE)
page("GET", "/matchings/{round_id}", before=a_round, rest=200, **SEEN)
page("POST", "/matchings/{round_id}/cancellation", {}, before=a_round, rest=303, **DONE)
page("GET", "/matchings/{round_id}/fairness.svg", before=two_rounds, rest=200, **SEEN)
page("GET", "/matchings/{round_id}/fairness.csv", before=two_rounds, rest=200, **SEEN)
page("GET", "/matchings/{round_id}/compare/{earlier_id}", before=two_rounds, rest=200, **SEEN)
