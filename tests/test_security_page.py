"""docs/security.md: no item is forgotten, each has a state, and what shows it is there."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "security.md"
if not PAGE.exists():
    pytest.skip("only where the documents are", allow_module_level=True)

STATES = ("met", "in part", "not yet", "operator")

LEVEL_2 = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5,
    "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4,
    "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2,
    "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1,
    "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
"""How many items of levels 1 and 2 each section of ASVS 5.0.0 has; those of level 3 come last."""

ITEMS = {f"V{section}.{n}" for section, count in LEVEL_2.items() for n in range(1, count + 1)}


@cache
def rows() -> list[list[str]]:
    """The cells of every row of the tables of items."""
    lines = PAGE.read_text(encoding="utf-8").partition("\n## What does not apply\n")[0].splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if re.match(r"\| V\d+\.\d+\.\d+ \|", line)
    ]


def left_out() -> set[str]:
    """The items that do not apply; a chapter or a section stands for all of its own."""
    text = PAGE.read_text(encoding="utf-8").partition("\n## What does not apply\n")[2]
    cells = re.findall(r"^\| (V[^|]*) \|", text.partition("\n## ")[0], flags=re.M)
    named = {name for cell in cells for name in cell.split(", ")}
    found = {name: {one for one in ITEMS if f"{one}.".startswith(f"{name}.")} for name in named}
    assert [name for name, items in found.items() if not items] == []
    return set().union(*found.values())


def test_every_item_of_level_2_stands_in_one_table_once() -> None:
    assert len(ITEMS) == 253
    times = Counter([cells[0] for cells in rows()] + list(left_out()))
    assert (set(times) ^ ITEMS, [one for one, count in times.items() if count > 1]) == (set(), [])


def test_every_row_has_a_state_and_what_is_met_has_something_that_shows_it() -> None:
    assert len(rows()) > 150
    wrong = [
        item for item, asks, how, state, shown in rows()
        if not (asks and how and state in STATES) or (state in ("met", "in part") and not shown)
    ]  # fmt: skip
    assert wrong == []


def test_the_page_counts_its_own_rows() -> None:
    counts = Counter(cells[3] for cells in rows())
    told = ", ".join(f"{counts[state]} {state}" for state in STATES)
    assert f"\n{len(rows())} items: {told}.\n" in PAGE.read_text(encoding="utf-8")


def test_every_file_and_test_that_is_named_is_there() -> None:
    gone = []
    for item, _, _, _, shown in rows():
        for named in re.findall(r"`([^`]+)`", shown):
            path, _, test = named.partition("::")
            file = ROOT / path
            if not file.is_file() or (test and f"def {test}(" not in file.read_text("utf-8")):
                gone.append((item, named))
    assert gone == []
