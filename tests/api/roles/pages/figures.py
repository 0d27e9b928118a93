"""Map and figures."""

from tests.api.roles import page

OFFICE = {"admin": 200, "sending": 200, "hosting": 200, "stranger": 200}

page("GET", "/figures", rest=403, **OFFICE)
for name in ("flows", "balance", "months"):
    for kind in ("svg", "csv"):
        page("GET", f"/figures/{name}.{kind}?call={{code}}", rest=403, **OFFICE)
