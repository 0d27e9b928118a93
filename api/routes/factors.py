"""The own second factor: an app that makes codes, and recovery codes that stand in for it.

A token reads how it stands and changes nothing of it.
"""

from fastapi import APIRouter, Request, Response

import models
from api.browser import check_code_rate, check_password_rate, give_cookie
from api.edge import OwnSession, Permit, Reading, Writing, factor_required, may
from api.policy import Action
from api.services import factors, sessions
from models.factor_views import (
    CodeAsked,
    CodeMaybe,
    FactorBegun,
    FactorShown,
    PasswordAsked,
    RecoveryCodes,
)

router = APIRouter(prefix="/account/second-factor", tags=["own account"])

OWN = may(Action.FACTOR_OWN, without_factor=True)


@router.get("")
def own_factor(request: Request, session: Reading, permit: Permit = OWN) -> FactorShown:
    """How the own second factor stands."""
    required = factor_required(request, permit.caller.role)
    return factors.shown(session, permit.caller, required=required)


@router.post("", status_code=201)
def begin(
    asked: PasswordAsked, request: Request, session: Writing, _own: OwnSession,
    permit: Permit = OWN,
) -> FactorBegun:  # fmt: skip
    """Begin to set it up: a secret for an app that makes codes, shown in this answer.

    Signing in asks for codes once a first one confirmed it, within an hour.
    """
    check_password_rate(request, permit.caller)
    return factors.begin(session, permit.caller, asked.password)


@router.post("/confirm")
def confirm(
    asked: CodeAsked, request: Request, response: Response, session: Writing, own: OwnSession,
    permit: Permit = OWN,
) -> RecoveryCodes:  # fmt: skip
    """Give a first code. All other sessions end, and this one gets a new cookie.

    The recovery codes stand in this answer and nowhere else.
    """
    check_code_rate(request, permit.caller, asked.code)
    login = session.get_one(models.LoginSession, own)
    codes = factors.confirm(session, permit.caller, login, asked.code)
    give_cookie(response, sessions.rotate(session, permit.caller, login))
    return RecoveryCodes(recovery_codes=codes)


@router.post("/recovery-codes")
def new_codes(
    asked: CodeMaybe, request: Request, session: Writing, own: OwnSession, permit: Permit = OWN
) -> RecoveryCodes:
    """Other recovery codes in place of those before."""
    check_code_rate(request, permit.caller, asked.code)
    login = session.get_one(models.LoginSession, own)
    return RecoveryCodes(recovery_codes=factors.new_codes(
        session, permit.caller, login, asked.code
    ))  # fmt: skip


@router.post("/end", status_code=204)
def end(
    asked: CodeMaybe, request: Request, session: Writing, own: OwnSession, permit: Permit = OWN
) -> None:
    """Switch it off, where the settings leave that to people."""
    check_code_rate(request, permit.caller, asked.code)
    required = factor_required(request, permit.caller.role)
    login = session.get_one(models.LoginSession, own)
    factors.end(session, permit.caller, login, asked.code, required=required)
