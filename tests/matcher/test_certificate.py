"""What is promised is checked, and what is said about a result is worked out again."""

import copy
import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy.stats import chisquare

import matcher
from matcher import blocks, engine, survey
from matcher import solution as solving
from matcher.assignment import UNPLACED, Worth
from matcher.certificate import bound_tiers
from matcher.encode import encode, in_drawn_order
from matcher.errors import ProblemError
from matcher.prices import Prices
from matcher.report import report
from matcher.result import Tiers
from seed_data.problems import generate
from tests.factories import apprentice, offer, problem

Path = tuple[str | int, ...]


@pytest.fixture(scope="module")
def tight_problem() -> matcher.Problem:
    """People who compete for few places, with caps, a lock and needs, so prices are not 0."""
    drawn = generate(60, 24, seed=11)
    result = matcher.propose(drawn)
    lock = result.proposals[0]
    company = {offer.id: offer.company for offer in drawn.offers}
    busiest, _ = Counter(company[p.offer] for p in result.proposals).most_common(1)[0]
    policy = drawn.policy.model_copy(
        update={"locks": ((lock.apprentice, lock.offer),), "hosting_caps": {"lublin": 2}}
    )
    return matcher.Problem.model_validate(
        drawn.model_dump() | {"policy": policy, "companies": {busiest: {"max_placements": 1}}}
    )


@pytest.fixture(scope="module")
def tight_result(tight_problem: matcher.Problem) -> matcher.Result:
    return matcher.propose(tight_problem)


def test_the_tight_problem_has_all_that_can_be_tampered_with(
    tight_result: matcher.Result,
) -> None:
    assert tight_result.certificate.optimal
    assert tight_result.prices.offers
    assert tight_result.prices.companies or tight_result.prices.regions
    assert {u.reason for u in tight_result.unmatched} == {"no_eligible_offer", "offers_full"}
    assert any(o.nearest for o in tight_result.idle_offers)


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """The place of every single value of a result."""
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list):
        for n in range(len(value)):
            yield from leaves(value[n], (*path, n))
    else:
        yield path


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value + 0.001
    if isinstance(value, str):
        return f"{value}x"
    return 1


def test_a_result_that_is_changed_anywhere_is_caught(
    tight_problem: matcher.Problem, tight_result: matcher.Result
) -> None:
    assert matcher.verify(tight_problem, tight_result) == []
    dumped = tight_result.model_dump(mode="json")
    seen: set[Path] = set()
    passed = []
    for path in leaves(dumped):
        kind = tuple("*" if isinstance(step, int) else step for step in path)
        if path[:2] in {("certificate", k) for k in ("seconds", "engine", "solver")}:
            continue
        if kind in seen:
            continue
        seen.add(kind)
        changed = copy.deepcopy(dumped)
        place = changed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = other(place[path[-1]])
        try:
            tampered = matcher.Result.model_validate(changed)
        except ValueError:
            continue
        if not matcher.verify(tight_problem, tampered):
            passed.append(path)
    assert passed == []
    assert len(seen) > 60


@pytest.mark.parametrize("part", ["proposals", "unmatched", "idle_offers"])
def test_a_row_that_is_left_out_is_caught(
    part: str, tight_problem: matcher.Problem, tight_result: matcher.Result
) -> None:
    shorter = tight_result.model_copy(update={part: getattr(tight_result, part)[1:]})
    assert matcher.verify(tight_problem, shorter) != []


def test_any_single_price_that_is_changed_is_caught(
    tight_problem: matcher.Problem, tight_result: matcher.Result
) -> None:
    prices = tight_result.prices
    for noun in ("offers", "companies", "regions"):
        for name, price in getattr(prices, noun).items():
            for changed in (price + 0.001, price - 0.001, 0.0):
                listed = getattr(prices, noun) | {name: changed}
                tampered = tight_result.model_copy(
                    update={"prices": prices.model_copy(update={noun: listed})}
                )
                assert matcher.verify(tight_problem, tampered) != [], (noun, name, changed)


