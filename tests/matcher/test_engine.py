"""The whole job on drawn problems."""

import pytest

import matcher
from seed_data.problems import generate


@pytest.fixture(scope="module")
def problem() -> matcher.Problem:
    return generate(40, 40, seed=3)


def test_a_drawn_problem_is_solved_and_proved(problem: matcher.Problem) -> None:
    result = matcher.propose(problem)
    assert result.certificate.optimal
    assert result.certificate.gap == 0
    assert [p.id for p in result.certificate.promises if not p.held] == []
    assert matcher.verify(problem, result) == []
    named = {p.apprentice for p in result.proposals} | {u.apprentice for u in result.unmatched}
    assert named == {a.id for a in problem.apprentices}


def test_the_same_problem_gives_the_same_bytes_whatever_the_order_of_its_rows(
    problem: matcher.Problem,
) -> None:
    shuffled = problem.model_copy(
        update={
            "apprentices": problem.apprentices[::-1],
            "offers": problem.offers[30:] + problem.offers[:30],
        }
    )
    first, second = (matcher.propose(p).model_dump() for p in (problem, shuffled))
    for result in (first, second):
        result["certificate"].pop("seconds")
    assert first == second


def test_suggestions_are_the_possible_offers_best_first(problem: matcher.Problem) -> None:
    someone = next(a.id for a in problem.apprentices if len(matcher.suggest(problem, a.id)) > 3)
    alone = [matcher.explain(problem, someone, o.id) for o in problem.offers]
    possible = sorted((e for e in alone if e.possible), key=lambda e: (-(e.score or 0), e.offer))
    assert matcher.suggest(problem, someone, most=3) == tuple(possible[:3])
    assert matcher.suggest(problem, someone, most=99) == tuple(possible)


def test_nearly_possible_are_those_that_need_least_and_are_possible_then(
    problem: matcher.Problem,
) -> None:
    found = 0
    for person in problem.apprentices[:3]:
        near = matcher.nearly_possible(problem, person.id)
        alone = [matcher.explain(problem, person.id, offer.id) for offer in problem.offers]
        refused = {one.offer: one for one in alone if not one.possible and one.changes is not None}
        assert all(one.failing == refused[one.offer].failing for one in near)
        assert all(one.changes == refused[one.offer].changes for one in near)
        fewest = sorted(len(one.failing) for one in refused.values())[:3]
        assert [len(one.failing) for one in near] == fewest
        found += len(near)
    assert found
    someone = next(a.id for a in problem.apprentices if matcher.nearly_possible(problem, a.id))
    least = matcher.nearly_possible(problem, someone)[0].offer
    policy = problem.policy.model_copy(update={"forbids": ((someone, least),)})
    without = problem.model_copy(update={"policy": policy})
    assert least not in {one.offer for one in matcher.nearly_possible(without, someone)}


def test_a_forbidden_pair_is_not_suggested(problem: matcher.Problem) -> None:
    someone, best = next(
        (a.id, found[0].offer)
        for a in problem.apprentices
        if (found := matcher.suggest(problem, a.id, most=1))
    )
    policy = problem.policy.model_copy(update={"forbids": ((someone, best),)})
    without = problem.model_copy(update={"policy": policy})
    assert best not in {e.offer for e in matcher.suggest(without, someone)}


def test_an_outline_places_people_as_a_round_does_and_points_are_its_scores(
    problem: matcher.Problem,
) -> None:
    result = matcher.propose(problem)
    placed = {one.apprentice: one.offer for one in result.proposals}
    assert placed
    assert matcher.outline(problem) == placed
    assert matcher.points(problem, placed) == {
        one.apprentice: one.score for one in result.proposals
    }
    assert matcher.points(problem, {}) == {}
    with pytest.raises(KeyError):
        matcher.points(problem, {"nobody": "nothing"})


def test_an_outline_refuses_what_a_round_refuses(problem: matcher.Problem) -> None:
    person, offers = problem.apprentices[0].id, problem.offers
    locks = ((person, offers[0].id), (person, offers[1].id))
    with pytest.raises(matcher.ProblemError):
        matcher.outline(
            problem.model_copy(
                update={"policy": problem.policy.model_copy(update={"locks": locks})}
            )
        )
