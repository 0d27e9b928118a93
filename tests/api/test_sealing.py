"""What is sealed: who opens it, with which keys, and what is left where a seal is broken."""

import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from api.database import connect
from api.leadership import LEADER_LOCK
from api.sealing import BrokenSealError, MasterKeys, MasterKeysFaultyError, Vault, place_of, vault
from api.sealing.key_store import KEY_LOCK, KeyStore
from api.sealing.master import MasterKeySource
from api.sealing.vault import open_sealed
from models.migrations import MIGRATION_LOCK
from tests import rows
from tests.api.alliance import NOW

PLACE = place_of("support_needs", "needs", uuid.UUID(int=7))
VALUES = ({"STEP_FREE_ACCESS": "hard", "ä": [1.5]}, [], None, False, "")

NewVault = Callable[..., Vault]


def changed(sealed: bytes, at: int) -> bytes:
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


@pytest.fixture
def new_vault(address: str, tmp_path: Path) -> Iterator[NewVault]:
    """Makes vaults of the same database, as so many processes, with a file of master keys."""
    file, made = tmp_path / "of-tests.key", []
    file.write_text(os.environ["DOALLVET_MASTER_KEY"])

    def make(master_keys: str = "") -> Vault:
        made.append(one := Vault(make_url(address), master_keys, str(file)))
        return one

    yield make
    for one in made:
        one.store.engine.dispose()


def opens(vault_: Vault, sealed: dict[uuid.UUID, bytes]) -> bool:
    return all(vault_.open(one, PLACE, value) == str(one) for one, value in sealed.items())


def sealed_by(vault_: Vault, number: int) -> dict[uuid.UUID, bytes]:
    return {one: vault_.seal(one, PLACE, str(one)) for one in (uuid.uuid4() for _ in range(number))}


def test_a_seal_opens_for_its_owner_at_its_place_and_as_it_is(new_vault: NewVault) -> None:
    one, other = new_vault(), new_vault()
    owner, stranger = uuid.uuid4(), uuid.uuid4()
    for value in VALUES:
        sealed = one.seal(owner, PLACE, value)
        assert other.open(owner, PLACE, sealed) == value
        assert sealed != one.seal(owner, PLACE, value)
        assert b"STEP" not in sealed
    sealed = one.seal(owner, PLACE, "x")
    key = one.keys([owner])[owner]
    broken = [changed(sealed, at) for at in range(len(sealed))]
    for tampered in (*broken, b"", *(sealed[:end] for end in (1, 5, 13, len(sealed) - 1))):
        with pytest.raises(BrokenSealError, match="the seal is broken"):
            open_sealed(key, owner, PLACE, tampered)
    one.keys([stranger], make=True)
    for who, place in (
        (stranger, PLACE), (uuid.uuid4(), PLACE), (owner, PLACE.replace("needs|0", "sex|0")),
        (owner, place_of("support_needs", "needs", uuid.UUID(int=8))),
    ):  # fmt: skip
        with pytest.raises(BrokenSealError):
            one.open(who, place, sealed)
    with pytest.raises(BrokenSealError):
        open_sealed(key, stranger, PLACE, sealed)  # a key alone does not change the owner
    one.forget(owner, NOW)
    one.forget(owner, rows.LATER)
    for vault_ in (one, other):
        with pytest.raises(BrokenSealError):
            vault_.open(owner, PLACE, sealed)
    assert one.store.erased() == [(owner, NOW)]
    assert (one.has_key(owner), one.has_key(stranger)) == (False, True)


def test_a_tampered_round_file_is_refused_and_never_another_one(new_vault: NewVault) -> None:
    one, number, people = new_vault(), uuid.uuid4(), [str(uuid.uuid4()) for _ in range(2)]
    problem = {"apprentices": [{"id": who, "x": "ä"} for who in people], "offers": [1]}
    result = {"proposals": [{"apprentice": people[0]}], "unmatched": [{"apprentice": people[1]}],
              "idle_offers": [{"nearest": [{"apprentice": people[1]}]}]}  # fmt: skip
    files = one.pack_round(number, problem, result, {"left_out": []})
    whole = one.unpack_round(number, files)
    assert whole == (problem, result, {"left_out": []})
    with pytest.raises(BrokenSealError):
        one.unpack_round(uuid.uuid4(), files)
    left_out = 0
    for at in range(0, len(files), 3):
        try:
            problem, *_ = one.unpack_round(number, changed(files, at))
        except BrokenSealError:
            continue
        assert len(problem["apprentices"]) == 1, at  # of one person the part is gone
        left_out += 1
    assert left_out > 10
    for end in (0, 3, 50, len(files) - 1):
        with pytest.raises(BrokenSealError):
            one.unpack_round(number, files[:end])


