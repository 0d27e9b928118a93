"""Every kind of fault is said in every language: none can slip in that is not."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

import api
from api.fault_texts import LINE, RIGHT, WHAT
from api.faults import VALUES, Fault, FaultError, Word, fault, of_engine, of_value, packed, unpacked
from api.imports.columns import COLUMNS
from api.language import ENGLISH, Language
from api.pages import fault_words
from api.services import failures
from matcher.certificate import PROMISES
from matcher.faults import TEXTS, places_of
from matcher.faults import Fault as EngineFault
from matcher.problem import Apprentice, Policy
from tests.api.test_catalogues import KEYWORDS

ROOT = Path(api.__file__).parent

MAKERS = {"fault", "say", "CellError", "UnreadableError", "FaultError"}
"""What makes a fault of kinds."""


class Shouting(Language):
    """A language of which every text is known, told by its capitals; places stay as they are."""

    def unfilled(self, text: str) -> str:
        parts = []
        for literal, name, form, conversion in Formatter().parse(text):
            parts.append(literal.upper().replace("{", "{{").replace("}", "}}"))
            if name is not None:
                how = (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
                parts.append(f"{{{name}{how}}}")
        return "".join(parts)


LOUD = Shouting("fi")


def filled(text: str) -> dict[str, object]:
    return {name: Word("word") if name == "kind" else "CODE" for name in places_of(text)}


@pytest.mark.parametrize("kind", WHAT)
def test_every_kind_is_said_in_another_language(kind: str) -> None:
    made = fault(kind, **filled(WHAT[kind]))
    assert made.said(LOUD)[0] == made.said(LOUD)[0].upper()
    assert made.said(ENGLISH) == (WHAT[kind].format_map(dict.fromkeys(places_of(WHAT[kind]),
                                                                      "CODE")), "")  # fmt: skip


@pytest.mark.parametrize("kind", RIGHT)
def test_every_right_is_said_in_another_language(kind: str) -> None:
    made = fault("empty", kind, **filled(RIGHT[kind]))
    what, right = made.said(LOUD)
    assert (what, right) == ("IS EMPTY", right.upper())
    assert made.line(LOUD) == f"IS EMPTY; RIGHT: {right}"


@pytest.fixture(scope="module")
def extracted() -> set[str]:
    """What `make words` finds."""
    with (ROOT / "locales" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        str(ROOT.parent), method_map=methods, options_map=options, keywords=KEYWORDS
    )
    return {one for _, _, one, *_ in found if isinstance(one, str)}


def test_every_text_is_for_the_catalogues(extracted: set[str]) -> None:
    texts = {LINE, *WHAT.values(), *RIGHT.values()}
    says = {column.kind.says for columns in COLUMNS.values() for column in columns}
    without_words = {"{meant}", "{lines}"}
    assert {*texts, *says} - without_words <= extracted


OTHERS = {"operating", "cli_operating.py"}
"""Where a fault is what `doallvet doctor` finds, told in English alone."""


def made_in_code() -> Iterator[tuple[str, list[str]]]:
    """Where faults are made, and the kinds that stand there as texts."""
    ours = (path for path in ROOT.rglob("*.py") if OTHERS.isdisjoint(path.parts))
    for path in sorted(ours):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
            if name not in MAKERS:
                continue
            kinds = node.args[2:] if name == "say" else node.args
            yield f"{path.name}:{node.lineno}", [
                one.value for one in kinds
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]  # fmt: skip


def test_kinds_in_code_have_texts() -> None:
    found = list(made_in_code())
    assert len(found) > 100
    assert [(where, kinds) for where, kinds in found
            if not set(kinds) <= {*WHAT, *RIGHT}] == []  # fmt: skip


def test_promises_and_texts_of_the_engine_are_its_own() -> None:
    assert {f"promise.{identity}": text for identity, text, _ in PROMISES} == {
        kind: text for kind, text in WHAT.items() if kind.startswith("promise.")
    }
    assert {f"engine.{kind}" for kind in TEXTS} == {
        kind for kind in WHAT if kind.startswith("engine.")
    }
    assert set(VALUES.values()) <= set(WHAT)


def test_a_kind_that_is_not_known_or_a_place_without_data_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="is wrong"):
        fault("is wrong")
    with pytest.raises(KeyError, match="year"):
        FaultError("other_year", "day")


def test_a_word_that_was_meant_is_what_is_right() -> None:
    found = EngineFault(("offers", 0, "tasks"), "no_hazard", {"given": "'FORK'"}, meant="FORKLIFT")
    assert str(of_engine(found, "codes_sheet")) == "'FORK' is not a hazard; right: FORKLIFT"
    unknown = EngineFault((), "no_hazard", {"given": "'X'"})
    assert of_engine(unknown, "codes_sheet").right == "codes_sheet"


def test_what_pydantic_finds_is_said_without_the_value() -> None:
    detail = {"type": "less_than_equal", "loc": ("a",), "msg": "", "input": 7, "ctx": {"le": 3}}
    assert str(of_value(detail)) == "Input should be less than or equal to 3"  # type: ignore[arg-type]
    strange = {"type": "no such type", "loc": (), "msg": "secret", "input": "secret"}
    assert "secret" not in str(of_value(strange))  # type: ignore[arg-type]


def test_faults_are_kept_and_read_again_in_any_language() -> None:
    inner = fault("value.most", le=3)
    kept = [fault("at", place="a.b", fault=inner), fault("lengths_order", fields=["a", "b"])]
    text = packed(kept, 2000)
    assert unpacked(text) == kept
    assert failures.told(text, LOUD).splitlines() == [
        "a.b: INPUT SHOULD BE LESS THAN OR EQUAL TO 3", "a, b ARE NOT IN ORDER",
    ]  # fmt: skip
    assert len(unpacked(packed(kept * 50, 500))) < 10
    assert json.loads(packed(kept * 50, 500))


def test_an_older_failure_stays_as_it_was_written() -> None:
    assert failures.told("Nobody is placed twice.", LOUD) == "Nobody is placed twice."
    assert failures.told("", LOUD) == ""
    gone = '[{"what": "no such kind", "right": "", "data": {}}]'
    assert failures.told(gone, ENGLISH) == "The engine cannot work with the data of this round."


def test_words_of_which_one_is_right_are_joined_as_the_language_does() -> None:
    detail = {"type": "literal_error", "loc": (), "msg": "", "input": 7,
              "ctx": {"expected": "'a', 'b' or 'c'"}}  # fmt: skip
    made = of_value(detail)  # type: ignore[arg-type]
    assert str(made) == "Input should be 'a', 'b' or 'c'"
    assert "'a', 'b' oder 'c'" in made.line(Language("de"))
    worded = fault("empty", "example", kind=Word("word"), example="x")
    assert unpacked(packed([made, worded], 2000)) == [made, worded]


def test_a_failure_tells_nothing_personal() -> None:
    row = {"id": "a", "country": "ES", "region": "r", "occupations": ["7223"], "languages": {},
           "birth_date": "2027-04-05", "available_from": "2027-03-01",
           "available_to": "2027-06-30", "days": {"min": 1, "ideal": 1, "max": 1},
           "activity": "SHORT_TERM", "status": "STUDENT_PLACEMENT"}  # fmt: skip
    for kind, given in ((Apprentice, row), (Policy, {"weights": {"a": 1}})):
        with pytest.raises(ValueError, match="for") as refused:
            kind.model_validate(given)
        told = failures.told(failures.kept(failures.of_error(refused.value)), ENGLISH)
        assert told.startswith(kind.__name__)
        assert "2027-04-05" not in told


@pytest.mark.parametrize("kind", fault_words.PLAIN)
def test_forms_say_faults_in_words_of_their_own(kind: str) -> None:
    made = fault(kind, **filled(WHAT[kind]) | {"code": "QUIET_SPACE", "task": "FORKLIFT"})
    told = fault_words.said(LOUD, made)
    assert told == fault_words.PLAIN[kind].upper().format(
        YEAR="CODE", PLACES="CODE", RESERVED="CODE", HOURS="CODE",
        CODE=LOUD.name("needs", "QUIET_SPACE"), TASK=LOUD.name("hazards", "FORKLIFT"),
    )  # fmt: skip
    assert fault_words.said(LOUD, fault("no_such_day", "day")) == (
        "IS A DAY THAT NO CALENDAR HAS; RIGHT: 2027-03-31, 31.03.2027 OR 31/03/2027"
    )


def test_equal_faults_are_one() -> None:
    assert len({fault("empty"), fault("empty"), Fault("empty")}) == 1
