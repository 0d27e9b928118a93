"""The ways on which messages leave the service: a mail server, a gateway for SMS, or a folder.

A way is opened first: one that cannot be opened takes nothing, and nothing was tried. Then it
posts one letter after the other and says how each went. What a server answers in words is never
kept: it repeats addresses.
"""

import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

import aiosmtplib
from anyio.from_thread import start_blocking_portal

from api.mail_folder import write_file
from api.network import is_loopback
from models import Means

TIMEOUT = 30.0
"""So many seconds a server may take for one answer."""

PORTS = {"smtp": 587, "smtps": 465}
"""The ports that are used where an address names none (RFC 8314, RFC 6409)."""


@dataclass(frozen=True)
class Letter:
    """A message as it goes out: an e-mail, or the text of an SMS. `file` names it in a folder."""

    id: uuid.UUID
    means: Means
    to: str
    file: str
    content: EmailMessage | str

    def as_bytes(self) -> bytes:
        """What stands in a file of it."""
        if isinstance(self.content, EmailMessage):
            return self.content.as_bytes()
        return f"To: {self.to}\n\n{self.content}\n".encode()


@dataclass(frozen=True)
class Posted:
    """How it went. `failure` is a code, empty where it is on its way.

    `again`: another try may help. `stop`: the others would fare alike, so they wait.
    """

    failure: str = ""
    again: bool = True
    stop: bool = False


class UnreachableError(Exception):
    """A way cannot be opened; its one argument is a code, the class of what went wrong."""


Post = Callable[[Letter], Posted]


class Way(Protocol):
    """How letters of one means go out."""

    def open(self) -> AbstractContextManager[Post]:
        """Open for as long as there is something to post. Raises UnreachableError."""


ROOM = 65_536
"""So many bytes must fit into a folder before a letter is taken: a full disk costs no tries."""


@dataclass(frozen=True)
class Folder:
    """Files, where no server is set. The same letter again replaces its file."""

    path: Path

    @contextmanager
    def open(self) -> Iterator[Post]:
        """Raises UnreachableError where no file can be written there."""
        try:
            write_file(self.path, ".writable", bytes(ROOM))
            (self.path / ".writable").unlink()
        except OSError as error:
            raise UnreachableError(type(error).__name__) from None
        yield self._post

    def _post(self, letter: Letter) -> Posted:
        try:
            write_file(self.path, letter.file, letter.as_bytes())
        except OSError as error:
            return Posted(type(error).__name__, stop=True)
        return Posted()


@dataclass(frozen=True)
class MailServer:
    """A server that takes e-mail over SMTP (RFC 5321), by TLS unless it is on this machine."""

    host: str
    port: int
    tls_first: bool
    user: str = ""
    password: str = ""
    context: ssl.SSLContext | None = None

    @classmethod
    def of(cls, address: str, password: str = "") -> "MailServer":
        """From `smtp://USER@HOST:PORT` (TLS by STARTTLS) or `smtps://…` (TLS first).

        `password` goes before one in the address. Raises ValueError for other addresses.
        """
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("is no address of a mail server, like smtp://USER@HOST:587")
        user, inside = (urllib.parse.unquote(x or "") for x in (parts.username, parts.password))
        return cls(
            parts.hostname, parts.port or PORTS[parts.scheme], parts.scheme == "smtps", user,
            password or inside,
        )  # fmt: skip

    @contextmanager
    def open(self) -> Iterator[Post]:
        """Raises UnreachableError where it does not answer, or does not let us in."""
        with start_blocking_portal() as portal:
            client = portal.call(self._connected)
            try:
                yield lambda letter: portal.call(_mailed, client, letter)
            finally:
                with suppress(aiosmtplib.SMTPException, OSError):
                    portal.call(client.quit)

    async def _connected(self) -> aiosmtplib.SMTP:
        plain = not self.tls_first and is_loopback(self.host)
        client = aiosmtplib.SMTP(
            hostname=self.host, port=self.port, use_tls=self.tls_first, timeout=TIMEOUT,
            start_tls=None if plain or self.tls_first else True, tls_context=self.context,
            username=self.user or None, password=self.password or None,
        )  # fmt: skip
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise UnreachableError(type(error).__name__) from None
        return client


