"""What a round rests on, and what has become of it since."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlmodel import Session, col, func, select

import models
from api.store.calls import free_apprentices, free_people
from api.store.cases import keeps_place
from api.store.groups import groups_of_call, members_of, versions_of_members
from api.store.proposals import refused_proposals, unanswered_proposals
from api.store.rows import every
from api.store.sealed import accepted_of, needs_of
from api.store.settings import current_settings
from api.store.windows import Place, places_of
from models import OfferStatus
from models.base import ChangingRow

OfPerson = TypeVar("OfPerson", models.SupportNeeds, models.AcceptedNeed)
AboutPerson = TypeVar("AboutPerson", models.SupportNeeds, models.AcceptedNeed, models.PairWish)

FEW = 1000
"""So many ids are named in a query; for more the whole table is read."""

Occupied = tuple[uuid.UUID, uuid.UUID, int]
"""A window, the company it is at, and how many of its places are taken."""


@dataclass(frozen=True)
class Snapshot:
    """What a round rests on, read in one transaction.

    `apprentices` are those who are selected in the call and free, `windows` all of published
    offers, `occupied` those of all offers, since caps count paused ones too; `reserve_used` how
    many people with fewer opportunities have a place of each window that reserves some;
    `recalculated` the call's proposals that nobody has answered, kept or been asked about: their
    people count as free and their places as not taken. `groups` are the call's travel groups that
    are not split, `members` everybody in them, free or not. `unreadable` are people of whom
    nobody can say what they need, with the record: they take no part.
    """

    call: models.Call
    regions: list[models.Region]
    centres: list[models.Centre]
    apprentices: list[models.Apprentice]
    needs: list[models.Needs]
    unreadable: dict[uuid.UUID, uuid.UUID]
    accepted_needs: list[models.NeedAccepted]
    companies: list[models.Company]
    sites: list[models.Site]
    offers: list[models.Offer]
    windows: list[models.OfferWindow]
    refused: list[models.Proposal]
    recalculated: list[models.Proposal]
    occupied: list[Occupied]
    reserve_used: Counter[uuid.UUID]
    wishes: list[models.PairWish]
    groups: list[models.TravelGroup]
    members: list[models.GroupMember]
    settings: dict[str, Any]


def snapshot(session: Session, call_id: uuid.UUID) -> Snapshot:
    """Everything a round of this call needs to know. Raises NoResultFound for no such call."""
    again = unanswered_proposals(session, call_id)
    people = free_apprentices(session, call_id, besides=[proposal.id for proposal in again])
    ids = [person.id for person in people]
    groups = groups_of_call(session, call_id)
    published = col(models.Offer.status) == OfferStatus.PUBLISHED
    offers = session.exec(select(models.Offer).where(published).order_by(col(models.Offer.id)))
    windows = session.exec(
        select(models.OfferWindow).join(models.Offer).where(published)
        .order_by(col(models.OfferWindow.id))
    )  # fmt: skip
    needs, unreadable = needs_of(session, "round", _of_people(session, models.SupportNeeds, ids))
    accepted = accepted_of(session, "round", _of_people(session, models.AcceptedNeed, ids))
    return Snapshot(
        call=session.exec(select(models.Call).where(models.Call.id == call_id)).one(),
        regions=every(session, models.Region),
        centres=every(session, models.Centre),
        apprentices=people,
        needs=needs,
        unreadable=unreadable,
        accepted_needs=accepted,
        companies=every(session, models.Company),
        sites=every(session, models.Site),
        offers=list(offers),
        windows=list(windows),
        refused=refused_proposals(session),
        recalculated=again,
        occupied=occupied_windows(session),
        reserve_used=_reserve_used(session, [proposal.id for proposal in again]),
        wishes=every(session, models.PairWish),
        groups=groups,
        members=members_of(session, [group.id for group in groups]),
        settings=current_settings(session),
    )


def snapshot_of_pairs(
    session: Session, call_id: uuid.UUID, people: Collection[uuid.UUID],
    windows: Collection[uuid.UUID],
) -> Snapshot:  # fmt: skip
    """The same for a few people beside some windows, by themselves, whoever else wants them."""
    alone = snapshot_of_people(session, call_id, people)
    return with_places(alone, places_of(session, windows).values())


def snapshot_of_people(
    session: Session, call_id: uuid.UUID, people: Collection[uuid.UUID]
) -> Snapshot:
    """The same for a few people without windows; schools, refusals and wishes are theirs alone."""
    needs, unreadable = needs_of(session, "pair", _of_few(session, models.SupportNeeds, people))
    accepted = accepted_of(session, "pair", _of_few(session, models.AcceptedNeed, people))
    apprentices = [session.get_one(models.Apprentice, one) for one in people]
    return Snapshot(
        call=session.get_one(models.Call, call_id),
        regions=every(session, models.Region),
        centres=[
            session.get_one(models.Centre, one) for one in {row.centre_id for row in apprentices}
        ],
        apprentices=apprentices,
        needs=needs,
        unreadable=unreadable,
        accepted_needs=accepted,
        companies=[],
        sites=[],
        offers=[],
        windows=[],
        refused=refused_proposals(session, people),
        recalculated=[],
        occupied=[],
        reserve_used=Counter(),
        wishes=_of_few(session, models.PairWish, people),
        groups=[],
        members=[],
        settings=current_settings(session),
    )


def with_places(found: Snapshot, known: Iterable[Place]) -> Snapshot:
    """The snapshot of some people beside windows; companies, sites and offers are theirs."""
    there = sorted(known, key=lambda place: place.window.id)
    return replace(
        found,
        companies=list({place.company.id: place.company for place in there}.values()),
        sites=list({place.site.id: place.site for place in there}.values()),
        offers=list({place.offer.id: place.offer for place in there}.values()),
        windows=[place.window for place in there],
    )


def _reserve_used(session: Session, besides: Sequence[uuid.UUID]) -> Counter[uuid.UUID]:
    """How many people with fewer opportunities hold a place of a window that reserves some.

    `besides`: proposals whose place counts as free.
    """
    held = session.execute(
        select(models.OfferWindow.id, models.SupportNeeds)
        .join(models.Proposal, col(models.Proposal.window_id) == models.OfferWindow.id)
        .join(
            models.SupportNeeds,
            col(models.SupportNeeds.apprentice_id) == models.Proposal.apprentice_id,
        )
        .outerjoin(models.Placement, col(models.Placement.proposal_id) == models.Proposal.id)
        .where(
            models.OfferWindow.reserved > 0,
            keeps_place(),
            col(models.Proposal.id).not_in(besides),
        )
    ).all()
    opened, _ = needs_of(session, "round", list({row.id: row for _, row in held}.values()))
    fewer = {row.id for row in opened if row.fewer_opportunities}
    return Counter(window for window, row in held if row.id in fewer)


def occupied_windows(session: Session) -> list[Occupied]:
    """Every window of which a place is taken."""
    rows = session.execute(
        select(models.OfferWindow.id, models.Site.company_id, models.OfferWindow.taken)
        .join(models.Offer, col(models.Offer.id) == models.OfferWindow.offer_id)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .where(models.OfferWindow.taken > 0)
    )
    return [(window, company, taken) for window, company, taken in rows]


def size(session: Session, call_id: uuid.UUID) -> tuple[int, int]:
    """How many people and windows a snapshot of this call has at most."""
    people = select(func.count()).where(
        models.Enrolment.call_id == call_id,
        models.Enrolment.status == models.EnrolmentStatus.SELECTED,
    )
    windows = (
        select(func.count()).select_from(models.OfferWindow).join(models.Offer)
        .where(models.Offer.status == OfferStatus.PUBLISHED)
    )  # fmt: skip
    return session.exec(people).one(), session.exec(windows).one()


@dataclass(frozen=True)
class Situation:
    """What has become of a snapshot: who is free now, and which rows are as they were."""

    free: frozenset[uuid.UUID]
    changed: frozenset[uuid.UUID]
    behind: dict[uuid.UUID, tuple[uuid.UUID, ...]]

    def fault(self, apprentice: uuid.UUID, window: uuid.UUID) -> str | None:
        """Why a pair of the snapshot cannot be proposed any more: `person` or `changed`."""
        if apprentice not in self.free:
            return "person"
        rests_on = self.behind[apprentice] + self.behind[window]
        return "changed" if self.changed.intersection(rests_on) else None


def situation(session: Session, found: Snapshot) -> Situation:
    """Look again at everything that a snapshot holds."""
    rows: list[ChangingRow | models.Needs] = [
        found.call, *found.regions, *found.centres, *found.apprentices, *found.needs,
        *found.companies, *found.sites, *found.offers, *found.windows,
    ]  # fmt: skip
    tables = {type(row) for row in rows if isinstance(row, ChangingRow)} | {models.SupportNeeds}
    versions: dict[uuid.UUID, int] = {
        identity: version
        for table in tables
        for identity, version in session.execute(select(col(table.id), col(table.version)))
    }
    needs = {row.apprentice_id: row.id for row in found.needs}
    site_of = {offer.id: offer.site_id for offer in found.offers}
    company_of = {site.id: site.company_id for site in found.sites}
    behind = {
        p.id: tuple(i for i in (p.id, needs.get(p.id), found.call.id) if i)
        for p in found.apprentices
    }
    for window in found.windows:
        site = site_of[window.offer_id]
        behind[window.id] = window.id, window.offer_id, site, company_of[site]
    return Situation(
        free=frozenset(free_people(session, found.call.id)),
        changed=frozenset(row.id for row in rows if versions.get(row.id) != row.version)
        | regrouped(session, found)
        | no_longer_accepted(session, found),
        behind=behind,
    )


def no_longer_accepted(session: Session, found: Snapshot) -> frozenset[uuid.UUID]:
    """The apprentices for whom somebody has taken an accepted need back since."""
    now = set(session.exec(select(models.AcceptedNeed.id))) if found.accepted_needs else set()
    return frozenset(row.apprentice_id for row in found.accepted_needs if row.id not in now)


def regrouped(session: Session, found: Snapshot) -> frozenset[uuid.UUID]:
    """The apprentices whose group has changed since, who came into one or left one."""
    group = {row.id: row for row in found.groups}
    then = {
        (row.apprentice_id, row.group_id, group[row.group_id].version, row.version)
        for row in found.members
    }
    now = versions_of_members(session, found.call.id)
    return frozenset(person for person, *_ in then ^ now)


def _of_people(session: Session, table: type[OfPerson], ids: list[uuid.UUID]) -> list[OfPerson]:
    if len(ids) < FEW:
        return every(session, table, col(table.apprentice_id).in_(ids))
    known = set(ids)
    return [row for row in every(session, table) if row.apprentice_id in known]


def _of_few(
    session: Session, table: type[AboutPerson], people: Collection[uuid.UUID]
) -> list[AboutPerson]:
    """The same where they are so few that the query can name them."""
    theirs = select(table).where(col(table.apprentice_id).in_(people))
    return list(session.exec(theirs.order_by(col(table.id))))
