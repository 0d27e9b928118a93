"""Messages over a real mail server and a real gateway: refused, lost, cut off, tried again."""

import datetime
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine
from sqlmodel import select
from structlog.testing import capture_logs

import models
from api.database import transaction
from api.delivery import Office, deliver
from api.language import Language
from api.mails import Text, message
from api.posting import MailServer, Posted, SmsGateway, UnreachableError
from api.services import outbox, records
from api.services.rounds import Worker
from api.settings import Settings
from models import Means, MessageEnd
from tests import rows
from tests.api.alliance import NOW, Alliance
from tests.api.posting import SENDER

pytestmark = pytest.mark.enable_socket

MINUTE = datetime.timedelta(minutes=1)
GONE = "localhost", 9
"""Where nobody listens."""


class Mailbox:
    """A mail server that keeps what it takes; `answers` are given to recipients and messages."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.recipient: Callable[[str], str] = lambda _: "250 OK"
        self.cut = 0

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        answer = self.recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _: Any, envelope: Any) -> str:  # noqa: N802
        read = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        self.taken.append(read)
        if self.cut:
            self.cut -= 1
            server.transport.abort()  # it has the message, and dies before it says so
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.taken]


@contextmanager
def listening(mailbox: Mailbox, **options: Any) -> Iterator[MailServer]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield MailServer("127.0.0.1", port, False)
    finally:
        controller.stop()


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


class Clock:
    """The time of a worker, moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def send(self, alliance: Alliance, way: Any, means: Means = Means.MAIL) -> int:
        worker = Worker("w-1", rows.ids(self.now.minute + 60 * self.now.hour), lambda: self.now)
        return deliver(alliance.engine, worker, Office(SENDER, {means: way}))


def queue(alliance: Alliance, *addresses: str) -> None:
    with transaction(alliance.engine) as session:
        for number, address in enumerate(addresses):
            then = NOW - datetime.timedelta(seconds=len(addresses) - number)
            records.tell(
                session, alliance.service(then), address, "pl", "friend_wish",
                call=alliance.call.id, apprentice=alliance.aino.id,
            )  # fmt: skip


def stored(alliance: Alliance) -> list[models.OutboxMail]:
    with transaction(alliance.engine, writes=False) as session:
        return list(session.exec(select(models.OutboxMail).order_by(models.OutboxMail.address)))


def test_a_message_goes_out_as_text_and_html_answered_by_the_coordinator(
    alliance: Alliance,
) -> None:
    mailbox = Mailbox()
    queue(alliance, "friend@example.org")
    with listening(mailbox) as server:
        assert Clock().send(alliance, server) == 1
        assert Clock().send(alliance, server) == 0
    (mail,) = mailbox.taken
    (row,) = stored(alliance)
    assert (row.ended_as, row.attempts, row.failure) == (MessageEnd.SENT, 1, "")
    assert mailbox.ids == [f"<{row.message_id}>"]
    assert str(mail["Reply-To"]) == "sending@example.org"
    assert str(mail["Content-Language"]) == "pl"
    plain, page = (part.get_content() for part in mail.iter_parts())
    assert 'lang="pl"' in page
    assert f'<a href="{SENDER.base}/">{SENDER.base}/</a>' in page
    assert SENDER.base in plain


def test_what_a_body_says_is_never_markup() -> None:
    text = Text("a <b> & c", 'Tom & <script>alert("x")</script>\nhttps://x.example/"onclick="y')
    made = message(
        text, language=Language("en"), to="a@example.org", sender="b@example.org", reply_to="",
        message_id="1@x", date=NOW,
    )  # fmt: skip
    page = made.get_body(("html",))
    assert page is not None
    said = page.get_content()
    assert "<script" not in said
    assert "<title>a &lt;b&gt; &amp; c</title>" in said
    assert 'href="https://x.example/"' in said
    assert "Reply-To" not in made


