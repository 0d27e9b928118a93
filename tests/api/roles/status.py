"""How the service is doing: for administrators alone."""

from tests.api.roles import a_proposal, page, row

row("GET", "/status", before=a_proposal, rest=403, admin=200)
page("GET", "/status", before=a_proposal, rest=403, admin=200)
