"""The smallest changes that would open a pair, and what it means to make them.

A repair looks at one pair and answers the cheapest change that satisfies its rule, by the
costs of change_costs.csv, or None where nobody can change it. `to` holds what a field
becomes; `applied` makes the changes, so that every set can be tried.
A need is never asked to be dropped: only the offer's side can answer a hard need.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matcher import limits
from matcher.encode import free_periods, shift_of
from matcher.problem import Apprentice, Declined, Offer, Problem
from matcher.result import Change
from matcher.vocabulary import CEFR_LEVELS, Provision, Reference, Strength

REACH = 400
"""How many days beyond the windows are looked at for a possible stay."""


@dataclass(frozen=True)
class Pair:
    """One apprentice beside one offer, with what the problem says about the two."""

    apprentice: Apprentice
    offer: Offer
    facts: Reference
    today: datetime.date
    start_weekdays: tuple[int, ...]
    accepted_needs: frozenset[str]


@dataclass(frozen=True)
class Repair:
    """Changes that belong together, and their cost by change_costs.csv."""

    changes: tuple[Change, ...]
    cost: float


def repair(
    pair: Pair, rule: str, by: str, unit: str, to: dict[str, Any], amount: float = 1
) -> Repair:
    """One change; `amount` counts the units it takes."""
    cost = pair.facts.cost(rule, by, unit) * amount
    return Repair((Change(rule=rule, by=by, to=to),), cost)


def cheapest(repairs: Iterable[Repair | None]) -> Repair | None:
    """The repair of least cost; of equal ones the first."""
    found = [r for r in repairs if r is not None]
    return min(found, key=lambda r: (r.cost, len(r.changes)), default=None)


def accept_destination(pair: Pair) -> Repair | None:
    """Add the host's country to the destinations, as the last one."""
    wished = [*pair.apprentice.destinations, pair.offer.country]
    return repair(pair, "destination", "apprentice", "country", {"destinations": wished})


def learn_language(pair: Pair) -> Repair | None:
    """Reach the level in the accepted language with the fewest steps, or get support for one."""
    ways = []
    for language, level in sorted(pair.offer.languages.items()):
        asked = CEFR_LEVELS.index(level) - pair.offer.language_support
        known = pair.apprentice.languages.get(language)
        steps = max(asked, 0) - (CEFR_LEVELS.index(known) if known else -1)
        to = {language: CEFR_LEVELS[max(asked, 0)]}
        ways.append(repair(pair, "language", "apprentice", "level", to, steps))
        if steps == 1 and known and not pair.offer.language_support:
            support = {"language_support": True}
            ways.append(repair(pair, "language", "offer", "support", support))
    return cheapest(ways)


def add_mode(pair: Pair) -> Repair | None:
    """One side accepts a mode of the other; the offer's side first where both cost the same."""
    mine, yours = list(pair.apprentice.modes), list(pair.offer.modes)
    return cheapest(
        [
            repair(pair, "mode", "offer", "mode", {"modes": [*yours, mine[0]]}),
            repair(pair, "mode", "apprentice", "mode", {"modes": [*mine, yours[0]]}),
        ]
    )


def accept_status(pair: Pair) -> Repair | None:
    """The host takes people of this status too."""
    statuses = [*pair.offer.statuses, pair.apprentice.status]
    return repair(pair, "status", "offer", "status", {"statuses": statuses})


def obtain_licences(pair: Pair) -> Repair | None:
    """Obtain every missing licence; None where the person is too young for one of them."""
    held = set(pair.apprentice.licences)
    missing = [code for code in pair.offer.licences if code not in held]
    last = min(pair.apprentice.available_to, pair.offer.available_to)
    for code in missing:
        least = pair.facts.codes("licences")[code]["min_age"]
        if least and limits.birthday(pair.apprentice.birth_date, int(least)) > last:
            return None
    to = {"licences": [*pair.apprentice.licences, *missing]}
    return repair(pair, "licences", "apprentice", "licence", to, len(missing))


def verify_host(pair: Pair) -> Repair | None:
    """The hosting partner verifies the host."""
    return repair(pair, "host_verified", "offer", "verification", {"verified": True})


def accept_company(pair: Pair) -> Repair | None:
    """The apprentice no longer excludes the company."""
    kept = [c for c in pair.apprentice.excluded_companies if c != pair.offer.company]
    return repair(pair, "company_excluded", "apprentice", "company", {"excluded_companies": kept})


def resolve_reason(pair: Pair) -> Repair | None:
    """The reason for which the pair was declined is resolved."""
    return repair(pair, "declined", "apprentice", "reason", {"resolved": True})


def provide(pair: Pair) -> Repair | None:
    """The offer provides for every hard need that is not met and not accepted."""
    met = {Provision.CERTIFIED, Provision.DECLARED}
    missing = {
        code: Provision.DECLARED.value
        for code, strength in sorted(pair.apprentice.needs.items())
        if strength == Strength.HARD
        and pair.offer.provisions.get(code) not in met
        and code not in pair.accepted_needs
    }
    return repair(pair, "hard_needs", "offer", "provision", missing, len(missing))


