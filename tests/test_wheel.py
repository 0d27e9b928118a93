"""The wheel holds everything: installed elsewhere, it runs the demo."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; the libraries it needs are lent from this one."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    (wheel,) = folder.glob("*.whl")
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        *quiet,
        str(wheel),
        cwd=folder,
    )
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "env" / "bin"


def run(*command: str, cwd: Path) -> str:
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "COV_CORE_SOURCE")}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_installed_demo_runs_from_another_directory(installed: Path, tmp_path: Path) -> None:
    assert "No better assignment exists." in run(str(installed / "doallvet"), "demo", cwd=tmp_path)


def test_the_packages_are_the_installed_ones_with_all_their_data(
    installed: Path, tmp_path: Path
) -> None:
    code = (
        "import matcher, models, seed_data, api; from importlib.resources import files;"
        "print(matcher.__file__); print(sum(1 for p in ('matcher/reference', 'seed_data/lists',"
        " 'seed_data/demo') for _ in (files(p.split('/')[0]) / p.split('/')[1]).iterdir()))"
    )
    where, count = run(str(installed / "python"), "-c", code, cwd=tmp_path).split()
    assert Path(where).is_relative_to(installed.parent)
    shipped = [p for d in ("matcher/reference", "seed_data/lists", "seed_data/demo")
               for p in (ROOT / d).iterdir()]  # fmt: skip
    assert int(count) == len(shipped)


def test_what_the_pages_bring_along_is_in_it_where_it_was_fetched(
    installed: Path, tmp_path: Path
) -> None:
    code = (
        "from api.pages import assets; print(*sorted(path.name for folder in"
        " (assets.STATIC, assets.PACKAGES) if folder.is_dir() for path in folder.iterdir()))"
    )
    pages = ROOT / "api" / "pages"
    there = [*(pages / "static").glob("*"), *(pages / "packages").glob("*")]
    names = run(str(installed / "python"), "-c", code, cwd=tmp_path).split()
    assert names == sorted(path.name for path in there)
