"""The rules and criteria once more, pair by pair and day by day, in plain Python.

Written from the definitions in docs and law, not from the engine: no numpy, no bit masks,
no profiles, nothing of the engine but the values of problems and results and the rows of the
reference lists. Only the similarity of two texts is taken from the engine.
"""

import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from math import ceil, floor

from matcher.outcomes import text_similarity
from matcher.problem import Apprentice, Hours, Offer, Problem
from matcher.result import PriceList
from matcher.vocabulary import Reference

Row = dict[str, str]
Stay = tuple[datetime.date, int]
Taken = tuple[int, ...]
"""How many people there are at each offer."""

DAY = datetime.timedelta(days=1)
LEVELS = ["A1", "A2", "B1", "B2", "C1", "C2"]
CRITERIA = (
    "occupation",
    "outcomes",
    "language",
    "dates",
    "inclusion",
    "quality",
    "preference",
)
PERSONAL = ("inclusion", "preference")
NOBODY_IS_SO_OLD = 10_000


# --- occupations -------------------------------------------------------------------------------


def closeness(facts: Reference, apprentice: Apprentice, offer: Offer) -> float:
    """How close the work is to what is learned: the best case that holds."""
    wanted = [code[:4] for code in apprentice.occupations]
    offered = [code[:4] for code in offer.occupations]
    field, work = apprentice.isced_f, offer.isced_f
    values = [0.0]
    for left in wanted:
        for right in offered:
            if left == right:
                values.append(_value(facts, "occupation", "same_unit_group"))
            if left[:3] == right[:3]:
                values.append(_value(facts, "occupation", "same_minor_group"))
    if field is not None and work is not None:
        if field == work:
            values.append(_value(facts, "occupation", "same_detailed_field"))
        if field[:3] == work[:3]:
            values.append(_value(facts, "occupation", "same_narrow_field"))
        if field[:2] == work[:2]:
            values.append(_value(facts, "occupation", "same_broad_field"))
    if _sectors(facts, wanted, field) & _sectors(facts, offered, work):
        values.append(_value(facts, "occupation", "same_sector"))
    return max(values)


def _sectors(facts: Reference, units: Sequence[str], field: str | None) -> set[str]:
    found = {row["sector"] for row in facts.rows("isco08") if row["code"] in units}
    found |= {row["sector"] for row in facts.rows("isced_f") if row["code"] == field}
    return {sector for sector in found if sector}


def _value(facts: Reference, criterion: str, case: str) -> float:
    (value,) = [
        float(row["value"])
        for row in facts.rows("criterion_values")
        if row["criterion"] == criterion and row["case"] == case
    ]
    return value


# --- languages and needs -----------------------------------------------------------------------


def knows(apprentice: Apprentice, language: str, level: str, levels_below: int = 0) -> bool:
    """Whether a language is known at a level, or so many levels below it."""
    known = apprentice.languages.get(language)
    return known is not None and LEVELS.index(known) >= LEVELS.index(level) - levels_below


def language_met(apprentice: Apprentice, offer: Offer) -> bool:
    """At least one accepted language at the level that the offer really asks for."""
    return any(knows(apprentice, code, level) for code, level in offer.languages.items())


def provided(offer: Offer, need: str) -> bool:
    """Whether the offer says that it provides for a need."""
    return offer.provisions.get(need) in ("certified", "declared")


def missing_needs(problem: Problem, apprentice: Apprentice, offer: Offer) -> list[str]:
    """The hard needs that are not provided for, and whose lack nobody accepted for this pair."""
    accepted = {
        item.need
        for item in problem.accepted_needs
        if item.apprentice == apprentice.id and item.offer == offer.id
    }
    return [
        need
        for need, strength in apprentice.needs.items()
        if strength == "hard" and not provided(offer, need) and need not in accepted
    ]


# --- ages --------------------------------------------------------------------------------------


def age_on(birth_date: datetime.date, day: datetime.date) -> int:
    """Completed years of life; who was born on 29 February has a birthday on 1 March."""
    before = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before


