"""Where the settings make the second factor a duty of the office."""

import re
import uuid
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from fastapi.routing import iter_route_contexts
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine

from api import passwords
from api.settings import Settings
from tests.api.alliance import Alliance
from tests.api.roles import PAGES, ROUTES
from tests.api.second import with_password
from tests.api.signing_in import FACTOR, V1, kind, set_up, sign_in

NOTHING = SimpleNamespace(dependencies=())


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same function with parameters that cost little."""
    hasher = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHES", PasswordHash((hasher,)))


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


@pytest.fixture
def strict(alliance: Alliance) -> Iterator[Alliance]:
    app = alliance.app()
    before = app.state.settings
    app.state.settings = Settings(second_factor="office")
    yield alliance
    app.state.settings = before


def open_without(alliance: Alliance) -> set[tuple[str, str]]:
    """The routes that say that they can be used before a second factor is set up."""
    return {
        (method, str(route.path))
        for route in iter_route_contexts(alliance.app().routes)
        for method in (route.methods or ())
        for one in getattr(route, "dependant", NOTHING).dependencies
        if getattr(one.call, "without_factor", False)
    }


def test_without_one_the_office_can_do_nothing_but_set_it_up(strict: Alliance) -> None:
    allowed = open_without(strict)
    assert allowed == {
        ("GET", f"{V1}/session"), ("DELETE", f"{V1}/session"), ("POST", "/sign-out"),
        ("GET", FACTOR), ("POST", FACTOR), ("POST", f"{FACTOR}/confirm"),
        ("POST", f"{FACTOR}/recovery-codes"), ("POST", f"{FACTOR}/end"),
        *((method, f"/account/second-step{rest}") for method, rest in (
            ("GET", ""), ("POST", ""), ("GET", "/picture"), ("POST", "/confirm"),
            ("POST", "/recovery-codes"), ("POST", "/end"),
        )),
    }  # fmt: skip
    browser = strict.browser("sending")
    count = 0
    for method, path in ROUTES:
        if (method, V1 + path.partition("?")[0]) in allowed:
            continue
        address = V1 + re.sub(r"\{\w+\}", str(uuid.UUID(int=0)), path)
        answer = browser.request(method, address, headers={"If-Match": "*"}, json=None)
        if answer.status_code == 422:
            continue  # a body or a parameter is missing: nothing was looked at
        count += 1
        assert kind(answer) == (403, "second-factor-needed"), (method, path)
    assert count > 60


def test_pages_lead_the_office_to_where_it_is_set_up(strict: Alliance) -> None:
    browser = strict.browser("sending")
    for path in ("/today", "/proposals", "/account", "/settings", "/accounts"):
        assert ("GET", path) in PAGES
        answer = browser.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account/second-step")
    assert browser.get("/account/second-step").status_code == 200


def test_once_it_is_set_up_everything_opens_and_it_stays_on(strict: Alliance) -> None:
    with_password(strict, "sending")
    sign_in(client := strict.client(None))
    assert kind(client.get(f"{V1}/account")) == (403, "second-factor-needed")
    assert client.get(FACTOR).json()["required"] is True
    set_up(client)
    assert client.get(f"{V1}/account").status_code == 200
    assert kind(client.post(f"{FACTOR}/end", json={})) == (409, "second-factor-kept")


def test_others_and_programs_go_on_as_before(strict: Alliance) -> None:
    assert strict.browser("aino").get(f"{V1}/account").status_code == 200
    assert strict.browser("company").get(f"{V1}/account").status_code == 200
    assert strict.client("sending").get(f"{V1}/account").status_code == 200
    assert strict.browser("admin").get(f"{V1}/accounts").status_code == 403
