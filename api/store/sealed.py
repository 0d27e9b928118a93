"""What is sealed, opened and sealed again: needs, what depends on them, accepted needs.

Whoever opens something says why. The end of the transaction writes down who it was, when, and
whose it was (`api.chain`): nothing is opened without that.
"""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, TypeVar

from sqlalchemy import bindparam
from sqlmodel import Session, SQLModel, col, select

import models
from api import chain
from api.errors import SealBrokenError
from api.sealing import BrokenSealError, place_of
from api.sealing.vault import open_sealed, seal
from api.store.rows import parts

T = TypeVar("T")

OF_NEEDS = ("needs", "confirmed", "fewer_opportunities", "barrier", "evidence", "sex")
OF_ACCEPTED = ("need", "reason")
OF_DETAILS = ("details", "held_for")
OF_CONSENTS = ("item",)
_SEALED: dict[type[SQLModel], Sequence[str]] = {
    models.SupportNeeds: OF_NEEDS, models.AcceptedNeed: OF_ACCEPTED,
    models.ProposalDetail: OF_DETAILS, models.Consent: OF_CONSENTS,
}  # fmt: skip
"""The sealed columns of each table."""


def sealed(
    session: Session, table: type[SQLModel], row: uuid.UUID, owner: uuid.UUID,
    values: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """Values of a row as its columns hold them: sealed with the key of the owner."""
    key = chain.vault_of(session).keys([owner], make=True)[owner]
    return _sealed(key, table, row, owner, values)


def sealed_all(
    session: Session, table: type[SQLModel],
    rows: Sequence[tuple[uuid.UUID, uuid.UUID, Mapping[str, Any]]],
) -> list[dict[str, Any]]:  # fmt: skip
    """The same for many rows (id, owner, values), with one look for all keys."""
    keys = chain.vault_of(session).keys({owner for _, owner, _ in rows}, make=True)
    return [_sealed(keys[owner], table, row, owner, values) for row, owner, values in rows]


def _sealed(
    key: bytes, table: type[SQLModel], row: uuid.UUID, owner: uuid.UUID, values: Mapping[str, Any]
) -> dict[str, Any]:
    name = str(table.__tablename__)
    return {
        column: seal(key, owner, place_of(name, column, row), value)
        for column, value in values.items()
    }


def _opened(
    session: Session, why: str, table: type[SQLModel], rows: Iterable[tuple[Any, uuid.UUID]]
) -> tuple[dict[uuid.UUID, dict[str, Any]], dict[uuid.UUID, str]]:  # fmt: skip
    """Values by row id, and the rows that cannot be opened, each with the place.

    `rows` are of the table, or hold the id and the columns alone; each with its owner.
    """
    rows, name = list(rows), str(table.__tablename__)
    keys = chain.vault_of(session).keys({owner for _, owner in rows})
    found: dict[uuid.UUID, dict[str, Any]] = {}
    broken: dict[uuid.UUID, str] = {}
    for row, owner in rows:
        try:
            found[row.id] = {
                column: open_sealed(
                    keys.get(owner), owner, place_of(name, column, row.id), getattr(row, column)
                )
                for column in _SEALED[table]
            }
        except BrokenSealError as error:
            broken[row.id] = error.place
    chain.read(session, why, (owner for row, owner in rows if row.id in found))
    return found, broken


def needs_of(
    session: Session, why: str, rows: Sequence[models.SupportNeeds]
) -> tuple[list[models.Needs], dict[uuid.UUID, uuid.UUID]]:
    """What people need, and those apprentices whose record cannot be opened, with its id."""
    found, broken = _opened(
        session, why, models.SupportNeeds, ((row, row.apprentice_id) for row in rows)
    )
    opened = [
        models.Needs(row.id, row.apprentice_id, row.version, **found[row.id])
        for row in rows
        if row.id in found
    ]
    return opened, {row.apprentice_id: row.id for row in rows if row.id in broken}


def needs_of_one(session: Session, why: str, apprentice_id: uuid.UUID) -> models.Needs | None:
    """What somebody needs, None where nothing was ever said. Raises SealBrokenError."""
    mine = select(models.SupportNeeds).where(models.SupportNeeds.apprentice_id == apprentice_id)
    row = session.exec(mine.execution_options(populate_existing=True)).first()
    if row is None:
        return None
    opened, broken = needs_of(session, why, [row])
    if broken:
        raise SealBrokenError("support_needs", row.id)
    return opened[0]


def store_needs(
    session: Session, row_id: uuid.UUID, apprentice_id: uuid.UUID, now: datetime.datetime,
    values: Mapping[str, Any], existing: models.SupportNeeds | None = None,
) -> models.SupportNeeds:  # fmt: skip
    """Seal a new record of needs, or those values of an existing one."""
    whole = dict(values) if existing else NOTHING_NEEDED | dict(values)
    columns = sealed(session, models.SupportNeeds, row_id, apprentice_id, whole)
    if existing is None:
        existing = models.SupportNeeds(
            id=row_id, created_at=now, changed_at=now, apprentice_id=apprentice_id, **columns
        )
        session.add(existing)
        return existing
    for name, value in columns.items():
        setattr(existing, name, value)
    existing.changed_at = now
    return existing


NOTHING_NEEDED: dict[str, Any] = {
    "needs": {}, "confirmed": [], "fewer_opportunities": False, "barrier": None,
    "evidence": None, "sex": None,
}  # fmt: skip
"""A record before anything was said."""


def accepted_of(
    session: Session, why: str, rows: Sequence[models.AcceptedNeed]
) -> list[models.NeedAccepted]:
    """What was accepted; rows that cannot be opened accept nothing."""
    found, _ = _opened(
        session, why, models.AcceptedNeed, ((row, row.apprentice_id) for row in rows)
    )
    return [
        models.NeedAccepted(
            row.id, row.apprentice_id, row.offer_id, found[row.id]["need"],
            found[row.id]["reason"], row.accepted_by, row.created_at,
        )
        for row in rows
        if row.id in found
    ]  # fmt: skip


ITEM_LENGTH = 60
"""Items of consents are filled up to so many letters: the length of a seal tells nothing."""


def sealed_item(
    session: Session, row_id: uuid.UUID, apprentice_id: uuid.UUID, item: str
) -> dict[str, Any]:
    """The column of a consent that says which need it is about."""
    filled = item.ljust(ITEM_LENGTH)
    return sealed(session, models.Consent, row_id, apprentice_id, {"item": filled})


def items_of(
    session: Session, why: str, rows: Sequence[models.Consent]
) -> dict[uuid.UUID, str]:  # fmt: skip
    """Which need each consent is about, by the ids of those that can be opened."""
    found, _ = _opened(session, why, models.Consent, ((row, row.apprentice_id) for row in rows))
    return {identity: values["item"].rstrip() for identity, values in found.items()}


def details_of(
    session: Session, why: str, proposals: Sequence[models.Proposal]
) -> dict[uuid.UUID, models.ProposalDetails]:
    """What of each proposal depends on needs; empty where it cannot be opened."""
    owner = {row.id: row.apprentice_id for row in proposals}
    rows = [
        row for some in parts(owner) for row in session.execute(_DETAILS, {"proposals": list(some)})
    ]
    found, _ = _opened(
        session, why, models.ProposalDetail, ((row, owner[row.proposal_id]) for row in rows)
    )
    opened = {
        row.proposal_id: models.ProposalDetails(
            **found[row.id]["details"], held_for=found[row.id]["held_for"]
        )
        for row in rows
        if row.id in found
    }
    return {row.id: opened.get(row.id, models.ProposalDetails()) for row in proposals}


_DETAILS = select(
    *(getattr(models.ProposalDetail, name) for name in ("id", "proposal_id", *OF_DETAILS))
).where(col(models.ProposalDetail.proposal_id).in_(bindparam("proposals", expanding=True)))


def detail_values(details: models.ProposalDetails) -> dict[str, Any]:
    """What the columns of `ProposalDetail` hold, not sealed yet."""
    values = {f.name: getattr(details, f.name) for f in fields(details) if f.name != "held_for"}
    return {"details": values, "held_for": details.held_for}


def as_rows(
    session: Session, made: Iterable[SQLModel | models.Needs | models.NeedAccepted],
    now: datetime.datetime,
) -> list[SQLModel]:  # fmt: skip
    """Rows as they are, opened values as the sealed rows that hold them."""
    made = list(made)
    people = {one.apprentice_id for one in made if not isinstance(one, SQLModel)}
    keys = chain.vault_of(session).keys(people, make=True)
    return [one if isinstance(one, SQLModel) else _as_row(keys, one, now) for one in made]


def _as_row(
    keys: Mapping[uuid.UUID, bytes], one: models.Needs | models.NeedAccepted,
    now: datetime.datetime,
) -> SQLModel:  # fmt: skip
    owner = one.apprentice_id
    stamps: dict[str, Any] = {"id": one.id, "created_at": now, "apprentice_id": owner}
    values = asdict(one)
    table: type[SQLModel] = models.AcceptedNeed
    if isinstance(one, models.Needs):
        table = models.SupportNeeds
        stamps |= {"changed_at": now, "version": one.version}
    else:
        stamps |= {"offer_id": one.offer_id, "accepted_by": one.accepted_by}
    told = {name: values[name] for name in _SEALED[table]}
    return table(**stamps, **_sealed(keys[owner], table, one.id, owner, told))


def add_details(
    session: Session, identity: uuid.UUID, proposal: models.Proposal,
    details: models.ProposalDetails,
) -> None:  # fmt: skip
    """The details of a new proposal."""
    columns = sealed(
        session, models.ProposalDetail, identity, proposal.apprentice_id, detail_values(details)
    )
    session.add(
        models.ProposalDetail(
            id=identity, created_at=proposal.created_at, changed_at=proposal.created_at,
            proposal_id=proposal.id, **columns,
        )
    )  # fmt: skip


def change_details(
    session: Session, proposal: models.Proposal, details: models.ProposalDetails,
    now: datetime.datetime,
) -> None:  # fmt: skip
    """Replace the details of a proposal."""
    row = session.exec(_detail_of(proposal.id)).one()
    columns = sealed(
        session, models.ProposalDetail, row.id, proposal.apprentice_id, detail_values(details)
    )
    row.details, row.held_for, row.changed_at = columns["details"], columns["held_for"], now


def hold_for(
    session: Session, proposal: models.Proposal | models.Placement, rules: Sequence[str], now: Any
) -> None:
    """Every rule that a proposal, or the placement that it became, breaks now."""
    proposal_id = proposal.proposal_id if isinstance(proposal, models.Placement) else proposal.id
    row = session.exec(_detail_of(proposal_id)).first()
    if row is None:  # a case without details: its id is free for them
        whole = session.get_one(models.Proposal, proposal_id)
        details = models.ProposalDetails(held_for=list(rules))
        add_details(session, proposal_id, whole, details)
        session.flush()
        return
    values = sealed(
        session, models.ProposalDetail, row.id, proposal.apprentice_id, {"held_for": list(rules)}
    )
    row.held_for, row.changed_at = values["held_for"], now


def _detail_of(proposal_id: uuid.UUID) -> Any:
    return select(models.ProposalDetail).where(models.ProposalDetail.proposal_id == proposal_id)
