"""The engine beside the independent oracle, on small random problems."""

import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matcher
from matcher import changes
from matcher.problem import Apprentice, Offer, Problem
from matcher.result import Change
from matcher.rules import RULES
from tests import factories, oracle, strategies
from tests.matcher import engine_side

IN_CAMPAIGN = "CAMPAIGN_TRIES" in os.environ


def often(examples: int) -> int:
    """So many drawn examples: a third of them in every run, fifteen times as many in a campaign."""
    return examples * 5 if IN_CAMPAIGN else examples // 3


examples = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

REPAIRABLE_WITHOUT_DAYS = {
    "destination",
    "language",
    "mode",
    "status",
    "host_verified",
    "company_excluded",
    "declined",
    "hard_needs",
}
"""What somebody can always change, so that a set of changes has to be named."""


def rows_of(problem: Problem, pair: tuple[str, str]) -> tuple[Apprentice, Offer]:
    (apprentice,) = [a for a in problem.apprentices if a.id == pair[0]]
    (offer,) = [o for o in problem.offers if o.id == pair[1]]
    return apprentice, offer


def oracle_refusals(problem: Problem) -> dict[tuple[str, str], list[str]]:
    return {
        pair: oracle.refusing_rules(problem, *rows_of(problem, pair))
        for pair in engine_side.names(problem)
    }


def possible_pairs(problem: Problem) -> list[tuple[str, str]]:
    return [pair for pair, refused in oracle_refusals(problem).items() if not refused]


def with_rows(problem: Problem, **rows: Any) -> Problem:
    """The problem with other apprentices, offers, policy or pairs, checked anew."""
    return Problem.model_validate(dict(problem) | rows)


def with_needs(apprentice: Apprentice, needs: dict[str, Any], **changes: Any) -> Apprentice:
    """The apprentice with other needs; those that are gone are not confirmed any more."""
    confirmed = apprentice.confirmed_needs
    if confirmed is not None:
        confirmed = tuple(code for code in confirmed if code in needs)
    return apprentice.model_copy(update=changes | {"needs": needs, "confirmed_needs": confirmed})


def tiers_of(problem: Problem, tiers: Any) -> tuple[int, ...]:
    """The aims that the policy has, most important first, the last one in thousandths."""
    first = (tiers.hard_needs,) if "hard_needs" in problem.policy.priority else ()
    reserve = (tiers.reserve,) if problem.policy.reserve else ()
    placed = (tiers.placed,) if problem.policy.objective == "coverage" else ()
    return (*first, *reserve, *placed, round(tiers.score * 1000))


def reached(problem: Problem) -> tuple[int, ...]:
    return tiers_of(problem, matcher.propose(problem).certificate.value)


def without_seconds(result: matcher.Result) -> str:
    certificate = result.certificate.model_copy(update={"seconds": {}})
    return result.model_copy(update={"certificate": certificate}).to_json()


def test_the_drawn_problems_meet_every_rule_from_both_sides() -> None:
    refusals: Counter[str] = Counter()
    pairs: Counter[bool] = Counter()

    @settings(examples, max_examples=often(300))
    @given(strategies.problems(least=2))
    def look(problem: Problem) -> None:
        for refused in oracle_refusals(problem).values():
            pairs[not refused] += 1
            refusals.update(refused)

    look()
    assert {code for code, times in refusals.items() if times >= 4} == {r.code for r in RULES}
    assert min(pairs.values()) > 100


@settings(examples, max_examples=often(110))
@given(strategies.problems())
def test_the_same_rules_refuse_every_pair(problem: Problem) -> None:
    assert engine_side.refusing_rules(problem) == oracle_refusals(problem)


@settings(examples, max_examples=often(110))
@given(strategies.problems(least=1))
def test_every_possible_pair_has_the_same_stay(problem: Problem) -> None:
    pairs = possible_pairs(problem)
    assert engine_side.stays(problem, pairs) == {
        pair: oracle.stay(problem, *rows_of(problem, pair)) for pair in pairs
    }


@settings(examples, max_examples=often(110))
@given(strategies.problems(least=1))
def test_every_possible_pair_has_the_same_points_for_each_criterion(problem: Problem) -> None:
    pairs = possible_pairs(problem)
    assert engine_side.points(problem, pairs) == {
        pair: oracle.parts(problem, *rows_of(problem, pair)) for pair in pairs
    }


