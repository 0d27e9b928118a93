"""What tests of signing in do with the API, and what they look at afterwards."""

import datetime
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import select

import models
from api.database import transaction
from tests import sealing
from tests.api.alliance import NOW, Alliance
from tests.api.second import PASSWORD, App

V1 = "/api/v1"
FACTOR = f"{V1}/account/second-factor"


def kind(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:doallvet:")


def sign_in(client: TestClient, who: str = "sending", password: str = PASSWORD) -> Any:
    given = {"email": f"{who}@example.org", "password": password}
    return client.post(f"{V1}/session", json=given)


def give(client: TestClient, code: str) -> Any:
    return client.post(f"{V1}/session/code", json={"code": code})


def later(alliance: Alliance, client: TestClient, by: datetime.timedelta) -> TestClient:
    """The same browser at another time."""
    other = alliance.client(None, NOW + by)
    for cookie in client.cookies.jar:
        other.cookies.set(cookie.name, str(cookie.value))
    return other


def everything(alliance: Alliance, table: type[Any]) -> list[Any]:
    with transaction(alliance.engine, writes=False) as session:
        return list(session.exec(select(table)))


def told(alliance: Alliance) -> list[tuple[str, str]]:
    return sorted((row.address, row.text) for row in everything(alliance, models.OutboxMail))


def actions(alliance: Alliance) -> list[str]:
    with transaction(alliance.engine, writes=False) as session:
        return [event.action for event in sealing.done(session)]


def set_up(client: TestClient) -> tuple[App, list[str]]:
    begun = client.post(FACTOR, json={"password": PASSWORD})
    assert begun.status_code == 201, begun.text
    app = App(begun.json()["secret"])
    done = client.post(f"{FACTOR}/confirm", json={"code": app.code()})
    assert done.status_code == 200, done.text
    return app, done.json()["recovery_codes"]