def lower_minimum_age(pair: Pair) -> Repair | None:
    """The offer takes people of the apprentice's age, where the law allows that."""
    law = limits.minimum_age(pair.facts, pair.apprentice.country, pair.offer.country, None)
    age = _age(pair)
    if age < law or (pair.offer.min_age or 0) <= age:
        return None
    return repair(pair, "minimum_age", "offer", "age", {"min_age": age})


def leave_tasks_out(pair: Pair) -> Repair | None:
    """Leave out the tasks that are barred at the apprentice's age."""
    age = _age(pair)
    kept = [task for task in pair.offer.tasks if limits.hazard_age(pair.facts, [task]) <= age]
    left_out = len(pair.offer.tasks) - len(kept)
    return repair(pair, "hazards", "offer", "task", {"tasks": kept}, left_out)


def change_hours(pair: Pair) -> Repair | None:
    """Hours that all laws allow at the apprentice's age, as near to the offered ones as can be."""
    offer, age = pair.offer, _age(pair)
    rows = [
        limit
        for at_age in range(age, max(age, limits.ADULT) + 1)
        for limit in limits.working_time_limits(
            pair.facts,
            pair.apprentice.country,
            pair.apprentice.status,
            offer.country,
            offer.occupations,
            at_age,
        )
    ]
    plain_day = limits.shift("08:00", "16:30", 8, 5)
    start, end, per_day, per_week = shift_of(offer) or plain_day
    earliest = max(row.window[0] for row in rows)
    latest = min(row.window[1] for row in rows)
    span = min(end - start, latest - earliest, int(60 * (24 - max(row.rest for row in rows))))
    start = min(max(start, earliest), latest - span)
    days_week = int(min(per_week, *(row.days_week for row in rows)))
    most = min(
        *(row.hours_day for row in rows), *(row.hours_week / days_week for row in rows), span / 60
    )
    to = {
        "start": _clock(start),
        "end": _clock((start + span) % 1440),
        "per_day": min(per_day, most),
        "days_per_week": days_week,
    }
    if span <= 0 or not _allowed_at(pair, to, age):
        return None
    return repair(pair, "working_time", "offer", "hours", {"hours": to})


def _allowed_at(pair: Pair, hours: dict[str, Any], age: int) -> bool:
    needed = limits.working_time_age(
        pair.facts,
        pair.apprentice.country,
        pair.apprentice.status,
        pair.offer.country,
        limits.shift(hours["start"], hours["end"], hours["per_day"], hours["days_per_week"]),
        pair.offer.occupations,
    )
    return needed <= age


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _age(pair: Pair) -> int:
    """Age on the first day on which both windows are open, or at the latest on the offer's last."""
    first = max(pair.apprentice.available_from, pair.offer.available_from)
    return limits.age_on(pair.apprentice.birth_date, min(first, pair.offer.available_to))


def move_dates(pair: Pair) -> Repair | None:
    """Move windows and lengths as little as possible, so that a stay of some length fits.

    Days when the apprentice is not available, ages, weekdays and the law stay as they are,
    and no stay begins before today.
    """
    apprentice, offer = pair.apprentice, pair.offer
    least, most = limits.day_limits(pair.facts, apprentice.activity, apprentice.fewer_opportunities)
    by_law = limits.longest_by_law(
        pair.facts,
        apprentice.country,
        apprentice.status,
        apprentice.training_days,
        apprentice.days_abroad,
    )
    most = most if by_law is None else min(most, by_law)
    shortest = max(apprentice.days.min, offer.days.min)
    lengths = {shortest, min(apprentice.days.max, offer.days.max), _common_days(pair), least, most}
    ways = [_move_to(pair, length) for length in sorted(lengths) if least <= length <= most]
    return cheapest(ways)


def limited_by_law(pair: Pair) -> bool:
    """Whether national law or the programme limits the length or the end of the stay."""
    row = pair.apprentice
    longest = limits.longest_by_law(
        pair.facts, row.country, row.status, row.training_days, row.days_abroad
    )
    last = limits.latest_end_by_law(pair.facts, row.country, row.status, row.graduated_on)
    return longest is not None or last is not None


def _common_days(pair: Pair) -> int:
    """The longest run of days that both windows have now."""
    first, last = pair.offer.available_from.toordinal(), pair.offer.available_to.toordinal()
    earliest = _earliest(pair).toordinal()
    runs = [
        min(until, last) - max(begin, first, earliest) + 1
        for begin, until in free_periods(pair.apprentice, pair.today)
    ]
    return max(runs)


def _earliest(pair: Pair) -> datetime.date:
    """The first day on which no rule about age refuses."""
    apprentice, offer, facts = pair.apprentice, pair.offer, pair.facts
    age = max(
        limits.minimum_age(facts, apprentice.country, offer.country, offer.min_age),
        limits.hazard_age(facts, offer.tasks),
        limits.working_time_age(
            facts,
            apprentice.country,
            apprentice.status,
            offer.country,
            shift_of(offer),
            offer.occupations,
        ),
    )
    return limits.birthday(apprentice.birth_date, age)


