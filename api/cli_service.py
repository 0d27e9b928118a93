"""Commands that work on the database of the service: `doallvet migrate`, `doallvet round …`."""

import datetime
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal import refuse, refuse_unwritable, write

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from api.services.rounds import Files, Worker
    from models import Round

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="Address of the database; else DOALLVET_DATABASE, else ./doallvet.db.",
    ),
]
CallArgument = Annotated[str, typer.Argument(help="The code of a call.")]
RoundArgument = Annotated[uuid.UUID, typer.Argument(help="The id of a round.")]

round_app = typer.Typer(
    name="round", help="Run rounds on the database, and look at them.", no_args_is_help=True
)


def migrate(
    database: DatabaseOption = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill an empty database with the demo alliance.")
    ] = False,
) -> None:
    """Bring the tables of the database to this release. Rows are kept."""
    from models import migrations

    with database_at(database, any_state=True) as engine:
        before = migrations.state(engine)
        migrations.upgrade(engine)
        if demo:
            fill_with_demo(engine)
    if before.up_to_date:
        typer.echo(f"The tables are at {before.newest} already.")
    else:
        typer.echo(f"The tables are at {before.newest} now, before at {before.current or 'none'}.")
    if demo:
        typer.echo("The demo alliance is in it; its call is demo-2027.")


@round_app.command("run")
def run_round(
    call: CallArgument,
    preview: Annotated[
        bool, typer.Option("--preview", help="Store no proposals and tell nobody.")
    ] = False,
    database: DatabaseOption = None,
) -> None:
    """Run a round of a call now. Until the call's closing date it is a preview."""
    from api.database import transaction
    from api.services import rounds
    from models import Round, RoundKind

    worker = _worker()
    kind = RoundKind.PREVIEW if preview else RoundKind.PROPOSING
    with database_at(database) as engine:
        with transaction(engine) as session:
            asked = rounds.ask_for(session, call, kind, by=None, worker=worker)
        while rounds.run_next(engine, worker) not in (asked.id, None):
            pass
        with transaction(engine, writes=False) as session:
            row = session.get_one(Round, asked.id)
            _show(row, rounds.files(session, row.id) if row.files else None)


@round_app.command("list")
def list_rounds(call: CallArgument, database: DatabaseOption = None) -> None:
    """The rounds of a call, the newest first."""
    from api import store
    from api.database import transaction
    from api.errors import NoSuchCallError

    with database_at(database) as engine, transaction(engine, writes=False) as session:
        found = store.calls.call_by_code(session, call)
        if found is None:
            raise NoSuchCallError(call)
        for row in store.rounds.rounds_of_call(session, found.id):
            dropped = sum(row.dropped.values())
            typer.echo(
                f"{row.id}  {row.created_at:%Y-%m-%d %H:%M}  {row.kind}, {row.status}"
                f"  {row.stored} stored, {dropped} dropped"
            )


@round_app.command("show")
def show_round(identity: RoundArgument, database: DatabaseOption = None) -> None:
    """How a round stands, and its certificate."""
    from api.database import transaction
    from api.errors import NoSuchRoundError
    from api.services import rounds
    from models import Round

    with database_at(database) as engine, transaction(engine, writes=False) as session:
        found = session.get(Round, identity)
        if found is None:
            raise NoSuchRoundError(identity)
        _show(found, rounds.files(session, identity) if found.files else None)


@round_app.command("fairness")
def show_fairness(
    identity: RoundArgument,
    picture: Annotated[Path | None, typer.Option(help="Where the picture (SVG) goes.")] = None,
    database: DatabaseOption = None,
) -> None:
    """Whether a round treated groups alike, as a table; groups under five are not shown."""
    from api.database import transaction
    from api.printed import print_fairness
    from api.services import fairness
    from api.terminal import screen

    if picture is not None:
        refuse_unwritable(picture)
    with database_at(database) as engine, transaction(engine, writes=False) as session:
        found, words = fairness.report(session, identity), fairness.texts(session)
    print_fairness(screen(), fairness.rows(found, words))
    if picture is not None:
        write(picture, fairness.drawn_from(found, words))