@pytest.mark.parametrize(
    ("answer", "ended"),
    [
        ("550 5.1.1 no such user bad@example.org", MessageEnd.UNDELIVERABLE),
        ("551 not here", MessageEnd.UNDELIVERABLE),
        ("550 5.7.1 relaying denied", None),  # it refuses us, which can be mended
        ("450 4.2.0 greylisted", None),
        ("554 5.7.1 policy", None),
    ],
)
def test_only_an_address_that_is_not_there_is_given_up_at_once(
    alliance: Alliance, answer: str, ended: MessageEnd | None
) -> None:
    mailbox = Mailbox()
    mailbox.recipient = lambda address: answer if address.startswith("bad") else "250 OK"
    queue(alliance, "bad@example.org", "good@example.org")
    with listening(mailbox) as server, capture_logs() as logs:
        Clock().send(alliance, server)
    bad, good = stored(alliance)
    assert (good.ended_as, bad.ended_as) == (MessageEnd.SENT, ended)
    assert bad.failure == f"recipient {answer[:3]}"
    assert "example.org" not in repr(logs) + bad.failure


def test_a_server_that_is_down_for_a_week_loses_nothing(alliance: Alliance) -> None:
    queue(alliance, "a@example.org", "b@example.org")
    clock, mailbox = Clock(), Mailbox()
    for _ in range(7 * 24):
        clock.now += datetime.timedelta(hours=1)
        with capture_logs() as logs, pytest.raises(UnreachableError):
            clock.send(alliance, MailServer(*GONE, False))
        assert [one["event"] for one in logs] == ["messages.unreachable"]
    assert {(row.attempts, row.ended_as) for row in stored(alliance)} == {(0, None)}
    with listening(mailbox) as server:
        assert clock.send(alliance, server) == 2


def test_a_server_that_dies_after_the_message_gets_the_same_one_again(alliance: Alliance) -> None:
    queue(alliance, "a@example.org", "b@example.org")
    clock, mailbox = Clock(), Mailbox()
    mailbox.cut = 1
    with listening(mailbox) as server:
        assert clock.send(alliance, server) == 0  # the line is cut, the second one waits
        assert [row.attempts for row in stored(alliance)] == [1, 0]
        assert clock.send(alliance, server) == 1
        clock.now += outbox.WAITS[0]
        assert clock.send(alliance, server) == 1
    first, second = (row.message_id for row in stored(alliance))
    assert mailbox.ids == [f"<{first}>", f"<{second}>", f"<{first}>"]
    assert {row.ended_as for row in stored(alliance)} == {MessageEnd.SENT}


def test_who_dies_before_the_message_is_noted_sends_the_same_one_again(alliance: Alliance) -> None:
    queue(alliance, "a@example.org")
    clock, mailbox = Clock(), Mailbox()
    with listening(mailbox) as server:
        with transaction(alliance.engine) as session:
            letter = outbox.next_letter(session, alliance.service(), SENDER, [Means.MAIL])
        assert letter is not None
        with server.open() as post:
            assert post(letter) == Posted()
        clock.now += outbox.WAITS[0]
        assert clock.send(alliance, server) == 1
    assert mailbox.ids == [f"<{stored(alliance)[0].message_id}>"] * 2


def test_a_message_is_given_up_after_some_days_of_refusals(alliance: Alliance) -> None:
    mailbox, clock = Mailbox(), Clock()
    mailbox.recipient = lambda _: "451 4.3.0 later"
    queue(alliance, "a@example.org")
    with listening(mailbox) as server:
        for wait in outbox.WAITS:
            assert stored(alliance)[0].ended_as is None
            clock.send(alliance, server)
            clock.send(alliance, server)  # it rests in between
            clock.now += wait
    (row,) = stored(alliance)
    assert (row.attempts, row.ended_as) == (len(outbox.WAITS), MessageEnd.UNDELIVERABLE)
    assert datetime.timedelta(days=3) < sum(outbox.WAITS[:-1], datetime.timedelta())


