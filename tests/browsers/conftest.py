"""A real browser in front of the demo as `doallvet serve --demo` starts it.

Debian's Chromium; where there is none these tests are skipped with the reason.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browsers.people import Demo
from tests.conftest import find_free_port

ROOT = Path(__file__).parents[2]
WAIT = 90
"""Seconds until the demo answers and its first matching is done, on a busy machine."""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no browser (Debian: chromium)")
    with playwright.chromium.launch(executable_path=program, args=["--no-sandbox"]) as found:
        yield found


@pytest.fixture(scope="module")
def demo(
    browser: Browser, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """A demo of one module's own: what it changes no other test sees."""
    folder, port = tmp_path_factory.mktemp("demo"), find_free_port()
    command = [sys.executable, "-m", "api.cli", "serve", "--demo", "--port", str(port)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        try:
            found = Demo(browser, playwright, port)
            found.wait(WAIT, process)
            yield found
        finally:
            process.terminate()
            process.wait(30)
