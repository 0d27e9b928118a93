"""Consents and one's own data: for apprentices and guardians."""

from tests.api.roles import page
from tests.api.roles.consents import at_fifteen, body

OWN = {"rest": 403, "aino": 200, "eetu": 200, "guardian": 200}

page("GET", "/consents", before=at_fifteen, **OWN)
page("POST", "/consents", body, before=at_fifteen, rest=403, aino=422, eetu=303, guardian=303)
page("POST", "/consents/{consent_id}/withdrawal", before=at_fifteen, rest=403, aino=422, eetu=303,
     guardian=422)  # fmt: skip
page("GET", "/my-data", **OWN)
page("POST", "/my-data/requests", {"kind": "access"}, rest=403, aino=303, eetu=303, guardian=303)
page("GET", "/my-data/export", **OWN)
page("GET", "/my-data/export.json", **OWN)
