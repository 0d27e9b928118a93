"""Messages that did not arrive, and calls."""

from tests.api.roles import NO_OFFICE, page
from tests.api.roles.messages import SENDING, lost, to_call

page("GET", "/messages", before=lost, rest=200, **NO_OFFICE)
page("POST", "/messages/{message_id}/retry", {}, before=lost, rest=303, **SENDING)
page("POST", "/messages/{message_id}/let-go", {}, before=lost, rest=303, **SENDING)
page("POST", "/messages/{message_id}/call", {"reached": "true"}, before=to_call, rest=303,
     **SENDING)  # fmt: skip
