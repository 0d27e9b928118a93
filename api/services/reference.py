"""The engine's code lists as forms need them: codes, names, facts, where they come from."""

from collections.abc import Callable, Iterator

from api import support_facts
from api.errors import NoSuchListError
from matcher.vocabulary import (
    CEFR_LEVELS,
    LANGUAGES,
    Mode,
    Provision,
    Row,
    Strength,
    default_reference,
)
from models.place_views import ReferenceList, ReferenceRow

FROM_TABLES = (
    "activities",
    "cost_lines",
    "countries",
    "hazards",
    "isced_f",
    "isco08",
    "languages",
    "learning_outcomes",
    "licences",
    "needs",
    "sectors",
    "statuses",
)
"""Lists that are files of the engine, with names and sources."""

CEFR = "Common European Framework of Reference for Languages, Council of Europe"
OWN_WORDS = "doALLVET engine"

WORDS: dict[str, tuple[tuple[str, ...], str]] = {
    "cefr_levels": (CEFR_LEVELS, CEFR),
    "modes": (tuple(Mode), OWN_WORDS),
    "need_strengths": (tuple(Strength), OWN_WORDS),
    "provisions": (tuple(Provision), OWN_WORDS),
}
"""Lists that are words of the engine, in their order, and whose words they are."""

NAMES = tuple(sorted((*FROM_TABLES, *WORDS, *support_facts.LISTS)))
"""All lists that can be asked for."""

ABOUT_THE_ROW = {"source", "checked_on", "certainty"}


def reference_list(name: str) -> ReferenceList:
    """The list of that name. Raises NoSuchListError."""
    if name not in NAMES:
        raise NoSuchListError(name, NAMES)
    read: Callable[[str], Iterator[ReferenceRow]] = _words if name in WORDS else _table
    return ReferenceList(name=name, items=list(read(name)))


def _words(name: str) -> Iterator[ReferenceRow]:
    words, source = WORDS[name]
    for word in words:
        yield ReferenceRow(
            code=word, names={}, facts={}, source=source, checked_on="", certainty=""
        )


def _table(name: str) -> Iterator[ReferenceRow]:
    """The rows of a file; its first column is the code, which not every list has only once."""
    is_ours = name in support_facts.LISTS
    for row in support_facts.rows(name) if is_ours else default_reference().rows(name):
        yield _row(row)


def _row(row: Row) -> ReferenceRow:
    code, *_ = row
    besides = ABOUT_THE_ROW.union(LANGUAGES, [code])
    return ReferenceRow(
        code=row[code],
        names={language: row[language] for language in LANGUAGES if row.get(language)},
        facts={column: value for column, value in row.items() if value and column not in besides},
        **{column: row[column] for column in ABOUT_THE_ROW},
    )