def test_an_equally_good_alternative_passes() -> None:
    twins = problem(
        [apprentice(id="A-1"), apprentice(id="A-2")], [offer(id="O-1"), offer(id="O-2", places=0)]
    )
    result = matcher.propose(twins)
    names = {"A-1": "A-2", "A-2": "A-1"}
    swapped = result.model_copy(
        update={
            "proposals": tuple(
                p.model_copy(update={"apprentice": names[p.apprentice]}) for p in result.proposals
            ),
            "unmatched": tuple(
                u.model_copy(update={"apprentice": names[u.apprentice]}) for u in result.unmatched
            ),
        }
    )
    assert swapped != result
    assert matcher.verify(twins, swapped) == []


def test_a_worse_result_that_states_its_gap_passes_and_one_that_hides_it_does_not() -> None:
    good, poor = offer(id="O-1", quality=1.0), offer(id="O-2", quality=0.0)
    given = problem(
        [apprentice(id="A-1"), apprentice(id="A-2", days={"min": 28, "ideal": 28, "max": 30})],
        [good, poor.model_copy(update={"days": poor.days.model_copy(update={"max": 30})})],
    )
    best = matcher.propose(given)
    assert best.certificate.gap == 0
    columns = encode(given)
    solution = engine.solve_columns(columns)
    swapped = solution.chosen[::-1].copy()
    prices = solving.price(columns, solution.candidates, solution.worths, swapped)
    worse = solving.proved(
        columns,
        blocks.EligiblePairs(columns),
        solution.candidates,
        solution.worths,
        swapped,
        prices,
    )
    honest = report(given, columns, worse, {})
    assert honest.certificate.gap > 0
    assert not honest.certificate.optimal
    assert matcher.verify(given, honest) == []
    hidden = honest.certificate.model_copy(update={"optimal": True, "gap": 0.0})
    assert matcher.verify(given, honest.model_copy(update={"certificate": hidden})) != []


@pytest.mark.parametrize("threads", [1, 3])
def test_blocks_that_are_not_remembered_say_the_same(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "CELLS_A_BLOCK", 2**10)
    monkeypatch.setattr(blocks, "CELLS_FOR_THREADS", 1)
    monkeypatch.setattr(blocks.os, "cpu_count", lambda: threads)
    for seed in range(4):
        drawn = generate(150, 80, seed=seed)
        policy = drawn.policy.model_copy(
            update={
                "candidates": 2,
                "min_closeness": 0.3,
                "objective": ("fit", "coverage")[seed % 2],
            }
        )
        columns = encode(drawn.model_copy(update={"policy": policy}))
        solution = engine.solve_columns(columns)
        for most_kept in (0, 300):
            pairs = blocks.EligiblePairs(columns, most_kept=most_kept)
            for _ in range(2):
                again = survey.take_survey(
                    columns,
                    pairs,
                    solution.candidates.lift,
                    solution.worths,
                    solution.chosen,
                    solution.prices,
                )
                for name, found in vars(again).items():
                    np.testing.assert_array_equal(found, vars(solution.survey)[name], name)


def test_a_problem_with_few_candidates_is_proved_over_all_pairs() -> None:
    drawn = generate(200, 100, seed=5)
    few = drawn.model_copy(update={"policy": drawn.policy.model_copy(update={"candidates": 1})})
    one, all_pairs = matcher.propose(few), matcher.propose(drawn)
    assert one.certificate.optimal
    assert one.certificate.value == all_pairs.certificate.value


def test_row_position_and_id_carry_no_advantage() -> None:
    people = [apprentice(id=f"A-{n:03d}") for n in range(40)]
    given = problem(people, [offer(places=20)])
    placed = np.zeros(40)
    for seed in range(200):
        drawn = given.model_copy(update={"policy": given.policy.model_copy(update={"seed": seed})})
        solution = engine.solve_columns(encode(drawn))
        ids = [row.id for row in in_drawn_order(people, seed)]
        for row in np.flatnonzero(solution.chosen != UNPLACED):
            placed[int(ids[row][2:])] += 1
    deciles = placed.reshape(10, 4).sum(axis=1)
    assert deciles.sum() == 200 * 20
    assert chisquare(deciles).pvalue > 0.01


