"""`doallvet doctor`: each thing that can be wrong, once, and a service in which all is well."""

import base64
import datetime
import json
import os
import shutil
from collections import namedtuple
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

import models
from api import audit_heads, chain, store
from api.database import connect, transaction
from api.due import DUE, run_due
from api.operating import surroundings
from api.operating.backup import backup
from api.operating.doctor import CHECKS, Told, examine, worst
from api.operating.finding import Around, Check, State
from api.pages import assets
from api.sealing import Vault
from api.services.rounds import Worker
from api.settings import Settings
from models import migrations
from tests import rows, sealing
from tests.api.alliance import Alliance
from tests.api.test_cli import run_here
from tests.api.test_posting import Mailbox, listening

GOOD: Mapping[str, Any] = {
    "env": "production", "address": "https://matching.example.org", "organisation": "Alliance",
    "contact": "help@example.org", "mail_from": "matching@example.org",
}  # fmt: skip


@pytest.fixture
def nowhere(tmp_path: Path) -> Engine:
    return connect(f"sqlite:///{tmp_path / 'none.db'}")


def around(engine: Engine, folder: Path, **given: Any) -> Around:
    """A service in production, its files in a folder."""
    now = given.pop("now", rows.NOW)
    environ, backups = given.pop("environ", {}), given.pop("backups", None)
    (folder / "mail").mkdir(mode=0o700, exist_ok=True)
    files = {"mail_folder": str(folder / "mail"), "audit_heads": str(folder / "heads.jsonl")}
    return Around(Settings(**{**GOOD, **files, **given}), engine, now, environ, backups)


def told(around: Around, name: str) -> list[tuple[State, str]]:
    """What one check finds besides what is well."""
    (check,) = (check for check in CHECKS if check.name == name)
    found = [one.finding for one in examine(around, [Check(name, check.look)])]
    assert all(one.do for one in found if one.state != State.OK)
    return [(one.state, one.told) for one in found if one.state != State.OK]


@pytest.mark.enable_socket
def test_every_check_is_well_where_all_is_well(
    database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.datetime.now(datetime.UTC)
    alliance = Alliance(database)
    with transaction(database) as session:
        chain.note(session, alliance.service(now), "a", "b", alliance.aino.id, {})
    heads = tmp_path / "heads.jsonl"
    with transaction(database, writes=False) as session:
        audit_heads.write(heads, now.date(), *chain.head(session))
    backup(database, tmp_path / "main", now, "0.1.0")
    run_due(database, Worker("w-1", rows.ids(3), lambda: now), DUE)
    monkeypatch.setattr(surroundings, "NEARLY_FULL", 0)
    monkeypatch.setattr(surroundings, "FULL", 0)
    keys = Path(f"{str(database.url.database).removesuffix('.db')}.keys.db")
    if keys.exists():
        keys.chmod(0o600)
    with listening(Mailbox()) as server:
        given = {"smtp": f"smtp://127.0.0.1:{server.port}", "backups": tmp_path / "main"}
        found = list(examine(around(database, tmp_path, now=now, **given)))
    bad = [one for one in found if one.finding.state != State.OK]
    kind = database.dialect.name
    assert [one.check for one in bad] == (["database"] if kind == "sqlite" else []), bad
    assert {one.check for one in found} == {check.name for check in CHECKS}
    assert worst(found) == (State.WARNING if kind == "sqlite" else State.OK)


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("given", "state", "said"),
    [
        ({}, State.WARNING, "e-mails are files in a folder"),
        ({"smtp": "mail.example.org"}, State.FAULT, "DOALLVET_SMTP is no address"),
        ({"smtp": "smtp://127.0.0.1:9"}, State.FAULT, "mail: the server cannot be used"),
        ({"smtp": "smtp://127.0.0.1:9", "smtp_password_file": "/none"}, State.FAULT, "No such"),
        ({"sms_gateway": "http://x.example"}, State.FAULT, "DOALLVET_SMS_GATEWAY is no https"),
    ],
)
def test_messages_that_do_not_leave_are_told(
    nowhere: Engine, tmp_path: Path, given: Mapping[str, str], state: State, said: str
) -> None:
    ((found, text_of_it),) = told(around(nowhere, tmp_path, **given), "messages")
    assert found == state
    assert said in text_of_it


