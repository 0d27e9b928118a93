"""What is kept in memory of windows: it spares reading, and changes no answer."""

import datetime
import random
import uuid
from collections.abc import Iterator, Sequence
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
from matcher.problem import Offer
from seed_data.problems import generate
from tests import rows
from tests.alliance import Alliance
from tests.databases import forget
from tests.rows import NOW

PEOPLE = 3
TODAY = NOW.date()


@contextmanager
def everything_read() -> Iterator[None]:
    """Nobody knows anything: each window is let through to the engine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shortlist.Shortlist, "look", _nothing_known)
        yield


def _nothing_known(_: Any, session: Any, problems: Any, *_given: Any) -> shortlist.Looked:
    published = models.Offer.status == models.OfferStatus.PUBLISHED
    windows = session.exec(select(models.OfferWindow.id).join(models.Offer).where(published))
    return shortlist.Looked([{} for _ in problems], set(windows))


def answers(engine: Engine, call: uuid.UUID, person: uuid.UUID) -> list[Any]:
    """All that is worked out of one person beside the open windows."""
    with transaction(engine, writes=False) as session:
        row = session.get_one(models.Apprentice, person)
        first = row.available_from + datetime.timedelta(days=3)
        stay = first, first + datetime.timedelta(days=row.days_ideal - 1)
        return [
            pairs.suggestions(session, call, person, TODAY).items,
            pairs.suggestions(session, call, person, TODAY, stay=stay).items,
            pairs.suitable_but_full(session, call, person, TODAY),
            pairs.alternatives(session, call, person, TODAY, stay),
            pairs.other_hosts(session, call, person, TODAY, stay),
        ]


def test_what_is_kept_in_memory_changes_no_answer(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few are suggested, so that many are left in memory; the call cuts many windows."""
    monkeypatch.setattr(pairs, "MOST", 3)
    call, people = drawn(database)
    best = [of.items[0].offer for of in found_for(database, call, people).values() if of.items]
    with transaction(database) as session:
        for window in {*best}:  # others like it, none of them better
            like = session.get_one(models.OfferWindow, uuid.UUID(window))
            session.add_all([
                models.OfferWindow(**like.model_dump() | {
                    "id": uuid.uuid4(),
                    "available_to": like.available_to + datetime.timedelta(days=days),
                })
                for days in range(1, 6)
            ])  # fmt: skip
        session.flush()
        later = models.Call(**session.get_one(models.Call, call).model_dump() | {
            "id": uuid.uuid4(), "code": "later",
        })  # fmt: skip
        later.stays_to = later.stays_from + datetime.timedelta(days=60)
        session.add(later)
        offers = list(session.exec(select(models.Offer).order_by(col(models.Offer.id))))
        windows = list(session.exec(select(models.OfferWindow.id)))
        session.execute(
            update(models.OfferWindow).where(col(models.OfferWindow.id).in_(windows[::7]))
            .values(taken=models.OfferWindow.places)
        )  # fmt: skip
        other = later.id
    draw, more, asked = random.Random(7), 0, with_most(found_for(database, call, people))
    for changed in (0, 2, 20):
        with transaction(database) as session:
            for offer in draw.sample(offers, changed):
                there = session.get_one(models.Offer, offer.id)
                there.languages = {"en": "A1"}
                there.occupations = [*there.occupations, "5120"]
                there.min_age, there.modes = None, ["physical", "blended"]
        for person in asked:
            more += compared(database, call, person)
            more += compared(database, other, person)
    assert more


