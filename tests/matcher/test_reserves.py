"""Reserves for people with fewer opportunities: reached, never crossed, priced and proved."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

import matcher
from matcher.assignment import reserved_people
from matcher.errors import ProblemError
from matcher.problem import Problem
from matcher.result import AimPrice, AimPrices, Tiers
from tests import oracle, strategies
from tests.factories import apprentice, offer, problem
from tests.matcher.test_against_oracle import examples, often, with_rows

FEWER = {"fewer_opportunities": True}


def proposed(found: Problem) -> dict[str, str]:
    """Who goes where, after the proof and the promises were looked at."""
    result = certified(found)
    return {p.apprentice: p.offer for p in result.proposals}


def certified(found: Problem) -> matcher.Result:
    result = matcher.propose(found)
    assert (result.certificate.optimal, result.certificate.gap) == (True, 0)
    assert matcher.verify(found, result) == []
    return result


def rivals(**policy: Any) -> Problem:
    """Four machinists of 100 points in all and one of the group, who fits less, for two places."""
    people = [apprentice(id=f"A-{n}") for n in range(1, 5)]
    people.append(apprentice(id="A-5", occupations=["7222"], **FEWER))
    return problem(people, [offer(places=2)], **policy)


@pytest.mark.parametrize("objective", ["fit", "coverage"])
def test_a_reserve_places_its_share_and_states_what_that_costs(objective: str) -> None:
    plain = certified(rivals(objective=objective))
    assert "A-5" not in {p.apprentice for p in plain.proposals}
    assert plain.certificate.price == AimPrices()
    result = certified(rivals(objective=objective, reserve=0.5))
    assert "A-5" in {p.apprentice for p in result.proposals}
    lost = round(plain.certificate.value.score - result.certificate.value.score, 3)
    assert lost == 6.0
    assert result.certificate.reserve == 1
    assert result.certificate.price == AimPrices(
        reserve=AimPrice(more=1, fewer=1, score=lost, proved=True)
    )
    assert result.prices.reserve == lost
    placed = 2 if objective == "coverage" else None
    score = result.certificate.value.score
    assert result.certificate.value == Tiers(hard_needs=0, reserve=1, placed=2, score=score)
    assert result.certificate.bound == Tiers(hard_needs=0, reserve=1, placed=placed, score=score)


def test_a_share_of_nothing_is_no_reserve() -> None:
    nothing, absent = (matcher.propose(rivals(reserve=share)) for share in (0.0, None))
    assert nothing.certificate.problem_sha256 == absent.certificate.problem_sha256
    assert nothing.certificate.value.reserve is absent.certificate.value.reserve is None
    assert nothing.proposals == absent.proposals


def test_a_reserve_that_is_kept_anyhow_changes_nothing_and_costs_nothing() -> None:
    people = [apprentice(id="A-1", **FEWER), apprentice(id="A-2", occupations=["7222"])]
    result = certified(problem(people, [offer()], reserve=1.0))
    assert [p.apprentice for p in result.proposals] == ["A-1"]
    assert result.certificate.price.reserve == AimPrice(more=0, fewer=0, score=0.0, proved=True)
    assert result.prices.reserve == 0


def test_a_reserve_is_lowered_to_what_can_be_reached() -> None:
    """Half of six is three; only one of the group can go anywhere."""
    people = [apprentice(id=f"A-{n}") for n in range(1, 7)]
    barred = {"destinations": ["FI"], "occupations": ["7222"]}
    group = [apprentice(id=f"A-{n}", **FEWER, **barred) for n in (7, 8)]
    group.append(apprentice(id="A-9", occupations=["7222"], **FEWER))
    result = certified(problem([*people, *group], [offer(places=6)], reserve=0.5))
    assert result.certificate.reserve == 3
    assert result.certificate.value.reserve == result.certificate.bound.reserve == 1
    assert result.certificate.value.placed == 6


@pytest.mark.parametrize("objective", ["fit", "coverage"])
def test_the_share_is_of_the_most_who_could_be_placed_whatever_the_objective(
    objective: str,
) -> None:
    """`fit` places one of two here; a reserved place that stays empty places one less."""
    people = [
        apprentice(id="A-1", languages={"en": "B1", "de": "B1"}),
        apprentice(id="A-2", occupations=["7233"]),
    ]
    hosts = [
        offer(id="O-1", quality=1.0),
        offer(id="O-2", languages={"de": "B1"}, quality=0.0, occupations=["7233"]),
    ]
    low = {"occupation": 50.0, "quality": 50.0}
    weights = dict.fromkeys(("outcomes", "language", "dates", "inclusion", "preference"), 0.0) | low
    shared = {"weights": weights, "objective": objective, "reserve": 1.0}
    assert certified(problem(people, hosts, **shared)).certificate.reserve == 2
    kept = [hosts[0], hosts[1].model_copy(update={"reserved": 1})]
    assert certified(problem(people, kept, **shared)).certificate.reserve == 1


def test_people_with_hard_needs_come_before_the_reserve() -> None:
    needs = {"STEP_FREE_ACCESS": "hard"}
    people = [
        apprentice(id="A-1", needs=needs, occupations=["7222"]),
        apprentice(id="A-2", **FEWER),
    ]
    hosts = [offer(provisions={"STEP_FREE_ACCESS": "certified"}), offer(id="O-2", places=0)]
    assert proposed(problem(people, hosts, reserve=1.0)) == {"A-1": "O-1"}
    assert proposed(problem(people, hosts, reserve=1.0, priority=[])) == {"A-2": "O-1"}
    both = [apprentice(id="A-1", needs=needs), apprentice(id="A-2", needs=needs, **FEWER)]
    assert proposed(problem(both, hosts, reserve=1.0)) == {"A-2": "O-1"}


def test_the_price_of_hard_needs_and_of_the_reserve_on_top_of_it_are_apart() -> None:
    """O-1 is for A-2's need, 6 points less; of two further places A-5 gets one, 6 points less."""
    needy = apprentice(id="A-2", occupations=["7222"], needs={"STEP_FREE_ACCESS": "hard"})
    group = apprentice(id="A-5", occupations=["7222"], **FEWER)
    people = [*(apprentice(id=i) for i in ("A-1", "A-3", "A-4", "A-6")), needy, group]
    hosts = [
        offer(id="O-1", provisions={"STEP_FREE_ACCESS": "certified"}),
        offer(id="O-2", places=2),
    ]
    result = certified(problem(people, hosts, reserve=0.3))
    assert result.certificate.value.hard_needs == result.certificate.value.reserve == 1
    assert result.certificate.price == AimPrices(
        hard_needs=AimPrice(more=1, fewer=1, score=6.0, proved=True),
        reserve=AimPrice(more=1, fewer=1, score=6.0, proved=True),
    )


