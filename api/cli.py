"""The command `doallvet`. Heavy libraries load inside the commands, so that --help is quick.

Exit codes: 0 good, 1 a promise is broken, 2 bad input.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import (
    cli_accounts,
    cli_imports,
    cli_operating,
    cli_sealing,
    cli_serve,
    cli_service,
    cli_worker,
)
from api.terminal import progress_bar, refuse, refuse_unwritable, screen, write
from matcher.vocabulary import Objective

if TYPE_CHECKING:
    from matcher import Problem, Result

app = typer.Typer(
    name="doallvet",
    help="Match vocational apprentices with companies abroad: explained, certified rounds.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

BROKEN = 1
"""The exit code that says so."""


app.command()(cli_service.migrate)
app.add_typer(cli_service.round_app)
app.add_typer(cli_accounts.user_app)
app.command()(cli_serve.serve)
app.command()(cli_worker.worker)
app.add_typer(cli_imports.import_app)
app.add_typer(cli_sealing.keys_app)
app.add_typer(cli_sealing.audit_app)
app.add_typer(cli_sealing.erasures_app)
app.command()(cli_operating.backup)
app.command()(cli_operating.restore)
app.command()(cli_operating.doctor)
app.command()(cli_operating.settings)


class SchemaChoice(StrEnum):
    """The two file formats."""

    problem = "problem"
    result = "result"


ProblemFile = Annotated[Path, typer.Argument(help="A problem file (doallvet-problem/1).")]
ObjectiveOption = Annotated[
    Objective | None,
    typer.Option(help="Instead of the file's: largest total fit, or most people placed first."),
]
AllOption = Annotated[bool, typer.Option("--all", help="Print every row, not the first ones.")]


def main() -> None:
    """Run the command; faults of input end with one line each and exit code 2."""
    from api.memory import expect_modules
    from matcher.errors import ProblemError, SolverError, TooLargeError

    expect_modules()
    try:
        app()
    except ProblemError as error:
        refuse(error.problems)
    except (TooLargeError, SolverError) as error:
        refuse([str(error)])


@app.command()
def demo(everything: AllOption = False) -> None:
    """Match the demo alliance and print who goes where, why, and the certificate."""
    from api import fairness
    from api.language import ENGLISH
    from api.printed import Names, Printer, print_fairness
    from api.sentences import texts
    from matcher.engine import propose
    from seed_data.demo import demo_names, demo_problem

    problem, known = demo_problem(), demo_names()
    console = screen()
    places = sum(offer.places for offer in problem.offers)
    console.print(
        f"doALLVET · demo alliance · {len(problem.apprentices)} apprentices,"
        f" {len(problem.offers)} offers, {places} places · all people are invented"
    )
    with progress_bar() as progress:
        result = propose(problem, progress)
    names = Names(
        {i: f"{n.name} ({n.town})" for i, n in known.apprentices.items()},
        {i: f"{n.title}, {n.company}, {n.town}" for i, n in known.offers.items()},
        dict(known.regions),
    )
    Printer(console, problem, result, names, everything=everything).print_all()
    words = texts(ENGLISH) | {f"fairness.group.region.{i}": n for i, n in known.regions.items()}
    told = fairness.report(fairness.people_of(problem, result))
    console.print()
    print_fairness(console, fairness.table(told, words))
    console.print()
    console.print("Next: doallvet demo --all, doallvet --help; the words are in README.md.")
    if not all(promise.held for promise in result.certificate.promises):
        raise typer.Exit(BROKEN)


@app.command()
def match(
    problem: ProblemFile,
    out: Annotated[
        Path | None, typer.Option(help="Where the result goes; to standard output if absent.")
    ] = None,
    objective: ObjectiveOption = None,
) -> None:
    """Match a problem file; the result has proposals, reasons, prices and certificate."""
    from matcher.engine import propose

    given = _read_problem(problem)
    given = _with_objective(given, objective)
    if out is not None:
        refuse_unwritable(out)
    with _at(problem), progress_bar() as progress:
        result = propose(given, progress)
    text = result.to_json() + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        write(out, text)
    _summary(result, out)
    if not all(promise.held for promise in result.certificate.promises):
        raise typer.Exit(BROKEN)


def _summary(result: "Result", out: Path | None) -> None:
    console, certificate = screen(stderr=True), result.certificate
    proof = "no better assignment exists" if certificate.optimal else f"gap {certificate.gap:.4%}"
    where = f"; written to {out}" if out else ""
    console.print(
        f"{len(result.proposals)} proposed, {len(result.unmatched)} not matched; {proof}{where}"
    )


@app.command()
def explain(
    problem: ProblemFile,
    apprentice: Annotated[str, typer.Argument(help="Id of the apprentice.")],
    offer: Annotated[str, typer.Argument(help="Id of the offer.")],
) -> None:
    """Why somebody could go to an offer, or every refusing rule and what would open it."""
    from api.printed import Names, print_explanation
    from matcher.engine import explain as explain_pair

    given = _read_problem(problem)
    with _at(problem):
        explanation = explain_pair(given, apprentice, offer)
    print_explanation(screen(), given, explanation, Names())


@app.command()
def verify(
    problem: ProblemFile,
    result: Annotated[Path, typer.Argument(help="A result file (doallvet-result/1).")],
    objective: ObjectiveOption = None,
) -> None:
    """Check somebody else's result: every promise, every figure, the bound."""
    from matcher.result import Result
    from matcher.verification import verify as broken_promises

    given = _with_objective(_read_problem(problem), objective)
    with _at(result):
        answer = Result.from_json(_read(result))
    with _at(problem):
        broken = broken_promises(given, answer)
    if broken:
        for line in broken:
            typer.echo(line)
        raise typer.Exit(BROKEN)
    certificate = answer.certificate
    proof = "no better assignment exists" if certificate.optimal else f"gap {certificate.gap:.4%}"
    typer.echo(f"All {len(certificate.promises)} promises hold, every figure is right; {proof}.")