def test_what_is_special_between_somebody_and_a_place_is_not_told_from_memory(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, people = drawn(database)
    found = found_for(database, call, people)
    most = with_most(found)
    with transaction(database) as session:
        coordinator = session.exec(select(models.User.id)).first()
        assert coordinator is not None
        for person in most:
            there = [found[person].places[uuid.UUID(one.offer)] for one in found[person].items]
            row = session.get_one(models.Apprentice, person)
            row.excluded_companies = [str(there[1].company.id)]
            row.interest = {str(there[-1].offer.id): 1.0}
            session.add(models.PairWish(**rows.stamped(
                apprentice_id=person, window_id=there[0].window.id, wish="forbid", reason="far",
                made_by=coordinator,
            )))  # fmt: skip
            session.add(rows.proposal(session.get_one(models.Call, call), row, there[2].window,
                                      status="rejected", reason="other"))  # fmt: skip
    monkeypatch.setattr(pairs, "MOST", 3)
    assert sum(compared(database, call, person) for person in most)


def test_a_need_that_was_accepted_opens_a_place_that_memory_refuses(database: Engine) -> None:
    call, people = drawn(database)
    for person in people:
        with transaction(database) as session:
            coordinator = session.exec(select(models.User.id)).first()
            known = store.sealed.needs_of_one(session, "test", person)
            hard = [code for code, how in (known.needs if known else {}).items() if how == "hard"]
            near = pairs.nearly_possible(session, call, person, TODAY) if hard else ()
            places = store.windows.places_of(session, [uuid.UUID(one.offer) for one in near])
            assert coordinator is not None
            for offer in {place.offer.id for place in places.values()}:
                for need in hard:
                    store.accepted_needs.add(session, models.NeedAccepted(
                        uuid.uuid4(), person, offer, need, "seen", coordinator, NOW
                    ))  # fmt: skip
        if not places:
            continue
        compared(database, call, person)
        with transaction(database, writes=False) as session:
            found = pairs.suggestions(session, call, person, TODAY).items
        if {str(window) for window in places} & {one.offer for one in found}:
            return
    pytest.fail("nothing was opened")


def drawn(database: Engine) -> tuple[uuid.UUID, list[uuid.UUID]]:
    """A call whose period cuts windows, and the people in it."""
    fill(database, 16, 240, 0, 5, NOW)
    with transaction(database) as session:
        call = session.exec(select(models.Call)).one()
        days = sorted(session.exec(select(models.OfferWindow.available_from)))
        call.stays_from = days[len(days) // 2]
        call.stays_to = call.stays_from + datetime.timedelta(days=120)
        return call.id, [row.id for row in session.exec(select(models.Apprentice))]


def found_for(
    database: Engine, call: uuid.UUID, people: list[uuid.UUID]
) -> dict[uuid.UUID, pairs.Suggestions]:
    """What is suggested to each of them."""
    with transaction(database, writes=False) as session:
        return {one: pairs.suggestions(session, call, one, TODAY) for one in people}


def with_most(found: dict[uuid.UUID, pairs.Suggestions]) -> list[uuid.UUID]:
    """Those whom most places suit."""
    eligible = {one: max((said.eligible for said in of.items), default=0)
                for one, of in found.items()}  # fmt: skip
    return sorted(eligible, key=lambda one: eligible[one])[-PEOPLE:]


def compared(database: Engine, call: uuid.UUID, person: uuid.UUID) -> int:
    """How many more places suit somebody than are shown, after all answers were compared."""
    with everything_read():
        expected = answers(database, call, person)
    assert answers(database, call, person) == expected
    shown = expected[0]
    return int(shown[0].eligible) - len(shown) if shown else 0


def test_only_the_best_are_read(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "MOST", 3)
    call, people = drawn(database)
    person = with_most(found_for(database, call, people))[-1]
    forget(database)

    def read() -> int:
        loaded: list[Any] = []
        with transaction(database, writes=False) as session:
            event.listen(session, "loaded_as_persistent", lambda _, row: loaded.append(row))
            pairs.suggestions(session, call, person, TODAY)
        return sum(isinstance(row, models.OfferWindow) for row in loaded)

    assert read() >= 200
    assert read() == pairs.MOST


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
            found, _ = pairs.suggestions(session, call, ana, TODAY)
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
        found, _ = pairs.suggestions(session, call, ana, TODAY)
        assert str(window.id) not in {one.offer for one in found}
        raise TimeoutError
    alliance.edit(window, places=5)
    with transaction(database, writes=False) as session:
        found, _ = pairs.suggestions(session, call, ana, TODAY)
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
    first = min(offer.available_from for offer in problem.offers) + datetime.timedelta(days=60)
    period = first, first + datetime.timedelta(days=70)
    whole, part = (
        _told(problem, encoded, problem.offers),
        _told(problem, encoded.within(*period), _cut(problem.offers, *period)),
    )
    assert 0 < part < whole


def _cut(offers: Sequence[Offer], first: datetime.date, last: datetime.date) -> list[Offer]:
    cut = [
        offer.model_copy(update={"available_from": max(first, offer.available_from),
                                 "available_to": min(last, offer.available_to)})
        for offer in offers
    ]  # fmt: skip
    return [offer for offer in cut if offer.available_from <= offer.available_to]


def _told(problem: matcher.Problem, encoded: matcher.EncodedOffers, offers: Sequence[Offer]) -> int:
    """How many pairs are possible, after they were compared with what the engine suggests."""
    found = 0
    for person in problem.apprentices:
        plain = person.model_copy(update={"interest": {}, "excluded_companies": ()})
        alone = problem.model_copy(
            update={"apprentices": (plain,), "offers": (), "companies": {}, "declined": (),
                    "accepted_needs": (), "policy": matcher.Problem(today=problem.today).policy}
        )  # fmt: skip
        beside = alone.model_copy(update={"offers": tuple(offers)})
        suggested = matcher.suggest(beside, person.id, len(offers))
        expected = {said.offer: round((said.score or 0) * 1000) for said in suggested}
        assert matcher.possible_offers(alone, encoded) == expected
        found += len(expected)
    return found
