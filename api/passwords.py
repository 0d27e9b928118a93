"""Passwords: kept as Argon2id hashes, refused when they are short, common or about the person.

After OWASP ASVS 5.0, 6.2: length counts, no kinds of characters are asked for, a password is
used as it was typed, and the common ones are refused.
"""

import functools
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator

from pwdlib import PasswordHash

from api import common_words
from api.errors import WeakPasswordError

SHORTEST, LONGEST = 8, 128
"""Characters of a password."""

SHORTEST_OF_DIGITS = 12
"""Characters of a password of digits only: shorter ones are dates and telephone numbers."""

FEWEST_CHARACTERS = 5
"""So many different characters a password has at least."""

MOST_WORDS = 2
"""A password of so many common words, whatever digits and signs stand around them, is common."""

SHORTEST_WORD = 3
"""Letters of a word about the person; shorter ones are looked at together with the next."""

SERVICE = "doallvet"
"""The name of this service; a password made of it is no secret."""

_HASHES = PasswordHash.recommended()

_SWAPPED = tuple(
    str.maketrans("@4036$5789|!1+", letters) for letters in ("aaoegsstbgiiit", "aaoegsstbglllt")
)
"""Signs that stand for letters, read back; 1 may be an i or an l."""

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
"""Letters that do not come apart into a plain one and an accent."""

_ENDING = 4
"""So many signs at the end of a password may be swapped letters of its last word."""

_FILLER = r"[\W\d_]*"
_NO_WORD = re.compile(_FILLER)


def hash_password(password: str) -> str:
    """What is stored of a password, with its own salt and the parameters of today."""
    return _HASHES.hash(_bytes(password))


def verify_password(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Whether it is the password, and a new hash where the stored one has older parameters.

    Without a stored hash (no such account, no password yet) the answer is no, and it takes as
    long as any other.
    """
    decoy = _decoy()  # always, so that the first call takes as long whoever asks
    right, renewed = _HASHES.verify_and_update(_bytes(password), stored or decoy)
    return right and stored is not None, renewed if stored else None


def refuse_weak(password: str, *, about: Iterable[str]) -> None:
    """Raise WeakPasswordError with the reason: `short`, `long`, `personal` or `common`.

    `about` are words of the person: name and e-mail address.
    """
    if len(password) < SHORTEST:
        raise WeakPasswordError("short")
    if len(password) > LONGEST:
        raise WeakPasswordError("long")
    readings = list(_readings(_plain(password)))
    common, personal = _common(), _personal(about)
    if _monotonous(password) or any(common.fullmatch(reading) for reading in readings):
        raise WeakPasswordError("common")
    for reading in readings:
        rest = personal.sub("0", reading)
        if rest != reading and (_NO_WORD.fullmatch(rest) or common.fullmatch(rest)):
            raise WeakPasswordError("personal")


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


@functools.cache
def _decoy() -> str:
    return _HASHES.hash(secrets.token_bytes(32))


def _plain(text: str) -> str:
    """Small letters without accents, without what only separates."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return re.sub(r"[\s\-_.,]", "", bare)


def _readings(text: str) -> Iterator[str]:
    """The text itself, and what it says with swapped letters read back.

    Digits and signs at the end may be an ending or belong to the word, so each cut is tried.
    """
    yield text
    start = len(text) - len(re.sub(f"^{_FILLER}", "", text))
    end = max(start, len(re.sub(f"{_FILLER}$", "", text)))
    for first in {0, start}:
        for last in {*range(end, min(end + _ENDING, len(text)) + 1), len(text)}:
            for swapped in _SWAPPED:
                yield text[first:last].translate(swapped)


def _monotonous(password: str) -> bool:
    """Few different characters, the same ones again and again, or few digits."""
    text = password.casefold()
    if text.isdigit() and (len(text) < SHORTEST_OF_DIGITS or text in _digits_in_a_row()):
        return True
    period = (text + text).find(text, 1)
    return len(set(text)) < FEWEST_CHARACTERS or period < min(SHORTEST, len(text))


@functools.cache
def _common() -> re.Pattern[str]:
    """What is nothing but common words, with digits and signs around them."""
    letters = {walk for walk in common_words.walks() if not walk.isdigit()}
    return re.compile(
        rf"{_FILLER}(?:(?:{_any_of(common_words.words() | letters)}){_FILLER}){{1,{MOST_WORDS}}}"
    )


@functools.cache
def _digits_in_a_row() -> frozenset[str]:
    return frozenset(walk for walk in common_words.walks() if walk.isdigit())


def _personal(about: Iterable[str]) -> re.Pattern[str]:
    """The words of the person and of the service, one by one and written together."""
    found = {SERVICE}
    for text in about:
        parts = [_plain(part) for part in re.split(r"[\W\d_]+", text)]
        found |= {part for part in (*parts, "".join(parts)) if len(part) >= SHORTEST_WORD}
    return re.compile(_any_of(found))


def _any_of(pieces: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(pieces, key=lambda piece: (-len(piece), piece))))
