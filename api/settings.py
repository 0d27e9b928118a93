"""What a service is told by its surroundings: environment variables that begin with DOALLVET_."""

from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict

EMBEDDED = "sqlite:///doallvet.db"
"""The database when none is named: a file in the folder where the service is started."""


class Settings(BaseSettings):
    """Every setting with its default; an unknown variable is left alone."""

    model_config = SettingsConfigDict(
        env_prefix="DOALLVET_", frozen=True, use_attribute_docstrings=True
    )

    database: str = EMBEDDED
    """Address of the database: `sqlite:///FILE` or `postgresql://USER@HOST/NAME`."""

    master_key: str = ""
    """Master keys that wrap the keys of people, `ID:KEY` (base64), the one that wraps first."""

    master_key_file: str = ""
    """A file with the same, one a line. A SQLite database has one beside it without being told."""

    address: str = "http://127.0.0.1:8000"
    """Where people reach the service: what links begin with that it gives out."""

    smtp: str = ""
    """The mail server: `smtp://USER@HOST:587` (STARTTLS) or `smtps://USER@HOST:465`."""

    smtp_password_file: str = ""
    """A file with the password for the mail server; it may stand in the address as well."""

    sms_gateway: str = ""
    """The https address of a service that sends text messages, to which each is posted as JSON."""

    sms_token: str = ""
    """The token that it asks for (`Authorization: Bearer …`)."""

    sms_body: str = '{"to": "{to}", "text": "{text}", "id": "{id}"}'
    """What it expects, a JSON object with `{to}`, `{text}` and `{id}` in its values."""

    mail_folder: str = "mail"
    """Where messages are written to as files while no server is set."""

    audit_heads: str = "audit-heads.jsonl"
    """Where the head of the audit is written down once a day: a file outside of the database."""

    mail_from: str = "doallvet@localhost"
    """The e-mail address that messages come from."""

    env: str = "development"
    """`production` refuses what is for trying out: demo accounts."""

    requests_per_minute: int = 600
    """So many requests may come from one account in a minute."""

    second_factor: Literal["optional", "office"] = "optional"
    """Who signs in with a second factor: who wants to, or everybody of the office (`office`)."""

    oidc_file: str = ""
    """A TOML file with the identity providers that people may sign in with (docs/sign-in.md)."""

    organisation: str = ""
    """Who answers for this service and the data in it, as the privacy notice names them."""

    contact: str = ""
    """The e-mail address at which people reach them; feedback about the pages goes there."""

    metrics_token: str = ""
    """With this token the counts are given to other machines, without one to this machine alone."""

    proxies: str = "127.0.0.1"
    """Proxies in front (addresses or networks, separated by commas): who they say calls, calls."""