def age_for_work(problem: Problem, apprentice: Apprentice, offer: Offer) -> int:
    """The age that the directive, both countries and the offer ask for."""
    facts = problem.facts()
    floor_rows = [row for row in facts.rows("working_time") if row["country"] == "EU"]
    national = [
        int(row["min_working_age"])
        for row in facts.rows("countries")
        if row["code"] in (apprentice.country, offer.country) and row["min_working_age"]
    ]
    return max([min(int(row["age_from"]) for row in floor_rows), offer.min_age or 0, *national])


def age_for_tasks(problem: Problem, offer: Offer) -> int:
    """The age at which every task of the offer is allowed."""
    rows = {row["code"]: row for row in problem.facts().rows("hazards")}
    return max([0, *(int(rows[task]["min_age"] or 0) for task in offer.tasks)])


def age_for_hours(problem: Problem, apprentice: Apprentice, offer: Offer) -> int:
    """The least age from which the hours are allowed without a gap up to 18."""
    if offer.hours is None:
        return 18
    least = NOBODY_IS_SO_OLD
    for age in range(18, -1, -1):
        if not _hours_allowed(problem, apprentice, offer, offer.hours, age):
            return least
        least = age
    return least


def _hours_allowed(
    problem: Problem, apprentice: Apprentice, offer: Offer, hours: Hours, age: int
) -> bool:
    """Whether the rules of the EU, the host and the sending country allow these hours."""
    for country, status in (
        ("EU", ""),
        (offer.country, ""),
        (apprentice.country, ""),
        (apprentice.country, apprentice.status),
    ):
        rows = [
            row
            for row in problem.facts().rows("working_time")
            if row["country"] == country
            and row["status"] == status
            and int(row["age_from"]) <= age <= int(row["age_to"])
        ]
        if not rows and not status:
            rows = [
                row
                for row in problem.facts().rows("working_time")
                if row["country"] == "ANY" and int(row["age_from"]) <= age <= int(row["age_to"])
            ]
        for occupation in offer.occupations:
            row = _closest_row(rows, occupation)
            if row is not None and not _row_allows(row, hours):
                return False
    return True


def _closest_row(rows: Sequence[Row], occupation: str) -> Row | None:
    """The row that names the longest beginning of the occupation; one without names fits all."""
    for digits in (4, 3, 2, 1, 0):
        for row in rows:
            if occupation[:digits] in row["occupations"].split(";"):
                return row
    return None


def _row_allows(row: Row, hours: Hours) -> bool:
    start, end = _hour(hours.start), _hour(hours.end)
    if end <= start:
        end += 24
    return (
        start >= _hour(row["window_start"] or "00:00")
        and (not row["window_end"] or end <= _hour(row["window_end"]))
        and hours.per_day <= float(row["max_hours_day"] or 24)
        and hours.per_day * hours.days_per_week <= float(row["max_hours_week"] or 168)
        and hours.days_per_week <= float(row["max_days_week"] or 7)
        and 24 - (end - start) >= float(row["daily_rest_hours"] or 0)
    )


def _hour(time: str) -> float:
    hour, minute = time.split(":")
    return int(hour) + int(minute) / 60


# --- days --------------------------------------------------------------------------------------


def lengths(problem: Problem, apprentice: Apprentice, offer: Offer) -> tuple[int, int]:
    """Shortest and longest stay that both sides and the type of activity allow."""
    (activity,) = [
        row for row in problem.facts().rows("activities") if row["code"] == apprentice.activity
    ]
    column = "min_days_fewer_opportunities" if apprentice.fewer_opportunities else "min_days"
    least, most = int(activity[column]), int(activity["max_days"])
    return (
        max(apprentice.days.min, offer.days.min, least),
        min(apprentice.days.max, offer.days.max, most),
    )


def is_away(apprentice: Apprentice, day: datetime.date) -> bool:
    """Exams, required school days."""
    return any(first <= day <= last for first, last in apprentice.not_available)