def test_locked_people_of_the_group_count_for_the_reserve() -> None:
    people = [apprentice(id=f"A-{n}") for n in (1, 2)]
    group = [apprentice(id=f"A-{n}", occupations=["7222"], **FEWER) for n in (3, 4)]
    locked = problem([*people, *group], [offer(places=3)], reserve=0.3, locks=[("A-3", "O-1")])
    assert set(proposed(locked)) == {"A-1", "A-2", "A-3"}
    more = problem([*people, *group], [offer(places=3)], reserve=0.6, locks=[("A-3", "O-1")])
    assert set(proposed(more)) > {"A-3", "A-4"}


@pytest.mark.parametrize(
    ("share", "placeable", "people"),
    [(0.1, 30, 3), (0.1, 31, 4), (0.2, 10, 2), (1.0, 7, 7), (0.29, 100, 29), (1e-5, 3, 1)],
)
def test_the_share_is_rounded_up_as_it_is_written(
    share: float, placeable: int, people: int
) -> None:
    assert reserved_people(share, placeable) == people
    assert people >= Fraction(str(share)) * placeable > people - 1


@pytest.mark.parametrize("group", [0, 1, 2, 3])
def test_reserved_places_are_for_the_group_only(group: int) -> None:
    """Two of three places are reserved: nobody else gets them, even when they stay empty."""
    people = [apprentice(id=f"A-{n}") for n in range(3)]
    fewer = [apprentice(id=f"B-{n}", occupations=["7222"], **FEWER) for n in range(group)]
    result = certified(problem([*people, *fewer], [offer(places=3, reserved=2)]))
    named = sorted(p.apprentice[0] for p in result.proposals)
    assert named == ["A", *"BB"[:group]]
    free = 2 - min(group, 2)
    assert [(o.free_places, o.reserved) for o in result.idle_offers] == [(free, free)] * bool(free)
    assert all(
        full.full == ("reserved" if free else "offer") for u in result.unmatched for full in u.full
    )
    assert {full.lowest is None for u in result.unmatched for full in u.full} <= {False}


