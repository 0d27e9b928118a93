"""Pages stand on services that are tried on both engines: in every run they are on SQLite alone."""

import os
from collections.abc import Iterator

import pytest

from tests.conftest import ENGINES, address_on_engine

ON = ENGINES if "CAMPAIGN_TRIES" in os.environ else ENGINES[:1]


@pytest.fixture(params=ON)
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database with all tables and no rows."""
    yield from address_on_engine(request)
