"""Who uses the pages in these tests, and what they do in their browsers."""

import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, expect
from sqlalchemy import Engine
from sqlmodel import select

import models
from api.caller import caller_of
from api.cli_service import fill_with_demo
from api.database import connect, transaction
from api.edge import COOKIE, LANGUAGE_COOKIE
from api.services import rounds, sessions
from matcher.vocabulary import LANGUAGES
from models import RoundKind
from seed_data.tables import DEMO_CALL, DEMO_DOMAIN, DEMO_PASSWORD
from tests import rows
from tests.api.alliance import Alliance, fresh
from tests.conftest import find_free_port
from tests.databases import copied

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PROGRAM = shutil.which("chromium")
WAIT = 90
"""Seconds until the service answers, on a busy machine."""

FULL = "BROWSERS" in os.environ
"""Whether everything is tried (`make browsers`), or what fits into every run."""

IN = LANGUAGES if FULL else LANGUAGES[:1]
"""The languages that are tried."""

DESKTOP, PHONE, NARROW = (1280, 800), (390, 844), (320, 640)
"""Width and height in CSS pixels; the narrow one is 1280 at 400 % (WCAG 1.4.10)."""

expect.set_options(timeout=20_000)

Named = dict[str, object]
Before = Callable[[Alliance], Named]


@dataclass
class Site:
    """A service, with browsers in front of it. Its clock stands still."""

    browser: Browser
    engine: Engine
    port: int
    secrets: dict[uuid.UUID, str] = field(default_factory=dict)
    """Sessions by account: they are started once, and without the form."""

    @property
    def address(self) -> str:
        """Where it answers; browsers keep its cookies there as they would with https."""
        return f"http://localhost:{self.port}"

    def account(self, who: str) -> models.User:
        """The account of somebody, by a short name."""
        raise NotImplementedError

    def cookies(self, who: str | None, language: str) -> list[Any]:
        """What a browser of somebody keeps who reads in a language."""
        given = {LANGUAGE_COOKIE: language}
        if who is not None:
            account = self.account(who)
            if account.id not in self.secrets:
                caller = caller_of(account, rows.NOW, uuid.uuid4)
                with transaction(self.engine) as session:
                    self.secrets[account.id] = sessions.start_session(session, caller, "")[1]
            given[COOKIE] = self.secrets[account.id]
        return [
            {"name": name, "value": value, "domain": "localhost", "path": "/", "secure": True,
             "httpOnly": True, "sameSite": "Lax", "expires": -1}
            for name, value in given.items()
        ]  # fmt: skip

    @contextmanager
    def visit(
        self, who: str | None = None, *, size: tuple[int, int] = DESKTOP, language: str = "en",
        **context: Any,
    ) -> Iterator[Page]:  # fmt: skip
        """A browser of somebody's own; signed in where somebody is named."""
        page = self._page(size=size, locale=language, **context)
        page.context.add_cookies(self.cookies(who, language))
        try:
            yield page
        finally:
            page.context.close()

    def look(self, who: str | None, language: str) -> Page:
        """A browser for looking at one page after another, of whoever looks now."""
        page = self._looking
        page.goto("about:blank")  # else a secret behind the # is no other page
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.context.clear_cookies()
        page.context.add_cookies(self.cookies(who, language))
        return page

    @cached_property
    def _looking(self) -> Page:
        page = self._page(DESKTOP)
        page.add_init_script(path=AXE)
        return page

    def _page(self, size: tuple[int, int], **context: Any) -> Page:
        width, height = size
        made = self.browser.new_context(
            base_url=self.address, viewport={"width": width, "height": height}, **context
        )
        page = made.new_page()
        page.set_default_timeout(20_000)
        return page


class Demo(Site):
    """The demo alliance after its first matching. What tests change, others see."""

    def account(self, who: str) -> models.User:
        """Whose address begins so."""
        theirs = models.User.email == f"{who}@{DEMO_DOMAIN}"
        with transaction(self.engine, writes=False) as session:
            return session.exec(select(models.User).where(theirs)).one()


class Small(Site):
    """The small alliance: it begins anew for every page."""

    alliance: Alliance

    def begin(self, before: Before) -> Named:
        """Nothing but what this makes; what it names stands in addresses."""
        self.alliance = fresh(self.engine)
        self.secrets.clear()
        return before(self.alliance)

    def account(self, who: str) -> models.User:
        """Somebody of the alliance."""
        return self.alliance.users[who]


def launched(playwright: Playwright) -> Browser:
    """The browser of this machine."""
    return playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])


@contextmanager
def running(browser: Browser, folder: Path, migrated: Path) -> Iterator[tuple[Demo, Small]]:
    """Both alliances, served until the end of the block from copies of an empty database."""
    engines = [_copied(migrated, folder / f"{name}.db") for name in ("demo", "small")]
    ports = [find_free_port() for _ in engines]
    command = [sys.executable, "-m", "tests.browsers.served"]
    for engine, port in zip(engines, ports, strict=True):
        command += [engine.url.render_as_string(hide_password=False), str(port)]
    demo, small = Demo(browser, engines[0], ports[0]), Small(browser, engines[1], ports[1])
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        try:
            _match(demo.engine)  # while it starts
            for site in (demo, small):
                _wait(browser, site, process)
            yield demo, small
        finally:
            process.terminate()
            process.wait(30)
            for engine in engines:
                engine.dispose()


def _copied(migrated: Path, file: Path) -> Engine:
    return connect(f"sqlite:///{copied(migrated, file)}")


def _match(engine: Engine) -> None:
    """The demo alliance, and the proposals of its first matching."""
    fill_with_demo(engine)
    worker = rounds.Worker("browsers", uuid.uuid4, lambda: rows.NOW)
    with transaction(engine) as session:
        rounds.ask_for(session, DEMO_CALL, RoundKind.PROPOSING, by=None, worker=worker)
    rounds.run_next(engine, worker)


def _wait(browser: Browser, site: Site, process: "subprocess.Popen[bytes]") -> None:
    """Until the service answers. The browser asks: tests have no network of their own."""
    until = time.monotonic() + WAIT
    made = browser.new_context(base_url=site.address)
    while True:
        assert process.poll() is None, "the service has ended"
        assert time.monotonic() < until, "the service does not answer in time"
        try:
            if made.request.get("/health/ready").ok:
                break
        except Exception:
            time.sleep(0.1)
    made.close()


def sign_in(page: Page, who: str) -> None:
    """Sign in as one of the demo's people, with the form."""
    page.goto("/sign-in")
    page.fill("[name=email]", f"{who}@{DEMO_DOMAIN}")
    page.fill("[name=password]", DEMO_PASSWORD)
    page.locator("main form button").click()
    expect(page.locator("#menu")).to_be_attached()
