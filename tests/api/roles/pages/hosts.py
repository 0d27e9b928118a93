"""Hosts: the list, one, its contact and workplaces, what coordinators do for it."""

from tests.api.roles import NO_OFFICE, page
from tests.api.roles.companies import NOBODY, SITE, the_company
from tests.api.roles.covers import april, two_coordinators

OWN = NO_OFFICE | {"sending": 404, "stranger": 404, "company": 200, "other": 404}
DONE = OWN | {"company": 303}
HOSTING = NO_OFFICE | {"sending": 404, "stranger": 404}
COMPANY = {"name": "Werk", "town": "Paderborn", "version": "1"}
ONE = "/hosts/{company_id}"

page("GET", "/hosts", before=the_company, rest=200, **NOBODY | {"company": 303, "other": 303})
page("POST", "/hosts", {"words": "werk"}, before=the_company, rest=200,
     **NOBODY | {"company": 303, "other": 303})  # fmt: skip
page("GET", "/company", before=the_company, rest=303, **NOBODY | {"company": 200, "other": 200})
page("GET", "/hosts/new", before=the_company, rest=200, **NO_OFFICE)
page("POST", "/hosts/new", COMPANY, before=the_company, rest=303, **NO_OFFICE)
page("GET", ONE, before=the_company, rest=200, **NOBODY | {"other": 404})
page("GET", ONE + "/contact", before=the_company, rest=200, **OWN)
page("POST", ONE + "/contact", COMPANY, before=the_company, rest=303, **DONE)
page("GET", ONE + "/sites/new", before=the_company, rest=200, **OWN)
page("POST", ONE + "/sites/new", SITE, before=the_company, rest=303, **DONE)
page("GET", ONE + "/sites/{site_id}", before=the_company, rest=200, **OWN)
page("POST", ONE + "/sites/{site_id}", SITE | {"version": "1"}, before=the_company, rest=303,
     **DONE)  # fmt: skip
page("POST", ONE + "/verification", {"name": "Jens"}, before=the_company, rest=303, **HOSTING)
page("POST", ONE + "/invitation", {"name": "Uschi", "email": "u@example.org", "language": "de"},
     before=the_company, rest=303,
     **NO_OFFICE | {"admin": 303, "sending": 422, "stranger": 422})  # fmt: skip
page("POST", ONE + "/responsible",
     lambda named: {"user_id": named["hosting"], "version": "0"}, before=two_coordinators,
     rest=303, **HOSTING | {"admin": 303})  # fmt: skip
page("GET", "/covers", before=two_coordinators, rest=200, **NO_OFFICE | {"admin": 200})
page("POST", "/covers", april, before=two_coordinators, rest=303,
     **NO_OFFICE | {"admin": 303, "stranger": 422, "hosting": 422})  # fmt: skip
page("POST", "/covers/{cover_id}/end", {}, before=two_coordinators, rest=303,
     **NO_OFFICE | {"admin": 303, "stranger": 404, "hosting": 404})  # fmt: skip
page("GET", "/idle", before=the_company, rest=200, **NO_OFFICE)
