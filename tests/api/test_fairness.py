"""The fairness report: its figures by hand, and that nobody can be found in it."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.fairness import (
    LEAST,
    Cell,
    Dimension,
    Measure,
    Person,
    Report,
    memberships,
    picture,
    report,
    table,
)
from api.fairness.hiding import Part, hidden_groups, means_shown, placed_ranges, sums_of
from api.sentence_texts import TEXTS

EN = TEXTS
examples = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)


def crowd(prefix: str, size: int, placed: int, *, first: int = 0, **changes: Any) -> list[Person]:
    """People of one kind, the first of them placed; `changes` name groups and values."""
    groups = {Dimension(key): changes.pop(key) for key in list(Dimension) if key in changes}
    outcome = {key: changes.pop(key, None) for key in ("score", "rank")}
    return [
        Person(
            f"{prefix}-{n}",
            groups,
            placed=n < first + placed,
            **(outcome if n < first + placed else {}),
            **changes,
        )
        for n in range(first, first + size)
    ]


def cells(found: Report, dimension: Dimension) -> dict[str, Cell]:
    return {
        cell.group: cell
        for section in found.sections
        if section.dimension == dimension
        for cell in section.rows
    }


def test_the_figures_are_those_of_an_example_computed_by_hand() -> None:
    """Twenty women, fifteen of them placed; thirty men, fifteen of them placed.

    Rates 15/20 = 0.75 and 15/30 = 0.5; 0.5 / 0.75 = 0.6667 is under 0.8.
    Score: women 10 x 80 + 5 x 86 = 1230, / 15 = 82.0; men 15 x 70 / 15 = 70.0; 70 / 82 = 0.8537.
    Rank: women (10 x 1 + 5 x 4) / 15 = 2.0, men 1.6 = (9 x 2 + 6 x 1) / 15; 1.6 / 2.0 = 0.8,
    which is not under 0.8. Waiting: women 9 days, men 14: (9 + 1) / (14 + 1) = 0.6667.
    All: 30 / 50 = 0.6; (1230 + 1050) / 30 = 76.0; (30 + 24) / 30 = 1.8;
    (20 x 9 + 30 x 14) / 50 = 12.0.
    Language excludes half of the offers for men and 0.1 for women, dates 0.3 and 0.2,
    mode as much for both, so that it is not named.
    """
    women = {
        "sex": "female",
        "waiting_days": 9,
        "excluded": {"language": 0.1, "dates": 0.2, "mode": 0.2},
    }
    men = {
        "sex": "male",
        "waiting_days": 14,
        "excluded": {"language": 0.5, "dates": 0.3, "mode": 0.2},
    }
    people = [
        *crowd("w", 10, 10, **women, score=80, rank=1),
        *crowd("w", 10, 5, first=10, **women, score=86, rank=4),
        *crowd("m", 9, 9, **men, score=70, rank=2),
        *crowd("m", 21, 6, first=9, **men, score=70, rank=1),
    ]
    found = report(people)
    total = found.total.model_dump()
    assert (total["people"], total["placed"]["low"], total["placed_rate"]["high"]) == (50, 30, 0.6)
    assert (total["score"], total["rank"], total["waiting"]) == (76.0, 1.8, 12.0)
    by_sex = cells(found, Dimension.SEX)
    assert list(by_sex) == ["female", "male"]
    for group, people_there, rate, score, rank, waiting in (
        ("female", 20, 0.75, 82.0, 2.0, 9.0),
        ("male", 30, 0.5, 70.0, 1.6, 14.0),
    ):
        cell = by_sex[group]
        assert (cell.people, cell.score, cell.rank) == (people_there, score, rank)
        assert (cell.placed_rate.low, cell.placed_rate.high) == (rate, rate)  # type: ignore[union-attr]
        assert cell.waiting == waiting
    ratios = {
        group: {measure: ratio.low for measure, ratio in cell.ratios.items()}
        for group, cell in by_sex.items()
    }
    assert ratios == {
        "female": {"placed": 1, "score": 1, "rank": 0.8, "waiting": 1},
        "male": {"placed": 0.6667, "score": 0.8537, "rank": 1, "waiting": 0.6667},
    }
    assert by_sex["female"].flagged == ()
    assert by_sex["male"].flagged == (Measure.PLACED, Measure.WAITING)
    assert [(r.rule, r.group, r.others) for r in by_sex["male"].rules] == [
        ("language", 0.5, 0.1), ("dates", 0.3, 0.2),
    ]  # fmt: skip
    assert Report.model_validate_json(found.model_dump_json()) == found


def sizes(total: int, groups: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many people can make so many groups."""
    for cuts in itertools.combinations(range(1, total), groups - 1):
        ends = (0, *cuts, total)
        yield tuple(end - begin for begin, end in itertools.pairwise(ends))


