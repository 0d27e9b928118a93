"""Who may sign in, and what they are signed in with."""

import datetime
import uuid
from enum import StrEnum

from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, Row, Shape, check, listed, word


class Role(StrEnum):
    """What somebody is to the service; the scope is the row that the account belongs to."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    CENTRE = "centre"
    COMPANY = "company"
    APPRENTICE = "apprentice"
    GUARDIAN = "guardian"


SCOPE_OF_ROLE = {
    Role.ADMIN: None,
    Role.COORDINATOR: "region_id",
    Role.CENTRE: "centre_id",
    Role.COMPANY: "company_id",
    Role.APPRENTICE: "apprentice_id",
    Role.GUARDIAN: "guardian_id",
}
"""The column that says whose account it is; the others stay empty."""


def _one_scope() -> str:
    scopes = [column for column in SCOPE_OF_ROLE.values() if column]
    cases = []
    for role, own in SCOPE_OF_ROLE.items():
        rest = [f"{column} IS NULL" for column in scopes if column != own]
        given = [f"{own} IS NOT NULL"] if own else []
        cases.append(f"(role = '{role}' AND {' AND '.join(given + rest)})")
    return " OR ".join(cases)


class UserFields(Shape):
    """What a person says of herself; `language` is the one she is written to in."""

    name: str = Field(min_length=1, max_length=200)
    email: str | None = Field(default=None, max_length=254)
    language: str = Field(default="en", min_length=2, max_length=2)


class User(UserFields, ChangingRow, table=True):
    """The table of accounts. `email` is kept in small letters, the name of the account.

    `linked_at`: since when its owner can sign in with an account elsewhere.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("email"),
        check("email", "email = lower(email)"),
        check("scope", _one_scope()),
    )

    role: Role = word(Role)
    region_id: uuid.UUID | None = Field(default=None, foreign_key="region.id", index=True)
    centre_id: uuid.UUID | None = Field(default=None, foreign_key="centre.id", index=True)
    company_id: uuid.UUID | None = Field(default=None, foreign_key="company.id", index=True)
    apprentice_id: uuid.UUID | None = Field(default=None, foreign_key="apprentice.id", index=True)
    guardian_id: uuid.UUID | None = Field(default=None, foreign_key="guardian.id", index=True)
    password_hash: str | None = Field(default=None, max_length=300)
    linked_at: datetime.datetime | None = None
    disabled_at: datetime.datetime | None = None

    @property
    def can_sign_in(self) -> bool:
        """Whether there is a password, or an account elsewhere to sign in with."""
        return bool(self.password_hash) or self.linked_at is not None


class Responsibility(ChangingRow, table=True):
    """The coordinator who answers for an apprentice or a company, always or as cover for some days.

    Cover (`covers_from` to `covers_to`, both days included) goes before the lasting one.
    """

    __table_args__ = (
        check("one_case", "(apprentice_id IS NULL) <> (company_id IS NULL)"),
        check("cover", "(covers_from IS NULL) = (covers_to IS NULL)"),
        check("cover_in_order", "covers_from <= covers_to"),
    )

    user_id: uuid.UUID = Field(foreign_key="account.id", index=True)
    apprentice_id: uuid.UUID | None = Field(default=None, foreign_key="apprentice.id", index=True)
    company_id: uuid.UUID | None = Field(default=None, foreign_key="company.id", index=True)
    covers_from: datetime.date | None = None
    covers_to: datetime.date | None = None


class LoginSession(Row, table=True):
    """A person signed in on one device. Only the digest of the secret is stored.

    `second_at`: when a second factor was last shown in it, None where none was.
    """

    __tablename__ = "login_session"
    __table_args__ = (
        UniqueConstraint("token_sha256"),
        check("expires", "expires_at > created_at"),
    )

    user_id: uuid.UUID = Field(foreign_key="account.id", index=True)
    token_sha256: str = Field(min_length=64, max_length=64)
    last_seen_at: datetime.datetime
    expires_at: datetime.datetime
    ended_at: datetime.datetime | None = None
    device: str = Field(default="", max_length=200)
    second_at: datetime.datetime | None = None


class ApiToken(Row, table=True):
    """A key for a program of somebody's own. Only the digest of the secret is stored."""

    __tablename__ = "api_token"
    __table_args__ = (
        UniqueConstraint("token_sha256"),
        check("expires", "expires_at > created_at"),
    )

    user_id: uuid.UUID = Field(foreign_key="account.id", index=True)
    name: str = Field(min_length=1, max_length=100)
    token_sha256: str = Field(min_length=64, max_length=64)
    scopes: list[str] = listed(default_factory=list)
    expires_at: datetime.datetime
    revoked_at: datetime.datetime | None = None


class Invitation(Row, table=True):
    """A link with which somebody sets a password for the first time, or again."""

    __table_args__ = (
        UniqueConstraint("token_sha256"),
        check("expires", "expires_at > created_at"),
    )

    user_id: uuid.UUID = Field(foreign_key="account.id", index=True)
    token_sha256: str = Field(min_length=64, max_length=64)
    expires_at: datetime.datetime
    used_at: datetime.datetime | None = None
