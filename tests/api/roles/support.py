"""Estimates for those whose stay it is; day rates for the office, changed for one's own region."""

import datetime

import models
from api.database import transaction
from models import RateStatus
from tests import rows
from tests.api.alliance import Alliance
from tests.api.roles import NO_OFFICE, row
from tests.api.roles.proposals import HIDDEN

FIELDS = {"day_cents": 6400, "status": "official", "source": "The agency",
          "address": "https://agency.example/rates", "source_date": "2027-01-10"}  # fmt: skip


def a_rate(alliance: Alliance) -> dict[str, object]:
    """What Savonlinna's agency pays for a day in a country of the first group."""
    made = models.SupportRate(
        **rows.changing(
            region_id=alliance.sends.id, call_year=2026, activity="SHORT_TERM", country_group=1,
            day_cents=6000, status=RateStatus.OFFICIAL, source="Exchange fund", address="",
            source_date=datetime.date(2027, 1, 10),
        )
    )  # fmt: skip
    with transaction(alliance.engine) as session:
        session.add(made)
    return {"region": "savonlinna", "call_year": 2026, "activity": "SHORT_TERM",
            "country_group": 1}  # fmt: skip


ONE = "/support-rates/{region}/{call_year}/{activity}/{country_group}"
OFFICE = NO_OFFICE | {"admin": 200}
row("GET", "/proposals/{proposal_id}/support", rest=200,
    **HIDDEN | {"tutor": 404, "company": 403, "other": 403})  # fmt: skip
row("GET", "/support-rates", before=a_rate, rest=200, **OFFICE)
row("PUT", ONE, FIELDS, before=a_rate, rest=404, **OFFICE | {"sending": 200})
row("DELETE", ONE, before=a_rate, rest=404, **NO_OFFICE | {"admin": 204, "sending": 204})
