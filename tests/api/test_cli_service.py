"""`doallvet migrate --demo` and `doallvet round …`, as somebody types them."""

import re
import uuid
from pathlib import Path

import pytest

from tests.api.test_cli import run_here

CALL = "demo-2027"


@pytest.fixture
def demo_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A SQLite database that the command filled with the demo."""
    address = f"sqlite:///{tmp_path / 'demo.db'}"
    code, said, errors = run_here(capsys, "migrate", "--demo", "--database", address)
    assert (code, errors) == (0, "")
    assert said.endswith("The demo alliance is in it; its call is demo-2027.\n")
    return address


def test_a_round_can_be_run_listed_shown_and_exported(
    demo_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--database", demo_address)
    code, said, errors = run_here(capsys, "round", "run", CALL, "--preview", *where)
    assert (code, errors) == (0, "")
    assert "preview, done." in said
    assert ", 0 stored as cases.\nNo better assignment exists.\nProblem " in said
    (identity,) = re.findall(r"^Round (\S+):", said)
    _, listed, _ = run_here(capsys, "round", "list", CALL, *where)
    assert re.search(rf"^{identity}  .*  preview, done  0 stored, 0 dropped\n$", listed)
    assert run_here(capsys, "round", "show", identity, *where) == (0, said, "")

    out, result = tmp_path / "problem.json", tmp_path / "result.json"
    code, _, errors = run_here(
        capsys, "round", "export", identity, "--out", str(out), "--result", str(result), *where
    )
    assert (code, errors) == (0, "")
    assert run_here(capsys, "verify", str(out), str(result))[0] == 0
    again = tmp_path / "again.json"
    assert run_here(capsys, "match", str(out), "--out", str(again))[0] == 0

    def without_seconds(path: Path) -> str:
        return re.sub(r'"seconds": \{[^}]*\}', "", path.read_text())

    assert without_seconds(again) == without_seconds(result)


def test_without_its_master_key_a_database_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DOALLVET_MASTER_KEY")
    where = ("--database", f"sqlite:///{tmp_path / 'x.db'}")
    assert run_here(capsys, "migrate", *where)[0] == 0
    file = tmp_path / "x.master.key"
    text = file.read_text()
    file.unlink()
    for command in (("migrate",), ("round", "list", CALL)):
        code, said, errors = run_here(capsys, *command, *where)
        assert (code, said) == (2, ""), command
        assert errors == (
            f"master key file {file}: is missing; put back the file that belongs to this database\n"
        )
        assert not file.exists()
    file.write_text(text)
    assert run_here(capsys, "migrate", *where)[0] == 0


def test_the_demo_goes_into_an_empty_database_only(
    demo_address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said, errors = run_here(capsys, "migrate", "--demo", "--database", demo_address)
    assert (code, said) == (2, "")
    assert errors == "database: is not empty; the demo alliance goes into an empty one only\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "2031"), "There is no call '2031'."),
        (("list", "2031"), "There is no call '2031'."),
        (("show", str(uuid.UUID(int=5))), f"There is no round {uuid.UUID(int=5)}."),
        (
            ("export", str(uuid.UUID(int=5)), "--out", "x.json"),
            f"There is no round {uuid.UUID(int=5)}.",
        ),
    ],
)
def test_what_is_not_there_is_said_in_one_line(
    demo_address: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    answer = run_here(capsys, "round", *arguments, "--database", demo_address)
    assert answer == (2, "", f"{said}\n")


def test_tables_of_another_release_are_refused_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"sqlite:///{tmp_path / 'empty.db'}"
    code, said, errors = run_here(capsys, "round", "list", CALL, "--database", address)
    assert (code, said) == (2, "")
    assert errors == "database: its tables are not those of this release; run doallvet migrate\n"