@settings(examples, max_examples=often(120))
@given(strategies.problems())
def test_the_assignment_is_the_best_of_all_and_proves_it(problem: Problem) -> None:
    result = matcher.propose(problem)
    certificate, best = result.certificate, oracle.optimum(problem)
    assert tiers_of(problem, certificate.value) == best
    assert tiers_of(problem, certificate.bound) == best
    assert (certificate.optimal, certificate.gap) == (True, 0)
    assert [promise.id for promise in certificate.promises if not promise.held] == []
    assert matcher.verify(problem, result) == []


@settings(examples, max_examples=often(50))
@given(strategies.crowds())
def test_pairs_that_the_candidates_left_out_are_taken_back_where_they_are_needed(
    problem: Problem,
) -> None:
    result = matcher.propose(problem)
    assert tiers_of(problem, result.certificate.value) == oracle.optimum(problem)
    assert (result.certificate.optimal, result.certificate.gap) == (True, 0)
    assert matcher.verify(problem, result) == []


@settings(examples, max_examples=often(60))
@given(strategies.crowds(least=2, most=4, places=1))
def test_rivals_for_single_places_are_assigned_as_the_objective_asks(problem: Problem) -> None:
    other = {"coverage": "fit", "fit": "coverage"}[problem.policy.objective]
    turned = with_rows(problem, policy=dict(problem.policy) | {"objective": other})
    for asked in (problem, turned):
        assert reached(asked) == oracle.optimum(asked)


@settings(examples, max_examples=often(40))
@given(strategies.problems(least=1) | strategies.crowds())
def test_the_prices_of_the_result_prove_by_themselves_that_nothing_is_worth_more(
    problem: Problem,
) -> None:
    plain = with_rows(problem, policy=dict(problem.policy) | {"objective": "fit", "priority": ()})
    result = matcher.propose(plain)
    prices = result.prices
    listed = [*prices.offers.values(), *prices.companies.values(), *prices.reserved.values()]
    assert all(price > 0 for price in (*listed, *prices.regions.values()))
    reward = oracle.reward(plain) * (result.certificate.value.reserve or 0)
    assert oracle.bound(plain, prices) == round(result.certificate.value.score * 1000) + reward


@settings(examples, max_examples=often(100))
@given(strategies.problems())
def test_proposals_are_dated_scored_and_ranked_as_the_oracle_does(problem: Problem) -> None:
    for proposal in matcher.propose(problem).proposals:
        apprentice, offer = rows_of(problem, (proposal.apprentice, proposal.offer))
        start, length = oracle.stay(problem, apprentice, offer) or (None, None)
        allowed = [
            other
            for other in oracle.possible_offers(problem, apprentice)
            if (apprentice.id, other.id) not in problem.policy.forbids
        ]
        own = oracle.score(problem, apprentice, offer)
        better = [o for o in allowed if oracle.score(problem, apprentice, o) > own]
        assert (
            proposal.start,
            proposal.days,
            round(proposal.score * 1000),
            round(proposal.lift * 1000),
            proposal.rank,
            proposal.eligible,
            {part.criterion: round(part.points * 1000) for part in proposal.parts},
        ) == (
            str(start),
            length,
            own,
            oracle.lift(problem, apprentice),
            len(better) + 1,
            len(allowed),
            oracle.parts(problem, apprentice, offer),
        )


