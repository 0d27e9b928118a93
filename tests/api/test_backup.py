"""Backups and what they bring back, on both engines."""

import datetime
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import col

import models
from api import store
from api.database import connect, the_service, transaction
from api.edge import signed_in
from api.errors import ServiceError
from api.main import create_app
from api.operating import ledger, postgres_dumps
from api.operating.answers import asked
from api.operating.backup import Made, backup, backups_in
from api.operating.manifest import BackupFaultyError, Manifest
from api.operating.means import means_of
from api.operating.restore import Looked, Wanted, restore
from api.sealing import Vault
from api.services import erasing
from models import migrations
from tests import rows, sealing
from tests.api.alliance import NOW, Alliance
from tests.api.roles import EVERYBODY, ROUTES
from tests.conftest import ON
from tests.databases import Cluster

V1 = "/api/v1"

Fresh = Callable[[], Engine]


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path, address: str) -> Iterator[Fresh]:
    """Makes a place of the same engine in which nothing is yet."""
    with ExitStack() as open_ones:

        def make() -> Engine:
            if address.startswith("sqlite"):
                where = f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"
            else:
                cluster: Cluster = request.getfixturevalue("cluster")
                where = open_ones.enter_context(cluster.database())
            engine = connect(where)
            open_ones.callback(engine.dispose)
            return engine

        yield make


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    made = Alliance(database)
    with transaction(database) as session:
        sealing.needing(session, made.aino.id, needs={"QUIET_SPACE": "hard"})
    return made


def both(engine: Engine, folder: Path, **options: object) -> Made:
    """A backup of the database and of its keys."""
    return backup(
        engine, folder / "main", NOW, "0.1.0", keys=folder / "keys", **options,  # type: ignore[arg-type]  # as given
    )  # fmt: skip


def wrong(looked: list[Looked]) -> list[Looked]:
    return [one for one in looked if one.ok is False]


def vault_of(engine: Engine) -> Vault:
    vault: Vault = engine.get_execution_options()["vault"]
    return vault


def answers(engine: Engine, alliance: Alliance, named: dict[str, object]) -> dict[str, object]:
    """What each role gets of each route that only reads; new ids come in the same order.

    The status page tells of the machine: what is free on its disk is another number each time.
    """
    app = create_app(engine, now=lambda: NOW, new_id=rows.ids(7))
    client = alliance.client(None)
    client.app = app
    client._transport.app = app  # type: ignore[attr-defined]  # the test client's own
    found: dict[str, object] = {}
    for who in EVERYBODY:
        client.headers["Authorization"] = f"Bearer {alliance._secret(who, NOW)}"
        for method, path in ROUTES:
            if method == "GET" and not path.endswith(("/events", "/status")):
                answer = client.get(V1 + path.format_map(named), headers={"X-Request-Id": "same"})
                found[f"{who} {path}"] = (answer.status_code, answer.content)
    return found


class Named(dict[str, object]):
    """Ids of addresses; what nobody made is an id of nothing."""

    def __missing__(self, key: str) -> object:
        return uuid.UUID(int=9)


def filled(alliance: Alliance) -> Named:
    """Everything that the rows of the matrix make, as far as it goes together."""
    named = Named()
    for before in dict.fromkeys(
        row.before for (method, _), row in ROUTES.items() if method == "GET"
    ):
        try:
            named |= before(alliance)
        except (ServiceError, Exception):  # noqa: S112  # two of them want the same place
            continue
    return named


@pytest.mark.parametrize("address", ON, indirect=True)
def test_the_restored_service_answers_each_role_on_each_route_as_before(
    alliance: Alliance, tmp_path: Path, fresh: Fresh
) -> None:
    named = filled(alliance)
    for who in EVERYBODY:
        alliance._secret(who, NOW)
    made = both(alliance.engine, tmp_path)
    before = answers(alliance.engine, alliance, named)
    statuses = [status for status, _ in before.values()]  # type: ignore[misc]  # pairs
    assert statuses.count(200) > 150
    elsewhere = fresh()
    looked = restore(elsewhere, Wanted(made.folder, made.keys))
    assert wrong(looked) == []
    after = answers(elsewhere, alliance, named)
    assert [one for one in before if before[one] != after[one]] == []