@pytest.mark.parametrize("named", ["x.db", "x.keys.db"])
def test_who_starts_while_somebody_writes_to_a_new_file_waits(tmp_path: Path, named: str) -> None:
    """SQLite refuses to switch such a file to write-ahead logging at once."""
    with closing(sqlite3.connect(tmp_path / named, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(sqlite3.OperationalError, match="locked"),
            closing(sqlite3.connect(tmp_path / named)) as refused,
        ):
            refused.execute("PRAGMA journal_mode=WAL")
        url = make_url(f"sqlite:///{tmp_path / 'x.db'}")
        begin = {"x.db": lambda: connect(str(url)).connect().close(),
                 "x.keys.db": lambda: KeyStore(url).create()}[named]  # fmt: skip
        with ThreadPoolExecutor() as pool:
            begun = pool.submit(begin)
            time.sleep(0.3)  # it is refused some times now
            assert not begun.done()
            other.execute("COMMIT")
            begun.result(60)
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_embedded_database_makes_its_master_key_once(tmp_path: Path) -> None:
    url = make_url(f"sqlite:///{tmp_path / 'x.db'}")
    start, made = threading.Barrier(4), []

    def begin() -> None:
        start.wait()
        made.append((one := Vault(url), sealed_by(one, 1)))

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    file, keys = tmp_path / "x.master.key", tmp_path / "x.keys.db"
    assert (len(made), oct(file.stat().st_mode)) == (4, "0o100600")
    assert {one.name for one in tmp_path.iterdir()} >= {file.name, keys.name}
    assert all(opens(Vault(url), sealed) for _, sealed in made)
    name, right = next(iter(MasterKeys.read(file.read_text(), "").keys.items()))
    assert right not in keys.read_bytes()

    def stored() -> list[Any]:
        with closing(sqlite3.connect(keys)) as connection:
            return connection.execute("SELECT * FROM sealing_key ORDER BY owner").fetchall()

    before, text_ = stored(), file.read_text()
    for faulty in (
        None, "", "garbage", f"{name}:AAAA", text_ + text_, f"{name}:{'A' * 43}=",
        MasterKeys({}).with_new().text(), "\ud7ff",
    ):  # fmt: skip
        file.unlink(missing_ok=True)
        if faulty is not None:
            file.write_text(faulty)
        for use in (Vault.ready, lambda one: one.keys([uuid.uuid4()], make=True), Vault.rotate):
            with pytest.raises(MasterKeysFaultyError) as refused:
                use(Vault(url))
            assert str(file) in str(refused.value)
            assert text_.strip().partition(":")[2] not in str(refused.value)
        assert (stored(), file.read_text() if file.exists() else None) == (before, faulty)
    file.write_text(text_)
    assert all(opens(Vault(url), sealed) for _, sealed in made)
    with pytest.raises(MasterKeysFaultyError, match="DOALLVET_MASTER_KEY_FILE"):
        MasterKeySource("", None).read()


class KilledError(BaseException):
    """What ends somebody who rotates, wherever that is."""


def test_a_rotation_that_is_killed_goes_on_and_the_old_master_key_goes(
    new_vault: NewVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, change, left = new_vault(), KeyStore.change, [5]
    sealed, old = sealed_by(one, 7), one.source.read()

    def killed(*given: Any) -> None:
        left[0] -= 1
        if not left[0]:
            raise KilledError
        change(*given)

    monkeypatch.setattr(vault, "AT_ONCE", 2)
    monkeypatch.setattr(KeyStore, "change", killed)
    with pytest.raises(KilledError):
        one.rotate()
    monkeypatch.setattr(KeyStore, "change", change)
    both = new_vault().source.read()
    assert (len(both.keys), len(new_vault().store.masters())) == (2, 2)
    assert both.keys[old.current] == old.keys[old.current]
    assert opens(new_vault(), sealed)
    assert opens(one, sealed)
    more = sealed_by(one, 1)
    there = one.store.count()
    assert new_vault().rotate() == there - 4 - len(more)  # two batches were done before
    new = new_vault().source.read()
    assert (list(new.keys), list(one.store.masters())) == ([both.current], [both.current])
    for vault_ in (one, new_vault()):
        assert opens(vault_, sealed | more)
    assert opens(new_vault(new.text()), sealed | more)
    with pytest.raises(MasterKeysFaultyError, match="put it back, nothing was changed"):
        new_vault(old.text()).ready()


def test_a_master_key_of_the_environment_is_rotated_with_both_there(new_vault: NewVault) -> None:
    old = MasterKeys.read(os.environ["DOALLVET_MASTER_KEY"], "")
    sealed = sealed_by(one := new_vault(old.text()), 3)
    with pytest.raises(MasterKeysFaultyError, match="cannot be changed from here"):
        one.source.write(old)
    both = old.with_new()
    two = new_vault(both.text().replace("\n", ", "))
    assert (two.rotate(), two.rotate()) == (two.store.count(), 0)
    assert opens(new_vault(both.only_current().text()), sealed)


def test_nobody_who_works_meanwhile_loses_anything_by_a_rotation(
    new_vault: NewVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "AT_ONCE", 3)
    sealed, over, faults = sealed_by(new_vault(), 12), threading.Event(), []

    def work(vault_: Vault) -> None:
        mine: dict[uuid.UUID, bytes] = {}
        try:
            while not over.is_set() or len(mine) < 3:
                mine |= sealed_by(vault_, 1)
                assert opens(vault_, sealed | mine if len(mine) < 3 else mine)
        except BaseException as error:  # the test says what it was
            faults.append(error)
        found.append(mine)

    found: list[dict[uuid.UUID, bytes]] = []
    shared = new_vault()
    threads = [threading.Thread(target=work, args=(one,)) for one in (shared, shared, new_vault())]
    for thread in threads:
        thread.start()
    rotated = new_vault().rotate()
    over.set()
    for thread in threads:
        thread.join()
    assert (faults, len(found)) == ([], 3)
    assert rotated >= len(sealed)
    last = new_vault()
    assert len(last.source.read().keys) == len(last.store.masters()) == 1
    assert all(opens(last, those) for those in (sealed, *found))


def test_each_advisory_lock_has_a_number_of_its_own() -> None:
    """A scheduler that leads holds its lock all the while: nobody would make a key."""
    assert len({KEY_LOCK, LEADER_LOCK, MIGRATION_LOCK}) == 3
