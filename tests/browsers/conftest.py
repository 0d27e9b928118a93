"""A real browser in front of a running service, with the demo alliance and with a small one.

Debian's Chromium; where there is none these tests are skipped with the reason.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browsers.people import PROGRAM, Demo, Small, launched, running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if PROGRAM is None:
        pytest.skip("there is no browser (Debian: chromium)")
    with launched(playwright) as found:
        yield found


@pytest.fixture(scope="session")
def sites(
    browser: Browser, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Demo, Small]]:
    with running(browser, tmp_path_factory.mktemp("sites"), migrated_file) as found:
        yield found


@pytest.fixture
def demo(sites: tuple[Demo, Small]) -> Demo:
    return sites[0]


@pytest.fixture
def small(sites: tuple[Demo, Small]) -> Small:
    return sites[1]