@round_app.command("export")
def export_round(
    identity: RoundArgument,
    out: Annotated[Path, typer.Option(help="Where the problem goes.")],
    result: Annotated[Path | None, typer.Option(help="Where the result goes.")] = None,
    database: DatabaseOption = None,
) -> None:
    """Write the problem of a round as a file; `doallvet match` on it proposes the same."""
    from api.database import transaction
    from api.services import rounds

    for path in filter(None, (out, result)):
        refuse_unwritable(path)
    with database_at(database) as engine, transaction(engine, writes=False) as session:
        files = rounds.files(session, identity)
    write(out, files.problem + "\n")
    if result is not None:
        write(result, files.result + "\n")
    if files.erased:
        typer.echo(
            f"{files.erased} people of this round have been erased and are not in the files: only"
            f" its hash can still be compared, {files.certificate.problem_sha256}."
        )


def _show(row: "Round", files: "Files | None") -> None:
    from api.language import ENGLISH
    from api.services import failures

    typer.echo(f"Round {row.id}: {row.kind}, {row.status}.")
    if row.failure:
        typer.echo(failures.told(row.failure, ENGLISH))
    if files is None:
        return
    whole = files.certificate
    typer.echo(f"{whole.value.placed or 0} proposals found, {row.stored} stored as cases.")
    for reason, count in row.dropped.items():
        typer.echo(f"{count} dropped, since {DROPPED[reason]}.")
    for one in files.left_out:
        what = f"Lock of {one['apprentice']} at {one['offer']}" if "offer" in one else (
            f"Apprentice {one['apprentice']}"
        )  # fmt: skip
        typer.echo(f"{what} left out: {one['why']}.")
    typer.echo(
        "No better assignment exists." if whole.optimal
        else f"At most {whole.gap:.4%} could be gained."
    )  # fmt: skip
    typer.echo(f"Problem {whole.problem_sha256}")


DROPPED = {
    "changed": "the person or the offer was edited meanwhile",
    "person": "the person is not free any more",
    "place": "the place was taken meanwhile",
    "funding": "the call funds no further stay of this kind",
}
"""Why a proposal of a round was not stored."""


def _worker() -> "Worker":
    from api.services.rounds import Worker, name_of_worker, utc_now

    return Worker(name_of_worker(), uuid.uuid4, utc_now)


def fill_with_demo(engine: "Engine") -> None:
    """Put the demo alliance and its accounts into an empty database."""
    from sqlmodel import select

    from api import store
    from api.database import transaction
    from api.passwords import hash_password
    from models import Region
    from seed_data.tables import DEMO_PASSWORD, demo_accounts, demo_rows

    now = datetime.datetime.now(datetime.UTC)
    with transaction(engine) as session:
        if session.exec(select(Region).limit(1)).first() is not None:
            refuse(["database: is not empty; the demo alliance goes into an empty one only"])
        made = demo_rows(uuid.uuid4, now)
        accounts = demo_accounts(made, uuid.uuid4, now, hash_password(DEMO_PASSWORD))
        rows = store.sealed.as_rows(session, [*made, *accounts], now)
        store.rows.add_in_order(session, rows)


def check_keys(engine: "Engine") -> None:
    """The master key opens the keys of this database, and these are there if rows are sealed.

    Raises MasterKeysFaultyError; nothing is changed then. A rotation that was interrupted goes on.
    """
    from api import chain
    from api.database import the_service, transaction
    from api.sealing import MasterKeysFaultyError
    from api.services import erasing

    vault = engine.get_execution_options()["vault"]
    with transaction(engine, writes=False) as session:
        sealed, _ = chain.head(session)
    if sealed and not vault.store.count():
        raise MasterKeysFaultyError(
            "keys: the key store is missing beside sealed rows; put back the one that belongs to"
            " this database (NAME.keys.db, or the schema doallvet_keys)"
        )
    vault.ready()
    vault.finish_rotation()
    again = erasing.replay(engine, the_service)
    if again:
        typer.echo(f"{again} people of the ledger of erasures were erased again.", err=True)


@contextmanager
def database_at(address: str | None, *, any_state: bool = False) -> "Iterator[Engine]":
    """The database, its tables up to date, its keys there; what goes wrong is one clear line."""
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

    from api.database import connect, without_password
    from api.errors import ServiceError
    from api.sealing import MasterKeysFaultyError
    from api.settings import Settings
    from models import migrations

    where = address or Settings().database
    try:
        engine = connect(where)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        refuse([f"database: {error}"])
    try:
        if not any_state and not migrations.state(engine).up_to_date:
            refuse(["database: its tables are not those of this release; run doallvet migrate"])
        if not any_state:
            check_keys(engine)
        yield engine
    except (ServiceError, MasterKeysFaultyError) as error:
        refuse([str(error)])
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        refuse([f"database {without_password(where)}: cannot be reached ({reason})"])
    finally:
        engine.dispose()
