"""Which identity providers are allowed: a TOML file that the settings name, a table for each."""

import importlib.util
import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
)

from api.network import is_loopback
from api.oidc.client import Client

KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")
"""What a table of the file may be called: it stands in addresses."""


class ProvidersFaultyError(Exception):
    """The file of providers is missing, cannot be read, or its library is not installed."""


class Provider(BaseModel):
    """One identity provider. `issuer` is compared letter by letter.

    A code of ours is not asked for where the provider says by one of these words (`acr`, `amr`)
    that it asked for a second factor itself; without words it always is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=100)
    issuer: str
    client_id: str = Field(min_length=1)
    client_secret: str = ""
    scope: str = "openid"
    second_factor_acr: tuple[str, ...] = ()
    second_factor_amr: tuple[str, ...] = ()

    @field_validator("issuer")
    @classmethod
    def _encrypted(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        here = parts.scheme == "http" and is_loopback(parts.hostname or "")
        if (parts.scheme != "https" and not here) or parts.query or parts.fragment:
            raise ValueError("must be an https address")
        return issuer


def read(file: Path) -> dict[str, Provider]:
    """The providers by the names of their tables. Raises ProvidersFaultyError."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        found = TypeAdapter(dict[str, Provider]).validate_python(tables)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProvidersFaultyError(f"{file}: cannot be read ({type(error).__name__})") from None
    except ValidationError as error:
        # what stands there may be a secret: places alone
        places = ", ".join(".".join(map(str, one["loc"])) for one in error.errors())
        raise ProvidersFaultyError(f"{file}: is not right: {places}") from None
    wrong = [key for key in found if not KEY.fullmatch(key)]
    if wrong:
        raise ProvidersFaultyError(f"{file}: cannot be names of providers: {', '.join(wrong)}")
    return found


def clients(file: str) -> dict[str, Client]:
    """A client for each provider; none where no file is named.

    Raises ProvidersFaultyError, also where the extra `oidc` is not installed.
    """
    if not file:
        return {}
    found = read(Path(file))
    if importlib.util.find_spec("authlib") is None or importlib.util.find_spec("httpx") is None:
        raise ProvidersFaultyError(
            "Providers are set, and their library is missing: install requirements/oidc.txt"
            " (docs/sign-in.md), or leave DOALLVET_OIDC_FILE empty."
        )
    return {
        key: Client(
            name=one.name, issuer=one.issuer, client_id=one.client_id,
            client_secret=one.client_secret, scope=one.scope,
            acr=frozenset(one.second_factor_acr), amr=frozenset(one.second_factor_amr),
        )
        for key, one in found.items()
    }  # fmt: skip
