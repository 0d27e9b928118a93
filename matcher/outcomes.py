"""How far one list of learning outcomes covers another.

Two outcomes that both have a code are the same or not, by code. Otherwise their texts
are compared by TF-IDF over character n-grams (Salton and Buckley, 1988), cosine in [0, 1].
Vocabulary and document frequencies come from the reference lists (names in six languages,
learning outcomes in English): never from the problem, so nobody's text changes the score
of somebody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matcher.lookup import entry
from matcher.vocabulary import LANGUAGES, default_reference

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

Outcome = tuple[str, str | None]
"""Text and code of a learning outcome."""

MOST_TABLE_CELLS = 2**24
"""Up to this many pairs of lists, all values are worked out once and kept."""

CELLS_AT_ONCE = 2**22
"""How many pairs of single outcomes are compared in one step."""


@cache
def reference_vectorizer() -> "TfidfVectorizer":
    """Character n-grams (3 and 4 letters within words) weighed by the reference lists."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    facts = default_reference()
    names = [
        row[language]
        for table in ("isco08", "isced_f", "needs")
        for row in facts.rows(table)
        for language in LANGUAGES
    ]
    names += [row["en"] for row in facts.rows("learning_outcomes")]
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True)
    vectorizer.fit(names)
    return vectorizer


@cache
def _reference_rows() -> dict[str, int]:
    """The learning outcomes of the reference list, numbered."""
    texts = [row["en"] for row in default_reference().rows("learning_outcomes")]
    return {text: n for n, text in enumerate(dict.fromkeys(texts))}


@cache
def _between_reference_texts() -> NDArray[np.float64]:
    """The similarity of each of them with each: they are compared all the time (2 MB)."""
    texts = list(_reference_rows())
    return _compared(texts, texts)


def text_similarity(left: Sequence[str], right: Sequence[str]) -> NDArray[np.float64]:
    """Cosine of every left text (rows) with every right text (columns); equal texts give 1.

    What people wrote themselves is compared anew each time, and not kept.
    """
    known = _reference_rows()
    if known.keys() >= {*left, *right}:
        rows, columns = ([known[text] for text in side] for side in (left, right))
        return _between_reference_texts()[np.ix_(rows, columns)]
    return _compared(left, right)


def _compared(left: Sequence[str], right: Sequence[str]) -> NDArray[np.float64]:
    vectors = reference_vectorizer().transform
    cosine: NDArray[np.float64] = (vectors(left) @ vectors(right).T).toarray()
    cosine = np.clip(cosine, 0.0, 1.0)
    number: dict[str, int] = {}
    for text in (*left, *right):
        number.setdefault(text.casefold().strip(), len(number))
    of = np.array([number[t.casefold().strip()] for t in left], dtype=np.int64)
    to = np.array([number[t.casefold().strip()] for t in right], dtype=np.int64)
    cosine[of[:, None] == to[None, :]] = 1.0
    return cosine


