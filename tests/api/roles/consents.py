"""Consents. Of Eetu, who is 15: his guardian consents as well."""

import datetime
from typing import Any

from fastapi.testclient import TestClient

import models
from api.database import transaction
from tests.api.alliance import Alliance
from tests.api.roles import EVERYBODY, row
from tests.api.roles.apprentices import SCHOOL
from tests.sealing import needing

SAID = {"item": "QUIET_SPACE", "text_version": 1, "language": "fi"}
HEARD = {
    "given_by": "guardian",
    "channel": "paper",
    "heard_from": "Kaisa",
    "heard_on": "2027-01-10",
}


def at_fifteen(alliance: Alliance, *, agreed: bool = True) -> dict[str, object]:
    """Eetu has a need, and has agreed that the company may know of it."""
    with transaction(alliance.engine) as session:
        person = session.get_one(models.Apprentice, alliance.eetu.id)
        person.birth_date = datetime.date(2011, 6, 1)
        needing(session, person.id, needs={"QUIET_SPACE": "soft", "LANGUAGE_BUDDY": "soft"})
    named: dict[str, object] = {
        "apprentice_id": alliance.eetu.id, "company_id": alliance.company.id
    }  # fmt: skip
    if agreed:
        given = give(alliance.client("eetu"), named)
        assert given.status_code == 201, given.text
        named["consent_id"] = given.json()["id"]
    return named


def give(client: TestClient, named: dict[str, object], **more: Any) -> Any:
    said = SAID | {"company_id": str(named["company_id"])} | more
    return client.post(f"/api/v1/apprentices/{named['apprentice_id']}/consents", json=said)


def body(named: dict[str, object]) -> dict[str, object]:
    return SAID | {"company_id": str(named["company_id"])}


SELF = SCHOOL | {"tutor": 403, "aino": 404, "eetu": 200, "guardian": 200}
ONE = "/apprentices/{apprentice_id}/consents"

row(
    "GET",
    "/consent-texts?language=fi",
    before=at_fifteen,
    rest=200,
    **dict.fromkeys(EVERYBODY, 200),
)
row("GET", ONE, before=at_fifteen, rest=200, **SELF)
row("POST", ONE, body, before=at_fifteen, rest=422, **SELF | {"eetu": 201, "guardian": 201})
row("POST", "/consents/{consent_id}/withdrawal", before=at_fifteen, rest=200,
    **SELF | {"guardian": 403})  # fmt: skip
