"""One's own account: where one is signed in, the password, tokens for programs of one's own.

A token reads these and changes none: whoever finds one cannot make more of it.
"""

import uuid
from typing import Any

from fastapi import APIRouter, Request, Response

import models
from api.browser import check_code_rate, check_password_rate, give_cookie, take_cookie
from api.edge import OwnSession, Permit, Reading, SeenVersion, Writing, may, tag
from api.policy import Action
from api.services import accounts, factors, sessions, tokens
from models.account_views import (
    OwnAccountAsked,
    OwnAccountShown,
    PasswordChanged,
    SessionList,
    TokenAsked,
    TokenList,
    TokenMade,
    TokenShown,
)

router = APIRouter(tags=["own account"])


@router.get("/account")
def own_account(
    session: Reading, response: Response, permit: Permit = may(Action.SESSION_OWN)
) -> OwnAccountShown:
    """One's own account, with the ETag that its change asks for."""
    found = accounts.own_account(session, permit.caller)
    response.headers["ETag"] = tag(found.version)
    return found


@router.put("/account")
def change_own_account(
    asked: OwnAccountAsked, request: Request, session: Writing, _own: OwnSession,
    seen: SeenVersion, response: Response, permit: Permit = may(Action.SESSION_OWN),
) -> OwnAccountShown:  # fmt: skip
    """Replace one's own name, address and the language that one is written to in.

    Another address asks for the password.
    """
    if asked.password:
        check_password_rate(request, permit.caller)
    found = accounts.change_own(session, permit.caller, asked, seen)
    response.headers["ETag"] = tag(found.version)
    return found


@router.get("/sessions")
def own_sessions(
    request: Request, session: Reading, permit: Permit = may(Action.SESSION_OWN)
) -> SessionList:
    """Where one is signed in, and which of them this is."""
    this = getattr(request.state, "login_id", None)
    return SessionList(items=sessions.shown(sessions.own_sessions(session, permit.caller), this))


@router.delete("/sessions", status_code=204)
def end_other_sessions(
    session: Writing, own: OwnSession, permit: Permit = may(Action.SESSION_OWN)
) -> None:
    """Sign out everywhere but here."""
    sessions.end_other_sessions(session, permit.caller, own)


@router.delete("/sessions/{session_id}", status_code=204)
def end_session(
    session_id: uuid.UUID, session: Writing, own: OwnSession, response: Response,
    permit: Permit = may(Action.SESSION_OWN),
) -> None:  # fmt: skip
    """Sign out in one place."""
    sessions.end_session(session, permit.caller, session_id)
    if session_id == own:
        take_cookie(response)


@router.post("/password", status_code=204)
def change_password(
    asked: PasswordChanged, request: Request, response: Response, session: Writing,
    own: OwnSession, permit: Permit = may(Action.SESSION_OWN),
) -> None:  # fmt: skip
    """Set another password. All other sessions end, and this one gets a new cookie."""
    check_password_rate(request, permit.caller)
    accounts.change_password(session, permit.caller, asked.old, asked.new, keep_session_id=own)
    login = session.get_one(models.LoginSession, own)
    give_cookie(response, sessions.rotate(session, permit.caller, login))


@router.get("/tokens")
def own_tokens(session: Reading, permit: Permit = may(Action.TOKEN_OWN)) -> TokenList:
    """The tokens of one's programs, expired ones too."""
    found = tokens.own_tokens(session, permit.caller)
    return TokenList(items=[TokenShown(**_taken(one, TokenShown)) for one in found])


@router.post("/tokens", status_code=201)
def make_token(
    asked: TokenAsked, request: Request, session: Writing, own: OwnSession,
    permit: Permit = may(Action.TOKEN_OWN),
) -> TokenMade:  # fmt: skip
    """Make a token. Its secret stands in this answer and nowhere else.

    With a second factor it asks for a code, unless one was given in the last ten minutes. Asked
    for again it makes another token: an answer with a secret is not kept.
    """
    check_code_rate(request, permit.caller, asked.code)
    login = session.get_one(models.LoginSession, own)
    factors.check_fresh(session, permit.caller, login, asked.code)
    made, secret = tokens.create_token(session, permit.caller, asked.name, asked.scopes, asked.days)
    return TokenMade(**_taken(made, TokenShown), secret=secret)


@router.delete("/tokens/{token_id}", status_code=204)
def revoke_token(
    token_id: uuid.UUID, session: Writing, _own: OwnSession,
    permit: Permit = may(Action.TOKEN_OWN),
) -> None:  # fmt: skip
    """End a token."""
    tokens.revoke_token(session, permit.caller, token_id)


def _taken(row: Any, shape: Any) -> dict[str, Any]:
    """The fields of the shape that the row has."""
    return {name: getattr(row, name) for name in shape.model_fields if hasattr(row, name)}
