"""Accounts: seen, made, invited to, ended; and invitations, accepted without an account."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from sqlmodel import col

import models
from api import addresses, store
from api.browser import browser_of, keep, refuse_token_for_office
from api.edge import (
    Anonymous,
    OnlyOnce,
    Permit,
    Reading,
    SeenVersion,
    Writing,
    may,
    refuse_other_sites,
    refuse_unencrypted,
    tag,
)
from api.policy import Action
from api.routes.sessions import SIGNED_IN_IN_PART, Me, of_account
from api.services import accounts, factors, second_step, sessions
from api.services.records import check_version
from api.services.second_step import HalfOpened
from api.store.scopes import accounts_in
from api.throttle import Tried
from models import Role
from models.account_views import (
    AccountAsked,
    AccountPage,
    AccountShown,
    InvitationAccepted,
    InvitationMade,
)
from models.factor_views import CodeNeeded
from models.user import UserFields

router = APIRouter(tags=["accounts"])


@router.get("/accounts")
def list_accounts(
    session: Reading,
    permit: Permit = may(Action.ACCOUNT_READ),
    role: Role | None = None,
    after: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AccountPage:
    """The accounts that one looks after, by id."""
    wanted = [accounts_in(permit.scope, permit.caller.scope_id)]
    if role is not None:
        wanted.append(col(models.User.role) == role)
    if after is not None:
        wanted.append(col(models.User.id) > after)
    found = store.accounts.accounts(session, *wanted, limit=limit + 1)
    items = [accounts.shown(user) for user in found[:limit]]
    return AccountPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/accounts/{account_id}")
def one_account(
    account_id: uuid.UUID, session: Reading, response: Response,
    permit: Permit = may(Action.ACCOUNT_READ),
) -> AccountShown:  # fmt: skip
    """One account, with the ETag that its end asks for."""
    user = accounts.within(session, permit.caller, permit.scope, account_id)
    response.headers["ETag"] = tag(user.version)
    return accounts.shown(user)


@router.post("/accounts", status_code=201, response_model=AccountShown)
def make_account(
    asked: AccountAsked, once: OnlyOnce, permit: Permit = may(Action.ACCOUNT_CHANGE)
) -> JSONResponse:
    """Make an account without a password; an invitation lets its owner set one."""
    fields = UserFields(**asked.model_dump(include=set(UserFields.model_fields)))

    def make() -> AccountShown:
        user = accounts.make_within(
            once.session, permit.caller, asked.role, asked.scope_id, fields
        )  # fmt: skip
        return accounts.shown(user)

    return once(
        asked.model_dump(mode="json"), 201, make,
        headers=lambda made: {
            "ETag": tag(made.version), "Location": f"/api/v1/accounts/{made.id}"
        },
    )  # fmt: skip


@router.post("/accounts/{account_id}/invitation", status_code=201)
def invite(
    account_id: uuid.UUID, request: Request, session: Writing,
    permit: Permit = may(Action.ACCOUNT_CHANGE),
) -> InvitationMade:  # fmt: skip
    """Let the owner set a password: the link stands in this answer, and in a mail to the owner.

    Earlier invitations end. With a token nobody is invited to an account of the office: whoever
    finds one would have a password soon.
    """
    user = accounts.within(session, permit.caller, permit.scope, account_id)
    accounts.refuse_to_touch(permit.caller, user)
    refuse_token_for_office(request, permit.caller, user.role)
    made, secret = accounts.invite_by_mail(session, permit.caller, user)
    link = addresses.welcome(request.app.state.settings.address, secret, user.language)
    return InvitationMade(link=link, expires_at=made.expires_at)


@router.post("/accounts/{account_id}/end")
def end_account(
    account_id: uuid.UUID, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.ACCOUNT_CHANGE),
) -> AccountShown:  # fmt: skip
    """Let nobody in with this account any more: sessions, tokens and invitations end."""
    user = accounts.within(session, permit.caller, permit.scope, account_id)
    accounts.refuse_to_touch(permit.caller, user)
    check_version("account", user, seen)
    accounts.disable(session, permit.caller, user)
    session.flush()
    response.headers["ETag"] = tag(user.version)
    return accounts.shown(user)


@router.delete("/accounts/{account_id}/sessions", status_code=204)
def end_sessions(
    account_id: uuid.UUID, session: Writing, permit: Permit = may(Action.ACCOUNT_CHANGE)
) -> None:
    """Sign somebody out everywhere. Tokens go on, and who knows the password signs in again."""
    user = accounts.within(session, permit.caller, permit.scope, account_id)
    accounts.refuse_to_touch(permit.caller, user)
    sessions.end_all(session, permit.caller, user)


@router.delete("/accounts/{account_id}/second-factor", status_code=204)
def reset_second_factor(
    account_id: uuid.UUID, request: Request, session: Writing,
    permit: Permit = may(Action.ACCOUNT_CHANGE),
) -> None:  # fmt: skip
    """Take somebody's second factor away, as after a phone was lost; its owner is told by mail.

    All sessions of the account end. With a token nobody does this to accounts of the office.
    """
    user = accounts.within(session, permit.caller, permit.scope, account_id)
    accounts.refuse_to_touch(permit.caller, user)
    refuse_token_for_office(request, permit.caller, user.role)
    factors.reset(session, permit.caller, user)


@router.post("/invitations/accept", responses=SIGNED_IN_IN_PART)
def accept_invitation(
    asked: InvitationAccepted, request: Request, response: Response, caller: Anonymous,
    session: Writing,
) -> Me | CodeNeeded:  # fmt: skip
    """Set the password of the account that the invitation is for, and sign in.

    202 where the account has a second factor: `POST /session/code` then asks for a code.
    """
    here = refuse_unencrypted(request)
    refuse_other_sites(request)
    request.app.state.throttle.check(Tried.OPEN_FROM_ADDRESS, here)
    user = accounts.accept_invitation(
        session, caller.now, caller.new_id, asked.secret, asked.password,
        request_id=caller.request_id,
    )  # fmt: skip
    opened = second_step.go_on(session, caller, user, browser_of(request), tells=False)
    keep(response, opened)
    if isinstance(opened, HalfOpened):
        response.status_code = 202
        return CodeNeeded(expires_at=opened.half.expires_at)
    return of_account(user, caller)
