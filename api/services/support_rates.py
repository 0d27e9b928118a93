"""What National Agencies pay for a day, entered by those who have read it."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import (
    NoSuchRateError,
    NoSuchRegionError,
    StaleVersionError,
    UnknownActivityError,
)
from api.policy import Scope
from api.services import records
from matcher.vocabulary import default_reference
from models.support import SupportRateFields
from models.support_views import RateKey, RateShown


def regions(session: Session, caller: Caller, scope: Scope) -> Sequence[models.Region]:
    """The regions whose rates somebody may enter, by name."""
    mine = store.scopes.regions_in(scope, caller.scope_id)
    found = store.rows.every(session, models.Region, mine)
    return sorted(found, key=lambda region: region.name)


def overview(session: Session) -> list[RateShown]:
    """Every rate that was entered, by region, the newest call first."""
    return [shown(row, region) for row, region in store.support.rates(session)]


def enter(
    session: Session, caller: Caller, scope: Scope, key: RateKey, fields: SupportRateFields,
    *, seen: int | None,
) -> tuple[models.SupportRate, models.Region]:  # fmt: skip
    """Enter a rate, in place of the one that was there. `seen` is 0 where none was.

    Raises NoSuchRegionError, UnknownActivityError, StaleVersionError.
    """
    region, row = _found(session, caller, scope, key)
    if key.activity not in default_reference().codes("activities"):
        raise UnknownActivityError(key.activity)
    if row is not None:
        records.check_version("support_rate", row, seen)
        records.change(session, caller, row, fields.model_dump())
        return row, region
    if seen:
        raise StaleVersionError("support_rate", seen, 0)
    made = models.SupportRate(
        **records.stamps(caller), **fields.model_dump(), region_id=region.id,
        call_year=key.call_year, activity=key.activity, country_group=key.country_group,
    )  # fmt: skip
    try:
        with session.begin_nested():
            records.made(session, caller, made, **_told(made))
    except IntegrityError:  # somebody else entered it meanwhile
        raise StaleVersionError("support_rate", 0, 1) from None
    return made, region


def remove(
    session: Session, caller: Caller, scope: Scope, key: RateKey, *, seen: int | None
) -> None:  # fmt: skip
    """Take a rate back. Raises NoSuchRegionError, NoSuchRateError, StaleVersionError."""
    _, row = _found(session, caller, scope, key)
    if row is None:
        raise NoSuchRateError
    records.check_version("support_rate", row, seen)
    records.note(session, caller, "support_rate.removed", row, **_told(row))
    session.delete(row)
    session.flush()


def shown(row: models.SupportRate, region: models.Region) -> RateShown:
    """A rate with the code of its region."""
    names = RateShown.model_fields.keys() - {"region"}
    return RateShown(region=region.code, **{name: getattr(row, name) for name in names})


def _found(
    session: Session, caller: Caller, scope: Scope, key: RateKey
) -> tuple[models.Region, models.SupportRate | None]:
    mine = store.scopes.regions_in(scope, caller.scope_id)
    region = store.regions.region_by_code(session, key.region, mine)
    if region is None:
        raise NoSuchRegionError(key.region)
    row = store.support.rate(session, region.id, key.call_year, key.activity, key.country_group)
    return region, row


def _told(row: models.SupportRate) -> dict[str, object]:
    """What the audit keeps of a rate: which, and how much."""
    return {
        "region": row.region_id, "call_year": row.call_year, "activity": row.activity,
        "country_group": row.country_group, "day_cents": row.day_cents, "status": str(row.status),
    }  # fmt: skip
