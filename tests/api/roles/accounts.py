from api.database import transaction
from api.services import sessions
from tests.api.alliance import Alliance
from tests.api.roles import row

NOT_OFFICE = {"tutor": 403, "company": 403, "other": 403, "aino": 403, "eetu": 403,
              "guardian": 403}  # fmt: skip


def the_company(alliance: Alliance) -> dict[str, object]:
    """The account of a company in the hosting region, where mail reaches it."""
    user = alliance.users["company"]
    with transaction(alliance.engine) as session:
        session.merge(user).email = "company@example.org"
    return {"account_id": user.id, "scope_id": str(alliance.company.id)}


def a_session(alliance: Alliance) -> dict[str, object]:
    """Somebody else's session; a token ends none, not even one's own."""
    with transaction(alliance.engine) as session:
        login, _ = sessions.start_session(session, alliance.caller("admin"), "Firefox")
    return {"session_id": login.id, "token_id": login.id}


row("GET", "/accounts", before=the_company, rest=200, **NOT_OFFICE)
row("GET", "/accounts/{account_id}", before=the_company, rest=404, admin=200, hosting=200,
    **NOT_OFFICE)  # fmt: skip
row("POST", "/accounts",
    lambda named: {"role": "company", "scope_id": named["scope_id"], "name": "Uwe"},
    before=the_company, rest=404, admin=201, hosting=201, **NOT_OFFICE)  # fmt: skip
row("POST", "/accounts/{account_id}/invitation", before=the_company, rest=404, admin=201,
    hosting=201, **NOT_OFFICE)  # fmt: skip
row("POST", "/accounts/{account_id}/end", before=the_company, rest=404, admin=200, hosting=200,
    **NOT_OFFICE)  # fmt: skip

row("DELETE", "/accounts/{account_id}/sessions", before=the_company, rest=404, admin=204,
    hosting=204, **NOT_OFFICE)  # fmt: skip
row("DELETE", "/accounts/{account_id}/second-factor", before=the_company, rest=404, admin=204,
    hosting=204, **NOT_OFFICE)  # fmt: skip

row("GET", "/account/second-factor", before=a_session, rest=200)
row("POST", "/account/second-factor", {}, before=a_session, rest=403)
row("POST", "/account/second-factor/confirm", {"code": "1"}, before=a_session, rest=403)
row("POST", "/account/second-factor/recovery-codes", {}, before=a_session, rest=403)
row("POST", "/account/second-factor/end", {}, before=a_session, rest=403)
row("GET", "/account", before=a_session, rest=200)
row("PUT", "/account", {"name": "Aino"}, before=a_session, rest=403)
row("GET", "/sessions", before=a_session, rest=200)
row("DELETE", "/sessions", before=a_session, rest=403)
row("DELETE", "/sessions/{session_id}", before=a_session, rest=403)
row("POST", "/password", {"old": "a", "new": "b"}, before=a_session, rest=403)
row("GET", "/tokens", before=a_session, rest=200)
row("POST", "/tokens", {"name": "t", "scopes": ["read"], "days": 9}, before=a_session, rest=403)
row("DELETE", "/tokens/{token_id}", before=a_session, rest=403)
