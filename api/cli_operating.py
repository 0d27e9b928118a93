"""The commands of who runs the service: `doallvet backup`, `restore`, `doctor`, `settings`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli_service import DatabaseOption, database_at
from api.terminal import refuse

if TYPE_CHECKING:
    from api.operating.doctor import Told

BROKEN = 1
"""The exit code that says that something is not as it should be."""


def backup(
    to: Annotated[Path, typer.Option("--to", help="The folder that gets a folder for it.")],
    keys: Annotated[
        Path | None,
        typer.Option(help="Another folder, for the key store; without it only the database."),
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Delete databases that are older, in days.")
    ] = None,
    keep_keys: Annotated[
        int, typer.Option(min=1, help="Delete key stores that are older, in days.")
    ] = 7,
    answers: Annotated[
        bool, typer.Option("--answers", help="Keep what the service answers, as digests.")
    ] = False,
    database: DatabaseOption = None,
) -> None:
    """Back up the database while the service runs, and the key store where --keys says so.

    The ledger of erasures stands beside the backups of the database, and only grows.
    """
    import datetime

    from api import logs
    from api.main import VERSION
    from api.operating import backup as backups
    from api.operating.manifest import BackupFaultyError

    now = datetime.datetime.now(datetime.UTC)
    with database_at(database, any_state=not answers) as engine, logs.quiet():
        try:
            made = backups.backup(
                engine, to, now, VERSION, keys=keys, keep_days=keep, keep_keys_days=keep_keys,
                with_answers=answers,
            )  # fmt: skip
        except BackupFaultyError as error:
            refuse([str(error)])
        except (OSError, ValueError) as error:
            refuse([f"backup: cannot be written ({error})"])
    rows = sum(made.manifest.contents.rows.values())
    typer.echo(f"{made.folder}: {rows} rows, up to event {made.manifest.contents.audit_position}")
    if made.keys:
        typer.echo(f"{made.keys}: the keys; keep the master key somewhere else")
    else:
        typer.echo("The keys are not in it: without them nothing sealed opens (--keys FOLDER).")
    if made.changed:
        typer.echo("Somebody worked meanwhile: what the service answers was not kept.", err=True)
    for path in made.deleted:
        typer.echo(f"{path}: deleted, its time is over")


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder that a backup made.")],
    keys: Annotated[
        Path | None,
        typer.Option(help="The folder of a key store, where the newest one is lost too."),
    ] = None,
    erasures: Annotated[
        Path | None,
        typer.Option(help="The ledger of erasures; else erasures.txt beside the backup's folder."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of what is there now.")
    ] = False,
    database: DatabaseOption = None,
) -> None:
    """Put a backup back, forget again who was erased since, and look whether all is right."""
    from api import logs
    from api.operating import restore as restoring
    from api.operating.manifest import BackupFaultyError

    wanted = restoring.Wanted(folder, keys, erasures, replace)
    with database_at(database, any_state=True) as engine, logs.quiet():
        try:
            looked = restoring.restore(engine, wanted)
        except BackupFaultyError as error:
            refuse([str(error)])
        except OSError as error:
            refuse([f"restore: {error}"])
    for one in looked:
        sign = {True: "ok", False: "WRONG", None: "-"}[one.ok]
        typer.echo(f"{sign:<6} {one.what:<11} {one.told}")
    if any(one.ok is False for one in looked):
        raise typer.Exit(BROKEN)
    typer.echo("Next: doallvet audit verify --head FILE, then start the service.")


def doctor(
    backups: Annotated[
        Path | None, typer.Option(help="A folder of backups: how old is the newest?")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Look whether everything is well, and say what to do where it is not. Changes nothing."""
    import json

    from api.operating import doctor as examining
    from api.operating.finding import State

    told = _examined(database, backups)
    whole = examining.worst(told)
    if as_json:
        found = [{"check": one.check, "state": one.finding.state, "told": one.finding.told,
                  "do": one.finding.do} for one in told]  # fmt: skip
        typer.echo(json.dumps({"state": whole, "checks": found}, indent=2))
    else:
        for one in told:
            typer.echo(f"{one.finding.state:<8} {one.check:<19} {one.finding.told}")
            if one.finding.do:
                typer.echo(f"{'':<28} {one.finding.do}")
    if whole == State.FAULT:
        raise typer.Exit(BROKEN)


def _examined(address: str | None, backups: Path | None) -> "list[Told]":
    import datetime
    import os

    from pydantic import ValidationError
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    from api.database import connect
    from api.operating.doctor import Told, examine
    from api.operating.finding import Around, fault
    from api.settings import Settings

    try:
        settings = Settings()
    except ValidationError as error:
        return [
            Told("settings", fault(
                f"DOALLVET_{str(one['loc'][0]).upper()}: {one['msg']}", "Mend it, and look again."
            ))
            for one in error.errors()
        ]  # fmt: skip
    try:
        engine = connect(address or settings.database)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        do = "Set DOALLVET_DATABASE: sqlite:///FILE or postgresql://USER@HOST/NAME."
        return [Told("database", fault(str(error), do))]
    now = datetime.datetime.now(datetime.UTC)
    try:
        return list(examine(Around(settings, engine, now, dict(os.environ), backups)))
    finally:
        engine.dispose()


def settings() -> None:
    """Print every setting of the service's surroundings, as a table in Markdown."""
    from api.operating.settings_table import table

    typer.echo(table(), nl=False)
