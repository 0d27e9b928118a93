"""Logs hold events, ids and places in the code, and no words of an exception."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from api import logs

PRIVATE = "Aino Virtanen"


@pytest.fixture
def configured() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logs.configure(json=True)
    yield
    structlog.reset_defaults()
    root.handlers[:] = before[0]
    root.setLevel(before[1])


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("library", [False, True])
def test_an_exception_is_logged_without_its_words(
    capsys: pytest.CaptureFixture[str], library: bool
) -> None:
    logger = logging.getLogger("library") if library else structlog.get_logger()
    logs.configure(json=True)  # onto the standard error that the test reads
    try:
        raise ValueError(PRIVATE)
    except ValueError:
        logger.exception("it.failed")
    out, written = capsys.readouterr()
    line = json.loads(written)
    assert (out, line["event"], line["level"], line["error"]) == (
        "", "it.failed", "error", "ValueError",
    )  # fmt: skip
    assert "test_logs.py" in line["at"][-1]
    assert PRIVATE not in written
    assert line["timestamp"].endswith("Z")


@pytest.mark.usefixtures("configured")
def test_an_event_is_one_line_with_its_ids(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(json=True)
    structlog.get_logger().info("round.handed_back", round="r-1")
    line = json.loads(capsys.readouterr().err)
    line.pop("timestamp")
    assert line == {"event": "round.handed_back", "level": "info", "round": "r-1"}
