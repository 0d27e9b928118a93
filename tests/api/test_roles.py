"""The matrix: role x route, over every route that is served."""

import os
from collections.abc import Iterator

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine

from tests.api.alliance import Alliance, fresh
from tests.api.answer_headers import wrong
from tests.api.pages.browsing import sent
from tests.api.roles import EVERYBODY, OPEN, OPEN_PAGES, PAGES, ROUTES
from tests.conftest import ENGINES, address_on_engine

V1 = "/api/v1"

IN_CAMPAIGN = "CAMPAIGN_TRIES" in os.environ
ON = ENGINES if IN_CAMPAIGN else ENGINES[:1]
"""Roles are decided before any query: they are walked on both engines in the campaign alone."""


@pytest.fixture(params=ON)
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    yield from address_on_engine(request)


def test_every_route_has_a_row_in_the_matrix_of_roles(database: Engine) -> None:
    served = {
        (method, str(route.path))
        for route in iter_route_contexts(Alliance(database).app().routes)
        for method in (route.methods or ())
        if method != "HEAD"
    }
    of_api = OPEN | {(method, V1 + path.partition("?")[0]) for method, path in ROUTES}
    of_pages = OPEN_PAGES | {(method, path.partition("?")[0]) for method, path in PAGES}
    assert served == of_api | of_pages


@pytest.mark.parametrize(("method", "path"), PAGES)
def test_each_role_gets_of_each_page_what_the_matrix_says(
    database: Engine, method: str, path: str
) -> None:
    """A page asks the same table as the API. Who is not signed in is sent to sign in."""
    row = PAGES[method, path]
    got: dict[str, int] = {}
    alliance = None
    for who in (*EVERYBODY, None):
        if alliance is None:
            alliance = fresh(database)
            named = row.before(alliance)
        browser = alliance.browser(who) if who else alliance.client(None)
        address = path.format_map(named)
        if method == "GET":
            answer = browser.get(address, follow_redirects=False)
            assert wrong(answer) == {}
        else:
            form = row.body(named) if callable(row.body) else row.body
            answer = sent(browser, address, form or {})
        if who is None:
            assert answer.status_code == (303 if method == "GET" else 401)
            break
        got[who] = answer.status_code
        if method != "GET" and answer.status_code < 400:
            alliance = None
    assert got == row.expected


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_each_role_gets_what_the_matrix_says(database: Engine, method: str, path: str) -> None:
    row = ROUTES[method, path]
    got: dict[str, int] = {}
    alliance = None
    for who in (*EVERYBODY, None):
        if alliance is None:
            alliance = fresh(database)
            named = row.before(alliance)
        answer = alliance.client(who).request(
            method, V1 + path.format_map(named), headers={"If-Match": "*"},
            json=row.body(named) if callable(row.body) else row.body,
        )  # fmt: skip
        assert wrong(answer) == {}
        if who is None:
            assert (answer.status_code, answer.json()["type"]) == (
                401, "urn:doallvet:sign-in-needed",
            )  # fmt: skip
            break
        got[who] = answer.status_code
        if method != "GET" and answer.is_success:
            alliance = None
    assert got == row.expected
