"""Somebody of another school of the sending region, whom the first school does not know."""

from typing import Any

import models
from api import store
from api.database import transaction
from tests import rows
from tests.api.alliance import Alliance


def zelda(
    alliance: Alliance, home: models.Region | None = None, **values: Any
) -> models.Apprentice:
    """Zelda Secret, selected in the call, with an account `zelda`."""
    school = rows.centre(home or alliance.sends, code="other-school", name="Other School")
    person = rows.apprentice(
        school, **{"key": "x", "first_name": "Zelda", "last_name": "Secret"} | values
    )
    taking = models.Enrolment(
        **rows.changing(call_id=alliance.call.id, apprentice_id=person.id, status="selected")
    )
    account = rows.account(
        role="apprentice", apprentice_id=person.id, email="zelda@example.org", language="pl"
    )
    with transaction(alliance.engine) as session:
        store.rows.add_in_order(session, [school, person, taking, account])
    alliance.users["zelda"] = account
    return person
