"""Drawn problems: reproducible, valid, near the shares they are drawn from."""

from pathlib import Path

import pytest

import matcher
from matcher.limits import age_on
from matcher.vocabulary import unit_group
from seed_data.generator import (
    FEWER_OPPORTUNITIES,
    HOSTING_SHARES,
    MINORS,
    PROVIDED,
    REGION_NAMES,
    SENDING_SHARES,
    need_codes,
)
from seed_data.lists import HOST_LANGUAGE, esco_trades, trades
from seed_data.problems import generate

ESCO = Path(__file__).parents[3] / "shared" / "data" / "esco" / "occupations_en.csv"
"""The official ESCO list lies beside the repository and is no part of it."""

needs_esco = pytest.mark.skipif(not ESCO.exists(), reason=f"no ESCO occupations at {ESCO}")


@pytest.fixture(scope="module")
def large() -> matcher.Problem:
    return generate(4000, 2000, seed=8)


def test_the_same_seed_draws_the_same_problem() -> None:
    assert generate(40, 25, seed=4).to_json() == generate(40, 25, seed=4).to_json()


def test_another_seed_draws_another_problem() -> None:
    assert generate(40, 25, seed=4).sha256() != generate(40, 25, seed=5).sha256()


@pytest.mark.parametrize(("apprentices", "offers"), [(0, 0), (0, 5), (5, 0), (1, 1)])
def test_the_sizes_are_those_asked_for_down_to_nothing(apprentices: int, offers: int) -> None:
    problem = generate(apprentices, offers, seed=1)
    assert (len(problem.apprentices), len(problem.offers)) == (apprentices, offers)
    result = matcher.propose(problem)
    assert matcher.verify(problem, result) == []
    assert len(result.proposals) + len(result.unmatched) == apprentices


@pytest.mark.parametrize("seed", range(12))
def test_every_drawn_problem_is_a_valid_file(seed: int) -> None:
    problem = generate(60, 40, seed=seed)
    assert matcher.Problem.from_json(problem.to_json()) == problem


@pytest.mark.parametrize("seed", range(4))
def test_a_small_drawn_problem_is_solved_and_certified(seed: int) -> None:
    problem = generate(60, 40, seed=seed)
    result = matcher.propose(problem)
    assert matcher.verify(problem, result) == []
    assert result.certificate.optimal
    assert result.proposals


def test_the_regions_are_drawn_by_their_shares(large: matcher.Problem) -> None:
    for rows, shares in (
        (large.apprentices, SENDING_SHARES),
        (large.offers, HOSTING_SHARES),
    ):
        drawn = [sum(row.region == region for row in rows) / len(rows) for region in REGION_NAMES]
        assert drawn == pytest.approx(shares, abs=0.04)


def test_minors_and_people_with_fewer_opportunities_are_as_many_as_stated(
    large: matcher.Problem,
) -> None:
    people = large.apprentices
    minors = sum(age_on(a.birth_date, a.available_from) < 18 for a in people)
    assert minors / len(people) == pytest.approx(MINORS, abs=0.03)
    fewer = sum(a.fewer_opportunities for a in people)
    assert fewer / len(people) == pytest.approx(FEWER_OPPORTUNITIES, abs=0.03)


def test_provisions_are_as_frequent_as_stated(large: matcher.Problem) -> None:
    stated = sum(len(offer.provisions) for offer in large.offers)
    assert stated / (len(large.offers) * len(need_codes())) == pytest.approx(PROVIDED, abs=0.02)


def test_needs_are_drawn_for_people_with_fewer_opportunities_above_all(
    large: matcher.Problem,
) -> None:
    rates = {}
    for few in (True, False):
        group = [a for a in large.apprentices if a.fewer_opportunities == few]
        rates[few] = sum(bool(a.needs) for a in group) / len(group)
    assert rates[True] == pytest.approx(0.75, abs=0.05)
    assert rates[False] == pytest.approx(0.04, abs=0.02)


def test_everybody_speaks_the_language_of_home_and_no_minor_is_a_graduate(
    large: matcher.Problem,
) -> None:
    odd = [
        a.id
        for a in large.apprentices
        if a.languages.get(HOST_LANGUAGE[a.country]) != "C2"
        or (a.status == "RECENT_GRADUATE" and age_on(a.birth_date, a.available_from) < 18)
    ]
    assert odd == []


def test_offers_have_the_hours_of_their_trade(large: matcher.Problem) -> None:
    by_code = {trade.occupation: trade for trade in trades()}
    odd = [
        offer.id
        for offer in large.offers
        if offer.hours is None
        or offer.hours.per_day != by_code[offer.occupations[0]].hours_per_day
        or offer.hours.days_per_week != by_code[offer.occupations[0]].days_per_week
    ]
    assert odd == []


@needs_esco
def test_esco_occupations_draw_a_valid_problem() -> None:
    problem = generate(50, 30, seed=1, esco=ESCO)
    assert (len(problem.apprentices), len(problem.offers)) == (50, 30)
    occupations = {
        code for row in (*problem.apprentices, *problem.offers) for code in row.occupations
    }
    assert {code for code in occupations if "." in code}
    assert matcher.verify(problem, matcher.propose(problem)) == []


@needs_esco
def test_esco_occupations_belong_to_the_sectors_and_have_outcomes() -> None:
    drawn = esco_trades(ESCO)
    assert len({trade.occupation for trade in drawn}) > len(trades())
    assert [trade.title for trade in drawn if not trade.outcomes] == []
    assert {len(unit_group(trade.occupation)) for trade in drawn} == {4}


def test_a_file_that_is_not_of_esco_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "occupations.csv"
    path.write_text("code,title\n7512.1,baker\n", encoding="utf-8")
    with pytest.raises(ValueError, match="is no ESCO occupations file: no column iscoGroup"):
        generate(5, 5, seed=1, esco=path)


def test_an_esco_file_without_the_sectors_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "occupations.csv"
    path.write_text("iscoGroup,preferredLabel,code\n2652,singer,2652.8\n", encoding="utf-8")
    with pytest.raises(ValueError, match="has no occupation of the sectors"):
        generate(5, 5, seed=1, esco=path)
