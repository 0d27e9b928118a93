"""Partner regions and their centres."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlmodel import Session, col, select

import models


def region_by_code(session: Session, code: str, *conditions: Any) -> models.Region | None:
    """The region with this code, if it meets the conditions."""
    return session.exec(
        select(models.Region).where(models.Region.code == code, *conditions)
    ).first()


def countries(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The countries of regions, by their ids."""
    if not ids:
        return {}
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


def home_of(
    session: Session, role: models.Role | None, scope_id: uuid.UUID | None
) -> models.Region | None:
    """The region of whoever has this role and scope, None for who belongs to none."""
    if role is None or scope_id is None:
        return None
    if role == models.Role.COORDINATOR:
        return session.get(models.Region, scope_id)
    region = models.Region
    of_company = select(region).join(models.Company, col(models.Company.region_id) == region.id)
    of_centre = select(region).join(models.Centre, col(models.Centre.region_id) == region.id)
    of_person = of_centre.join(
        models.Apprentice, col(models.Apprentice.centre_id) == models.Centre.id
    )
    wards = select(models.Guardian.apprentice_id).where(models.Guardian.id == scope_id)
    found = {
        models.Role.COMPANY: of_company.where(models.Company.id == scope_id),
        models.Role.CENTRE: of_centre.where(models.Centre.id == scope_id),
        models.Role.APPRENTICE: of_person.where(models.Apprentice.id == scope_id),
        models.Role.GUARDIAN: of_person.where(col(models.Apprentice.id).in_(wards)),
    }.get(role)
    return None if found is None else session.exec(found).first()
