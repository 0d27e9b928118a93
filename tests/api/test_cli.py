"""The command as somebody types it: what it prints, writes and answers to bad input."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from matcher import Problem, ProblemError
from seed_data.problems import generate


def run(
    *arguments: str, cwd: Path | None = None, **environment: str
) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "api.cli", *arguments]
    root = str(Path(__file__).parents[2])
    env = {**os.environ, "PYTHONPATH": root, "COLUMNS": "100", **environment}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=env, check=False)


def run_here(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int | str | None, str, str]:
    """The same without a new process: exit code, output and errors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["doallvet", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    printed = capsys.readouterr()
    return ended.value.code, printed.out, printed.err


@pytest.fixture(scope="module")
def problem_text() -> str:
    return generate(40, 40, seed=4).to_json()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, problem_text: str) -> Path:
    """A folder with a problem and its result."""
    path = tmp_path_factory.mktemp("round")
    (path / "problem.json").write_text(problem_text)
    done = run("match", "problem.json", "--out", "result.json", cwd=path)
    assert done.returncode == 0, done.stderr
    return path


def test_help_loads_no_heavy_library() -> None:
    heavy = ("numpy", "pydantic", "sklearn", "ortools", "scipy", "rich")
    code = f"import sys, api.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_demo_prints_reasons_the_unmatched_and_the_certificate() -> None:
    done = run("demo")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for heading in ("Proposed:", "Not matched:", "Free places:", "No better assignment exists."):
        assert heading in done.stdout
    assert "✗" not in done.stdout
    prices = re.findall(r"^(hard needs|reserved .*?) +(\d+) +(\d+) +([\d.]+) *$", done.stdout, re.M)
    assert [(name, more) for name, more, _, _ in prices] == [
        ("hard needs", "2"),
        ("reserved for fewer opportunities", "2"),
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_demo_never_prints_a_line_longer_than_the_terminal(width: int) -> None:
    done = run("demo", COLUMNS=str(width))
    assert max(map(len, done.stdout.splitlines())) <= width


def test_match_writes_the_result_and_says_what_came_out(folder: Path) -> None:
    result = json.loads((folder / "result.json").read_text())
    assert result["format"] == "doallvet-result/1"
    assert len(result["proposals"]) + len(result["unmatched"]) == 40


def test_match_without_out_prints_the_same_result_and_no_progress_in_a_pipe(folder: Path) -> None:
    done = run("match", "problem.json", cwd=folder)
    printed, written = json.loads(done.stdout), json.loads((folder / "result.json").read_text())
    for result in (printed, written):
        del result["certificate"]["seconds"]
    assert printed == written
    assert len(done.stderr.splitlines()) == 1


def test_match_takes_another_objective_and_names_it_in_the_certificate(folder: Path) -> None:
    done = run("match", "problem.json", "--objective", "fit", cwd=folder)
    assert json.loads(done.stdout)["certificate"]["objective"] == "fit"


def test_verify_says_that_all_is_well(folder: Path) -> None:
    done = run("verify", "problem.json", "result.json", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("All 10 promises hold, every figure is right")


def test_verify_names_the_broken_promise_and_exits_with_1(folder: Path) -> None:
    result = json.loads((folder / "result.json").read_text())
    result["proposals"].append(result["proposals"][0])
    (folder / "twice.json").write_text(json.dumps(result))
    done = run("verify", "problem.json", "twice.json", cwd=folder)
    assert done.returncode == 1
    assert "P1: Nobody is placed twice. This is broken." in done.stdout.splitlines()


def test_explain_shows_the_points_of_a_proposed_pair(folder: Path) -> None:
    proposal = json.loads((folder / "result.json").read_text())["proposals"][0]
    done = run("explain", "problem.json", proposal["apprentice"], proposal["offer"], cwd=folder)
    assert done.returncode == 0
    assert f"fit {proposal['score']:.3f}" in done.stdout


def test_explain_names_every_refusing_rule_and_what_would_open_the_pair(folder: Path) -> None:
    result = json.loads((folder / "result.json").read_text())
    person = next(u for u in result["unmatched"] if u["nearest"])
    done = run(
        "explain", "problem.json", person["apprentice"], person["nearest"][0]["offer"], cwd=folder
    )
    assert done.returncode == 0
    assert done.stdout.count("✗") == len(person["nearest"][0]["failing"])
    assert "What would open it: " in done.stdout


def test_explain_refuses_ids_that_nobody_has(folder: Path) -> None:
    done = run("explain", "problem.json", "A-1", "O-nothing", cwd=folder)
    assert done.returncode == 2
    assert done.stderr == "problem.json: offer: there is no offer 'O-nothing'\n"


@pytest.mark.parametrize("which", ["problem", "result"])
def test_schema_is_a_json_schema_that_forbids_unknown_keys(which: str) -> None:
    schema = json.loads(run("schema", which).stdout)
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False


def test_generate_writes_the_same_problem_for_the_same_seed(tmp_path: Path) -> None:
    for name in ("one", "two"):
        done = run(
            *("generate", "--apprentices", "5", "--offers", "4", "--seed", "9", "--out", name),
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "one").read_text() == (tmp_path / "two").read_text()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one", "two"]


def changed(text: str, *path: Any, to: Any) -> bytes:
    """The problem with one value replaced, or a key added."""
    problem = json.loads(text)
    row = problem
    for step in path[:-1]:
        row = row[step]
    row[path[-1]] = to
    return json.dumps(problem).encode()


WEIGHTS = {
    "occupation": 30, "outcomes": 20, "language": 15, "dates": 10, "inclusion": 10, "quality": 10,
    "preference": 6,
}  # fmt: skip

BAD_VALUES: list[tuple[tuple[Any, ...], Any, str]] = [
    # path, value, the line that names it
    (
        ("apprentices", 3, "languages", "de"),
        "B7",
        "apprentices[3].languages.de: 'B7' is not a CEFR level (A1 … C2)",
    ),
    (
        ("apprentices", 0, "colour"),
        1,
        "apprentices[0].colour: is not a known key",
    ),
    (
        ("apprentices", 0, "licence"),
        [],
        "apprentices[0].licence: is not a known key (did you mean 'licences'?)",
    ),
    (("offers", 2, "places"), -1, "offers[2].places: -1 is less than 0"),
    (("offers", 2, "places"), 1.5, "offers[2].places: 1.5 is not a whole number"),
    (("offers", 2, "quality"), float("nan"), "offers[2].quality: nan is not a finite number"),
    (("offers", 2, "quality"), float("inf"), "offers[2].quality: inf is not a finite number"),
    (("offers", 2, "verified"), "yes", "offers[2].verified: 'yes' is neither true nor false"),
    (("offers", 0, "id"), "O-2", "offers[1].id: 'O-2' is the id of offers[0] too"),
    (
        ("offers", 0, "available_to"),
        "2020-01-01",
        "offers[0]: available_from 2026-08-31 is after available_to 2020-01-01",
    ),
    (
        ("offers", 0, "available_to"),
        "2027-02-30",
        "offers[0].available_to: '2027-02-30' is not a date (YYYY-MM-DD)",
    ),
    (("apprentices", 1, "needs"), {"CHAIR": "hard"}, "apprentices[1].needs: 'CHAIR' is not a need"),
    (
        ("apprentices", 1, "needs"),
        {"STEP_FREE_ACESS": "hard"},
        "apprentices[1].needs: 'STEP_FREE_ACESS' is not a need (did you mean 'STEP_FREE_ACCESS'?)",
    ),
    (
        ("apprentices", 1, "needs"),
        {"QUIET_SPACE": "very"},
        "apprentices[1].needs.QUIET_SPACE: 'very' is not one of 'hard' or 'soft'",
    ),
    (
        ("apprentices", 1, "occupations"),
        ["0000"],
        "apprentices[1].occupations: '0000' is neither an ISCO-08 unit group nor an ESCO code",
    ),
    (
        ("apprentices", 1, "country"),
        "XX",
        "apprentices[1].country: 'XX' is not a programme country",
    ),
    (("policy",), {"weights": WEIGHTS}, "policy: weights: must sum to 100, not 101"),
    (("policy",), {"locks": [["A-1", "O-77"]]}, "policy.locks[0]: there is no offer 'O-77'"),
    (
        ("policy",),
        {"locks": [["A-1", "O-1"], ["A-1", "O-2"]]},
        "policy.locks[1]: 'A-1' is locked by policy.locks[0] already",
    ),
    (
        ("policy",),
        {"locks": [["A-1", "O-1"]], "forbids": [["A-1", "O-1"]]},
        "policy.locks[0]: this pair is forbidden too",
    ),
    (
        ("policy",),
        {"hosting_caps": {"nowhere": 1}},
        "policy.hosting_caps.nowhere: nobody is of this region",
    ),
    (("companies",), {"C-77": {}}, "companies.C-77: no offer is of this company"),
    (("today",), None, "today: None is not a date (YYYY-MM-DD)"),
    (("format",), "other", "format: 'other' is not 'doallvet-problem/1'"),
    (("reference",), {"taxes": []}, "reference.taxes: is not a reference list"),
]


@pytest.mark.parametrize(("path", "value", "line"), BAD_VALUES, ids=[b[2][:50] for b in BAD_VALUES])
def test_match_names_the_place_of_a_bad_value(
    path: tuple[Any, ...],
    value: Any,
    line: str,
    problem_text: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file, out = tmp_path / "p.json", tmp_path / "r.json"
    file.write_bytes(changed(problem_text, *path, to=value))
    code, printed, said = run_here(capsys, "match", str(file), "--out", str(out))
    assert (code, printed) == (2, "")
    assert any(fault.startswith(f"{file}: {line}") for fault in said.splitlines()), said
    assert [path.name for path in tmp_path.iterdir()] == ["p.json"]


def test_all_faults_of_a_file_are_named_at_once_up_to_twenty(problem_text: str) -> None:
    problem = json.loads(problem_text)
    problem["apprentices"] = problem["apprentices"][:2]
    problem["apprentices"][1]["country"] = "XX"
    problem["apprentices"][1]["region"] = "far-away"
    del problem["apprentices"][0]["birth_date"]
    problem["offers"][1]["id"] = problem["offers"][0]["id"]
    problem["policy"] = {"locks": [["A-9", "O-1"]]}
    with pytest.raises(ProblemError) as error:
        Problem.from_json(json.dumps(problem))
    assert error.value.problems == [
        "apprentices[0].birth_date: is missing",
        "offers[1].id: 'O-1' is the id of offers[0] too",
        "apprentices[1].country: 'XX' is not a programme country",
        "policy.locks[0]: there is no apprentice 'A-9'",
    ]
    problem["offers"] = [dict(offer, places=-1) for offer in problem["offers"]]
    with pytest.raises(ProblemError) as error:
        Problem.from_json(json.dumps(problem))
    assert len(error.value.problems) == 21
    assert error.value.problems[20] == "… and 24 more"


BAD_FILES = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \n ", "the file is empty"),
    "not_json": (b"hello", "line 1, column 1: is not JSON (Expecting value)"),
    "cut": (b'{"format": ', "line 1, column 12: is not JSON (Expecting value)"),
    "a_list": (b"[]", "must be a JSON object { … }"),
    "binary": (bytes(range(256)), "byte 128: is not UTF-8 text"),
    "brackets": (b"[" * 2_000_000, "is nested too deeply to be read"),
    "twice": (b'{"today": 1, "today": 2}', "the key 'today' stands twice in one object"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_problem_gets_one_clear_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, line = BAD_FILES[name]
    file, out = tmp_path / "p.json", tmp_path / "r.json"
    file.write_bytes(content)
    answer = run_here(capsys, "match", str(file), "--out", str(out))
    assert answer == (2, "", f"{file}: {line}\n")
    assert not out.exists()


def test_a_directory_or_a_missing_file_gets_one_clear_line(tmp_path: Path) -> None:
    assert run("match", ".", cwd=tmp_path).stderr == ".: is a directory, not a file\n"
    done = run("match", "none.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "none.json: there is no such file\n")


def test_nothing_is_worked_out_for_a_place_that_cannot_be_written(folder: Path) -> None:
    done = run("match", "problem.json", "--out", "no/such/folder/r.json", cwd=folder)
    assert done.returncode == 2
    assert done.stderr == "no/such/folder: there is no such folder to write to\n"
    done = run("match", "problem.json", "--out", ".", cwd=folder)
    assert done.stderr == ".: is a directory, not a file\n"


def test_locks_that_a_rule_refuses_or_that_break_a_cap_are_bad_input(
    folder: Path, tmp_path: Path
) -> None:
    problem = json.loads((folder / "problem.json").read_text())
    result = json.loads((folder / "result.json").read_text())
    near = next(u for u in result["unmatched"] if u["nearest"])
    pair = [near["apprentice"], near["nearest"][0]["offer"]]
    problem["policy"] = {"locks": [pair]}
    (tmp_path / "p.json").write_text(json.dumps(problem))
    lines = run("match", "p.json", cwd=tmp_path).stderr.splitlines()
    assert lines == [
        f"p.json: policy.locks[0]: the rule {code!r} refuses {pair[0]!r} at {pair[1]!r}"
        for code in sorted(near["nearest"][0]["failing"])
    ]
