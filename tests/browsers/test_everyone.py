"""Pages by keyboard alone, at twice the size, and on a slow line."""

import pytest
from playwright.sync_api import Page, expect

from tests.browsers.people import FULL, Demo

SLOW_3G = {
    "offline": False, "latency": 400, "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}  # fmt: skip
"""400 kbit/s both ways, 400 ms there and back."""

pytestmark = pytest.mark.skipif(not FULL, reason="runs with make browsers")


def press_until(page: Page, key: str, name: str, most: int = 80) -> None:
    """Press a key until what has the focus is called like this."""
    for _ in range(most):
        page.keyboard.press(key)
        said = page.evaluate("document.activeElement.innerText || document.activeElement.value")
        if (said or "").strip().startswith(name):
            return
    raise AssertionError(f"{name} is not reached with {key}")


def test_the_keyboard_alone_decides_a_proposal(demo: Demo) -> None:
    with demo.visit("paderborn") as page:
        page.goto("/proposals?waiting=me")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        first = page.get_by_role("heading", level=1).text_content()
        press_until(page, "Tab", "Confirm")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).not_to_have_text(first or "")


def test_the_first_stop_leads_past_the_head(demo: Demo) -> None:
    with demo.visit("paderborn") as page:
        page.goto("/proposals")
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("Skip to the content")
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("path", ["/today", "/proposals", "/apprentices", "/settings", "/figures"])
def test_a_page_at_twice_the_size_is_read_in_one_direction(demo: Demo, path: str) -> None:
    """1280 x 800 at 200 % is 640 x 400 (WCAG 1.4.4, 1.4.10)."""
    with demo.visit("paderborn", size=(640, 400), device_scale_factor=2) as page:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("path", ["/answer", "/welcome", "/sign-in"])
def test_a_page_opens_on_a_slow_line(demo: Demo, path: str) -> None:
    with demo.visit() as page:
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW_3G)
        page.goto(path)
        seconds = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd / 1000")
        assert seconds < 10
