"""The master key is changed while others seal and open, and whoever is killed goes on later."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest

from api.cli_service import check_keys
from api.database import connect
from api.sealing import Vault
from models import migrations

KEYS = int(os.environ.get("CAMPAIGN_TRIES", "4")) * 300
"""So many people have keys: the rotation takes some transactions."""


class Alliance:
    """A database in a folder of its own, with its own master key file."""

    def __init__(self, folder: Path) -> None:
        self.address = f"sqlite:///{folder / 'doallvet.db'}"
        self.engine = connect(self.address)
        migrations.upgrade(self.engine)
        self.vault: Vault = self.engine.get_execution_options()["vault"]
        self.people = [uuid.UUID(int=n) for n in range(100, 100 + KEYS)]
        self.vault.keys(self.people, make=True)
        self.sealed = {
            one: self.vault.seal(one, "test", str(one)) for one in self.people[:: KEYS // 50]
        }

    def masters(self) -> set[str]:
        return set(self.vault.store.masters())

    def everything_opens(self) -> bool:
        fresh: Vault = connect(self.address).get_execution_options()["vault"]
        return all(fresh.open(one, "test", value) == str(one) for one, value in self.sealed.items())


@pytest.fixture
def alliance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Alliance:
    monkeypatch.delenv("DOALLVET_MASTER_KEY")
    return Alliance(tmp_path)


def start_rotation(alliance: Alliance) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", "keys", "rotate", "--database", alliance.address],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def wait_until_in_the_middle(alliance: Alliance, process: subprocess.Popen[str]) -> None:
    for _ in range(6000):
        if len(alliance.masters()) == 2:
            return
        assert process.poll() is None, process.stdout and process.stdout.read()
        time.sleep(0.005)
    raise AssertionError("the rotation did not begin")


def test_who_is_killed_while_rotating_goes_on_at_the_next_start(alliance: Alliance) -> None:
    (before,) = alliance.masters()
    process = start_rotation(alliance)
    wait_until_in_the_middle(alliance, process)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    if process.stdout:
        process.stdout.close()
    assert before in alliance.masters(), "it was killed in the middle"
    assert alliance.everything_opens()
    check_keys(connect(alliance.address))
    (after,) = alliance.masters()
    assert after != before
    assert set(alliance.vault.source.read().keys) == {after}
    assert alliance.everything_opens()


def test_others_seal_and_open_while_the_master_key_changes(alliance: Alliance) -> None:
    (before,) = alliance.masters()
    stop, faults, made = threading.Event(), [], {}

    def work(number: int) -> None:
        vault: Vault = connect(alliance.address).get_execution_options()["vault"]
        n = 0
        while not stop.is_set():
            new = uuid.UUID(int=10**6 * (number + 1) + n)
            try:
                made[new] = vault.seal(new, "test", str(new))
                for one, value in list(alliance.sealed.items())[:5]:
                    assert vault.open(one, "test", value) == str(one)
            except Exception as error:  # whatever it is, it is the fault
                faults.append(repr(error))
            n += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    process = start_rotation(alliance)
    out, _ = process.communicate(timeout=120)
    time.sleep(0.1)
    stop.set()
    for thread in threads:
        thread.join()
    assert (process.returncode, faults) == (0, []), out
    alliance.sealed |= made
    assert len(made) > 10
    assert before not in alliance.masters()
    assert alliance.everything_opens()
