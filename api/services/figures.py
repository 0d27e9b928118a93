"""Figures of a call: who goes where, what regions send and host, places and people by month.

Whoever looks sees exactly what concerns the own region. Of others, one to four people are only
said to be so few (docs/decisions/0021-figures.md); every sum is made of what is shown.
"""

import calendar
import datetime
import uuid
from collections import Counter
from collections.abc import Iterable

from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import NoSuchCallError
from api.policy import Action, Scope, scope_of
from api.store.figures import InMonths, Month
from api.store.scopes import cases_in
from matcher.vocabulary import default_reference, unit_group
from models.figure_views import (
    Balance,
    BalanceShown,
    Counted,
    Flow,
    FlowsShown,
    MonthsShown,
    OfMonth,
    RegionShown,
)

FEWEST = 5
"""Fewer people than that of other regions are not told exactly."""

MOST_MONTHS = 24
"""So many months of a call are shown, from its first on."""

MOST_REGIONS = 200

NONE = Counted(low=0, high=0)


def call_of(session: Session, code: str | None) -> models.Call | None:
    """The call with this code, the newest open one without. Raises NoSuchCallError."""
    if not code:
        return store.figures.newest_call(session)
    found = store.calls.call_by_code(session, code)
    if found is None:
        raise NoSuchCallError(code)
    return found


def as_seen(count: int, *, exactly: bool) -> Counted:
    """A number of people as it is told."""
    if exactly or count == 0 or count >= FEWEST:
        return Counted(low=count, high=count)
    return Counted(low=1, high=FEWEST - 1)


def flows(session: Session, call: models.Call, scope: Scope, own: uuid.UUID | None) -> FlowsShown:
    """The flows of a call, the largest first. `own` is the region of whoever looks."""
    regions = {row.id: row for row in _regions(session)}
    placed, asked = (of(session, call.id) for of in (store.figures.placed, store.figures.asked))
    made = []
    for pair in placed.keys() | asked.keys():
        sending, hosting = (regions[one].code for one in pair)
        exactly = scope == Scope.ALL or own in pair
        made.append(
            Flow(
                sending=sending, hosting=hosting,
                placed=as_seen(placed.get(pair, 0), exactly=exactly),
                asked=as_seen(asked.get(pair, 0), exactly=exactly),
            )
        )  # fmt: skip
    made.sort(key=lambda one: (-one.placed.high, -one.asked.high, one.sending, one.hosting))
    return FlowsShown(call=call.code, regions=_shown(regions.values()), flows=made)


def proposed(session: Session, call: models.Call, caller: Caller) -> dict[tuple[str, str], int]:
    """Proposals of which only coordinators know, by the codes of both regions, exactly.

    Those that whoever looks sees in the own list, and no others: a hosting region learns of
    nobody before its turn.
    """
    scope = scope_of(caller.role, Action.PROPOSAL_READ) if caller.role else None
    if scope is None:
        return {}
    code = {row.id: row.code for row in _regions(session)}
    found = store.figures.proposed(session, call.id, cases_in(scope, caller.scope_id))
    return {(code[sending], code[hosting]): count for (sending, hosting), count in found.items()}


def balance(shown: FlowsShown) -> BalanceShown:
    """What each region sent and hosted, from the flows as they are shown."""
    made = []
    for region in shown.regions:
        sent = [one.placed for one in shown.flows if one.sending == region.code]
        hosted = [one.placed for one in shown.flows if one.hosting == region.code]
        made.append(Balance(region=region.code, sent=sum(sent, NONE), hosted=sum(hosted, NONE)))
    return BalanceShown(call=shown.call, regions=shown.regions, balance=made)


def months(session: Session, call: models.Call, scope: Scope, own: uuid.UUID | None) -> MonthsShown:
    """Places that are open and people who can be away in each month of a call's stays."""
    wanted = months_of(call.stays_from, call.stays_to)
    places = _by_sector(store.figures.places_in(session, wanted))
    people = store.figures.people_in(session, call.id, wanted)
    near = _by_sector(one for one in people if scope == Scope.ALL or one.region_id == own)
    far = _by_sector(one for one in people if scope != Scope.ALL and one.region_id != own)
    sectors = [*default_reference().codes("sectors"), ""]
    made = [
        OfMonth(
            month=first, sector=sector, places=places[sector, n],
            people=as_seen(near[sector, n], exactly=True)
            + as_seen(far[sector, n], exactly=False),
        )
        for n, (first, _) in enumerate(wanted)
        for sector in sectors
    ]  # fmt: skip
    return MonthsShown(call=call.code, months=made)


def months_of(first: datetime.date, last: datetime.date) -> list[Month]:
    """The months from one day to another, at most MOST_MONTHS of them."""
    found: list[Month] = []
    day = first.replace(day=1)
    while day <= last and len(found) < MOST_MONTHS:
        end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        found.append((day, end))
        if end == datetime.date.max:
            break
        day = end + datetime.timedelta(days=1)
    return found


def _by_sector(rows: Iterable[InMonths]) -> Counter[tuple[str, int]]:
    """How many in a sector and month; occupations of no sector count under ""."""
    known = default_reference().codes("isco08")
    found: Counter[tuple[str, int]] = Counter()
    for row in rows:
        sector = known.get(unit_group(row.occupation), {}).get("sector", "")
        for n, count in enumerate(row.counts):
            found[sector, n] += count
    return found


def _regions(session: Session) -> list[models.Region]:
    return store.regions.regions(session, after=None, limit=MOST_REGIONS)


def _shown(rows: Iterable[models.Region]) -> list[RegionShown]:
    made = [RegionShown(**{n: getattr(row, n) for n in RegionShown.model_fields}) for row in rows]
    return sorted(made, key=lambda one: one.name)
