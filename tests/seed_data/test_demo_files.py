"""Whoever edits a file of the demo is told file, line and column of what is wrong."""

import csv
import shutil
from pathlib import Path

import pytest

import matcher
from seed_data.demo import COLUMNS, FOLDER, demo_names, demo_problem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in COLUMNS:
        if name != "centres":
            shutil.copy(Path(str(FOLDER / f"{name}.csv")), tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "line", "column", "cell", "fault"),
    [
        ("apprentices", 2, "languages", "es:C2;en:B7", "'B7' is not a CEFR level (A1 … C2)"),
        ("apprentices", 3, "languages", "es C2", "'es C2' is not of the form CODE:VALUE"),
        ("apprentices", 3, "days_ideal", "four", "'four' is not a whole number"),
        ("apprentices", 9, "centre", "cifp-x", "'cifp-x' is not in centres.csv"),
        ("apprentices", 4, "first_name", "", "is empty"),
        ("apprentices", 5, "birth_date", "1.5.2008", "'1.5.2008' is not a date (YYYY-MM-DD)"),
        ("apprentices", 6, "activity", "LONG", "'LONG' is not an activity type"),
        (
            "apprentices",
            7,
            "not_available",
            "2027-05-10",
            "'2027-05-10' is not of the form FIRST-DAY/LAST-DAY",
        ),
        ("apprentices", 8, "interest", "es-none:1", "there is no offer 'es-none'"),
        ("offers", 2, "quality", "good", "'good' is not a number"),
        ("offers", 3, "verified", "true", "'true' is neither yes nor no"),
        ("offers", 4, "hours_start", "7:60", "'7:60' is not a time of day (HH:MM)"),
        ("offers", 5, "hours_end", "", "is missing"),
        ("offers", 6, "days_min", "0", "0 is less than 1"),
        ("offers", 7, "company", "nobody", "'nobody' is not in companies.csv"),
        ("offers", 8, "provisions", "LIFT:declared", "'LIFT' is not a provision"),
        ("offers", 9, "places", "-1", "'-1' is less than 0"),
        ("companies", 2, "region", "bavaria", "'bavaria' is not in regions.csv"),
        ("declined", 2, "resolved", "maybe", "'maybe' is neither yes nor no"),
    ],
)
def test_a_fault_is_named_with_file_line_and_column(
    folder: Path, file: str, line: int, column: str, cell: str, fault: str
) -> None:
    change(folder / f"{file}.csv", line, {column: cell})
    with pytest.raises(matcher.ProblemError) as raised:
        demo_problem(folder)
    assert raised.value.problems == [f"{file}.csv, line {line}, {column}: {fault}"]


def test_values_that_contradict_each_other_are_named_with_the_line(folder: Path) -> None:
    change(folder / "apprentices.csv", 4, {"available_to": "2027-01-31"})
    change(folder / "offers.csv", 2, {"days_min": "90", "days_max": "28"})
    with pytest.raises(matcher.ProblemError) as raised:
        demo_problem(folder)
    first, second = raised.value.problems
    assert first.startswith("apprentices.csv, line 4: available_from ")
    assert second == "offers.csv, line 2, days_min: min 90 is more than max 28"


def test_an_id_that_stands_twice_names_both_lines(folder: Path) -> None:
    change(folder / "offers.csv", 5, {"id": "es-duero-cnc"})
    with pytest.raises(matcher.ProblemError) as raised:
        demo_problem(folder)
    assert (
        "offers.csv, line 5, id: 'es-duero-cnc' is the id of offers.csv, line 2 too"
        in raised.value.problems
    )


def test_a_missing_column_an_unknown_one_and_a_missing_file(folder: Path) -> None:
    path = folder / "regions.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("hosting_cap", "cap"), "utf-8")
    (folder / "declined.csv").unlink()
    with pytest.raises(matcher.ProblemError) as raised:
        demo_names(folder)
    assert "regions.csv, line 1: column 'hosting_cap' is missing" in raised.value.problems
    assert "regions.csv, line 1: column 'cap' is not known" in raised.value.problems
    assert any(line.startswith("declined.csv: cannot be read") for line in raised.value.problems)


def test_a_row_with_too_few_cells(folder: Path) -> None:
    with (folder / "accepted_needs.csv").open("a", encoding="utf-8") as file:
        file.write("pt-lisboa-08,de-lindenquell-events\n")
    with pytest.raises(matcher.ProblemError, match=r"accepted_needs\.csv, line 4: has not as"):
        demo_problem(folder)


def test_a_hosting_cap_becomes_part_of_the_policy(folder: Path) -> None:
    change(folder / "regions.csv", 5, {"hosting_cap": "4"})
    assert demo_problem(folder).policy.hosting_caps == {"paderborn": 4}


def change(path: Path, line: int, cells: dict[str, str]) -> None:
    """Overwrite cells of one line (the header is line 1)."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = list(reader.fieldnames or ())
        rows = list(reader)
    rows[line - 2].update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
