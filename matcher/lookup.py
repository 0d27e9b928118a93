"""Looking things up for many pairs at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.int64]


def entry(table: NDArray[Any], row: Any, column: Any) -> NDArray[Any]:
    """table[row, column] for broadcasting numbers; several times faster than indexing."""
    return np.take(table, row * np.int32(table.shape[1]) + column)


@dataclass(frozen=True)
class PairList:
    """Facts about single pairs: sorted keys (apprentice row x m + offer row) and a value each."""

    keys: Keys
    values: NDArray[Any]

    @classmethod
    def of(cls, keys: Sequence[int] | Keys, values: Any, dtype: type[Any]) -> "PairList":
        """The facts in the order of their keys. Keys that stand twice must have equal values."""
        array = np.asarray(keys, dtype=np.int64)
        order = np.argsort(array, kind="stable")
        return cls(array[order], np.asarray(values, dtype=dtype)[order])

    def look_up(self, keys: Keys, absent: Any) -> NDArray[Any]:
        """The value of each key, `absent` where there is none."""
        if not len(self.keys):
            return np.full(keys.shape, absent, dtype=self.values.dtype)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[place] == keys, self.values[place], absent)
