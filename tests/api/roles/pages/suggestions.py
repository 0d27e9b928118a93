"""Places, calls and friends: for apprentices alone."""

from tests.api.roles import page
from tests.api.roles.calls import the_call

APPRENTICES = {"rest": 403, "aino": 200, "eetu": 200}
DONE = {"rest": 403, "aino": 303, "eetu": 303}

page("GET", "/suggestions", **APPRENTICES)
page("POST", "/suggestions/{offer_id}/interest", {"interest": "interested"}, **DONE)
page("POST", "/suggestions/{offer_id}/no-company", **DONE)
page("GET", "/my-calls", **APPRENTICES)
page("POST", "/my-calls/{code}/application", rest=403, aino=422, eetu=422)
page("POST", "/my-calls/{enrolment_id}/withdrawal", {"version": 1}, before=the_call, rest=403,
     aino=303, eetu=422)  # fmt: skip
page("GET", "/friends", **APPRENTICES)
page("POST", "/friends/{call}/wish", {"code": "no-code", "version": 0},
     before=lambda made: {"call": made.call.code}, rest=403, aino=422, eetu=422)  # fmt: skip
page("POST", "/friends/{call}/take-back", before=lambda made: {"call": made.call.code},
     rest=403, aino=422, eetu=422)  # fmt: skip