def stays(
    problem: Problem,
    apprentice: Apprentice,
    offer: Offer,
    least_age: int = 0,
    longest_by_law: int | None = None,
    last_day_by_law: datetime.date | None = None,
) -> Iterator[Stay]:
    """Every possible first day, today or later, with every possible length."""
    shortest, longest = lengths(problem, apprentice, offer)
    if longest_by_law is not None:
        longest = min(longest, longest_by_law)
    weekdays = problem.policy.start_weekdays or (1, 2, 3, 4, 5, 6, 7)
    start = max(offer.available_from, problem.today)
    while start <= offer.available_to:
        if start.isoweekday() in weekdays and age_on(apprentice.birth_date, start) >= least_age:
            day, length = start, 0
            while (
                day <= offer.available_to
                and apprentice.available_from <= day <= apprentice.available_to
                and not is_away(apprentice, day)
                and (last_day_by_law is None or day <= last_day_by_law)
                and length < longest
            ):
                length += 1
                if length >= shortest:
                    yield start, length
                day += DAY
        start += DAY


def _last_start_of_a_shortest_stay(
    problem: Problem, apprentice: Apprentice, offer: Offer
) -> datetime.date | None:
    shortest, _ = lengths(problem, apprentice, offer)
    starts = [start for start, length in stays(problem, apprentice, offer) if length == shortest]
    return max(starts, default=None)


# --- national law ------------------------------------------------------------------------------


def _law(problem: Problem, apprentice: Apprentice, limit: str) -> list[float]:
    return [
        float(row["value"])
        for row in problem.facts().rows("national_limits")
        if row["limit"] == limit
        and row["country"] in ("EU", apprentice.country)
        and row["status"] in ("", apprentice.status)
    ]


def longest_by_law(problem: Problem, apprentice: Apprentice) -> int | None:
    """Days that are left of the share of the training that may be spent abroad."""
    shares = _law(problem, apprentice, "share_of_training")
    if not shares or apprentice.training_days is None:
        return None
    return floor(min(shares) * apprentice.training_days) - apprentice.days_abroad


def last_day_by_law(problem: Problem, apprentice: Apprentice) -> datetime.date | None:
    """The same day of the month so many months after completion, or that month's last day."""
    months = _law(problem, apprentice, "months_after_graduation")
    if not months or apprentice.graduated_on is None:
        return None
    done = apprentice.graduated_on
    year, month = done.year, done.month
    for _ in range(int(min(months))):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = done.day
    while True:
        try:
            return datetime.date(year, month, day)
        except ValueError:
            day -= 1


def _law_refuses(problem: Problem, apprentice: Apprentice, offer: Offer, others: bool) -> bool:
    """`others`: whether dates and the three rules about age allow the pair."""
    if others:
        return stay(problem, apprentice, offer) is None
    shortest, _ = lengths(problem, apprentice, offer)
    most, last = longest_by_law(problem, apprentice), last_day_by_law(problem, apprentice)
    day = min(max(apprentice.available_from, problem.today), apprentice.available_to)
    while is_away(apprentice, day) and day < apprentice.available_to:
        day += DAY
    earliest_end = max(day, offer.available_from) + (shortest - 1) * DAY
    return (most is not None and most < shortest) or (last is not None and last < earliest_end)


# --- rules -------------------------------------------------------------------------------------


def refusing_rules(problem: Problem, apprentice: Apprentice, offer: Offer) -> list[str]:
    """The codes of all rules that refuse the pair, in the order in which they are tried."""
    close = closeness(problem.facts(), apprentice, offer)
    latest = _last_start_of_a_shortest_stay(problem, apprentice, offer)
    oldest = age_on(apprentice.birth_date, latest or offer.available_to)
    refuses = {
        "abroad": apprentice.country == offer.country,
        "occupation": close == 0 or close < problem.policy.min_closeness,
        "destination": bool(apprentice.destinations)
        and offer.country not in apprentice.destinations,
        "language": not any(
            knows(apprentice, code, level, 1 if offer.language_support else 0)
            for code, level in offer.languages.items()
        ),
        "mode": not set(apprentice.modes) & set(offer.modes),
        "status": bool(offer.statuses) and apprentice.status not in offer.statuses,
        "licences": not set(offer.licences) <= set(apprentice.licences),
        "host_verified": not offer.verified,
        "dates": latest is None,
        "company_excluded": offer.company in apprentice.excluded_companies,
        "declined": any(
            (row.apprentice, row.offer) == (apprentice.id, offer.id) and not row.resolved
            for row in problem.declined
        ),
        "minimum_age": oldest < age_for_work(problem, apprentice, offer),
        "working_time": oldest < age_for_hours(problem, apprentice, offer),
        "hazards": oldest < age_for_tasks(problem, offer),
    }
    on_days = ("dates", "minimum_age", "working_time", "hazards")
    others = not any(refuses[code] for code in on_days)
    refuses["national_limits"] = _law_refuses(problem, apprentice, offer, others)
    refuses["hard_needs"] = bool(missing_needs(problem, apprentice, offer))
    return [code for code, refused in refuses.items() if refused]


