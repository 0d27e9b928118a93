"""Lists of learning outcomes beside each other: what is compared, and how often."""

import numpy as np
import pytest

from matcher import outcomes
from matcher.outcomes import OutcomeSimilarity

ONE = (("bake bread", None), ("clean the oven", None))
OFFERED = (
    (("bake bread and rolls", None),),
    (),
    (("clean the oven", None), ("serve guests", None)),
    (("mend bicycles", None),),
)


def test_a_single_list_has_the_values_that_it_has_among_others() -> None:
    alone = OutcomeSimilarity([ONE], OFFERED, 0.5)
    among = OutcomeSimilarity([ONE, OFFERED[3]], OFFERED, 0.5)
    nobody = np.zeros(len(OFFERED), dtype=np.int64)
    for asked in ([2], [0, 2, 2], [3, 1, 0]):
        offered = np.array(asked)
        wanted = nobody[: len(asked)]
        assert np.array_equal(alone.values(wanted, offered), among.values(wanted, offered))
    assert alone.values(np.zeros((1, 1), dtype=np.int64), np.arange(4)[None, :]).shape == (1, 4)


def test_an_offer_is_compared_with_a_single_list_once_and_only_if_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []
    plain = outcomes.text_similarity

    def noted(left: list[str], right: list[str]) -> object:
        compared.extend(right)
        return plain(left, right)

    monkeypatch.setattr(outcomes, "text_similarity", noted)
    alone, wanted = OutcomeSimilarity([ONE], OFFERED, 0.5), np.zeros(2, dtype=np.int64)
    for asked in ([0, 2], [2, 0], [0, 1]):
        alone.values(wanted, np.array(asked))
    assert sorted(compared) == ["bake bread and rolls", "clean the oven", "serve guests"]
