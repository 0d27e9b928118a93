"""One measurement in a process of its own, so that its peak memory is its own.

Started by `benchmarks.processes` with a task as JSON; answers with JSON, a line each: that
the clock begins, what was measured, and what was counted after the clock had stopped.
"""

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO, TypeVar

T = TypeVar("T")

OUT_OF_MEMORY = 75
"""The exit code that says so."""

MOST_REPEATS = 5
LONG_ENOUGH = 1.0
"""Shorter measurements are repeated, the fastest one counts; the same for everyone."""

CELLS_TO_RECOUNT = 200_000_000
"""Up to this many cells what the engine says of itself is counted once more."""


def main() -> None:
    """Do the task in the first argument."""
    task = json.loads(sys.argv[1])
    limit = int(task["memory_gb"] * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    work = {"solvers": measure_solver, "pipelines": measure_pipeline}[task["part"]]
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)  # whatever a solver prints goes to stderr
        try:
            work(task, answers)
        except MemoryError:
            sys.exit(OUT_OF_MEMORY)


def _say(answers: TextIO, **facts: Any) -> None:
    print(json.dumps(facts), file=answers, flush=True)


def _peak_mb() -> float:
    """The most memory that the process ever held (Linux counts in kB, macOS in bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def _fastest(step: Callable[[], tuple[float, float, T]]) -> tuple[float, float, T]:
    """The fastest of some runs of a step that returns its seconds, building seconds, result."""
    seconds, build, result = step()
    spent = seconds + build
    for _ in range(MOST_REPEATS - 1):
        if spent >= LONG_ENOUGH:
            break
        again, build_again, _unused = step()
        spent += again + build_again
        seconds, build = min(seconds, again), min(build, build_again)
    return seconds, build, result


def measure_solver(task: dict[str, Any], answers: TextIO) -> None:
    """Solve the stored pairs with the named solver."""
    import numpy as np

    from benchmarks.solvers import SOLVERS, PairList

    pairs, peer = PairList.load(Path(task["pairs"])), SOLVERS[task["name"]]
    two = np.arange(2, dtype=np.int32)
    places = np.ones(2, dtype=np.int64)
    peer(PairList(two, two, np.array([3, 4]), places, 2))()  # loads the libraries

    def step() -> tuple[float, float, Any]:
        gc.collect()
        begin = time.perf_counter()
        solve = peer(pairs)
        built = time.perf_counter()
        taken = solve()
        return time.perf_counter() - built, built - begin, taken

    _say(answers, clock="begin")
    seconds, build, taken = _fastest(step)
    peak = _peak_mb()
    _say(answers, seconds=seconds, build=build, peak_mb=peak, value=pairs.value(taken))
    _say(answers)


def measure_pipeline(task: dict[str, Any], answers: TextIO) -> None:
    """Draw the problem and take the named way from its columns to an assignment."""
    import numpy as np

    from benchmarks.pipelines import PIPELINES, Answer, Watch, recount
    from matcher.problem import Policy
    from matcher.vocabulary import Objective
    from seed_data.drawn_columns import generate_columns

    policy = Policy(objective=Objective.FIT, priority=(), candidates=task["candidates"])
    n, m = task["apprentices"], task["offers"]
    peer = PIPELINES[task["name"]]
    peer(generate_columns(60, 30, task["seed"], policy), Watch())  # loads the libraries
    columns = generate_columns(n, m, task["seed"], policy)
    first = np.zeros(1, dtype=np.int32)
    columns.tables.outcomes.values(first, first)  # the table of learning outcomes

    def step() -> tuple[float, float, Answer]:
        gc.collect()
        watch = Watch()
        begin = time.perf_counter()
        answer = peer(columns, watch)
        return time.perf_counter() - begin - watch.build, watch.build, answer

    _say(answers, clock="begin")
    seconds, build, answer = _fastest(step)
    _say(
        answers,
        seconds=seconds,
        build=build,
        peak_mb=_peak_mb(),
        value=answer.value,
        bound=answer.bound,
    )
    if answer.pairs is not None and task.get("pairs"):
        answer.pairs().save(Path(task["pairs"]))
    value, blocking = answer.value, answer.envy
    if blocking is None or n * m <= CELLS_TO_RECOUNT:
        value, blocking = recount(columns, answer.chosen)
    if (value, blocking) != (answer.value, blocking if answer.envy is None else answer.envy):
        raise ValueError(
            f"recounted {value} and {blocking} blocking pairs,"
            f" said were {answer.value} and {answer.envy}"
        )
    _say(answers, blocking=blocking)


if __name__ == "__main__":
    main()
