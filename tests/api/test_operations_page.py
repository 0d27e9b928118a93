"""docs/operations.md and deploy/: the table of settings is complete, what is named is there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from api.operating.settings_table import table
from api.settings import Settings

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "operations.md"
if not PAGE.exists():
    pytest.skip("only where the documents are", allow_module_level=True)

UNITS = sorted((ROOT / "deploy").glob("*.service"))


def test_the_table_in_the_page_is_what_the_code_says() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")


def test_every_setting_has_a_row_with_its_meaning() -> None:
    rows = re.findall(r"^\| `DOALLVET_(\w+)` \| .* \| (.+) \|$", table(), re.M)
    assert [name.lower() for name, _ in rows] == list(Settings.model_fields)
    assert all(len(meaning) > 20 for _, meaning in rows)


def test_every_variable_that_is_named_is_a_setting() -> None:
    known = {f"DOALLVET_{name.upper()}" for name in Settings.model_fields}
    for path in (PAGE, ROOT / "docs" / "privacy.md", *(ROOT / "deploy").iterdir()):
        named = set(re.findall(r"DOALLVET_[A-Z_]+", path.read_text(encoding="utf-8")))
        assert named <= known, path.name


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_may_do_no_more_than_it_must(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    for line in ("User=doallvet", "NoNewPrivileges=yes", "ProtectSystem=strict",
                 "CapabilityBoundingSet=", "UMask=0077"):  # fmt: skip
        assert f"\n{line}\n" in text, line
    (command,) = re.findall(r"^ExecStart=\S+/doallvet (\w+)", text, re.M)
    assert command in ("serve", "worker", "backup")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is missing")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_reads_each_unit_without_a_complaint(unit: Path, tmp_path: Path) -> None:
    """The program is not installed where tests run: another one stands in its place."""
    copy = tmp_path / unit.name.replace("@.", "@8001.")
    text = unit.read_text(encoding="utf-8")
    copy.write_text(
        re.sub(r"^ExecStart=\S+", f"ExecStart={shutil.which('true')}", text, flags=re.M)
    )
    done = subprocess.run(
        [str(shutil.which("systemd-analyze")), "verify", "--man=no", str(copy)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if unit.name.partition(".")[0] in line]
    assert (done.returncode, told) == (0, [])
