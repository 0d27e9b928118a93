"""What the head of each page leads to, and how places are named on the way."""

import re

import pytest
from sqlalchemy import Engine

from api.pages.words import located
from tests.api.alliance import Alliance


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("aino", ["/my-calls", "/friends", "/consents", "/my-data"]),
        ("company", ["/provision-questions", "/company"]),
        ("guardian", ["/my-data"]),
        ("sending", []),
    ],
)
def test_what_is_rarer_stands_behind_more_and_opens(
    alliance: Alliance, who: str, paths: list[str]
) -> None:
    browser = alliance.browser(who)
    head = re.findall(r'<details class="more"[^>]*>(.*?)</details>', browser.get("/today").text,
                      re.S)  # fmt: skip
    assert re.findall(r'href="([^"]+)"', "".join(head)) == paths
    for path in paths:
        page = browser.get(path)
        assert page.status_code == 200, path
        assert f'<a href="{path}" aria-current="page">' in page.text or path == "/company"


def test_for_whom_nothing_waits_the_start_is_how_it_all_runs(alliance: Alliance) -> None:
    page = alliance.browser("admin").get("/today")
    assert page.url.path == "/status"
    assert '<a href="/status" aria-current="page">' in page.text
    assert 'href="/today"' not in page.text


def test_the_front_page_promises_what_holds_about_needs(alliance: Alliance) -> None:
    page = alliance.client(None).get("/").text
    assert "What you need is seen by you and the coordinators of your region." in page
    assert "between you and" not in page


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("Kerimäki", "Kerimäki"), "Kerimäki"),
        (("Leipomo Savonlinna", "savonlinna", "Finland"), "Leipomo Savonlinna, Finland"),
        (("Werkstatt", "Bad Lippspringe"), "Werkstatt, Bad Lippspringe"),
        (("Bad Lippspringe", "Lippstadt"), "Bad Lippspringe, Lippstadt"),
    ],
)
def test_a_town_is_not_said_twice(names: tuple[str, ...], said: str) -> None:
    assert located(*names) == said
