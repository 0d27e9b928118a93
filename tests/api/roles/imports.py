"""Imports: without a file there is nothing to read."""

from tests.api.roles import NO_OFFICE, row
from tests.api.roles.rounds import nothing

row("GET", "/imports/template", before=nothing, rest=200, **NO_OFFICE)
row("POST", "/imports/check", before=nothing, rest=422, **NO_OFFICE)
row("POST", "/imports", before=nothing, rest=422, **NO_OFFICE)
