"""The coordinator's day of docs/api.md, typed as it stands against a service that runs."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from api.main import create_app
from tests.api.route_table import PAGE, page_with

WAIT = """curl -sS -o /dev/null --retry 90 --retry-connrefused --retry-delay 1 \\
  "${API%/api/v1}/health/ready"
"""

DAY = """0
{'created': 2, 'updated': 0, 'unchanged': 0}
Dreherei Nord
open
2
event: queued
event: running
event: done
Nobody is placed twice.
occupation 30.0 of 30.0
outcomes 10.0 of 20.0
language 15.0 of 15.0
dates 10.0 of 10.0
inclusion 10.0 of 10.0
quality 9.0 of 10.0
preference 3.75 of 5.0
Leo
language below the level asked for
host supports the language
['hosting_coordinator']
asked
Werkstatt am Bach
agreed
placement
Dreherei Nord
cancelled
proposed
"""


@contextmanager
def served(folder: Path, port: int) -> Iterator[str]:
    """The demo alliance, with its scheduler, from an empty folder."""
    command = [sys.executable, "-m", "api.cli", "serve", "--demo", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    ) as it:
        try:
            yield f"http://127.0.0.1:{port}/api/v1"
        finally:
            it.terminate()


@pytest.mark.slow
def test_the_day_in_the_page_runs_as_it_stands(tmp_path: Path, free_port: int) -> None:
    bash = shutil.which("bash")
    assert bash
    assert shutil.which("curl"), "the page is typed with curl (Debian: curl)"
    day = PAGE.read_text(encoding="utf-8").partition("## A coordinator's day")[2]
    script = "\n".join(re.findall(r"```sh\n(.*?)```", day.partition("\n## ")[0], re.DOTALL))
    with served(tmp_path, free_port) as api:
        done = subprocess.run(
            [bash, "-euo", "pipefail", "-c", WAIT + script], cwd=tmp_path, capture_output=True,
            text=True, env=os.environ | {"API": api}, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    running = "event: running\n"  # a quick round is done before anybody looks again
    assert done.stdout.replace(running, "") == DAY.replace(running, "")


def test_every_route_stands_in_the_page() -> None:
    written, nowhere = PAGE.read_text(encoding="utf-8"), create_engine("sqlite://")
    assert written == page_with(create_app(nowhere).openapi()), "python -m tests.api.route_table"