def test_room_for_reserved_places_is_kept_within_the_caps() -> None:
    """The company takes two and keeps one place for the group, so others get one in all."""
    people = [apprentice(id=f"A-{n}") for n in range(3)]
    hosts = [
        offer(id="O-1", company="C", places=2, reserved=1, occupations=["7222"]),
        offer(id="O-2", company="C", places=2),
    ]
    for cap in ({"companies": {"C": {"max_placements": 2}}}, {"hosting_caps": {"region-de": 2}}):
        assert len(proposed(problem(people, hosts, **cap))) == 1
        fewer = apprentice(id="B-1", occupations=["7222"], **FEWER)
        found = proposed(problem([*people, fewer], hosts, **cap))
        assert len(found) == 2
        assert "B-1" in found


def test_a_reserved_place_that_stays_empty_has_its_price() -> None:
    reserved = certified(problem([apprentice()], [offer(reserved=1)]))
    assert reserved.proposals == ()
    (left,) = reserved.unmatched
    assert [(f.full, f.lowest) for f in left.full] == [("reserved", None)]
    price = reserved.certificate.price.reserve
    worth = matcher.propose(problem([apprentice()], [offer()])).certificate.value.score
    assert price == AimPrice(more=0, fewer=1, score=worth, proved=True)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"reserved": 4}, "offers[0]: reserved 4 is more than places 3"),
        ({"reserved": -1}, "offers[0].reserved: -1 is less than 0"),
        (
            {"companies": {"C": {"max_placements": 1}}},
            "companies.C.max_placements: 1 is less than the 2 places that are reserved for"
            " apprentices with fewer opportunities",
        ),
        (
            {"hosting_caps": {"region-de": 1}},
            "policy.hosting_caps.region-de: 1 is less than the 2 places that are reserved for"
            " apprentices with fewer opportunities",
        ),
        ({"reserve": 1.5}, "policy.reserve: 1.5 is more than 1.0"),
        ({"reserve": "a fifth"}, "policy.reserve: 'a fifth' is not a number"),
    ],
)
def test_reserves_that_cross_a_limit_are_refused(changes: dict[str, Any], fault: str) -> None:
    content = problem([], [offer(company="C", places=3, reserved=2)]).model_dump(mode="json")
    for key, value in changes.items():
        place = {"reserved": content["offers"][0], "companies": content}.get(key, content["policy"])
        place[key] = value
    with pytest.raises(ProblemError) as error:
        matcher.Problem.from_json(json.dumps(content))
    assert error.value.problems == [fault]


def test_a_lock_on_a_reserved_place_is_refused_and_left_out() -> None:
    people = [apprentice(id="A-1"), apprentice(id="A-2", **FEWER)]
    locks = [("A-1", "O-1"), ("A-2", "O-1")]
    assert proposed(problem(people, [offer(places=2, reserved=1)], locks=locks)) == dict(locks)
    crossing = problem(people, [offer(places=2, reserved=2)], locks=locks)
    with pytest.raises(ProblemError) as error:
        matcher.propose(crossing)
    why = "too few places at 'O-1' are not reserved"
    assert error.value.problems == [f"policy.locks[0]: {why}"]
    kept, left_out = matcher.without_faulty_locks(crossing)
    assert (kept.policy.locks, left_out) == ((locks[1],), {locks[0]: why})


