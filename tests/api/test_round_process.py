"""kill -9 of a round's process at every step: whoever takes the round over ends the same."""

import datetime
import os
import shutil
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

import models
from api import store
from api.database import connect, transaction
from api.round_process import Ended
from api.services import rounds
from models import RoundKind
from seed_data.tables import demo_rows
from tests import rows
from tests.api.killed_round import STEPS
from tests.api.test_rounds import CODE, ask, live, worker

ROOT = Path(__file__).parents[2]
AFTER_THE_LEASE = rows.NOW + rounds.LEASE + datetime.timedelta(seconds=1)

State = tuple[dict[str, tuple[str, str, str]], dict[str, int], dict[str, int], list[str]]


def state(engine: Engine) -> State:
    """Proposals with their pairs and dates, taken places, used funding, rounds."""
    with transaction(engine, writes=False) as session:
        windows = session.exec(select(models.OfferWindow)).all()
        funded = session.exec(select(models.FundedPlaces)).all()
        done = session.exec(select(models.Round).order_by(col(models.Round.created_at))).all()
        hashes = {
            row.id: rounds.files(session, row.id).certificate.problem_sha256
            for row in done
            if row.files
        }
    return (
        live(engine),
        {str(row.id): row.taken for row in windows},
        {str(row.id): row.taken for row in funded},
        [
            f"{row.status} {row.kind} {row.stored} {row.dropped} {hashes.get(row.id)}"
            for row in done
        ],
    )


@pytest.fixture(scope="module")
def undisturbed(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> State:
    """How it ends when nobody is killed. The rows are its own: a row is added to one database."""
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("undisturbed") / "doallvet.db")
    engine = connect(f"sqlite:///{file}")
    with transaction(engine) as session:
        made = store.sealed.as_rows(session, demo_rows(rows.ids(1), rows.NOW), rows.NOW)
        store.rows.add_in_order(session, made)
    ask(engine)
    rounds.run_next(engine, worker("w-1", seed=8))
    ended = state(engine)
    engine.dispose()
    assert len(ended[0]) > 100
    return ended


def run(module: str, argument: str, address: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", module, argument], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DOALLVET_DATABASE": address},
    )  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_a_round_whose_process_is_killed_ends_as_if_it_was_not(
    demo: Engine, address: str, step: str, undisturbed: State
) -> None:
    asked = ask(demo)
    killed = run("tests.api.killed_round", step, address)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    if step == "committed":
        assert state(demo) == undisturbed
    else:
        assert live(demo) == {}
        assert rounds.run_next(demo, worker("w-2", seed=30)) is None
    expected = None if step == "committed" else asked.id
    assert rounds.run_next(demo, worker("w-3", seed=31, now=AFTER_THE_LEASE)) == expected
    assert state(demo) == undisturbed


def test_the_process_of_a_round_does_one_and_says_when_there_is_none(
    demo: Engine, address: str
) -> None:
    asked = ask_now(demo)
    ended = run("api.round_process", "w-here", address)
    assert (ended.returncode, ended.stdout, ended.stderr) == (Ended.FINISHED, "", "")
    with transaction(demo, writes=False) as session:
        done = session.get_one(models.Round, asked)
    assert (done.status, done.owner) == ("done", "w-here")
    assert run("api.round_process", "w-here", address).returncode == Ended.NOTHING_WAITED


def test_a_process_without_its_database_says_so(tmp_path: Path) -> None:
    ended = run("api.round_process", "w-here", f"sqlite:///{tmp_path / 'no' / 'folder.db'}")
    assert ended.returncode == Ended.NO_DATABASE
    assert '"event": "round.database_failed"' in ended.stderr


def ask_now(engine: Engine) -> uuid.UUID:
    """A round that a process with a real clock can run."""
    with transaction(engine) as session:
        return rounds.ask_for(
            session, CODE, RoundKind.PREVIEW, by=None,
            worker=rounds.Worker("w-1", uuid.uuid4, rounds.utc_now),
        ).id  # fmt: skip
