"""The catalogues are whole: nothing missing, nothing fuzzy, every place kept, nothing left over."""

import ast
import string
from pathlib import Path

import polib
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

import api
from api.pages.words import WORDS
from matcher.vocabulary import LANGUAGES

ROOT = Path(api.__file__).parent
KEYWORDS = {
    "_": None, "N_": None, "phrase": None, "ngettext": (1, 2), "NN_": (1, 2),
    "phrase_count": (1, 2),
}  # fmt: skip
"""What `make words` looks for."""

OTHERS = [code for code in LANGUAGES if code != "en"]


def catalogue(code: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locales" / code / "LC_MESSAGES" / "doallvet.po"))


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def used() -> set[str]:
    """Every text of code, templates and errors."""
    with (ROOT / "locales" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        str(ROOT.parent), method_map=methods, options_map=options, keywords=KEYWORDS
    )
    return {one[0] if isinstance(one, tuple) else one for _, _, one, *_ in found if one}


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_and_none_is_left_over(code: str, used: set[str]) -> None:
    there = {entry.msgid for entry in catalogue(code) if not entry.obsolete}
    assert used - there == set(), "make words takes new texts in"
    assert there - used == set(), "make words lets old texts go"


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_missing_or_fuzzy_and_places_are_kept(code: str) -> None:
    wrong = []
    for entry in catalogue(code):
        said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        allowed = places(entry.msgid) | places(entry.msgid_plural)
        kept = all(
            places(one) <= allowed and (entry.msgid_plural or places(one) == allowed)
            for one in said
        )
        if "fuzzy" in entry.flags or not all(said) or not kept:
            wrong.append(entry.msgid)
    assert wrong == []


def test_a_text_is_marked_where_it_stands() -> None:
    """What is given to `phrase` by a name alone comes from a table of marked texts."""
    glued = []
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(getattr(node, "func", None), "attr", "") or getattr(
                getattr(node, "func", None), "id", ""
            )
            is_marked = isinstance(node, ast.Call) and called in ("phrase", "N_") and node.args
            if is_marked and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):  # type: ignore[attr-defined]
                glued.append(f"{path.name}:{node.lineno}")
    assert glued == []


TWO_MEANINGS = {"Reply", "None", "none", "done", "From", "How", "All", "all", "Open"}
"""English words that other languages say differently, by what they are said of."""


def test_words_with_two_meanings_say_which_is_meant(used: set[str]) -> None:
    """A verb or a noun; of a matching, a placement, a request: "The reply", "Send the reply"."""
    assert used & TWO_MEANINGS == set()


@pytest.mark.parametrize(
    "nouns", [("placement_status", "proposal_status"), ("placement_status", "round_status"),
              ("call_status", "placement_status")]
)  # fmt: skip
def test_no_two_kinds_of_things_share_a_word_for_how_they_stand(nouns: tuple[str, str]) -> None:
    """In most languages it is bent after the noun."""
    one, other = ({*WORDS[noun].values()} for noun in nouns)
    assert one & other == set()
