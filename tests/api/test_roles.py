"""The matrix: role x route, over every route that is served."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine

from api.sealing.key_store import keys_file
from tests.api.alliance import Alliance, fresh
from tests.api.answer_headers import wrong
from tests.api.pages.browsing import sent
from tests.api.roles import EVERYBODY, OPEN, OPEN_PAGES, PAGES, ROUTES, Before
from tests.conftest import ON, address_on_engine
from tests.databases import forget

V1 = "/api/v1"


@pytest.fixture(params=ON)
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    yield from address_on_engine(request)


class Prepared:
    """How things stand before a row, made once and put back for each who asks.

    A SQLite database is a few files: putting them back takes less than a tenth of making them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[Before, tuple[Alliance, dict[str, object]]] = {}

    def begin(self, database: Engine, before: Before) -> tuple[Alliance, dict[str, object]]:
        """An alliance in which nobody has done anything since."""
        if database.dialect.name != "sqlite":
            alliance = fresh(database)
            return alliance, before(alliance)
        files = [Path(str(database.url.database))]
        files.append(Path(keys_file(str(files[0]))))
        if before not in self.made:
            alliance = fresh(database)
            self.made[before] = alliance, before(alliance)
            database.dispose()
            for file in files:
                shutil.copy(file, self._copy(before, file))
        database.dispose()
        for file in files:
            for old in file.parent.glob(f"{file.name}*"):
                old.unlink()
            shutil.copy(self._copy(before, file), file)
        forget(database)
        alliance, named = self.made[before]
        again = copy.copy(alliance)
        again.engine, again._secrets = database, {}
        return again, dict(named)

    def _copy(self, before: Before, file: Path) -> Path:
        number = list(self.made).index(before)
        return self.folder / f"{number}-{file.name}"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(tmp_path_factory.mktemp("prepared"))


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
    database: Engine, prepared: Prepared, method: str, path: str
) -> None:
    """A page asks the same table as the API. Who is not signed in is sent to sign in."""
    row = PAGES[method, path]
    got: dict[str, int] = {}
    alliance = None
    for who in (*EVERYBODY, None):
        if alliance is None:
            alliance, named = prepared.begin(database, row.before)
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
def test_each_role_gets_what_the_matrix_says(
    database: Engine, prepared: Prepared, method: str, path: str
) -> None:
    row = ROUTES[method, path]
    got: dict[str, int] = {}
    alliance = None
    for who in (*EVERYBODY, None):
        if alliance is None:
            alliance, named = prepared.begin(database, row.before)
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