@app.command()
def schema(which: Annotated[SchemaChoice, typer.Argument(help="Which format.")]) -> None:
    """Print the JSON Schema of a file format."""
    import json

    from matcher.problem import Problem
    from matcher.result import Result

    model = Problem if which is SchemaChoice.problem else Result
    typer.echo(json.dumps(model.model_json_schema(), ensure_ascii=False, indent=2))


@app.command()
def generate(
    apprentices: Annotated[int, typer.Option(min=0, max=1_000_000, help="How many apprentices.")],
    offers: Annotated[int, typer.Option(min=0, max=1_000_000, help="How many offers.")],
    out: Annotated[Path, typer.Option(help="Where the problem goes.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same problem.")] = 0,
    esco: Annotated[
        Path | None, typer.Option(help="Draw occupations from this ESCO occupations CSV.")
    ] = None,
) -> None:
    """Write an invented problem of any size."""
    from seed_data.problems import generate as drawn_problem

    refuse_unwritable(out)
    try:
        problem = drawn_problem(apprentices, offers, seed, esco)
    except (OSError, ValueError) as error:
        refuse([str(error)])
    write(out, problem.to_json(indent=None) + "\n")


@contextmanager
def _at(path: Path) -> Iterator[None]:
    """Name the file in every fault."""
    from matcher.errors import ProblemError

    try:
        yield
    except ProblemError as error:
        refuse([f"{path}: {line}" for line in error.problems])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError:
        refuse([f"{path}: is a directory, not a file"])
    except FileNotFoundError:
        refuse([f"{path}: there is no such file"])
    except OSError as error:
        refuse([f"{path}: cannot be read ({error.strerror})"])


def _read_problem(path: Path) -> "Problem":
    from matcher.problem import Problem

    content = _read(path)
    with _at(path):
        return Problem.from_json(content)


def _with_objective(problem: "Problem", objective: Objective | None) -> "Problem":
    """The problem under another objective than its own."""
    if objective is None:
        return problem
    policy = problem.policy.model_copy(update={"objective": objective})
    return problem.model_copy(update={"policy": policy})


if __name__ == "__main__":
    main()
