"""One's own account: name, address, language of messages, password, where one is signed in."""

import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

import models
from api.browser import check_code_rate, check_password_rate, give_cookie, take_cookie
from api.device_names import device_name
from api.edge import OwnSession, Permit, Reading, Writing, factor_required, may
from api.language import Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.policy import Action
from api.services import accounts, clock, factors, sessions, tokens
from models.account_views import OwnAccountAsked, PasswordChanged, TokenAsked

router = APIRouter()

SCOPES = {"read": ["read"], "write": ["read", "write"]}
"""What a token may do, by the value of the form."""


@router.get("/account")
def own_account(
    request: Request, session: Reading, permit: Permit = may(Action.SESSION_OWN), done: str = ""
) -> Response:
    """All of it. `done` names what was just done."""
    return _page(request, session, permit, done=done)


@router.post("/account")
def change_account(
    request: Request, form: Form, session: Writing, _own: OwnSession,
    permit: Permit = may(Action.SESSION_OWN),
) -> Response:  # fmt: skip
    """Another name, address or language of messages."""
    language = Language(permit.caller.language)
    asked, faults = read(OwnAccountAsked, form, language)
    if asked is not None:
        if asked.password:
            check_password_rate(request, permit.caller)
        with attempt(session, faults, language):
            accounts.change_own(session, permit.caller, asked, version_seen(form))
    if not faults:
        return go_to(request, "/account?done=account")
    typed = {name: value for name, value in form.items() if name != "password"}
    return _page(request, session, permit, status=422, faults=faults, typed=typed)


@router.post("/account/password")
def change_password(
    request: Request, form: Form, session: Writing, own: OwnSession,
    permit: Permit = may(Action.SESSION_OWN),
) -> Response:  # fmt: skip
    """Another password; everywhere else one is signed out."""
    language = Language(permit.caller.language)
    asked, faults = read(PasswordChanged, form, language)
    check_password_rate(request, permit.caller)
    if asked is not None:
        with attempt(session, faults, language):
            accounts.change_password(
                session, permit.caller, asked.old, asked.new, keep_session_id=own
            )
    if faults:
        return _page(request, session, permit, status=422, faults=faults)
    answer = go_to(request, "/account?done=password")
    login = session.get_one(models.LoginSession, own)
    give_cookie(answer, sessions.rotate(session, permit.caller, login))
    return answer


@router.post("/account/sessions/end")
def end_other_sessions(
    request: Request, _form: Form, session: Writing, own: OwnSession,
    permit: Permit = may(Action.SESSION_OWN),
) -> Response:  # fmt: skip
    """Sign out everywhere but here."""
    sessions.end_other_sessions(session, permit.caller, own)
    return go_to(request, "/account?done=sessions")


@router.post("/account/sessions/{session_id}/end")
def end_session(
    request: Request, session_id: uuid.UUID, _form: Form, session: Writing, own: OwnSession,
    permit: Permit = may(Action.SESSION_OWN),
) -> Response:  # fmt: skip
    """Sign out in one place."""
    sessions.end_session(session, permit.caller, session_id)
    answer = go_to(request, "/sign-in" if session_id == own else "/account?done=sessions")
    if session_id == own:
        take_cookie(answer)
    return answer


@router.post("/account/tokens")
def make_token(
    request: Request, form: Form, session: Writing, own: OwnSession,
    permit: Permit = may(Action.TOKEN_OWN),
) -> Response:  # fmt: skip
    """A key for a program of one's own. It stands on the page that answers, and nowhere else.

    With a second factor it asks for a code, unless one was given in the last minutes.
    """
    language = Language(permit.caller.language)
    given = {
        "name": form.get("token_name", ""), "days": form.get("days", ""),
        "scopes": SCOPES.get(str(form.get("scope", "")), []), "code": form.get("code", ""),
    }  # fmt: skip
    asked, faults = read(TokenAsked, given, language)
    if "name" in faults.fields:
        faults.fields["token_name"] = faults.fields.pop("name")
    secret = ""
    if asked is not None:
        check_code_rate(request, permit.caller, asked.code)
        with attempt(session, faults, language):
            caller = permit.caller
            login = session.get_one(models.LoginSession, own)
            factors.check_fresh(session, caller, login, asked.code)
            _, secret = tokens.create_token(session, caller, asked.name, asked.scopes, asked.days)
    if faults:
        typed = {name: value for name, value in form.items() if name != "code"}
        return _page(request, session, permit, status=422, faults=faults, typed=typed)
    return _page(request, session, permit, status=201, secret=secret)


@router.post("/account/tokens/{token_id}/end")
def revoke_token(
    request: Request, token_id: uuid.UUID, _form: Form, session: Writing, _own: OwnSession,
    permit: Permit = may(Action.TOKEN_OWN),
) -> Response:  # fmt: skip
    """End a token."""
    tokens.revoke_token(session, permit.caller, token_id)
    return go_to(request, "/account?done=tokens")


def _page(
    request: Request, session: Session, permit: Permit, *, status: int = 200, done: str = "",
    secret: str = "", faults: Faults | None = None, typed: Mapping[str, Any] | None = None,
) -> Response:  # fmt: skip
    this, required = request.state.login_id, factor_required(request, permit.caller.role)
    factor = factors.shown(session, permit.caller, required=required)
    places = sessions.shown(sessions.own_sessions(session, permit.caller), this)
    return show(
        request, "account.html", status=status, done=done, secret=secret,
        zone=clock.zone_of(session, permit.caller),
        own=accounts.own_account(session, permit.caller),
        has_password=accounts.account(session, accounts.own_id(permit.caller)).password_hash
        is not None,
        places=places, factor=factor,
        devices={one.id: device_name(one.device) for one in places},
        tokens=tokens.own_tokens(session, permit.caller),
        faults=faults or Faults(), typed=typed or {},
    )  # fmt: skip
