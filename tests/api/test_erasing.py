"""After an erasure nothing of the person is found, and the audit is still whole."""

import datetime
import json
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from sqlmodel.sql.sqltypes import AutoString

import models
from api import chain, personal, store
from api.database import the_service, transaction
from api.due import run_due
from api.sealing.key_store import SCHEMA, keys_file
from api.services import deadlines, erasing, retention, rounds
from api.services.rounds import Worker
from models import Party
from tests import rows
from tests.api.alliance import NOW, Alliance
from tests.api.posting import post
from tests.api.test_answer_routes import asked, heard, link_to, opened
from tests.databases import DEBIAN_PROGRAMS, Cluster
from tests.sealing import needing

V1 = "/api/v1"
ANY = {"If-Match": "*"}
TRACES = ("Quintessa", "Traceworth", "quintessa@example.org", "+358-5550199", "likes marzipan",
          "Zebedee Traceworth", "zebedee@example.org", "heard on the stairs", "is she early",
          "Quintessa and Leena", "Konepaja Traceworth", "boss@traceworth.example",
          "Quintessa her phone", "PNG-TRACE")  # fmt: skip
"""What stands nowhere but in rows about Aino, who is renamed for this."""


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    made = Alliance(database)
    with transaction(database) as session:
        who = session.get_one(models.Apprentice, made.aino.id)
        who.first_name, who.last_name, who.email = TRACES[:3]
        who.phone, who.introduction = TRACES[3:5]
        who.employer_name, who.employer_email = TRACES[10:12]
        user = session.get_one(models.User, made.users["aino"].id)
        user.name, user.email = "Quintessa Traceworth", TRACES[2]
        session.add(models.Guardian(**rows.changing(
            apprentice_id=who.id, name=TRACES[5], email=TRACES[6]
        )))  # fmt: skip
        group = models.TravelGroup(**rows.changing(
            call_id=made.call.id, name=TRACES[9], kind="friends", together_or_not_at_all=False
        ))  # fmt: skip
        session.add(group)
        session.flush()
        session.add(models.GroupMember(**rows.changing(
            group_id=group.id, apprentice_id=who.id, wished_at=NOW
        )))  # fmt: skip
        needing(session, who.id, needs={"QUIET_SPACE": "soft"}, fewer_opportunities=True)
    return made


def worker(moment: datetime.datetime = NOW) -> Worker:
    return Worker("w-erase", uuid.uuid4, lambda: moment)


def live_through_everything(alliance: Alliance, folder: Path) -> uuid.UUID:
    """A round, a proposal with answers by phone, link and question, mails, repeated requests."""
    with transaction(alliance.engine) as session:
        asked_for = rounds.ask_for(
            session, alliance.call.code, models.RoundKind.PREVIEW, by=None, worker=worker()
        )
    assert rounds.run_next(alliance.engine, worker()) == asked_for.id
    proposal = asked(alliance)
    with transaction(alliance.engine) as session:
        row = session.exec(select(models.Approval).where(
            models.Approval.party == Party.APPRENTICE)).one()  # fmt: skip
        assert row.asked_at is not None
    post(alliance.engine, folder)
    opened(alliance, link_to(alliance, proposal, Party.APPRENTICE)).get(f"{V1}/answer")
    heard(alliance, proposal, Party.APPRENTICE)
    with transaction(alliance.engine) as session:
        row = session.exec(select(models.Approval).where(
            models.Approval.party == Party.APPRENTICE)).one()  # fmt: skip
        row.heard_from = TRACES[7]
        session.add(models.AnswerScan(
            **rows.stamped(approval_id=row.id, content_type="image/png", content=b"PNG-TRACE")
        ))  # fmt: skip
    company = alliance.client("company")
    assert company.post(
        f"{V1}/proposals/{proposal}/questions", json={"kind": "question", "text": "is she early"}
    ).status_code == 201  # fmt: skip
    sending = alliance.client("sending")
    once = {"Idempotency-Key": "again"}
    person = sending.get(f"{V1}/apprentices/{alliance.aino.id}").json()
    assert person["first_name"] == TRACES[0]
    with transaction(alliance.engine) as session:
        kept = models.IdempotencyKey(**rows.stamped(
            user_id=alliance.users["sending"].id, key="again", request_sha256="0" * 64, status=201
        ))  # fmt: skip
        store.kept_answers.seal(session, kept, {"body": person, "headers": once})
        session.add(kept)
        store.rows.every(session, models.LoginSession)
    post(alliance.engine, folder)
    browser = alliance.browser("aino")
    assert browser.get(f"{V1}/session").status_code == 200
    with transaction(alliance.engine) as session:
        for login in session.exec(select(models.LoginSession)):
            login.device = TRACES[12]
    return proposal


def look_after(alliance: Alliance, folder: Path) -> None:
    """What the service does by itself within a minute."""
    run_due(
        alliance.engine, worker(),
        [erasing.destroy_keys, erasing.mail_deleter(folder), deadlines.expire],
    )  # fmt: skip


