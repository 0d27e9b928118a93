"""Placements, and hosts that drop out."""

from tests.api.roles import NO_OFFICE, page
from tests.api.roles.decisions import ONLY_COORDINATORS, OTHERS, a_placement, a_wish, abroad

DONE = ONLY_COORDINATORS
HOSTING = NO_OFFICE | {"sending": 404, "stranger": 404}


page("GET", "/placements", before=a_placement, rest=200, admin=403)
page("GET", "/placements/{placement_id}", before=a_placement, rest=200, **OTHERS)
page("POST", "/placements/{placement_id}/begin", {"version": "1"}, before=a_placement, rest=303,
     **DONE)  # fmt: skip
page("POST", "/placements/{placement_id}/finish", {"version": "2"}, before=abroad, rest=303,
     **DONE)  # fmt: skip
page("POST", "/placements/{placement_id}/cancellation", {"version": "1", "reason": "illness"},
     before=a_placement, rest=303, **DONE)  # fmt: skip
page("GET", "/offers/{offer_id}/drop-out", before=a_wish, rest=200, **HOSTING)
page("POST", "/offers/{offer_id}/drop-out",
     lambda named: {"version": "1", "reason": "no_capacity", "windows": str(named["window_id"])},
     before=a_wish, rest=200, **HOSTING)  # fmt: skip
