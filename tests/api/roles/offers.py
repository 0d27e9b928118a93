"""Offers and their windows."""

from api.database import transaction
from tests import rows
from tests.api.alliance import Alliance
from tests.api.roles import NO_OFFICE, row

OFFER = {"key": "o-9", "title": "Turning", "occupations": ["7223"], "languages": {"en": "A2"},
         "days_min": 14, "days_max": 84}  # fmt: skip
WINDOW = {"available_from": "2028-03-01", "available_to": "2028-05-31", "places": 2}


def an_offer(alliance: Alliance) -> dict[str, object]:
    """A published offer with a window that nobody rests on."""
    free = rows.window(alliance.offer, available_from=rows.LATER.date())
    with transaction(alliance.engine) as session:
        session.add(free)
    return {"offer_id": alliance.offer.id, "window_id": free.id, "site_id": alliance.offer.site_id}


def a_paused_offer(alliance: Alliance) -> dict[str, object]:
    named = an_offer(alliance)
    answer = alliance.client("hosting").post(
        f"/api/v1/offers/{alliance.offer.id}/pause", headers={"If-Match": "*"}
    )
    assert answer.status_code == 200, answer.text
    return named


def with_site(named: dict[str, object]) -> dict[str, object]:
    return OFFER | {"site_id": str(named["site_id"])}


NOBODY = {"aino": 403, "eetu": 403, "guardian": 403}
OWN = NO_OFFICE | {"sending": 404, "stranger": 404, "company": 200, "other": 404}
MADE = OWN | {"company": 201}

row("GET", "/offers", before=an_offer, rest=200, **NOBODY)
row("POST", "/offers", with_site, before=an_offer, rest=201, **MADE)
row("GET", "/offers/{offer_id}", before=an_offer, rest=200, **NOBODY | {"other": 404})
row("PUT", "/offers/{offer_id}", with_site, before=an_offer, rest=200, **OWN)
row("POST", "/offers/{offer_id}/publication", before=a_paused_offer, rest=200, **OWN)
row("POST", "/offers/{offer_id}/pause", before=an_offer, rest=200, **OWN)
row("POST", "/offers/{offer_id}/close", before=an_offer, rest=200, **OWN)
row("POST", "/offers/{offer_id}/renewal", {}, before=an_offer, rest=200, **OWN)
row("POST", "/offers/{offer_id}/copy", {"key": "o-10"}, before=an_offer, rest=201, **MADE)
row("POST", "/offers/{offer_id}/windows", WINDOW, before=an_offer, rest=201, **MADE)
row("PUT", "/windows/{window_id}", WINDOW, before=an_offer, rest=200, **OWN)
row("DELETE", "/windows/{window_id}", before=an_offer, rest=204, **OWN | {"company": 204})