def test_locks_beyond_places_or_caps_are_refused_with_their_place() -> None:
    people = [apprentice(id="A-1"), apprentice(id="A-2")]
    locks = (("A-1", "O-1"), ("A-2", "O-1"))
    with pytest.raises(ProblemError) as error:
        matcher.propose(problem(people, [offer(places=1)], locks=locks))
    assert error.value.problems == [
        "policy.locks[0]: 'O-1' has fewer places than locks",
        "policy.locks[1]: 'O-1' has fewer places than locks",
    ]
    with pytest.raises(ProblemError, match="the company's cap is lower than its locks"):
        matcher.propose(
            problem(
                people,
                [offer(places=2)],
                locks=locks,
                companies={"company-of-O-1": {"max_placements": 1}},
            )
        )
    with pytest.raises(ProblemError, match="the region's cap is lower than its locks"):
        matcher.propose(
            problem(people, [offer(places=2)], locks=locks, hosting_caps={"region-de": 1})
        )


def test_the_hash_follows_what_a_problem_says_and_nothing_else() -> None:
    given = problem([apprentice(id="A-1"), apprentice(id="A-2")], [offer()])
    turned = given.model_copy(update={"apprentices": given.apprentices[::-1]})
    later = given.model_copy(update={"today": datetime.date(2027, 1, 16)})
    assert given.sha256() == turned.sha256()
    assert given.sha256() == matcher.Problem.from_json(given.to_json()).sha256()
    assert given.sha256() != later.sha256()


def nobody_placed(given: matcher.Problem) -> matcher.Result:
    """The result that places nobody, with no prices: the worst that can be stated honestly."""
    columns = encode(given)
    solution = engine.solve_columns(columns)
    chosen = np.full_like(solution.chosen, UNPLACED)
    nothing = Prices(*(np.zeros_like(p) for p in vars(solution.prices).values()))
    idle = solving.proved(
        columns,
        blocks.EligiblePairs(columns),
        solution.candidates,
        solution.worths,
        chosen,
        nothing,
    )
    return report(given, columns, idle, {})


def standing(proposal: Any) -> float:
    return round(proposal.score + proposal.lift + 0.001, 3)


def test_value_and_bound_under_fit_are_the_standings() -> None:
    given = problem([apprentice()], [offer()], objective="fit", priority=[])
    certificate = matcher.propose(given).certificate
    (proposal,) = matcher.propose(given).proposals
    reached = standing(proposal)
    assert certificate.value == Tiers(hard_needs=None, placed=1, score=reached)
    assert certificate.bound == Tiers(hard_needs=None, placed=None, score=reached)
    idle = nobody_placed(given).certificate
    assert idle.value == Tiers(hard_needs=None, placed=0, score=0.0)
    assert idle.bound == Tiers(hard_needs=None, placed=None, score=reached)
    assert idle.gap == round(reached * 1000)
    assert [p.id for p in idle.promises if not p.held] == ["P8"]


@pytest.mark.parametrize("objective", ["fit", "coverage"])
def test_value_and_bound_name_each_aim_that_is_pursued(objective: str) -> None:
    needy = apprentice(id="A-1", needs={"STEP_FREE_ACCESS": "hard"})
    given = problem(
        [needy, apprentice(id="A-2")],
        [offer(id="O-1", provisions={"STEP_FREE_ACCESS": "declared"}), offer(id="O-2")],
        objective=objective,
    )
    result = matcher.propose(given)
    total = round(sum(map(standing, result.proposals)), 3)
    placed = 2 if objective == "coverage" else None
    assert result.certificate.value == Tiers(hard_needs=1, placed=2, score=total)
    assert result.certificate.bound == Tiers(hard_needs=1, placed=placed, score=total)
    idle = nobody_placed(given).certificate
    unit = round(total * 1000) + 1
    assert idle.value == Tiers(hard_needs=0, placed=0, score=0.0)
    assert idle.bound == Tiers(hard_needs=1, placed=placed, score=(unit - 1) / 1000)
    assert not idle.optimal


