"""`doallvet import …`, as somebody types it."""

import re
from pathlib import Path

import pytest

from api.imports.files import read
from tests.api.test_cli import run_here
from tests.api.test_cli_service import demo_address
from tests.sheets import csv_of

__all__ = ["demo_address"]

COMPANY = {"region": "paderborn", "key": "c-1", "name": "Nobody Knows", "town": "Paderborn"}
NOTHING = "0 created, 0 updated, 0 unchanged"


def test_the_template_is_written_and_checked(
    demo_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("template.xlsx", "companies.csv", "offers.csv", "apprentices.csv")
    for name in names:
        out = tmp_path / name
        assert run_here(capsys, "import", "template", "--out", str(out)) == (0, "", "")
        assert read([(name, out.read_bytes())]).problems == ()
    files = [str(tmp_path / name) for name in names[1:]]
    assert run_here(capsys, "import", "check", *files, "--database", demo_address) == (
        0,
        f"companies: {NOTHING}\noffers: {NOTHING}\napprentices: {NOTHING}\n"
        "Nothing is wrong. Nothing was written.\n",
        "",
    )


def test_a_file_is_checked_then_imported_then_known(
    demo_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "companies.csv"
    file.write_bytes(csv_of([COMPANY]))
    where = (str(file), "--database", demo_address)
    rest = f"offers: {NOTHING}\napprentices: {NOTHING}\n"
    created = f"companies: 1 created, 0 updated, 0 unchanged\n{rest}"
    known = f"companies: 0 created, 0 updated, 1 unchanged\n{rest}"
    checked = f"{created}Nothing is wrong. Nothing was written.\n"
    assert run_here(capsys, "import", "check", *where) == (0, checked, "")
    assert run_here(capsys, "import", "run", *where) == (0, f"{created}Imported.\n", "")
    assert run_here(capsys, "import", "run", *where) == (0, f"{known}Imported.\n", "")


@pytest.mark.parametrize("command", ["check", "run"])
def test_problems_are_one_line_each(
    demo_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    file = tmp_path / "companies.csv"
    file.write_bytes(csv_of([COMPANY | {"region": "paderbron"}, COMPANY, COMPANY]))
    assert run_here(capsys, "import", command, str(file), "--database", demo_address) == (
        2,
        "",
        "companies.csv, row 2, region: there is no region 'paderbron'; right: paderborn\n"
        "companies.csv, row 4, key: 'c-1' stands in row 3 already; right: each company once\n"
        "2 problems; nothing is imported\n",
    )


def test_the_example_of_the_page_can_be_imported(
    demo_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\n(.*?)^```$", page.partition("## An example")[2], re.S | re.M)
    names = ("companies.csv", "offers.csv", "apprentices.csv")
    files = [tmp_path / name for name in names]
    for file, block in zip(files, blocks, strict=True):
        file.write_text(block, encoding="utf-8")
    where = ("--call", "demo-2027", "--database", demo_address)
    assert run_here(capsys, "import", "run", *map(str, files), *where) == (
        0,
        "companies: 1 created, 0 updated, 0 unchanged\noffers: 1 created, 0 updated, 0 unchanged\n"
        "apprentices: 1 created, 0 updated, 0 unchanged\nnew in the call: 1\nImported.\n",
        "",
    )


def test_what_is_not_there_is_said_in_one_line(
    demo_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "companies.csv"
    file.write_bytes(csv_of([COMPANY]))
    where = ("--database", demo_address)
    assert run_here(capsys, "import", "run", str(file), "--call", "2031", *where) == (
        2, "", "There is no call '2031'.\n",
    )  # fmt: skip
    missing = tmp_path / "missing.csv"
    assert run_here(capsys, "import", "run", str(missing), *where) == (
        2, "", f"{missing}: cannot be read (No such file or directory)\n",
    )  # fmt: skip
    assert run_here(capsys, "import", "template", "--out", str(tmp_path / "t.ods")) == (
        2, "",
        f"{tmp_path / 't.ods'}: must be named FILE.xlsx, or one of companies.csv, offers.csv,"
        " apprentices.csv\n",
    )  # fmt: skip
