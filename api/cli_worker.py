"""The command `doallvet worker`."""

import sys
from typing import TYPE_CHECKING

from api.cli_service import DatabaseOption, database_at
from api.terminal import refuse

if TYPE_CHECKING:
    from api.delivery import Office
    from api.settings import Settings


def office_of(settings: "Settings") -> "Office":
    """Who sends messages, by the settings; ends with what is wrong with them."""
    from api.delivery import Office

    try:
        return Office.of(settings)
    except ValueError as error:
        refuse([str(error)])
    except OSError as error:
        refuse([f"DOALLVET_SMTP_PASSWORD_FILE cannot be read: {error.strerror}"])


def worker(database: DatabaseOption = None) -> None:
    """Ask for the rounds of the schedule and run them, until it is stopped.

    Of several on one PostgreSQL database one leads, the others stand by. Logs go to standard
    error, a line of JSON each, or as text on a terminal.
    """
    import signal
    import threading
    from types import FrameType

    from api import logs
    from api.due import due_of
    from api.memory import settle_memory
    from api.scheduler import Scheduler
    from api.settings import Settings

    settings = Settings()
    office = office_of(settings)
    with database_at(database) as engine:
        address = engine.url.render_as_string(hide_password=False)
    logs.configure(json=not sys.stderr.isatty())
    stopped = threading.Event()

    def stop(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)  # who asks twice does not want to wait
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    scheduler = Scheduler(address, due=due_of(settings), office=office)
    settle_memory()
    scheduler.start()
    stopped.wait()
    scheduler.stop()