def test_the_answers_that_a_backup_keeps_are_compared(
    alliance: Alliance, tmp_path: Path, fresh: Fresh
) -> None:
    made = both(alliance.engine, tmp_path, with_answers=True)
    kept = made.manifest.answers
    assert kept is not None
    assert not made.changed
    assert {one.partition(" ")[0] for one in kept} == {str(role) for role in models.Role}
    looked = restore(fresh(), Wanted(made.folder, made.keys))
    assert looked[-1] == Looked("answers", True, f"all {len(kept)} are the same as before")

    page = Manifest.read(made.folder, "database")
    page.model_copy(update={"answers": kept | {"coordinator /apprentices": "0" * 64}}).write(
        made.folder
    )
    (differs,) = wrong(restore(fresh(), Wanted(made.folder, made.keys)))
    assert differs.told == "1 differ, the first is: coordinator /apprentices"


def test_each_is_asked_for_as_the_account_that_it_is(alliance: Alliance) -> None:
    filled(alliance)
    app = create_app(alliance.engine, now=lambda: NOW)
    paths = ["/apprentices", "/proposals", "/offers"]
    for who in ("sending", "hosting", "aino", "company"):
        by_service = asked(app, alliance.caller(who), paths)
        client = alliance.client(who)
        client.headers["Accept-Language"] = "en"
        by_program = [client.get(V1 + path) for path in paths]
        assert by_service == [(one.status_code, one.content) for one in by_program]
        assert 200 in {status for status, _ in by_service}
    assert signed_in not in app.dependency_overrides


def test_what_the_service_opens_for_it_is_nobody_elses_reading(
    alliance: Alliance, tmp_path: Path
) -> None:
    filled(alliance)
    with transaction(alliance.engine, writes=False) as session:
        before = {event.id for event in sealing.events(session)}
    both(alliance.engine, tmp_path, with_answers=True)
    with transaction(alliance.engine, writes=False) as session:
        new = [event for event in sealing.events(session) if event.id not in before]
    assert {(event.action, event.actor_id) for event in new} <= {("sealed.read", None)}


def test_the_database_is_backed_up_without_keys_and_the_keys_without_the_database(
    alliance: Alliance, tmp_path: Path
) -> None:
    engine = alliance.engine
    made = both(engine, tmp_path)
    assert made.keys is not None
    aino = alliance.aino.id
    (_, wrapped), = vault_of(engine).store.find([aino]).values()  # fmt: skip
    means = means_of(engine)
    if engine.dialect.name == "sqlite":  # a dump of PostgreSQL is packed
        assert wrapped not in (made.folder / means.DATABASE).read_bytes()
        assert wrapped in (made.keys / means.KEYS).read_bytes()
    assert "sealing_key" not in made.manifest.contents.rows
    assert set(Manifest.read(made.keys, "keys").contents.rows) == {"sealing_key", "erasure"}
    for path in (made.folder, made.keys):
        assert path.stat().st_mode & 0o077 == 0
        assert all(file.stat().st_mode & 0o077 == 0 for file in path.iterdir())


def test_keys_do_not_go_where_the_database_goes(alliance: Alliance, tmp_path: Path) -> None:
    for keys in (tmp_path / "main", tmp_path / "main" / "keys", tmp_path):
        with pytest.raises(BackupFaultyError, match="give a folder elsewhere"):
            backup(alliance.engine, tmp_path / "main", NOW, "0.1.0", keys=keys)
    assert not (tmp_path / "main").exists()


def erase(alliance: Alliance) -> None:
    """Aino is erased, and her key destroyed."""
    with transaction(alliance.engine) as session:
        erasing.erase(session, alliance.service(), alliance.aino.id, "request")
    with transaction(alliance.engine) as session:
        erasing.destroy_keys(session, alliance.service())


def first_name(engine: Engine, person: uuid.UUID) -> str:
    with transaction(engine, writes=False) as session:
        return session.get_one(models.Apprentice, person).first_name


def test_who_was_erased_since_is_erased_again_with_the_ledger_beside_the_backups(
    alliance: Alliance, tmp_path: Path, fresh: Fresh
) -> None:
    """Both backups are from before: the newest ledger stands beside them."""
    engine, aino = alliance.engine, alliance.aino.id
    old = both(engine, tmp_path)
    erase(alliance)
    later = backup(engine, tmp_path / "main", NOW + datetime.timedelta(days=1), "0.1.0")
    assert later.erased == 1
    elsewhere = fresh()
    looked = restore(elsewhere, Wanted(old.folder, old.keys))
    assert wrong(looked) == []
    assert Looked("erasures", True, "1 people were erased again") in looked
    assert first_name(elsewhere, aino) == "erased"
    assert not vault_of(elsewhere).has_key(aino)
    assert vault_of(elsewhere).has_key(alliance.eetu.id) is vault_of(engine).has_key(
        alliance.eetu.id
    )


