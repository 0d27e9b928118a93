"""How a service that runs for weeks holds its memory."""

import ctypes
import gc
import sys

ARENAS = 2
"""So many places glibc keeps free memory in. It makes up to eight for each processor otherwise, one
for each of the first threads, and what one has freed no other takes: memory grows for hours."""

_M_ARENA_MAX = -8
"""The number of this parameter in glibc's malloc.h."""

_USUAL = gc.get_threshold()


def expect_modules() -> None:
    """Call before many modules are read: what they bring stays, so look for garbage rarely.

    It spares half a second of the four that the service takes to start.
    """
    gc.set_threshold(50_000)


def settle_memory() -> None:
    """Call once everything is set up, before the first request or round, in a process that runs on.

    What is there by then stays for good: the garbage collector need not go through it again and
    again, which takes a third of a second each time. All threads share a few arenas, where the
    system's C library is glibc; others have no such parameter and need none.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_USUAL)
    if sys.platform == "linux":
        set_parameter = getattr(ctypes.CDLL(None), "mallopt", None)
        if set_parameter is not None:
            set_parameter(_M_ARENA_MAX, ARENAS)
