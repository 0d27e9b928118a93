"""What stands around every request: counting, limits, another try, the document."""

from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from api.main import create_app
from api.network import is_loopback, network_of
from api.settings import Settings
from tests.api.alliance import Alliance

V1 = "/api/v1"
HERE = ("127.0.0.1", 50000)


class DeadlockError(Exception):
    sqlstate = "40P01"


def app_with(engine: Engine, endpoint: Any) -> FastAPI:
    app = create_app(engine)
    app.add_api_route("/api/tried", endpoint, methods=["POST"])
    return app


@pytest.mark.parametrize(("conflicts", "status"), [(0, 200), (3, 200), (4, 409)])
def test_a_request_that_the_database_broke_off_is_tried_again_with_its_body(
    database: Engine, conflicts: int, status: int
) -> None:
    bodies: list[bytes] = []

    async def endpoint(request: Request) -> dict[str, int]:
        bodies.append(await request.body())
        if len(bodies) <= conflicts:
            raise OperationalError("UPDATE …", {}, DeadlockError())
        return {"tries": len(bodies)}

    client = TestClient(app_with(database, endpoint))
    answer = client.post("/api/tried", content=b"what was asked")
    assert answer.status_code == status
    assert bodies == [b"what was asked"] * min(conflicts + 1, 4)
    if status == 409:
        assert answer.json()["type"] == "urn:doallvet:changed-meanwhile"


def test_another_fault_of_the_database_is_not_tried_again(database: Engine) -> None:
    tries: list[int] = []

    def endpoint() -> None:
        tries.append(1)
        raise OperationalError("SELECT name FROM apprentice", {}, Exception("disk I/O error: Aino"))

    answer = TestClient(app_with(database, endpoint)).post("/api/tried")
    assert (answer.status_code, answer.headers["retry-after"], len(tries)) == (503, "5", 1)
    assert "Aino" not in answer.text


def test_an_unforeseen_fault_says_nothing_but_the_number_to_ask_with(database: Engine) -> None:
    def endpoint() -> None:
        raise RuntimeError("Aino Virtanen")

    client = TestClient(app_with(database, endpoint), raise_server_exceptions=False)
    with capture_logs() as logs:
        answer = client.post("/api/tried", headers={"X-Request-Id": "number-7"})
    assert answer.status_code == 500
    assert "number-7" in answer.json()["detail"]
    assert "Aino" not in answer.text + str(logs)


def test_what_is_answered_is_counted_and_written_down_by_route_not_by_address(
    database: Engine,
) -> None:
    client = Alliance(database).client("sending")
    with capture_logs() as logs:
        client.get(f"{V1}/settings/Aino")
        client.get("/Aino@example.org")
    told = [(one["method"], one["route"], one["status"]) for one in logs]
    assert told == [("GET", "/api/v1/settings/{name}", 404), ("GET", "unknown", 404)]
    assert "Aino" not in str(logs)


def test_counts_are_for_this_machine_or_for_who_has_the_token(database: Engine) -> None:
    alliance = Alliance(database)
    app = create_app(database)
    assert TestClient(app, client=("203.0.113.9", 50000)).get("/metrics").status_code == 403
    here = TestClient(app, client=HERE)
    here.get("/health/ready")
    text = here.get("/metrics").text
    assert 'doallvet_request_seconds_count{method="GET",route="/health/ready",status="200"}' in text
    assert 'doallvet_mails{status="waiting"} 0.0' in text
    with_token = create_app(alliance.engine, given=Settings(metrics_token="a token of ours"))  # noqa: S106
    afar = TestClient(with_token, client=("203.0.113.9", 50000))
    for secret, status in (("a token of ours", 200), ("another", 403), ("", 403)):
        headers = {"Authorization": f"Bearer {secret}"}
        assert afar.get("/metrics", headers=headers).status_code == status
    assert TestClient(with_token, client=HERE).get("/metrics").status_code == 403


def test_an_account_that_asks_too_often_is_told_to_wait(database: Engine) -> None:
    alliance = Alliance(database)
    app = create_app(database, now=lambda: alliance.caller("sending").now,
                     given=Settings(requests_per_minute=3))  # fmt: skip
    busy, calm = (TestClient(app, headers=alliance.client(who).headers)
                  for who in ("sending", "hosting"))  # fmt: skip
    statuses = [busy.get(f"{V1}/session").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    refused = busy.get(f"{V1}/session")
    assert refused.json()["type"] == "urn:doallvet:too-many-requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 61
    assert calm.get(f"{V1}/session").status_code == 200


def test_the_document_names_every_refusal_and_who_must_sign_in(database: Engine) -> None:
    found = Alliance(database).client(None).get(f"{V1}/openapi.json").json()
    assert found["openapi"].startswith("3.1")
    booking = found["paths"]["/api/v1/proposals/{proposal_id}/placement"]["post"]
    assert {"201", "401", "403", "404", "409", "412", "422", "428"} <= booking["responses"].keys()
    assert booking["security"] == [{"token": []}, {"session": []}]
    signing_in = found["paths"]["/api/v1/session"]["post"]
    assert "security" not in signing_in
    conflict = found["components"]["responses"]["Refused409"]
    assert "urn:doallvet:not-now" in conflict["description"]
    assert conflict["content"]["application/problem+json"]["example"]["status"] == 409


@pytest.mark.parametrize(
    ("address", "is_here", "network"),
    [("127.0.0.9", True, "127.0.0.9"), ("::1", True, "::/64"),
     ("203.0.113.9", False, "203.0.113.9"),
     ("localhost", True, "localhost"), ("testclient", False, "testclient")],
)  # fmt: skip
def test_where_a_request_comes_from(address: str, is_here: bool, network: str) -> None:
    assert (is_loopback(address), network_of(address)) == (is_here, network)
