"""What a round found becomes proposals, in one step that is as short as can be.

Nobody else writes meanwhile on SQLite. So what needs no look at the database is done before, and
the rest in few statements, however many people there are.
"""

import datetime
import uuid
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from sqlmodel import Session

import models
from api import store
from api.store.places import Kind
from api.store.snapshots import Snapshot
from matcher.result import Proposal, Result

Row = dict[str, Any]
"""The columns of a proposal that is not stored yet."""


def rows_of(
    found: Snapshot, result: Result, round_id: uuid.UUID, now: datetime.datetime,
    new_id: Callable[[], uuid.UUID],
) -> list[Row]:  # fmt: skip
    """The proposals of a result, as rows of the table."""
    alike = models.Proposal(
        id=round_id, created_at=now, changed_at=now, call_id=found.call.id, round_id=round_id,
        apprentice_id=round_id, window_id=round_id, first_day=now, last_day=now,
    )  # fmt: skip
    columns = {name: getattr(alike, name) for name in models.Proposal.model_fields}
    return [columns | {"id": new_id()} | _columns(new) for new in result.proposals]


def details_of(
    session: Session, rows: Sequence[Row], result: Result, now: datetime.datetime,
    new_id: Callable[[], uuid.UUID],
) -> dict[uuid.UUID, Row]:  # fmt: skip
    """What of each of these rows depends on needs, sealed, as rows of its own table."""
    told = [
        (new_id(), row["apprentice_id"], store.sealed.detail_values(_details(new)))
        for row, new in zip(rows, result.proposals, strict=True)
    ]
    sealed = store.sealed.sealed_all(session, models.ProposalDetail, told)
    return {
        row["id"]: {
            "id": identity, "created_at": now, "changed_at": now, "version": 1,
            "proposal_id": row["id"], **columns,
        }
        for row, (identity, *_), columns in zip(rows, told, sealed, strict=True)
    }  # fmt: skip


def store_rows(
    session: Session,
    found: Snapshot,
    rows: list[Row],
    details: Mapping[uuid.UUID, Row],
    now: datetime.datetime,
) -> tuple[int, dict[str, int]]:
    """Store the proposals of a round: how many, and how many were dropped for which reason.

    What the round could make anew is replaced; what it makes again stays as it is. All that it
    touches is held first, in the order that `store.calls.hold_people` names.
    """
    call_id = found.call.id
    store.calls.hold_people(session, call_id)
    unanswered = store.proposals.hold_unanswered(session, call_id)
    again = [vars(row) for row in found.recalculated if row.id in unanswered]
    as_before = {_stay(row) for row in again} & {_stay(row) for row in rows}
    replaced = [row for row in again if _stay(row) not in as_before]
    windows = {row["window_id"] for row in [*rows, *replaced]}
    store.places.hold_places(session, call_id, windows)
    gone = [row["id"] for row in replaced]
    store.places.give_back_all(session, call_id, gone)
    store.proposals.replace_proposals(session, gone, now)
    room = _Room(session, found)
    situation = store.snapshots.situation(session, found)
    dropped: Counter[str] = Counter()
    stored = []
    for row in rows:
        if _stay(row) in as_before:
            continue
        fault = situation.fault(row["apprentice_id"], row["window_id"]) or room.take(row)
        if fault:
            dropped[fault] += 1
        else:
            stored.append(row)
    store.places.take_all(session, call_id, room.windows, room.kinds)
    store.proposals.add_proposals(session, stored, [details[row["id"]] for row in stored])
    return len(stored), dict(sorted(dropped.items()))


class _Room:
    """What is left of places, funding and caps; and what was taken of it for this round."""

    def __init__(self, session: Session, found: Snapshot) -> None:
        companies = {row.id: row for row in found.companies}
        at_site = {row.id: companies[row.company_id] for row in found.sites}
        at_offer = {row.id: at_site[row.site_id] for row in found.offers}
        home = {row.id: row.region_id for row in found.centres}
        self.host = {row.id: at_offer[row.offer_id] for row in found.windows}
        self.kind: dict[uuid.UUID, Kind] = {
            row.id: (home[row.centre_id], row.activity) for row in found.apprentices
        }
        self.places = store.places.places_left(session)
        self.funding = store.places.funding_left(session, found.call.id)
        self.caps = store.places.caps_left(session)
        self.windows: Counter[uuid.UUID] = Counter()
        self.kinds: Counter[Kind] = Counter()

    def take(self, row: Row) -> str | None:
        """Take what a proposal needs, all of it or nothing; what is missing is named."""
        window, kind = row["window_id"], self.kind[row["apprentice_id"]]
        host = self.host[window]
        needs: tuple[tuple[str, dict[Any, int], Hashable], ...] = (
            ("place", self.places, window), ("funding", self.funding, kind),
            ("company_cap", self.caps, host.id), ("region_cap", self.caps, host.region_id),
        )  # fmt: skip
        for name, left, key in needs:
            if left.get(key, 1 if left is self.caps else 0) < 1:
                return name
        for _, left, key in needs:
            if key in left:
                left[key] -= 1
        self.windows[window] += 1
        self.kinds[kind] += 1
        return None


def _stay(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["apprentice_id"], row["window_id"], row["first_day"], row["last_day"]


def _columns(new: Proposal) -> Row:
    """What differs from one proposal to the next."""
    return {
        "apprentice_id": uuid.UUID(new.apprentice),
        "window_id": uuid.UUID(new.offer),
        "first_day": datetime.date.fromisoformat(new.start),
        "last_day": datetime.date.fromisoformat(new.end),
    }


def _details(new: Proposal) -> models.ProposalDetails:
    return models.ProposalDetails(
        score=new.score, lift=new.lift, rank=new.rank, eligible=new.eligible,
        parts=[part.model_dump(mode="json") for part in new.parts],
    )  # fmt: skip
