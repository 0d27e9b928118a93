"""Pages of rows and states, looked at like all others; and that no page is forgotten."""

import re

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import create_engine

from api.language import Language
from api.main import create_app
from tests.browsers.named import ROWS, Row
from tests.browsers.people import FULL, IN, Small
from tests.browsers.reading import is_for_everyone
from tests.browsers.test_pages import EACH

NOT_READ = {
    "/assets/{name}", "/imports/template", "/health/live", "/health/ready", "/metrics",
    "/account/second-step/picture", "/sign-in/back/{provider}",
}  # fmt: skip
"""Routes that answer with something else than a page, besides those that are named as a file."""

LOOKED_AT = [row for row in ROWS if FULL or row.often]


@pytest.mark.parametrize("language", IN)
@pytest.mark.parametrize("row", LOOKED_AT, ids=str)
def test_a_page_of_a_row_is_for_everyone(small: Small, row: Row, language: str) -> None:
    named = small.begin(row.before)
    page = small.look(row.who, language)
    answer = page.goto(row.path.format_map(named))
    assert answer is not None
    assert answer.status == row.status
    row.deed(page, Language(language))
    is_for_everyone(page, language)


def test_every_page_is_looked_at() -> None:
    app = create_app(create_engine("sqlite://"))
    served = {
        str(route.path)
        for route in iter_route_contexts(app.routes)
        if "GET" in (route.methods or ()) and not str(route.path).startswith("/api/")
    }
    by_row = {route for row in ROWS for route in row.routes}
    by_address = {
        route
        for route in served
        if any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route), path) for _, path in EACH)
    }
    files = {route for route in served if re.search(r"\.(csv|json|svg|txt)$", route)}
    assert served - by_row - by_address - files == NOT_READ
