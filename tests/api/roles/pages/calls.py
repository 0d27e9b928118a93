"""Calls, for the office."""

from tests.api.roles import page
from tests.api.roles.calls import FIELDS, OFFICE, the_call, the_draft

page("GET", "/calls", before=the_call, rest=200, **OFFICE)
page("GET", "/calls/new", before=the_call, rest=200, **OFFICE)
page("POST", "/calls/new", FIELDS, before=the_call, rest=303, **OFFICE | {"admin": 303})
page("GET", "/calls/{code}", before=the_draft, rest=200, **OFFICE)
page("GET", "/calls/{code}/edit", before=the_draft, rest=200, **OFFICE)
page("POST", "/calls/{code}/edit", FIELDS | {"version": "1"}, before=the_call, rest=303,
     **OFFICE | {"admin": 303})  # fmt: skip
page("POST", "/calls/{code}/status", {"version": "1", "do": "open"}, before=the_draft, rest=303,
     **OFFICE | {"admin": 303})  # fmt: skip
page("POST", "/calls/{code}/funding/{region}/{activity}", {"version": "1", "places": "5"},
     before=the_call, rest=404, **OFFICE | {"admin": 303, "sending": 303})  # fmt: skip
