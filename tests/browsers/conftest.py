"""A real browser in front of the demo as `doallvet serve --demo` starts it.

Debian's Chromium; where there is none these tests are skipped with the reason.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browsers.people import PROGRAM, Demo, launched, running_demo


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


@pytest.fixture(scope="module")
def demo(
    browser: Browser, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """A demo of one module's own: what it changes no other test sees."""
    with running_demo(browser, playwright, tmp_path_factory.mktemp("demo")) as found:
        yield found
