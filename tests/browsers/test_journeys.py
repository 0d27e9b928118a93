"""What three people come for, from the sign-in to its end: with scripts and without."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsers.people import PHONE, Demo

WITH_AND_WITHOUT_SCRIPTS = pytest.mark.parametrize("scripts", [True, False])


@WITH_AND_WITHOUT_SCRIPTS
def test_a_coordinator_decides_what_waits(demo: Demo, scripts: bool) -> None:
    """From Today to the first proposal, a yes, and the next one is there."""
    with demo.visit("castilla-y-leon", java_script_enabled=scripts) as page:
        page.goto("/today")
        waiting = page.get_by_role("link", name=re.compile(r"^\d+ proposals to decide"))
        before = int((waiting.text_content() or "").split()[0])
        waiting.click()
        page.locator("[data-rows] [data-row] a").first.click()
        first = page.get_by_role("heading", level=1).text_content()
        expect(page.locator("main")).to_contain_text("You answer next")
        page.get_by_role("button", name="Confirm").click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text(first or "")
        page.goto("/today")
        expect(
            page.get_by_role("link", name=re.compile(rf"^{before - 1} proposals? to decide"))
        ).to_be_visible()


@WITH_AND_WITHOUT_SCRIPTS
def test_a_bakery_posts_an_offer(demo: Demo, scripts: bool) -> None:
    """Four steps, most of it as it stands already; then it is open."""
    with demo.visit("company", java_script_enabled=scripts) as page:
        page.goto("/offers")
        page.get_by_role("link", name="Post an offer").first.click()
        title = f"Baker's assistant {'with' if scripts else 'without'} scripts"
        page.get_by_label("What the work is called").fill(title)
        page.get_by_label("Find an occupation by a word").fill("baker")
        page.get_by_role("button", name="Find").click()
        page.get_by_role("checkbox", name=re.compile("Bakers")).check()
        page.get_by_role("button", name="Keep and go on").last.click()
        page.locator("[name=available_from]").fill("2027-03-01")
        page.locator("[name=available_to]").fill("2027-06-30")
        page.locator("[name=places]").fill("1")
        page.get_by_role("button", name="Keep and go on").last.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.get_by_role("button", name="Keep and go on").last.click()
        page.get_by_role("button", name=re.compile("Publish")).click()
        page.goto("/offers")
        row = page.locator("main").get_by_text(title)
        expect(row.first).to_be_visible()


@WITH_AND_WITHOUT_SCRIPTS
def test_an_apprentice_says_what_helps_on_a_phone(demo: Demo, scripts: bool) -> None:
    """Looks at places, tells one need in private, takes it back."""
    with demo.visit("apprentice", size=PHONE, java_script_enabled=scripts) as page:
        page.goto("/suggestions")
        expect(page.get_by_role("heading", level=1)).to_have_text("Places for you")
        page.goto("/needs")
        expect(page.locator("main")).to_contain_text("Private")
        page.get_by_label("What you need", exact=True).select_option(label="Accessible toilet")
        page.get_by_label("It would help me").check()
        page.get_by_role("button", name="Store").click()
        expect(page.get_by_role("heading", level=3)).to_have_text("Accessible toilet")
        page.get_by_role("button", name="Take it back").click()
        expect(page.locator("main")).to_contain_text("From now on nobody is told of it")
        expect(page.get_by_role("heading", level=3)).to_have_count(0)