def everything_stored(alliance: Alliance, request: pytest.FixtureRequest) -> bytes:
    """Every byte of the database: the files of SQLite, a dump of PostgreSQL with its keys."""
    url = alliance.engine.url
    if url.get_backend_name() == "sqlite":
        file = str(url.database)
        names = [file, f"{file}-wal", keys_file(file), f"{keys_file(file)}-wal"]
        return b"".join(Path(name).read_bytes() for name in names if Path(name).exists())
    cluster: Cluster = request.getfixturevalue("cluster")
    command = [dump_program(cluster), "-h", cluster.folder, "-U", "postgres", "--inserts",
               str(url.database)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=True)
    assert SCHEMA.encode() in done.stdout
    return done.stdout


def dump_program(cluster: Cluster) -> Path:
    """`pg_dump` beside the server's programs, or where Debian keeps it."""
    beside = cluster.programs / "pg_dump"
    return beside if beside.exists() else sorted(DEBIAN_PROGRAMS.glob("*/bin/pg_dump"))[-1]


def traces(content: bytes) -> list[str]:
    """Which of the traces are in there, as texts or as PostgreSQL writes bytes."""
    return [t for t in TRACES if t.encode() in content or t.encode().hex().encode() in content]


def test_after_an_erasure_nothing_of_the_person_is_found(
    alliance: Alliance, tmp_path: Path, request: pytest.FixtureRequest,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    folder = tmp_path / "mail"
    live_through_everything(alliance, folder)
    assert set(traces(everything_stored(alliance, request))) == set(TRACES)
    with transaction(alliance.engine) as session:
        assert [row.key for row in session.exec(select(models.IdempotencyKey))] == ["again"]
    assert TRACES[0] in "".join(file.read_text() for file in folder.iterdir())
    sending, url = alliance.client("sending"), f"{V1}/apprentices/{alliance.aino.id}"
    sending.post(f"{url}/rights-requests", json={"kind": "erasure"})
    done = sending.post(f"{url}/erasure")
    assert (done.status_code, done.json()["key_destroyed"]) == (200, False), done.text
    look_after(alliance, folder)
    post(alliance.engine, folder)
    assert traces(everything_stored(alliance, request)) == []
    assert traces("".join(file.read_text() for file in folder.iterdir()).encode()) == []
    out = capfd.readouterr()
    assert traces((out.out + out.err).encode()) == []
    vault = alliance.engine.get_execution_options()["vault"]
    assert not vault.has_key(alliance.aino.id)
    with transaction(alliance.engine) as session:
        assert chain.verify(session) == []
        files = rounds.files(session, session.exec(select(models.Round.id)).one())
        assert files.erased == 1
        row = session.get_one(models.Apprentice, alliance.aino.id)
        assert (row.first_name, row.birth_date) == (personal.NAME, datetime.date(2008, 1, 1))
        (erasure,) = session.exec(select(models.Erasure))
        assert session.exec(select(models.IdempotencyKey)).all() == []
        assert erasure.scrubbed_at is not None
        told = session.exec(select(models.OutboxMail.address).where(
            models.OutboxMail.text == "proposal_withdrawn")).all()  # fmt: skip
    assert "werkstatt@example.org" in told, "the host is told that nobody comes"
    (request_row,) = sending.get(f"{V1}/rights-requests", params={"done": True}).json()["items"]
    assert request_row["kind"] == "erasure"
    again = sending.post(f"{url}/erasure")
    assert again.json()["type"] == "urn:doallvet:already-erased"
    assert sending.get(url).json()["first_name"] == personal.NAME
    assert alliance.client("aino").get(url).status_code == 401
    assert alliance.funded_places() == (0, 0, 0)


def test_who_is_placed_is_not_erased(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        proposal = rows.proposal(alliance.call, alliance.aino, alliance.window, status="placement")
        session.add(proposal)
        session.flush()
        session.add(models.Placement(**rows.changing(
            proposal_id=proposal.id, apprentice_id=alliance.aino.id, window_id=alliance.window.id,
            first_day=proposal.first_day, last_day=proposal.last_day, mentor="Uwe",
            booked_by=alliance.users["sending"].id,
        )))  # fmt: skip
    refused = alliance.client("sending").post(f"{V1}/apprentices/{alliance.aino.id}/erasure")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:doallvet:still-placed")


def test_a_backup_that_is_put_back_forgets_the_same_people_again(alliance: Alliance) -> None:
    person = alliance.aino.id
    vault = alliance.engine.get_execution_options()["vault"]
    vault.forget(person, NOW)  # the ledger of a later day, beside the database of an earlier one
    assert erasing.replay(alliance.engine, the_service) == 1
    with transaction(alliance.engine) as session:
        assert session.get_one(models.Apprentice, person).first_name == personal.NAME
        assert session.exec(select(models.Erasure.why)).one() == "replay"
    assert erasing.replay(alliance.engine, the_service) == 0


def test_everything_about_a_person_is_given_out_and_no_secret(
    alliance: Alliance, tmp_path: Path
) -> None:
    live_through_everything(alliance, tmp_path / "mail")
    client = alliance.client("aino")
    found = client.get(f"{V1}/apprentices/{alliance.aino.id}/export").json()
    for name in (
        "apprentice",
        "support_needs",
        "enrolment",
        "proposal",
        "proposal_detail",
        "approval",
        "guardian",
        "account",
        "question",
        "group_member",
        "audit_event",
    ):
        assert found["parts"][name], name
    assert found["parts"]["support_needs"][0]["needs"] == {"QUIET_SPACE": "soft"}
    assert found["parts"]["proposal_detail"][0]["score"] > 0
    assert {one["why"] for one in found["opened"]} >= {"round", "pair"}
    text = json.dumps(found)
    assert not any(word in text for word in ('sha256": "', "password_hash", "Virtanen"))
    page = client.get(f"{V1}/apprentices/{alliance.aino.id}/export.html")
    assert page.headers["content-type"].startswith("text/html")
    assert "<td>Quintessa</td>" in page.text
    assert "Eetu" not in page.text


def test_every_table_says_what_it_knows_of_people() -> None:
    known = {place.table for place in personal.PLACES}
    groups = (known, set(personal.ELSEWHERE), set(personal.NOBODY))
    assert sum(map(len, groups)) == len(set.union(*groups)), "a table stands twice"
    tables = {table.__tablename__ for group in groups for table in group}  # type: ignore[attr-defined]
    assert tables == set(models.METADATA.tables)
    for place in personal.PLACES:
        assert not set(place.erased or ()) - set(place.table.model_fields), place.name


KEPT_TEXTS: dict[str, set[str]] = {
    "placement": {"mentor"}, "erasure": {"why"}, "account": {"language"},
    "audit_event": {"mac", "action", "noun", "request_id"},
    "apprentice": {"key", "activity", "status", "isced_f"},
}  # fmt: skip
"""Texts that stay when somebody is erased: codes, the host's mentor, and a key made anew."""


def test_no_text_about_a_person_stays_unless_it_is_listed() -> None:
    """A new column with words must say what an erasure does to it."""
    for place in personal.PLACES:
        if place.gone:
            continue
        table: Any = place.table.__table__  # type: ignore[attr-defined]
        texts = {c.name for c in table.columns if isinstance(c.type, AutoString)}
        assert texts - set(place.erased or ()) == KEPT_TEXTS.get(place.name, set()), place.name


def test_what_has_had_its_time_goes(alliance: Alliance) -> None:
    later = NOW + datetime.timedelta(days=2)
    with transaction(alliance.engine) as session:
        session.add_all([
            models.IdempotencyKey(**rows.stamped(
                user_id=alliance.users["sending"].id, key=str(n), request_sha256="0" * 64,
                status=200, created_at=NOW - datetime.timedelta(days=n),
            ))
            for n in (1, 3)
        ])  # fmt: skip
        retention.let_go(session, alliance.service(NOW))
    with transaction(alliance.engine) as session:
        assert [row.key for row in session.exec(select(models.IdempotencyKey))] == ["1"]
        assert retention.let_go(session, alliance.service(later)) == 1
        call = session.get_one(models.Call, alliance.call.id)
        call.status, ends = models.CallStatus.FINISHED, call.stays_to
    after = datetime.datetime.combine(ends, datetime.time(), datetime.UTC)

    def left(days: int) -> tuple[int, int]:
        with transaction(alliance.engine) as session:
            retention.let_go(session, alliance.service(after + datetime.timedelta(days=days)))
        with transaction(alliance.engine) as session:
            needs = session.exec(select(models.SupportNeeds)).all()
            erased = session.exec(select(models.Erasure)).all()
        return len(needs), len(erased)

    assert left(89) == (1, 0)
    assert left(92) == (0, 0)
    assert left(367) == (0, 3)


def test_the_day_on_which_a_request_is_due() -> None:
    from api.services.rights import a_month_after

    day = datetime.date
    assert a_month_after(day(2027, 1, 31)) == day(2027, 2, 28)
    assert a_month_after(day(2027, 12, 15)) == day(2028, 1, 15)


def test_a_request_has_its_deadline_and_is_answered_once(alliance: Alliance) -> None:
    sending, url = alliance.client("sending"), f"{V1}/apprentices/{alliance.aino.id}"
    asked_for = alliance.client("aino").post(f"{url}/rights-requests", json={"kind": "access"})
    assert (asked_for.json()["due_on"], asked_for.json()["overdue"]) == ("2027-02-15", False)
    early = {"kind": "access", "received_on": "2027-01-16"}
    assert sending.post(f"{url}/rights-requests", json=early).status_code == 409
    late = alliance.client("sending", NOW + datetime.timedelta(days=40))
    (row,) = late.get(f"{V1}/rights-requests").json()["items"]
    assert row["overdue"]
    answer = f"{V1}/rights-requests/{row['id']}/answer"
    assert sending.post(answer, headers={"If-Match": '"9"'}).status_code == 412
    assert sending.post(answer, headers=ANY).json()["done_at"] is not None
    assert sending.post(answer, headers=ANY).status_code == 409
    assert alliance.client("stranger").get(f"{V1}/rights-requests").json()["items"] == []
