"""The tables come and go on both engines, and are what this release says they are."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

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
        store.rows.add_in_order(session, [home, rows.centre(home)])

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


def test_a_newer_revision_keeps_the_rows_of_the_older_one(empty_database: Engine) -> None:
    migrations.upgrade(empty_database, "0001")
    with empty_database.begin() as connection:
        for statement in OF_THE_FIRST_REVISION:
            connection.execute(text(statement), {"now": "2027-01-15 09:00:00+00:00", **KEYS})
    migrations.upgrade(empty_database)
    with transaction(empty_database, writes=False) as session:
        found = session.execute(text("SELECT party, answer, heard_from FROM approval")).all()
        offer = session.exec(select(models.Offer)).one()
    assert found == [("company", "yes", "")]
    assert offer.provisions == {"A": "declared", "B": "unknown"}  # nobody's name was kept
    migrations.downgrade(empty_database, "0001")
    with transaction(empty_database, writes=False) as session:
        found = session.execute(text("SELECT party, answer, turn FROM approval")).all()
    assert found == [("company", "yes", 1)]


KEYS = {name: f"{number:032x}" for number, name in enumerate("racposwlq", 1)}
STAMPS = "id, created_at, changed_at, version"
OF_THE_FIRST_REVISION = (
    f"INSERT INTO region ({STAMPS}, code, name, country, town, latitude, longitude, time_zone)"
    " VALUES (:r, :now, :now, 1, 'x', 'X', 'FI', 'X', 1, 1, 'UTC')",
    f"INSERT INTO centre ({STAMPS}, code, name, town, sectors, region_id)"
    " VALUES (:c, :now, :now, 1, 'x', 'X', 'X', '[]', :r)",
    f"INSERT INTO apprentice ({STAMPS}, key, first_name, last_name, birth_date, introduction,"
    " occupations, outcomes, languages, available_from, available_to, not_available, days_min,"
    " days_ideal, days_max, activity, status, modes, destinations, excluded_companies, interest,"
    " licences, days_abroad, centre_id) VALUES (:a, :now, :now, 1, 'x', 'X', 'X', '2008-01-01',"
    " '', '[]', '[]', '{}', '2027-01-01', '2027-05-01', '[]', 1, 1, 1, 'SHORT_TERM', 'x', '[]',"
    " '[]', '[]', '{}', '[]', 0, :c)",
    f"INSERT INTO company ({STAMPS}, key, name, town, region_id)"
    " VALUES (:p, :now, :now, 1, 'x', 'X', 'X', :r)",
    f"INSERT INTO site ({STAMPS}, company_id, name, town, address)"
    " VALUES (:s, :now, :now, 1, :p, 'X', 'X', '')",
    f"INSERT INTO offer ({STAMPS}, key, title, occupations, outcomes, languages,"
    " language_support, days_min, days_max, provisions, statuses, modes, tasks, licences,"
    " site_id, status) VALUES (:o, :now, :now, 1, 'x', 'X', '[]', '[]', '{}', false, 1, 9,"
    """ '{"A": "certified", "B": "unknown"}', '[]', '[]', '[]', '[]', :s, 'draft')""",
    f"INSERT INTO offer_window ({STAMPS}, offer_id, available_from, available_to, places, taken)"
    " VALUES (:w, :now, :now, 1, :o, '2027-01-01', '2027-05-01', 1, 0)",
    f"INSERT INTO call ({STAMPS}, code, name, closes_on, stays_from, stays_to, status)"
    " VALUES (:l, :now, :now, 1, 'x', 'X', '2027-01-01', '2027-01-01', '2027-05-01', 'open')",
    f"INSERT INTO proposal ({STAMPS}, call_id, apprentice_id, window_id, status, first_day,"
    " last_day, score, lift, parts, kept, reason) VALUES (:q, :now, :now, 1, :l, :a, :w,"
    " 'proposed', '2027-02-01', '2027-02-20', 1, 0, '[]', false, '')",
    f"INSERT INTO approval ({STAMPS}, proposal_id, party, turn, answer, answered_at, channel,"
    " reason) VALUES (:r, :now, :now, 1, :q, 'company', 1, 'yes', :now, 'phone', '')",
)
"""A row of every table that a later revision changes."""