class OutcomeSimilarity:
    """Values of the lists of learning outcomes (profiles) of both sides.

    `wanted` are the apprentices' distinct lists, `offered` the offers'; `unknown` is the
    value where one of the two lists is empty.
    """

    def __init__(
        self,
        wanted: Sequence[tuple[Outcome, ...]],
        offered: Sequence[tuple[Outcome, ...]],
        unknown: float,
    ) -> None:
        """Nothing is compared yet."""
        self.unknown = unknown
        self._lists = wanted, offered

    @cached_property
    def wanted(self) -> "Numbered":
        """The apprentices' lists."""
        return Numbered.of(self._lists[0])

    @cached_property
    def offered(self) -> "Numbered":
        """The offers' lists."""
        return Numbered.of(self._lists[1])

    def values(self, wanted: NDArray[Any], offered: NDArray[Any]) -> NDArray[np.float64]:
        """The value of each pair of profiles, broadcast: share of the wanted that is covered.

        Every wanted outcome counts as much as the offered one nearest to it.
        """
        cells = len(self._lists[0]) * len(self._lists[1])
        if cells <= MOST_TABLE_CELLS:
            table = self._table_of_one(offered) if len(self._lists[0]) == 1 else self._table
            return entry(table, wanted, offered)
        rows, row = np.unique(wanted, return_inverse=True)
        columns, column = np.unique(offered, return_inverse=True)
        part = self._compare(rows, columns)
        return part[row.reshape(wanted.shape), column.reshape(offered.shape)]

    def _table_of_one(self, offered: NDArray[Any]) -> NDArray[np.float64]:
        """The table of a single wanted list, with the values of these offers' lists in it.

        Each is compared when it is first asked for; the others are not even numbered.
        """
        missing = np.unique(offered[np.isnan(self._row[0, offered])])
        if len(missing):
            named = [self._lists[1][c] for c in missing]
            self._row[:, missing] = OutcomeSimilarity(self._lists[0], named, self.unknown)._table
        return self._row

    @cached_property
    def _row(self) -> NDArray[np.float64]:
        return np.full((1, len(self._lists[1])), np.nan)

    @cached_property
    def _table(self) -> NDArray[np.float64]:
        rows, columns = (np.arange(len(side)) for side in self._lists)
        return self._compare(rows, columns)

    def _compare(self, rows: NDArray[Any], columns: NDArray[Any]) -> NDArray[np.float64]:
        result = np.full((len(rows), len(columns)), self.unknown)
        wanted_lists, offered_lists = self.wanted.lists, self.offered.lists
        full_rows = np.array([r for r in rows if len(wanted_lists[r])], dtype=np.int64)
        full_cols = np.array([c for c in columns if len(offered_lists[c])], dtype=np.int64)
        if not len(full_rows) or not len(full_cols):
            return result
        offered, starts = _flat([offered_lists[c] for c in full_cols])
        known_cols = np.isin(columns, full_cols)
        size = max(1, CELLS_AT_ONCE // max(1, len(offered)))
        done: list[NDArray[np.float64]] = []
        for chunk in np.array_split(full_rows, -(-len(full_rows) // max(1, size // 4))):
            wanted, begins = _flat([wanted_lists[r] for r in chunk])
            nearest = np.maximum.reduceat(self._similarity(wanted, offered), starts, axis=1)
            counts = np.diff(np.append(begins, len(wanted)))
            done.append(np.add.reduceat(nearest, begins, axis=0) / counts[:, None])
        result[np.ix_(np.isin(rows, full_rows), known_cols)] = np.concatenate(done)
        return result

    def _similarity(self, wanted: NDArray[Any], offered: NDArray[Any]) -> NDArray[np.float64]:
        """Single outcomes against single outcomes, each distinct text compared once."""
        rows, row = np.unique(wanted, return_inverse=True)
        columns, column = np.unique(offered, return_inverse=True)
        left = [self.wanted.outcomes[r] for r in rows]
        right = [self.offered.outcomes[c] for c in columns]
        similar = text_similarity([text for text, _ in left], [text for text, _ in right])
        codes = {code: n for n, code in enumerate({c for _, c in (*left, *right)} - {None})}
        of = np.array([codes.get(code, -1) for _, code in left])
        to = np.array([codes.get(code, -1) for _, code in right])
        both = (of[:, None] >= 0) & (to[None, :] >= 0)
        similar[both] = (of[:, None] == to[None, :])[both]
        return similar[row[:, None], column[None, :]]


@dataclass(frozen=True)
class Numbered:
    """Distinct outcomes, and the lists that name them as numbers."""

    outcomes: Sequence[Outcome]
    lists: Sequence[NDArray[np.int64]]

    @classmethod
    def of(cls, lists: Sequence[tuple[Outcome, ...]]) -> "Numbered":
        """In the order in which they are met."""
        number: dict[Outcome, int] = {}
        numbered = [
            np.array([number.setdefault(outcome, len(number)) for outcome in row], dtype=np.int64)
            for row in lists
        ]
        return cls(list(number), numbered)


def _flat(lists: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All numbers in a row, and where each list begins; no list is empty."""
    lengths = np.array([len(row) for row in lists])
    return np.concatenate(lists), np.concatenate(([0], np.cumsum(lengths)[:-1]))
