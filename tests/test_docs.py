"""What the documents say is there, and nothing in the files points to somebody's machine."""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer.main
from typer.testing import CliRunner

import matcher
from api.cli import app
from api.imports.columns import COLUMNS, Noun
from matcher.criteria import CRITERIA
from matcher.problem import Apprentice, Offer, Policy, Problem
from matcher.result import Certificate, Result, Tiers
from matcher.rules import RULES
from matcher.vocabulary import default_reference
from seed_data.problems import generate

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=lambda path: path.as_posix()
)
if not DOCUMENTS:
    pytest.skip("only where the documents are", allow_module_level=True)

ENGINE = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
NOT_OURS = {"__pycache__", "mutants", "build", "dist", "node_modules", "packages"}
"""Folders that are made, not written; hidden ones are left out too, `.ci` apart."""

FOREIGN = tuple(
    "".join(parts)
    for parts in (
        ("/ro", "ot/"),
        ("/ho", "me/"),
        ("/Us", "ers/"),
        ("/wo", "rk/"),
        ("/op", "t/"),
        ("/tm", "p/"),
        ("C:", "\\"),
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("registry.n" + "pm", "js.org"),
        ("registry.yarn", "pkg.com"),
        ("deb.deb", "ian.org"),
        ("proxy.gol", "ang.org"),
        ("index-", "url"),
    )
)
"""Absolute paths of machines and hosts of registries, in parts so that they do not stand here."""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def stands_in(needle: str, text: str) -> bool:
    """A path counts where it begins, not inside a longer one or an address."""
    before = r"(?<![\w.-])" if needle.startswith("/") else ""
    return re.search(before + re.escape(needle), text) is not None


