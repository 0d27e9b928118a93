"""Settings: for the office."""

from tests.api.roles import NO_OFFICE, page
from tests.api.roles.settings import one

SEEN = NO_OFFICE | {"admin": 200}
CHANGED = {"version": "0", "days_to_answer": "21"}
page("GET", "/settings", before=one, rest=200, **SEEN)
page("GET", "/settings/{name}", before=one, rest=200, **SEEN)
page("POST", "/settings/{name}", CHANGED, before=one, rest=303, **NO_OFFICE | {"admin": 303})