def _move_to(pair: Pair, length: int) -> Repair | None:
    """The cheapest way to a stay of exactly this length."""
    apprentice, offer = pair.apprentice, pair.offer
    mine = apprentice.available_from.toordinal(), apprentice.available_to.toordinal()
    yours = offer.available_from.toordinal(), offer.available_to.toordinal()
    low = max(min(mine[0], yours[0]) - REACH, _earliest(pair).toordinal())
    low = max(low, pair.today.toordinal())
    start = np.arange(low, max(mine[1], yours[1], low) + REACH)
    end = start + length - 1
    possible = np.ones(len(start), dtype=np.bool_)
    if pair.start_weekdays:
        possible &= np.isin((start + 6) % 7 + 1, pair.start_weekdays)
    last = limits.latest_end_by_law(
        pair.facts, apprentice.country, apprentice.status, apprentice.graduated_on
    )
    if last is not None:
        possible &= end <= last.toordinal()
    for away, back in apprentice.not_available:
        possible &= (end < away.toordinal()) | (start > back.toordinal())
    if not possible.any():
        return None
    cost = pair.facts.cost
    outside_mine = np.maximum(mine[0] - start, 0) + np.maximum(end - mine[1], 0)
    outside_yours = np.maximum(yours[0] - start, 0) + np.maximum(end - yours[1], 0)
    moved = cost("dates", "apprentice", "day") * outside_mine
    moved = moved + cost("dates", "offer", "day") * outside_yours
    best = int(np.argmin(np.where(possible, moved, np.inf)))
    first, until = int(start[best]), int(end[best])
    found = [_window(mine, first, until), _window(yours, first, until)]
    total = float(moved[best])
    changes = []
    for by, to, wanted in (
        ("apprentice", found[0], apprentice.days),
        ("offer", found[1], offer.days),
    ):
        days = _length(wanted, length)
        if days:
            to["days"] = days
            by_days = max(wanted.min - length, length - wanted.max)
            total += cost("dates", by, "length_day") * by_days
        if to:
            changes.append(Change(rule="dates", by=by, to=to))
    return Repair(tuple(changes), total)


def _window(now: tuple[int, int], first: int, last: int) -> dict[str, Any]:
    to: dict[str, Any] = {}
    if first < now[0]:
        to["available_from"] = datetime.date.fromordinal(first).isoformat()
    if last > now[1]:
        to["available_to"] = datetime.date.fromordinal(last).isoformat()
    return to


def _length(wanted: Any, length: int) -> dict[str, int]:
    if length < wanted.min:
        return {"min": length}
    return {"max": length} if length > wanted.max else {}


def applied(problem: Problem, apprentice: str, offer: str, changes: Sequence[Change]) -> Problem:
    """The problem with these changes made to one apprentice and one offer."""
    pair = (
        next(row for row in problem.apprentices if row.id == apprentice),
        next(row for row in problem.offers if row.id == offer),
    )
    changed, declined = _changed(pair, changes), list(problem.declined)
    if any(change.rule == "declined" for change in changes):
        declined = [_resolved(row, apprentice, offer) for row in declined]
    return problem.model_copy(
        update={
            "apprentices": tuple(
                changed[0] if row.id == apprentice else row for row in problem.apprentices
            ),
            "offers": tuple(changed[1] if row.id == offer else row for row in problem.offers),
            "declined": tuple(declined),
        }
    )


def _resolved(row: Declined, apprentice: str, offer: str) -> Declined:
    if (row.apprentice, row.offer) == (apprentice, offer):
        return row.model_copy(update={"resolved": True})
    return row


def _changed(pair: tuple[Apprentice, Offer], changes: Sequence[Change]) -> tuple[Apprentice, Offer]:
    rows = {"apprentice": pair[0].model_dump(mode="json"), "offer": pair[1].model_dump(mode="json")}
    for change in changes:
        row, to = rows[change.by], dict(change.to)
        if change.rule == "language" and change.by == "apprentice":
            row["languages"] |= to
        elif change.rule == "hard_needs":
            row["provisions"] |= to
        elif change.rule != "declined":
            if "days" in to:
                to["days"] = _within(row["days"] | to["days"])
            row.update(to)
    return Apprentice.model_validate(rows["apprentice"]), Offer.model_validate(rows["offer"])


def _within(days: dict[str, int]) -> dict[str, int]:
    """An ideal length that lies between the changed shortest and longest one."""
    if "ideal" in days:
        days["ideal"] = min(max(days["ideal"], days["min"]), days["max"])
    return days


def after(pair: Pair, changes: Sequence[Change]) -> Pair:
    """The pair with these changes made."""
    if not changes:
        return pair
    apprentice, offer = _changed((pair.apprentice, pair.offer), changes)
    return replace(pair, apprentice=apprentice, offer=offer)
