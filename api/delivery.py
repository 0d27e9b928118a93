"""Sends what waits in the outbox: one letter after the other, each in transactions of its own.

A letter is taken and committed as tried before it is posted, and how it went is committed after.
Whoever dies in between has sent it or not; it goes out again later with the same Message-ID.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy import Engine

from api import store
from api.database import transaction
from api.posting import Folder, MailServer, SmsGateway, UnreachableError, Way
from api.services import outbox
from api.services.outbox import Sender
from api.services.rounds import Worker
from api.settings import Settings
from models import Means

LOG = structlog.get_logger(__name__)

AT_ONCE = 200
"""So many letters of one means go out at most before others get their turn."""


@dataclass(frozen=True)
class Office:
    """Who sends, and the way of each means. A call is made by a coordinator: it has no way."""

    sender: Sender
    ways: Mapping[Means, Way]

    @classmethod
    def of(cls, settings: Settings) -> "Office":
        """By the settings; a means for which nothing is set goes into the folder.

        Raises ValueError with what is wrong about which setting, OSError for a file of a password
        that cannot be read.
        """
        folder = Folder(Path(settings.mail_folder))
        return cls(
            Sender(settings.address, settings.mail_from),
            {Means.MAIL: _server(settings) or folder, Means.SMS: _gateway(settings) or folder},
        )

    def log(self) -> None:
        """Say where messages go, so that nobody waits for mail that is a file."""
        for means, way in self.ways.items():
            if isinstance(way, Folder):
                LOG.warning("messages.go_to_a_folder", means=str(means), folder=str(way.path))
            else:
                LOG.info("messages.are_sent", means=str(means), by=type(way).__name__)


def _server(settings: Settings) -> MailServer | None:
    if not settings.smtp:
        return None
    password = ""
    if settings.smtp_password_file:
        password = Path(settings.smtp_password_file).read_text(encoding="utf-8").strip()
    try:
        return MailServer.of(settings.smtp, password)
    except ValueError as error:
        raise ValueError(f"DOALLVET_SMTP {error}") from None


def _gateway(settings: Settings) -> SmsGateway | None:
    if not settings.sms_gateway:
        return None
    try:
        return SmsGateway.of(settings.sms_gateway, settings.sms_token, settings.sms_body)
    except ValueError as error:
        raise ValueError(f"DOALLVET_SMS_{error}") from None


def deliver(
    engine: Engine, worker: Worker, office: Office, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Send what is due, and say how many letters went out.

    It ends early once `go_on` says no. A way that cannot be opened keeps its letters waiting,
    untried, and those of the other ways go out. Raises UnreachableError for it then.
    """
    sent, unreachable = 0, None
    for means, way in office.ways.items():
        with transaction(engine, writes=False) as session:
            waits = store.outbox.is_due(session, worker.now(), [means])
        if not waits or not go_on():
            continue
        try:
            sent += _deliver(engine, worker, office.sender, means, way, go_on)
        except UnreachableError as error:
            LOG.warning("messages.unreachable", means=str(means), kind=str(error))
            unreachable = error
    if unreachable:
        raise unreachable
    return sent


def _deliver(
    engine: Engine, worker: Worker, sender: Sender, means: Means, way: Way,
    go_on: Callable[[], bool],
) -> int:  # fmt: skip
    sent = 0
    with way.open() as post:
        for _ in range(AT_ONCE):
            if not go_on():
                break
            with transaction(engine) as session:
                letter = outbox.next_letter(session, worker.caller(), sender, [means])
            if letter is None:
                break
            posted = post(letter)
            with transaction(engine) as session:
                outbox.settle(session, worker.caller(), letter.id, posted)
            sent += not posted.failure
            if posted.stop:
                break
    if sent:
        LOG.info("messages.sent", means=str(means), count=sent)
    return sent
