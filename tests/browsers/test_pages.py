"""Each page once: no violation that axe finds, and nothing wider than the window."""

import pytest

from tests.browsers.people import NARROW, Demo, violations

PAGES = {
    None: ("/sign-in", "/answer", "/answer/closed", "/welcome"),
    "apprentice": (
        "/profile", "/profile/about", "/profile/languages", "/profile/when", "/profile/where",
        "/profile/not", "/needs", "/consents", "/suggestions", "/my-calls", "/friends", "/my-data",
        "/my-data/export", "/account",
    ),
    "guardian": ("/consents", "/my-data"),
    "lublin": ("/today", "/proposals"),
}  # fmt: skip

EACH = [(who, path) for who, paths in PAGES.items() for path in paths]


@pytest.mark.parametrize(("who", "path"), EACH)
def test_a_page_is_for_everyone(demo: Demo, who: str | None, path: str) -> None:
    with demo.visit(who) as page:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200
        assert violations(page) == []
        page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
