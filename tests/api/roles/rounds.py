import models
from api.database import transaction
from tests.api.alliance import NOW, Alliance
from tests.api.roles import NO_OFFICE, row


def nothing(_: Alliance) -> dict[str, object]:
    return {}


def a_round(alliance: Alliance) -> dict[str, object]:
    asked = models.Round(
        id=alliance.call.id, created_at=NOW, changed_at=NOW, call_id=alliance.call.id,
        kind="preview",
    )  # fmt: skip
    with transaction(alliance.engine) as session:
        session.add(asked)
    return {"round_id": asked.id, "code": alliance.call.code}


def an_ended_round(alliance: Alliance) -> dict[str, object]:
    named = a_round(alliance)
    with transaction(alliance.engine) as session:
        session.get_one(models.Round, named["round_id"]).status = models.RoundStatus.CANCELLED
    return named


OFFICE = NO_OFFICE | {"admin": 200}
row("POST", "/rounds", {"call": "2027"}, before=nothing, rest=202, **OFFICE | {"admin": 202})
row("GET", "/rounds/{round_id}", before=a_round, rest=200, **OFFICE)
row("POST", "/rounds/{round_id}/cancellation", before=a_round, rest=200, **OFFICE)
row("GET", "/calls/{code}/rounds", before=a_round, rest=200, **OFFICE)
row("GET", "/rounds/{round_id}/events", before=an_ended_round, rest=200, **OFFICE)
