"""What is asked for and shown of the second factor. Its secret is shown while it is set up."""

import datetime
from enum import StrEnum

from sqlmodel import Field

from models.base import Shape, Shown

CODE_EXAMPLE = {"examples": ["492039"]}


class FactorState(StrEnum):
    """`begun` is one whose first code was not given yet: signing in does not ask for it."""

    OFF = "off"
    BEGUN = "begun"
    ON = "on"


class FactorShown(Shown):
    """The own second factor. `required`: one cannot do without it here."""

    state: FactorState
    since: datetime.datetime | None
    required: bool
    recovery_codes_left: int


class FactorBegun(Shape):
    """The secret for an app that makes codes, in base32, and the same as an address for it."""

    secret: str
    address: str


class PasswordAsked(Shape):
    """The own password; it may be missing where the account has none."""

    password: str = Field(default="", max_length=128)


class CodeAsked(Shape):
    """A code of the app, or one of the recovery codes."""

    code: str = Field(min_length=1, max_length=100, schema_extra=CODE_EXAMPLE)


class CodeMaybe(Shape):
    """The same, which may be missing where one was given in the last minutes."""

    code: str = Field(default="", max_length=100, schema_extra=CODE_EXAMPLE)


class RecoveryCodes(Shape):
    """New recovery codes. They are not shown again; the ones before do not hold any more."""

    recovery_codes: list[str]


class CodeNeeded(Shape):
    """The password was right; `POST /session/code` asks for the second step until then."""

    expires_at: datetime.datetime
