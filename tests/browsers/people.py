"""Who uses the pages in these tests, and what they do in their browsers."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, Playwright, expect

from matcher.vocabulary import LANGUAGES
from seed_data.tables import DEMO_DOMAIN, DEMO_PASSWORD
from tests.conftest import find_free_port

ROOT = Path(__file__).parents[2]
PROGRAM = shutil.which("chromium")
WAIT = 90
"""Seconds until the demo answers and its first matching is done, on a busy machine."""

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

FULL = "BROWSERS" in os.environ
"""Whether everything is tried (`make browsers`), or what fits into every run."""

IN = LANGUAGES if FULL else LANGUAGES[:1]
"""The languages that are tried."""

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark") if FULL else ("light",)

DESKTOP, PHONE, NARROW = (1280, 800), (390, 844), (320, 640)
"""Width and height in CSS pixels; the narrow one is 1280 at 400 % (WCAG 1.4.10)."""


@dataclass
class Demo:
    """The demo service, with browsers in front of it."""

    browser: Browser
    playwright: Playwright
    port: int
    signed_in: dict[tuple[str, str], Any] = field(default_factory=dict)
    """Cookies of who has signed in, by language: that is slow, and limited for an account."""

    @property
    def address(self) -> str:
        """Where it answers; browsers keep its cookies there as they would with https."""
        return f"http://localhost:{self.port}"

    def wait(self, seconds: float, process: "subprocess.Popen[bytes]") -> None:
        """Until the service answers and its first matching is done."""
        until = time.monotonic() + seconds
        asked = self.playwright.request.new_context(base_url=self.address)
        while True:
            assert process.poll() is None, "the service has ended"
            assert time.monotonic() < until, "the service does not answer in time"
            try:
                if asked.get("/health/ready").ok:
                    break
            except Exception:
                time.sleep(0.3)
        me = {"email": f"lublin@{DEMO_DOMAIN}", "password": DEMO_PASSWORD}
        signed = asked.post("/api/v1/session", data=me)
        cookie = signed.headers["set-cookie"].partition(";")[0]
        while time.monotonic() < until:
            answer = asked.get("/api/v1/waiting", headers={"Cookie": cookie}).json()
            if answer["proposals"]["sending_coordinator"]:
                break
            time.sleep(0.3)
        asked.dispose()

    @contextmanager
    def visit(
        self, who: str | None = None, *, size: tuple[int, int] = DESKTOP, language: str = "en",
        **context: Any,
    ) -> Iterator[Page]:  # fmt: skip
        """A browser of somebody's own; signed in where somebody is named."""
        width, height = size
        if who is not None:
            context["storage_state"] = self._signed_in(who, language)
        made = self.browser.new_context(
            base_url=self.address, viewport={"width": width, "height": height}, locale=language,
            **context,
        )  # fmt: skip
        page = made.new_page()
        page.set_default_timeout(20_000)
        try:
            yield page
        finally:
            made.close()

    def _signed_in(self, who: str, language: str) -> Any:
        if (who, language) not in self.signed_in:
            before = self.signed_in.get((who, "en"))
            made = self.browser.new_context(base_url=self.address, storage_state=before)
            page = made.new_page()
            page.set_default_timeout(20_000)
            if before is None:
                sign_in(page, who)
                self.signed_in[who, "en"] = made.storage_state()
            if language != "en":
                page.goto("/sign-in")
                page.locator(f".languages [value={language}]").click()
                page.locator(f"html[lang={language}]").wait_for()
                self.signed_in[who, language] = made.storage_state()
            made.close()
        return self.signed_in[who, language]


def launched(playwright: Playwright) -> Browser:
    """The browser of this machine."""
    return playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])


@contextmanager
def running_demo(browser: Browser, playwright: Playwright, folder: Path) -> Iterator[Demo]:
    """The demo, served from an empty folder until the end of the block."""
    port = find_free_port()
    command = [sys.executable, "-m", "api.cli", "serve", "--demo", "--port", str(port)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        try:
            found = Demo(browser, playwright, port)
            found.wait(WAIT, process)
            yield found
        finally:
            process.terminate()
            process.wait(30)


def sign_in(page: Page, who: str) -> None:
    """Sign in as one of the demo's people, with the form."""
    page.goto("/sign-in")
    page.fill("[name=email]", f"{who}@{DEMO_DOMAIN}")
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main form button")
    expect(page.locator("#menu")).to_be_attached()


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA on the page as it stands."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
