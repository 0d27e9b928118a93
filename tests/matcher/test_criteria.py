"""Every soft criterion by example, and how they add up."""

from typing import Any

import pytest

import matcher
from tests.factories import apprentice, offer, problem
from tests.matcher.engine_side import valued

ZERO = dict.fromkeys(
    ("occupation", "outcomes", "language", "dates", "inclusion", "quality", "preference"), 0.0
)


def test_the_plain_pair_of_the_factories_has_these_values() -> None:
    assert valued(apprentice(), offer()) == {
        "occupation": 1.0,
        "outcomes": 0.5,
        "language": 1.0,
        "dates": 1.0,
        "inclusion": 1.0,
        "quality": 0.5,
        "preference": 0.75,
    }


@pytest.mark.parametrize(
    ("mine", "yours", "value"),
    [
        ({"occupations": ["7223"]}, {"occupations": ["7223"]}, 1.0),
        ({"occupations": ["7223.4.1"]}, {"occupations": ["7223.7"]}, 1.0),
        ({"occupations": ["7223"]}, {"occupations": ["7222"]}, 0.8),
        ({"occupations": ["7223"]}, {"occupations": ["7233"]}, 0.3),
        ({"occupations": ["7512"]}, {"occupations": ["7511"]}, 0.8),
        ({"occupations": ["7233", "7512"]}, {"occupations": ["7223", "7511"]}, 0.8),
        (
            {"occupations": ["7223"], "isced_f": "0715"},
            {"occupations": ["7412"], "isced_f": "0715"},
            1.0,
        ),
        (
            {"occupations": ["7223"], "isced_f": "0715"},
            {"occupations": ["7412"], "isced_f": "0716"},
            0.7,
        ),
        (
            {"occupations": ["7223"], "isced_f": "0715"},
            {"occupations": ["7512"], "isced_f": "0721"},
            0.4,
        ),
        (
            {"occupations": ["7222"], "isced_f": "0715"},
            {"occupations": ["7223"], "isced_f": "0721"},
            0.8,
        ),
        ({"occupations": ["7223"], "isced_f": "0715"}, {"occupations": ["7233"]}, 0.3),
        ({"occupations": ["7223"]}, {"occupations": ["7512"], "isced_f": "0713"}, 0.3),
    ],
)
def test_closeness_is_that_of_the_best_case_that_holds(
    mine: dict[str, Any], yours: dict[str, Any], value: float
) -> None:
    assert valued(apprentice(**mine), offer(**yours))["occupation"] == value


@pytest.mark.parametrize(
    ("wanted", "offered", "value"),
    [
        (["set up a lathe"], ["set up a lathe"], 1.0),
        (["Set up a lathe "], ["set up a LATHE"], 1.0),
        (["set up a lathe", "qqqq"], ["set up a lathe"], 0.5),
        (["set up a lathe", "set up a lathe", "qqqq"], ["set up a lathe"], 0.5),
        (["set up a lathe"], ["qqqq", "set up a lathe", "zzzz"], 1.0),
        (["qqqq"], ["set up a lathe"], 0.0),
        ([], ["set up a lathe"], 0.5),
        (["set up a lathe"], [], 0.5),
        ([], [], 0.5),
        ([{"text": "a", "code": "S1"}], [{"text": "b", "code": "S1"}], 1.0),
        ([{"text": "weld", "code": "S1"}], [{"text": "weld", "code": "S2"}], 0.0),
        ([{"text": "weld", "code": "S1"}], ["weld"], 1.0),
    ],
)
def test_outcomes_count_the_share_of_the_wanted_ones_that_is_covered(
    wanted: list[Any], offered: list[Any], value: float
) -> None:
    found = valued(apprentice(outcomes=wanted), offer(outcomes=offered))
    assert found["outcomes"] == value


def test_similar_outcomes_lie_between_none_and_full() -> None:
    wanted = ["set up a CNC lathe for turned parts"]
    near = valued(apprentice(outcomes=wanted), offer(outcomes=["set up CNC lathes"]))["outcomes"]
    far = valued(apprentice(outcomes=wanted), offer(outcomes=["bake bread and cakes"]))["outcomes"]
    assert 0 <= far < near < 1


