"""Apprentices, what they need, and their guardians. Of Eetu, who is under age."""

import models
from api.database import transaction
from tests import rows, sealing
from tests.api.alliance import Alliance
from tests.api.roles import row

PROFILE = {
    "occupations": ["7223"], "languages": {"en": "B1"}, "available_from": "2027-03-01",
    "available_to": "2027-06-30", "days_min": 28, "days_ideal": 56, "days_max": 84,
}  # fmt: skip
PERSON = PROFILE | {
    "key": "fi-09", "first_name": "Onni", "last_name": "Esimerkki", "birth_date": "2008-05-01",
    "activity": "SHORT_TERM", "status": "STUDENT_PLACEMENT",
}  # fmt: skip


def eetu(alliance: Alliance) -> dict[str, object]:
    second = models.Guardian(**rows.changing(apprentice_id=alliance.eetu.id, name="Pekka"))
    with transaction(alliance.engine) as session:
        session.add(second)
    return {"apprentice_id": alliance.eetu.id, "guardian_id": second.id,
            "offer_id": alliance.offer.id, "centre_id": alliance.eetu.centre_id}  # fmt: skip


def eetu_needing(alliance: Alliance) -> dict[str, object]:
    with transaction(alliance.engine) as session:
        sealing.needing(session, alliance.eetu.id, needs={"QUIET_SPACE": "soft"})
    return eetu(alliance)


NO_HOST = {"admin": 403, "company": 403, "other": 403}
SCHOOL = NO_HOST | {"hosting": 404, "stranger": 404, "aino": 403, "eetu": 403, "guardian": 403}
SELF = SCHOOL | {"aino": 404, "eetu": 200}
ONE = "/apprentices/{apprentice_id}"

row("GET", "/apprentices", before=eetu, rest=200, **NO_HOST)
row("POST", "/apprentices", lambda named: PERSON | {"centre_id": str(named["centre_id"])},
    before=eetu, rest=201, **SCHOOL)  # fmt: skip
row("GET", ONE, before=eetu, rest=200, **SELF | {"guardian": 200})
row("PUT", ONE, PERSON, before=eetu, rest=200, **SCHOOL)
row("PUT", f"{ONE}/profile", PROFILE, before=eetu, rest=200, **SELF)
row("GET", f"{ONE}/needs", before=eetu, rest=200, **SELF | {"tutor": 403})
row("PUT", f"{ONE}/needs", {"needs": {"QUIET_SPACE": "soft"}}, before=eetu, rest=200,
    **SELF | {"tutor": 403})  # fmt: skip
row("PUT", f"{ONE}/needs/confirmation", {"needs": ["QUIET_SPACE"]}, before=eetu_needing, rest=200,
    **SCHOOL | {"tutor": 403})  # fmt: skip
row("PUT", ONE + "/interest/{offer_id}", {"interest": "interested"}, before=eetu, rest=200,
    **SELF | {"tutor": 403})  # fmt: skip
row("GET", f"{ONE}/guardians", before=eetu, rest=200, **SELF | {"guardian": 200})
row("POST", f"{ONE}/guardians", {"name": "Liisa"}, before=eetu, rest=201, **SCHOOL)
row("PUT", "/guardians/{guardian_id}", {"name": "Liisa"}, before=eetu, rest=200, **SCHOOL)
row("DELETE", "/guardians/{guardian_id}", before=eetu, rest=204, **SCHOOL)
