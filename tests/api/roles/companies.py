"""Companies and their workplaces."""

from api.database import transaction
from api.store import companies as found
from tests.api.alliance import Alliance
from tests.api.roles import NO_OFFICE, row

COMPANY = {"key": "c-9", "name": "Werk", "town": "Paderborn"}
SITE = {"name": "Werk Ost", "town": "Paderborn"}


def the_company(alliance: Alliance) -> dict[str, object]:
    with transaction(alliance.engine, writes=False) as session:
        site = found.sites_of(session, alliance.company.id)[0].id
    return {"company_id": alliance.company.id, "site_id": site}


NOBODY = {"aino": 403, "eetu": 403, "guardian": 403}
OWN = NO_OFFICE | {"sending": 404, "stranger": 404, "company": 200, "other": 404}

row("GET", "/companies", before=the_company, rest=200, **NOBODY)
row("POST", "/companies", COMPANY, before=the_company, rest=201, **NO_OFFICE)
row("POST", "/companies/verification",
    lambda named: {"ids": [str(named["company_id"])], "name": "Jens"}, before=the_company,
    rest=404, **NO_OFFICE | {"hosting": 200})  # fmt: skip
row("GET", "/companies/hours-questions", before=the_company, rest=200, **NO_OFFICE)
row("GET", "/companies/{company_id}", before=the_company, rest=200, **NOBODY | {"other": 404})
row("PUT", "/companies/{company_id}", COMPANY | {"key": "c-1"}, before=the_company, rest=200, **OWN)
row("GET", "/companies/{company_id}/sites", before=the_company, rest=200,
    **NOBODY | {"other": 404})  # fmt: skip
row("POST", "/companies/{company_id}/sites", SITE, before=the_company, rest=201,
    **OWN | {"company": 201})  # fmt: skip
row("PUT", "/sites/{site_id}", SITE, before=the_company, rest=200, **OWN)