def stay(problem: Problem, apprentice: Apprentice, offer: Offer) -> Stay | None:
    """First day and length: the possible length nearest to the ideal, as early as can be."""
    age = max(
        age_for_work(problem, apprentice, offer),
        age_for_hours(problem, apprentice, offer),
        age_for_tasks(problem, offer),
    )
    possible = stays(
        problem,
        apprentice,
        offer,
        age,
        longest_by_law(problem, apprentice),
        last_day_by_law(problem, apprentice),
    )

    def preferred(found: Stay) -> tuple[int, int, datetime.date]:
        start, length = found
        return abs(length - apprentice.days.ideal), -length, start

    return min(possible, key=preferred, default=None)


# --- criteria ----------------------------------------------------------------------------------


def values(problem: Problem, apprentice: Apprentice, offer: Offer) -> dict[str, float]:
    """The value in [0, 1] of every criterion for a possible pair."""
    facts = problem.facts()
    found = stay(problem, apprentice, offer)
    assert found is not None, "only possible pairs have values"
    _, length = found
    soft = [need for need, strength in apprentice.needs.items() if strength == "soft"]
    met = [need for need in soft if provided(offer, need)]
    wished = apprentice.destinations
    country = 1 - wished.index(offer.country) / len(wished) if wished else 1.0
    interest = apprentice.interest.get(offer.id, _value(facts, "preference", "no_word"))
    return {
        "occupation": closeness(facts, apprentice, offer),
        "outcomes": _covered(facts, apprentice, offer),
        "language": _value(
            facts, "language", "meets" if language_met(apprentice, offer) else "one_below"
        ),
        "dates": min(length, apprentice.days.ideal) / max(length, apprentice.days.ideal),
        "inclusion": len(met) / len(soft) if soft else 1.0,
        "quality": _value(facts, "quality", "unknown") if offer.quality is None else offer.quality,
        "preference": (interest + country) / 2,
    }


def _covered(facts: Reference, apprentice: Apprentice, offer: Offer) -> float:
    """Mean, over the wanted outcomes, of the likeness to the most similar offered one."""
    wanted = {(o.text, o.code) for o in apprentice.outcomes}
    offered = {(o.text, o.code) for o in offer.outcomes}
    if not wanted or not offered:
        return _value(facts, "outcomes", "unknown")
    nearest = [max(_likeness(one, other) for other in offered) for one in sorted(wanted, key=str)]
    return sum(nearest) / len(nearest)


@cache
def _likeness(one: tuple[str, str | None], other: tuple[str, str | None]) -> float:
    if one[1] is not None and other[1] is not None:
        return float(one[1] == other[1])
    return float(text_similarity([one[0]], [other[0]])[0, 0])


def parts(problem: Problem, apprentice: Apprentice, offer: Offer) -> dict[str, int]:
    """Thousandths of a point that every criterion adds."""
    found = values(problem, apprentice, offer)
    return {code: round(found[code] * _weight(problem, code)) for code in CRITERIA}


def _weight(problem: Problem, criterion: str) -> int:
    return round(problem.policy.weights[criterion] * 1000)


def score(problem: Problem, apprentice: Apprentice, offer: Offer) -> int:
    """The score in thousandths: the sum of its parts."""
    return sum(parts(problem, apprentice, offer).values())


def possible_offers(problem: Problem, apprentice: Apprentice) -> list[Offer]:
    """The offers that no rule refuses, forbidden ones too."""
    return [o for o in problem.offers if not refusing_rules(problem, apprentice, o)]


