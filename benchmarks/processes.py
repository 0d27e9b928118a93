"""Starts the measurements, one process each, and stops those that take too long.

Nothing heavy is imported here: on Linux a child's peak memory begins at its parent's.
"""

import json
import queue
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from benchmarks.child import OUT_OF_MEMORY

Outcome = Literal["done", "timeout", "memory", "failed", "left_out"]


@dataclass(frozen=True)
class Measurement:
    """What came out of one measurement; the numbers hold only where it is done.

    After a timeout, `seconds` is the limit. `value` and `bound` are thousandths of a point;
    `reason` says why it is not done.
    """

    outcome: Outcome
    seconds: float = 0.0
    build: float = 0.0
    peak_mb: float = 0.0
    value: int = 0
    bound: int | None = None
    blocking: int | None = None
    reason: str = ""


def measure(task: dict[str, Any], timeout: float | None) -> Measurement:
    """Measure in a child; it is killed when `timeout` seconds have passed since its clock began.

    Preparing the problem before and counting after the clock are not limited.
    """
    with tempfile.TemporaryFile("w+") as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.child", json.dumps(task)],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=Path(__file__).parent.parent,
        )
        try:
            facts = _listen(child, timeout)
        finally:
            child.kill()
            code = child.wait()
            if child.stdout:
                child.stdout.close()
        if facts is None:
            return Measurement("timeout", seconds=timeout or 0.0, reason=f"> {timeout:g} s")
        if facts.pop("complete"):
            return Measurement("done", **facts)
        errors.seek(0)
        said = errors.read()
    if code == OUT_OF_MEMORY or "bad_alloc" in said or code == -9:
        return Measurement("memory", reason="memory")
    last = (said.strip().splitlines() or [f"exit code {code}"])[-1]
    return Measurement("failed", reason=f"failed: {last}")


def _listen(child: "subprocess.Popen[str]", timeout: float | None) -> dict[str, Any] | None:
    """What the child says until it ends, and whether it said all; None if it is too slow."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read(stream: IO[str]) -> None:
        for line in stream:
            lines.put(line)
        lines.put(None)

    if child.stdout is None:
        raise ValueError("the child has no output to listen to")
    threading.Thread(target=read, args=(child.stdout,), daemon=True).start()
    facts: dict[str, Any] = {"complete": False}
    for step in ("clock", "measured", "counted"):
        try:
            line = lines.get(timeout=timeout if step == "measured" else None)
        except queue.Empty:
            return None
        if line is None:
            child.wait()
            return facts
        if step != "clock":
            facts |= json.loads(line)
    child.wait()
    facts["complete"] = child.returncode == 0
    return facts
