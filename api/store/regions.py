"""Partner regions and their centres."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

import models
from models import Role


def region_by_code(session: Session, code: str, *conditions: Any) -> models.Region | None:
    """The region with this code, if it meets the conditions."""
    return session.exec(
        select(models.Region).where(models.Region.code == code, *conditions)
    ).first()


def countries(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The countries of regions, by their ids."""
    found = select(models.Region.id, models.Region.country)
    return dict(session.exec(found.where(col(models.Region.id).in_(ids))).all())


def regions(session: Session, *, after: uuid.UUID | None, limit: int) -> list[models.Region]:
    """The regions, by their ids."""
    wanted = [] if after is None else [col(models.Region.id) > after]
    found = select(models.Region).where(*wanted).order_by(col(models.Region.id))
    return list(session.exec(found.limit(limit)))


def centres(
    session: Session, *, region: str | None, after: uuid.UUID | None, limit: int
) -> list[tuple[models.Centre, models.Region]]:
    """The centres, those of one region where its code is given, by their ids."""
    wanted: list[Any] = [] if after is None else [col(models.Centre.id) > after]
    if region is not None:
        wanted.append(models.Region.code == region)
    found = session.execute(
        select(models.Centre, models.Region)
        .join(models.Region, col(models.Region.id) == models.Centre.region_id)
        .where(*wanted)
        .order_by(col(models.Centre.id))
        .limit(limit)
    )
    return [(centre, home) for centre, home in found]


def centre_ids(session: Session, region_id: uuid.UUID | None) -> set[uuid.UUID]:
    """The ids of a region's centres."""
    return set(session.exec(select(models.Centre.id).where(models.Centre.region_id == region_id)))


def home_of(session: Session, role: Role, scope_id: uuid.UUID) -> models.Region | None:
    """The region to which an account belongs by its role and what it is an account of."""
    region, centre = models.Region, models.Centre
    person, guardian, company = models.Apprentice, models.Guardian, models.Company
    of_centre = col(region.id) == centre.region_id, col(person.centre_id) == centre.id
    ways: dict[Role, tuple[ColumnElement[bool], ...]] = {
        Role.COORDINATOR: (col(region.id) == scope_id,),
        Role.CENTRE: (col(region.id) == centre.region_id, col(centre.id) == scope_id),
        Role.COMPANY: (col(region.id) == company.region_id, col(company.id) == scope_id),
        Role.APPRENTICE: (*of_centre, col(person.id) == scope_id),
        Role.GUARDIAN: (
            *of_centre, col(person.id) == guardian.apprentice_id, col(guardian.id) == scope_id,
        ),
    }  # fmt: skip
    way = ways.get(role)
    return session.exec(select(region).where(*way)).first() if way else None
