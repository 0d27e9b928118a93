"""Each page once: no violation that axe finds, and nothing wider than the window."""

import pytest

from tests.browsers.people import IN, Demo
from tests.browsers.reading import is_for_everyone

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
        "/provision-questions", "/matchings", "/imports", "/figures", "/settings", "/support-rates",
        "/accounts",
    ),
    "admin": ("/matchings", "/figures", "/accounts", "/settings"),
}  # fmt: skip
"""Every page that is reached without naming anything, by who looks at it."""

EACH = [(who, path) for who, paths in PAGES.items() for path in paths]


@pytest.mark.parametrize("language", IN)
@pytest.mark.parametrize(("who", "path"), EACH)
def test_a_page_is_for_everyone(demo: Demo, who: str | None, path: str, language: str) -> None:
    page = demo.look(who, language)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == (404 if path == "/nowhere" else 200)
    is_for_everyone(page, language)
