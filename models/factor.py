"""What signing in asks for beside the password: codes of an app, and browsers seen before."""

import datetime
import uuid

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import Field, UniqueConstraint

from models.base import Row, check


class SecondFactor(Row, table=True):
    """The app that makes codes for an account (RFC 6238). It counts once it is confirmed.

    `secret` is sealed with the key of the service. `last_step` is the last half minute since 1970
    of which a code was taken: one of it or of earlier ones is not taken again.
    """

    __tablename__ = "second_factor"
    __table_args__ = (UniqueConstraint("user_id"), check("last_step", "last_step >= 0"))

    user_id: uuid.UUID = Field(foreign_key="account.id")
    secret: bytes = Field(sa_type=LargeBinary)
    confirmed_at: datetime.datetime | None = None
    last_step: int = Field(default=0, sa_type=BigInteger)


class RecoveryCode(Row, table=True):
    """A code that stands in for the app, once. Only its digest is stored."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("code_sha256"),)

    user_id: uuid.UUID = Field(foreign_key="account.id", index=True)
    code_sha256: str = Field(min_length=64, max_length=64)
    used_at: datetime.datetime | None = None


class HalfSession(Row, table=True):
    """Somebody whose password was right and whose code is missing. It opens nothing else."""

    __tablename__ = "half_session"
    __table_args__ = (
        UniqueConstraint("token_sha256"),
        check("expires", "expires_at > created_at"),
        check("tries", "tries >= 0"),
    )

    user_id: uuid.UUID = Field(foreign_key="account.id", index=True)
    token_sha256: str = Field(min_length=64, max_length=64)
    expires_at: datetime.datetime
    tries: int = 0


class KnownDevice(Row, table=True):
    """A browser in which an account was used, known by a secret that was put there at random."""

    __tablename__ = "known_device"
    __table_args__ = (
        UniqueConstraint("user_id", "token_sha256"),
        check("expires", "expires_at > created_at"),
    )

    user_id: uuid.UUID = Field(foreign_key="account.id")
    token_sha256: str = Field(min_length=64, max_length=64, index=True)
    expires_at: datetime.datetime


class LinkedIdentity(Row, table=True):
    """An account elsewhere that signs in to an account here. Addresses are never compared.

    `subject` is what the provider `issuer` calls the person: a word that says nothing else.
    """

    __tablename__ = "linked_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: uuid.UUID = Field(foreign_key="account.id", index=True)
    issuer: str = Field(min_length=1, max_length=500)
    subject: str = Field(min_length=1, max_length=255)


class IdentityRequest(Row, table=True):
    """Somebody who was sent to a provider and has not come back. It works once."""

    __tablename__ = "identity_request"
    __table_args__ = (
        UniqueConstraint("secret_sha256"),
        check("expires", "expires_at > created_at"),
    )

    secret_sha256: str = Field(min_length=64, max_length=64)
    provider: str = Field(min_length=1, max_length=40)
    invitation_sha256: str | None = Field(default=None, min_length=64, max_length=64)
    leads_to: str = Field(max_length=500)
    expires_at: datetime.datetime
