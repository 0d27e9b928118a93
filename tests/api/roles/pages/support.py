"""Day rates, for the office."""

from tests.api.roles import NO_OFFICE, page
from tests.api.roles.support import FIELDS, a_rate

GIVEN = FIELDS | {"region": "savonlinna", "call_year": "2026", "activity": "SHORT_TERM",
                  "country_group": "1", "day_cents": "64,50", "version": "1"}  # fmt: skip
CHANGED = NO_OFFICE | {"admin": 303, "sending": 303}
page("GET", "/support-rates", before=a_rate, rest=200, **NO_OFFICE | {"admin": 200})
page("POST", "/support-rates", GIVEN, before=a_rate, rest=422, **CHANGED)
page("POST", "/support-rates/remove", GIVEN, before=a_rate, rest=422, **CHANGED)
