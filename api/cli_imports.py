"""Commands that bring people and companies in from spreadsheets: `doallvet import …`."""

import datetime
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli_service import DatabaseOption, database_at
from api.terminal import refuse, refuse_unwritable, write

if TYPE_CHECKING:
    from api.caller import Caller
    from api.imports.plan import ImportPlan
    from api.imports.tables import Tables

import_app = typer.Typer(
    name="import",
    help="Bring companies, offers and people in from spreadsheets.",
    no_args_is_help=True,
)

FilesArgument = Annotated[
    list[Path], typer.Argument(help="Workbooks (.xlsx), or CSV files, one a sheet.")
]
CallOption = Annotated[
    str | None, typer.Option("--call", help="Enrol people who are not yet in this call.")
]


@import_app.command("template")
def write_template(
    out: Annotated[
        Path,
        typer.Option(help="FILE.xlsx, or companies.csv, offers.csv, apprentices.csv."),
    ],
) -> None:
    """Write the template, to be filled in: a workbook, or one of its sheets as CSV."""
    from api.imports.columns import Noun
    from api.imports.template import template, template_csv

    refuse_unwritable(out)
    if out.suffix.lower() == ".xlsx":
        write(out, template())
    elif out.suffix.lower() == ".csv" and out.stem.lower() in set(Noun):
        write(out, template_csv(Noun(out.stem.lower())))
    else:
        names = ", ".join(f"{noun}.csv" for noun in Noun)
        refuse([f"{out}: must be named FILE.xlsx, or one of {names}"])


@import_app.command("check")
def check(files: FilesArgument, call: CallOption = None, database: DatabaseOption = None) -> None:
    """Say what an import would do, and everything that is wrong. Nothing is written."""
    from api.database import transaction
    from api.services import imports

    tables = _read(files)
    with database_at(database) as engine, transaction(engine, writes=False) as session:
        planned = imports.plan(session, _service(), tables, may_change=_everything, call=call)
    _show(planned)


@import_app.command("run")
def run(files: FilesArgument, call: CallOption = None, database: DatabaseOption = None) -> None:
    """Import files: all rows, or none where anything is wrong."""
    from api.database import transaction
    from api.services import imports

    tables = _read(files)
    with database_at(database) as engine, transaction(engine) as session:
        planned = imports.carry_out(session, _service(), tables, may_change=_everything, call=call)
    _show(planned)


def _read(files: list[Path]) -> "Tables":
    from api.imports.files import read
    from api.imports.tables import MOST_BYTES

    found = []
    for path in files:
        try:
            with path.open("rb") as file:
                found.append((path.name, file.read(MOST_BYTES + 1)))
        except OSError as error:
            refuse([f"{path}: cannot be read ({error.strerror})"])
    return read(found)


def _service() -> "Caller":
    from api.caller import Caller

    return Caller(now=datetime.datetime.now(datetime.UTC), new_id=uuid.uuid4)


def _everything(_: uuid.UUID) -> bool:
    """Who works on the database itself may change all of it."""
    return True


def _show(planned: "ImportPlan") -> None:
    if planned.problems:
        count = len(planned.problems)
        lines = [problem.line for problem in planned.problems]
        refuse([*lines, f"{count} {'problem' if count == 1 else 'problems'}; nothing is imported"])
    for noun, deeds in planned.counts.items():
        typer.echo(f"{noun}: {', '.join(f'{count} {deed}' for deed, count in deeds.items())}")
    if planned.enrolled:
        typer.echo(f"new in the call: {planned.enrolled}")
    for table, ids in planned.changed_ids.items():
        typer.echo(f"{table}: {len(ids)} changed that a proposal or placement rests on")
    typer.echo("Imported." if planned.done else "Nothing is wrong. Nothing was written.")
