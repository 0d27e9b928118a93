"""People without a place, for their sending coordinators."""

from tests.api.alliance import Alliance
from tests.api.roles import NO_OFFICE, page
from tests.api.roles.apprentices import eetu
from tests.api.roles.pages.apprentices import COORDINATORS

ONE = "/apprentices/{apprentice_id}/suggestions"


def eetu_in_call(alliance: Alliance) -> dict[str, object]:
    return eetu(alliance) | {"window_id": alliance.window.id, "code": alliance.call.code}


page("GET", "/unmatched", rest=200, **NO_OFFICE)
page("GET", f"{ONE}?call=2027", before=eetu_in_call, rest=200, **COORDINATORS)
page("GET", ONE + "/{window_id}?call=2027", before=eetu_in_call, rest=200, **COORDINATORS)
page("POST", ONE + "/{window_id}", {"call": "2027", "override_reason": "they asked"},
     before=eetu_in_call, rest=303, **COORDINATORS)  # fmt: skip