def lift(problem: Problem, apprentice: Apprentice) -> int:
    """What soft needs and wishes cost at the best offer, in thousandths."""
    actual, full = [], []
    for offer in possible_offers(problem, apprentice):
        found = parts(problem, apprentice, offer)
        actual.append(sum(found.values()))
        whole = {code: _weight(problem, code) for code in PERSONAL}
        full.append(sum((found | whole).values()))
    return max(full) - max(actual) if actual else 0


# --- assignment --------------------------------------------------------------------------------


def excluded_by_a_need(problem: Problem, apprentice: Apprentice) -> bool:
    """Whether confirmed hard needs are all that keeps the apprentice from some offer."""
    confirmed = apprentice.confirmed_needs
    unconfirmed = [n for n in apprentice.needs if confirmed is not None and n not in confirmed]
    return any(
        refusing_rules(problem, apprentice, offer) == ["hard_needs"]
        and not set(missing_needs(problem, apprentice, offer)) & set(unconfirmed)
        for offer in problem.offers
    )


def optimum(problem: Problem) -> tuple[int, ...]:
    """The best that any assignment reaches, by trying them all.

    People placed first (with priority for hard needs), people whom the policy's reserve is
    for, people placed (objective coverage), then worth in thousandths; of these only the aims
    that the policy has.
    """
    policy = problem.policy
    pursued = (
        "hard_needs" in policy.priority,
        bool(policy.reserve),
        policy.objective == "coverage",
        True,
    )
    return _best(problem, pursued, people_reserved(problem))


def people_reserved(problem: Problem) -> int:
    """The policy's share of the most people that any assignment places, rounded up."""
    if not problem.policy.reserve:
        return 0
    (most,) = _best(problem, (False, False, True, False), 0)
    return ceil(Decimal(str(problem.policy.reserve)) * most)


