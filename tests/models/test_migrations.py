"""The tables come and go on both engines, and are what this release says they are."""

import gzip
import json
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

import matcher
import models
from api import chain, store
from api.database import connect, transaction
from api.services import rounds
from api.store.rows import every
from models import migrations
from tests import factories, rows, sealing


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


def test_people_without_an_account_are_written_to_in_the_language_of_their_country(
    empty_database: Engine,
) -> None:
    migrations.upgrade(empty_database, "0001")
    guardian = (
        f"INSERT INTO guardian ({STAMPS}, apprentice_id, name) VALUES (:g, :now, :now, 1, :a, 'X')"
    )
    other = {"r": "b", "p": "d"}  # a company in a region of a country with another language
    with empty_database.begin() as connection:
        for statement in (*OF_THE_FIRST_REVISION[:4], guardian):
            connection.execute(text(statement), {"now": "2027-01-15 09:00:00+00:00", **KEYS})
        for number in (0, 3):
            statement = OF_THE_FIRST_REVISION[number].replace("'FI'", "'NL'").replace("'x'", "'y'")
            keys = KEYS | {name: KEYS[key] for name, key in other.items()}
            connection.execute(text(statement), {"now": "2027-01-15 09:00:00+00:00", **keys})
    migrations.upgrade(empty_database)
    with transaction(empty_database, writes=False) as session:
        person = session.get_one(models.Apprentice, _id("a"))
        assert (person.language, person.employer_language) == ("fi", "fi")
        assert session.get_one(models.Guardian, _id("g")).language == "fi"
        assert session.get_one(models.Company, _id("p")).language == "fi"
        assert session.get_one(models.Company, _id("d")).language == "en"
    for table in ("apprentice", "company", "guardian"):
        with pytest.raises(IntegrityError), empty_database.begin() as connection:
            connection.execute(text(f"UPDATE {table} SET language = 'xx'"))
    with pytest.raises(IntegrityError), empty_database.begin() as connection:
        connection.execute(text("UPDATE apprentice SET employer_language = 'xx'"))
    with pytest.raises(IntegrityError), empty_database.begin() as connection:
        # what was checked before this revision is checked after it
        connection.execute(text("UPDATE apprentice SET days_min = 0"))


@pytest.mark.parametrize("erased", [False, True])
def test_rows_of_the_second_revision_are_sealed_and_opened_again(
    empty_database: Engine, erased: bool
) -> None:
    """Up everything is sealed and nothing plain is left, down it is as it was, byte for byte."""
    problem, result = a_round()
    values = KEYS | files_of(problem, result) | {
        "now": "2027-01-15 09:00:00+00:00", "earlier": "2027-01-15 08:00:00+00:00",
    }  # fmt: skip
    for revision, statements in (
        ("0001", OF_THE_FIRST_REVISION), ("0002", OF_THE_SECOND_REVISION)
    ):  # fmt: skip
        migrations.upgrade(empty_database, revision)
        with empty_database.begin() as connection:
            for statement in statements:
                connection.execute(text(statement), values)
    before = plain(empty_database)
    migrations.upgrade(empty_database)
    assert migrations.differences(empty_database) == []
    stored = repr(plain(empty_database))
    for word in ("STEP_FREE", "hard_needs", "by phone", "0.125", "inclusion", "their wish",
                 "kept answer"):  # fmt: skip
        assert word in repr(before), word
        assert word not in stored, word
    with transaction(empty_database, writes=False) as session, sealing.unnoticed(session):
        as_they_were(session, problem, result)
    if erased:
        empty_database.get_execution_options()["vault"].forget(_id("b"))
    migrations.downgrade(empty_database, "0002")
    after = plain(empty_database)
    if erased:
        assert after["support_needs"][KEYS["f"]]["needs"] in ("{}", {})
        assert before["accepted_need"].keys() - after["accepted_need"].keys() == {KEYS["k"]}
        left = gzip.decompress(after["round"][KEYS["t"]]["problem"]).decode()
        assert [one.id for one in matcher.Problem.from_json(left).apprentices] == [str(_id("a"))]
        for tables in (before, after):
            for table, key in (
                ("support_needs", "f"), ("accepted_need", "k"), ("proposal", "d"), ("round", "t")
            ):  # fmt: skip
                tables[table].pop(KEYS[key], None)
    assert after == before