def test_a_result_that_gives_away_a_reserved_place_is_caught() -> None:
    people = [apprentice(id="A-1"), apprentice(id="A-2")]
    result = matcher.propose(problem(people, [offer(places=2)]))
    assert len(result.proposals) == 2
    (line,) = matcher.verify(problem(people, [offer(places=2, reserved=1)]), result)
    assert line.startswith("P10: ")


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("value", {"reserve": 0}),
        ("value", {"reserve": 2}),
        ("bound", {"reserve": 2}),
        ("bound", {"reserve": None}),
        ("certificate", {"reserve": 2}),
        ("certificate", {"reserve": None}),
        ("prices", {"reserve": 0.0}),
        ("prices", {"reserve": 7.0}),
        ("prices", {"reserve": -1.0}),
        ("prices", {"reserved": {"O-1": 1.0}}),
        ("price", {"score": 5.999}),
        ("price", {"more": 2}),
        ("price", {"fewer": 0}),
        ("price", {"proved": False}),
    ],
)
def test_a_reserve_that_is_tampered_with_is_caught(part: str, changes: dict[str, Any]) -> None:
    given_problem = rivals(reserve=0.5)
    content = matcher.propose(given_problem).model_dump(mode="json")
    certificate = content["certificate"]
    place = {
        "certificate": certificate,
        "prices": content["prices"],
        "price": certificate["price"]["reserve"],
    }.get(part) or certificate[part]
    place.update(changes)
    assert matcher.verify(given_problem, matcher.Result.model_validate(content)) != []


def test_a_result_without_the_reserve_is_no_result_of_a_problem_with_it() -> None:
    plain = matcher.propose(rivals())
    certificate = matcher.propose(rivals(reserve=0.5)).certificate
    posed = plain.model_copy(update={"certificate": certificate})
    assert matcher.verify(rivals(reserve=0.5), posed) != []


def changed(found: Problem, **policy: Any) -> Problem:
    return with_rows(found, policy=dict(found.policy) | policy)


def plain_places(found: Problem) -> Problem:
    return with_rows(found, offers=[o.model_copy(update={"reserved": 0}) for o in found.offers])


@settings(examples, max_examples=often(20))
@given(strategies.problems(least=1) | strategies.crowds())
def test_the_group_is_placed_up_to_what_is_reserved_or_can_be_reached(found: Problem) -> None:
    """Against the best of all assignments for the group, after people with hard needs."""
    result = matcher.propose(changed(found, reserve=0.5))
    placed = {p.apprentice for p in result.proposals}
    group = sum(a.fewer_opportunities and a.id in placed for a in found.apprentices)
    asked = oracle.people_reserved(changed(found, reserve=0.5))
    everybody = changed(found, reserve=1.0, objective="fit")
    reachable = oracle.optimum(everybody)[-2]
    assert result.certificate.reserve == asked
    assert group >= result.certificate.value.reserve == min(asked, reachable)


@settings(examples, max_examples=often(20))
@given(strategies.problems(least=1) | strategies.crowds())
def test_whoever_comes_first_coverage_is_the_same(found: Problem) -> None:
    plain = changed(found, objective="coverage", priority=(), reserve=None)
    most = matcher.propose(plain).certificate.value.placed
    for first in ({"priority": ("hard_needs",)}, {"reserve": 0.6}):
        assert matcher.propose(changed(plain, **first)).certificate.value.placed == most
    assert most == oracle.optimum(plain)[0]


@settings(examples, max_examples=often(20))
@given(strategies.problems(least=1) | strategies.crowds())
def test_the_price_is_the_difference_to_the_best_without_what_comes_first(found: Problem) -> None:
    result = certified(found)
    price, value = result.certificate.price, round(result.certificate.value.score * 1000)
    unreserved = changed(plain_places(found), reserve=None)
    before = oracle.optimum(unreserved)[-1]
    if price.reserve is None:
        assert value == before
    else:
        assert (price.reserve.proved, round(price.reserve.score * 1000)) == (True, before - value)
        placed = len(matcher.propose(unreserved).proposals)
        assert price.reserve.fewer - price.reserve.more == placed - len(result.proposals)
    if price.hard_needs is not None:
        without = oracle.optimum(changed(unreserved, priority=()))[-1]
        assert round(price.hard_needs.score * 1000) == without - before
