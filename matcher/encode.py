"""From the rows of a problem to its columns, once."""

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from matcher import limits
from matcher.assemble import KnownAges, Lists, PairFacts, Setting, assemble
from matcher.closeness import OccupationProfile, occupation_profile
from matcher.columns import (
    UNCAPPED,
    UNLIMITED,
    ApprenticeColumns,
    Columns,
    Ints,
    Keys,
    Masks,
    OfferColumns,
    Settings,
)
from matcher.lookup import PairList
from matcher.masks import asked_levels, bits, known_levels, words
from matcher.outcomes import Outcome
from matcher.problem import Apprentice, Offer, Policy, Problem
from matcher.vocabulary import (
    Mode,
    Objective,
    Priority,
    Provision,
    Reference,
    Strength,
)

T = TypeVar("T")


class Numbering(dict[Any, int]):
    """Numbers distinct things in the order in which they are met."""

    def __missing__(self, key: Any) -> int:
        self[key] = len(self)
        return self[key]


@dataclass(frozen=True)
class EncodedOffers:
    """Offers as columns, with what their numbers stand for: they know nothing of apprentices.

    `setting` numbers `settings` per offer; `needs` and `speech` are the bits of masks that both
    sides share. `known_ages` are worked out for the first apprentice of a regime.
    """

    columns: OfferColumns
    setting: Ints
    settings: Sequence[Setting]
    occupations: Sequence[OccupationProfile]
    outcomes: Sequence[tuple[Outcome, ...]]
    companies: Sequence[str]
    regions: Sequence[str]
    countries: Mapping[str, int]
    speech: Mapping[str, int]
    needs: Mapping[str, np.uint64]
    known_ages: KnownAges = field(default_factory=dict)

    def within(self, first: datetime.date, last: datetime.date) -> "EncodedOffers":
        """The same with their windows cut to a period; outside it a window has no days."""
        columns = replace(
            self.columns,
            first_day=np.maximum(self.columns.first_day, np.int32(first.toordinal())),
            last_day=np.minimum(self.columns.last_day, np.int32(last.toordinal())),
        )
        return replace(self, columns=columns)

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The number of each offer, by its id."""
        return {identity: n for n, identity in enumerate(self.columns.ids)}

    def of_companies(self, names: Collection[str]) -> dict[str, list[int]]:
        """The numbers of the offers of some companies."""
        found: dict[str, list[int]] = {}
        wanted = {n: name for n, name in enumerate(self.companies) if name in names}
        for offer, company in enumerate(self.columns.company.tolist() if wanted else ()):
            if company in wanted:
                found.setdefault(wanted[company], []).append(offer)
        return found


def encode(problem: Problem) -> Columns:
    """All rows of the problem as arrays, in the order of sha256(seed | id)."""
    offers = in_drawn_order(problem.offers, problem.policy.seed)
    return encode_beside(problem, encode_offers(offers, problem.facts()))


def encode_offers(rows: Sequence[Offer], facts: Reference) -> EncodedOffers:
    """Offers as arrays, in their order."""
    numbers = defaultdict[str, Numbering](Numbering)
    for country in facts.codes("countries"):
        numbers["countries"][country]
    for offer in rows:
        for language in sorted(offer.languages):
            numbers["speech"][language]
    needs = {code: np.uint64(1) << np.uint64(n) for n, code in enumerate(facts.codes("needs"))}
    columns = _offer_columns(rows, facts, numbers, needs)
    return EncodedOffers(
        columns=columns,
        setting=_ints(numbers["settings"][_setting(offer)] for offer in rows),
        settings=list(numbers["settings"]),
        occupations=list(numbers["occupations"]),
        outcomes=list(numbers["outcomes"]),
        companies=list(numbers["companies"]),
        regions=list(numbers["regions"]),
        countries=dict(numbers["countries"]),
        speech=dict(numbers["speech"]),
        needs=needs,
    )


def encode_beside(problem: Problem, offers: EncodedOffers) -> Columns:
    """The apprentices of a problem as arrays beside offers, which count in place of its own."""
    facts, policy = problem.facts(), problem.policy
    apprentices = in_drawn_order(problem.apprentices, policy.seed)
    numbers = defaultdict[str, Numbering](Numbering)
    people = _apprentice_columns(apprentices, facts, numbers, offers, problem.today)
    row = {a.id: n for n, a in enumerate(apprentices)}
    lists = Lists(
        countries=list(offers.countries),
        wanted_occupations=list(numbers["occupations"]),
        offered_occupations=offers.occupations,
        wanted_outcomes=list(numbers["outcomes"]),
        offered_outcomes=offers.outcomes,
        destinations=list(numbers["destinations"]),
        regimes=list(numbers["regimes"]),
        settings=offers.settings,
        known_ages=offers.known_ages,
    )
    return assemble(
        people,
        offers.columns,
        lists,
        offers.setting,
        _pair_facts(problem, row, offers),
        _settings_of(problem, row, offers),
        facts,
        policy,
        companies=offers.companies,
        regions=offers.regions,
    )


def drawn_order(ids: Iterable[str], seed: int) -> list[int]:
    """The positions of `ids` in the order of sha256(seed | id)."""
    digests = [hashlib.sha256(f"{seed}|{i}".encode()).digest() for i in ids]
    return sorted(range(len(digests)), key=digests.__getitem__)


def in_drawn_order(rows: Sequence[T], seed: int) -> list[T]:
    """The rows in the order in which all their effects are counted."""
    return [rows[n] for n in drawn_order((row.id for row in rows), seed)]  # type: ignore[attr-defined]  # both kinds of rows have an id


def free_periods(row: Apprentice, today: datetime.date) -> list[tuple[int, int]]:
    """The parts of the window, from today on, between the periods of not being available."""
    free, day = [], max(row.available_from, today).toordinal()
    last = row.available_to.toordinal()
    for first, until in sorted((f.toordinal(), u.toordinal()) for f, u in row.not_available):
        if first > day:
            free.append((day, min(first - 1, last)))
        day = max(day, until + 1)
    free.append((day, last))
    return [(first, until) for first, until in free if first <= until] or [(last, last - 1)]


def _ints(values: Iterable[Any]) -> Ints:
    return np.fromiter(values, dtype=np.int32)


def _masks(values: Iterable[int]) -> Masks:
    return np.array(list(values), dtype=np.uint64)


def _outcome_list(row: Apprentice | Offer) -> tuple[Outcome, ...]:
    return tuple(sorted({(o.text, o.code) for o in row.outcomes}, key=str))


def shift_of(offer: Offer) -> limits.Shift | None:
    """The working hours of an offer as numbers, None where they are unknown."""
    hours = offer.hours
    if hours is None:
        return None
    return limits.shift(hours.start, hours.end, hours.per_day, hours.days_per_week)


def _setting(offer: Offer) -> Setting:
    return (
        offer.country,
        shift_of(offer),
        occupation_profile(offer.occupations, offer.isced_f),
        tuple(sorted(offer.tasks)),
        offer.min_age,
    )


def _apprentice_columns(
    rows: Sequence[Apprentice],
    facts: Reference,
    numbers: Mapping[str, Numbering],
    offers: EncodedOffers,
    today: datetime.date,
) -> ApprenticeColumns:
    status = {code: n for n, code in enumerate(facts.codes("statuses"))}
    mode = {code: n for n, code in enumerate(Mode)}
    licence = {code: n for n, code in enumerate(facts.codes("licences"))}
    limit = [limits.day_limits(facts, r.activity, r.fewer_opportunities) for r in rows]
    free = [free_periods(row, today) for row in rows]
    widest = max(map(len, free), default=1)
    padded = [
        periods + [(periods[-1][1] + 1, periods[-1][1])] * (widest - len(periods))
        for periods in free
    ]
    spans = np.array(padded, dtype=np.int32).reshape(len(rows), widest, 2)
    longest = [
        limits.longest_by_law(facts, r.country, r.status, r.training_days, r.days_abroad)
        for r in rows
    ]
    end = [limits.latest_end_by_law(facts, r.country, r.status, r.graduated_on) for r in rows]
    return ApprenticeColumns(
        ids=[r.id for r in rows],
        country=_ints(offers.countries[r.country] for r in rows),
        regime=_ints(numbers["regimes"][r.country, r.status] for r in rows),
        birth_date=_ints(r.birth_date.toordinal() for r in rows),
        occupation=_ints(
            numbers["occupations"][occupation_profile(r.occupations, r.isced_f)] for r in rows
        ),
        outcomes=_ints(numbers["outcomes"][_outcome_list(r)] for r in rows),
        languages=words([known_levels(r.languages, offers.speech) for r in rows], offers.speech),
        free_from=tuple(spans[:, part, 0] for part in range(widest)),
        free_to=tuple(spans[:, part, 1] for part in range(widest)),
        days_min=_ints(max(r.days.min, least) for r, (least, _) in zip(rows, limit, strict=True)),
        days_ideal=_ints(r.days.ideal for r in rows),
        days_max=_ints(min(r.days.max, most) for r, (_, most) in zip(rows, limit, strict=True)),
        longest=_ints(UNLIMITED if days_left is None else days_left for days_left in longest),
        latest_end=_ints(UNLIMITED if day is None else day.toordinal() for day in end),
        destinations=_ints(numbers["destinations"][r.destinations] for r in rows),
        licences=_masks(bits(licence[code] for code in r.licences) for r in rows),
        modes=_masks(bits(mode[code] for code in r.modes) for r in rows),
        status=_masks(bits([status[r.status]]) for r in rows),
        needs_hard=_need_mask((r.needs for r in rows), offers.needs, {Strength.HARD}),
        needs_confirmed=_need_mask((_confirmed(r) for r in rows), offers.needs, {Strength.HARD}),
        needs_soft=_need_mask((r.needs for r in rows), offers.needs, {Strength.SOFT}),
        fewer_opportunities=np.array([r.fewer_opportunities for r in rows], dtype=np.bool_),
    )


def _confirmed(row: Apprentice) -> Mapping[str, str]:
    """The needs that a coordinator confirmed: all of them where nothing is said."""
    if row.confirmed_needs is None:
        return row.needs
    return {code: row.needs[code] for code in row.confirmed_needs}


def _need_mask(
    rows: Iterable[Mapping[str, str]], needs: Mapping[str, np.uint64], counted: set[Any]
) -> Masks:
    return _masks(
        sum(int(needs[code]) for code, kind in row.items() if kind in counted) for row in rows
    )


def _offer_columns(
    rows: Sequence[Offer],
    facts: Reference,
    numbers: Mapping[str, Numbering],
    needs: Mapping[str, np.uint64],
) -> OfferColumns:
    status = {code: n for n, code in enumerate(facts.codes("statuses"))}
    mode = {code: n for n, code in enumerate(Mode)}
    licence = {code: n for n, code in enumerate(facts.codes("licences"))}
    met, speech = {Provision.CERTIFIED, Provision.DECLARED}, numbers["speech"]
    return OfferColumns(
        ids=[r.id for r in rows],
        country=_ints(numbers["countries"][r.country] for r in rows),
        region=_ints(numbers["regions"][r.region] for r in rows),
        company=_ints(numbers["companies"][r.company] for r in rows),
        occupation=_ints(
            numbers["occupations"][occupation_profile(r.occupations, r.isced_f)] for r in rows
        ),
        outcomes=_ints(numbers["outcomes"][_outcome_list(r)] for r in rows),
        languages=words(
            [asked_levels(r.languages, speech, r.language_support) for r in rows], speech
        ),
        languages_full=words([asked_levels(r.languages, speech, False) for r in rows], speech),
        first_day=_ints(r.available_from.toordinal() for r in rows),
        last_day=_ints(r.available_to.toordinal() for r in rows),
        days_min=_ints(r.days.min for r in rows),
        days_max=_ints(r.days.max for r in rows),
        places=np.array([r.places for r in rows], dtype=np.int64),
        reserved=np.array([r.reserved for r in rows], dtype=np.int64),
        provisions=_need_mask((r.provisions for r in rows), needs, met),
        statuses=_masks(bits(status[code] for code in r.statuses or status) for r in rows),
        modes=_masks(bits(mode[code] for code in r.modes) for r in rows),
        licences=_masks(bits(licence[code] for code in r.licences) for r in rows),
        quality=np.array(
            [facts.value("quality", "unknown") if r.quality is None else r.quality for r in rows],
            dtype=np.float64,
        ),
        verified=np.array([r.verified for r in rows], dtype=np.bool_),
    )


def _pair_facts(problem: Problem, row: Mapping[str, int], offers: EncodedOffers) -> PairFacts:
    """`row` is the number of each apprentice, by its id."""
    col = offers.number_of
    of_company = offers.of_companies(
        {company for a in problem.apprentices for company in a.excluded_companies}
    )
    m = len(col)
    declined = [row[d.apprentice] * m + col[d.offer] for d in problem.declined if not d.resolved]
    excluded = [
        row[a.id] * m + n
        for a in problem.apprentices
        for company in a.excluded_companies
        for n in of_company[company]
    ]
    accepted: dict[int, int] = {}
    for item in problem.accepted_needs:
        key = row[item.apprentice] * m + col[item.offer]
        accepted[key] = accepted.get(key, 0) | int(offers.needs[item.need])
    interest = {
        row[a.id] * m + col[offer]: value
        for a in problem.apprentices
        for offer, value in a.interest.items()
    }
    return PairFacts(
        declined=PairList.of(declined, np.ones(len(declined)), np.bool_),
        excluded=PairList.of(excluded, np.ones(len(excluded)), np.bool_),
        accepted_needs=PairList.of(list(accepted), list(accepted.values()), np.uint64),
        interest=PairList.of(list(interest), list(interest.values()), np.float64),
    )


def _settings_of(problem: Problem, row: Mapping[str, int], offers: EncodedOffers) -> Settings:
    """The policy and the caps of a problem as numbers."""
    policy, col = problem.policy, offers.number_of
    caps = {name: company.max_placements for name, company in problem.companies.items()}
    return plain_settings(
        policy,
        locks=_pairs([(row[a], col[o]) for a, o in policy.locks]),
        forbids=_pairs([(row[a], col[o]) for a, o in policy.forbids]),
        company_caps=_caps(caps, offers.companies),
        region_caps=_caps(policy.hosting_caps, offers.regions),
    )


def plain_settings(
    policy: Policy, *, locks: Keys, forbids: Keys, company_caps: Keys, region_caps: Keys
) -> Settings:
    """The policy as numbers, with rows instead of ids."""
    return Settings(
        objective=Objective(policy.objective).value,
        hard_needs_first=Priority.HARD_NEEDS in policy.priority,
        reserve=policy.reserve or 0.0,
        candidates=policy.candidates,
        min_closeness=policy.min_closeness,
        weights={name: round(points * 1000) for name, points in policy.weights.items()},
        locks=locks,
        forbids=forbids,
        company_caps=company_caps,
        region_caps=region_caps,
    )


def _pairs(rows: list[tuple[int, int]]) -> Keys:
    return np.array(sorted(rows), dtype=np.int64).reshape(len(rows), 2)


def _caps(caps: Mapping[str, int | None], names: Iterable[str]) -> Keys:
    found = [caps.get(name) for name in names]
    return np.array([UNCAPPED if cap is None else cap for cap in found], dtype=np.int64)
