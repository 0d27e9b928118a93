"""Every operation of the document, called as each role with made-up requests.

Nothing answers with a fault of the service, and every answer is one that the document names.
`make campaign` calls each of them more often.
"""

import os
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from sqlalchemy import Engine

from tests.api.alliance import Alliance
from tests.api.roles import a_proposal
from tests.conftest import ENGINES

TRIES = int(os.environ.get("CAMPAIGN_TRIES", "1"))
"""So many made-up requests of each operation; each is sent by each role."""

ON = ENGINES if "CAMPAIGN_TRIES" in os.environ else ENGINES[:1]
"""The document is the same on both engines; `make campaign` asks both."""

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]

STREAMS = ("/api/v1/rounds/{round_id}/events",)
"""Answers that go on for minutes are left to tests of their own."""


def known(alliance: Alliance) -> dict[str, list[str]]:
    """Names that stand in addresses, with rows that there are."""
    return {name: [str(value)] for name, value in a_proposal(alliance).items()}


def token(alliance: Alliance, who: str | None) -> dict[str, str]:
    if who is None:
        return {}
    return {"Authorization": alliance.client(who).headers["Authorization"]}


def requests(operation: Any) -> Any:
    """Requests that the document allows, and others."""
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not (operation.body or operation.path_parameters or operation.query):
        return right
    return right | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def with_known_rows(case: Any, rows: dict[str, list[str]], choose: Any) -> None:
    """Put rows that there are into most addresses, so that requests come further."""
    for name in case.path_parameters or {}:
        if name in rows and choose(st.integers(0, 3)):
            case.path_parameters[name] = choose(st.sampled_from(rows[name]))


ROLES = ("admin", "sending", "hosting", "tutor", "company", "aino", "guardian", None)
PARTS = 4
"""The operations are shared out, so that parts can run side by side."""


@pytest.mark.parametrize("address", ON, indirect=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_operation_answers_each_role_as_the_document_says(
    database: Engine, part: int
) -> None:
    alliance = Alliance(database)
    rows = known(alliance)
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", alliance.app())
    tokens = {who: token(alliance, who) for who in ROLES}
    seen: set[int] = set()
    for result in list(schema.get_all_operations())[part::PARTS]:
        operation = result.ok()
        if operation.path in STREAMS:
            continue

        @hypothesis.settings(
            max_examples=TRIES, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        )  # fmt: skip
        @hypothesis.given(case=requests(operation), data=st.data())
        def asks(case: Any, data: st.DataObject) -> None:
            with_known_rows(case, rows, data.draw)
            for who in ROLES:
                answer = case.call(headers=tokens[who])
                case.validate_response(answer, checks=CHECKS)
                seen.add(answer.status_code)

        asks()
    assert {200, 401, 403} <= seen
