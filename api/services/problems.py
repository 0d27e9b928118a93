"""From rows to a problem: the one place that knows both the tables and the engine."""

import datetime
import uuid
from collections import Counter
from typing import Any

import models
from api.services.narrowing import fixed_by_groups, narrowed, pairs_elsewhere
from api.store.snapshots import Snapshot
from matcher.problem import (
    AcceptedNeed,
    Apprentice,
    Company,
    Declined,
    Hours,
    Offer,
    OfferedDays,
    Policy,
    Problem,
    WishedDays,
)
from matcher.vocabulary import Strength
from models import OfferFields, PairWord

SAME_IN_BOTH = (
    "occupations",
    "isced_f",
    "outcomes",
    "languages",
    "modes",
    "licences",
)
"""Columns that tables of apprentices and offers share with the engine's values of that name."""

OF_APPRENTICES = (
    *SAME_IN_BOTH,
    "birth_date",
    "available_from",
    "available_to",
    "not_available",
    "activity",
    "status",
    "destinations",
    "training_days",
    "days_abroad",
    "graduated_on",
)
OF_OFFERS = (
    *SAME_IN_BOTH,
    "language_support",
    "provisions",
    "min_age",
    "statuses",
    "tasks",
    "quality",
)

OF_POLICY = ("objective", "priority", "reserve", "seed", "candidates", "min_closeness",
             "start_weekdays", "weights")  # fmt: skip
"""The settings that are part of a round's policy; what is not set is the engine's default."""


def to_problem(found: Snapshot, today: datetime.date) -> Problem:
    """The problem of a round: who is free, what is open, what is left of places and caps.

    Apprentices, companies and windows are named by their ids, regions by their codes. What
    rounds made before and nobody has answered counts as free. Windows outside the call's
    period are left out, others are cut to it. Travel groups narrow their members; a lock on what
    the group excludes is left out. Raises ProblemError with the faults of rows
    that the engine cannot read.
    Whose needs cannot be opened takes no part: nobody is placed as if without needs.
    """
    return _Reader(found).problem(today)


