"""How measurements are shown: one plain table a part and size, and the aims at the end."""

from benchmarks.processes import Measurement

WIDTHS = (27, 9, 9, 9, 14, 9, 9, 9)
"""What, seconds, build, peak, value, gap, blocking, ratio: 95 columns in all."""

Size = tuple[int, int]
"""Apprentices and offers."""


def size_of(text: str) -> Size:
    """Read a size such as 500x200. Raises ValueError."""
    apprentices, offers = (int(part) for part in text.lower().split("x"))
    if apprentices < 1 or offers < 1:
        raise ValueError("sizes begin at 1")
    return apprentices, offers


def size_text(size: Size) -> str:
    """A size for people to read: 2,000 x 800."""
    return f"{size[0]:,} x {size[1]:,}"


def head(*, blocking: bool) -> str:
    """The names of the columns."""
    last = "blocking" if blocking else ""
    names = ("", "seconds", "build s", "peak MB", "value", "gap %", last, "ratio")
    return _line(*names)


def row(name: str, found: Measurement, engine: Measurement) -> str:
    """One measurement beside the engine's own; the gap is to the engine's proven bound."""
    if found.outcome != "done":
        ratio = ""
        if found.outcome == "timeout" and engine.outcome == "done":
            ratio = f"> {ratio_text(found.seconds / engine.seconds)}"
        return (
            f"{name:{WIDTHS[0]}}  {found.reason.partition(':')[0]:{sum(WIDTHS[1:-1]) - 2}}"
            f"{ratio:>{WIDTHS[-1]}}"
        ).rstrip()
    bound = engine.bound if engine.bound is not None else found.bound
    return _line(
        name,
        seconds_text(found.seconds),
        seconds_text(found.build) if found.build else "-",
        f"{found.peak_mb:,.0f}",
        f"{found.value / 1000:,.3f}",
        "-" if not bound else f"{100 * (bound - found.value) / bound:.3f}",
        "" if found.blocking is None else f"{found.blocking:,}",
        ratio_text(found.seconds / engine.seconds) if engine.outcome == "done" else "",
    )


def _line(*cells: str) -> str:
    first, *others = cells
    widths = WIDTHS[1:]
    return f"{first:{WIDTHS[0]}}" + "".join(
        f"{cell:>{width}}" for cell, width in zip(others, widths, strict=True)
    )


def seconds_text(seconds: float) -> str:
    """Seconds with as many digits as mean something."""
    return f"{seconds:,.1f}" if seconds >= 100 else f"{seconds:.3f}"


def ratio_text(ratio: float) -> str:
    """How many times as long as the engine."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.1f}" if ratio >= 10 else f"{ratio:.2f}"
