"""From a draw straight to columns, without a row as an object: for very large problems.

The columns equal those that `matcher.encode.encode` makes of the same draw's problem, but
for the numbers that profiles get (a test holds this at small sizes).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher import limits
from matcher.assemble import Lists, assemble, no_pair_facts
from matcher.closeness import occupation_profile
from matcher.columns import (
    UNCAPPED,
    UNLIMITED,
    ApprenticeColumns,
    Columns,
    Ints,
    Masks,
    OfferColumns,
)
from matcher.encode import drawn_order, plain_settings
from matcher.masks import LEVELS, bits
from matcher.outcomes import Outcome
from matcher.problem import Policy
from matcher.vocabulary import Mode, default_reference
from seed_data.generator import (
    COUNTRIES,
    MIN_AGES,
    MODES,
    OFFERED_STATUSES,
    OUTCOME_STARTS,
    REGION_NAMES,
    STATUSES,
    TRAINING_DAYS,
    Draw,
    draw,
    examination_periods,
    hours,
    need_codes,
    outcome_texts,
    soft_by_default,
)
from seed_data.lists import trades
from seed_data.problems import POLICY, apprentice_id, offer_id

FACTS = default_reference()


def generate_columns(apprentices: int, offers: int, seed: int, policy: Policy = POLICY) -> Columns:
    """The columns of the problem that `generate` makes of the same arguments."""
    return drawn_columns(draw(apprentices, offers, seed, trades()), policy)


def drawn_columns(drawn: Draw, policy: Policy) -> Columns:
    """All draws as columns, in the order of sha256(seed | id)."""
    people = _apprentices(drawn, policy.seed)
    offers, setting, lists = _offers(drawn, policy.seed)
    no_pairs = np.zeros((0, 2), dtype=np.int64)
    return assemble(
        people,
        offers,
        lists,
        setting,
        no_pair_facts(),
        plain_settings(
            policy,
            locks=no_pairs,
            forbids=no_pairs,
            company_caps=np.full(drawn.companies, UNCAPPED, dtype=np.int64),
            region_caps=np.full(len(REGION_NAMES), UNCAPPED, dtype=np.int64),
        ),
        FACTS,
        policy,
        companies=[f"C-{n + 1}" for n in range(drawn.companies)],
        regions=REGION_NAMES,
    )


def _ids(count: int, name: Any, seed: int) -> tuple[list[str], NDArray[np.int64]]:
    ids = [name(n) for n in range(count)]
    order = np.array(drawn_order(ids, seed), dtype=np.int64)
    return [ids[n] for n in order], order


def _ints(values: Any) -> Ints:
    return np.asarray(values, dtype=np.int32)


def _table(masks: Sequence[int]) -> Masks:
    return np.array(masks, dtype=np.uint64)


_COUNTRY = {code: n for n, code in enumerate(FACTS.codes("countries"))}
_STATUS = {code: n for n, code in enumerate(FACTS.codes("statuses"))}
_LICENCE = {code: n for n, code in enumerate(FACTS.codes("licences"))}
_NEED = {code: n for n, code in enumerate(FACTS.codes("needs"))}
_MODE = {code: n for n, code in enumerate(Mode)}
_COUNTRY_OF_REGION = _ints([_COUNTRY[country] for country in COUNTRIES])
_MODE_MASKS = _table([bits(_MODE[Mode(code)] for code in modes) for modes in MODES])


def _reached(levels: Ints) -> Masks:
    """Masks of all levels up to the known one, of the six languages in one word."""
    mask = np.zeros(len(levels), dtype=np.uint64)
    for place in range(levels.shape[1]):
        known = (np.uint64(1) << levels[:, place].astype(np.uint64)) - np.uint64(1)
        mask |= known << np.uint64(place * LEVELS)
    return mask[:, None]


def _asked(levels: Ints, one_below: NDArray[np.bool_]) -> Masks:
    """Masks of exactly the level asked for in each accepted language."""
    mask = np.zeros(len(levels), dtype=np.uint64)
    for place in range(levels.shape[1]):
        rank = np.maximum(levels[:, place] - 1 - one_below, 0)
        bit = np.uint64(1) << (rank + place * LEVELS).astype(np.uint64)
        mask |= np.where(levels[:, place] > 0, bit, np.uint64(0))
    return mask[:, None]


def _free(drawn: Draw) -> tuple[Ints, Ints]:
    """The parts of every window between the examination periods of the region."""
    people = drawn.apprentices
    periods = examination_periods()
    most = max(len(found) for found in periods.values())
    count = len(people.region)
    starts = np.empty((count, most + 1), dtype=np.int64)
    ends = np.empty((count, most + 1), dtype=np.int64)
    starts[:, 0] = people.first_day
    for k in range(most):
        away = [
            found[k] if k < len(found) else (0, -1)
            for found in map(periods.__getitem__, REGION_NAMES)
        ]
        first = np.array([a for a, _ in away])[people.region]
        back = np.array([b for _, b in away])[people.region]
        inside = (first <= people.last_day) & (back >= people.first_day)
        ends[:, k] = np.where(inside, first - 1, starts[:, k] - 1)
        starts[:, k + 1] = np.where(inside, back + 1, starts[:, k])
    ends[:, most] = people.last_day
    return _ints(starts), _ints(ends)


def _apprentices(drawn: Draw, seed: int) -> ApprenticeColumns:
    people = drawn.apprentices
    count = len(people.region)
    ids, order = _ids(count, apprentice_id, seed)
    free_from, free_to = _free(drawn)
    limit = np.array(
        [
            [limits.day_limits(FACTS, activity, fewer) for fewer in (False, True)]
            for activity in ("SHORT_TERM", "LONG_TERM_ERASMUSPRO")
        ]
    )[people.long_term.astype(int), people.fewer_opportunities.astype(int)]
    status = np.array([_STATUS[code] for code in STATUSES])[people.status]
    employed_in_germany = (people.status == 0) & (people.region == REGION_NAMES.index("paderborn"))
    left = TRAINING_DAYS // 4 - people.days_abroad
    graduated = people.status == STATUSES.index("RECENT_GRADUATE")
    born = (people.graduated_on.astype(np.int64) - 719163).astype("datetime64[D]")
    anniversary = _twelve_months_later(born)
    soft = soft_by_default()
    codes = np.array([_NEED[code] for code in need_codes()])
    masks = np.append(np.uint64(1) << codes.astype(np.uint64), np.uint64(0))
    kinds = np.append(soft, False)
    chosen = masks[people.needs]
    is_soft = kinds[people.needs]
    hard = np.bitwise_or.reduce(np.where(is_soft, np.uint64(0), chosen), axis=1)
    wanted = np.bitwise_or.reduce(np.where(is_soft, chosen, np.uint64(0)), axis=1)
    held = _table([bits(_LICENCE[code] for code in t.licences) for t in drawn.trades])
    return ApprenticeColumns(
        ids=ids,
        country=_COUNTRY_OF_REGION[people.region][order],
        regime=_ints(people.region * len(STATUSES) + people.status)[order],
        birth_date=people.birth_date[order],
        occupation=people.trade[order],
        outcomes=_ints(people.trade * OUTCOME_STARTS + people.first_outcome)[order],
        languages=_reached(people.levels)[order],
        free_from=tuple(part[order] for part in free_from.T),
        free_to=tuple(part[order] for part in free_to.T),
        days_min=_ints(np.maximum(people.days[:, 0], limit[:, 0]))[order],
        days_ideal=people.days[order, 1],
        days_max=_ints(np.minimum(people.days[:, 2], limit[:, 1]))[order],
        longest=_ints(np.where(employed_in_germany, left, UNLIMITED))[order],
        latest_end=_ints(np.where(graduated, anniversary, UNLIMITED))[order],
        destinations=_destination_numbers(people.destinations)[order],
        licences=np.where(people.licensed, held[people.trade], np.uint64(0))[order],
        modes=_MODE_MASKS[people.blended][order],
        status=(np.uint64(1) << status.astype(np.uint64))[order],
        needs_hard=hard[order],
        needs_confirmed=hard[order],
        needs_soft=wanted[order],
        fewer_opportunities=people.fewer_opportunities[order],
    )


def _twelve_months_later(day: NDArray[Any]) -> NDArray[np.int64]:
    month = day.astype("datetime64[M]")
    within = (day - month).astype(np.int64)
    later = month + 12
    last = ((later + 1).astype("datetime64[D]") - later.astype("datetime64[D]")).astype(
        np.int64
    ) - 1
    found = later.astype("datetime64[D]").astype(np.int64) + np.minimum(within, last)
    return found + 719163


def _destination_numbers(wished: Ints) -> Ints:
    """One number for each list of up to three of the five countries."""
    base = len(COUNTRIES) + 1
    return _ints(((wished[:, 0] + 1) * base + wished[:, 1] + 1) * base + wished[:, 2] + 1)


def _destination_lists() -> list[tuple[str, ...]]:
    names = ("", *COUNTRIES)
    return [
        tuple(dict.fromkeys(name for name in (a, b, c) if name))
        for a in names
        for b in names
        for c in names
    ]


def _offers(drawn: Draw, seed: int) -> tuple[OfferColumns, Ints, Lists]:
    offers = drawn.offers
    count = len(offers.region)
    ids, order = _ids(count, offer_id, seed)
    shifts = [[limits.shift(*hours(t, later)) for later in range(3)] for t in drawn.trades]
    kind = np.stack((offers.region, offers.trade, offers.later, offers.min_age), axis=1)
    distinct, setting = np.unique(kind, axis=0, return_inverse=True)
    profiles = [occupation_profile((t.occupation,), t.isced_f) for t in drawn.trades]
    texts: list[tuple[Outcome, ...]] = [
        tuple((text, None) for text in outcome_texts(trade, first))
        for trade in drawn.trades
        for first in range(OUTCOME_STARTS)
    ]
    lists = Lists(
        countries=list(_COUNTRY),
        wanted_occupations=profiles,
        offered_occupations=profiles,
        wanted_outcomes=texts,
        offered_outcomes=texts,
        destinations=_destination_lists(),
        regimes=[(country, status) for country in COUNTRIES for status in STATUSES],
        settings=[
            (
                COUNTRIES[region],
                shifts[trade][later],
                profiles[trade],
                tuple(sorted(drawn.trades[trade].hazards)),
                MIN_AGES[age],
            )
            for region, trade, later, age in distinct.tolist()
        ],
    )
    provided = np.zeros(count, dtype=np.uint64)
    for k, code in enumerate(need_codes()):
        provided |= offers.provisions[:, k].astype(np.uint64) << np.uint64(_NEED[code])
    accepted = _table([bits(_STATUS[code] for code in s or _STATUS) for s in OFFERED_STATUSES])
    needed = _table([bits(_LICENCE[code] for code in t.licences) for t in drawn.trades])
    unknown = FACTS.value("quality", "unknown")
    no_support = np.zeros(count, dtype=np.bool_)
    columns = OfferColumns(
        ids=ids,
        country=_COUNTRY_OF_REGION[offers.region][order],
        region=offers.region[order],
        company=offers.company[order],
        occupation=offers.trade[order],
        outcomes=_ints(offers.trade * OUTCOME_STARTS + offers.first_outcome)[order],
        languages=_asked(offers.levels, offers.support)[order],
        languages_full=_asked(offers.levels, no_support)[order],
        first_day=offers.first_day[order],
        last_day=offers.last_day[order],
        days_min=offers.days[order, 0],
        days_max=offers.days[order, 1],
        places=offers.places[order].astype(np.int64),
        reserved=np.zeros(count, dtype=np.int64),
        provisions=provided[order],
        statuses=accepted[offers.statuses][order],
        modes=_MODE_MASKS[offers.blended][order],
        licences=needed[offers.trade][order],
        quality=np.where(offers.quality < 0, unknown, offers.quality / 20)[order],
        verified=offers.verified[order],
    )
    return columns, _ints(setting.ravel())[order], lists
