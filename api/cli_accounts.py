"""Commands on accounts: `doallvet user …`. They work for whoever can reach the database."""

import datetime
import uuid
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli_service import DatabaseOption, database_at
from api.terminal import refuse

if TYPE_CHECKING:
    from sqlmodel import Session

    from api.caller import Caller
    from models import Role, User


class RoleChoice(StrEnum):
    """The roles of `models.Role`, which is slow to load; a test holds them together."""

    admin = "admin"
    coordinator = "coordinator"
    centre = "centre"
    company = "company"
    apprentice = "apprentice"
    guardian = "guardian"


WhoArgument = Annotated[str, typer.Argument(help="The e-mail address or the id of an account.")]
AddressOption = Annotated[
    str | None,
    typer.Option(
        "--address",
        help="Where people reach the service; else DOALLVET_ADDRESS, else this machine.",
    ),
]

user_app = typer.Typer(
    name="user", help="Make accounts, invite their owners, disable them.", no_args_is_help=True
)


@user_app.command("add")
def add_user(
    role: Annotated[RoleChoice, typer.Option(help="What the person is to the service.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    email: Annotated[str | None, typer.Option(help="One signs in with it.")] = None,
    scope: Annotated[
        str | None,
        typer.Option(
            help="What the account belongs to, none for admins: REGION for a coordinator, CENTRE"
            " for a centre, REGION/KEY for a company, CENTRE/KEY for an apprentice, or an id."
        ),
    ] = None,
    language: Annotated[str, typer.Option(help="The language of mails: en, es, pt…")] = "en",
    database: DatabaseOption = None,
) -> None:
    """Make an account; `doallvet user invite` then lets its owner set a password."""
    from pydantic import ValidationError

    from api.database import transaction
    from api.services import accounts
    from models.user import Role, UserFields

    try:
        fields = UserFields(name=name, email=email, language=language)
    except ValidationError as error:
        refuse([f"--{fault['loc'][0]}: {fault['msg']}" for fault in error.errors()])
    with database_at(database) as engine, transaction(engine) as session:
        belongs_to = _scope(session, Role(role), scope) if scope else None
        made = accounts.create_account(session, _service(), Role(role), belongs_to, fields)
        typer.echo(f"Account {made.id} is there; next: doallvet user invite {email or made.id}")


@user_app.command("invite")
def invite_user(
    who: WhoArgument, address: AddressOption = None, database: DatabaseOption = None
) -> None:
    """Print a link with which the account's owner sets a password, once, within 14 days.

    Give it to nobody else. What stands after the # is not sent to servers and their logs.
    """
    from api import addresses
    from api.database import transaction
    from api.services import accounts
    from api.settings import Settings

    base = address or Settings().address
    with database_at(database) as engine, transaction(engine) as session:
        user = _account(session, who)
        secret = accounts.invite(session, _service(), user)
        link = addresses.welcome(base, secret, user.language)
    typer.echo(link)


@user_app.command("list")
def list_users(database: DatabaseOption = None) -> None:
    """Every account: id, role, state, e-mail address, name."""
    from api import store
    from api.database import transaction

    with database_at(database) as engine, transaction(engine, writes=False) as session:
        for user in store.accounts.every_account(session):
            typer.echo(f"{user.id}  {user.role}  {_state(user)}  {user.email or '-'}  {user.name}")


@user_app.command("disable")
def disable_user(who: WhoArgument, database: DatabaseOption = None) -> None:
    """Let nobody in with an account any more: its sessions, tokens and invitations end."""
    from api.database import transaction
    from api.services import accounts

    with database_at(database) as engine, transaction(engine) as session:
        user = _account(session, who)
        accounts.disable(session, _service(), user)
        typer.echo(f"Account {user.id} is disabled.")


@user_app.command("reset-second-factor")
def reset_second_factor(who: WhoArgument, database: DatabaseOption = None) -> None:
    """Take an account's second factor away, as for an admin who lost the phone and all codes.

    Its owner is told by mail and signed out everywhere.
    """
    from api.database import transaction
    from api.services import factors

    with database_at(database) as engine, transaction(engine) as session:
        user = _account(session, who)
        factors.reset(session, _service(), user)
        typer.echo(f"Account {user.id} has no second factor any more.")


def _service() -> "Caller":
    """The service itself: the command knows no account of whoever types it."""
    from api.caller import Caller

    return Caller(datetime.datetime.now(datetime.UTC), uuid.uuid4)


def _account(session: "Session", who: str) -> "User":
    from api import store
    from api.errors import NoSuchAccountError
    from api.services import accounts

    identity = _uuid(who)
    if identity is not None:
        return accounts.account(session, identity)
    address = accounts.address_of(who)
    found = store.accounts.account_by_email(session, address) if address else None
    if found is None:
        raise NoSuchAccountError
    return found


def _scope(session: "Session", role: "Role", scope: str) -> uuid.UUID:
    from api import store
    from api.errors import NoSuchScopeError, ScopeOfRoleError
    from models.user import SCOPE_OF_ROLE

    column = SCOPE_OF_ROLE[role]
    if column is None:
        raise ScopeOfRoleError(role, None)
    found = _uuid(scope) or store.accounts.scope_by_code(session, role, scope)
    if found is None:
        raise NoSuchScopeError(column.removesuffix("_id"))
    return found


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _state(user: "User") -> str:
    if user.disabled_at is not None:
        return "disabled"
    return "active" if user.can_sign_in else "without password"
