"""The bare assignment, and the engine where there is next to nothing or far too much to do."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

import matcher
from matcher import assignment
from matcher.blocks import EligiblePairs
from matcher.candidates import find_candidates
from matcher.capacity import Capacity
from matcher.columns import UNCAPPED
from matcher.encode import encode
from tests.factories import apprentice, offer, problem

OR_LIBRARY = Path(__file__).parents[3] / "shared" / "data" / "assignment"


def assigned(
    pairs: list[tuple[int, int, float]], places: list[int], objective: str = "fit"
) -> list[int]:
    rows, columns, scores = zip(*pairs, strict=True) if pairs else ((), (), ())
    return matcher.assign(rows, columns, scores, places, objective=objective).tolist()


def test_the_largest_total_wins_over_the_largest_pair() -> None:
    pairs = [(0, 0, 10.0), (0, 1, 9.0), (1, 0, 8.0), (1, 1, 1.0)]
    assert assigned(pairs, [1, 1]) == [1, 0]


def test_a_row_without_pairs_stays_out() -> None:
    assert assigned([(0, 0, 1.0), (2, 0, 1.0)], [5]) == [0, -1, 0]


def test_fit_leaves_somebody_out_where_that_is_worth_more_and_coverage_does_not() -> None:
    pairs = [(0, 0, 10.0), (1, 0, 1.0), (0, 1, 1.0)]
    assert assigned(pairs, [1, 1], "fit") == [0, -1]
    assert assigned(pairs, [1, 1], "coverage") == [1, 0]


def test_coverage_takes_the_largest_total_among_the_fullest_assignments() -> None:
    pairs = [(0, 0, 3.0), (0, 1, 1.0), (1, 0, 3.0), (1, 1, 2.0)]
    assert assigned(pairs, [1, 1], "coverage") == [0, 1]


def test_pairs_of_negative_score_stay_out_of_fit_and_count_for_coverage() -> None:
    assert assigned([(0, 0, -1.0)], [1], "fit") == [-1]
    assert assigned([(0, 0, -1.0)], [1], "coverage") == [0]
    assert assigned([(0, 0, -5.0), (0, 1, -1.0)], [1, 1], "coverage") == [1]


def test_nothing_to_assign_is_nothing() -> None:
    assert assigned([], []) == []
    assert assigned([], [3]) == []


def test_no_places_take_nobody() -> None:
    assert assigned([(0, 0, 5.0), (1, 1, 5.0)], [0, 1]) == [-1, 1]
    assert assigned([(0, 0, 5.0)], [0], "coverage") == [-1]


def test_one_huge_column_takes_everybody() -> None:
    pairs = [(row, 0, 1.0 + row) for row in range(300)]
    assert assigned(pairs, [10**9]) == [0] * 300


def test_one_column_takes_the_best_until_its_places_are_gone() -> None:
    pairs = [(row, 0, float(row)) for row in range(1, 300)]
    assert assigned(pairs, [100]) == [-1] * 200 + [0] * 100


def test_equal_scores_give_the_same_answer_every_time() -> None:
    pairs = [(row, column, 7.0) for row in range(20) for column in range(10)]
    first = assigned(pairs, [1] * 10)
    assert sorted(first) == [-1] * 10 + list(range(10))
    assert assigned(pairs, [1] * 10) == first


def test_scores_count_to_a_thousandth() -> None:
    assert assigned([(0, 0, 1.000), (0, 1, 1.001)], [1, 1]) == [1]
    assert assigned([(0, 0, 1.001), (0, 1, 1.000)], [1, 1]) == [0]


@pytest.mark.parametrize("objective", ["fit", "coverage"])
@pytest.mark.parametrize("seed", range(10))
def test_small_assignments_are_as_good_as_the_best_of_all(seed: int, objective: str) -> None:
    draw = np.random.default_rng(seed)
    places = draw.integers(0, 3, 4).tolist()
    score = {
        (row, column): int(draw.integers(-20, 100))
        for row in range(5)
        for column in range(4)
        if draw.random() < 0.6
    } | {(4, 0): 1}

    def value(chosen: tuple[int, ...]) -> tuple[int, int] | None:
        pairs = [(row, column) for row, column in enumerate(chosen) if column >= 0]
        if not set(pairs) <= set(score) or any(chosen.count(c) > places[c] for c in range(4)):
            return None
        total = sum(score[pair] for pair in pairs)
        return (len(pairs) if objective == "coverage" else 0, total)

    every = (value(chosen) for chosen in itertools.product(range(-1, 4), repeat=5))
    found = assigned([(r, c, s) for (r, c), s in score.items()], places, objective)
    assert value(tuple(found)) == max(v for v in every if v is not None)


@pytest.mark.parametrize(
    ("rows", "columns", "scores", "places", "message"),
    [
        ([0, 1], [0], [1.0], [1], "arrays of one length"),
        ([0], [0], [1.0, 2.0], [1], "arrays of one length"),
        ([[0]], [[0]], [[1.0]], [1], "arrays of one length"),
        ([0], [0], [1.0], [[1]], "places an array"),
        ([-1], [0], [1.0], [1], "must be 0 or more"),
        ([0], [-1], [1.0], [1], "must be 0 or more"),
        ([0], [1], [1.0], [1], "every column must have places"),
        ([0], [0], [float("nan")], [1], "finite"),
        ([0], [0], [float("inf")], [1], "finite"),
        ([0], [0], [1.0], [-1], "places must be 0 or more"),
    ],
)
def test_nonsense_is_refused(
    rows: list[int], columns: list[int], scores: list[float], places: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        matcher.assign(rows, columns, scores, places)


def test_an_unknown_objective_is_refused() -> None:
    with pytest.raises(ValueError, match="fairness"):
        matcher.assign([0], [0], [1.0], [1], objective="fairness")


def test_scores_beyond_the_solvers_whole_numbers_are_refused() -> None:
    with pytest.raises(matcher.TooLargeError):
        matcher.assign([0], [0], [1e15], [1])


def test_a_pair_that_stands_twice_counts_once() -> None:
    assert assigned([(0, 0, 1.0), (0, 0, 5.0), (1, 0, 3.0)], [1]) == [0, -1]


@pytest.mark.parametrize(("size", "least_cost"), [(100, 305), (500, 991)])
def test_the_problems_of_or_library_reach_their_published_optimum(
    size: int, least_cost: int
) -> None:
    """Beasley, OR-Library: n, then n x n costs; least cost 305 and 991."""
    file = OR_LIBRARY / f"assign{size}.txt"
    if not file.exists():
        pytest.skip(f"{file} is not there; it comes from the OR-Library, assignment problems")
    numbers = np.array(file.read_text().split(), dtype=np.int64)
    assert numbers[0] == size
    cost = numbers[1:].reshape(size, size)
    rows, columns = np.indices(cost.shape)
    chosen = matcher.assign(
        rows.ravel(), columns.ravel(), 1000 - cost.ravel(), np.ones(size, dtype=np.int64)
    )
    assert sorted(chosen.tolist()) == list(range(size))
    assert cost[np.arange(size), chosen].sum() == least_cost


def proposed(result: matcher.Result) -> dict[str, str]:
    return {p.apprentice: p.offer for p in result.proposals}


def certified(found: matcher.Problem) -> matcher.Result:
    """The result, after its proof and its promises were looked at."""
    result = matcher.propose(found)
    assert (result.certificate.optimal, result.certificate.gap) == (True, 0)
    assert matcher.verify(found, result) == []
    return result


def test_offers_without_apprentices_are_idle() -> None:
    result = certified(problem([], [offer(places=3)]))
    assert result.proposals == result.unmatched == ()
    assert [(o.offer, o.free_places, o.eligible) for o in result.idle_offers] == [("O-1", 3, 0)]


def test_apprentices_without_offers_are_told_so() -> None:
    result = certified(problem([apprentice(id="A-1"), apprentice(id="A-2")], []))
    assert [(u.apprentice, u.reason) for u in result.unmatched] == [
        ("A-1", "no_offers"),
        ("A-2", "no_offers"),
    ]


def test_an_offer_without_places_takes_nobody_and_is_not_idle() -> None:
    result = certified(problem([apprentice()], [offer(places=0)]))
    assert (result.proposals, result.idle_offers) == ((), ())
    (left,) = result.unmatched
    assert (left.reason, [(f.offer, f.full) for f in left.full]) == (
        "offers_full",
        [("O-1", "offer")],
    )


def test_one_huge_offer_takes_everybody() -> None:
    people = [apprentice(id=f"A-{n}") for n in range(60)]
    result = certified(problem(people, [offer(places=1_000_000_000)]))
    assert proposed(result) == {person.id: "O-1" for person in people}
    assert [o.free_places for o in result.idle_offers] == [999_999_940]


def test_everyone_can_be_locked() -> None:
    people = [apprentice(id=f"A-{n}") for n in range(3)]
    hosts = [offer(id=f"O-{n}") for n in range(3)]
    locks = [("A-0", "O-2"), ("A-1", "O-0"), ("A-2", "O-1")]
    result = certified(problem(people, hosts, locks=locks))
    assert proposed(result) == dict(locks)
    assert [p.locked for p in result.proposals] == [True, True, True]


def test_a_lock_is_kept_where_another_assignment_would_be_worth_more() -> None:
    people = [apprentice(id="A-1", occupations=["7222"]), apprentice(id="A-2")]
    locked = problem(people, [offer()], locks=[("A-1", "O-1")])
    assert proposed(certified(locked)) == {"A-1": "O-1"}
    assert proposed(certified(problem(people, [offer()]))) == {"A-2": "O-1"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "'declined' refuses 'A-1' at 'O-1'"),
        ({"declined": (), "places": 0}, "fewer places than locks"),
        ({"declined": (), "companies": {"C": {"max_placements": 0}}}, "the company's cap is lower"),
        ({"declined": (), "hosting_caps": {"region-de": 0}}, "the region's cap is lower"),
    ],
)
def test_a_lock_that_cannot_be_kept_is_refused(changes: dict[str, object], message: str) -> None:
    defaults = {"declined": [{"apprentice": "A-1", "offer": "O-1"}], "places": 1}
    content = defaults | changes
    host = offer(company="C", places=content.pop("places"))
    locked = problem([apprentice()], [host], locks=[("A-1", "O-1")], **content)
    with pytest.raises(matcher.ProblemError, match=message):
        matcher.propose(locked)


def test_a_forbidden_pair_is_not_proposed_and_is_named_as_the_reason() -> None:
    result = certified(problem([apprentice()], [offer()], forbids=[("A-1", "O-1")]))
    assert result.proposals == ()
    assert [(u.apprentice, u.reason) for u in result.unmatched] == [("A-1", "all_forbidden")]


def test_company_and_region_caps_hold_over_all_their_offers() -> None:
    people = [apprentice(id=f"A-{n}") for n in range(6)]
    hosts = [
        offer(id="O-1", company="C", places=3),
        offer(id="O-2", company="C", places=3),
        offer(id="O-3", company="D", places=3),
    ]
    capped = problem(people, hosts, companies={"C": {"max_placements": 2}})
    assert sorted(proposed(certified(capped)).values()).count("O-3") == 3
    assert len(certified(capped).proposals) == 5
    both = problem(
        people, hosts, companies={"C": {"max_placements": 2}}, hosting_caps={"region-de": 4}
    )
    assert len(certified(both).proposals) == 4


def test_people_whose_hard_needs_exclude_an_offer_come_first() -> None:
    """The step-free place is the only one for A-2; without the priority A-1 is worth more."""
    needs = {"STEP_FREE_ACCESS": "hard"}
    people = [apprentice(id="A-1"), apprentice(id="A-2", occupations=["7222"], needs=needs)]
    step_free = offer(id="O-1", provisions={"STEP_FREE_ACCESS": "certified"})
    hosts = [step_free, offer(id="O-2", places=0)]
    first = problem(people, hosts, priority=["hard_needs"], objective="fit")
    assert proposed(certified(first)) == {"A-2": "O-1"}
    plain = problem(people, hosts, priority=[], objective="fit")
    assert proposed(certified(plain)) == {"A-1": "O-1"}


def test_an_unmet_soft_need_costs_no_place_against_others() -> None:
    """A-2 speaks better by 7.5 points, and loses 11.25 for a need and a wish that are not met."""
    people = [
        apprentice(id="A-1", languages={"en": "A2"}),
        apprentice(id="A-2", needs={"QUIET_SPACE": "soft"}, interest={"O-1": 0.0}),
    ]
    host = offer(language_support=True)
    scores = {p: matcher.explain(problem(people, [host]), p, "O-1").score for p in ("A-1", "A-2")}
    assert scores == {"A-1": 76.25, "A-2": 72.5}
    assert proposed(certified(problem(people, [host]))) == {"A-2": "O-1"}


def test_a_hard_need_that_excludes_nothing_gives_no_priority() -> None:
    person = apprentice(id="A-2", occupations=["7222"], needs={"STEP_FREE_ACCESS": "hard"})
    host = offer(provisions={"STEP_FREE_ACCESS": "certified"})
    found = problem([apprentice(id="A-1"), person], [host], priority=["hard_needs"])
    result = certified(found)
    assert proposed(result) == {"A-1": "O-1"}
    assert result.certificate.value.hard_needs == 0


@pytest.mark.parametrize(
    ("confirmed", "accepted", "first"),
    [
        (None, None, True),
        (["STEP_FREE_ACCESS", "QUIET_SPACE"], None, True),
        (["STEP_FREE_ACCESS"], None, False),
        (["STEP_FREE_ACCESS"], "QUIET_SPACE", True),
        (["QUIET_SPACE"], "QUIET_SPACE", False),
        ([], None, False),
    ],
)
def test_only_confirmed_needs_that_exclude_an_offer_by_themselves_give_priority(
    confirmed: list[str] | None, accepted: str | None, first: bool
) -> None:
    """O-1 has what A-2 needs; O-2 lacks both, unless somebody accepted that it lacks one."""
    hard = {"STEP_FREE_ACCESS": "hard", "QUIET_SPACE": "hard"}
    needy = apprentice(id="A-2", occupations=["7222"], needs=hard, confirmed_needs=confirmed)
    fitting = offer(provisions=dict.fromkeys(hard, "certified"))
    found = problem(
        [apprentice(id="A-1"), needy],
        [fitting, offer(id="O-2", places=0)],
        accepted_needs=[{"apprentice": "A-2", "offer": "O-2", "need": n} for n in [accepted] if n],
    )
    result = certified(found)
    assert proposed(result) == {"A-2" if first else "A-1": "O-1"}
    assert result.certificate.value.hard_needs == int(first)


def test_a_confirmed_need_that_nobody_has_is_refused_with_its_place() -> None:
    content = problem([apprentice(needs={"QUIET_SPACE": "hard"})]).model_dump(mode="json")
    content["apprentices"][0]["confirmed_needs"] = ["STEP_FREE_ACCESS"]
    with pytest.raises(matcher.ProblemError) as error:
        matcher.Problem.from_json(json.dumps(content))
    assert error.value.problems == [
        "apprentices[0]: confirmed_needs: 'STEP_FREE_ACCESS' is not among the needs"
    ]


def test_coverage_places_more_people_than_fit_would() -> None:
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
    shared = {"weights": weights, "priority": []}
    coverage = certified(problem(people, hosts, objective="coverage", **shared))
    assert proposed(coverage) == {"A-1": "O-2", "A-2": "O-1"}
    fit = certified(problem(people, hosts, objective="fit", **shared))
    assert proposed(fit) == {"A-1": "O-1"}


@pytest.mark.parametrize("seed", range(12))
def test_part_by_part_is_as_good_as_all_at_once(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(seed)
    row, col = (draw.integers(0, most, 45).astype(np.int32) for most in (60, 50))
    row, col = np.unique(np.stack((row, col)), axis=1)
    amount = draw.integers(1, 100_000, len(row))
    company = np.arange(50, dtype=np.int32) // 2
    company_caps = np.where(draw.random(25) < 0.3, draw.integers(0, 3, 25), UNCAPPED)
    region_caps = np.array([5, *[UNCAPPED] * 4])
    room = Capacity(draw.integers(0, 3, 50), company, company // 5, company_caps, region_caps)
    part = assignment.parts(row, col, room)
    assert len(np.unique(part)) > 1
    monkeypatch.setattr(assignment, "PAIRS_AT_ONCE", 1)
    by_parts = assignment.flow(row, col, amount, room)
    monkeypatch.setattr(assignment, "PAIRS_AT_ONCE", 1000)
    at_once = assignment.flow(row, col, amount, room)
    assert amount[by_parts].sum() == amount[at_once].sum()
    for taken in (by_parts, at_once):
        left = room.left_after(col[taken])
        assert np.bincount(row[taken]).max() == 1
        assert min(left.places.min(), left.company_caps.min(), left.region_caps.min()) >= 0


def test_who_cannot_improve_stays_while_the_others_are_solved_again() -> None:
    people = [apprentice(id=f"A-{n}", occupations=[("7223", "7512")[n % 2]]) for n in range(6)]
    offers = [offer(id="O-1", places=2), offer(id="O-2", occupations=["7512"], places=2)]
    columns = encode(problem(people, offers))
    candidates = find_candidates(columns, EligiblePairs(columns))
    worths = assignment.worth(columns, candidates)
    best = assignment.solve(columns, candidates, worths)
    nobody = np.full_like(best, assignment.UNPLACED)
    bakers = columns.offers.ids.index("O-2")
    improves = np.isin(np.arange(6), candidates.row[candidates.col == bakers])
    found = assignment.solve(columns, candidates, worths, nobody, improves)
    np.testing.assert_array_equal(found, np.where(improves, best, assignment.UNPLACED))
    assert (best != assignment.UNPLACED).sum() == 4
