"""Messages: a text for every code, and files of e-mails with what holds when they are written."""

import ast
import datetime
import email
import email.policy
import re
import stat
import uuid
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from structlog.testing import capture_logs

import api
import models
from api import mails, posting
from api.database import transaction
from api.delivery import Office
from api.language import ENGLISH, Language
from api.scheduler import Scheduler
from api.services import accounts, by_hand, deadlines, outbox, proposals, records
from api.settings import Settings
from matcher.vocabulary import LANGUAGES
from models import Answer, Means, MessageEnd, Party
from tests import rows
from tests.api.alliance import NOW, Alliance
from tests.api.posting import BASE, SENDER, post
from tests.api.roles.consents import at_fifteen, give
from tests.api.test_answer_routes import asked, heard, kind, opened

DAY = datetime.timedelta(days=1)
TELLING = re.compile(r"_?tell|tell_\w+")
"""How the functions are called that queue a message; the last of their arguments is its code."""

WORDS = {"first_name", "work", "company", "town", "days", "please", "how", "link", "call", "until",
         "deadline", "count", "provision", "message", "reply_to", "about",
         "account", "device", "moment"}  # fmt: skip


def codes_in_use() -> set[str]:
    """The codes of all texts that the code of the service queues."""
    found = set()
    for path in Path(api.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", None) or getattr(
                getattr(node, "func", None), "id", None
            )
            if not isinstance(node, ast.Call) or not TELLING.fullmatch(name or ""):
                continue
            written = {
                part.value for part in ast.walk(node.args[-1]) if isinstance(part, ast.Constant)
            }
            assert written or getattr(node.args[-1], "id", "") == "text", (path, node.lineno)
            found |= written
    return found


def test_every_code_that_is_queued_has_a_text() -> None:
    used = codes_in_use()
    assert {"asked", "reminder", "invitation", "friend_wish", "placement_on_hold"} <= used
    words = {word: f"<{word}>" for word in WORDS}
    for code in used:
        assert mails.written(ENGLISH, code, "", words).body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [*mails.TEXTS, "reminder"])
def test_every_text_can_be_filled_in_and_its_subject_names_nobody(code: str, language: str) -> None:
    base, _, party = code.partition(".")
    words = {word: f"<{word}>" for word in WORDS}
    said = mails.written(Language(language), base, party, words)
    assert "{" not in said.body + said.subject
    assert "<" not in said.subject
    assert not party or party in {*Party, "account", "link", "by"}


def test_a_text_for_a_party_goes_before_the_plain_one() -> None:
    words = {word: f"<{word}>" for word in WORDS}
    plain, to_company = (mails.written(ENGLISH, "asked", p, words) for p in ("", "company"))
    assert plain != to_company
    assert to_company == mails.written(ENGLISH, "asked", Party.COMPANY, words)
    assert to_company.body in mails.written(ENGLISH, "reminder", "company", words).body
    with pytest.raises(KeyError):
        mails.written(ENGLISH, "no_such_text", "", words)


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


class Folder:
    """Where the messages of an alliance are written."""

    def __init__(self, alliance: Alliance, path: Path) -> None:
        self.alliance, self.path = alliance, path

    def write(self, now: datetime.datetime = NOW) -> int:
        return post(self.alliance.engine, self.path, now)

    def read(self, to: str = "") -> list[EmailMessage]:
        found = []
        for file in sorted(self.path.glob("*.eml")):
            read = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            assert isinstance(read, EmailMessage)
            if to in str(read["To"]):
                found.append(read)
        return found

    def queue(self) -> list[models.OutboxMail]:
        with transaction(self.alliance.engine, writes=False) as session:
            return list(session.exec(select(models.OutboxMail)))


@pytest.fixture
def folder(alliance: Alliance, tmp_path: Path) -> Folder:
    return Folder(alliance, tmp_path / "outbox" / "mail")


def body_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def secret_in(mail: EmailMessage) -> str:
    (secret,) = re.findall(
        rf"{BASE}/(?:answer|welcome)\?language=[a-z]{{2}}#([\w-]+)", body_of(mail)
    )
    return str(secret)


