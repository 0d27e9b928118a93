"""The fairness report of a round: made once, when the round is, and published as it is then.

Sex and fewer opportunities are read for it and for nothing else. A later look shows the same
figures, whatever has changed since: two reports about nearly the same people would tell who they
are (`api.fairness.hiding`).
"""

import hashlib
import hmac
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

import matcher
import models
from api import chain, fairness, sentences, store
from api.errors import NoFairnessReportError, NoSuchRoundError, SealBrokenError
from api.fairness import Memberships, Person, Report
from api.language import Language
from api.sealing import SERVICE, BrokenSealError, place_of
from api.store.snapshots import Snapshot
from matcher.result import Result

EARLIER = 10
"""With so many reports of the call before it a new one is compared."""

TOKEN = 16
"""Hexadecimal characters that stand for somebody in what is kept of a report."""


def make(
    session: Session, round_id: uuid.UUID, found: Snapshot, problem: matcher.Problem, result: Result
) -> bytes:
    """The report on a round that is about to be stored, with what later ones are compared with.

    Sealed by the key of the service. People stand in it as tokens that only their own keys make:
    with the key goes who was meant.
    """
    people = fairness.people_of(
        problem, result, sex={str(one.apprentice_id): one.sex for one in found.needs},
        since=store.calls.applied_on(session, found.call.id),
    )  # fmt: skip
    vault = chain.vault_of(session)
    keys = vault.keys([uuid.UUID(one.id) for one in people], make=True)
    tokens = [_token(keys[uuid.UUID(one.id)], found.call.id) for one in people]
    named = [
        Person(token, one.groups, one.placed, one.score, one.rank, one.waiting_days, one.excluded)
        for token, one in zip(tokens, people, strict=True)
    ]
    told = fairness.report(named, _earlier(session, found.call.id))
    kept = fairness.memberships(named, told)
    value = {"report": told.model_dump(mode="json"), "memberships": kept.model_dump(mode="json")}
    return vault.seal(SERVICE, place_of("round", "fairness", round_id), value)


def _token(key: bytes, call_id: uuid.UUID) -> str:
    return hmac.new(key, f"fairness|{call_id}".encode(), hashlib.sha256).hexdigest()[:TOKEN]


def _earlier(session: Session, call_id: uuid.UUID) -> Sequence[Memberships]:
    rows = store.rounds.with_fairness(session, call_id, EARLIER)
    return [Memberships.model_validate(_opened(session, row)["memberships"]) for row in rows]


def report(session: Session, round_id: uuid.UUID) -> Report:
    """The report of a round. Raises NoSuchRoundError, NoFairnessReportError, SealBrokenError."""
    row = session.get(models.Round, round_id)
    if row is None:
        raise NoSuchRoundError(round_id)
    if row.fairness is None:
        raise NoFairnessReportError(round_id)
    return Report.model_validate(_opened(session, row)["report"])


def _opened(session: Session, row: models.Round) -> dict[str, Any]:
    place = place_of("round", "fairness", row.id)
    try:
        found: dict[str, Any] = chain.vault_of(session).open(SERVICE, place, row.fairness or b"")
    except BrokenSealError:
        raise SealBrokenError("round", row.id) from None
    return found


def texts(session: Session, language: str = "en") -> dict[str, str]:
    """The words of the report, with the names of the regions."""
    names = {
        f"fairness.group.region.{row.code}": row.name
        for row in store.rows.every(session, models.Region)
    }
    return {**sentences.texts(Language(language)), **names}


def rows(
    found: Report, words: Mapping[str, str], *, briefly: bool = False
) -> list[tuple[str, ...]]:
    """The report as the rows of a table, the headings first; `briefly` without remarks."""
    return fairness.table(found, words, briefly=briefly)


def drawn_from(found: Report, words: Mapping[str, str]) -> str:
    """The report as a picture (SVG)."""
    return fairness.picture(found, words)


def drawn(session: Session, round_id: uuid.UUID, language: str = "en") -> str:
    """The report as a picture (SVG). Raises as `report` does."""
    return drawn_from(report(session, round_id), texts(session, language))
