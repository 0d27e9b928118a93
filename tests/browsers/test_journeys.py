"""What three people come for, from the sign-in to its end: with scripts and without.

Nothing is found by English words: things have names in forms, or are called as the catalogue says.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from api.language import Language
from api.pages.words import Words
from tests.browsers.people import IN, PHONE, Demo, sign_in

COORDINATORS = {
    "en": "castilla-y-leon", "es": "castilla-y-leon", "pt": "portugal", "fi": "savonlinna",
    "de": "paderborn", "pl": "lublin",
}  # fmt: skip
"""Who decides in which language."""

IN_EACH_LANGUAGE = pytest.mark.parametrize("language", [Language(code) for code in IN], ids=IN)
WITH_AND_WITHOUT_SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["js", "plain"])


def press(page: Page, language: Language, words: str) -> None:
    """The button that is called so, the last one of the page."""
    page.get_by_role("button", name=language.phrase(words), exact=True).last.click()


def to_decide(language: Language, n: int) -> str:
    return language.phrase_count("{n} proposal to decide", "{n} proposals to decide", n)


def waits_for(page: Page, language: Language) -> int:
    """How many proposals Today says there are to decide."""
    page.goto("/today")
    told = page.locator("main a[href='/proposals?waiting=me']").first.inner_text()
    n = int(re.findall(r"\d+", told)[0])
    assert to_decide(language, n) in told
    return n


@IN_EACH_LANGUAGE
@WITH_AND_WITHOUT_SCRIPTS
def test_somebody_signs_in_with_the_form(demo: Demo, language: Language, scripts: bool) -> None:
    with demo.visit(language=language.code, java_script_enabled=scripts) as page:
        sign_in(page, COORDINATORS[language.code])
        expect(page.get_by_role("heading", level=1)).to_have_text(language.phrase("Today"))


@IN_EACH_LANGUAGE
@WITH_AND_WITHOUT_SCRIPTS
def test_a_coordinator_decides_what_waits(demo: Demo, language: Language, scripts: bool) -> None:
    """From Today to the first proposal, a yes, and the next one is there."""
    who = COORDINATORS[language.code]
    with demo.visit(who, language=language.code, java_script_enabled=scripts) as page:
        before = waits_for(page, language)
        page.get_by_role("link", name=to_decide(language, before)).click()
        page.locator("[data-rows] [data-row] a").first.click()
        first = page.get_by_role("heading", level=1).inner_text()
        expect(page.locator("main")).to_contain_text(language.phrase("You answer next."))
        press(page, language, "Confirm")
        expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
        assert waits_for(page, language) == before - 1


@IN_EACH_LANGUAGE
@WITH_AND_WITHOUT_SCRIPTS
def test_a_bakery_posts_an_offer(demo: Demo, language: Language, scripts: bool) -> None:
    """Four steps, most of it as it stands already; then it is open."""
    title = f"Baker's assistant {language.code} {scripts}"
    bakers = language.name("isco08", "7512")
    with demo.visit("company", language=language.code, java_script_enabled=scripts) as page:
        page.goto("/offers")
        page.get_by_role("link", name=language.phrase("Post an offer")).first.click()
        page.get_by_label(language.phrase("What the work is called")).fill(title)
        page.get_by_label(language.phrase("Find an occupation by a word")).fill(bakers.split()[0])
        press(page, language, "Find")
        page.get_by_role("checkbox", name=bakers).check()
        press(page, language, "Keep and go on")
        page.locator("[name=available_from]").fill("2027-03-01")
        page.locator("[name=available_to]").fill("2027-06-30")
        page.locator("[name=places]").fill("1")
        press(page, language, "Keep and go on")
        page.wait_for_url("**/steps/workplace")
        press(page, language, "Keep and go on")
        page.wait_for_url("**/steps/look")
        press(page, language, "Publish")
        page.goto("/offers")
        row = page.get_by_role("listitem").filter(has_text=title)
        published = Words(language).of("offer_status", "published")
        expect(row.get_by_text(published, exact=True)).to_be_visible()


@IN_EACH_LANGUAGE
@WITH_AND_WITHOUT_SCRIPTS
def test_an_apprentice_says_what_helps_on_a_phone(
    demo: Demo, language: Language, scripts: bool
) -> None:
    """Looks at places, tells one need in private, takes it back."""
    toilet = language.name("needs", "ACCESSIBLE_TOILET")
    with demo.visit(
        "apprentice", size=PHONE, language=language.code, java_script_enabled=scripts
    ) as page:
        page.goto("/suggestions")
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text(language.phrase("Places for you"))
        page.goto("/needs")
        private = language.phrase("Private: you and the coordinators of your region see it, a host"
                                  " only if you agree. You need not say anything, and it never"
                                  " counts against you.")  # fmt: skip
        expect(page.get_by_text(private)).to_be_visible()
        page.locator("[name=need]").last.select_option(label=toilet)
        page.get_by_role("radio", name=language.phrase("It would help me")).check()
        press(page, language, "Store")
        expect(page.get_by_role("heading", level=3)).to_have_text(toilet)
        press(page, language, "Take it back")
        taken = language.phrase("Taken back. From now on nobody is told of it.")
        expect(page.get_by_role("status").filter(has_text=taken)).to_be_visible()
        expect(page.get_by_role("heading", level=3)).to_have_count(0)
