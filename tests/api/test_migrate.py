"""`doallvet migrate`, and what it says where it cannot."""

from pathlib import Path

import pytest

from models import migrations
from tests.api.test_cli import run, run_here

VERSIONS = Path(migrations.__file__).parent / "versions"


def test_the_tables_are_made_once(capsys: pytest.CaptureFixture[str], empty_address: str) -> None:
    newest = max(file.name for file in VERSIONS.glob("[0-9]*.py"))[:4]
    for said in (
        f"The tables are at {newest} now, before at none.", f"The tables are at {newest} already.",
    ):  # fmt: skip
        answer = run_here(capsys, "migrate", "--database", empty_address)
        assert answer == (0, f"{said}\n", "")


def test_without_a_word_it_is_the_embedded_database_here(tmp_path: Path) -> None:
    done = run("migrate", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "doallvet.db").exists()


def test_the_environment_names_the_database(tmp_path: Path) -> None:
    done = run("migrate", cwd=tmp_path, DOALLVET_DATABASE="sqlite:///other.db")
    assert done.returncode == 0
    assert (tmp_path / "other.db").exists()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://host/name", "'mysql' is no database that this works with"),
        ("nonsense", "Could not parse SQLAlchemy URL"),
        ("sqlite:////no/such/folder/x.db", "cannot be reached (unable to open database file)"),
        ("postgresql://anna:s3cret@/x?host=/no/such/socket", "cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], address: str, said: str
) -> None:
    code, printed, errors = run_here(capsys, "migrate", "--database", address)
    assert (code, printed) == (2, "")
    assert said in errors
    assert "s3cret" not in errors
    assert len(errors.strip().splitlines()) == 1
