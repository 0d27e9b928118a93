"""The commands `doallvet keys`, `doallvet audit` and `doallvet erasures`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli_service import DatabaseOption, database_at
from api.terminal import refuse, refuse_unwritable, write

keys_app = typer.Typer(
    name="keys", help="Look after the keys that seal what is sensitive.", no_args_is_help=True
)
audit_app = typer.Typer(
    name="audit", help="Look whether the audit is whole, and export it.", no_args_is_help=True
)
erasures_app = typer.Typer(
    name="erasures", help="The ledger of who was erased, for backups.", no_args_is_help=True
)

HeadOption = Annotated[
    Path | None,
    typer.Option("--head", help="File of heads that were recorded outside of the database."),
]


@keys_app.command("new")
def new_key() -> None:
    """Print a new master key, for DOALLVET_MASTER_KEY or its file. It is not stored."""
    from api.sealing import MasterKeys

    typer.echo(MasterKeys({}).with_new().text(), nl=False)


@keys_app.command("rotate")
def rotate_keys(database: DatabaseOption = None) -> None:
    """Wrap every key by a new master key and drop the old one; the service may run meanwhile.

    With keys in DOALLVET_MASTER_KEY: put the new one first there, and leave the old one out
    after this command has said that it is done.
    """
    with database_at(database, any_state=True) as engine:
        vault = engine.get_execution_options()["vault"]
        count = vault.rotate()
        typer.echo(f"{count} keys are wrapped by the master key {vault.source.read().current} now.")


@audit_app.command("verify")
def verify_audit(head: HeadOption = None, database: DatabaseOption = None) -> None:
    """Look whether an event was changed, taken out, moved or cut off."""
    from api import audit_heads, chain
    from api.database import transaction

    try:
        recorded = audit_heads.read(head) if head is not None else []
    except (OSError, ValueError) as error:
        refuse([f"--head: {error}"])
    with database_at(database) as engine, transaction(engine, writes=False) as session:
        position, _ = chain.head(session)
        faults = chain.verify(session, recorded)
    for fault in faults:
        typer.echo(f"The audit is not whole: {fault}.", err=True)
    if faults:
        raise typer.Exit(1)
    against = f", and has all {len(recorded)} recorded heads" if recorded else ""
    typer.echo(f"The audit is whole: {position} events{against}.")
    if not recorded:
        typer.echo("Whether events were cut off at the end only a recorded head tells (--head).")


@audit_app.command("export")
def export_audit(
    out: Annotated[Path, typer.Option(help="Where it goes: one event a line, as JSON.")],
    database: DatabaseOption = None,
) -> None:
    """Write every event in order; details that are sealed for an erased person are empty."""
    from api import chain
    from api.database import transaction

    refuse_unwritable(out)
    lines = []
    with database_at(database) as engine, transaction(engine, writes=False) as session:
        for event, data in chain.every_event(session):
            told = event.model_dump(mode="json", exclude={"details"}) | {"data": data}
            lines.append(json.dumps(told))
    write(out, "".join(f"{line}\n" for line in lines))
    typer.echo(f"{len(lines)} events written.")


@audit_app.command("head")
def record_head(
    out: Annotated[Path, typer.Option(help="The file that gets a line.")],
    database: DatabaseOption = None,
) -> None:
    """Write down the head of the audit now."""
    import datetime

    from api import audit_heads, chain
    from api.database import transaction

    with database_at(database) as engine, transaction(engine, writes=False) as session:
        position, mac = chain.head(session)
    try:
        audit_heads.write(out, datetime.datetime.now(datetime.UTC).date(), position, mac)
    except OSError as error:
        refuse([f"--out: {error}"])
    typer.echo(f"Event {position} is the last one.")


@erasures_app.command("list")
def list_erasures(database: DatabaseOption = None) -> None:
    """Print the ledger: ids and times. Keep it outside of every backup."""
    from api.operating import ledger

    with database_at(database) as engine:
        for person, at in engine.get_execution_options()["vault"].store.erased():
            typer.echo(ledger.line(person, at))


@erasures_app.command("replay")
def replay_erasures(
    ledger: Annotated[Path, typer.Argument(help="What `doallvet erasures list` printed.")],
    database: DatabaseOption = None,
) -> None:
    """Erase everybody of a ledger again, after a backup was put back."""
    from api.database import the_service
    from api.operating import ledger as files
    from api.services import erasing

    try:
        known = files.read(ledger)
    except (OSError, ValueError) as error:
        refuse([f"{ledger}: is no ledger of erasures ({error})"])
    with database_at(database) as engine:
        vault = engine.get_execution_options()["vault"]
        for person, at in known.items():
            vault.forget(person, at)
        count = erasing.replay(engine, the_service)
        erasing.scrub(engine, lambda: the_service().now)
    typer.echo(f"{count} people erased again.")