def test_a_message_is_a_file_that_mail_programs_read(alliance: Alliance, folder: Folder) -> None:
    proposal = asked(alliance)
    count = folder.write()
    (row,) = [row for row in folder.queue() if row.address == "aino@example.org"]
    (mail,) = folder.read("aino@example.org")
    assert (str(mail["Message-ID"]), str(mail["From"])) == (
        f"<{row.message_id}>", "doALLVET <out@doallvet.example>",
    )  # fmt: skip
    assert mail["Date"].datetime == row.created_at
    assert {part.get_content_charset() for part in mail.iter_parts()} == {"utf-8"}
    body = body_of(mail)
    for said in ("Aino", "CNC turning", "Werkstatt", "1 Mar\u2009–\u200925 Apr 2027",
                 "by 29 January 2027, 10:00 (Europe/Brussels)"):  # fmt: skip
        assert said in body
    files = list(folder.path.iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert len(files) == count == 1  # the coordinators have answered
    assert (row.sent_at, row.ended_as, row.attempts, row.failure) == (NOW, "sent", 1, "")
    assert folder.write(NOW + DAY) == 0
    assert {file.name for file in files} == {file.name for file in folder.path.iterdir()}
    heard(alliance, proposal, Party.APPRENTICE)
    heard(alliance, proposal, Party.COMPANY)
    folder.write()
    to_sending = body_of(folder.read("sending@example.org")[0])
    assert f"{BASE}/proposals/{proposal}\n" in to_sending
    assert "#" not in to_sending
    assert secret_in(mail) not in repr([row.model_dump() for row in folder.queue()])


def test_a_ward_s_consent_is_brought_to_the_guardian_or_to_who_can_ask_one(
    alliance: Alliance, folder: Folder
) -> None:
    """The message names neither what is needed nor which company is told."""
    named = at_fifteen(alliance, agreed=False)
    guardian = alliance.users["guardian"].id
    with transaction(alliance.engine) as session:
        session.get_one(models.User, guardian).email = "kaisa@example.org"
    give(alliance.client("eetu"), named)
    give(alliance.client("eetu"), named)  # the same once more asks nobody again
    with transaction(alliance.engine) as session:
        session.get_one(models.User, guardian).disabled_at = NOW
    give(alliance.client("eetu"), named, item="LANGUAGE_BUDDY")
    assert folder.write() == 2
    (to_kaisa,), (to_sending,) = folder.read("kaisa@"), folder.read("sending@")
    assert "consent" in str(to_kaisa["Subject"])
    assert "guardian" in str(to_sending["Subject"])
    for mail in (to_kaisa, to_sending):
        said = body_of(mail)
        assert "Eetu" in said
        assert not re.search("quiet|buddy|Werkstatt", said, re.IGNORECASE)


def test_who_has_no_account_answers_with_the_link_of_any_message(
    alliance: Alliance, folder: Folder
) -> None:
    father = models.Guardian(
        **rows.changing(apprentice_id=alliance.eetu.id, name="Jari", email="jari@example.org")
    )
    with transaction(alliance.engine) as session:
        session.add(father)
        session.merge(alliance.eetu).email = "eetu@example.org"
    proposal = asked(alliance, alliance.eetu)
    folder.write()
    with transaction(alliance.engine) as session:
        deadlines.remind(session, alliance.service(NOW + 3 * DAY))
    folder.write(NOW + 3 * DAY)
    mother, again = folder.read("kaisa@example.org")
    assert str(again["Subject"]).startswith("Reminder: ")
    first, other = (folder.read("jari@example.org")[number] for number in (0, 1))
    later = NOW + 3 * DAY
    secrets = [secret_in(mail) for mail in (mother, again, first, other)]
    assert len(set(secrets)) == 4
    for secret in secrets:
        client = opened(alliance, secret, later)
        assert client.get("/api/v1/answer").json()["party"] == "guardian"
    assert client.post(
        "/api/v1/answer", json={"answer": "yes"}, headers={"If-Match": "*"}
    ).is_success
    apprentice = opened(alliance, secret_in(folder.read("eetu@example.org")[0]), later)
    assert apprentice.get("/api/v1/answer").json()["proposal"]["waiting_for"] == ["apprentice"]
    heard(alliance, proposal, Party.APPRENTICE)
    folder.write(later)
    (company,) = folder.read("werkstatt@example.org")
    seen = opened(alliance, secret_in(company), later).get("/api/v1/answer")
    assert seen.json()["party"] == "company"
    assert "Virtanen" not in body_of(company)


def test_who_has_an_account_with_a_password_gets_no_secret(
    alliance: Alliance, folder: Folder
) -> None:
    with transaction(alliance.engine) as session:
        user = session.merge(alliance.users["aino"])
        user.email, user.password_hash = "aino.v@example.org", "any"
    asked(alliance)
    folder.write()
    (mail,) = folder.read("aino.v@example.org")
    assert "#" not in body_of(mail)
    with transaction(alliance.engine) as session:
        session.merge(alliance.users["eetu"]).email = "eetu.v@example.org"
    with transaction(alliance.engine) as session:
        session.get_one(models.OfferWindow, alliance.window.id).places = 2
    asked(alliance, alliance.eetu)
    folder.write()
    (mail,) = folder.read("eetu.v@example.org")
    assert opened(alliance, secret_in(mail))


def test_who_dies_while_posting_leaves_one_file_a_message(
    alliance: Alliance, folder: Folder
) -> None:
    asked(alliance)
    with transaction(alliance.engine) as session:
        letter = outbox.next_letter(session, alliance.service(), SENDER, [Means.MAIL])
    assert letter is not None
    with posting.Folder(folder.path).open() as post_one:
        assert post_one(letter) == posting.Posted()
    before = sorted(file.name for file in folder.path.iterdir())
    assert folder.write(NOW) == 0  # it rests
    assert len(before) == folder.write(NOW + DAY)
    assert sorted(file.name for file in folder.path.iterdir()) == before
    assert opened(alliance, secret_in(folder.read("aino@example.org")[0]), NOW + DAY)


def test_what_cannot_be_written_does_not_stop_the_rest(alliance: Alliance, folder: Folder) -> None:
    caller = alliance.service()
    with transaction(alliance.engine) as session:
        user = session.merge(alliance.users["aino"])
        user.email = "aino@example.org"
        for address, text, data in (
            ("not an address", "friend_wish", {"call": alliance.call.id}),
            ("two@example.org\r\nBcc: all@example.org", "friend_wish", {"call": alliance.call.id}),
            ("a@example.org", "no_such_text", {}),
            ("b@example.org", "friend_wish", {"call": uuid.uuid4()}),
            ("c@example.org", "asked", {"proposal": uuid.uuid4(), "party": "company"}),
        ):  # fmt: skip
            records.tell(session, caller, address, "en", text, **data)
        accounts.invite_by_mail(session, caller, user)
    with capture_logs() as logs:
        assert folder.write() == 1
    assert "example.org" not in repr(logs)
    assert len([one for one in logs if one["event"] == "mail.failed"]) == 5
    assert folder.write() == 0
    assert {row.attempts for row in folder.queue() if row.sent_at is None} == {1}
    moment = NOW
    for wait in outbox.WAITS:
        moment += wait
        folder.write(moment)
    failed = [row for row in folder.queue() if row.sent_at is None]
    assert {(row.attempts, row.ended_as) for row in failed} == {
        (len(outbox.WAITS), MessageEnd.UNDELIVERABLE)
    }  # fmt: skip
    assert "" not in {row.failure for row in failed}
    assert len(list(folder.path.iterdir())) == 1


def test_an_invitation_s_mail_and_answer_both_open_it_once(
    alliance: Alliance, folder: Folder
) -> None:
    def accept(secret: str) -> Any:
        return alliance.client(None).post(
            "/api/v1/invitations/accept", json={"secret": secret, "password": "pear ladder moss"}
        )

    def invite() -> str:
        with transaction(alliance.engine) as session:
            user = session.get_one(models.User, alliance.users["aino"].id)
            user.email = "aino@example.org"
            return accounts.invite_by_mail(session, alliance.caller("sending"), user)[1]

    given = invite()
    folder.write()
    (mail,) = folder.read()
    assert secret_in(mail) != given
    assert "29 January 2027" in body_of(mail)
    newer = invite()
    assert kind(accept(secret_in(mail))) == (410, "invitation-used")
    assert kind(accept(given)) == (410, "invitation-used")
    assert accept(newer).status_code == 200
    assert folder.write() == 0
    assert [row.ended_as for row in folder.queue() if row.sent_at is None] == ["needless"]


def test_nobody_is_reminded_who_has_answered_meanwhile(alliance: Alliance, folder: Folder) -> None:
    proposal = asked(alliance)
    heard(alliance, proposal, Party.APPRENTICE, Answer.NO)
    folder.write()
    assert folder.read("aino@example.org") == []
    assert "somebody said no" in body_of(folder.read("hosting@example.org")[-1])


def test_nobody_is_told_of_a_proposal_before_their_turn(alliance: Alliance) -> None:
    mother = models.Guardian(
        **rows.changing(apprentice_id=alliance.leena.id, name="Liisa", email="liisa@example.org")
    )
    with transaction(alliance.engine) as session:
        session.add(mother)
        case = by_hand.propose(
            session, alliance.caller("sending"), alliance.call.id, alliance.aino.id,
            alliance.window.id, override_reason="they asked for it",
        )  # fmt: skip
        proposals.answer(
            session, alliance.caller("sending"), case, Party.SENDING_COORDINATOR, Answer.NO,
            reason="dates",
        )  # fmt: skip
    with transaction(alliance.engine, writes=False) as session:
        told = {(row.address, row.text) for row in session.exec(select(models.OutboxMail))}
    assert told == {("sending@example.org", "asked"), ("sending@example.org", "proposal_refused")}
    proposal = asked(alliance, alliance.leena)
    for party in (Party.APPRENTICE, Party.EMPLOYER, Party.COMPANY):
        heard(alliance, proposal, party)
    with transaction(alliance.engine) as session:
        proposals.book(
            session, alliance.caller("sending"), proposals.load(session, proposal), "Uwe"
        )
    with transaction(alliance.engine, writes=False) as session:
        booked = {row.address for row in session.exec(select(models.OutboxMail))
                  if row.text == "placement_booked"}  # fmt: skip
    assert booked == {"sending@example.org", "hosting@example.org", "konepaja@example.org",
                      "werkstatt@example.org"}  # fmt: skip


def test_the_leading_worker_sends_the_messages(alliance: Alliance, tmp_path: Path) -> None:
    asked(alliance)
    address = alliance.engine.url.render_as_string(hide_password=False)
    settings = Settings(mail_folder=str(tmp_path / "mail"), address=f"{BASE}/")
    scheduler = Scheduler(address, now=lambda: NOW, due=(), office=Office.of(settings))
    folder = Folder(alliance, tmp_path / "mail")
    try:
        scheduler.post()
        assert folder.read() == []
        scheduler.leading = True
        scheduler.post()
        assert secret_in(folder.read("aino@example.org")[0])
    finally:
        scheduler.stop(0)
    with transaction(alliance.engine) as session:
        records.tell(session, alliance.service(), "a@example.org", "en", "friend_wish",
                     call=alliance.call.id)  # fmt: skip
    scheduler.leading = True
    scheduler.post()
    scheduler.engine.dispose()
    (left,) = [row for row in folder.queue() if row.text == "friend_wish"]
    assert (left.sent_at, left.attempts) == (None, 0)  # who stops begins nothing new


def test_a_folder_that_cannot_be_written_to_keeps_messages_untried(
    alliance: Alliance, tmp_path: Path
) -> None:
    asked(alliance)
    (tmp_path / "file").touch()
    with capture_logs() as logs, pytest.raises(posting.UnreachableError):
        post(alliance.engine, tmp_path / "file")
    assert [(one["event"], one["kind"]) for one in logs] == [
        ("messages.unreachable", "FileExistsError")
    ]  # fmt: skip
    with transaction(alliance.engine, writes=False) as session:
        assert {row.attempts for row in session.exec(select(models.OutboxMail))} == {0}
