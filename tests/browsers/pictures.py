"""Pictures of the main pages for the documents.

`python -m tests.browsers.pictures` draws those of docs/pages in English; with `--all FOLDER` it
draws all of them, in each language, to be looked at.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from matcher.vocabulary import LANGUAGES
from tests.browsers.people import DESKTOP, PHONE, ROOT, Demo, launched, running
from tests.conftest import migrated

MAIN = {
    "start": (None, "/"),
    "today": ("lublin", "/today"),
    "proposals": ("lublin", "/proposals"),
    "proposal": ("lublin", "/proposals"),
    "matching": ("lublin", "/matchings"),
    "figures": ("lublin", "/figures"),
    "offer": ("company", "/offers/new"),
    "needs": ("apprentice", "/needs"),
    "profile": ("apprentice", "/profile"),
}
"""What is drawn, by its name: who looks at which page."""

OPENED = {"proposal": "[data-rows] [data-row] a", "matching": "main a[href^='/matchings/']"}
"""Pages that are reached by a link of another one."""


def draw(demo: Demo, folder: Path, languages: tuple[str, ...]) -> None:
    """Every page in these languages, on a desk and on a phone."""
    for name, (who, path) in MAIN.items():
        for language in languages:
            for size, end in ((DESKTOP, ""), (PHONE, "-phone")):
                with demo.visit(who, size=size, language=language) as page:
                    page.goto(path)
                    if name in OPENED:
                        page.locator(OPENED[name]).first.click()
                        page.wait_for_load_state("networkidle")
                    _picture(page, folder / f"{name}{end}-{language}.png")


def _picture(page: Page, file: Path) -> None:
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=str(file), animations="disabled")


def main() -> None:
    """Draw them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    every: Path | None = parser.parse_args().all
    target = every or ROOT / "docs" / "pages"
    target.mkdir(parents=True, exist_ok=True)
    with (
        sync_playwright() as playwright,
        launched(playwright) as browser,
        tempfile.TemporaryDirectory() as folder,
        running(browser, Path(folder), migrated(Path(folder))) as (demo, _),
    ):
        draw(demo, target, LANGUAGES if every else LANGUAGES[:1])


if __name__ == "__main__":
    main()
