from tests.api.alliance import Alliance
from tests.api.roles import NO_OFFICE, row


def one(_: Alliance) -> dict[str, object]:
    return {"name": "days_to_answer"}


OFFICE = NO_OFFICE | {"admin": 200}
row("GET", "/settings", before=one, rest=200, **OFFICE)
row("GET", "/settings/{name}", before=one, rest=200, **OFFICE)
row("GET", "/settings/{name}/history", before=one, rest=200, **OFFICE)
row("PUT", "/settings/{name}", {"value": 21}, before=one, rest=200, **OFFICE)