def a_round() -> tuple[matcher.Problem, matcher.Result]:
    """Two people of whom one is placed; what one of them needs was accepted."""
    first, second = str(_id("a")), str(_id("b"))
    problem = factories.problem(
        [
            factories.apprentice(id=first, needs={"STEP_FREE_ACCESS": "hard"}),
            factories.apprentice(id=second, languages={"fi": "C2"}),
        ],
        [factories.offer(id=str(_id("w")))],
        accepted_needs=[{"apprentice": first, "offer": str(_id("w")), "need": "STEP_FREE_ACCESS"}],
    )
    result = matcher.propose(problem)
    assert ([p.apprentice for p in result.proposals], len(result.unmatched)) == ([first], 1)
    return problem, result


def as_they_were(session: Session, problem: matcher.Problem, result: matcher.Result) -> None:
    """What revision 0003 made of the rows of revision 0002."""
    needs = sealing.needs_of_all(session)
    mine, other = needs[_id("a")], needs[_id("b")]
    assert (mine.needs, mine.confirmed, mine.fewer_opportunities) == (
        {"STEP_FREE_ACCESS": "hard", "QUIET_SPACE": "soft"}, ["STEP_FREE_ACCESS"], True,
    )  # fmt: skip
    assert (other.needs, other.confirmed, other.fewer_opportunities) == ({}, [], False)
    assert mine.barrier is mine.evidence is mine.sex is None
    accepted = store.sealed.accepted_of(session, "test", every(session, models.AcceptedNeed))
    assert sorted((o.apprentice_id, o.offer_id, o.need, o.reason) for o in accepted) == [
        (_id("a"), _id("o"), "STEP_FREE_ACCESS", "agreed by phone"),
        (_id("b"), _id("o"), "STEP_FREE_ACCESS", "agreed by phone"),
    ]
    placed, held = (session.get_one(models.Proposal, _id(key)) for key in "qd")
    assert sealing.details(session, placed) == models.ProposalDetails(
        score=71.0, lift=0.125, rank=2, eligible=3, parts=[{"criterion": "inclusion"}],
        warnings=["forbidden"], override_reason="their wish",
        held_for=["language", "hard_needs"],
    )  # fmt: skip
    assert sealing.details(session, held).held_for == ["hard_needs"]
    placement = session.get_one(models.Placement, _id("g"))
    assert (placed.held_for, held.held_for, placement.held_for) == (
        [], ["not_suitable"], ["language"],
    )  # fmt: skip
    assert [(one.action, one.data) for one in sealing.events(session)] == [
        ("round.done", {"stored": 1}), ("proposal.made", {"warnings": ["hard_needs"]}),
    ]  # fmt: skip
    assert chain.verify(session) == []
    assert chain.head(session)[0] == 2
    files = rounds.files(session, _id("t"))
    assert (files.problem, files.result) == (problem.to_json(), result.to_json())
    assert (files.erased, files.left_out) == (0, [LEFT_OUT])
    certificate = session.get_one(models.Round, _id("t")).certificate
    assert certificate is not None
    assert (certificate["placed"], certificate.keys() & {"problem_sha256", "value"}) == (1, set())


def plain(engine: Engine) -> dict[str, dict[str, dict[str, Any]]]:
    """The rows of the tables that are sealed, by their ids, as they are stored."""
    with engine.connect() as connection:
        return {
            table: {
                uuid.UUID(str(row["id"])).hex: dict(row)
                for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings()
            }
            for table in (
                "support_needs", "accepted_need", "proposal", "placement", "round", "audit_event",
                "idempotency_key",
            )
        }  # fmt: skip