@pytest.mark.parametrize(
    ("placed", "total", "bound", "expected"),
    [
        (3, 3_400, 3_700, (3, 0.7)),
        (3, 3_400, 5_100, (5, 0.999)),
        (0, 0, 2_100, (2, 0.999)),
        (3, 3_400, 99_100, (10, 0.999)),
    ],
)
def test_whole_units_bound_the_people_and_the_rest_the_scores(
    placed: int, total: int, bound: int, expected: tuple[int, float]
) -> None:
    """Ten people, a unit of 1,000: by hand from the docstring of `bound_tiers`."""
    columns = encode(problem([apprentice()], [offer()], objective="coverage", priority=[]))
    nothing = np.zeros(10, dtype=np.int64)
    worths = Worth(offset=nothing, bonus=nothing, unit=1_000)
    value = Tiers(hard_needs=None, placed=placed, score=0.4)
    nobody = np.zeros(10, dtype=np.bool_)
    found = bound_tiers(columns, worths, value, nobody, total, bound)
    assert found == Tiers(hard_needs=None, placed=expected[0], score=expected[1])


PEOPLE = [apprentice(id="A-1"), apprentice(id="A-2")]
PLACES = [offer(id="O-1", company="C"), offer(id="O-2", company="C")]
BOTH_PLACED = [("A-1", "O-1"), ("A-2", "O-2")]


@pytest.mark.parametrize(
    ("promise", "named", "policy"),
    [
        ("P1", [("A-1", "O-1"), ("A-1", "O-2"), ("A-2", "O-2")], {}),
        ("P2", [("A-1", "O-1"), ("A-2", "O-1")], {}),
        ("P3", BOTH_PLACED, {"companies": {"C": {"max_placements": 1}}}),
        ("P4", BOTH_PLACED, {"hosting_caps": {"region-de": 1}}),
        ("P5", BOTH_PLACED, {"declined": [{"apprentice": "A-1", "offer": "O-1"}]}),
        ("P6", BOTH_PLACED, {"locks": [("A-1", "O-2")]}),
        ("P7", BOTH_PLACED, {"forbids": [("A-1", "O-1")]}),
        ("P8", [("A-1", "O-1")], {}),
    ],
)
def test_each_promise_that_is_broken_is_named(
    promise: str, named: list[tuple[str, str]], policy: dict[str, Any]
) -> None:
    kept = matcher.propose(problem(PEOPLE, PLACES))
    (pattern, *_) = kept.proposals
    proposals = tuple(pattern.model_copy(update={"apprentice": a, "offer": o}) for a, o in named)
    broken = matcher.verify(
        problem(PEOPLE, PLACES, **policy), kept.model_copy(update={"proposals": proposals})
    )
    assert promise in {line.split(":")[0] for line in broken}


@pytest.mark.parametrize("candidates", [1, 2])
def test_a_round_that_ends_at_its_limit_states_what_all_pairs_say(
    candidates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = generate(600, 120, seed=candidates)
    policy = drawn.policy.model_copy(
        update={"candidates": candidates, "objective": "fit", "min_closeness": 0.3}
    )
    columns = encode(drawn.model_copy(update={"policy": policy}))
    best = engine.solve_columns(columns).total
    monkeypatch.setattr(solving, "MOST_ROUNDS", 2)
    solution = engine.solve_columns(columns)
    full = solving.proved(
        columns,
        blocks.EligiblePairs(columns),
        solution.candidates,
        solution.worths,
        solution.chosen,
        solution.prices,
    )
    assert solution.survey.improves.any()
    assert (solution.survey.envy, solution.survey.room) == (full.survey.envy, full.survey.room)
    np.testing.assert_array_equal(solution.survey.better, full.survey.better)
    assert solution.bound == full.bound >= best
