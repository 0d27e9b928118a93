"""Serves databases at the moment of the tests: `python -m tests.browsers.served ADDRESS PORT …`.

One process for all of them: starting one takes longer than a hundred pages.
"""

import asyncio
import sys

import uvicorn

from api.database import connect
from api.main import create_app
from api.settings import Settings
from tests import rows

SETTINGS = Settings(organisation="The alliance", contact="contact@example.org")


def server(address: str, port: str) -> uvicorn.Server:
    app = create_app(connect(address), now=lambda: rows.NOW, given=SETTINGS)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=int(port), access_log=False, log_level="warning",
        server_header=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    return uvicorn.Server(config)


async def serve(given: list[str]) -> None:
    pairs = zip(given[::2], given[1::2], strict=True)
    await asyncio.gather(*(server(address, port).serve() for address, port in pairs))


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1:]))
