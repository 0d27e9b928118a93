"""Messages sent as the worker sends them, into a folder."""

import datetime
import uuid
from pathlib import Path

from sqlalchemy import Engine

from api import posting
from api.caller import NewId
from api.delivery import Office, deliver
from api.services.outbox import Sender
from api.services.rounds import Worker
from models import Means
from tests.api.alliance import NOW

BASE = "https://doallvet.example"
SENDER = Sender(BASE, "out@doallvet.example")


def post(
    engine: Engine, folder: Path, now: datetime.datetime = NOW, new_id: NewId = uuid.uuid4
) -> int:
    """Send what is due as files, and say how many there were."""
    office = Office(SENDER, {means: posting.Folder(folder) for means in (Means.MAIL, Means.SMS)})
    return deliver(engine, Worker("w-1", new_id, lambda: now), office)
