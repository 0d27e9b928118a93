"""What each rule excludes for whom, beside the oracle."""

from collections import Counter

import pytest
from hypothesis import given, settings

import matcher
from matcher import exclusion
from matcher.problem import Problem
from matcher.rules import RULES
from tests import factories, oracle, strategies
from tests.matcher.test_against_oracle import examples, often


@settings(examples, max_examples=often(60))
@given(strategies.problems())
def test_every_rule_is_counted_for_itself_as_the_oracle_does(problem: Problem) -> None:
    expected = {}
    for apprentice in sorted(problem.apprentices, key=lambda row: row.id):
        refused = Counter(
            code for o in problem.offers for code in oracle.refusing_rules(problem, apprentice, o)
        )
        expected[apprentice.id] = {rule.code: refused[rule.code] for rule in RULES}
    assert matcher.exclusions(problem) == expected


def test_blocks_and_the_choice_of_people_change_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [
        factories.apprentice(id=f"A-{n}", languages={"en": "A1" if n % 2 else "C1"})
        for n in range(5)
    ]
    hosts = [
        factories.offer(id=f"O-{n}", country="DE" if n else "ES", occupations=["5120"])
        for n in range(3)
    ]
    problem = factories.problem(people, hosts, forbids=[("A-0", "O-1")])
    found = matcher.exclusions(problem)
    # The first offer is in the own country; all three ask for B1 and for another occupation.
    assert [
        {code: count for code, count in found[f"A-{n}"].items() if count} for n in range(2)
    ] == [{"abroad": 1, "occupation": 3}, {"abroad": 1, "occupation": 3, "language": 3}]
    monkeypatch.setattr(exclusion, "CELLS_A_BLOCK", 6)
    assert matcher.exclusions(problem) == found
    assert list(matcher.exclusions(problem, ["A-3", "A-1", "A-3"]).items()) == [
        ("A-1", found["A-1"]),
        ("A-3", found["A-3"]),
    ]


def test_without_offers_nothing_is_excluded_and_unknown_people_are_refused() -> None:
    problem = factories.problem([factories.apprentice()])
    assert set(matcher.exclusions(problem)["A-1"].values()) == {0}
    assert matcher.exclusions(factories.problem()) == {}
    assert matcher.exclusions(problem, []) == {}
    with pytest.raises(matcher.ProblemError, match="there is no apprentice 'A-9'"):
        matcher.exclusions(problem, ["A-1", "A-9"])