async def _mailed(client: aiosmtplib.SMTP, letter: Letter) -> Posted:
    """How it went. Only a recipient who is refused for good is one to whom nothing can be sent.

    Whatever else is refused may be mended by whoever runs the service. Where the connection
    breaks after the message was given nobody knows whether it was taken: it goes out again,
    with the same Message-ID, by which mail programs know it for the same.
    """
    assert isinstance(letter.content, EmailMessage)  # noqa: S101  # letters of other means go elsewhere
    try:
        await client.send_message(letter.content, recipients=[letter.to])
    except aiosmtplib.SMTPRecipientsRefused as error:
        return _refused(error.recipients[0], stop=not client.is_connected)
    except aiosmtplib.SMTPSenderRefused as error:
        return Posted(f"sender {error.code}", stop=True)
    except aiosmtplib.SMTPResponseException as error:
        return Posted(f"message {error.code}", stop=not client.is_connected)
    except (ValueError, aiosmtplib.SMTPNotSupported):  # no server takes it, or not this one
        return Posted("address", again=False)
    except (aiosmtplib.SMTPException, OSError) as error:
        return Posted(type(error).__name__, stop=not client.is_connected)
    return Posted()


NO_MAILBOX = frozenset({550, 551, 553})
"""Answers by which a server says for good that it has no such recipient (RFC 5321, 4.2.3)."""

POLICY = "5.7."
"""Detailed answers that begin so refuse us, not the recipient (RFC 3463, 3.8)."""


def _refused(error: aiosmtplib.SMTPRecipientRefused, *, stop: bool) -> Posted:
    for_good = error.code in NO_MAILBOX and not error.message.startswith(POLICY)
    return Posted(f"recipient {error.code}", again=not for_good, stop=stop)


@dataclass(frozen=True)
class SmsGateway:
    """Somebody who sends text messages that are posted to an address of theirs as JSON.

    `body` is what they expect, with `{to}`, `{text}` and `{id}` in its values.
    """

    address: str
    token: str = ""
    body: str = '{"to": "{to}", "text": "{text}", "id": "{id}"}'

    @classmethod
    def of(cls, address: str, token: str, body: str) -> "SmsGateway":
        """Checked. Raises ValueError whose words begin with which of the three is wrong."""
        parts = urllib.parse.urlsplit(address)
        safe = parts.scheme == "https" or (
            parts.scheme == "http" and is_loopback(parts.hostname or "")
        )
        if not safe:
            raise ValueError("GATEWAY is no https address")
        try:
            shape = json.loads(body)
        except ValueError:
            shape = None
        if not isinstance(shape, dict) or "{to}" not in body or "{text}" not in body:
            raise ValueError("BODY is no JSON object with {to} and {text} in its values")
        return cls(address, token, body)

    @contextmanager
    def open(self) -> Iterator[Post]:
        """There is nothing to open: each message is a request of its own."""
        yield self._post

    def _post(self, letter: Letter) -> Posted:
        given = {"to": letter.to, "text": str(letter.content), "id": str(letter.id)}
        filled = {name: _filled(value, given) for name, value in json.loads(self.body).items()}
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(letter.id)}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(  # noqa: S310  # an address of the settings, https or this machine's
            self.address, json.dumps(filled).encode(), headers, method="POST"
        )
        try:
            with _OPENER.open(request, timeout=TIMEOUT):
                return Posted()
        except urllib.error.HTTPError as error:
            error.close()
            refused = error.code in (400, 404, 422)  # this number or text; others concern all
            return Posted(f"gateway {error.code}", again=not refused, stop=not refused)
        except OSError as error:
            return Posted(type(error).__name__, stop=True)


def _filled(value: object, given: dict[str, str]) -> object:
    if not isinstance(value, str):
        return value
    for name, text in given.items():
        value = value.replace(f"{{{name}}}", text)
    return value


class _Here(urllib.request.HTTPRedirectHandler):
    """Follows nobody elsewhere: the token is for the address of the settings."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_Here)
