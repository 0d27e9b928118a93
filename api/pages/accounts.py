"""People with access: listed, given an account, invited, shut out."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from api import addresses
from api.browser import refuse_token_for_office
from api.edge import Permit, Reading, Writing, may
from api.language import OWN_NAMES, Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.policy import Action
from api.services import account_lists, accounts, clock, factors, sessions
from api.services.records import check_version
from models import Role
from models.account_views import AccountAsked, AccountState, InvitationMade
from models.user import UserFields

router = APIRouter(prefix="/accounts")


@router.get("")
def people(
    request: Request, session: Reading, permit: Permit = may(Action.ACCOUNT_READ),
    role: Role | None = None, state: AccountState | None = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:  # fmt: skip
    """Who has access, as the address narrows it."""
    found, more = account_lists.page(
        session, permit.caller, permit.scope, role=role, state=state, number=page
    )
    wanted = [(name, value) for name, value in (("role", role), ("state", state)) if value]
    return show(
        request, "accounts.html", items=found, role=role, state=state, roles=list(Role),
        states=list(AccountState), page=page,
        next=_address([*wanted, ("page", str(page + 1))]) if more else None,
    )  # fmt: skip


def _address(given: list[tuple[str, str]]) -> str:
    return "/accounts?" + "&".join(f"{name}={value}" for name, value in given)


@router.get("/new")
def form_of_account(
    request: Request, session: Reading, role: Role | None = None,
    permit: Permit = may(Action.ACCOUNT_CHANGE),
) -> Response:  # fmt: skip
    """For whom, then who."""
    return _form(request, session, permit, role)


def _form(
    request: Request, session: Session, permit: Permit, role: Role | None, *, status: int = 200,
    form: Form | None = None, faults: Faults | None = None,
) -> Response:  # fmt: skip
    roles = account_lists.may_make(permit.caller)
    chosen = role if role in roles else None
    scopes = account_lists.choices(session, permit.caller, chosen) if chosen else []
    return show(
        request, "account_new.html", status=status, roles=roles, role=chosen,
        scopes=scopes, languages=list(OWN_NAMES.items()), faults=faults or Faults(),
        typed=form if form is not None else {}, language_of_account=permit.caller.language,
    )  # fmt: skip


@router.post("")
def make(
    request: Request, form: Form, session: Writing, permit: Permit = may(Action.ACCOUNT_CHANGE)
) -> Response:
    """Make an account, and send its owner an invitation where that is wanted."""
    language = Language(permit.caller.language)
    asked, faults = read(AccountAsked, form, language)
    if asked is not None:
        fields = UserFields(**asked.model_dump(include=set(UserFields.model_fields)))
        with attempt(session, faults, language):
            user = accounts.make_within(
                session, permit.caller, asked.role, asked.scope_id, fields
            )  # fmt: skip
            if form.get("invite"):
                refuse_token_for_office(request, permit.caller, user.role)
                accounts.invite_by_mail(session, permit.caller, user)
            return go_to(request, f"/accounts/{user.id}?made=true")
    role = asked.role if asked is not None else _role_of(str(form.get("role", "")))
    return _form(request, session, permit, role, status=422, form=form, faults=faults)


def _role_of(code: str) -> Role | None:
    return Role(code) if code in set(Role) else None


@router.get("/{account_id}")
def account(
    request: Request, account_id: uuid.UUID, session: Reading, made: bool = False,
    done: str = "", permit: Permit = may(Action.ACCOUNT_READ),
) -> Response:  # fmt: skip
    """One account, and what can be done with it. `done` names what was just done."""
    return _one(request, session, permit, account_id, made=made, done=done)


def _one(
    request: Request, session: Session, permit: Permit, account_id: uuid.UUID, *,
    made: bool = False, done: str = "", status: int = 200, faults: Faults | None = None,
    invitation: InvitationMade | None = None,
) -> Response:  # fmt: skip
    user = accounts.within(session, permit.caller, permit.scope, account_id)
    (found,) = account_lists.listed(session, [user])
    return show(
        request, "account_other.html", status=status, found=found, one=found.account, made=made,
        done=done, factor=factors.confirmed(session, user.id),
        language_name=OWN_NAMES.get(user.language, user.language),
        own=permit.caller.user_id == user.id, invitation=invitation,
        mine=permit.caller.role == Role.ADMIN or user.role in accounts.OF_REGION,
        zone=clock.zone_of(session, permit.caller), faults=faults or Faults(),
    )  # fmt: skip


@router.post("/{account_id}/invitation")
def invite(
    request: Request, account_id: uuid.UUID, form: Form, session: Writing,  # noqa: ARG001
    permit: Permit = may(Action.ACCOUNT_CHANGE),
) -> Response:  # fmt: skip
    """Let the owner set a password: by a mail, and by a link that is shown this once."""
    user = accounts.within(session, permit.caller, permit.scope, account_id)
    faults, given = Faults(), None
    with attempt(session, faults, Language(permit.caller.language)):
        accounts.refuse_to_touch(permit.caller, user)
        refuse_token_for_office(request, permit.caller, user.role)
        made, secret = accounts.invite_by_mail(session, permit.caller, user)
        link = addresses.welcome(request.app.state.settings.address, secret, user.language)
        given = InvitationMade(link=link, expires_at=made.expires_at)
    status = 422 if faults else 200
    return _one(
        request, session, permit, account_id, status=status, faults=faults, invitation=given
    )  # fmt: skip


@router.post("/{account_id}/sessions/end")
def end_sessions(
    request: Request, account_id: uuid.UUID, _form: Form, session: Writing,
    permit: Permit = may(Action.ACCOUNT_CHANGE),
) -> Response:  # fmt: skip
    """Sign somebody out everywhere."""
    user = accounts.within(session, permit.caller, permit.scope, account_id)
    faults = Faults()
    with attempt(session, faults, Language(permit.caller.language)):
        accounts.refuse_to_touch(permit.caller, user)
        sessions.end_all(session, permit.caller, user)
        return go_to(request, f"/accounts/{account_id}?done=sessions")
    return _one(request, session, permit, account_id, status=422, faults=faults)


@router.post("/{account_id}/second-step/end")
def reset_second_step(
    request: Request, account_id: uuid.UUID, _form: Form, session: Writing,
    permit: Permit = may(Action.ACCOUNT_CHANGE),
) -> Response:  # fmt: skip
    """Take somebody's second step away, as after a phone was lost."""
    user = accounts.within(session, permit.caller, permit.scope, account_id)
    faults = Faults()
    with attempt(session, faults, Language(permit.caller.language)):
        accounts.refuse_to_touch(permit.caller, user)
        refuse_token_for_office(request, permit.caller, user.role)
        factors.reset(session, permit.caller, user)
        return go_to(request, f"/accounts/{account_id}?done=second_step")
    return _one(request, session, permit, account_id, status=422, faults=faults)


@router.post("/{account_id}/end")
def end(
    request: Request, account_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.ACCOUNT_CHANGE),
) -> Response:  # fmt: skip
    """Let nobody in with this account any more."""
    user = accounts.within(session, permit.caller, permit.scope, account_id)
    faults = Faults()
    with attempt(session, faults, Language(permit.caller.language)):
        accounts.refuse_to_touch(permit.caller, user)
        check_version("account", user, version_seen(form))
        accounts.disable(session, permit.caller, user)
        return go_to(request, f"/accounts/{account_id}")
    return _one(request, session, permit, account_id, status=422, faults=faults)
