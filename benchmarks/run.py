"""Measure this engine beside its peers, in one run and on the same problems.

`python -m benchmarks.run [SIZES ...]`; docs/benchmarks.md says what is compared and why
that is fair. Exits with 1 when exact methods disagree or one fails.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from benchmarks.processes import Measurement, measure
from benchmarks.tables import Size, head, ratio_text, row, seconds_text, size_of, size_text

DEFAULT_SIZES = ("500x200", "2000x800", "10000x4000", "20000x8000", "100000x40000")
CANDIDATES = 20

SOLVERS = {
    "engine": "engine: flow (OR-tools)",
    "scipy_sparse": "scipy sparse matching",
    "highs": "HiGHS (scipy)",
    "scipy_dense": "scipy dense assignment",
    "cp_sat": "CP-SAT (OR-tools)",
}
PIPELINES = {
    "engine": "engine, with certificate",
    "dense_survivors": "dense numpy, careful +scipy",
    "dense_all": "dense numpy, plain + scipy",
    "matching": "stable: matching",
    "algmatch": "stable: algmatch",
}
EXACT = {"engine", "dense_survivors", "dense_all"} | set(SOLVERS)
DENSE = ("dense_survivors", "dense_all")
PACKAGES = ("numpy", "scipy", "ortools", "scikit-learn", "matching", "algmatch")


@dataclass
class Campaign:
    """All measurements of a run; who dropped out; what went wrong."""

    seed: int
    timeout: float
    memory_gb: float
    found: dict[tuple[str, str, Size], Measurement] = field(default_factory=dict)
    dropped: dict[tuple[str, str], str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def run(self, size: Size, only: str | None) -> None:
        """Measure everything at this size and print it. The engine has no time limit."""
        with tempfile.TemporaryDirectory() as folder:
            pairs = Path(folder) / "pairs.npz"
            engine = self.measure("pipelines", "engine", size, pairs)
            if engine.outcome != "done":
                self.fault(f"the engine at {size_text(size)}: {engine.reason}")
                return
            if not engine.value:
                print(f"\n{size_text(size)}: nobody can go anywhere, nothing to compare")
                return
            if only != "pipelines":
                print(f"\nSolver against solver, {size_text(size)}: the engine's own pairs")
                print(head(blocking=False))
                self.part("solvers", SOLVERS, size, pairs, engine)
            if only != "solvers":
                print(f"\nPipeline against pipeline, {size_text(size)}: all eligible pairs")
                print(head(blocking=True))
                self.part("pipelines", PIPELINES, size, pairs, engine)

    def part(
        self, part: str, peers: dict[str, str], size: Size, pairs: Path, whole: Measurement
    ) -> None:
        """Measure and print one table; ratios are to its first row, gaps to the whole's bound."""
        base = self.measure(part, "engine", size, pairs)
        base = Measurement(**{**vars(base), "bound": whole.bound})
        for name, label in peers.items():
            one = base if name == "engine" else self.measure(part, name, size, pairs)
            print(row(label, one, base), flush=True)
            if one.outcome == "failed":
                self.fault(f"{label} at {size_text(size)} {one.reason}")
            if one.outcome == "done" and name in EXACT and one.value != whole.value:
                self.fault(
                    f"MISMATCH at {size_text(size)}: {label} says {one.value / 1000:,.3f},"
                    f" the engine {whole.value / 1000:,.3f}"
                )

    def measure(self, part: str, name: str, size: Size, pairs: Path) -> Measurement:
        """The measurement, made once; peers that dropped out at a smaller size are left out."""
        if (part, name, size) in self.found:
            return self.found[part, name, size]
        if (part, name) in self.dropped:
            return Measurement("left_out", reason=self.dropped[part, name])
        task = {
            "part": part,
            "name": name,
            "apprentices": size[0],
            "offers": size[1],
            "seed": self.seed,
            "candidates": CANDIDATES,
            "memory_gb": self.memory_gb,
            "pairs": str(pairs),
        }
        if sys.stderr.isatty():
            print(f"  ... {part}: {name}", end="\r", file=sys.stderr, flush=True)
        one = measure(task, None if name == "engine" else self.timeout)
        if one.outcome != "done":
            reason = one.reason.partition(":")[0]
            self.dropped[part, name] = f"left out: {reason} at {size_text(size)}"
        self.found[part, name, size] = one
        return one

    def fault(self, text: str) -> None:
        """Note and print what went wrong."""
        self.faults.append(text)
        print(f"*** {text}", flush=True)

    def aims(self) -> list[str]:
        """The project's aims beside what was measured, where the sizes were run."""
        lines = []
        middle, small, large, huge = (20000, 8000), (2000, 800), (10000, 4000), (100000, 40000)
        sparse = self.beside("solvers", ("scipy_sparse",), middle)
        if sparse:
            lines.append(f"solver, {size_text(middle)}: {sparse} x scipy sparse (aim: 10)")
        for size, aim in ((small, 1), (large, 5)):
            dense = self.beside("pipelines", DENSE, size)
            if dense:
                lines.append(
                    f"pipeline, {size_text(size)}: {dense} x the faster dense one (aim: {aim})"
                )
        first, last = (self.found.get(("pipelines", "engine", size)) for size in (large, huge))
        if first and last and first.outcome == last.outcome == "done":
            lines.append(
                f"engine, {size_text(large)} to {size_text(huge)}:"
                f" {ratio_text(last.seconds / first.seconds)} times the time (aim: at most 40)"
            )
        return lines

    def beside(self, part: str, peers: Iterable[str], size: Size) -> str:
        """How many times as fast as the fastest of these peers the engine is; '' if unknown."""
        engine = self.found.get((part, "engine", size))
        measured = [self.found[part, p, size] for p in peers if (part, p, size) in self.found]
        if engine is None or engine.outcome != "done" or not measured:
            return ""
        done = [one.seconds for one in measured if one.outcome == "done"]
        if done:
            return ratio_text(min(done) / engine.seconds)
        if any(one.outcome == "timeout" for one in measured):
            return f"more than {ratio_text(self.timeout / engine.seconds)}"
        return ""


