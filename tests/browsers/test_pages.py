"""Each page once: no violation that axe finds, and nothing wider than the window."""

import itertools
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browsers.people import IN, NARROW, SCHEMES, Demo, violations

PAGES = {
    None: (
        "/", "/about", "/open-offers", "/privacy", "/accessibility", "/sign-in", "/answer",
        "/answer/closed", "/welcome", "/nowhere",
    ),
    "apprentice": (
        "/today", "/profile", "/profile/about", "/profile/languages", "/profile/when",
        "/profile/where", "/profile/not", "/needs", "/consents", "/suggestions", "/my-calls",
        "/friends", "/my-data", "/my-data/export", "/account",
        "/account/second-step",
    ),
    "guardian": ("/today", "/consents", "/my-data"),
    "company": ("/today", "/proposals", "/offers", "/offers/new", "/placements", "/company"),
    "centre": ("/today", "/proposals", "/apprentices"),
    "lublin": (
        "/today", "/proposals", "/apprentices", "/apprentices/new", "/unmatched", "/groups",
        "/calls", "/hosts", "/hosts/new", "/offers", "/placements", "/idle", "/covers",
        "/provision-questions", "/matchings", "/imports", "/figures", "/settings", "/accounts",
    ),
    "admin": ("/matchings", "/figures", "/accounts", "/settings"),
}  # fmt: skip
"""Every page that is reached without naming anything, by who looks at it."""

EACH = [(who, path) for who, paths in PAGES.items() for path in paths]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("language", IN)
@pytest.mark.parametrize(("who", "path"), EACH)
def test_a_page_is_for_everyone(
    demo: Demo, who: str | None, path: str, language: str, scheme: Literal["light", "dark"]
) -> None:
    with demo.visit(who, language=language, color_scheme=scheme) as page:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == (404 if path == "/nowhere" else 200)
        assert page.locator("html").get_attribute("lang") == language
        assert violations(page) == []
        is_built_well(page)
        page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


def is_built_well(page: Page) -> None:
    """One main part, one first heading, headings without a gap, as readers of screens expect."""
    for role in ("main", "banner", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)  # type: ignore[arg-type]
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))"
    )
    assert levels.count(1) == levels[0] == 1
    assert [(a, b) for a, b in itertools.pairwise(levels) if b > a + 1] == []
