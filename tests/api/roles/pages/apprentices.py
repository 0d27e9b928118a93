"""Apprentices, for their schools and sending coordinators. Of Eetu, who is under age."""

from typing import Any

from tests.api.roles import page
from tests.api.roles.apprentices import eetu

SOMEBODY = {
    "first_name": "Onni", "last_name": "Esimerkki", "key": "fi-09", "birth_date": "2008-05-01",
    "occupations": ["7223"], "language": ["en", ""], "level": ["B1", ""],
    "available_from": "2027-03-01", "available_to": "2027-06-30", "days_min": "28",
    "days_ideal": "56", "days_max": "84", "destinations": ["DE", ""], "activity": "SHORT_TERM",
    "status": "STUDENT_PLACEMENT", "modes": ["physical"],
}  # fmt: skip


def somebody(named: dict[str, object]) -> dict[str, Any]:
    return SOMEBODY | {"centre_id": str(named["centre_id"])}


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
