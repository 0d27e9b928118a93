"""What National Agencies pay for a day, entered by those who have read it."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import (
    NoSuchRateError,
    StaleVersionError,
    UnknownActivityError,
)
from api.policy import Scope
from api.services import calls, records
from matcher.vocabulary import default_reference
from models.support import SupportRateFields
from models.support_views import RateKey, RateShown


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
    records.check_seen("support_rate", row.version if row else 0, seen)
    if row is not None:
        records.change(session, caller, row, fields.model_dump())
        return row, region
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
    region = calls.region_in_scope(session, caller, scope, key.region)
    row = store.support.rate(session, region.id, key.call_year, key.activity, key.country_group)
    return region, row


def _told(row: models.SupportRate) -> dict[str, object]:
    """What the audit keeps of a rate: which, and how much."""
    return {
        "region": row.region_id, "call_year": row.call_year, "activity": row.activity,
        "country_group": row.country_group, "day_cents": row.day_cents, "status": str(row.status),
    }  # fmt: skip