def test_an_unknown_variable_is_named_with_the_nearest_one(nowhere: Engine, tmp_path: Path) -> None:
    environ = {"DOALLVET_MAILFOLDER": "x", "DOALLVET_ENV": "production", "PATH": ""}
    checked = around(nowhere, tmp_path, environ=environ)
    ((state, said),) = told(checked, "names of settings")
    assert (state, said) == (State.FAULT, "DOALLVET_MAILFOLDER is no setting")
    found = [one.finding.do for one in examine(checked) if one.finding.told == said]
    assert found == ["Take it out, or mend it: did you mean DOALLVET_MAIL_FOLDER?"]


@pytest.mark.parametrize(
    ("given", "state", "said"),
    [
        ({"env": "live"}, State.FAULT, "DOALLVET_ENV is neither"),
        ({"env": "development"}, State.WARNING, "DOALLVET_ENV is not production"),
        ({"address": "matching.example.org"}, State.FAULT, "DOALLVET_ADDRESS is no address"),
        (
            {"address": "http://matching.example.org"},
            State.FAULT,
            "DOALLVET_ADDRESS does not begin",
        ),
        ({"address": "https://localhost"}, State.FAULT, "DOALLVET_ADDRESS is this machine"),
        ({"requests_per_minute": 0}, State.FAULT, "DOALLVET_REQUESTS_PER_MINUTE lets nobody"),
        ({"mail_from": "nobody"}, State.FAULT, "DOALLVET_MAIL_FROM is no e-mail address"),
        ({"mail_from": "a@localhost"}, State.WARNING, "DOALLVET_MAIL_FROM is an address of this"),
        ({"contact": "nobody"}, State.FAULT, "DOALLVET_CONTACT is no e-mail address"),
        ({"contact": ""}, State.WARNING, "DOALLVET_CONTACT is empty"),
        ({"organisation": ""}, State.WARNING, "DOALLVET_ORGANISATION is empty"),
        ({"metrics_token": "short"}, State.WARNING, "DOALLVET_METRICS_TOKEN is short"),
    ],
)
def test_a_setting_that_makes_no_sense_is_told(
    nowhere: Engine, tmp_path: Path, given: dict[str, Any], state: State, said: str
) -> None:
    found = told(around(nowhere, tmp_path, **given), "settings")
    assert any(one == state and text.startswith(said) for one, text in found), found


