"""Every query, named by what is asked. Nothing here decides or commits."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import and_, update
from sqlmodel import Session, SQLModel, col, exists, or_, select

import models
from models import EnrolmentStatus, OfferStatus, PlacementStatus, ProposalStatus, RoundStatus
from models.base import ChangingRow, Row

T = TypeVar("T", bound=Row)
OfPerson = TypeVar("OfPerson", models.SupportNeeds, models.AcceptedNeed)


def add_in_order(session: Session, rows: Iterable[SQLModel]) -> None:
    """Add rows that point to earlier ones, a table after the other."""
    last: type[SQLModel] | None = None
    for row in rows:
        if last not in (None, type(row)):
            session.flush()
        session.add(row)
        last = type(row)
    session.flush()


Occupied = tuple[uuid.UUID, uuid.UUID, int]
"""A window, the company it is at, and how many of its places are taken."""


@dataclass(frozen=True)
class Snapshot:
    """What a round rests on, read in one transaction.

    `apprentices` are those who are selected in the call and free, `windows` all of published
    offers, `occupied` those of all offers, since caps count paused ones too; `recalculated` the
    call's proposals that nobody has answered, kept or been asked about:
    their people count as free and their places as not taken.
    """

    call: models.Call
    regions: list[models.Region]
    centres: list[models.Centre]
    apprentices: list[models.Apprentice]
    needs: list[models.SupportNeeds]
    accepted_needs: list[models.AcceptedNeed]
    companies: list[models.Company]
    sites: list[models.Site]
    offers: list[models.Offer]
    windows: list[models.OfferWindow]
    refused: list[models.Proposal]
    recalculated: list[models.Proposal]
    occupied: list[Occupied]
    wishes: list[models.PairWish]
    settings: dict[str, Any]


def snapshot(session: Session, call_id: uuid.UUID) -> Snapshot:
    """Everything a round of this call needs to know. Raises NoResultFound for no such call."""
    again = unanswered_proposals(session, call_id)
    people = free_apprentices(session, call_id, besides=[proposal.id for proposal in again])
    ids = [person.id for person in people]
    published = col(models.Offer.status) == OfferStatus.PUBLISHED
    offers = session.exec(select(models.Offer).where(published).order_by(col(models.Offer.id)))
    windows = session.exec(
        select(models.OfferWindow).join(models.Offer).where(published)
        .order_by(col(models.OfferWindow.id))
    )  # fmt: skip
    return Snapshot(
        call=session.exec(select(models.Call).where(models.Call.id == call_id)).one(),
        regions=_every(session, models.Region),
        centres=_every(session, models.Centre),
        apprentices=people,
        needs=_of_people(session, models.SupportNeeds, ids),
        accepted_needs=_of_people(session, models.AcceptedNeed, ids),
        companies=_every(session, models.Company),
        sites=_every(session, models.Site),
        offers=list(offers),
        windows=list(windows),
        refused=refused_proposals(session),
        recalculated=again,
        occupied=occupied_windows(session),
        wishes=_every(session, models.PairWish),
        settings=current_settings(session),
    )


def occupied_windows(session: Session) -> list[Occupied]:
    """Every window of which a place is taken."""
    rows = session.execute(
        select(models.OfferWindow.id, models.Site.company_id, models.OfferWindow.taken)
        .join(models.Offer, col(models.Offer.id) == models.OfferWindow.offer_id)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .where(models.OfferWindow.taken > 0)
    )
    return [(window, company, taken) for window, company, taken in rows]


def unanswered_proposals(session: Session, call_id: uuid.UUID) -> list[models.Proposal]:
    """A call's proposals that a round may make anew.

    Only coordinators know of them, and none has spoken.
    """
    answered = exists().where(
        col(models.Approval.proposal_id) == models.Proposal.id,
        col(models.Approval.answer).is_not(None),
    )
    return list(
        session.exec(
            select(models.Proposal)
            .where(
                models.Proposal.call_id == call_id,
                models.Proposal.status == ProposalStatus.PROPOSED,
                col(models.Proposal.round_id).is_not(None),
                ~col(models.Proposal.kept),
                ~answered,
            )
            .order_by(col(models.Proposal.id))
        )
    )


def free_apprentices(
    session: Session, call_id: uuid.UUID, *, besides: list[uuid.UUID]
) -> list[models.Apprentice]:
    """Who is selected in the call, has no live proposal `besides` these and no placement."""
    live = exists().where(
        col(models.Proposal.apprentice_id) == models.Apprentice.id,
        col(models.Proposal.status).in_(models.LIVE),
        col(models.Proposal.id).not_in(besides),
    )
    placed = exists().where(
        col(models.Placement.apprentice_id) == models.Apprentice.id,
        or_(
            col(models.Placement.status) == PlacementStatus.BOOKED,
            col(models.Placement.status) == PlacementStatus.ABROAD,
        ),
    )
    return list(
        session.exec(
            select(models.Apprentice)
            .join(models.Enrolment)
            .where(
                models.Enrolment.call_id == call_id,
                models.Enrolment.status == EnrolmentStatus.SELECTED,
                ~live,
                ~placed,
            )
            .order_by(col(models.Apprentice.id))
        )
    )


def refused_proposals(session: Session) -> list[models.Proposal]:
    """Proposals that somebody rejected or declined, in any call."""
    said_no = ProposalStatus.REJECTED, ProposalStatus.DECLINED
    return list(
        session.exec(
            select(models.Proposal)
            .where(col(models.Proposal.status).in_(said_no))
            .order_by(col(models.Proposal.id))
        )
    )


def current_settings(session: Session) -> dict[str, Any]:
    """The value of every setting that was ever made, as it holds now."""
    rows = session.exec(select(models.Setting).order_by(col(models.Setting.revision)))
    return {row.name: row.value for row in rows}


def call_by_code(session: Session, code: str) -> models.Call | None:
    """The call with this code."""
    return session.exec(select(models.Call).where(models.Call.code == code)).first()


def rounds_of_call(session: Session, call_id: uuid.UUID) -> list[models.Round]:
    """All rounds of a call, the newest first."""
    newest = col(models.Round.created_at).desc(), col(models.Round.id)
    return list(
        session.exec(select(models.Round).where(models.Round.call_id == call_id).order_by(*newest))
    )


def take_round(
    session: Session, owner: str, now: datetime.datetime, lease_until: datetime.datetime
) -> models.Round | None:
    """Take the round that has waited longest, or whose worker gave no sign of life.

    Of two who try at once one gets it; the other gets none and tries again later.
    """
    free = or_(
        col(models.Round.status) == RoundStatus.QUEUED,
        and_(
            col(models.Round.status) == RoundStatus.RUNNING,
            col(models.Round.lease_until) < now,
        ),
    )
    oldest = col(models.Round.created_at), col(models.Round.id)
    waiting = session.exec(select(models.Round).where(free).order_by(*oldest).limit(1)).first()
    if waiting is None:
        return None
    taken = _changed(
        session,
        update(models.Round)
        .where(
            col(models.Round.id) == waiting.id, col(models.Round.version) == waiting.version
        )
        .values(
            status=RoundStatus.RUNNING, owner=owner, lease_until=lease_until, changed_at=now,
            version=models.Round.version + 1,
        ),
    )  # fmt: skip
    session.refresh(waiting)
    return waiting if taken else None


def renew_lease(
    session: Session,
    round_id: uuid.UUID,
    owner: str,
    lease_until: datetime.datetime,
    progress: tuple[str, int, int],
) -> bool:
    """Whether the round is still the owner's; then its lease is longer and its progress told."""
    step, done, total = progress
    return _changed(
        session,
        update(models.Round)
        .where(*_held(round_id, owner))
        .values(lease_until=lease_until, step=step, done=done, total=total),
    )


