from sqlmodel import select

import models
from api.database import transaction
from tests import rows
from tests.api.alliance import Alliance
from tests.api.roles import NO_OFFICE, row

FIELDS = {"code": "2028", "name": "Spring 2028", "closes_on": "2027-01-14",
          "stays_from": "2027-02-01", "stays_to": "2027-08-31"}  # fmt: skip
OFFICE = NO_OFFICE | {"admin": 200}


def the_call(alliance: Alliance) -> dict[str, object]:
    """An open call with a draft beside it, and somebody who takes part."""
    with transaction(alliance.engine) as session:
        session.add(rows.call(code="draft"))
        mine = models.Enrolment.apprentice_id == alliance.aino.id
        enrolment = session.exec(select(models.Enrolment).where(mine)).one()
    return {"code": alliance.call.code, "enrolment_id": enrolment.id, "region": "savonlinna",
            "activity": "SHORT_TERM", "apprentice_id": alliance.aino.id, "draft": "draft",
            "name": "needs"}  # fmt: skip


def the_draft(alliance: Alliance) -> dict[str, object]:
    return the_call(alliance) | {"code": "draft"}


row("GET", "/calls", before=the_call, rest=200)
row("POST", "/calls", FIELDS, before=the_call, rest=201, **OFFICE | {"admin": 201})
row("GET", "/calls/{code}", before=the_draft, rest=200,
    **dict.fromkeys(("tutor", "company", "other", "aino", "eetu", "guardian"), 404))  # fmt: skip
row("PUT", "/calls/{code}", FIELDS, before=the_call, rest=200, **OFFICE)
row("POST", "/calls/{code}/opening", before=the_draft, rest=200, **OFFICE)
row("POST", "/calls/{code}/finish", before=the_call, rest=200, **OFFICE)
row("PUT", "/calls/{code}/funding/{region}/{activity}", {"places": 5}, before=the_call, rest=404,
    **OFFICE | {"sending": 200})  # fmt: skip

NOT_THEIRS = {"admin": 403, "company": 403, "other": 403, "guardian": 403}
row("GET", "/calls/{code}/enrolments", before=the_call, rest=200, admin=403, company=403,
    other=403)  # fmt: skip
row("GET", "/calls/{code}/waiting", before=the_call,
    rest=422, admin=403, company=403, other=403)  # fmt: skip
row("POST", "/calls/{code}/enrolments",
    lambda made: {"apprentice_id": str(made["apprentice_id"])}, before=the_call, rest=404,
    **NOT_THEIRS | {"sending": 409, "tutor": 409, "aino": 409})  # fmt: skip
row("PUT", "/enrolments/{enrolment_id}/status", {"status": "waiting"}, before=the_call, rest=403,
    sending=200, hosting=404, stranger=404)  # fmt: skip
row("POST", "/enrolments/{enrolment_id}/withdrawal", before=the_call, rest=403, sending=200,
    hosting=404, stranger=404, aino=200, eetu=404)  # fmt: skip

row("GET", "/regions", before=the_call, rest=200)
row("GET", "/centres", before=the_call, rest=200)
row("GET", "/reference", before=the_call, rest=200)
row("GET", "/reference/{name}", before=the_call, rest=200)