@settings(examples, max_examples=often(50))
@given(strategies.problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_byte_of_the_result(problem: Problem, mix: Any) -> None:
    def mixed(rows: Any) -> list[Any]:
        return mix.sample(list(rows), len(rows))

    policy = dict(problem.policy) | {
        "locks": mixed(problem.policy.locks),
        "forbids": mixed(problem.policy.forbids),
        "start_weekdays": mixed(problem.policy.start_weekdays),
        "hosting_caps": dict(mixed(problem.policy.hosting_caps.items())),
    }
    shuffled = with_rows(
        problem,
        policy=policy,
        companies=dict(mixed(problem.companies.items())),
        declined=mixed(problem.declined),
        accepted_needs=mixed(problem.accepted_needs),
        apprentices=mixed(problem.apprentices),
        offers=mixed(problem.offers),
    )
    assert without_seconds(matcher.propose(shuffled)) == without_seconds(matcher.propose(problem))


YOUNG = {"birth_date": "2010-03-01"}
BARRED_BELOW_16 = ("HEAVY_LIFTING", "HARMFUL_NOISE")
DAY_SHIFT = {"start": "08:00", "end": "16:00", "per_day": 8, "days_per_week": 5}


@pytest.mark.parametrize(
    ("mine", "yours", "side", "key"),
    [
        ({"licences": ["WELDING", "FIRST_AID"]}, {"licences": ["FORKLIFT"]}, 0, "licences"),
        ({}, {"statuses": ["TRAINEE_WITH_GRANT", "RECENT_GRADUATE"]}, 1, "statuses"),
        (YOUNG, {"hours": DAY_SHIFT, "tasks": ["DRIVING", *BARRED_BELOW_16]}, 1, "tasks"),
    ],
)
def test_the_order_of_a_list_inside_a_row_changes_no_byte_of_the_result(
    mine: dict[str, Any], yours: dict[str, Any], side: int, key: str
) -> None:
    """The digest calls them the same problem, so the result has to be the same."""
    rows = [factories.apprentice(**mine), factories.offer(**yours)]
    first = factories.problem(rows[:1], rows[1:])
    turned = rows[side].model_dump() | {key: getattr(rows[side], key)[::-1]}
    rows[side] = type(rows[side]).model_validate(turned)
    second = factories.problem(rows[:1], rows[1:])
    assert first.sha256() == second.sha256()
    assert without_seconds(matcher.propose(first)) == without_seconds(matcher.propose(second))


@settings(examples, max_examples=often(60))
@given(strategies.problems(least=1), st.integers(0, 4))
def test_one_more_place_never_lowers_the_total(problem: Problem, which: int) -> None:
    offers = list(problem.offers)
    chosen = offers[which % len(offers)]
    offers[which % len(offers)] = chosen.model_copy(update={"places": chosen.places + 1})
    assert reached(with_rows(problem, offers=offers)) >= reached(problem)


@settings(examples, max_examples=often(60))
@given(strategies.problems(least=1), strategies.offers(99))
def test_one_more_offer_never_lowers_the_total_where_nobody_has_soft_needs_or_wishes(
    problem: Problem, further: Offer
) -> None:
    plain = {"destinations": (), "interest": {}}
    people = [
        with_needs(a, {n: s for n, s in a.needs.items() if s == "hard"}, **plain)
        for a in problem.apprentices
    ]
    # Somebody who had only hard needs refused may have become possible, so locks stay legal.
    before = with_rows(problem, apprentices=people)
    after = with_rows(before, offers=[*before.offers, further])
    assert reached(after) >= reached(before)


@settings(examples, max_examples=often(40))
@given(strategies.problems(least=1), st.integers(0, 4))
def test_the_needs_of_others_change_neither_ones_scores_nor_ones_ranking(
    problem: Problem, which: int
) -> None:
    own = problem.apprentices[which % len(problem.apprentices)]
    needs = [a.needs for a in problem.apprentices if a.id != own.id]
    # Stripped or dealt out anew; locks could become impossible with the needs of others.
    dealt = needs[1:] + needs[:1] if which % 2 and not problem.policy.locks else [{}] * len(needs)
    given_out = iter(dealt)
    alone = with_rows(
        problem,
        apprentices=[
            a if a.id == own.id else with_needs(a, next(given_out)) for a in problem.apprentices
        ],
    )
    assert [matcher.explain(alone, own.id, offer.id) for offer in problem.offers] == [
        matcher.explain(problem, own.id, offer.id) for offer in problem.offers
    ]


@settings(examples, max_examples=often(60))
@given(strategies.problems(least=1))
def test_soft_needs_and_interest_never_change_ones_standing(problem: Problem) -> None:
    """Best score + lift, which is what counts beside others, is what it is without them."""
    stripped = with_rows(
        problem,
        apprentices=[
            with_needs(a, {n: s for n, s in a.needs.items() if s == "hard"}, interest={})
            for a in problem.apprentices
        ],
    )
    assert standings(problem) == standings(stripped)


def standings(problem: Problem) -> dict[str, int]:
    """Everyone's best score + lift, as the engine has them."""
    from matcher.blocks import EligiblePairs
    from matcher.candidates import find_candidates
    from matcher.encode import encode

    columns = encode(problem)
    found = find_candidates(columns, EligiblePairs(columns))
    return {
        identity: int(found.best[row] + found.lift[row])
        for row, identity in enumerate(columns.apprentices.ids)
    }


def assert_opens(problem: Problem, pair: tuple[str, str], steps: tuple[Change, ...]) -> None:
    changed = changes.applied(problem, *pair, steps)
    assert engine_side.refusing_rules(changed)[pair] == []
    assert oracle.refusing_rules(changed, *rows_of(changed, pair)) == []
    needs = rows_of(problem, pair)[0].needs
    assert rows_of(changed, pair)[0].needs == needs, "a need is never dropped"


@settings(examples, max_examples=often(80))
@given(strategies.problems(least=1))
def test_the_changes_named_for_unmatched_people_and_idle_offers_open_the_pair(
    problem: Problem,
) -> None:
    result = matcher.propose(problem)
    for person in result.unmatched:
        for near in person.nearest:
            pair = (person.apprentice, near.offer)
            assert list(near.failing) == oracle.refusing_rules(problem, *rows_of(problem, pair))
            assert_opens(problem, pair, near.changes)
    for idle in result.idle_offers:
        for close in idle.nearest:
            pair = (close.apprentice, idle.offer)
            assert list(close.failing) == oracle.refusing_rules(problem, *rows_of(problem, pair))
            assert_opens(problem, pair, close.changes)


@settings(examples, max_examples=often(150))
@given(strategies.problems(least=1, most=2))
def test_an_explanation_names_every_refusing_rule_and_changes_that_open_the_pair(
    problem: Problem,
) -> None:
    for pair in engine_side.names(problem):
        explained = matcher.explain(problem, *pair)
        failing = oracle.refusing_rules(problem, *rows_of(problem, pair))
        assert (list(explained.failing), explained.possible) == (failing, not failing)
        if explained.changes is not None:
            assert_opens(problem, pair, explained.changes)
        elif failing:
            assert not set(failing) <= REPAIRABLE_WITHOUT_DAYS


def test_a_task_left_out_does_not_hide_that_the_law_then_leaves_too_few_days() -> None:
    """Found by the test above: 16 on 27 March, an exam until then, a last day on 10 April."""
    person = factories.apprentice(
        birth_date="2011-03-27",
        available_to="2027-04-14",
        not_available=[("2027-03-26", "2027-03-27")],
        days={"min": 16, "ideal": 21, "max": 27},
        status="RECENT_GRADUATE",
        graduated_on="2026-04-10",
    )
    host = factories.offer(
        tasks=["DRIVING"],
        hours={"start": "08:00", "end": "16:00", "per_day": 8, "days_per_week": 5},
    )
    found = factories.problem([person], [host])
    explained = matcher.explain(found, "A-1", "O-1")
    assert explained.failing == ("hazards",)
    assert explained.changes is not None
    assert_opens(found, ("A-1", "O-1"), explained.changes)


@settings(examples, max_examples=often(60))
@given(strategies.problems(least=1))
def test_refusals_are_counted_at_the_first_rule_and_every_reason_is_the_true_one(
    problem: Problem,
) -> None:
    refused = oracle_refusals(problem)
    result = matcher.propose(problem)
    placed = {p.apprentice: p.offer for p in result.proposals}
    assert {u.apprentice for u in result.unmatched} == {
        a.id for a in problem.apprentices if a.id not in placed
    }
    for person in result.unmatched:
        own = {o.id: refused[person.apprentice, o.id] for o in problem.offers}
        possible = [offer for offer, rules in own.items() if not rules]
        allowed = [o for o in possible if (person.apprentice, o) not in problem.policy.forbids]
        reason = "offers_full" if allowed else "all_forbidden" if possible else "no_eligible_offer"
        counts = Counter(rules[0] for rules in own.values() if rules)
        assert (person.reason, person.excluded_by) == (reason, dict(counts))
    taken = Counter(placed.values())
    assert {i.offer: (i.free_places, i.eligible, i.excluded_by) for i in result.idle_offers} == {
        o.id: (
            o.places - taken[o.id],
            sum(not refused[a.id, o.id] for a in problem.apprentices),
            dict(Counter(r[0] for a in problem.apprentices if (r := refused[a.id, o.id]))),
        )
        for o in problem.offers
        if o.places > taken[o.id]
    }


def test_nobody_and_nothing_to_match_is_an_empty_result() -> None:
    result = matcher.propose(factories.problem())
    assert (result.proposals, result.unmatched, result.idle_offers) == ((), (), ())
