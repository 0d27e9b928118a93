"""What windows score for somebody, told from memory, so that only the best have to be read.

Windows are read and encoded once. What has changed since, and what is special between somebody
and a window, nobody can tell from memory: it is read.
"""

import datetime
import threading
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session, col

import matcher
import models
from api import store
from api.services.problems import offer_of
from api.store.windows import Place, Stamp, Versions
from matcher import EncodedOffers
from matcher.problem import Offer, Problem
from matcher.vocabulary import default_reference

Period = tuple[datetime.date, datetime.date]
"""First and last day."""

Scores = dict[uuid.UUID, int]
"""Thousandths of a point, by the windows."""

MOST_PERIODS = 8
"""Of so many periods of calls the windows are kept."""

CHANGED_OF = 20
"""One window of so many may have changed before all are read and encoded again."""


@dataclass(frozen=True)
class Known:
    """Windows of published offers as they were read, and as the engine sees them."""

    versions: dict[uuid.UUID, Versions]
    offers: EncodedOffers | None

    @cached_property
    def _within(self) -> Callable[..., EncodedOffers]:
        """The windows in a period, kept for a few of them."""
        assert self.offers is not None  # noqa: S101  # asked where there are some
        return lru_cache(MOST_PERIODS)(self.offers.within)

    def scores(self, problem: Problem, period: Period) -> Scores:
        """What the windows score that no rule refuses the one person of a problem in a period."""
        if self.offers is None:
            return {}
        found = matcher.possible_offers(problem, self._within(*period))
        return {uuid.UUID(window): score for window, score in found.items()}


@dataclass(frozen=True)
class Looked:
    """The scores of windows on the days of each problem, and windows that have to be read."""

    scores: list[Scores]
    unknown: set[uuid.UUID]


class Shortlist:
    """What this process knows of the windows of one database."""

    def __init__(self) -> None:
        """Nothing is read before it is asked."""
        self._lock = threading.Lock()
        self._known = Known({}, None)
        self._seen, self._changed = Stamp(), frozenset[uuid.UUID]()

    def look(
        self, session: Session, problems: Iterable[Problem], period: Period,
        special: Collection[uuid.UUID] = (),
    ) -> Looked:  # fmt: skip
        """What the windows that no rule refuses score, and which ones nobody can tell of.

        Some may be closed since: whoever reads them asks for open ones.
        Each problem holds the same one person, on some days, and no offers; stays lie in
        `period`. Of `special` windows more is known than the problems say.
        """
        known, unknown = self._current(session)
        unknown |= {*special}
        return Looked(
            [
                {one: score for one, score in known.scores(problem, period).items()
                 if one not in unknown}
                for problem in problems
            ],
            unknown,
        )  # fmt: skip

    def _current(self, session: Session) -> tuple[Known, set[uuid.UUID]]:
        """What is known, and which windows have changed since; read again where many have.

        What a transaction reads that writes is not kept: a version that it gives to a row may be
        given once more after it was rolled back.
        """
        now = store.windows.stamp(session)
        writes = session.get_bind().get_execution_options().get("writes", True)
        with self._lock:
            if now != self._seen:
                versions = store.windows.versions(session)
                changed = _changed(self._known, versions)
                if writes:
                    return self._known, changed
                if len(changed) > len(versions) // CHANGED_OF:
                    self._known = _read(session)
                    changed = _changed(self._known, versions)
                self._seen, self._changed = now, frozenset(changed)
            return self._known, set(self._changed)


def shortlist_of(session: Session) -> Shortlist:
    """The shortlist of the database that the session works on."""
    remembered: dict[str, Any] = session.get_bind().get_execution_options()["remembered"]
    found: Shortlist = remembered.setdefault("shortlist", Shortlist())
    return found


def _changed(known: Known, versions: dict[uuid.UUID, Versions]) -> set[uuid.UUID]:
    return {one for one, those in versions.items() if known.versions.get(one) != those}


def _read(session: Session) -> Known:
    places = store.windows.places(session, col(models.Offer.status) == models.OfferStatus.PUBLISHED)
    offers = _readable(places)
    if not offers:
        return Known({}, None)
    versions = {place.window.id: place.versions for place in places}
    return Known(versions, matcher.encode_offers(offers, default_reference()))


def _readable(places: Collection[Place]) -> list[Offer]:
    """The windows as the engine reads them; none where it cannot read one of them."""
    try:
        offers = [
            offer_of(
                place.window, place.offer, place.company, place.region,
                places=place.window.places, reserved=0,
                period=(place.window.available_from, place.window.available_to),
            )
            for place in places
        ]  # fmt: skip
        latest = max((offer.available_to for offer in offers), default=None)
        return list(Problem(today=latest, offers=tuple(offers)).offers) if latest else []
    except ValidationError:
        return []
