"""One's own account, for everybody who has one."""

from tests.api.roles import page
from tests.api.roles.accounts import a_session

page("GET", "/account", before=a_session, rest=200)
page("POST", "/account", {"name": ""}, before=a_session, rest=422)
page("POST", "/account/password", {"old": "a", "new": "b"}, before=a_session, rest=422)
page("POST", "/account/sessions/end", before=a_session, rest=303)
page("POST", "/account/sessions/{session_id}/end", before=a_session, rest=404, admin=303)
page("GET", "/account/second-step", before=a_session, rest=200)
page("POST", "/account/second-step", before=a_session, rest=303)
page("GET", "/account/second-step/picture", before=a_session, rest=409)
page("POST", "/account/second-step/confirm", {"code": "1"}, before=a_session, rest=422)
page("POST", "/account/second-step/recovery-codes", before=a_session, rest=422)
page("POST", "/account/second-step/end", before=a_session, rest=422)
page("POST", "/account/tokens", {"token_name": "t", "scope": "read", "days": 90},
     before=a_session, rest=201)  # fmt: skip
page("POST", "/account/tokens/{token_id}/end", before=a_session, rest=404)
