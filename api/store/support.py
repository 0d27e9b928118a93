"""What National Agencies pay for a day, as it was entered."""

import uuid
from typing import Any

from sqlmodel import Session, col, select

import models


def rates(session: Session, *conditions: Any) -> list[tuple[models.SupportRate, models.Region]]:
    """Rates with their sending regions, by region, the newest call first."""
    rate = models.SupportRate
    found = session.execute(
        select(rate, models.Region)
        .join(models.Region, col(models.Region.id) == rate.region_id)
        .where(*conditions)
        .order_by(
            col(models.Region.code), col(rate.call_year).desc(), col(rate.activity),
            col(rate.country_group),
        )
    )  # fmt: skip
    return [(one, region) for one, region in found]


def rate(
    session: Session, region_id: uuid.UUID, call_year: int, activity: str, country_group: int
) -> models.SupportRate | None:
    """The one rate of a sending region, a call, an activity type and a group of countries."""
    row = models.SupportRate
    return session.exec(
        select(row).where(
            row.region_id == region_id, row.call_year == call_year, row.activity == activity,
            row.country_group == country_group,
        )
    ).first()  # fmt: skip
