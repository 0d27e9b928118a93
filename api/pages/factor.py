"""The second step of one's own sign-in: set up, recovery codes, switched off."""

import io

import segno
from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

import models
from api.browser import check_code_rate, check_password_rate, give_cookie
from api.edge import OwnSession, Permit, Reading, Writing, factor_required, may
from api.language import Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show
from api.policy import Action
from api.services import accounts, factors, sessions
from models.factor_views import CodeAsked, CodeMaybe, FactorState, PasswordAsked

router = APIRouter(prefix="/account/second-step")

OWN = may(Action.FACTOR_OWN, without_factor=True)

GROUP = 4
"""So many letters of the secret stand together where it is typed."""


@router.get("")
def second_step(
    request: Request, session: Reading, permit: Permit = OWN, done: str = ""
) -> Response:
    """How it stands, and the next step of setting it up. `done` names what was just done."""
    return _page(request, session, permit, done=done)


@router.post("")
def begin(
    request: Request, form: Form, session: Writing, _own: OwnSession, permit: Permit = OWN
) -> Response:
    """Begin to set it up."""
    language = Language(permit.caller.language)
    asked, faults = read(PasswordAsked, form, language)
    check_password_rate(request, permit.caller)
    if asked is not None:
        with attempt(session, faults, language):
            factors.begin(session, permit.caller, asked.password)
    if faults:
        return _page(request, session, permit, status=422, faults=faults)
    return go_to(request, "/account/second-step")


@router.get("/picture")
def picture(session: Reading, permit: Permit = OWN) -> Response:
    """The secret as a QR code, while it is set up. Dark on white in both colour schemes."""
    given = factors.begun(session, permit.caller)
    drawn = io.BytesIO()
    segno.make(given.address, micro=False).save(
        drawn, kind="svg", border=4, light="#ffffff", dark="#000000", xmldecl=False
    )
    return Response(drawn.getvalue(), media_type="image/svg+xml")


@router.post("/confirm")
def confirm(
    request: Request, form: Form, session: Writing, own: OwnSession, permit: Permit = OWN
) -> Response:
    """A first code: it is on, and the recovery codes stand on the page that answers."""
    language = Language(permit.caller.language)
    asked, faults = read(CodeAsked, form, language)
    codes: list[str] = []
    login = session.get_one(models.LoginSession, own)
    if asked is not None:
        check_code_rate(request, permit.caller, asked.code)
        with attempt(session, faults, language):
            codes = factors.confirm(session, permit.caller, login, asked.code)
    if faults:
        return _page(request, session, permit, status=422, faults=faults)
    secret = sessions.rotate(session, permit.caller, login)
    answer = _page(request, session, permit, codes=codes)
    give_cookie(answer, secret)
    return answer


@router.post("/recovery-codes")
def new_codes(
    request: Request, form: Form, session: Writing, own: OwnSession, permit: Permit = OWN
) -> Response:
    """Other recovery codes; they stand on the page that answers."""
    language = Language(permit.caller.language)
    asked, faults = read(CodeMaybe, form, language)
    codes: list[str] = []
    if asked is not None:
        check_code_rate(request, permit.caller, asked.code)
        with attempt(session, faults, language):
            login = session.get_one(models.LoginSession, own)
            codes = factors.new_codes(session, permit.caller, login, asked.code)
    status = 422 if faults else 200
    return _page(request, session, permit, status=status, faults=faults, codes=codes)


@router.post("/end")
def end(
    request: Request, form: Form, session: Writing, own: OwnSession, permit: Permit = OWN
) -> Response:
    """Switch it off."""
    language = Language(permit.caller.language)
    asked, faults = read(CodeMaybe, form, language)
    if asked is not None:
        check_code_rate(request, permit.caller, asked.code)
        required = factor_required(request, permit.caller.role)
        with attempt(session, faults, language):
            login = session.get_one(models.LoginSession, own)
            factors.end(session, permit.caller, login, asked.code, required=required)
    if faults:
        return _page(request, session, permit, status=422, faults=faults)
    return go_to(request, "/account/second-step?done=off")


def _page(
    request: Request, session: Session, permit: Permit, *, status: int = 200, done: str = "",
    faults: Faults | None = None, codes: list[str] | None = None,
) -> Response:  # fmt: skip
    required = factor_required(request, permit.caller.role)
    found = factors.shown(session, permit.caller, required=required)
    is_begun = found.state == FactorState.BEGUN
    given = factors.begun(session, permit.caller) if is_begun else None
    user = accounts.account(session, accounts.own_id(permit.caller))
    return show(
        request, "factor.html", status=status, factor=found, given=given, done=done,
        grouped=[given.secret[at : at + GROUP] for at in range(0, len(given.secret), GROUP)]
        if given else [],
        has_password=user.password_hash is not None, codes=codes or [],
        locked=required and found.state != FactorState.ON, faults=faults or Faults(),
    )  # fmt: skip
