"""The memory of a service that runs for long."""

import ctypes
import subprocess
import sys

import pytest

from api.memory import ARENAS

HOLD = """
import ctypes, gc, threading
from api.memory import expect_modules, settle_memory
usual = gc.get_threshold()
expect_modules()
assert gc.get_threshold()[0] > usual[0]
settle_memory()
assert gc.get_threshold() == usual
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
end = threading.Barrier(33)
def hold():
    for _ in range(100):
        libc.malloc(ctypes.c_size_t(10_000))
    end.wait()
threads = [threading.Thread(target=hold) for _ in range(32)]
for one in threads:
    one.start()
end.wait()
print(gc.get_freeze_count(), flush=True)
libc.fflush(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


def test_threads_share_memory_and_what_stays_is_not_looked_at_again() -> None:
    if not hasattr(ctypes.CDLL(None), "malloc_info"):
        pytest.skip("the C library here is not glibc")
    run = [sys.executable, "-c", HOLD]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    frozen, told = said.split("\n", 1)
    assert int(frozen) > 1_000
    assert 1 <= told.count("<heap nr=") <= ARENAS