@cache
def written_files() -> tuple[Path, ...]:
    """The files of the project, without what was made or fetched."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(
            one for one in folders
            if one not in NOT_OURS and not one.endswith(".egg-info")
            and (one == ".ci" or not one.startswith("."))
        )  # fmt: skip
        found += [Path(folder) / one for one in sorted(files) if not one.startswith(".")]
    return (*found, ROOT / ".gitignore")


def prose(path: Path) -> str:
    """A document without its blocks of code, in which brackets mean something else."""
    return re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)


def anchors(path: Path) -> set[str]:
    """The anchors of the headings, as forges make them."""
    headings = re.findall(r"^#+ +(.*)$", prose(path), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def rows_of(text: str) -> set[str]:
    """The codes that open a row of a table; several may stand in one cell."""
    cells = re.findall(r"^\| *(`[^|]*`) *\|", text, flags=re.M)
    return {code for cell in cells for code in re.findall(r"`([^`]+)`", cell)}


def section(heading: str) -> str:
    found = re.search(rf"^## {heading}\n(.*?)(?=^## )", ENGINE, flags=re.S | re.M)
    assert found, heading
    return found[1]


def test_the_rules_in_the_document_are_those_of_the_engine_in_their_order() -> None:
    listed = re.findall(r"^\| *`(\w+)` *\|", section("Hard rules"), flags=re.M)
    assert listed == [rule.code for rule in RULES]


def test_the_criteria_in_the_document_are_those_of_the_engine_with_their_weights() -> None:
    listed = re.findall(r"^\| *`(\w+)` *\| *(\d+) *\|", section("Criteria"), flags=re.M)
    points = {row["criterion"]: row["points"] for row in default_reference().rows("weights")}
    assert listed == [(criterion.code, points[criterion.code]) for criterion in CRITERIA]


def test_every_field_of_the_files_is_in_the_document() -> None:
    files = ENGINE.partition("\n## The files\n")[2]
    named = rows_of(files)
    for kind in (Problem, Policy, Apprentice, Offer):
        assert set(kind.model_fields) - named == set(), kind.__name__
    for answer in (Result, Certificate):
        fields = set(answer.model_fields) - {"format"}
        assert {field for field in fields if f"`{field}`" not in files} == set(), answer.__name__


@pytest.mark.parametrize("noun", Noun)
def test_the_columns_in_the_document_are_those_of_the_template_in_their_order(noun: Noun) -> None:
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    table = page.partition(f"### {noun.capitalize()}\n")[2].partition("\n#")[0]
    assert re.findall(r"^\| `(\w+)` \| (yes|) *\| .*? \| `.*?` \| (.*) \|$", table, re.M) == [
        (column.name, "yes" if column.required else "", column.help) for column in COLUMNS[noun]
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(document)):
        if re.match(r"[a-z]+:", target):
            continue
        where, _, anchor = unquote(target).partition("#")
        path = (document.parent / where).resolve() if where else document
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    assert broken == []


def options_of(command: Any) -> Iterator[str]:
    """The options of a command, and of those below it."""
    for parameter in command.params:
        yield from parameter.opts
    for below in getattr(command, "commands", {}).values():
        yield from options_of(below)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_command_and_option_that_is_named_exists(document: Path) -> None:
    command = typer.main.get_command(app)
    known = command.commands
    options = {code: {"--help", *options_of(one)} for code, one in known.items()}
    text = document.read_text(encoding="utf-8")
    spans = [
        *re.findall(r"`(doallvet [^`\n]+)`", text),
        *re.findall(r"^\$ (doallvet .+)$", text, re.M),
    ]
    wrong = [
        span
        for span in spans
        if (word := span.split()[1]) != "--help"
        and (word not in known or not set(re.findall(r"--[a-z-]+", span)) <= options[word])
    ]
    assert wrong == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_target_of_the_makefile_that_is_named_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.M))
    text = document.read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^)make ([a-z]+)", text, flags=re.M)
    assert set(named) - targets == set()


def test_the_readme_names_commands_and_targets() -> None:
    known = typer.main.get_command(app).commands
    assert {code for code in known if f"doallvet {code}" not in README} == set()
    assert {target for target in ("demo", "test") if f"make {target}" not in README} == set()


def test_the_readme_shows_what_explain_prints(tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_text(generate(200, 120, 0).to_json(), encoding="utf-8")
    shown = re.findall(
        r"^\$ doallvet explain problem.json (\S+) (\S+)\n(.*?)\n(?:\n|```)", README, re.M | re.S
    )
    assert len(shown) == 2
    for apprentice, offer, text in shown:
        printed = CliRunner().invoke(app, ["explain", str(path), apprentice, offer])
        assert printed.output.split() == text.split()


@pytest.mark.parametrize(
    ("objective", "places", "price", "value"),
    [
        ("fit", {"A-1": "O-1"}, 44.501, Tiers(hard_needs=None, placed=1, score=100.001)),
        (
            "coverage",
            {"A-1": "O-2", "A-2": "O-1"},
            55.5,
            Tiers(hard_needs=None, placed=2, score=89.002),
        ),
    ],
)
def test_the_example_to_check_by_hand_is_what_the_engine_answers(
    objective: str, places: dict[str, str], price: float, value: Tiers
) -> None:
    (given,) = re.findall(r'^```json\n(\{"format".*?)^```', ENGINE, flags=re.S | re.M)
    content = json.loads(given)
    content["policy"]["objective"] = objective
    result = matcher.propose(matcher.Problem.from_json(json.dumps(content)))
    assert {p.apprentice: p.offer for p in result.proposals} == places
    assert result.prices.offers == {"O-1": price}
    assert result.certificate.value == value
    assert result.certificate.optimal
    assert f"price of O-1 {price:g}" in ENGINE


def test_the_picture_is_small_and_asks_nothing_of_the_network() -> None:
    picture = (ROOT / "docs" / "demo.svg").read_text(encoding="utf-8")
    assert len(picture.encode()) < 100_000
    assert set(re.findall(r"https?://[^\"')\s]+", picture)) == {"http://www.w3.org/2000/svg"}
    assert "@font-face" not in picture


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = {}
    for path in written_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        places = [needle for needle in FOREIGN if stands_in(needle, text)]
        if places:
            found[name(path)] = places
    assert found == {}
