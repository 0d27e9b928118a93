"""The lists of pinned libraries: each has all that the service needs."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)", re.MULTILINE)
ASKED = re.compile(r"^[\w.-]+")


def pinned(name: str) -> dict[str, str]:
    """The version of each library in a list."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return {library.lower(): version for library, version in PINNED.findall(text)}


def asked(extra: str = "") -> set[str]:
    """The libraries that the project asks for, or one of its extras; without itself."""
    lines = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    found = (ASKED.match(line) for line in lines)
    return {one[0].lower() for one in found if one} - {PROJECT["name"].lower()}


@pytest.mark.parametrize("extra", ["", "postgres", "oidc", "dev", "bench"])
def test_a_list_has_what_is_asked_for_and_all_that_the_service_needs(extra: str) -> None:
    core, here = pinned("core"), pinned(extra or "core")
    assert asked() | asked(extra) <= here.keys(), "make lock"
    assert {one: here.get(one) for one in core} == core, "make lock"