def test_beside_the_newest_keys_an_older_database_forgets_by_itself(
    alliance: Alliance, tmp_path: Path
) -> None:
    engine, aino = alliance.engine, alliance.aino.id
    old = both(engine, tmp_path)
    erase(alliance)
    looked = restore(engine, Wanted(old.folder, replace=True))
    assert wrong(looked) == []
    assert first_name(engine, aino) == "erased"


def test_an_older_key_store_is_not_put_back_without_a_ledger(
    alliance: Alliance, tmp_path: Path, fresh: Fresh
) -> None:
    old = both(alliance.engine, tmp_path)
    (tmp_path / "main" / ledger.NAME).unlink()
    elsewhere = fresh()
    with pytest.raises(BackupFaultyError, match="give the ledger with --erasures"):
        restore(elsewhere, Wanted(old.folder, old.keys))
    assert means_of(elsewhere).is_empty(elsewhere)


def test_the_ledger_only_grows(tmp_path: Path) -> None:
    file, one, two = tmp_path / ledger.NAME, uuid.UUID(int=1), uuid.UUID(int=2)
    assert ledger.add(file, [(one, NOW)]) == 1
    assert ledger.add(file, [(two, NOW)]) == 2
    assert ledger.add(file, []) == 2
    assert ledger.read(file) == {one: NOW, two: NOW}


def test_a_file_that_was_changed_is_refused_and_nothing_is_touched(
    alliance: Alliance, tmp_path: Path, fresh: Fresh
) -> None:
    made = both(alliance.engine, tmp_path)
    file = made.folder / made.manifest.file.name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    elsewhere = fresh()
    with pytest.raises(BackupFaultyError, match="its digest differs"):
        restore(elsewhere, Wanted(made.folder, made.keys))
    assert means_of(elsewhere).is_empty(elsewhere)
    assert not vault_of(elsewhere).store.is_there()


def test_a_database_that_is_not_empty_is_kept_unless_one_says_otherwise(
    alliance: Alliance, tmp_path: Path
) -> None:
    engine = alliance.engine
    made = both(engine, tmp_path)
    with transaction(engine) as session:
        session.get_one(models.Apprentice, alliance.aino.id).first_name = "Later"
    with pytest.raises(BackupFaultyError, match="is not empty; --replace"):
        restore(engine, Wanted(made.folder))
    assert first_name(engine, alliance.aino.id) == "Later"
    assert wrong(restore(engine, Wanted(made.folder, replace=True))) == []
    assert first_name(engine, alliance.aino.id) == "Aino"


def test_nothing_is_replaced_while_somebody_works_on_it(alliance: Alliance, tmp_path: Path) -> None:
    engine = alliance.engine
    made = both(engine, tmp_path)
    other = connect(engine.url.render_as_string(hide_password=False))
    with other.connect() as connection:
        connection.execute(text("SELECT count(*) FROM region")).all()
        with pytest.raises(BackupFaultyError, match="stop the service first"):
            restore(engine, Wanted(made.folder, replace=True))
    other.dispose()
    assert first_name(engine, alliance.aino.id) == "Aino"


def test_a_newer_key_store_is_not_replaced_and_none_at_all_is_refused(
    alliance: Alliance, tmp_path: Path, fresh: Fresh
) -> None:
    made = both(alliance.engine, tmp_path)
    with pytest.raises(BackupFaultyError, match="there are none here"):
        restore(fresh(), Wanted(made.folder))
    elsewhere = fresh()
    vault_of(elsewhere).keys([uuid.UUID(int=1)], make=True)
    with pytest.raises(BackupFaultyError, match="the newest one is the right one"):
        restore(elsewhere, Wanted(made.folder, made.keys))


def test_keys_that_are_older_than_the_database_are_told_of(
    alliance: Alliance, tmp_path: Path, fresh: Fresh
) -> None:
    keys = both(alliance.engine, tmp_path / "old").keys
    with transaction(alliance.engine) as session:
        sealing.needing(session, alliance.leena.id, needs={"QUIET_SPACE": "soft"})
    made = both(alliance.engine, tmp_path)
    (told,) = wrong(restore(fresh(), Wanted(made.folder, keys)))
    assert told.told.startswith("1 owners of sealed rows have none")


