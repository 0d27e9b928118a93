"""A worker that dies by kill -9 at one step of a round: `python -m tests.api.killed_round STEP`.

With `SIGSTOP` behind it, it hangs there until it is continued.
Its clock knows which function asks for the time, and that is where it ends.
"""

import datetime
import os
import signal
import sys

from api.database import connect
from api.services import rounds
from api.services.rounds import Worker
from api.settings import Settings
from tests import rows

STEPS = {
    "taken": ("_Progress.__init__", 1),
    "computing": ("_Progress.__call__", 2),
    "writing": ("write", 3),
    "committed": ("main", 1),
}
"""The function in which it dies, and at which of its looks at the clock."""


def main() -> None:
    left = dict([STEPS[sys.argv[1]]])
    end = signal.Signals[sys.argv[2]] if sys.argv[2:] else signal.SIGKILL

    def now() -> datetime.datetime:
        asks = sys._getframe(1).f_code.co_qualname
        if asks in left:
            left[asks] -= 1
            if not left[asks]:
                os.kill(os.getpid(), end)
        return rows.NOW

    rounds.run_next(connect(Settings().database), Worker("w-killed", rows.ids(11), now))
    now()


if __name__ == "__main__":
    main()