class _Reader:
    """Looks up what a row points to."""

    def __init__(self, found: Snapshot) -> None:
        self.found = found
        self.region = {row.id: row for row in found.regions}
        self.centre = {row.id: row for row in found.centres}
        self.company = {row.id: row for row in found.companies}
        self.company_of_site = {row.id: self.company[row.company_id] for row in found.sites}
        self.offer = {row.id: row for row in found.offers}
        self.needs = {row.apprentice_id: row for row in found.needs}
        again = Counter(proposal.window_id for proposal in found.recalculated)
        self.taken = {row.id: row.taken - again[row.id] for row in found.windows}
        self.placed: Counter[uuid.UUID] = Counter()
        for window, company, taken in found.occupied:
            self.placed[company] += taken - again[window]
        period = found.call.stays_from, found.call.stays_to
        self.windows = [
            row
            for row in found.windows
            if row.available_from <= period[1] and row.available_to >= period[0]
        ]
        self.open = {row.id for row in self.windows}
        self.windows_of: dict[uuid.UUID, list[str]] = {}
        for row in self.windows:
            self.windows_of.setdefault(row.offer_id, []).append(str(row.id))
        self.hosts = {str(self._host(row).id) for row in self.windows}
        self.apprentices = [row for row in found.apprentices if row.id not in found.unreadable]
        self.people = {row.id for row in self.apprentices}
        self.regions = {self._host(row).region_id for row in self.windows} | {
            self.centre[row.centre_id].region_id for row in self.apprentices
        }
        self.fixed = fixed_by_groups(found)

    def problem(self, today: datetime.date) -> Problem:
        """Everything together."""
        offers = tuple(self._offer(row) for row in self.windows)
        people = tuple(self._apprentice(row) for row in self.apprentices)
        return Problem(
            today=today,
            policy=self._policy(list(pairs_elsewhere(people, offers, self.fixed))),
            companies={
                str(row.id): Company(max_placements=self._left_of_company(row))
                for row in self.found.companies
                if row.max_placements is not None and str(row.id) in self.hosts
            },
            declined=tuple(
                Declined(
                    apprentice=str(row.apprentice_id),
                    offer=str(row.window_id),
                    reason=row.reason,
                    resolved=row.reason_resolved_at is not None,
                )
                for row in self.found.refused
                if self._both_there(row)
            ),
            accepted_needs=tuple(
                AcceptedNeed(apprentice=str(row.apprentice_id), offer=window, need=row.need)
                for row in self.found.accepted_needs
                if row.apprentice_id in self.people
                for window in self.windows_of.get(row.offer_id, ())
            ),
            apprentices=people,
            offers=offers,
        )

    def _policy(self, elsewhere: list[tuple[str, str]]) -> Policy:
        settings = self.found.settings
        pairs: dict[PairWord, list[tuple[str, str]]] = {word: [] for word in PairWord}
        for wish in self.found.wishes:
            if self._both_there(wish):
                pairs[wish.wish].append((str(wish.apprentice_id), str(wish.window_id)))
        forbids = dict.fromkeys([*pairs[PairWord.FORBID], *elsewhere])
        return Policy(
            **{name: settings[name] for name in OF_POLICY if name in settings},
            locks=tuple(pair for pair in pairs[PairWord.LOCK] if pair not in forbids),
            forbids=tuple(forbids),
            hosting_caps={
                row.code: self._left_of_region(row)
                for row in self.found.regions
                if row.hosting_cap is not None and row.id in self.regions
            },
        )

    def _apprentice(self, row: models.Apprentice) -> Apprentice:
        home = self.region[self.centre[row.centre_id].region_id]
        known = self.needs.get(row.id)
        person = Apprentice(
            id=str(row.id),
            country=home.country,
            region=home.code,
            days=WishedDays(min=row.days_min, ideal=row.days_ideal, max=row.days_max),
            needs=known.needs if known else {},
            confirmed_needs=_confirmed(known) if known else None,
            fewer_opportunities=known.fewer_opportunities if known else False,
            excluded_companies=tuple(c for c in row.excluded_companies if c in self.hosts),
            interest={
                window: share
                for offer, share in row.interest.items()
                for window in self.windows_of.get(uuid.UUID(offer), ())
            },
            **_taken_over(row, OF_APPRENTICES),
        )
        fixed = self.fixed.get(person.id)
        return person if fixed is None else narrowed(person, fixed)

    def _offer(self, window: models.OfferWindow) -> Offer:
        row, call = self.offer[window.offer_id], self.found.call
        company = self.company_of_site[row.site_id]
        places = window.places - self.taken[window.id]
        return offer_of(
            window, row, company, self.region[company.region_id], places=places,
            reserved=min(places, max(0, window.reserved - self.found.reserve_used[window.id])),
            period=(
                max(window.available_from, call.stays_from),
                min(window.available_to, call.stays_to),
            ),
        )  # fmt: skip

    def _both_there(self, pair: models.Proposal | models.PairWish) -> bool:
        return pair.apprentice_id in self.people and pair.window_id in self.open

    def _left_of_company(self, row: models.Company) -> int:
        return max(0, (row.max_placements or 0) - self.placed[row.id])

    def _left_of_region(self, row: models.Region) -> int:
        used = sum(self.placed[c.id] for c in self.found.companies if c.region_id == row.id)
        return max(0, (row.hosting_cap or 0) - used)

    def _host(self, window: models.OfferWindow) -> models.Company:
        return self.company_of_site[self.offer[window.offer_id].site_id]


def offer_of(
    window: models.OfferWindow, row: models.Offer, company: models.Company, home: models.Region,
    *, places: int, reserved: int, period: tuple[datetime.date, datetime.date],
) -> Offer:  # fmt: skip
    """A window as the engine reads it, with the places that are left, open in this period."""
    return Offer(
        id=str(window.id),
        company=str(company.id),
        country=home.country,
        region=home.code,
        available_from=period[0],
        available_to=period[1],
        places=places,
        reserved=reserved,
        days=OfferedDays(min=row.days_min, max=row.days_max),
        hours=hours_of(row),
        verified=company.verified_at is not None,
        **_taken_over(row, OF_OFFERS),
    )


def _confirmed(known: models.Needs) -> tuple[str, ...] | None:
    """The hard needs that a coordinator confirmed; None, which means all, where it is all."""
    hard = [code for code, strength in known.needs.items() if strength == Strength.HARD]
    confirmed = tuple(code for code in hard if code in known.confirmed)
    return None if len(confirmed) == len(hard) else confirmed


def _taken_over(row: models.Apprentice | models.Offer, columns: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in columns}


def hours_of(row: OfferFields) -> Hours | None:
    """The hours of an offer; the table holds that they are there together or not at all."""
    start, end, per_day, per_week = (
        row.hours_start, row.hours_end, row.hours_per_day, row.days_per_week
    )  # fmt: skip
    if start is None or end is None or per_day is None or per_week is None:
        return None
    return Hours(start=start, end=end, per_day=per_day, days_per_week=per_week)
