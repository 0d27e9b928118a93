"""What many tests share: the database, on both engines."""

import base64
import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine, insert

import models
from api import passwords, store
from api.database import connect, transaction
from api.sealing import key_store
from models import migrations
from seed_data.tables import Made, demo_rows
from tests import rows
from tests.databases import Cluster, copied, emptied, forget, running_cluster, server_programs

key_store.SYNCHRONOUS = "OFF"
"""As PostgreSQL's cluster of the tests does without: nobody pulls the plug here."""

passwords._HASHES = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
"""The same function with parameters that cost little; test_passwords looks at the real ones."""

ENGINES = ("sqlite", "postgresql")

ON = ENGINES if "CAMPAIGN_TRIES" in os.environ else ENGINES[:1]
"""Where long tests run of what no engine decides: on both in the campaign alone."""

gc.set_threshold(100_000, 20, 50)
"""Tests make much that lives shortly: looking for cycles less often saves a tenth of the time."""

os.environ["DOALLVET_MASTER_KEY"] = f"test:{base64.b64encode(bytes(range(32))).decode()}"
"""The master key of all test databases: without it each would make a file beside itself."""

os.environ["DOALLVET_AUDIT_HEADS"] = os.devnull
"""A service or worker that a test starts records the head of its audit nowhere."""


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """The event loop of all test clients: a new one for each request takes longer than most do."""
    with start_blocking_portal() as portal:
        TestClient.portal = portal
        yield
        TestClient.portal = None


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of this run."""
    programs = server_programs()
    if programs is None:
        pytest.skip("the PostgreSQL server programs are missing (Debian: postgresql)")
    with running_cluster(programs) as running:
        yield running


@pytest.fixture(scope="session")
def migrated_cluster(cluster: Cluster) -> Iterator[tuple[Cluster, str]]:
    """The server with the name of a database that has all tables, to be copied."""
    with cluster.database() as address:
        engine = connect(address)
        migrations.upgrade(engine)
        engine.dispose()
        yield cluster, str(engine.url.database)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database that has all tables, to be copied."""
    return migrated(tmp_path_factory.mktemp("database"))


def migrated(folder: Path) -> Path:
    """The same in a folder."""
    file = folder / "doallvet.db"
    engine = connect(f"sqlite:///{file}")
    migrations.upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture(params=ENGINES)
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database: every test that asks runs on both engines."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    running: Cluster = request.getfixturevalue("cluster")
    with running.database() as address:
        yield address


@pytest.fixture
def empty_database(empty_address: str) -> Iterator[Engine]:
    """A database without tables."""
    engine = connect(empty_address)
    yield engine
    engine.dispose()


class Copies:
    """A copy of the migrated database that one test after another uses."""

    def __init__(self, running: Cluster, template: str) -> None:
        self.running, self.template = running, template
        self.open = ExitStack()
        self.current: str | None = None

    def one(self) -> str:
        if self.current is None:
            self.current = self.open.enter_context(self.running.database(self.template))
        return self.current

    def give_back(self) -> None:
        if self.current and not emptied(self.current, models.METADATA.tables):
            self.current = None


@pytest.fixture(scope="session")
def copies(migrated_cluster: tuple[Cluster, str]) -> Iterator[Copies]:
    """What tests on PostgreSQL work on, one after another."""
    made = Copies(*migrated_cluster)
    with made.open:
        yield made


@pytest.fixture(scope="session")
def own_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one test after another has its SQLite database."""
    return tmp_path_factory.mktemp("own") / "doallvet.db"


@pytest.fixture(params=ENGINES)
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database with all tables and no rows."""
    yield from address_on_engine(request)


def address_on_engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same on the engine that the fixture's parameter names."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("migrated_file")
        file: Path = request.getfixturevalue("own_file")
        for old in file.parent.iterdir():
            old.unlink()
        yield f"sqlite:///{copied(template, file)}"
        return
    copies: Copies = request.getfixturevalue("copies")
    yield copies.one()
    copies.give_back()


_CONNECTED: dict[str, Engine] = {}
"""Engines by address: what they know of statements is worth more than a test takes."""


@pytest.fixture
def database(address: str) -> Iterator[Engine]:
    """A database with all tables and no rows."""
    engine = _CONNECTED.get(address) or _CONNECTED.setdefault(address, connect(address))
    forget(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def demo_made() -> list[Made]:
    """The demo alliance; made once."""
    return demo_rows(rows.ids(1), rows.NOW)


@pytest.fixture
def demo(database: Engine, demo_made: list[Made]) -> Engine:
    """A database with the demo alliance; the same ids every time."""
    by_table: dict[Any, list[dict[str, Any]]] = {}
    with transaction(database) as session:
        for row in store.sealed.as_rows(session, demo_made, rows.NOW):
            table = type(row).__table__  # type: ignore[attr-defined]  # a row of a table
            values = {column.key: getattr(row, column.key) for column in table.columns}
            by_table.setdefault(table, []).append(values)
        for table, those in by_table.items():
            session.execute(insert(table), those)
    return database


@pytest.fixture
def free_port() -> int:
    """A port of this machine that nobody listens on."""
    return find_free_port()


def find_free_port() -> int:
    """The same for what lasts longer than a test. Tests have no network of their own."""
    ask = "import socket as s; o = s.socket(); o.bind(('', 0)); print(o.getsockname()[1])"
    command = [sys.executable, "-c", ask]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
