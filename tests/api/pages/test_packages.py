"""What the pages bring along is named exactly, and by nobody's address."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
if not (ROOT / "package.json").is_file():
    pytest.skip("only where the sources are", allow_module_level=True)

PACKAGE = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
LOCK = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
DIRECT = PACKAGE["dependencies"] | PACKAGE["devDependencies"]


def test_every_package_is_named_with_its_exact_version_and_locked_to_it() -> None:
    assert {name for name, v in DIRECT.items() if not re.fullmatch(r"\d+\.\d+\.\d+", v)} == set()
    locked = {name: LOCK["packages"][f"node_modules/{name}"]["version"] for name in DIRECT}
    assert locked == DIRECT


def test_the_lock_names_contents_and_no_registry() -> None:
    fetched = {path: entry for path, entry in LOCK["packages"].items() if path}
    assert {path for path, entry in fetched.items() if "resolved" in entry} == set()
    assert {path for path, entry in fetched.items() if "integrity" not in entry} == set()


def test_the_document_of_the_decision_says_what_each_package_is_for() -> None:
    page = (ROOT / "docs" / "decisions" / "0020-front-end-packages.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([^`]+)` \|", page, flags=re.M)
    assert sorted(named) == sorted(DIRECT)
