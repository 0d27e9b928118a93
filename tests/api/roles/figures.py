"""Figures of a call."""

from tests.api.roles import row

OFFICE = {"admin": 200, "sending": 200, "hosting": 200, "stranger": 200}

for figure in ("flows", "balance", "months"):
    row("GET", f"/figures/{figure}?call={{code}}", rest=403, **OFFICE)