@pytest.mark.parametrize(("groups", "most"), [(2, 30), (3, 26), (4, 22)])
def test_who_knows_the_procedure_cannot_tell_how_large_a_hidden_group_is(
    groups: int, most: int
) -> None:
    """Everything that could be is published; what looks the same is what a reader is left with."""
    for total in range(LEAST, most + 1):
        looks_like: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
        for size in sizes(total, groups):
            named = {f"g{n}": range(count) for n, count in enumerate(size)}
            hidden = hidden_groups(named)
            shown = tuple(None if g in hidden else len(people) for g, people in named.items())
            assert all(count is None or count >= LEAST for count in shown)
            looks_like[shown].append(size)
        for shown, possible in looks_like.items():
            if any(count is not None for count in shown):  # else not even the groups are named
                for n, count in enumerate(shown):
                    assert count is not None or len({size[n] for size in possible}) >= LEAST - 1


@pytest.mark.parametrize("sizes", [(12, 14), (5, 30), (6, 12, 25), (10, 11, 12), (6, 6, 6, 12)])
def test_how_many_of_a_group_are_placed_is_exact_or_open(sizes: tuple[int, ...]) -> None:
    exact = 0
    for placed in itertools.product(*(range(size + 1) for size in sizes)):
        total, rest = sum(placed), sum(sizes) - sum(placed)
        found = placed_ranges([Part(n, p) for n, p in zip(sizes, placed, strict=True)])
        assert all(low <= p <= high for (low, high), p in zip(found, placed, strict=True))
        lows, highs = (sum(ends) for ends in zip(*found, strict=True))
        for (low, high), size, own in zip(found, sizes, placed, strict=True):
            left = range(max(low, total - highs + high), min(high, total - lows + low) + 1)
            if len(left) == 1 and 0 < total < sum(sizes) and min(total, rest) >= LEAST:
                assert min(own, size - own) >= LEAST
                exact += 1
            elif min(total, rest) >= LEAST:
                assert len(left) >= LEAST
    assert (exact > 0) == (sizes != (5, 30))


@examples
@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=6))
def test_means_rest_on_five_people_and_so_does_what_follows_from_the_total(
    parts: list[tuple[int, bool]],
) -> None:
    behind, allowed = [n for n, _ in parts], [may for _, may in parts]
    shown = means_shown(behind, allowed)
    rest = sum(n for n, seen in zip(behind, shown, strict=True) if not seen)
    assert all(not seen or n >= LEAST for n, seen in zip(behind, shown, strict=True))
    assert not any(seen and not may for seen, may in zip(shown, allowed, strict=True))
    assert rest == 0 or rest >= LEAST or not any(shown)


def tables(total: int, rows: Sequence[range], columns: Sequence[range]) -> set[tuple[int, ...]]:
    """The sums by row, then by column, of every table of whole numbers with sums in these."""
    found = set()
    width = len(columns)
    for cell in sizes(total + len(rows) * width, len(rows) * width):
        table = [[n - 1 for n in cell[at : at + width]] for at in range(0, len(cell), width)]
        margins = [*map(sum, table), *map(sum, zip(*table, strict=True))]
        if all(n in span for n, span in zip(margins, (*rows, *columns), strict=True)):
            found.add(tuple(margins))
    return found


def test_the_dimensions_together_tell_no_hidden_number_either() -> None:
    """All tables of region by sex that agree with every published figure, counted through."""
    people = [
        *crowd("a", 7, 4, region="a", sex="female"),
        *crowd("b", 6, 5, region="b", sex="female"),
        *crowd("c", 3, 1, region="c", sex="male"),
        *crowd("d", 2, 0, region="a", sex="male"),
    ]
    found = report(people)
    total = len(people)
    by_region, by_sex = (cells(found, one) for one in (Dimension.REGION, Dimension.SEX))
    assert {group: cell.people for group, cell in by_region.items()} == {
        "a": 9, "b": None, "c": None, "together": 9,
    }  # fmt: skip
    assert {group: cell.people for group, cell in by_sex.items()} == {
        "female": 13, "male": 5,
    }  # fmt: skip

    possible = tables(
        total,
        [range(9, 10), range(1, total), range(1, total)],
        [range(13, 14), range(5, 6)],
    )
    for hidden in (1, 2):
        assert {one[hidden] for one in possible} == set(range(1, 9))

    def spans(found: Iterable[Cell]) -> list[range]:
        ends = [cell.placed for cell in found if cell.placed]
        return [range(int(one.low), int(one.high) + 1) for one in ends]

    placed = tables(10, spans(by_region.values()), spans(by_sex.values()))
    for margin in range(4):
        assert len({one[margin] for one in placed}) >= LEAST