def test_one_level_below_is_worth_half_where_the_host_supports_it() -> None:
    host = offer(languages={"en": "B1"}, language_support=True)
    assert valued(apprentice(languages={"en": "B1"}), host)["language"] == 1.0
    assert valued(apprentice(languages={"en": "A2"}), host)["language"] == 0.5


def test_one_language_at_its_level_is_worth_as_much_as_all() -> None:
    host = offer(languages={"en": "B2", "de": "A2"}, language_support=True)
    person = apprentice(languages={"en": "B1", "de": "A2"})
    assert valued(person, host)["language"] == 1.0


@pytest.mark.parametrize(
    ("days", "value"),
    [
        ({"min": 14, "max": 84}, 1.0),
        ({"min": 14, "max": 42}, 0.75),
        ({"min": 70, "max": 84}, 0.8),
    ],
)
def test_dates_are_the_smaller_of_length_and_ideal_by_the_larger(
    days: dict[str, int], value: float
) -> None:
    assert valued(apprentice(), offer(days=days))["dates"] == value


@pytest.mark.parametrize(
    ("provisions", "value"),
    [
        ({}, 0.0),
        ({"QUIET_SPACE": "unknown"}, 0.0),
        ({"QUIET_SPACE": "declared"}, 0.5),
        ({"QUIET_SPACE": "declared", "PRAYER_SPACE": "certified"}, 1.0),
        ({"MEALS_PROVIDED": "certified", "STEP_FREE_ACCESS": "certified"}, 0.0),
    ],
)
def test_inclusion_is_the_share_of_soft_needs_that_are_met(
    provisions: dict[str, str], value: float
) -> None:
    person = apprentice(needs={"QUIET_SPACE": "soft", "PRAYER_SPACE": "soft"})
    assert valued(person, offer(provisions=provisions))["inclusion"] == value


def test_hard_needs_are_no_part_of_inclusion() -> None:
    person = apprentice(needs={"STEP_FREE_ACCESS": "hard", "QUIET_SPACE": "soft"})
    host = offer(provisions={"STEP_FREE_ACCESS": "certified"})
    assert valued(person, host)["inclusion"] == 0.0


def test_quality_is_what_the_offer_states_and_a_half_where_it_says_nothing() -> None:
    assert valued(apprentice(), offer(quality=0.0))["quality"] == 0.0
    assert valued(apprentice(), offer(quality=0.85))["quality"] == 0.85
    assert valued(apprentice(), offer(quality=None))["quality"] == 0.5


@pytest.mark.parametrize(
    ("interest", "destinations", "value"),
    [
        ({}, [], 0.75),
        ({"O-1": 1.0}, [], 1.0),
        ({"O-1": 0.0}, [], 0.5),
        ({}, ["DE", "FI"], 0.75),
        ({}, ["FI", "DE"], 0.5),
        ({"O-1": 1.0}, ["FI", "PT", "PL", "DE"], 0.625),
        ({"O-1": 0.0}, ["FI", "PT", "PL", "DE"], 0.125),
    ],
)
def test_preference_is_the_mean_of_interest_and_of_the_countrys_place(
    interest: dict[str, float], destinations: list[str], value: float
) -> None:
    person = apprentice(interest=interest, destinations=destinations)
    assert valued(person, offer(country="DE"))["preference"] == value


def test_interest_is_about_one_offer_alone() -> None:
    people = [apprentice(id="A-1", interest={"O-2": 1.0}), apprentice(id="A-2")]
    found = problem(people, [offer(id="O-1"), offer(id="O-2")])
    preference = {
        (person, host): matcher.explain(found, person, host).parts[-1].value
        for person in ("A-1", "A-2")
        for host in ("O-1", "O-2")
    }
    assert preference == {
        ("A-1", "O-1"): 0.75,
        ("A-1", "O-2"): 1.0,
        ("A-2", "O-1"): 0.75,
        ("A-2", "O-2"): 0.75,
    }


