"""Apprentices, for their schools and sending coordinators. Of Eetu, who is under age."""

from typing import Any

import models
from api.database import transaction
from tests import rows
from tests.api.alliance import Alliance
from tests.api.roles import page
from tests.api.roles.apprentices import eetu, eetu_needing
from tests.api.roles.calls import the_call
from tests.api.roles.consents import at_fifteen
from tests.api.roles.rights import a_request

SOMEBODY = {
    "first_name": "Onni", "last_name": "Esimerkki", "key": "fi-09", "birth_date": "2008-05-01",
    "occupations": ["7223"], "speaks": ["en", ""], "level": ["B1", ""],
    "available_from": "2027-03-01", "available_to": "2027-06-30", "days_min": "28",
    "days_ideal": "56", "days_max": "84", "destinations": ["DE", ""], "activity": "SHORT_TERM",
    "status": "STUDENT_PLACEMENT", "modes": ["physical"],
}  # fmt: skip


def somebody(named: dict[str, object]) -> dict[str, Any]:
    return SOMEBODY | {"centre_id": str(named["centre_id"])}


def reachable(alliance: Alliance) -> dict[str, object]:
    """Leena and a second guardian of Eetu have an address and no account."""
    named = eetu(alliance)
    with transaction(alliance.engine) as session:
        session.get_one(models.Apprentice, alliance.leena.id).email = "leena@example.org"
        second = session.get_one(models.Guardian, named["guardian_id"])
        second.email = "pekka@example.org"
    return named | {"apprentice_id": alliance.leena.id}


def a_second_call(alliance: Alliance) -> dict[str, object]:
    with transaction(alliance.engine) as session:
        session.add(rows.call(code="2028", status="open"))
    return eetu(alliance)


NOT_OFFICE = {"admin": 403, "company": 403, "other": 403, "aino": 403, "eetu": 403,
              "guardian": 403}  # fmt: skip
OTHERS = {"hosting": 404, "stranger": 404}
SCHOOL = NOT_OFFICE | OTHERS
COORDINATORS = SCHOOL | {"tutor": 403}
ONE = "/apprentices/{apprentice_id}"

page("GET", "/apprentices", before=eetu, rest=200, **NOT_OFFICE)
page("POST", "/apprentices/search", {"words": "Eetu"}, before=eetu, rest=200, **NOT_OFFICE)
page("GET", "/apprentices/new", before=eetu, rest=200, **NOT_OFFICE)
page("POST", "/apprentices/new", somebody, before=eetu, rest=303,
     **SCHOOL | {"hosting": 422, "stranger": 422})  # fmt: skip
page("GET", ONE, before=eetu, rest=200, **SCHOOL)
page("GET", ONE + "/edit/{section}", before=lambda alliance: eetu(alliance) | {"section": "stay"},
     rest=200, **SCHOOL)  # fmt: skip
page("POST", ONE + "/edit/{section}",
     SOMEBODY | {"version": "1"}, before=lambda alliance: eetu(alliance) | {"section": "stay"},
     rest=303, **SCHOOL)  # fmt: skip

page("GET", f"{ONE}/guardians/new", before=eetu, rest=200, **SCHOOL)
page("POST", f"{ONE}/guardians/new", {"name": "Liisa"}, before=eetu, rest=303, **SCHOOL)
page("GET", "/guardians/{guardian_id}", before=eetu, rest=200, **SCHOOL)
page("POST", "/guardians/{guardian_id}", {"version": "1", "name": "Liisa"}, before=eetu,
     rest=303, **SCHOOL)  # fmt: skip
page("GET", f"{ONE}/needs", before=eetu_needing, rest=200, **COORDINATORS)
page("POST", f"{ONE}/needs", {"version": "1", "need-QUIET_SPACE": "soft"}, before=eetu_needing,
     rest=303, **COORDINATORS)  # fmt: skip
page("POST", f"{ONE}/needs/confirmation", {"version": "1", "confirmed": "QUIET_SPACE"},
     before=eetu_needing, rest=303, **COORDINATORS)  # fmt: skip
page("POST", f"{ONE}/consents", {}, before=eetu_needing, rest=422, **COORDINATORS)
page("POST", ONE + "/consents/{consent_id}/withdrawal", before=at_fifteen, rest=303,
     **COORDINATORS)  # fmt: skip
page("GET", f"{ONE}/rights", before=eetu, rest=200, **COORDINATORS)
page("POST", f"{ONE}/rights", {"kind": "access"}, before=eetu, rest=303, **COORDINATORS)
page("POST", "/rights-requests/{request_id}/answer", {"version": "1"}, before=a_request,
     rest=303, **COORDINATORS)  # fmt: skip
page("POST", f"{ONE}/erasure", {"sure": "1"}, before=eetu, rest=200, **COORDINATORS)
page("POST", f"{ONE}/account", before=reachable, rest=200, **COORDINATORS)
page("POST", "/guardians/{guardian_id}/account", before=reachable, rest=200, **COORDINATORS)

page("POST", f"{ONE}/enrolments", {"call": "2028"}, before=a_second_call, rest=303, **SCHOOL)
page("POST", "/enrolments/{enrolment_id}/status", {"version": "1", "status": "paused"},
     before=the_call, rest=303, **COORDINATORS)  # fmt: skip
page("GET", "/enrolments/{enrolment_id}/withdrawal", before=the_call, rest=200, **COORDINATORS)
page("POST", "/enrolments/{enrolment_id}/withdrawal", {"version": "1"}, before=the_call, rest=200,
     **COORDINATORS)  # fmt: skip
