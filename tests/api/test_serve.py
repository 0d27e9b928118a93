"""`doallvet serve` as somebody starts it: a process of its own, asked over the network."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.database import transaction
from api.errors import PagesIncompleteError
from api.pages.assets import FROM_PACKAGES
from seed_data.tables import DEMO_DOMAIN, DEMO_PASSWORD
from tests import rows
from tests.conftest import ON
from tests.databases import copied

ASK = """
import json, sys, urllib.request
port, path, body = sys.argv[1:4]
request = urllib.request.Request(
    f"http://127.0.0.1:{port}{path}", data=body.encode() or None,
    headers={"Content-Type": "application/json", "Cookie": sys.argv[4]},
)
with urllib.request.urlopen(request, timeout=120) as answer:
    print(json.dumps([answer.status, answer.headers.get("set-cookie"), json.load(answer)]))
"""
"""In a process of its own: tests have no network."""

ROOT = Path(__file__).parents[2]

SERVE = [sys.executable, "-m", "api.cli", "serve"]


WITH_KEY = {"DOALLVET_MASTER_KEY": os.environ["DOALLVET_MASTER_KEY"]}
"""For a database that another test process made."""


@pytest.fixture
def folder_with_tables(tmp_path: Path, migrated_file: Path) -> Path:
    """A folder in which `serve` was started before."""
    folder = tmp_path / "started"
    folder.mkdir()
    copied(migrated_file, folder / "doallvet.db")
    return folder


def ask(port: int, path: str, body: str = "", cookie: str = "") -> list[object] | None:
    command = [sys.executable, "-c", ASK, str(port), path, body, cookie]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    found: list[object] | None = json.loads(done.stdout) if done.returncode == 0 else None
    return found


def is_ready(port: int) -> bool:
    """Whether the service answers; asked often, so by a program that starts quickly."""
    address = f"http://127.0.0.1:{port}/health/ready"
    command = ["curl", "-sf", "--max-time", "5", "-o", os.devnull, address]
    time.sleep(0.1)
    return subprocess.run(command, check=False).returncode == 0


@contextmanager
def served(
    folder: Path, port: int, *options: str, sources: Path = ROOT, **environ: str
) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*SERVE, "--port", str(port), *options], cwd=folder, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={"PYTHONPATH": str(sources), "PATH": "/usr/bin:/bin", **environ},
    )  # fmt: skip
    try:
        until = time.monotonic() + 120
        while not is_ready(port):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=120)


def test_the_demo_is_served_from_an_empty_folder_and_again(tmp_path: Path, free_port: int) -> None:
    for _ in range(2):
        with served(tmp_path, free_port, "--demo", "--no-scheduler"):
            body = json.dumps({"email": f"paderborn@{DEMO_DOMAIN}", "password": DEMO_PASSWORD})
            answer = ask(free_port, "/api/v1/session", body)
            assert answer is not None
            status, cookie, me = answer
            assert status == 200
            assert isinstance(me, dict)
            assert me["role"] == "coordinator"
            again = ask(free_port, "/api/v1/session", cookie=str(cookie).partition(";")[0])
            assert again is not None
            assert again[2] == me


IN_THE_OPEN = pytest.mark.parametrize(
    ("options", "env", "said"),
    [
        (("--host", "0.0.0.0"), {}, "for this machine alone"),  # noqa: S104  # refused
        ((), {"DOALLVET_ENV": "production"}, "not in production"),
    ],
)


def refused(folder: Path, options: tuple[str, ...], env: dict[str, str]) -> str:
    """What is said where nothing is served."""
    done = subprocess.run(
        [*SERVE, *options], cwd=folder, capture_output=True, text=True, check=False, timeout=60,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"} | env,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    return done.stderr


@IN_THE_OPEN
def test_a_demo_is_not_made_in_the_open(
    tmp_path: Path, options: tuple[str, ...], env: dict[str, str], said: str
) -> None:
    assert said in refused(tmp_path, ("--demo", *options), env)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ON, indirect=True)
@IN_THE_OPEN
def test_demo_accounts_are_not_served_in_the_open(
    database: Engine, address: str, tmp_path: Path, options: tuple[str, ...], env: dict[str, str],
    said: str,
) -> None:  # fmt: skip
    with transaction(database) as session:
        session.add(rows.account(email=f"somebody@{DEMO_DOMAIN}"))
    assert said in refused(tmp_path, ("--database", address, *options), env | WITH_KEY)


def test_another_database_that_is_not_up_to_date_is_refused_with_the_command(
    empty_address: str, tmp_path: Path
) -> None:
    said = refused(tmp_path, ("--database", empty_address), {})
    assert "run doallvet migrate" in said


def test_without_the_packages_of_the_pages_it_says_what_to_run_and_the_api_answers(
    folder_with_tables: Path, tmp_path: Path, free_port: int
) -> None:
    sources = tmp_path / "sources"
    left_out = shutil.ignore_patterns("packages", "__pycache__")
    for package in ("api", "matcher", "models", "seed_data"):
        shutil.copytree(ROOT / package, sources / package, ignore=left_out)
    options = folder_with_tables, free_port, "--no-scheduler"
    with served(*options, sources=sources, **WITH_KEY) as process:
        assert ask(free_port, "/health/live") == [200, None, {"status": "live"}]
        assert process.stderr is not None
        assert process.stderr.readline().rstrip() == str(PagesIncompleteError(FROM_PACKAGES))


@pytest.mark.parametrize(("proxies", "status"), [("127.0.0.1", 403), ("192.0.2.7", 200)])
def test_who_calls_is_what_a_proxy_says_that_is_named_and_nobody_else(
    folder_with_tables: Path, free_port: int, proxies: str, status: int
) -> None:
    """Counts are for this machine: whom a proxy names is elsewhere."""
    ask_for_counts = (
        "import sys, urllib.error, urllib.request as r\n"
        "told = {'X-Forwarded-For': '203.0.113.9'}\n"
        "try: print(r.urlopen(r.Request(sys.argv[1], headers=told)).status)\n"
        "except urllib.error.HTTPError as error: print(error.code)\n"
    )
    options = folder_with_tables, free_port, "--no-scheduler"
    with served(*options, DOALLVET_PROXIES=proxies, **WITH_KEY):
        where = f"http://127.0.0.1:{free_port}/metrics"
        command = [sys.executable, "-c", ask_for_counts, where]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert int(done.stdout) == status
