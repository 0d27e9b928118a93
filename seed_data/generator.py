"""Problems of any size, drawn from the lists with a seed, as arrays first.

`draw` makes every choice vectorised; `seed_data.problems` turns a draw into a problem
file and `seed_data.drawn_columns` straight into columns, for sizes where a problem as
objects would not fit.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.vocabulary import CEFR_LEVELS, default_reference
from seed_data.lists import HOST_LANGUAGE, REGIONS, Trade, read_rows

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

TODAY = datetime.date(2026, 6, 15)
YEAR_BEGIN = datetime.date(2026, 9, 7).toordinal()
"""A Monday: the first week of the school year in which stays begin."""

REGION_NAMES = tuple(REGIONS)
COUNTRIES = tuple(REGIONS.values())
SPOKEN = ("en", *HOST_LANGUAGE.values())
"""Languages that drawn people know and drawn offers accept."""

STATUSES = (
    "EMPLOYEE_TRAINING_CONTRACT",
    "STUDENT_PLACEMENT",
    "TRAINEE_WITH_GRANT",
    "RECENT_GRADUATE",
)
STATUS_SHARES = {
    "ES": (0.25, 0.65, 0.0, 0.10),
    "PT": (0.0, 0.0, 0.92, 0.08),
    "FI": (0.25, 0.68, 0.0, 0.07),
    "DE": (0.93, 0.0, 0.0, 0.07),
    "PL": (0.20, 0.72, 0.0, 0.08),
}
"""Domain facts 4.1: which statuses apprentices of a country have; the shares are a guess."""

SENDING_SHARES = (0.30, 0.25, 0.10, 0.15, 0.20)
HOSTING_SHARES = (0.22, 0.24, 0.12, 0.22, 0.20)
STAYS = np.array(
    [[14, 21, 28], [14, 28, 28], [21, 28, 42], [28, 42, 56], [28, 56, 84], [90, 120, 180]]
)
STAY_SHARES = (0.2, 0.25, 0.2, 0.2, 0.09, 0.06)
OFFERED_STAYS = np.array([[10, 28], [14, 42], [14, 84], [21, 60], [28, 89], [60, 200]])
FEWER_OPPORTUNITIES = 0.18
"""Germany 2024: share of funded VET participants with fewer opportunities."""

MINORS = 0.34
NEED_SHARES = {
    "STEP_FREE_ACCESS": 5,
    "HEIGHT_ADJUSTABLE_STATION": 2,
    "HEARING_VISUAL_ALERTS": 3,
    "VISION_ACCESSIBLE_MATERIAL": 2,
    "QUIET_SPACE": 8,
    "STRUCTURED_TASKS": 10,
    "MENTOR_INCLUSION_TRAINED": 8,
    "DYSLEXIA_SUPPORT": 10,
    "PART_TIME_HOURS": 4,
    "FLEXIBLE_HOURS": 5,
    "NO_NIGHT_WORK": 4,
    "NO_HEAVY_LIFTING": 4,
    "ALLERGEN_FLOUR": 2,
    "ALLERGEN_NUTS": 2,
    "MEDICATION_STORAGE": 4,
    "ACCOMPANYING_PERSON": 3,
    "ACCOMMODATION_PROVIDED": 10,
    "MEALS_PROVIDED": 8,
    "UPFRONT_GRANT": 6,
    "PUBLIC_TRANSPORT_REACH": 8,
    "LANGUAGE_BUDDY": 10,
    "CULTURAL_DIET": 3,
}
"""How often each need is drawn; relative figures, a guess."""

OUTCOME_STARTS = 24
"""So many different lists of learning outcomes are drawn for a trade."""

PROVIDED = 0.35
"""How likely an offer states a provision (of one that is drawn for needs)."""


@dataclass(frozen=True)
class DrawnApprentices:
    """Choices for n apprentices: numbers of list entries, days as ordinals."""

    region: Ints
    trade: Ints
    first_outcome: Ints
    birth_date: Ints
    levels: Ints
    first_day: Ints
    last_day: Ints
    days: Ints
    long_term: Bools
    status: Ints
    blended: Ints
    fewer_opportunities: Bools
    needs: Ints
    destinations: Ints
    licensed: Bools
    days_abroad: Ints
    graduated_on: Ints


@dataclass(frozen=True)
class DrawnOffers:
    """Choices for m offers: numbers of list entries, days as ordinals."""

    company: Ints
    region: Ints
    trade: Ints
    first_outcome: Ints
    levels: Ints
    support: Bools
    first_day: Ints
    last_day: Ints
    days: Ints
    places: Ints
    later: Ints
    min_age: Ints
    statuses: Ints
    blended: Ints
    provisions: Bools
    quality: Ints
    verified: Bools


@dataclass(frozen=True)
class Draw:
    """Everything that was drawn, with the lists that the numbers point into."""

    trades: Sequence[Trade]
    apprentices: DrawnApprentices
    offers: DrawnOffers
    companies: int
    seed: int


def need_codes() -> tuple[str, ...]:
    """The needs that are drawn, in the order of their numbers."""
    return tuple(NEED_SHARES)


def soft_by_default() -> Bools:
    """Which of the drawn needs are soft unless somebody says otherwise."""
    strength = default_reference().codes("needs")
    return np.array([strength[code]["strength"] == "soft" for code in NEED_SHARES])


def examination_periods() -> dict[str, list[tuple[int, int]]]:
    """First and last days of the examination periods of each region, as ordinals."""
    periods: dict[str, list[tuple[int, int]]] = {region: [] for region in REGIONS}
    for row in read_rows("holidays.csv"):
        if row["kind"] == "examination":
            first, last = (datetime.date.fromisoformat(row[k]) for k in ("date_from", "date_to"))
            periods[row["region"]].append((first.toordinal(), last.toordinal()))
    return {region: sorted(found) for region, found in periods.items()}


def draw(apprentices: int, offers: int, seed: int, trades: Sequence[Trade]) -> Draw:
    """Draw a problem. The same arguments give the same problem everywhere."""
    rng = np.random.default_rng(seed)
    people = _draw_apprentices(rng, apprentices, trades)
    companies = max(1, round(offers / 1.85)) if offers else 0
    return Draw(trades, people, _draw_offers(rng, offers, companies, trades), companies, seed)


def _pick(rng: np.random.Generator, shares: Sequence[float], size: Any) -> Ints:
    """Numbers of entries, drawn by their shares."""
    weights = np.asarray(shares, dtype=np.float64)
    edges = np.cumsum(weights / weights.sum())
    return np.minimum(
        np.searchsorted(edges, rng.random(size), side="right"), len(weights) - 1
    ).astype(np.int32)


def _draw_apprentices(
    rng: np.random.Generator, n: int, trades: Sequence[Trade]
) -> DrawnApprentices:
    region = _pick(rng, SENDING_SHARES, n)
    trade = _pick(rng, [t.share for t in trades], n)
    first_day = YEAR_BEGIN + 7 * rng.integers(0, 38, n)
    last_day = first_day + 7 * rng.integers(4, 22, n) - 3
    stay = STAYS[_pick(rng, STAY_SHARES, n)]
    long_term = stay[:, 0] >= 90
    last_day = np.where(long_term, first_day + rng.integers(100, 260, n), last_day)
    minor = rng.random(n) < MINORS
    age_in_days = np.where(minor, rng.integers(5850, 6560, n), rng.integers(6590, 8600, n))
    shares = np.array([STATUS_SHARES[country] for country in COUNTRIES]).cumsum(axis=1)
    status = (rng.random(n)[:, None] >= shares[region]).sum(axis=1).clip(0, 3)
    by_country = shares[region]
    youngest = np.argmax(by_country > 0, axis=1)
    status = np.where((status == 3) & minor, youngest, status)
    levels = _pick(rng, (0.05, 0.22, 0.36, 0.29, 0.07, 0.01), (n, 6)) + 1
    levels[:, 1:] = np.where(rng.random((n, 5)) < 0.16, np.minimum(levels[:, 1:], 3), 0)
    levels[np.arange(n), 1 + region] = len(CEFR_LEVELS)
    fewer = rng.random(n) < FEWER_OPPORTUNITIES
    first, second = (_pick(rng, list(NEED_SHARES.values()), n) for _ in range(2))
    has_first = np.where(fewer, rng.random(n) < 0.75, rng.random(n) < 0.04)
    has_second = has_first & (rng.random(n) < 0.35) & (first != second)
    needs = np.stack([np.where(has_first, first, -1), np.where(has_second, second, -1)], axis=1)
    order = np.argsort(rng.random((n, 5)), axis=1)
    wished = np.where(rng.random(n) < 0.45, 0, rng.integers(1, 4, n))
    others = order[order != region[:, None]].reshape(n, 4)
    destinations = np.where(np.arange(4)[None, :] < wished[:, None], others, -1)
    return DrawnApprentices(
        region=region,
        trade=trade,
        first_outcome=rng.integers(0, OUTCOME_STARTS, n).astype(np.int32),
        birth_date=(first_day - age_in_days).astype(np.int32),
        levels=levels.astype(np.int32),
        first_day=first_day.astype(np.int32),
        last_day=last_day.astype(np.int32),
        days=stay.astype(np.int32),
        long_term=long_term,
        status=status.astype(np.int32),
        blended=_pick(rng, (0.8, 0.17, 0.03), n),
        fewer_opportunities=fewer,
        needs=needs.astype(np.int32),
        destinations=destinations.astype(np.int32),
        licensed=rng.random(n) < 0.8,
        days_abroad=np.where(rng.random(n) < 0.1, rng.integers(10, 270, n), 0).astype(np.int32),
        graduated_on=(first_day - rng.integers(10, 330, n)).astype(np.int32),
    )


def _draw_offers(
    rng: np.random.Generator, m: int, companies: int, trades: Sequence[Trade]
) -> DrawnOffers:
    of_region = _pick(rng, HOSTING_SHARES, companies)
    of_trade = _pick(rng, [t.share for t in trades], companies)
    company = rng.integers(0, max(1, companies), m).astype(np.int32)
    region, trade = of_region[company], of_trade[company]
    first_day = YEAR_BEGIN + 7 * rng.integers(-4, 36, m)
    last_day = first_day + 7 * rng.integers(5, 34, m) - 3
    asked = np.array([CEFR_LEVELS.index(t.level) + 1 for t in trades])[trade]
    levels = np.zeros((m, 6), dtype=np.int64)
    english = rng.random(m) < 0.72
    local = ~english | (rng.random(m) < 0.7)
    levels[:, 0] = np.where(english, asked, 0)
    levels[np.arange(m), 1 + region] = np.where(local, asked, 0)
    third = rng.integers(1, 6, m)
    extra = (rng.random(m) < 0.08) & (levels[np.arange(m), third] == 0)
    levels[np.arange(m)[extra], third[extra]] = asked[extra]
    stay = OFFERED_STAYS[_pick(rng, (0.15, 0.25, 0.3, 0.12, 0.12, 0.06), m)]
    return DrawnOffers(
        company=company,
        region=region,
        trade=trade,
        first_outcome=rng.integers(0, OUTCOME_STARTS, m).astype(np.int32),
        levels=levels.astype(np.int32),
        support=rng.random(m) < 0.15,
        first_day=first_day.astype(np.int32),
        last_day=np.maximum(last_day, first_day + stay[:, 0]).astype(np.int32),
        days=stay.astype(np.int32),
        places=_pick(rng, (0, 0.68, 0.22, 0.07, 0.02, 0.01), m),
        later=_pick(rng, (0.7, 0.2, 0.1), m),
        min_age=_pick(rng, (0.7, 0.15, 0, 0.15), m),
        statuses=_pick(rng, (0.75, 0.15, 0.10), m),
        blended=_pick(rng, (0.75, 0.22, 0.03), m),
        provisions=rng.random((m, len(NEED_SHARES))) < PROVIDED,
        quality=np.where(rng.random(m) < 0.25, -1, rng.integers(5, 21, m)).astype(np.int32),
        verified=rng.random(m) < 0.97,
    )


MODES = (("physical",), ("physical", "blended"), ("blended",))
"""What `blended` numbers."""

OFFERED_STATUSES: tuple[tuple[str, ...], ...] = (
    (),
    ("STUDENT_PLACEMENT", "TRAINEE_WITH_GRANT"),
    ("STUDENT_PLACEMENT", "TRAINEE_WITH_GRANT", "RECENT_GRADUATE"),
)
"""What `statuses` of an offer numbers; empty means all."""

MIN_AGES = (None, 16, 17, 18)
"""What `min_age` of an offer numbers."""

TRAINING_DAYS = 1096
"""Three years, the usual length of a German training contract."""

OUTCOMES_EACH = 3
"""How many learning outcomes a drawn row names."""


def outcome_texts(trade: Trade, first: int) -> tuple[str, ...]:
    """The learning outcomes that `first` stands for: neighbours in the trade's list."""
    texts = trade.outcomes
    start = first % len(texts)
    step = 1 + first // len(texts) % 3
    return tuple(sorted({texts[(start + step * k) % len(texts)] for k in range(OUTCOMES_EACH)}))


def hours(trade: Trade, later: int) -> tuple[str, str, float, int]:
    """Working hours of an offer: the trade's usual ones, or half an hour or an hour later."""

    def moved(time: str) -> str:
        hour, minute = map(int, time.split(":"))
        total = (hour * 60 + minute + 30 * later) % 1440
        return f"{total // 60:02d}:{total % 60:02d}"

    return moved(trade.start), moved(trade.end), trade.hours_per_day, trade.days_per_week