def _id(key: str) -> uuid.UUID:
    return uuid.UUID(KEYS[key])


def files_of(problem: matcher.Problem, result: matcher.Result) -> dict[str, Any]:
    """A round of revision 0002, as that release stored it."""
    return {
        "problem": gzip.compress(problem.to_json().encode(), mtime=0),
        "result": gzip.compress(result.to_json().encode(), mtime=0),
        "sha256": problem.sha256(), "left_out": json.dumps([LEFT_OUT]),
        "certificate": json.dumps(result.certificate.model_dump(mode="json")),
    }  # fmt: skip


LEFT_OUT = {"apprentice": "x", "offer": "y", "why": "the offer takes no part"}

KEYS = {name: f"{number:032x}" for number, name in enumerate("racposwlqubfkdgthjenm", 1)}
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

OF_THE_SECOND_REVISION = (
    f"INSERT INTO account ({STAMPS}, name, language, role)"
    " VALUES (:u, :now, :now, 1, 'X', 'en', 'admin')",
    OF_THE_FIRST_REVISION[2].replace(":a,", ":b,").replace("1, 'x'", "1, 'y'"),
    f"INSERT INTO support_needs ({STAMPS}, apprentice_id, needs, fewer_opportunities)"
    """ VALUES (:n, :now, :now, 3, :a, '{"STEP_FREE_ACCESS": "hard", "QUIET_SPACE": "soft"}',"""
    " true), (:f, :now, :now, 1, :b, '{}', false)",
    "INSERT INTO accepted_need (id, created_at, apprentice_id, offer_id, need, reason, accepted_by)"
    " VALUES (:e, :now, :a, :o, 'STEP_FREE_ACCESS', 'agreed by phone', :u),"
    " (:k, :now, :b, :o, 'STEP_FREE_ACCESS', 'agreed by phone', :u)",
    f"INSERT INTO round ({STAMPS}, call_id, kind, status, step, done, total, problem_sha256,"
    " problem, result, certificate, stored, dropped, left_out, failure, finished_at) VALUES (:t,"
    " :now, :now, 1, :l, 'proposing', 'done', '', 0, 0, :sha256, :problem, :result, :certificate,"
    " 1, '{}', :left_out, '', :now)",
    "UPDATE proposal SET status = 'placement', round_id = :t, score = 71, lift = 0.125, rank = 2,"
    """ eligible = 3, parts = '[{"criterion": "inclusion"}]', warnings = '["forbidden"]',"""
    " override_reason = 'their wish'",
    f"INSERT INTO proposal ({STAMPS}, call_id, apprentice_id, window_id, status, first_day,"
    " last_day, score, lift, parts, kept, reason, warnings, override_reason, held_for) VALUES"
    " (:d, :now, :now, 1, :l, :b, :w, 'on_hold', '2027-02-01', '2027-02-20', 1, 0, '[]', false,"
    """ '', '[]', '', '["hard_needs"]')""",
    f"INSERT INTO placement ({STAMPS}, proposal_id, apprentice_id, window_id, first_day, last_day,"
    " status, mentor, booked_by, held_for, reason) VALUES (:g, :now, :now, 1, :q, :a, :w,"
    " '2027-02-01', '2027-02-20', 'booked', 'X', :u, '[\"language\", \"hard_needs\"]', '')",
    "INSERT INTO idempotency_key (id, created_at, user_id, key, request_sha256, status, answer)"
    """ VALUES (:m, :now, :u, 'k', :sha256, 201, '{"body": {"why": "kept answer"}}')""",
    "INSERT INTO audit_event (id, created_at, actor_id, action, noun, row_id, data, request_id)"
    """ VALUES (:h, :now, :u, 'proposal.made', 'proposal', :q, '{"warnings": ["hard_needs"]}',"""
    """ ''), (:j, :earlier, NULL, 'round.done', 'round', :t, '{"stored": 1}', 'r-1')""",
)
"""Rows of every table whose columns revision 0003 seals: of two people, :a and :b."""
