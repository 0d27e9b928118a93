"""There is no room left: a limit on the size of files stands for a full disk."""

import datetime
import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from structlog.testing import capture_logs

import models
from api import audit_heads
from api.database import transaction
from api.delivery import Office, deliver
from api.posting import Folder, UnreachableError
from api.services.rounds import Worker
from models import Means, MessageEnd
from tests import rows
from tests.api.alliance import NOW, Alliance
from tests.api.faults.test_database_gone import V1, by_hand, last_yes, stored
from tests.api.posting import SENDER
from tests.api.roles.decisions import asked
from tests.api.test_posting import queue
from tests.api.test_posting import stored as letters


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes: writing ends as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_full_disk_is_said_and_nothing_is_half_written(database: Engine) -> None:
    alliance = Alliance(database)
    named = asked(alliance)
    last = {"browser": alliance.browser("company"), **named}
    for who in ("company", "sending"):
        alliance.client(who)
    path = f"/proposals/{named['proposal_id']}"
    before, log = stored(database), Path(f"{database.url.database}-wal")
    with no_file_beyond(log.stat().st_size + 6_000), capture_logs() as logs:
        answers = [last_yes(alliance, last), by_hand(alliance, last)]
        assert alliance.client("sending").get(f"{V1}/session").status_code == 200
        unread = alliance.client("sending").get(f"{V1}{path}")
        assert alliance.client(None).get("/health/ready").status_code == 200
    assert stored(database) == before
    for answer in (*answers, unread):  # who reads what is sealed is written down first
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        assert answer.json()["type"] == "urn:doallvet:no-room"
    assert "SQLITE" in str([line.get("reason") for line in logs])
    assert [last_yes(alliance, last).status_code, by_hand(alliance, last).status_code] == [200, 201]
    with transaction(database, writes=False) as session:
        whole = session.connection().exec_driver_sql("PRAGMA integrity_check").scalar_one()
    assert whole == "ok"


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_an_upload_that_finds_no_room_says_so(database: Engine) -> None:
    """What is larger than a megabyte goes into a file while it is read."""
    client = Alliance(database).client("hosting")
    large = {"file": ("offers.csv", b"key,title\n" + b"a,b\n" * 500_000)}
    with no_file_beyond(500_000), capture_logs() as logs:
        answer = client.post(f"{V1}/imports/check", files=large)
    assert (answer.status_code, answer.headers.get("retry-after")) == (503, "60"), answer.text
    assert answer.json()["type"] == "urn:doallvet:no-room"
    assert "disk.full" in {line["event"] for line in logs}
    assert client.post(f"{V1}/imports/check", files=large).status_code == 422


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_full_folder_keeps_its_letters_waiting_untried(database: Engine, tmp_path: Path) -> None:
    alliance = Alliance(database)
    queue(alliance, "a@example.org", "b@example.org")
    office = Office(SENDER, {Means.MAIL: Folder(tmp_path / "mail")})
    worker = Worker("w-1", rows.ids(1), lambda: NOW)
    with no_file_beyond(50_000), capture_logs() as logs:
        for _ in range(20):
            with pytest.raises(UnreachableError):
                deliver(database, worker, office)
    assert {line["event"] for line in logs} == {"messages.unreachable"}
    assert {(row.attempts, row.ended_as) for row in letters(alliance)} == {(0, None)}
    assert deliver(database, worker, office) == 2
    assert {row.ended_as for row in letters(alliance)} == {MessageEnd.SENT}
    assert len([*(tmp_path / "mail").glob("*.eml")]) == 2


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_head_of_the_audit_is_written_whole_or_not_at_all(
    database: Engine, tmp_path: Path
) -> None:
    Alliance(database)
    file, day = tmp_path / "heads.jsonl", NOW.date()
    audit_heads.write(file, day, 1, "aa")
    whole = file.read_bytes()
    with no_file_beyond(len(whole) + 20), pytest.raises(OSError, match="No space left"):
        audit_heads.write(file, day + datetime.timedelta(days=1), 2, "bb")
    assert file.read_bytes() == whole
    audit_heads.write(file, day + datetime.timedelta(days=1), 2, "bb")
    assert [json.loads(line)["position"] for line in file.read_text().splitlines()] == [1, 2]
    assert audit_heads.read(file) == [(1, "aa"), (2, "bb")]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_what_is_due_is_done_once_there_is_room_again(database: Engine) -> None:
    from api.due import DUE, run_due

    alliance = Alliance(database)
    asked(alliance)
    later = NOW + datetime.timedelta(days=5)
    worker = Worker("w-1", rows.ids(2), lambda: later)
    log = Path(f"{database.url.database}-wal")
    with no_file_beyond(log.stat().st_size), capture_logs() as logs:
        run_due(database, worker, DUE)
    assert "due.failed" in {line["event"] for line in logs}
    run_due(database, worker, DUE)
    with transaction(database, writes=False) as session:
        texts = [row.text for row in session.exec(select(models.OutboxMail))]
    assert texts.count("reminder") == 1