def test_folders_that_cannot_be_written_to_are_told(nowhere: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name, given in (
        ("mail folder", {"mail_folder": str(tmp_path / "file" / "mail")}),
        ("heads of the audit", {"audit_heads": str(tmp_path / "file" / "heads")}),
    ):
        ((state, said),) = told(around(nowhere, tmp_path, **given), name)
        assert state == State.FAULT
        assert "cannot be written there" in said


def test_messages_that_others_can_read_are_told(nowhere: Engine, tmp_path: Path) -> None:
    checked = around(nowhere, tmp_path)
    assert told(checked, "mail folder") == []
    (tmp_path / "mail").chmod(0o755)
    ((state, _),) = told(checked, "mail folder")
    assert state == State.WARNING


def test_a_disk_that_fills_up_is_told(
    nowhere: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = namedtuple("room", "total used free")
    for free, state in ((100 * 2**20, State.FAULT), (2**30, State.WARNING)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: room(2**40, 0, free))
        found = told(around(nowhere, tmp_path, backups=tmp_path), "disk")
        assert [one for one, _ in found] == [state] * 4


def test_pages_without_their_packages_are_told(
    nowhere: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings, "shipped", lambda: assets.gather(tmp_path))
    ((state, said),) = told(around(nowhere, tmp_path), "pages")
    assert state == State.FAULT
    assert "htmx.min.js" in said


def test_backups_that_are_missing_or_old_are_told(database: Engine, tmp_path: Path) -> None:
    checked = around(database, tmp_path, backups=tmp_path / "main")
    assert [one for one, _ in told(checked, "backups")] == [State.FAULT]
    backup(database, tmp_path / "main", rows.NOW - datetime.timedelta(hours=60), "0.1.0")
    ((state, said),) = told(checked, "backups")
    assert (state, said.partition(" (")[0]) == (State.WARNING, "the newest is 60 hours old")


def test_a_database_that_is_not_there_is_one_fault_and_nothing_is_made(
    nowhere: Engine, tmp_path: Path
) -> None:
    found = list(examine(around(nowhere, tmp_path)))
    assert found[-1].check == "database"
    assert found[-1].finding.state == State.FAULT
    assert not (tmp_path / "none.db").exists()


def test_a_server_that_does_not_answer_is_one_fault(tmp_path: Path) -> None:
    engine = connect(f"postgresql://somebody:secret@/none?host={tmp_path}")
    found = list(examine(around(engine, tmp_path)))
    assert [one.check for one in found if one.finding.state == State.FAULT] == ["database"]
    assert found[-1].check == "database"
    assert "secret" not in repr(found)


def test_tables_of_another_release_are_told(empty_database: Engine, tmp_path: Path) -> None:
    migrations.upgrade(empty_database, "0009")
    ((state, said),) = told(around(empty_database, tmp_path), "tables")
    assert (state, said.partition(",")[0]) == (State.FAULT, "at 0009")
    found = [one.check for one in examine(around(empty_database, tmp_path))]
    assert found[-1] == "tables"
    migrations.upgrade(empty_database)
    with empty_database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    ((_, said),) = told(around(empty_database, tmp_path), "tables")
    assert said == "at 9999, which this release does not know"


def test_demo_accounts_in_production_are_told(database: Engine, tmp_path: Path) -> None:
    with transaction(database) as session:
        session.add(rows.account(email="admin@demo.invalid"))
    assert [one for one, _ in told(around(database, tmp_path), "demo accounts")] == [State.FAULT]
    assert told(around(database, tmp_path, env="development"), "demo accounts") == []


def test_a_master_key_that_does_not_open_is_told(
    database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alliance = Alliance(database)
    with transaction(database) as session:
        sealing.needing(session, alliance.aino.id, needs={})
    url = database.url.render_as_string(hide_password=False)
    for given, said in (
        ("", "master key"),
        (base64.b64encode(bytes(32)).decode(), "is not the one"),
    ):
        monkeypatch.setenv("DOALLVET_MASTER_KEY", given and f"test:{given}")
        other = connect(url)
        ((state, told_of),) = told(around(other, tmp_path), "keys")
        assert state == State.FAULT
        assert said in told_of
        other.dispose()


def test_keys_that_are_missing_or_readable_by_others_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DOALLVET_MASTER_KEY")
    file = tmp_path / "x.db"
    engine = connect(f"sqlite:///{file}")
    migrations.upgrade(engine)
    alliance = Alliance(engine)
    with transaction(engine) as session:
        chain.note(session, alliance.service(), "a", "b", alliance.aino.id, {})
    assert told(around(engine, tmp_path), "keys") == []
    for name in ("x.master.key", "x.keys.db"):
        (tmp_path / name).chmod(0o644)
        assert told(around(engine, tmp_path), "keys") == [
            (State.FAULT, f"{tmp_path / name}: others may read it")
        ]
        (tmp_path / name).chmod(0o600)
    vault: Vault = engine.get_execution_options()["vault"]
    vault.store.engine.dispose()
    for path in tmp_path.glob("x.keys.db*"):
        path.unlink()
    assert told(around(engine, tmp_path), "keys") == [
        (State.FAULT, "the key store is missing beside sealed rows")
    ]
    engine.dispose()


def test_a_clock_that_went_back_is_told(database: Engine, tmp_path: Path) -> None:
    alliance = Alliance(database)
    with transaction(database) as session:
        chain.note(session, alliance.service(), "a", "b", alliance.aino.id, {})
    for seconds, states in ((1, []), (10, [State.WARNING]), (3600, [State.FAULT])):
        now = rows.NOW - datetime.timedelta(seconds=seconds)
        assert [s for s, _ in told(around(database, tmp_path, now=now), "clock")] == states


def test_a_time_zone_that_nobody_knows_is_told(database: Engine, tmp_path: Path) -> None:
    with transaction(database) as session:
        session.add(rows.region(time_zone="Europe/Atlantis"))
    assert told(around(database, tmp_path), "time zones") == [
        (State.FAULT, "Europe/Atlantis is not known")
    ]


def test_a_worker_that_is_missing_or_fails_is_told(database: Engine, tmp_path: Path) -> None:
    assert [one for one, _ in told(around(database, tmp_path), "worker")] == [State.FAULT]

    def remind(*_: object) -> int:
        raise RuntimeError

    run_due(database, Worker("w-1", rows.ids(3), lambda: rows.NOW), [remind])
    assert told(around(database, tmp_path), "worker") == [
        (State.FAULT, "remind fails (RuntimeError); it went well last: never")
    ]
    later = rows.NOW + datetime.timedelta(minutes=6)
    (quiet, _) = told(around(database, tmp_path, now=later), "worker")
    assert quiet == (State.FAULT, "w-1 leads; it looked 360 seconds ago")


def test_an_audit_that_is_not_whole_is_told(database: Engine, tmp_path: Path) -> None:
    alliance = Alliance(database)
    for _ in range(2):
        with transaction(database) as session:
            chain.note(session, alliance.service(), "a", "b", alliance.aino.id, {})
    assert [one for one, _ in told(around(database, tmp_path), "audit")] == [State.WARNING]
    with transaction(database, writes=False) as session:
        audit_heads.write(tmp_path / "heads.jsonl", rows.NOW.date(), *chain.head(session))
    assert told(around(database, tmp_path), "audit") == []
    with database.begin() as connection:
        connection.execute(text("DELETE FROM audit_event WHERE position = 1"))
    assert told(around(database, tmp_path), "audit") == [(State.FAULT, "event 1 is missing")]


def test_a_check_that_breaks_is_a_fault_and_the_others_go_on(
    nowhere: Engine, tmp_path: Path
) -> None:
    def breaks(_: Around) -> list[Any]:
        raise RuntimeError("no such thing")

    table = [Check("a", breaks), Check("b", surroundings.pages)]
    first, second = examine(around(nowhere, tmp_path), table)
    assert first.finding.told == "cannot be looked at: no such thing"
    assert isinstance(second, Told)
    assert second.check == "b"


def test_as_a_command(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    code, said, errors = run_here(capsys, "doctor", "--json", "--database", address)
    assert (code, errors) == (1, "")  # no worker
    found = json.loads(said)
    assert found["state"] == "fault"
    (tables,) = (one for one in found["checks"] if one["check"] == "tables")
    assert (tables["state"], tables["do"]) == ("ok", "")
    code, said, errors = run_here(capsys, "doctor", "--database", address)
    assert (code, errors) == (1, "")
    assert "fault    worker" in said
    monkeypatch.setenv("DOALLVET_REQUESTS_PER_MINUTE", "many")
    code, said, _ = run_here(capsys, "doctor", "--database", address)
    assert code == 1
    assert said.startswith("fault    settings            DOALLVET_REQUESTS_PER_MINUTE: ")


def test_it_changes_nothing(database: Engine, tmp_path: Path) -> None:
    Alliance(database)
    with transaction(database, writes=False) as session:
        before = {name: session.execute(table.select()).all()
                  for name, table in models.METADATA.tables.items()}  # fmt: skip
    files = sorted(os.listdir(tmp_path))
    checked = around(database, tmp_path)
    list(examine(checked))
    with transaction(database, writes=False) as session:
        after = {name: session.execute(table.select()).all()
                 for name, table in models.METADATA.tables.items()}  # fmt: skip
        assert store.job_runs.every(session) == []
    assert after == before
    assert sorted(os.listdir(tmp_path)) == sorted([*files, "mail"])
