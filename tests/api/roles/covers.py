from sqlalchemy import true

from api.database import transaction
from api.services import covering
from api.store.responsible import Whose
from models import Role
from tests import rows
from tests.api.alliance import FIRST, Alliance
from tests.api.roles import NO_OFFICE, row


def two_coordinators(alliance: Alliance) -> dict[str, object]:
    """The sending coordinator answers for Aino; a colleague covers in March."""
    sending = alliance.users["sending"]
    colleague = rows.account(role=Role.COORDINATOR, region_id=alliance.sends.id, name="Second")
    with transaction(alliance.engine) as session:
        session.add(colleague)
        session.flush()
        whose, admin = Whose("apprentice_id", alliance.aino.id), alliance.caller("admin")
        covering.name_responsible(session, admin, whose, true(), sending.id, 0)
        made = covering.cover(session, admin, sending.id, colleague.id, FIRST, FIRST)
    return {"apprentice_id": alliance.aino.id, "company_id": alliance.company.id,
            "sending": str(sending.id), "hosting": str(alliance.users["hosting"].id),
            "colleague": str(colleague.id), "cover_id": made.id}  # fmt: skip


def april(named: dict[str, object]) -> dict[str, object]:
    return {"for_user_id": named["sending"], "by_user_id": named["colleague"],
            "covers_from": "2027-04-01", "covers_to": "2027-04-09"}  # fmt: skip


OF_SENDING = NO_OFFICE | {"admin": 200, "stranger": 404, "hosting": 404}
OF_HOSTING = NO_OFFICE | {"admin": 200, "stranger": 404, "sending": 404}
for noun, expected, who in (("apprentices/{apprentice_id}", OF_SENDING, "sending"),
                            ("companies/{company_id}", OF_HOSTING, "hosting")):  # fmt: skip
    row("GET", f"/{noun}/responsible", before=two_coordinators, rest=200, **expected)
    row("PUT", f"/{noun}/responsible", lambda named, who=who: {"user_id": named[who]},
        before=two_coordinators, rest=200, **expected)  # fmt: skip
row("GET", "/covers", before=two_coordinators, rest=200, **NO_OFFICE | {"admin": 200})
row("POST", "/covers", april, before=two_coordinators, rest=201,
    **NO_OFFICE | {"admin": 201, "stranger": 422, "hosting": 422})  # fmt: skip
row("DELETE", "/covers/{cover_id}", before=two_coordinators, rest=204,
    **OF_SENDING | {"admin": 204})  # fmt: skip