def _best(problem: Problem, pursued: Sequence[bool], reserved: int) -> tuple[int, ...]:
    """The pursued ones of: people placed first, reserve, people placed, worth; of the best."""
    locks, forbids = dict(problem.policy.locks), set(problem.policy.forbids)
    options: list[list[tuple[int, tuple[int, ...]]]] = []
    for apprentice in problem.apprentices:
        first = int(pursued[0] and excluded_by_a_need(problem, apprentice))
        lifted = lift(problem, apprentice)
        choices = []
        for column, offer in enumerate(problem.offers):
            if apprentice.id in locks:
                allowed = locks[apprentice.id] == offer.id
            else:
                allowed = (apprentice.id, offer.id) not in forbids
            if allowed and not refusing_rules(problem, apprentice, offer):
                worth = score(problem, apprentice, offer) + lifted + 1
                choices.append((column, (first, 0, 1, worth)))
        options.append(choices)

    @cache
    def best(row: int, others: Taken, group: Taken, counted: int) -> tuple[int, ...] | None:
        if row == len(options):
            return (0, min(counted, reserved), 0, 0)
        found = []
        apprentice = problem.apprentices[row]
        if apprentice.id not in locks:
            found.append(best(row + 1, others, group, counted))
        for column, gain in options[row]:
            if apprentice.fewer_opportunities and problem.offers[column].reserved:
                now = others, _one_more(group, column)
            else:
                now = _one_more(others, column), group
            if _caps_kept(problem, *now):
                more = bool(reserved and apprentice.fewer_opportunities)
                rest = best(row + 1, *now, counted + more)
                found.append(rest and tuple(g + r for g, r in zip(gain, rest, strict=True)))
        return max((f for f in found if f is not None), key=aims, default=None)

    def aims(tiers: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(tier for tier, wanted in zip(tiers, pursued, strict=True) if wanted)

    nobody = (0,) * len(problem.offers)
    reached = best(0, nobody, nobody, 0)
    assert reached is not None, "the locks of the problem cannot be kept"
    return aims(reached)


def _one_more(taken: Taken, column: int) -> Taken:
    return (*taken[:column], taken[column] + 1, *taken[column + 1 :])


def bound(problem: Problem, prices: PriceList) -> int:
    """The most that any assignment can be worth, in thousandths, by these prices alone.

    For the objective fit without priority: what everybody who is not locked has left at
    best after prices, worth of the locks, capacity x price, and what the reserve adds.
    """
    path = {
        offer.id: _price(prices.offers, offer.id)
        + _price(prices.companies, offer.company)
        + _price(prices.regions, offer.region)
        for offer in problem.offers
    }
    locks = dict(problem.policy.locks)
    added = round(1000 * prices.reserve)
    total, counted = 0, 0
    for apprentice in problem.apprentices:
        lifted = lift(problem, apprentice)
        worth = {
            offer.id: score(problem, apprentice, offer) + lifted + 1
            for offer in possible_offers(problem, apprentice)
        }
        allowed = [o for o in worth if (apprentice.id, o) not in problem.policy.forbids]
        if apprentice.id in locks:
            total += worth[locks[apprentice.id]]
            counted += apprentice.fewer_opportunities
            continue
        left = [0]
        for offer in problem.offers:
            if offer.id in allowed:
                cheapest = path[offer.id]
                if apprentice.fewer_opportunities and offer.reserved:
                    cheapest = min(cheapest, _price(prices.reserved, offer.id))
                more = added if apprentice.fewer_opportunities else 0
                left.append(worth[offer.id] + more - cheapest)
        total += max(left)
    reserved, unit = people_reserved(problem), reward(problem)
    total += unit * min(counted, reserved) + max(0, reserved - counted) * (unit - added)
    return total + _worth_of_what_is_left(problem, prices)


def reward(problem: Problem) -> int:
    """What each person whom the reserve is for brings: more than all scores could add up to."""
    best = []
    for apprentice in problem.apprentices:
        worth = {o.id: score(problem, apprentice, o) for o in possible_offers(problem, apprentice)}
        if any((apprentice.id, offer) not in problem.policy.forbids for offer in worth):
            best.append(max(worth.values()) + lift(problem, apprentice) + 1)
    return 1 + sum(best)


def _price(listed: dict[str, float], name: str) -> int:
    return round(1000 * listed.get(name, 0))


def _worth_of_what_is_left(problem: Problem, prices: PriceList) -> int:
    """Price x what locked people leave: of open and reserved places, of companies, regions."""
    fewer = {row.id for row in problem.apprentices if row.fewer_opportunities}
    total = 0
    companies = {name: company.max_placements or 0 for name, company in problem.companies.items()}
    regions = dict(problem.policy.hosting_caps)
    for offer in problem.offers:
        here = [who for who, where in problem.policy.locks if where == offer.id]
        inside = min(offer.reserved, sum(who in fewer for who in here))
        total += _price(prices.reserved, offer.id) * (offer.reserved - inside)
        gone = len(here) - inside + offer.reserved
        total += _price(prices.offers, offer.id) * (offer.places - gone)
        companies[offer.company] = companies.get(offer.company, 0) - gone
        regions[offer.region] = regions.get(offer.region, 0) - gone
    total += sum(_price(prices.companies, name) * companies[name] for name in prices.companies)
    return total + sum(_price(prices.regions, name) * regions[name] for name in prices.regions)


def locks_fit(problem: Problem, locks: Sequence[tuple[str, str]]) -> bool:
    """Whether places and caps leave room for these locks."""
    fewer = {row.id for row in problem.apprentices if row.fewer_opportunities}
    others, group = (
        tuple(
            sum(offer.id == locked and (who in fewer) == of_group for who, locked in locks)
            for offer in problem.offers
        )
        for of_group in (False, True)
    )
    return _caps_kept(problem, others, group)


def _caps_kept(problem: Problem, others: Taken, group: Taken) -> bool:
    """Whether so many people at each offer break no number of places and no cap.

    People of the group take reserved places first. What is not reserved, in the offer, the
    company and the region, is for the others and for those of the group whom that leaves.
    """
    companies: dict[str, int] = {}
    regions: dict[str, int] = {}
    for offer, plain, preferred in zip(problem.offers, others, group, strict=True):
        people = plain + max(0, preferred - offer.reserved)
        if people > offer.places - offer.reserved:
            return False
        kept = people + offer.reserved
        companies[offer.company] = companies.get(offer.company, 0) + kept
        regions[offer.region] = regions.get(offer.region, 0) + kept
    for company, agreed in problem.companies.items():
        if agreed.max_placements is not None and companies[company] > agreed.max_placements:
            return False
    caps = problem.policy.hosting_caps
    return all(regions.get(region, 0) <= cap for region, cap in caps.items())
