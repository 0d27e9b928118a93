"""Answers that were kept so that a repeated request gets the same; sealed, they tell of needs."""

import base64
from typing import Any

from sqlmodel import Session

import models
from api.chain import vault_of
from api.sealing import SERVICE, place_of


def seal(session: Session, row: models.IdempotencyKey, kept: dict[str, Any]) -> None:
    """Keep an answer with the request that it is for."""
    sealed = vault_of(session).seal(SERVICE, _place(row), kept)
    row.answer = {"sealed": base64.b64encode(sealed).decode()}


def opened(session: Session, row: models.IdempotencyKey) -> dict[str, Any]:
    """The answer. Raises BrokenSealError, also for one that was never finished."""
    sealed = base64.b64decode(row.answer.get("sealed", ""))
    found: dict[str, Any] = vault_of(session).open(SERVICE, _place(row), sealed)
    return found


def _place(row: models.IdempotencyKey) -> str:
    return place_of("idempotency_key", "answer", row.id)
