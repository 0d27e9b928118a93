"""What Erasmus+ would pay for a stay, and the day rates that National Agencies fix."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.edge import Permit, Reading, SeenVersion, Writing, may, tag
from api.policy import Action
from api.routes.calls import Code
from api.services import support, support_rates
from api.services.proposals import seen_case
from api.store.scopes import cases_in
from models.support import COUNTRY_GROUPS, FIRST_CALL_YEAR, LAST_CALL_YEAR, SupportRateFields
from models.support_views import RateKey, RateList, RateShown, SupportShown

router = APIRouter(tags=["support"])

CallYear = Annotated[int, Path(ge=FIRST_CALL_YEAR, le=LAST_CALL_YEAR, examples=[2026])]
Group = Annotated[int, Path(ge=COUNTRY_GROUPS[0], le=COUNTRY_GROUPS[-1])]


@router.get("/proposals/{proposal_id}/support")
def support_of_proposal(
    proposal_id: uuid.UUID, session: Reading, permit: Permit = may(Action.SUPPORT_READ)
) -> SupportShown:
    """What Erasmus+ would pay for a proposed stay: an estimate with its parts and sources."""
    case = seen_case(session, proposal_id, cases_in(permit.scope, permit.caller.scope_id))
    return support.of_case(session, case)


@router.get("/support-rates")
def list_rates(session: Reading, _permit: Permit = may(Action.SUPPORT_RATE_READ)) -> RateList:
    """The day rates that were entered, with who says so and when."""
    return RateList(items=support_rates.overview(session))


@router.put("/support-rates/{region}/{call_year}/{activity}/{country_group}")
def enter_rate(
    region: Code, call_year: CallYear, activity: Code, country_group: Group,
    asked: SupportRateFields, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.SUPPORT_RATE_CHANGE),
) -> RateShown:  # fmt: skip
    """Enter the full amount of a day, in euro cents, as a National Agency says it.

    If-Match is the version of that rate in the list, "0" where there is none yet.
    """
    key = _key(region, call_year, activity, country_group)
    row, home = support_rates.enter(session, permit.caller, permit.scope, key, asked, seen=seen)
    response.headers["ETag"] = tag(row.version)
    return support_rates.shown(row, home)


@router.delete("/support-rates/{region}/{call_year}/{activity}/{country_group}", status_code=204)
def remove_rate(
    region: Code, call_year: CallYear, activity: Code, country_group: Group, session: Writing,
    seen: SeenVersion, permit: Permit = may(Action.SUPPORT_RATE_CHANGE),
) -> None:  # fmt: skip
    """Take a rate back."""
    key = _key(region, call_year, activity, country_group)
    support_rates.remove(session, permit.caller, permit.scope, key, seen=seen)


def _key(region: str, call_year: int, activity: str, country_group: int) -> RateKey:
    return RateKey(
        region=region, call_year=call_year, activity=activity, country_group=country_group
    )