def test_a_password_goes_only_to_a_server_that_speaks_tls(alliance: Alliance) -> None:
    mailbox = Mailbox()
    queue(alliance, "a@example.org")
    with listening(mailbox) as server:
        beyond = MailServer("0.0.0.0", server.port, False, "user", "secret")  # noqa: S104
        with pytest.raises(UnreachableError), beyond.open():
            pass
    assert mailbox.taken == []


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtp://mail.example.org", MailServer("mail.example.org", 587, False)),
        ("smtps://u%40x:p%3A1@mail.example.org", MailServer("mail.example.org", 465, True, "u@x",
                                                           "p:1")),
        ("smtp://localhost:2525", MailServer("localhost", 2525, False)),
    ],
)  # fmt: skip
def test_the_address_of_a_mail_server(address: str, server: MailServer) -> None:
    assert MailServer.of(address) == server


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"smtp": "mail.example.org"}, "DOALLVET_SMTP is no address"),
        ({"smtp": "http://mail.example.org"}, "DOALLVET_SMTP is no address"),
        ({"sms_gateway": "http://sms.example.org"}, "DOALLVET_SMS_GATEWAY is no https"),
        ({"sms_gateway": "https://s.example", "sms_body": "{to}"}, "DOALLVET_SMS_BODY is no JSON"),
        ({"sms_gateway": "https://s.example", "sms_body": "{}"}, "DOALLVET_SMS_BODY is no JSON"),
    ],
)
def test_settings_that_send_nothing_are_refused_by_name(given: Any, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Office.of(Settings(**given))


class Gateway:
    """Somebody who sends text messages."""

    def __init__(self, status: int = 202) -> None:
        self.status, self.asked = status, []
        self.asked: list[tuple[dict[str, str], Any]] = []

    @contextmanager
    def listening(self) -> Iterator[SmsGateway]:
        mine = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                mine.asked.append((dict(self.headers), body))
                self.send_response(mine.status)
                self.send_header("Location", "http://127.0.0.1:9/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield SmsGateway.of(
                f"http://127.0.0.1:{server.server_port}/send", "t0ken",
                '{"number": "{to}", "message": "{text}", "ref": "{id}", "flash": false}',
            )  # fmt: skip
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def by_sms(alliance: Alliance) -> None:
    queue(alliance, "+48 600 000 000")
    with transaction(alliance.engine) as session:
        for row in session.exec(select(models.OutboxMail)):
            row.means = Means.SMS


def test_a_text_message_names_nobody_and_is_posted_as_the_gateway_wants_it(
    alliance: Alliance,
) -> None:
    by_sms(alliance)
    gateway = Gateway()
    with gateway.listening() as way:
        assert Clock().send(alliance, way, Means.SMS) == 1
    ((headers, body),) = gateway.asked
    (row,) = stored(alliance)
    assert headers["Authorization"] == "Bearer t0ken"
    assert headers["Idempotency-Key"] == body["ref"] == str(row.id)
    assert (body["number"], body["flash"]) == ("+48 600 000 000", False)
    assert body["message"].endswith(f": {SENDER.base}/")
    assert "Aino" not in body["message"]


@pytest.mark.parametrize(
    ("status", "failure", "ended"),
    [
        (400, "gateway 400", MessageEnd.UNDELIVERABLE),
        (401, "gateway 401", None),
        (429, "gateway 429", None),
        (503, "gateway 503", None),
        (302, "gateway 302", None),
    ],
)
def test_a_gateway_that_refuses(
    alliance: Alliance, status: int, failure: str, ended: MessageEnd | None
) -> None:
    by_sms(alliance)
    with Gateway(status).listening() as way:
        assert Clock().send(alliance, way, Means.SMS) == 0
    (row,) = stored(alliance)
    assert (row.failure, row.ended_as) == (failure, ended)
