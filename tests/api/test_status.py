"""How the service is doing: what the route and the page for administrators tell."""

import datetime
import shutil
import uuid
from collections import namedtuple
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

import models
from api.caller import Caller
from api.database import transaction
from api.due import run_due
from api.services.rounds import Worker
from models import RoundKind, RoundStatus
from tests import rows
from tests.api.alliance import NOW, Alliance
from tests.api.pages.browsing import text_of

URL = "/api/v1/status"


@pytest.fixture
def alliance(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Alliance:
    room = namedtuple("room", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room(2**40, 0, 2**39))
    monkeypatch.setattr("tests.api.alliance._APPS", {})  # what others were refused is not counted
    return Alliance(database)


def remind(_session: Session, _caller: Caller) -> int:
    return 4


def worked(engine: Engine, now: datetime.datetime = NOW) -> None:
    run_due(engine, Worker("w-1", uuid.uuid4, lambda: now), [remind])


def told(alliance: Alliance) -> dict[str, Any]:
    answer = alliance.client("admin").get(URL)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def page(alliance: Alliance) -> str:
    answer = alliance.browser("admin").get("/status")
    assert answer.status_code == 200
    return text_of(answer)


def a_round(alliance: Alliance, status: RoundStatus, **values: Any) -> models.Round:
    return models.Round(
        **rows.changing(call_id=alliance.call.id, kind=RoundKind.PREVIEW, status=status) | values
    )


def a_mail(**values: Any) -> models.OutboxMail:
    return models.OutboxMail(
        **rows.stamped(message_id=f"<{uuid.uuid4()}@x>", address="aino@example.org",
                       language="en", text="asked", not_before=NOW) | values
    )  # fmt: skip


def test_where_all_is_well_it_says_so(alliance: Alliance) -> None:
    worked(alliance.engine)
    found = told(alliance)
    assert found["troubles"] == []
    assert (found["worker"]["name"], found["worker"]["looked_at"]) == (
        "w-1",
        "2027-01-15T09:00:00Z",
    )
    assert {job["name"]: job["count"] for job in found["worker"]["jobs"]} == {
        "remind": 4, "scrub": 0,
    }  # fmt: skip
    assert found["worker"]["next_tick"] == "2027-01-16T01:00:00Z"
    assert found["tables"] == found["tables_wanted"]
    shown = page(alliance)
    assert "Everything runs as it should." in shown
    assert "Write reminders" in shown


def test_without_a_worker_that_comes_first(alliance: Alliance) -> None:
    assert told(alliance)["troubles"] == ["no_worker"]
    worked(alliance.engine, NOW - datetime.timedelta(minutes=6))
    assert told(alliance)["troubles"] == ["no_worker"]
    assert "No worker is running." in page(alliance)


def test_a_job_that_fails_is_named_by_its_kind_of_error(alliance: Alliance) -> None:
    def let_go(*_: object) -> int:
        raise OSError("aino@example.org")

    worked(alliance.engine)
    run_due(alliance.engine, Worker("w-1", uuid.uuid4, lambda: NOW), [let_go])
    found = told(alliance)
    assert found["troubles"] == ["job_fails"]
    assert "aino" not in str(found)
    assert "failed: OSError It has never gone well." in page(alliance)


def test_rounds_on_their_way_and_failed_ones_are_there(alliance: Alliance) -> None:
    worked(alliance.engine)
    lease = NOW + datetime.timedelta(minutes=1)
    running = a_round(alliance, RoundStatus.RUNNING, owner="w", lease_until=lease)
    failed = a_round(alliance, RoundStatus.FAILED, failure="no solver", finished_at=NOW)
    long_ago = NOW - datetime.timedelta(days=8)
    older = a_round(alliance, RoundStatus.FAILED, created_at=long_ago)
    done = a_round(alliance, RoundStatus.DONE, files=b"x", finished_at=NOW)
    with transaction(alliance.engine) as session:
        session.add_all([running, failed, older, done])
    found = told(alliance)
    assert found["troubles"] == ["round_failed"]
    assert [one["id"] for one in found["rounds"]["unfinished"]] == [str(running.id)]
    assert [one["id"] for one in found["rounds"]["failed"]] == [str(failed.id)]
    assert found["rounds"]["last"]["id"] == str(done.id)
    assert f"/matchings/{failed.id}" in alliance.browser("admin").get("/status").text


def test_messages_are_counted_without_whose_they_are(alliance: Alliance) -> None:
    worked(alliance.engine)
    early = NOW - datetime.timedelta(minutes=90)
    refused = "recipient 550"
    with transaction(alliance.engine) as session:
        session.add_all([
            a_mail(), a_mail(created_at=early), a_mail(sent_at=NOW, ended_as="sent"),
            a_mail(failure=refused), a_mail(failure=refused),
            a_mail(ended_as="needless", attempts=5),
        ])  # fmt: skip
    found = told(alliance)
    assert found["outbox"] == {
        "waiting": 2, "oldest": "2027-01-15T07:30:00Z",
        "failed": [{"reason": "recipient 550", "count": 2}],
    }  # fmt: skip
    assert found["troubles"] == ["mail_fails", "mail_waits"]
    assert "example.org" not in page(alliance).replace("admin@example.org", "")


def test_errors_are_counted_by_route(alliance: Alliance) -> None:
    worked(alliance.engine)
    metrics = alliance.app().state.metrics
    before = {(one["route"], one["status"]): one["count"] for one in told(alliance)["errors"]}
    assert alliance.client("aino").get(URL).status_code == 403
    metrics.answered("GET", "/api/v1/figures/flows", 500, 0.1)
    found = told(alliance)
    after = {(one["route"], one["status"]): one["count"] for one in found["errors"]}
    assert after[URL, 403] == before.get((URL, 403), 0) + 1
    assert found["errors"][0]["status"] >= 500
    assert "errors" in found["troubles"]
    assert "GET /api/v1/figures/flows 500" in page(alliance)


def test_a_disk_that_fills_up_is_told(alliance: Alliance, monkeypatch: pytest.MonkeyPatch) -> None:
    worked(alliance.engine)
    room = namedtuple("room", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room(2**40, 0, 10**9))
    found = told(alliance)
    assert "disk_full" in found["troubles"]
    assert "1 of 1,100 GB free" in page(alliance)
