"""Offers: the list, one, its steps, its dates."""

from tests.api.alliance import Alliance
from tests.api.roles import NO_OFFICE, page
from tests.api.roles.offers import WINDOW, a_paused_offer, an_offer

NOBODY = {"aino": 403, "eetu": 403, "guardian": 403}
OWN = NO_OFFICE | {"sending": 404, "stranger": 404, "company": 200, "other": 404}
DONE = OWN | {"company": 303}
WORK = {"title": "Turning", "occupations": "7223"}
WHEN = {"version": "1", "then": "next", "days_min": "14", "days_max": "56"}


def with_company(alliance: Alliance) -> dict[str, object]:
    return an_offer(alliance) | {"company_id": alliance.company.id}


page("GET", "/offers", before=an_offer, rest=200, **NOBODY)
page("GET", "/offers/new", before=an_offer, rest=200,
     **NO_OFFICE | {"company": 200, "other": 200, "sending": 404, "hosting": 404,
                    "stranger": 404})  # fmt: skip
page("POST", "/offers/new", WORK, before=an_offer, rest=303,
     **NO_OFFICE | {"company": 303, "other": 303, "sending": 404, "hosting": 404,
                    "stranger": 404})  # fmt: skip
page("GET", "/hosts/{company_id}/offers/new", before=with_company, rest=200, **OWN)
page("POST", "/hosts/{company_id}/offers/new", WORK, before=with_company, rest=303, **DONE)
page("GET", "/offers/{offer_id}", before=an_offer, rest=200, **NOBODY | {"other": 404})
page("GET", "/offers/{offer_id}/steps/{step}", before=lambda a: an_offer(a) | {"step": "work"},
     rest=200, **OWN)  # fmt: skip
page("POST", "/offers/{offer_id}/steps/{step}", WHEN,
     before=lambda a: an_offer(a) | {"step": "when"}, rest=303, **DONE)  # fmt: skip
page("POST", "/offers/{offer_id}/publication", {"version": "2"}, before=a_paused_offer, rest=303,
     **DONE)  # fmt: skip
page("POST", "/offers/{offer_id}/pause", {"version": "1"}, before=an_offer, rest=303, **DONE)
page("POST", "/offers/{offer_id}/close", {"version": "1"}, before=an_offer, rest=303, **DONE)
page("GET", "/offers/{offer_id}/windows/new", before=an_offer, rest=200, **OWN)
page("POST", "/offers/{offer_id}/windows/new", WINDOW, before=an_offer, rest=303, **DONE)
page("GET", "/offers/{offer_id}/windows/{window_id}", before=an_offer, rest=200, **OWN)
page("POST", "/offers/{offer_id}/windows/{window_id}", WINDOW | {"version": "1"}, before=an_offer,
     rest=303, **DONE)  # fmt: skip
page("POST", "/offers/{offer_id}/windows/{window_id}/removal", {"version": "1"}, before=an_offer,
     rest=303, **DONE)  # fmt: skip
page("GET", "/offers/{offer_id}/again", before=an_offer, rest=200, **OWN)
page("POST", "/offers/{offer_id}/again", {"version": "1", "how": "copy", "keep-0": "1",
     "available_from-0": "2028-03-01", "available_to-0": "2028-05-31", "places-0": "1"},
     before=an_offer, rest=303, **DONE)  # fmt: skip