def test_values_of_cases_come_from_the_reference() -> None:
    rows = [
        {"criterion": "occupation", "case": "same_minor_group", "value": 0.6},
        {"criterion": "quality", "case": "unknown", "value": 0.2},
        {"criterion": "preference", "case": "no_word", "value": 0.0},
        {"criterion": "outcomes", "case": "unknown", "value": 0.0},
    ]
    found = valued(apprentice(occupations=["7222"]), offer(), reference={"criterion_values": rows})
    assert found == {
        "occupation": 0.6,
        "outcomes": 0.0,
        "language": 1.0,
        "dates": 1.0,
        "inclusion": 1.0,
        "quality": 0.2,
        "preference": 0.5,
    }


def test_the_score_is_the_sum_of_the_parts_and_every_part_is_value_by_weight() -> None:
    found = problem([apprentice(occupations=["7222"])], [offer(quality=0.8)])
    (proposal,) = matcher.propose(found).proposals
    assert [(p.criterion, p.value, p.weight, p.points) for p in proposal.parts] == [
        ("occupation", 0.8, 30, 24),
        ("outcomes", 0.5, 20, 10),
        ("language", 1, 15, 15),
        ("dates", 1, 10, 10),
        ("inclusion", 1, 10, 10),
        ("quality", 0.8, 10, 8),
        ("preference", 0.75, 5, 3.75),
    ]
    assert proposal.score == 80.75


def test_points_are_rounded_to_thousandths_and_halves_to_the_even_one() -> None:
    """Two thirds of 10 points are 6.667; half of a thousandth is 0, of three it is 2."""
    person = apprentice(
        needs={"QUIET_SPACE": "soft", "PRAYER_SPACE": "soft", "MEALS_PROVIDED": "soft"}
    )
    host = offer(provisions={"QUIET_SPACE": "declared", "PRAYER_SPACE": "declared"})
    weights = ZERO | {"inclusion": 99.996, "quality": 0.001, "outcomes": 0.003}
    plain = matcher.explain(problem([person], [host]), "A-1", "O-1")
    found = matcher.explain(problem([person], [host], weights=weights), "A-1", "O-1")
    assert {p.criterion: p.points for p in plain.parts}["inclusion"] == 6.667
    assert {p.criterion: p.points for p in found.parts} == {
        "occupation": 0,
        "outcomes": 0.002,
        "language": 0,
        "dates": 0,
        "inclusion": 66.664,
        "quality": 0,
        "preference": 0,
    }
    assert found.score == 66.666


def test_a_criterion_of_weight_100_is_the_whole_score() -> None:
    found = problem([apprentice()], [offer(quality=0.4)], weights=ZERO | {"quality": 100.0})
    assert matcher.explain(found, "A-1", "O-1").score == 40


def test_sex_and_nationality_are_no_fields_and_fewer_opportunities_moves_no_score() -> None:
    plain, marked = apprentice(), apprentice(fewer_opportunities=True)
    assert valued(plain, offer()) == valued(marked, offer())
    assert {"sex", "gender", "nationality"} & set(type(plain).model_fields) == set()


def test_lift_is_what_soft_needs_and_wishes_cost_at_the_best_offer() -> None:
    """10 points for the unmet need, 5 x 0.5 for the country in second place of two."""
    person = apprentice(needs={"QUIET_SPACE": "soft"}, destinations=["FI", "DE"])
    (proposal,) = matcher.propose(problem([person], [offer()])).proposals
    assert proposal.lift == 12.5
    (plain,) = matcher.propose(problem([apprentice(interest={"O-1": 1.0})], [offer()])).proposals
    assert plain.lift == 0


def test_lift_looks_at_every_possible_offer_not_only_at_the_proposed_one() -> None:
    """The other offer, which is full of quality and has the need, would cost nothing."""
    person = apprentice(needs={"QUIET_SPACE": "soft"}, interest={"O-1": 1.0, "O-2": 1.0})
    best = offer(id="O-2", provisions={"QUIET_SPACE": "declared"}, places=0)
    (proposal,) = matcher.propose(problem([person], [offer(), best])).proposals
    assert (proposal.offer, proposal.lift) == ("O-1", 0)
