from typing import Any

from api.database import transaction
from api.services import groups
from models import TravelGroupFields
from tests.api.alliance import Alliance
from tests.api.roles import row


def a_class(alliance: Alliance) -> dict[str, object]:
    """Eetu and Leena; Aino is in no group."""
    people = [alliance.eetu.id, alliance.leena.id]
    with transaction(alliance.engine) as session:
        group = groups.make_group(
            session, alliance.caller("tutor"), alliance.call.id, TravelGroupFields(name="2A"),
            people,
        )  # fmt: skip
    return {"code": alliance.call.code, "group_id": group.id, "apprentice_id": alliance.leena.id,
            "aino": alliance.aino.id}  # fmt: skip


def only_aino(made: dict[str, object]) -> dict[str, Any]:
    return {"name": "2B", "members": [str(made["aino"])]}


def aino(made: dict[str, object]) -> dict[str, Any]:
    return {"apprentice_id": str(made["aino"])}


NO_PART = {"admin": 403, "company": 403, "other": 403, "guardian": 403}
SCHOOL = NO_PART | {"aino": 403, "eetu": 403, "hosting": 404, "stranger": 404}

row("GET", "/calls/{code}/groups", before=a_class, rest=200, **NO_PART)
row("GET", "/groups/{group_id}", before=a_class, rest=200,
    **NO_PART | {"hosting": 404, "stranger": 404, "aino": 404})  # fmt: skip
row("POST", "/calls/{code}/groups", only_aino, before=a_class, rest=201, **SCHOOL)
row("PUT", "/groups/{group_id}", {"name": "2C"}, before=a_class, rest=200, **SCHOOL)
row("POST", "/groups/{group_id}/members", aino, before=a_class, rest=201, **SCHOOL)
row("DELETE", "/groups/{group_id}/members/{apprentice_id}", before=a_class, rest=200, **SCHOOL)
row("PUT", "/groups/{group_id}/accompanying-persons", {"items": []}, before=a_class, rest=200,
    **SCHOOL)  # fmt: skip
row("POST", "/groups/{group_id}/split", before=a_class, rest=200, **SCHOOL)

row("GET", "/calls/{code}/friend", before=a_class, rest=403, aino=200, eetu=200)
row("PUT", "/calls/{code}/friend", {"code": "00000-00000"}, before=a_class, rest=403, aino=404,
    eetu=404)  # fmt: skip
row("DELETE", "/calls/{code}/friend", before=a_class, rest=403, aino=404, eetu=404)