def main() -> int:
    """Parse the arguments, measure, print."""
    options = _options()
    campaign = Campaign(options.seed, options.timeout, options.memory)
    print("\n".join(_preface(options)))
    begin = time.perf_counter()
    sizes = sorted({size_of(text) for text in options.sizes}, key=lambda size: size[0] * size[1])
    for size in sizes:
        campaign.run(size, options.only)
    lines = campaign.aims()
    if lines:
        print("\nAims")
        print("\n".join(f"  {line}" for line in lines))
    print(f"\nThe run took {seconds_text(time.perf_counter() - begin)} s.")
    if campaign.faults:
        print("\nNot in order:")
        print("\n".join(f"  {fault}" for fault in campaign.faults))
        return 1
    print("All exact methods agree.")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("sizes", nargs="*", default=DEFAULT_SIZES, help="such as 500x200")
    parser.add_argument("--seed", type=int, default=0, help="of the drawn problems")
    parser.add_argument("--only", choices=("solvers", "pipelines"), help="one part of the two")
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds for a peer")
    parser.add_argument("--memory", type=float, default=16.0, help="address space of a child, GB")
    options = parser.parse_args()
    for text in options.sizes:
        try:
            size_of(text)
        except ValueError:
            parser.error(f"{text!r} is not a size such as 500x200")
    return options


def _preface(options: argparse.Namespace) -> list[str]:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"{_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start,"
        f" Python {platform.python_version()}",
        packages,
        f"Objective fit, {CANDIDATES} candidates each, no priority, seed {options.seed}."
        f" Limit {options.timeout:g} s a peer, {options.memory:g} GB.",
        "",
        "Every row was measured in a process of its own. Drawing the problem and what is loaded",
        "once (libraries, the texts' vectoriser, the table of learning outcomes) come before the",
        "clock; runs under a second are repeated, the fastest counts, the same for everyone.",
        "'build' is making the model that a method wants, and not in 'seconds'. 'ratio' is",
        "seconds by the engine's. 'gap' is what is missing to the bound that the engine proved.",
        "'blocking' counts pairs that would both gain; stable matchings have none, but less value.",
    ]


def _processor() -> str:
    """The name of the processor, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    sys.exit(main())
