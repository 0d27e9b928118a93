"""Settings: for the office."""

from api.pages.setting_forms import CRITERIA
from tests.api.roles import NO_OFFICE, page
from tests.api.roles.settings import one

SEEN = NO_OFFICE | {"admin": 200}
CHANGED = {"version": "0", "days_to_answer": "21"}
page("GET", "/settings", before=one, rest=200, **SEEN)
page("GET", "/settings/{name}", before=one, rest=200, **SEEN)
POINTS = dict.fromkeys(CRITERIA, "0") | {"call": "2027", "occupation": "100"}
page("POST", "/settings/weights/trial", POINTS, before=one, rest=200, **SEEN)
page("POST", "/settings/{name}", CHANGED, before=one, rest=303, **NO_OFFICE | {"admin": 303})
