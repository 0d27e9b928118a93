"""Many-valued fields as bit masks."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from matcher.columns import Masks
from matcher.vocabulary import CEFR_LEVELS

LEVELS = len(CEFR_LEVELS)
LANGUAGES_A_WORD = 64 // LEVELS


def bits(numbers: Iterable[int]) -> int:
    """A mask with these bits set."""
    mask = 0
    for number in numbers:
        mask |= 1 << number
    return mask


def known_levels(languages: Mapping[str, str], speech: Mapping[str, int]) -> dict[int, int]:
    """A mask a word: every CEFR level that is reached in the languages that some offer accepts."""
    words: dict[int, int] = {}
    for language, level in languages.items():
        if language in speech:
            word, place = divmod(speech[language], LANGUAGES_A_WORD)
            reached = (1 << (CEFR_LEVELS.index(level) + 1)) - 1
            words[word] = words.get(word, 0) | reached << (place * LEVELS)
    return words


def asked_levels(
    languages: Mapping[str, str], speech: Mapping[str, int], one_below: bool
) -> dict[int, int]:
    """A mask a word: the level asked for in each accepted language, or the next lower one."""
    words: dict[int, int] = {}
    for language, level in languages.items():
        word, place = divmod(speech[language], LANGUAGES_A_WORD)
        rank = max(0, CEFR_LEVELS.index(level) - one_below)
        words[word] = words.get(word, 0) | 1 << (place * LEVELS + rank)
    return words


def words(masks: Sequence[Mapping[int, int]], speech: Mapping[str, int]) -> Masks:
    """Masks of several words as an array of shape (rows, words)."""
    array = np.zeros((len(masks), max(1, -(-len(speech) // LANGUAGES_A_WORD))), dtype=np.uint64)
    for row, mask in enumerate(masks):
        for word, value in mask.items():
            array[row, word] = value
    return array
