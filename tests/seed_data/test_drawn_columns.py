"""Columns drawn directly are those of the same problem as objects."""

import numpy as np

from matcher.columns import Pairs
from matcher.criteria import parts
from matcher.encode import encode
from matcher.engine import solve_columns
from matcher.rules import refusals
from seed_data.drawn_columns import generate_columns
from seed_data.problems import generate


def test_every_pair_is_judged_alike() -> None:
    direct = generate_columns(60, 50, 5)
    by_rows = encode(generate(60, 50, 5))
    assert list(direct.apprentices.ids) == list(by_rows.apprentices.ids)
    assert list(direct.offers.ids) == list(by_rows.offers.ids)
    pairs = [
        Pairs.block(columns, columns.apprentices.row, columns.offers.row)
        for columns in (direct, by_rows)
    ]
    first, second = map(refusals, pairs)
    for code, refused in first.items():
        np.testing.assert_array_equal(refused, second[code], err_msg=code)
    possible = ~np.logical_or.reduce(list(first.values()))
    assert possible.sum() > 20
    kept = [block.keep(possible) for block in pairs]
    for left, right in zip(kept[0].stay, kept[1].stay, strict=True):
        np.testing.assert_array_equal(left, right)
    first_parts, second_parts = map(parts, kept)
    for code, (_, points) in first_parts.items():
        np.testing.assert_array_equal(points, second_parts[code][1], err_msg=code)


def test_the_assignment_is_worth_the_same() -> None:
    direct = solve_columns(generate_columns(150, 90, 6))
    by_rows = solve_columns(encode(generate(150, 90, 6)))
    assert direct.total == direct.bound == by_rows.total
