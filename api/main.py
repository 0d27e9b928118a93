"""The web application: pages, routes under /api/v1, health, errors, limits."""

import datetime
import secrets
import threading
import uuid
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, FastAPI, Header, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Engine, text

from api import pages, refusals, routes, store
from api.edge import Reading
from api.errors import MetricsNotForYouError
from api.metrics import CONTENT_TYPE, Metrics
from api.middleware import MOST_BYTES, Answers, Bounded, InTime, TriedAgain
from api.network import is_loopback
from api.oidc import clients
from api.openapi import document
from api.pages import assets
from api.settings import Settings
from api.throttle import Throttle

VERSION = "0.1.0"


def create_app(
    engine: Engine,
    *,
    now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
    new_id: Callable[[], uuid.UUID] = uuid.uuid4,
    given: Settings | None = None,
) -> FastAPI:
    """The application on a database whose tables are up to date.

    `given` are the settings of its surroundings, those of the environment where it is left out.
    Raises ProvidersFaultyError.
    """
    app = FastAPI(
        title="doALLVET", version=VERSION, openapi_url="/api/v1/openapi.json",
        docs_url=None, redoc_url=None,
    )  # fmt: skip
    app.state.engine, app.state.now, app.state.new_id = engine, now, new_id
    app.state.settings = given or Settings()
    app.state.began_at, app.state.release = now(), VERSION
    app.state.throttle = Throttle(app.state.settings.requests_per_minute)
    app.state.providers = clients(app.state.settings.oidc_file)
    app.state.metrics = Metrics()
    app.state.stopping = threading.Event()  # set once no new requests come: streams end then
    app.state.assets = assets.shipped()
    api = APIRouter(prefix="/api/v1")
    for noun in routes.NOUNS:
        api.include_router(noun.router)
    app.include_router(api)
    app.include_router(watching)
    app.include_router(pages.router)
    refusals.add_handlers(app, pages.refused.page)
    app.add_middleware(TriedAgain)
    app.add_middleware(InTime)
    larger = routes.imports.MOST_BYTES | pages.imports.MOST_BYTES
    app.add_middleware(
        Bounded, most_bytes=MOST_BYTES, larger=larger, page=pages.refused.page
    )  # fmt: skip
    app.add_middleware(
        Answers, metrics=app.state.metrics, unforeseen=refusals.unforeseen(pages.refused.page),
        address=app.state.settings.address,
    )  # fmt: skip
    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # as FastAPI documents it
    return app


watching = APIRouter(tags=["health"])


@watching.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers, even while every thread of it waits for the database."""
    return {"status": "live"}


@watching.get("/health/ready")
def ready(session: Reading, _request: Request) -> JSONResponse:
    """The database answers."""
    session.execute(text("SELECT 1"))
    return JSONResponse({"status": "ready"})


@watching.get("/metrics", response_class=Response, include_in_schema=False)
def metrics(
    request: Request, session: Reading, authorization: Annotated[str, Header()] = ""
) -> Response:
    """What is counted, for Prometheus: from this machine, or with the token of the settings."""
    token = request.app.state.settings.metrics_token
    here = request.client.host if request.client else ""
    given = authorization.removeprefix("Bearer ").encode()
    if not (secrets.compare_digest(given, token.encode()) if token else is_loopback(here)):
        raise MetricsNotForYouError
    rows = store.counts.rows_by_status(session)
    return Response(request.app.state.metrics.text(rows), media_type=CONTENT_TYPE)
