"""What is kept in memory of windows: it spares reading, and changes no answer."""

import datetime
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import Engine, event, update
from sqlmodel import col, select

import matcher
import models
from api import store
from api.database import transaction
from api.services import pairs, shortlist
from benchmarks.drawn_alliance import fill
from seed_data.problems import generate
from tests.alliance import Alliance
from tests.rows import NOW

PEOPLE = 6
TODAY = NOW.date()


@contextmanager
def everything_read() -> Iterator[None]:
    """Nobody knows anything: each window is let through to the engine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shortlist.Shortlist, "windows", _all_windows)
        yield


def _all_windows(_: Any, session: Any, *_given: Any) -> set[uuid.UUID]:
    return set(session.exec(select(models.OfferWindow.id).join(models.Offer).where(
        models.Offer.status == models.OfferStatus.PUBLISHED
    )))  # fmt: skip


def answers(engine: Engine, call: uuid.UUID, person: uuid.UUID) -> list[Any]:
    """All that is worked out of one person beside the open windows."""
    with transaction(engine, writes=False) as session:
        row = session.get_one(models.Apprentice, person)
        first = row.available_from + datetime.timedelta(days=3)
        stay = first, first + datetime.timedelta(days=row.days_ideal - 1)
        return [
            pairs.suggestions(session, call, person, TODAY),
            pairs.suggestions(session, call, person, TODAY, stay=stay),
            pairs.suitable_but_full(session, call, person, TODAY),
            pairs.alternatives(session, call, person, TODAY, stay),
            pairs.other_hosts(session, call, person, TODAY, stay),
        ]


def test_what_is_kept_in_memory_changes_no_answer(database: Engine) -> None:
    alliance = fill(database, 60, 80, 10, 5, NOW)
    with transaction(database) as session:
        call = session.exec(select(models.Call.id)).one()
        drawn = random.Random(7)
        offers = list(session.exec(select(models.Offer).order_by(col(models.Offer.id))))
        people = [row.id for row in session.exec(select(models.Apprentice))]
        windows = list(session.exec(select(models.OfferWindow.id)))
        session.execute(
            update(models.OfferWindow).where(col(models.OfferWindow.id).in_(windows[::7]))
            .values(taken=models.OfferWindow.places)
        )  # fmt: skip
    assert alliance.pairs
    asked, found = drawn.sample(people, PEOPLE), 0
    for changed in (0, 2, 20):
        with transaction(database) as session:
            for offer in drawn.sample(offers, changed):
                there = session.get_one(models.Offer, offer.id)
                there.languages = {"en": "A1"}
                there.occupations = [*there.occupations, "5120"]
                there.min_age, there.modes = None, ["physical", "blended"]
        for person in asked:
            with everything_read():
                expected = answers(database, call, person)
            assert answers(database, call, person) == expected
            found += len(expected[0])
    assert found


def test_only_what_may_suit_is_read(database: Engine) -> None:
    fill(database, 5, 90, 0, 5, NOW)
    with transaction(database, writes=False) as session:
        call = session.exec(select(models.Call.id)).one()
        person = session.exec(select(models.Apprentice.id)).first()
    assert person is not None

    def read() -> int:
        loaded: list[Any] = []
        with transaction(database, writes=False) as session:
            event.listen(session, "loaded_as_persistent", lambda _, row: loaded.append(row))
            pairs.suggestions(session, call, person, TODAY)
        return sum(isinstance(row, models.OfferWindow) for row in loaded)

    assert read() >= 90
    assert read() < 40


@pytest.mark.parametrize("change", ["offer", "company", "window", "paused", "new"])
def test_what_changed_counts_from_then_on(database: Engine, change: str) -> None:
    alliance = Alliance(database)
    call, ana = alliance.call.id, alliance.id_of("ana")
    window = alliance.windows["Leipzig"]
    offer = alliance.read(models.Offer(id=window.offer_id))
    site = alliance.read(models.Site(id=offer.site_id))
    before: dict[str, Any] = {
        "offer": (offer, {"languages": {"pl": "C2"}}, {"languages": {"en": "A1"}}),
        "company": (models.Company(id=site.company_id), {"verified_at": None, "verified_by": None},
                    {"verified_at": NOW, "verified_by": "Somebody"}),
        "window": (window, {"available_to": datetime.date(2027, 3, 5)},
                   {"available_to": datetime.date(2027, 7, 31)}),
        "paused": (offer, {"status": "paused"}, {"status": "published"}),
        "new": (window, {"places": 0}, {"places": 4}),
    }  # fmt: skip
    row, away, back = before[change]

    def towns() -> set[str]:
        with transaction(database, writes=False) as session:
            found = pairs.suggestions(session, call, ana, TODAY)
            return {alliance.key_of(one.offer) for one in found}

    for _ in range(2):
        assert "Leipzig" in towns()
        alliance.edit(row, **away)
        assert "Leipzig" not in towns()
        alliance.edit(row, **back)


def test_what_was_rolled_back_is_not_remembered(database: Engine) -> None:
    alliance = Alliance(database)
    call, ana, window = alliance.call.id, alliance.id_of("ana"), alliance.windows["Leipzig"]
    with suppress(TimeoutError), transaction(database) as session:
        row = session.get_one(models.OfferWindow, window.id)
        row.available_to = datetime.date(2027, 3, 5)
        session.flush()
        found = pairs.suggestions(session, call, ana, TODAY)
        assert str(window.id) not in {one.offer for one in found}
        raise TimeoutError
    alliance.edit(window, places=5)
    with transaction(database, writes=False) as session:
        found = pairs.suggestions(session, call, ana, TODAY)
    assert str(window.id) in {one.offer for one in found}


def test_a_cap_of_a_region_that_hosts_none_of_them_stands_in_nobodys_way(
    database: Engine,
) -> None:
    alliance = Alliance(database)
    alliance.edit(alliance.hosts["leipzig"], hosting_cap=1)
    window = alliance.windows["Savonlinna"].id
    with transaction(database, writes=False) as session:
        (place,) = store.windows.places_of(session, [window]).values()
        (said,) = pairs.explanations(session, alliance.call.id, alliance.id_of("ana"), [place],
                                     TODAY)  # fmt: skip
    assert said.possible


def test_encoded_offers_tell_what_is_possible_as_the_whole_problem_does() -> None:
    problem = generate(30, 60, 3)
    encoded = matcher.encode_offers(problem.offers, problem.facts())
    found = 0
    for person in problem.apprentices:
        plain = person.model_copy(update={"interest": {}, "excluded_companies": ()})
        alone = problem.model_copy(
            update={"apprentices": (plain,), "offers": (), "companies": {}, "declined": (),
                    "accepted_needs": (), "policy": matcher.Problem(today=problem.today).policy}
        )  # fmt: skip
        beside = alone.model_copy(update={"offers": problem.offers})
        expected = {said.offer for said in matcher.suggest(beside, person.id, len(problem.offers))}
        assert set(matcher.possible_offers(alone, encoded)) == expected
        found += len(expected)
    assert found
