"""Which open windows may suit somebody, told from memory, so that only these have to be read.

Windows are read and encoded once; what has changed since is let through. The engine is asked
about everything that is let through, so a shortlist that is too long costs time and nothing else.
"""

import threading
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
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

CHANGED_OF = 20
"""One window of so many may have changed before all are read and encoded again."""


@dataclass(frozen=True)
class Known:
    """Windows of published offers as they were read, and as the engine sees them."""

    versions: dict[uuid.UUID, Versions]
    offers: EncodedOffers | None


class Shortlist:
    """What this process knows of the windows of one database."""

    def __init__(self) -> None:
        """Nothing is read before it is asked."""
        self._lock = threading.Lock()
        self._known = Known({}, None)
        self._seen, self._changed = Stamp(), frozenset[uuid.UUID]()

    def windows(
        self, session: Session, problems: Collection[Problem], besides: Iterable[uuid.UUID] = ()
    ) -> set[uuid.UUID]:
        """The windows that no rule refuses, and those of published offers nobody can tell of.

        Some may be closed since: whoever reads them asks for open ones.
        Each problem holds the same one person, on some days, and no offers. `besides` are offers
        of which more is known than the problem says.
        """
        known, found = self._current(session)
        for offer in besides:
            found |= set(store.windows.windows_of(session, offer))
        if known.offers is not None:
            for problem in problems:
                found |= {uuid.UUID(one) for one in matcher.possible_offers(problem, known.offers)}
        return found

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