ANYBODY = st.builds(
    lambda region, sex, placed, waiting: (region, sex, placed, waiting),
    st.sampled_from("aaaabbbcc"),
    st.sampled_from(["female", "female", "male", "male", "other", None]),
    st.sampled_from([True, True, False]),
    st.integers(0, 3),
)


def people_of(drawn: Iterable[tuple[str, str | None, bool, int]]) -> list[Person]:
    return [
        Person(
            f"p{n}",
            {Dimension.REGION: region} | ({Dimension.SEX: sex} if sex else {}),
            placed,
            *((80.0 + n % 7, 1 + n % 3) if placed else (None, None)),
            waiting_days=waiting,
        )
        for n, (region, sex, placed, waiting) in enumerate(drawn)
    ]


@settings(examples, max_examples=60)
@given(st.lists(ANYBODY, max_size=14), st.integers(1, 4), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing_and_no_small_group_shows(
    drawn: list[tuple[str, str | None, bool, int]], times: int, mix: Any
) -> None:
    people = people_of(drawn * times)
    found = report(people)
    assert report(mix.sample(people, len(people))) == found
    assert (found.total.people is None) == (len(people) < LEAST)
    for section in found.sections:
        for cell in section.rows:
            figures = {cell.people, cell.placed, cell.score, cell.rank, cell.waiting}
            if not cell.shown:
                assert (figures, cell.ratios, cell.flagged, cell.rules) == ({None}, {}, (), ())
            else:
                assert cell.people >= LEAST  # type: ignore[operator]
                if cell.score is not None:
                    assert cell.placed.low == cell.placed.high >= LEAST  # type: ignore[union-attr]


def formable(sums: Iterable[Any]) -> dict[frozenset[str], frozenset[str]]:
    """Every set of groups whose people a reader can add up, with these people."""
    found = {frozenset[str](): frozenset[str]()}
    for one in sums:
        found |= {known | one.groups: people | one.people for known, people in found.items()}
    return found


SOME, FEW_OR_SOME = st.sampled_from([0, 3, 6, 8, 12]), st.sampled_from([0, 0, 0, 2, 5, 7])


def test_no_sum_of_two_reports_differs_by_a_few_people() -> None:
    seen = {True: 0, False: 0}

    @settings(examples, max_examples=150)
    @given(st.lists(st.tuples(SOME, FEW_OR_SOME, FEW_OR_SOME), min_size=1, max_size=5))
    def look(drawn: list[tuple[int, int, int]]) -> None:
        """Of each group: so many are in both reports, have gone, have come."""
        old, new = {}, {}
        for name, (stay, gone, came) in zip("abcde", drawn, strict=False):
            old[name] = [f"{name}{n}" for n in range(stay + gone)]
            new[name] = [*old[name][:stay], *(f"{name}-new-{n}" for n in range(came))]
        old, new = ({name: ids for name, ids in one.items() if ids} for one in (old, new))
        before = sums_of(old, hidden_groups(old))
        hidden = hidden_groups(new, [before])
        seen[len(hidden) < len(new)] += 1
        if len(hidden) == len(new):
            return
        first, second = formable(before), formable(sums_of(new, hidden))
        for one, own in ((first, old), (second, new)):
            for empty in {*old, *new} - set(own):  # known to have nobody
                one |= {known | {empty}: people for known, people in one.items()}
        for same in set(first) & set(second) - {frozenset({*old, *new})}:
            for part in (second[same] - first[same], first[same] - second[same]):
                assert not part or len(part) >= LEAST

    look()
    assert min(seen.values()) > 25


def regions(**sizes: int) -> list[Person]:
    return [p for name, size in sizes.items() for p in crowd(name, size, 10, region=name, score=80)]


def shown_regions(found: Report) -> list[str]:
    return [group for group, cell in cells(found, Dimension.REGION).items() if cell.shown]


def test_two_reports_cannot_be_told_apart_by_a_few_people() -> None:
    before = regions(a=20, b=20, c=20, d=20)
    published = report(before)
    kept = [memberships(before, published)]
    assert shown_regions(published) == ["a", "b", "c", "d"]

    one_more = report(regions(a=21, b=20, c=20, d=20), kept)
    assert one_more.hidden_since == "too_similar"
    assert (shown_regions(one_more), one_more.total.people, one_more.total.score) == ([], 81, None)
    assert published.total.score == 80
    assert table(one_more, EN)[1][-1] == EN["fairness.too_similar"]
    swapped = [p for p in before if p.id != "b-0"] + crowd("new", 1, 1, region="b")
    assert report(swapped, kept).hidden_since == "too_similar"

    same_people = [Person(p.id, p.groups, not p.placed) for p in before]
    assert shown_regions(report(same_people, kept)) == ["a", "b", "c", "d"]
    assert shown_regions(report(regions(a=25, b=20, c=20, d=20), kept)) == ["a", "b", "c", "d"]
    # Three more in two regions each: one by one they would stand out, together they do not.
    two = report(regions(a=23, b=23, c=20, d=20), kept)
    assert (two.hidden_since, shown_regions(two)) == (None, ["c", "d", "together"])
    assert cells(two, Dimension.REGION)["together"].people == 46
    # A report without any figure by group is nothing to compare with.
    nothing = [memberships(regions(a=21, b=20, c=20, d=20), one_more)]
    assert shown_regions(report(regions(a=22, b=20, c=20, d=20), nothing)) == ["a", "b", "c", "d"]


def test_a_flag_is_raised_only_where_it_is_sure_and_names_the_rules_of_many() -> None:
    """Fewer: 3 of 20, told as 0 to 4. Others: 30 of 40, told as 29 to 33.

    The first rate is 4/20 = 0.2 at most, the second 29/40 = 0.725 at least: 0.2 / 0.725 = 0.2759.
    """
    heavy = {"hard_needs": 0.9, "dates": 0.4, "language": 0.4, "status": 0.3, "abroad": 0.2}
    light = {"hard_needs": 0.0, "dates": 0.3, "language": 0.1, "status": 0.1, "abroad": 0.2}
    people = [
        *crowd("f", 16, 3, opportunities="fewer", excluded=heavy, score=70),
        *crowd("g", 4, 0, opportunities="fewer", excluded=heavy | {"licences": 1.0}),
        *crowd("o", 2, 0, opportunities="others", excluded=light | {"hard_needs": 0.1}),
        *crowd("r", 38, 30, opportunities="others", excluded=light, score=80),
    ]
    fewer, others = cells(report(people), Dimension.OPPORTUNITIES).values()
    assert (fewer.placed.low, fewer.placed.high) == (0, 4)  # type: ignore[union-attr]
    assert (others.placed.low, others.placed.high) == (29, 33)  # type: ignore[union-attr]
    assert (fewer.ratios[Measure.PLACED].high, others.flagged) == (0.2759, ())
    assert fewer.flagged == (Measure.PLACED,)
    # A mean beside the total would be an equation for the numbers.
    assert (fewer.score, others.score) == (None, None)
    # Two of the others have the need: too few to give their share. Licences exclude 4/20 = 0.2
    # more of the group, as much as status, and are not named: they are those of four people.
    assert [(r.rule, r.group, r.others) for r in fewer.rules] == [
        ("hard_needs", 0.9, None), ("language", 0.4, 0.1), ("status", 0.3, 0.1),
    ]  # fmt: skip

    nine = report([*crowd("f", 9, 1, age="under_18"), *crowd("o", 40, 30, age="adult")])
    under_18 = cells(nine, Dimension.AGE)["under_18"]
    assert (under_18.placed.high, under_18.flagged) == (9, ())  # type: ignore[union-attr]
    assert under_18.ratios[Measure.PLACED].low == 0


def test_bad_people_are_refused_and_too_few_have_no_report() -> None:
    with pytest.raises(ValueError, match="somebody is there twice"):
        report([*crowd("a", 5, 1), *crowd("a", 1, 1)])
    with pytest.raises(ValueError, match="sex: there is no group men"):
        report(crowd("a", 9, 1, sex="men"))
    # Five regions with one person each: even their names beside the total would tell.
    alone = report([person for name in "abcde" for person in crowd(name, 1, 1, region=name)])
    assert (cells(alone, Dimension.REGION), alone.total.people) == ({}, 5)
    nobody = report(crowd("a", 4, 1))
    assert (nobody.hidden_since, nobody.sections, nobody.total.placed) == ("too_few", (), None)
    assert memberships(crowd("a", 4, 1), nobody).sums == {}
    assert len(table(nobody, EN)) == 1
    assert EN["fairness.too_few"] in picture(nobody, EN)
