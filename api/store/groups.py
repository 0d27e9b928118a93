"""Travel groups, who is in them, and who of them has a place."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, select

import models


def groups(
    session: Session, *conditions: Any, after: uuid.UUID | None = None, limit: int | None = None
) -> list[models.TravelGroup]:
    """The groups that meet the conditions, by their ids, split or not."""
    wanted = [*conditions] if after is None else [*conditions, col(models.TravelGroup.id) > after]
    found = select(models.TravelGroup).where(*wanted).order_by(col(models.TravelGroup.id))
    return list(session.exec(found.limit(limit)))


def groups_of_call(session: Session, call_id: uuid.UUID) -> list[models.TravelGroup]:
    """The groups of a call that are not split."""
    return list(
        session.exec(
            select(models.TravelGroup)
            .where(models.TravelGroup.call_id == call_id, unsplit())
            .order_by(col(models.TravelGroup.id))
        )
    )


def members_of(session: Session, group_ids: Collection[uuid.UUID]) -> list[models.GroupMember]:
    """Who is in these groups."""
    return list(
        session.exec(
            select(models.GroupMember)
            .where(col(models.GroupMember.group_id).in_(group_ids))
            .order_by(col(models.GroupMember.id))
        )
    )


Travelling = tuple[models.GroupMember, models.Apprentice, bool]
"""A member, the person, and whether the person meets a condition."""


def members_with_people(
    session: Session, group_ids: Collection[uuid.UUID], mine: ColumnElement[bool]
) -> list[Travelling]:
    """Who is in these groups, each with whether the person, joined with the centre, is `mine`."""
    found = session.execute(
        select(models.GroupMember, models.Apprentice, mine)
        .join(models.Apprentice, col(models.Apprentice.id) == models.GroupMember.apprentice_id)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .where(col(models.GroupMember.group_id).in_(group_ids))
        .order_by(col(models.GroupMember.id))
    )
    return [(member, person, bool(own)) for member, person, own in found]


def member(
    session: Session, group_id: uuid.UUID, apprentice_id: uuid.UUID
) -> models.GroupMember | None:
    """Somebody in a group."""
    return session.exec(
        select(models.GroupMember).where(
            models.GroupMember.group_id == group_id,
            models.GroupMember.apprentice_id == apprentice_id,
        )
    ).first()


def group_of(
    session: Session, apprentice_id: uuid.UUID, call_id: uuid.UUID
) -> models.TravelGroup | None:
    """The group of a call, not split, that somebody is in."""
    return session.exec(
        select(models.TravelGroup)
        .join(models.GroupMember)
        .where(
            models.TravelGroup.call_id == call_id,
            unsplit(),
            models.GroupMember.apprentice_id == apprentice_id,
        )
        .order_by(col(models.TravelGroup.id))
    ).first()


def in_groups(
    session: Session, call_id: uuid.UUID, people: Collection[uuid.UUID]
) -> set[uuid.UUID]:
    """Who of these people is in a group of the call that is not split."""
    return set(
        session.exec(
            select(models.GroupMember.apprentice_id)
            .join(models.TravelGroup)
            .where(
                models.TravelGroup.call_id == call_id,
                unsplit(),
                col(models.GroupMember.apprentice_id).in_(people),
            )
        )
    )


def versions_of_members(
    session: Session, call_id: uuid.UUID
) -> set[tuple[uuid.UUID, uuid.UUID, int, int]]:
    """Each member with the group, the group's version and the member's own."""
    rows = session.exec(
        select(
            models.GroupMember.apprentice_id, models.TravelGroup.id,
            models.TravelGroup.version, models.GroupMember.version,
        )
        .join(models.TravelGroup, col(models.TravelGroup.id) == models.GroupMember.group_id)
        .where(models.TravelGroup.call_id == call_id, unsplit())
    )  # fmt: skip
    return {(person, group, of_group, own) for person, group, of_group, own in rows}


def accompanying_of(
    session: Session, group_ids: Collection[uuid.UUID]
) -> list[models.AccompanyingPerson]:
    """Who goes along with these groups, in the order of their days."""
    return list(
        session.exec(
            select(models.AccompanyingPerson)
            .where(col(models.AccompanyingPerson.group_id).in_(group_ids))
            .order_by(col(models.AccompanyingPerson.first_day), col(models.AccompanyingPerson.id))
        )
    )


def forget_accompanying(session: Session, group_id: uuid.UUID) -> None:
    """Remove everybody who goes along with a group."""
    session.execute(
        delete(models.AccompanyingPerson).where(col(models.AccompanyingPerson.group_id) == group_id)
    )


def with_place(
    session: Session, call_id: uuid.UUID, people: Collection[uuid.UUID], *known: Any
) -> set[uuid.UUID]:
    """Who of these people has a live proposal or a current placement of the call.

    Live proposals count that meet what is `known`, a condition.
    """
    proposed = session.exec(
        select(models.Proposal.apprentice_id).where(
            models.Proposal.call_id == call_id,
            col(models.Proposal.status).in_(models.LIVE),
            col(models.Proposal.apprentice_id).in_(people),
            *known,
        )
    )
    placed = session.exec(
        select(models.Placement.apprentice_id)
        .join(models.Proposal, col(models.Proposal.id) == models.Placement.proposal_id)
        .where(
            models.Proposal.call_id == call_id,
            col(models.Placement.status).in_(models.CURRENT),
            col(models.Placement.apprentice_id).in_(people),
        )
    )
    return {*proposed, *placed}


def unsplit() -> ColumnElement[bool]:
    """The condition that a group has effect, or would have if both wished."""
    return col(models.TravelGroup.split_at).is_(None)
