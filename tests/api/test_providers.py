"""The file that names identity providers, and the service without their library."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from api.oidc import ProvidersFaultyError, clients

GOOD = """
[school]
name = "Mensa school"
issuer = "https://idp.example/realm"
client_id = "doallvet"
client_secret = "a secret"
second_factor_amr = ["mfa"]

[kunta]
name = "Kunta"
issuer = "https://login.example"
client_id = "x"
"""


def test_the_file_names_several_providers(tmp_path: Path) -> None:
    file = tmp_path / "providers.toml"
    file.write_text(GOOD)
    found = clients(str(file))
    assert (list(found), found["school"].amr) == (["school", "kunta"], frozenset({"mfa"}))
    assert "a secret" not in repr(found)
    assert clients("") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("https://idp", "http://idp"), "school.issuer"),
        (GOOD.replace("client_id", "clientid", 1), "school.client_id"),
        (GOOD.replace("[school]", "[The_School]"), "The_School"), ("[school", "cannot be read"),
        ("name = 7", "is not right"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_without_its_secrets(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "providers.toml"
    file.write_text(text)
    with pytest.raises(ProvidersFaultyError, match=re.escape(said)) as error:
        clients(str(file))
    assert "a secret" not in str(error.value)
    with pytest.raises(ProvidersFaultyError, match="cannot be read"):
        clients(str(tmp_path / "none.toml"))


WITHOUT = """
import importlib.abc, sys
class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in {"authlib", "httpx", "joserfc"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
from sqlalchemy import create_engine
from api.main import create_app
create_app(create_engine("sqlite://"))
print("served")
"""


def test_the_service_works_without_the_extra() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip().splitlines() or [done.stderr])[-1] == "served"
