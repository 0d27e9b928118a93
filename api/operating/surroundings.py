"""Checks of what is around the service: settings, folders, the disk, what the pages need."""

import difflib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from api.delivery import Office
from api.network import is_loopback
from api.operating.backup import backups_in
from api.operating.finding import Around, Finding, State, fault, ok, warning
from api.operating.room import FULL, NEARLY_FULL, nearest, rooms
from api.pages.assets import shipped
from api.posting import Folder, UnreachableError
from api.settings import Settings
from models import Means

PREFIX = "DOALLVET_"

ENVIRONMENTS = ("production", "development")

MAIL_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")

LEAST_TOKEN = 16
"""A shorter token can be guessed."""

STALE_BACKUP_HOURS = 48


def names(around: Around) -> Iterator[Finding]:
    """Whether every variable that begins with DOALLVET_ is one that the service knows."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    given = {name for name in around.environ if name.upper().startswith(PREFIX)}
    for name in sorted(name for name in given if name.upper() not in known):
        near = difflib.get_close_matches(name.upper(), known, 1)
        hint = f"did you mean {near[0]}?" if near else "doallvet settings names all there are"
        yield fault(f"{name} is no setting", f"Take it out, or mend it: {hint}")
    yield ok(f"{len({name.upper() for name in given} & known)} of {len(known)} are set")


Sense = tuple[str, Callable[[Settings], bool], State, str, str]
"""Setting, when it is wrong, how bad that is, what is wrong, what to do."""


def _is_production(given: Settings) -> bool:
    return given.env == "production"


def _is_here(given: Settings) -> bool:
    return is_loopback(urlsplit(given.address).hostname or "")


SENSES: tuple[Sense, ...] = (
    ("env", lambda s: s.env not in ENVIRONMENTS, State.FAULT,
     "is neither production nor development", "Set one of both."),
    ("address", lambda s: urlsplit(s.address).scheme not in ("http", "https")
     or not urlsplit(s.address).hostname, State.FAULT,
     "is no address of a web site", "Set what people type, like https://matching.example.org."),
    ("address", lambda s: _is_production(s) and not s.address.startswith("https://"), State.FAULT,
     "does not begin with https://", "Put a proxy with a certificate in front; set its address."),
    ("address", lambda s: _is_production(s) and _is_here(s), State.FAULT,
     "is this machine: links in messages lead nowhere", "Set the address that people type."),
    ("requests_per_minute", lambda s: s.requests_per_minute < 30, State.FAULT,
     "lets nobody work", "Set 30 or more; 600 is usual."),
    ("mail_from", lambda s: not MAIL_ADDRESS.fullmatch(s.mail_from), State.FAULT,
     "is no e-mail address", "Set the address that messages come from."),
    ("mail_from", lambda s: _is_production(s) and s.mail_from.endswith("@localhost"), State.WARNING,
     "is an address of this machine", "Set an address that people may answer to."),
    ("contact", lambda s: bool(s.contact) and not MAIL_ADDRESS.fullmatch(s.contact), State.FAULT,
     "is no e-mail address", "Set the address at which people reach you."),
    ("contact", lambda s: _is_production(s) and not s.contact, State.WARNING,
     "is empty: the privacy notice names nobody", "Set the address at which people reach you."),
    ("organisation", lambda s: _is_production(s) and not s.organisation, State.WARNING,
     "is empty: the privacy notice names nobody", "Set who answers for the data."),
    ("metrics_token", lambda s: 0 < len(s.metrics_token) < LEAST_TOKEN, State.WARNING,
     "is short", f"Take {LEAST_TOKEN} letters or more, from a generator."),
)  # fmt: skip


def values(around: Around) -> Iterator[Finding]:
    """Whether the settings make sense, more strictly in production."""
    wrong = False
    for name, is_wrong, state, told, do in SENSES:
        if is_wrong(around.settings):
            wrong = True
            yield Finding(state, f"{PREFIX}{name.upper()} {told}", do)
    if not around.in_production:
        yield warning(
            "DOALLVET_ENV is not production: demo accounts would be let in",
            "Set DOALLVET_ENV=production before people's cases are in it.",
        )
    elif not wrong:
        yield ok("they make sense")


def messages(around: Around) -> Iterator[Finding]:
    """Whether messages leave the machine, and the servers of the settings let us in."""
    try:
        office = Office.of(around.settings)
    except (ValueError, OSError) as error:
        yield fault(str(error), "Correct the setting; docs/operations.md has examples.")
        return
    for means, way in office.ways.items():
        if isinstance(way, Folder):
            if means == Means.MAIL:
                yield warning(
                    "e-mails are files in a folder: nobody gets them", "Set DOALLVET_SMTP."
                )
            continue
        try:
            with way.open():
                yield ok(f"{means}: the server lets us in")
        except UnreachableError as error:
            yield fault(
                f"{means}: the server cannot be used ({error})",
                "Look whether it runs and is reached from here, and at user and password.",
            )


def mail_folder(around: Around) -> Iterator[Finding]:
    """Whether messages can be written, and nobody else reads them."""
    yield from _folder(Path(around.settings.mail_folder), "messages", "DOALLVET_MAIL_FOLDER")


def audit_heads(around: Around) -> Iterator[Finding]:
    """Whether the head of the audit can be written down."""
    file = Path(around.settings.audit_heads)
    if file.exists() and os.access(file, os.W_OK):
        yield ok(f"written to {file}")
        return
    yield from _folder(file.parent, "the heads of the audit", "DOALLVET_AUDIT_HEADS", shared=True)


def _folder(folder: Path, what: str, setting: str, *, shared: bool = False) -> Iterator[Finding]:
    there = nearest(folder)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield fault(
            f"{folder}: {what} cannot be written there",
            f"Give the folder to the user that the service runs as, or set {setting}.",
        )
    elif not shared and folder.is_dir() and folder.stat().st_mode & 0o007:
        yield warning(f"{folder}: others may look into it", f"chmod o= {folder}")
    else:
        yield ok(f"{folder}: can be written to")


def disk(around: Around) -> Iterator[Finding]:
    """How much is free where the service writes. That of a database server is not seen here."""
    for room in rooms(around.settings, around.engine, around.backups):
        free, total = _gigabytes(room.free), _gigabytes(room.total)
        told = f"{room.name}: {free} of {total} free at {room.path}"
        if room.free < FULL:
            yield fault(told, "Make room now: the service stops where nothing can be written.")
        elif room.free < NEARLY_FULL:
            yield warning(told, "Make room, or take a larger disk.")
        else:
            yield ok(told)


def _gigabytes(count: int) -> str:
    return f"{count / 2**30:.1f} GB"


def pages(_around: Around) -> Iterator[Finding]:
    """Whether what pages bring along has been fetched."""
    missing = shipped().missing
    if missing:
        yield fault(
            f"pages cannot be shown, {', '.join(missing)} is missing",
            "Run make packages, or install the wheel, which has them.",
        )
    else:
        yield ok("everything that they bring along is there")


def backups(around: Around) -> Iterable[Finding]:
    """How old the newest backup of the folder is that was named."""
    if around.backups is None:
        return [ok("not looked at (--backups FOLDER)")]
    found = backups_in(around.backups)
    if not found:
        return [fault(f"{around.backups}: there is none", "Run doallvet backup, every day.")]
    at, path = found[-1]
    hours = (around.now - at).total_seconds() / 3600
    told = f"the newest is {hours:.0f} hours old ({path.name})"
    if hours > STALE_BACKUP_HOURS:
        return [warning(told, "Look at the timer that runs doallvet backup, and at its log.")]
    return [ok(told)]