def held_round(session: Session, round_id: uuid.UUID, owner: str) -> models.Round | None:
    """The running round if it is the owner's; nobody else changes it until the end."""
    return session.exec(
        select(models.Round).where(*_held(round_id, owner)).with_for_update()
    ).first()


def take_place(session: Session, window_id: uuid.UUID) -> bool:
    """Take a place of a window. False where none is left."""
    return _changed(
        session,
        update(models.OfferWindow)
        .where(
            col(models.OfferWindow.id) == window_id,
            col(models.OfferWindow.taken) < models.OfferWindow.places,
        )
        .values(taken=models.OfferWindow.taken + 1),
    )


def take_funding(session: Session, proposal: models.Proposal) -> bool:
    """Take a funded place of a call for a sending region. False where none is left."""
    return _changed(
        session,
        update(models.FundedPlaces)
        .where(
            *_funding(proposal),
            col(models.FundedPlaces.taken) < models.FundedPlaces.places,
        )
        .values(taken=models.FundedPlaces.taken + 1),
    )


def give_back(session: Session, proposal: models.Proposal) -> None:
    """Give the place and the funding of a proposal back."""
    for statement in (
        update(models.OfferWindow)
        .where(col(models.OfferWindow.id) == proposal.window_id)
        .values(taken=models.OfferWindow.taken - 1),
        update(models.FundedPlaces)
        .where(*_funding(proposal))
        .values(taken=models.FundedPlaces.taken - 1),
    ):
        _changed(session, statement)


