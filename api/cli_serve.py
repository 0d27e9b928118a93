"""The command `doallvet serve`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli_service import DatabaseOption, check_keys, database_at, fill_with_demo
from api.network import is_loopback
from api.terminal import refuse

if TYPE_CHECKING:
    from sqlalchemy import Engine

DEMO_PEOPLE = (
    ("lublin", "coordinator in Lublin; also castilla-y-leon, portugal, savonlinna, paderborn"),
    ("company", "a bakery near Savonlinna that has never hosted"),
    ("apprentice", "an apprentice of 17 in Lublin"),
    ("guardian", "the guardian of this apprentice"),
    ("centre", "a school in Lublin"),
    ("admin", "who looks after the service"),
)
"""Whose pages can be tried in the demo."""


def serve(
    database: DatabaseOption = None,
    host: Annotated[str, typer.Option(help="Where it listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="On which port.", min=1, max=65535)] = 8000,
    scheduler: Annotated[
        bool, typer.Option("--scheduler/--no-scheduler", help="Whether it runs rounds itself.")
    ] = True,
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill an empty database with the demo alliance.")
    ] = False,
) -> None:
    """Serve the API until it is stopped.

    The database in the folder, which is the default, is brought to this release by itself; any
    other has to be (`doallvet migrate`).
    """
    from api import logs
    from api.cli_worker import office_of
    from api.due import due_of
    from api.errors import PagesIncompleteError
    from api.listening import end_well_at_a_signal, server_of
    from api.main import create_app
    from api.memory import settle_memory
    from api.oidc import ProvidersFaultyError
    from api.pages.assets import shipped
    from api.scheduler import Scheduler
    from api.settings import EMBEDDED, Settings
    from models import migrations

    settings = Settings()
    if demo:
        _refuse_in_the_open(host, settings.env)
    office = office_of(settings)
    embedded = (database or settings.database) == EMBEDDED
    with database_at(database, any_state=embedded) as engine:
        if embedded:
            migrations.upgrade(engine)
            check_keys(engine)
        if demo and _is_empty(engine):
            fill_with_demo(engine)
            _ask_for_a_round(engine)
        if _has_demo_accounts(engine):
            _refuse_in_the_open(host, settings.env)
        if demo:
            _tell_demo(port)
        if shipped().missing:
            typer.echo(str(PagesIncompleteError(shipped().missing)), err=True)
        try:
            app = create_app(engine, given=settings)
        except ProvidersFaultyError as error:
            refuse([str(error)])
        logs.configure(json=not sys.stderr.isatty())
        address = engine.url.render_as_string(hide_password=False)
        beside = Scheduler(address, due=due_of(settings), office=office) if scheduler else None
        end_well_at_a_signal()
        settle_memory()
        if beside:
            beside.start()
        try:
            server_of(app, host, port, settings.proxies).run()
        finally:
            if beside:
                beside.stop()


def _refuse_in_the_open(host: str, env: str) -> None:
    if env == "production":
        refuse(["demo accounts have a password that everybody knows; not in production"])
    if not is_loopback(host):
        refuse([f"--host {host}: the demo accounts are for this machine alone; use 127.0.0.1"])


def _is_empty(engine: "Engine") -> bool:
    from sqlmodel import select

    from api.database import transaction
    from models import Region

    with transaction(engine, writes=False) as session:
        return session.exec(select(Region).limit(1)).first() is None


def _has_demo_accounts(engine: "Engine") -> bool:
    from api import store
    from api.database import transaction
    from seed_data.tables import DEMO_DOMAIN

    with transaction(engine, writes=False) as session:
        return store.accounts.any_at(session, DEMO_DOMAIN)


def _ask_for_a_round(engine: "Engine") -> None:
    """Queue the first round of the demo, so that there is something to decide."""
    import uuid

    from api.database import transaction
    from api.services import rounds
    from models import RoundKind
    from seed_data.tables import DEMO_CALL

    worker = rounds.Worker(rounds.name_of_worker(), uuid.uuid4, rounds.utc_now)
    with transaction(engine) as session:
        rounds.ask_for(session, DEMO_CALL, RoundKind.PROPOSING, by=None, worker=worker)


def _tell_demo(port: int) -> None:
    from seed_data.tables import DEMO_DOMAIN, DEMO_PASSWORD

    at = f"http://localhost:{port}"
    typer.echo(f"The demo alliance is open at {at}/ (its API: {at}/api/v1, docs/api.md).")
    typer.echo(f"Sign in with the password: {DEMO_PASSWORD}")
    for name, who in DEMO_PEOPLE:
        account = f"{name}@{DEMO_DOMAIN}"
        typer.echo(f"  {account:<24} {who}")
    typer.echo("The first matching runs now; its proposals are there in some seconds.")
