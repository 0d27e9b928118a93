"""What each role gets of each route: rows that the matrix of roles walks, a module a noun.

Every route has a row here, or stands in OPEN.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.database import transaction
from api.services import by_hand
from tests.api.alliance import Alliance

EVERYBODY = ("admin", "sending", "hosting", "stranger", "tutor", "company", "other", "aino",
             "eetu", "guardian")  # fmt: skip

OPEN = {
    ("POST", "/api/v1/session"),
    ("POST", "/api/v1/session/code"),
    ("POST", "/api/v1/invitations/accept"),
    ("POST", "/api/v1/answer-session"),
    ("DELETE", "/api/v1/answer-session"),
    ("GET", "/api/v1/answer"),
    ("POST", "/api/v1/answer"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/metrics"),
    ("GET", "/api/v1/openapi.json"),
}
"""Routes that need no account."""

OPEN_PAGES = {
    ("GET", "/assets/{name}"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/sign-in/code"),
    ("POST", "/sign-in/with/{provider}"),
    ("GET", "/sign-in/back/{provider}"),
    ("POST", "/sign-in/code"),
    ("POST", "/language"),
    ("GET", "/"),
    ("GET", "/about"),
    ("GET", "/open-offers"),
    ("GET", "/privacy"),
    ("GET", "/accessibility"),
    ("POST", "/accessibility"),
    ("GET", "/answer"),
    ("POST", "/answer"),
    ("GET", "/answer/question"),
    ("POST", "/answer/question"),
    ("GET", "/answer/done"),
    ("POST", "/answer/close"),
    ("GET", "/answer/closed"),
    ("GET", "/welcome"),
    ("POST", "/welcome"),
}
"""Pages that need no account."""

Before = Callable[[Alliance], dict[str, object]]
"""Makes what a route needs, and says what stands in its address and body."""

Body = dict[str, Any] | Callable[[dict[str, object]], dict[str, Any]] | None


@dataclass(frozen=True)
class Row:
    """One route: what is sent, what each of EVERYBODY gets."""

    body: Body
    expected: dict[str, int]
    before: Before


def a_proposal(alliance: Alliance) -> dict[str, object]:
    """A proposal of Aino that waits for the sending coordinator: nobody else knows of it."""
    with transaction(alliance.engine) as session:
        case = by_hand.propose(
            session, alliance.caller("sending"), alliance.call.id, alliance.aino.id,
            alliance.window.id, override_reason="they asked for it",
        )  # fmt: skip
        return {"proposal_id": case.proposal.id, "code": alliance.call.code,
                "apprentice_id": alliance.aino.id, "company_id": alliance.company.id,
                "offer_id": alliance.offer.id, "window_id": alliance.window.id,
                "call_id": alliance.call.id}  # fmt: skip


ROUTES: dict[tuple[str, str], Row] = {}
"""Of the API; addresses without its prefix."""

PAGES: dict[tuple[str, str], Row] = {}
"""Of the pages; the body is the form that is sent."""


def row(
    method: str, path: str, body: Body = None, *, before: Before = a_proposal, **statuses: int
) -> None:
    """What each of EVERYBODY gets; `rest` is for those who are not named.

    `body` may be made from what `before` says.
    """
    ROUTES[method, path] = _made(body, before, statuses)


def page(
    method: str, path: str, form: Body = None, *, before: Before = a_proposal, **statuses: int
) -> None:
    """The same of a page."""
    PAGES[method, path] = _made(form, before, statuses)


def _made(body: Body, before: Before, statuses: dict[str, int]) -> Row:
    rest = statuses.pop("rest")
    assert set(statuses) <= set(EVERYBODY)
    return Row(body, dict.fromkeys(EVERYBODY, rest) | statuses, before)


NO_OFFICE = {"admin": 403, "tutor": 403, "company": 403, "other": 403, "aino": 403, "eetu": 403,
             "guardian": 403}  # fmt: skip
"""Everybody but coordinators may not do this at all."""

for module in pkgutil.walk_packages(__path__, f"{__name__}."):
    importlib.import_module(module.name)
