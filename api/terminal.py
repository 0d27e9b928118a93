"""What commands share: how they refuse, show progress and write files."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from rich.console import Console

BAD_INPUT = 2
"""The exit code that says so."""


def refuse(lines: list[str]) -> NoReturn:
    """End with one line for each fault."""
    for line in lines:
        print(line, file=sys.stderr)  # noqa: T201  # the one place where faults are printed
    sys.exit(BAD_INPUT)


def screen(*, stderr: bool = False) -> "Console":
    """The terminal, as wide as it is."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None] | None]:
    """A progress bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress, TextColumn

    columns = (TextColumn("{task.description}"), *Progress.get_default_columns()[1:3])
    with Progress(*columns, console=screen(stderr=True), transient=True) as bar:
        tasks = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total)

        yield show


def refuse_unwritable(path: Path) -> None:
    """Say it before the work, not after."""
    if path.is_dir():
        refuse([f"{path}: is a directory, not a file"])
    if not path.parent.is_dir():
        refuse([f"{path.parent}: there is no such folder to write to"])
    if not os.access(path.parent, os.W_OK):
        refuse([f"{path.parent}: cannot be written to"])


def write(path: Path, content: str | bytes) -> None:
    """All or nothing: a file that is half written never has the name."""
    try:
        with tempfile.NamedTemporaryFile(
            "wb", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            file.write(content.encode() if isinstance(content, str) else content)
        os.chmod(file.name, 0o644)
        os.replace(file.name, path)
    except OSError as error:
        Path(file.name).unlink(missing_ok=True)
        refuse([f"{path}: cannot be written ({error.strerror})"])
