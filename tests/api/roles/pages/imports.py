"""Imports: without a file there is nothing to read."""

from tests.api.roles import NO_OFFICE, page
from tests.api.roles.rounds import nothing

page("GET", "/imports", before=nothing, rest=200, **NO_OFFICE)
page("GET", "/imports/template", before=nothing, rest=200, **NO_OFFICE)
page("POST", "/imports/check", {}, before=nothing, rest=422, **NO_OFFICE)
page("POST", "/imports", {}, before=nothing, rest=422, **NO_OFFICE)
