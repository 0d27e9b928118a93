"""The tables come and go on both engines, and are what this release says they are."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

import models
from api import store
from api.database import connect, transaction
from models import migrations
from tests import rows


def test_the_newest_revision_has_exactly_the_tables_of_this_release(database: Engine) -> None:
    assert migrations.state(database).up_to_date
    assert migrations.differences(database) == []
    assert set(inspect(database).get_table_names()) == {*models.METADATA.tables, "alembic_version"}


def test_every_revision_can_be_taken_back_and_made_again(database: Engine) -> None:
    migrations.downgrade(database)
    assert inspect(database).get_table_names() == ["alembic_version"]
    assert migrations.state(database).current is None
    migrations.upgrade(database)
    assert migrations.differences(database) == []


def test_migrating_once_more_keeps_the_rows(database: Engine) -> None:
    with transaction(database) as session:
        session.add(rows.region())
    migrations.upgrade(database)
    with transaction(database, writes=False) as session:
        assert session.execute(text("SELECT code FROM region")).all() == [("savonlinna",)]


def test_a_migration_that_fails_changes_nothing(empty_database: Engine) -> None:
    def half_of_it() -> None:
        with migrations.alone(empty_database) as connection:
            connection.execute(text("CREATE TABLE half (id INTEGER)"))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        half_of_it()
    assert inspect(empty_database).get_table_names() == []


def test_two_who_migrate_at_once_wait_for_each_other(empty_address: str) -> None:
    code = (
        "import sys; from api.database import connect; from models import migrations;"
        "migrations.upgrade(connect(sys.argv[1]))"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, empty_address], stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    errors = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], errors
    engine = connect(empty_address)
    assert migrations.differences(engine) == []
    engine.dispose()


def test_a_rebuild_that_would_orphan_rows_is_refused_on_sqlite(
    migrated_file: Path, tmp_path: Path
) -> None:
    """Foreign keys are off there while tables are rebuilt; PostgreSQL holds them all the time."""
    database = connect(f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'copy.db')}")
    home = rows.region()
    with transaction(database) as session:
        store.add_in_order(session, [home, rows.centre(home)])

    def forget_the_regions() -> None:
        with migrations.alone(database) as connection:
            connection.execute(text("DELETE FROM region"))

    with pytest.raises(RuntimeError, match="1 rows that point nowhere"):
        forget_the_regions()
    with transaction(database) as session:
        assert session.execute(text("SELECT count(*) FROM region")).scalar() == 1
        with pytest.raises(IntegrityError):
            session.execute(text("DELETE FROM region"))
        session.rollback()
    database.dispose()