def replace_proposal(session: Session, proposal_id: uuid.UUID, now: datetime.datetime) -> None:
    """A later round proposes something else."""
    found = session.get_one(models.Proposal, proposal_id)
    found.status, found.changed_at = ProposalStatus.REPLACED, now
    session.flush()


@dataclass(frozen=True)
class Situation:
    """What has become of a snapshot: who is free now, and which rows are as they were."""

    free: frozenset[uuid.UUID]
    changed: frozenset[uuid.UUID]
    behind: dict[uuid.UUID, tuple[uuid.UUID, ...]]

    def fault(self, row: models.Proposal) -> str | None:
        """Why a proposal of the snapshot cannot be stored any more: `person` or `changed`."""
        if row.apprentice_id not in self.free:
            return "person"
        rests_on = self.behind[row.apprentice_id] + self.behind[row.window_id]
        return "changed" if self.changed.intersection(rests_on) else None


def situation(session: Session, found: Snapshot) -> Situation:
    """Look again at everything that a snapshot holds."""
    rows: list[ChangingRow] = [
        *found.regions, *found.centres, *found.apprentices, *found.needs, *found.companies,
        *found.sites, *found.offers, *found.windows,
    ]  # fmt: skip
    versions: dict[uuid.UUID, int] = {
        identity: version
        for table in {type(row) for row in rows}
        for identity, version in session.execute(select(col(table.id), col(table.version)))
    }
    needs = {row.apprentice_id: row.id for row in found.needs}
    site_of = {offer.id: offer.site_id for offer in found.offers}
    company_of = {site.id: site.company_id for site in found.sites}
    behind = {p.id: tuple(i for i in (p.id, needs.get(p.id)) if i) for p in found.apprentices}
    for window in found.windows:
        site = site_of[window.offer_id]
        behind[window.id] = window.id, window.offer_id, site, company_of[site]
    again = [proposal.id for proposal in unanswered_proposals(session, found.call.id)]
    people = free_apprentices(session, found.call.id, besides=again)
    return Situation(
        free=frozenset(person.id for person in people),
        changed=frozenset(row.id for row in rows if versions.get(row.id) != row.version),
        behind=behind,
    )


def _held(round_id: uuid.UUID, owner: str) -> tuple[Any, ...]:
    return (
        col(models.Round.id) == round_id,
        col(models.Round.owner) == owner,
        col(models.Round.status) == RoundStatus.RUNNING,
    )


def _funding(proposal: models.Proposal) -> tuple[Any, ...]:
    """The funded places that a proposal uses: those of the person's region and activity."""
    person = col(models.Apprentice.id) == proposal.apprentice_id
    region = select(models.Centre.region_id).join(models.Apprentice).where(person)
    activity = select(models.Apprentice.activity).where(person)
    return (
        col(models.FundedPlaces.call_id) == proposal.call_id,
        col(models.FundedPlaces.region_id) == region.scalar_subquery(),
        col(models.FundedPlaces.activity) == activity.scalar_subquery(),
    )


def _changed(session: Session, statement: Any) -> bool:
    """Whether an UPDATE met a row. Rows that the session holds are not touched."""
    done: Any = session.execute(statement.execution_options(synchronize_session=False))
    return bool(done.rowcount)


def _every(session: Session, table: type[T]) -> list[T]:
    return list(session.exec(select(table).order_by(col(table.id))))


def _of_people(session: Session, table: type[OfPerson], ids: list[uuid.UUID]) -> list[OfPerson]:
    known = set(ids)
    return [row for row in _every(session, table) if row.apprentice_id in known]