def test_rows_that_are_missing_are_told_of(
    alliance: Alliance, tmp_path: Path, fresh: Fresh
) -> None:
    made = both(alliance.engine, tmp_path)
    page = Manifest.read(made.folder, "database")
    counted = page.contents.rows | {"apprentice": 99}
    contents = page.contents.model_copy(update={"rows": counted, "audit_position": 99})
    page.model_copy(update={"contents": contents}).write(made.folder)
    found = wrong(restore(fresh(), Wanted(made.folder, made.keys)))
    assert [one.what for one in found] == ["rows", "audit head"]
    assert found[0].told == "not as many as were stored in apprentice"


def test_tables_of_an_older_release_are_brought_to_this_one(
    empty_database: Engine, tmp_path: Path
) -> None:
    migrations.upgrade(empty_database, "0009")
    made = both(empty_database, tmp_path)
    assert made.manifest.migration == "0009"
    looked = restore(empty_database, Wanted(made.folder, replace=True))
    assert wrong(looked) == []
    assert migrations.state(empty_database).up_to_date
    page = Manifest.read(made.folder, "database")
    page.model_copy(update={"migration": "9999"}).write(made.folder)
    with pytest.raises(BackupFaultyError, match="those of a newer release"):
        restore(empty_database, Wanted(made.folder, replace=True))


def test_old_backups_go_and_the_newest_stays(alliance: Alliance, tmp_path: Path) -> None:
    engine, to, keys = alliance.engine, tmp_path / "main", tmp_path / "keys"
    for days in (0, 5, 20):
        at = NOW + datetime.timedelta(days=days)
        made = backup(engine, to, at, "0.1.0", keys=keys, keep_days=17)
    assert [at for at, _ in backups_in(to)] == [NOW + datetime.timedelta(days=d) for d in (5, 20)]
    assert [at for at, _ in backups_in(keys)] == [NOW + datetime.timedelta(days=20)]
    assert len(made.deleted) == 3
    (unlike := to / "doallvet-notes").mkdir()
    backup(engine, to, NOW + datetime.timedelta(days=400), "0.1.0", keep_days=1)
    assert unlike.exists()


def test_without_its_programs_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres_dumps, "DEBIAN_PROGRAMS", tmp_path)
    with pytest.raises(BackupFaultyError, match="apt install postgresql-client"):
        postgres_dumps.program_at("pg_dump")


def test_a_backup_that_breaks_off_leaves_nothing_behind(
    alliance: Alliance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Manifest, "write", no_space)
    with pytest.raises(OSError, match="No space"):
        both(alliance.engine, tmp_path)
    assert list((tmp_path / "main").iterdir()) == []


def test_as_commands(
    alliance: Alliance, tmp_path: Path, capsys: pytest.CaptureFixture[str], fresh: Fresh
) -> None:
    from tests.api.test_cli import run_here

    url = alliance.engine.url.set(drivername=alliance.engine.dialect.name)
    where = ("--database", url.render_as_string(hide_password=False))
    main, keys = tmp_path / "main", tmp_path / "keys"
    code, said, errors = run_here(
        capsys, "backup", "--to", str(main), "--keys", str(keys), "--answers", *where
    )
    assert (code, errors) == (0, "")
    assert "request.answered" not in said
    folder, of_keys = re.findall(r"^(\S+doallvet-\S+):", said, re.M)
    new = fresh().url
    there = ("--database", new.set(drivername=where[1].partition(":")[0]).render_as_string(
        hide_password=False))  # fmt: skip
    code, said, errors = run_here(capsys, "restore", folder, "--keys", of_keys, *there)
    assert (code, errors) == (0, "")
    assert re.findall(r"^(\w+) +(audit head|\w+)", said, re.M)[:6] == [
        ("ok", "rows"), ("ok", "audit head"), ("ok", "erasures"), ("ok", "audit"),
        ("ok", "keys"), ("ok", "answers"),
    ]  # fmt: skip
    code, said, errors = run_here(capsys, "restore", folder, *there)
    assert (code, said) == (2, "")
    assert errors.startswith("database: is not empty; --replace")
    assert the_service().user_id is None
    with transaction(alliance.engine, writes=False) as session:
        assert store.rows.every(session, models.Region, col(models.Region.code) == "lublin")
