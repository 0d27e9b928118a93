"""Every kind of answer tells browsers what they may do with it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from api.edge import COOKIE
from api.main import create_app
from api.pages.assets import shipped
from api.settings import Settings
from tests.api.alliance import NOW, Alliance
from tests.api.answer_headers import wrong
from tests.api.roles.rounds import an_ended_round
from tests.conftest import ENGINES, address_on_engine

HERE = ("127.0.0.1", 50000)
SECURE = Settings(address="https://matching.example.org", contact="contact@example.org")

KINDS = {
    "page": ("sending", "/today", 200),
    "page for everybody": (None, "/about", 200),
    "page to sign in": (None, "/sign-in", 200),
    "page that leads on": (None, "/today", 303),
    "page that is not there": ("sending", "/nowhere", 404),
    "page that is not theirs": ("company", "/settings", 403),
    "page that is too large": ("sending", "POST /sign-out", 413),
    "page that fails": ("sending", "/fails", 500),
    "page without a database": ("sending", "/unreachable", 503),
    "answer to a program": ("sending", "/api/v1/session", 200),
    "program without an account": (None, "/api/v1/session", 401),
    "program that may not": ("company", "/api/v1/settings", 403),
    "program at no address": (None, "/api/v1/nowhere", 404),
    "program that says nonsense": ("sending", "/api/v1/proposals?limit=many", 422),
    "program that says too much": ("sending", "POST /api/v1/proposals", 413),
    "program for which something fails": ("sending", "/api/fails", 500),
    "program without a database": ("sending", "/api/unreachable", 503),
    "method that tells requests": (None, "TRACE /about", 405),
    "method that is not there": (None, "PATCH /api/v1/session", 405),
    "events": ("sending", "/api/v1/rounds/{round_id}/events", 200),
    "export to read": ("sending", "/api/v1/apprentices/{aino}/export.html", 200),
    "export": ("aino", "/my-data/export.json", 200),
    "template": ("sending", "/imports/template", 200),
    "template for programs": ("sending", "/api/v1/imports/template?noun=offers", 200),
    "table": ("sending", "/figures/flows.csv", 200),
    "picture": ("sending", "/figures/flows.svg", 200),
    "style sheet": (None, "{sheet}", 200),
    "script": (None, "{script}", 200),
    "asset of another release": (None, "/assets/layout.00000000.css", 404),
    "health": (None, "/health/live", 200),
    "readiness": (None, "/health/ready", 200),
    "counts": (None, "/metrics", 200),
    "document": (None, "/api/v1/openapi.json", 200),
    "whom to tell of a flaw": (None, "/.well-known/security.txt", 200),
}


@pytest.fixture(params=ENGINES[:1])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """What stands around an answer knows no database, so one engine is enough."""
    yield from address_on_engine(request)


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def failing() -> None:
    raise RuntimeError("Aino Virtanen")


def unreachable() -> None:
    raise OperationalError("SELECT name FROM apprentice", {}, Exception("no connection"))


def client_of(alliance: Alliance, given: Settings, scheme: str = "https") -> TestClient:
    app = create_app(alliance.engine, now=lambda: NOW, given=given)
    for prefix in ("", "/api"):
        app.add_api_route(f"{prefix}/fails", failing)
        app.add_api_route(f"{prefix}/unreachable", unreachable)
    return TestClient(
        app, base_url=f"{scheme}://testserver", client=HERE, raise_server_exceptions=False,
        follow_redirects=False,
    )  # fmt: skip


def test_every_kind_of_answer_tells_browsers_what_they_may_do_with_it(alliance: Alliance) -> None:
    client = client_of(alliance, SECURE)
    named = an_ended_round(alliance) | {
        "aino": alliance.aino.id, "sheet": shipped().address_of("layout.css"),
        "script": shipped().address_of("pages.js"),
    }  # fmt: skip
    found = {}
    for kind, (who, asked, status) in KINDS.items():
        client.cookies.clear()
        if who:
            client.cookies.set(COOKIE, alliance.browser(who).cookies[COOKIE])
        method, _, path = asked.rpartition(" ")
        body = b" " * 1_000_001 if status == 413 else None
        answer = client.request(method or "GET", path.format_map(named), content=body)
        assert (kind, answer.status_code) == (kind, status)
        assert "Aino Virtanen" not in answer.text or kind.startswith("export")
        strict = answer.headers.get_list("strict-transport-security")
        if wrong(answer) or strict != ["max-age=31536000; includeSubDomains"]:
            found[kind] = wrong(answer) | {"strict-transport-security": strict}
    assert found == {}


@pytest.mark.parametrize(
    ("reached_at", "scheme"),
    [("https://matching.example.org", "http"), ("http://127.0.0.1:8000", "https")],
)
def test_only_an_https_address_is_promised_and_only_over_https(
    alliance: Alliance, reached_at: str, scheme: str
) -> None:
    client = client_of(alliance, Settings(address=reached_at), scheme)
    for path in ("/about", "/api/v1/session", "/health/live"):
        answer = client.get(path)
        assert "strict-transport-security" not in answer.headers
        assert wrong(answer) == {}


def test_no_answer_lets_another_site_read_it(alliance: Alliance) -> None:
    client = client_of(alliance, SECURE)
    client.cookies.set(COOKIE, alliance.browser("sending").cookies[COOKIE])
    elsewhere = {"Origin": "https://elsewhere.example"}
    asked = {**elsewhere, "Access-Control-Request-Method": "DELETE"}
    answers = [
        client.get("/api/v1/session", headers=elsewhere),
        client.options("/api/v1/session", headers=asked),
    ]
    assert [answer.status_code for answer in answers] == [200, 405]
    assert not [name for answer in answers for name in answer.headers if "allow-origin" in name]
