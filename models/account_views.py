"""What is asked for and shown of accounts, sessions and tokens. No secret is ever shown again."""

import datetime
import uuid
from enum import StrEnum
from typing import Literal

from sqlmodel import Field

from models.base import Shape, Shown
from models.user import Role, UserFields


class AccountState(StrEnum):
    """Whether somebody can sign in: `invited` is who has no password yet."""

    ACTIVE = "active"
    INVITED = "invited"
    ENDED = "ended"


class AccountAsked(UserFields):
    """An account that is made. `scope_id`: its region, centre, company, apprentice or guardian."""

    role: Role
    scope_id: uuid.UUID | None = None


class AccountShown(UserFields):
    """An account, as the office sees it."""

    id: uuid.UUID
    version: int
    created_at: datetime.datetime
    role: Role
    scope_id: uuid.UUID | None
    state: AccountState


class OwnAccountAsked(UserFields):
    """What somebody says of the own account; all of it, in place of what stood there.

    `password` is asked for where the address changes: it is what one signs in with.
    """

    language: Literal["en", "es", "pt", "fi", "de", "pl"] = "en"
    password: str = Field(default="", max_length=128)


class OwnAccountShown(UserFields):
    """The own account. `version` goes into If-Match."""

    id: uuid.UUID
    version: int
    role: Role


class AccountPage(Shown):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[AccountShown]
    next: uuid.UUID | None


class InvitationMade(Shape):
    """The link with which the owner sets a password, once. It is not shown again."""

    link: str
    expires_at: datetime.datetime


class InvitationAccepted(Shape):
    """What stands behind the # of an invitation's link, and the password that is set."""

    secret: str = Field(min_length=1, max_length=100)
    password: str = Field(max_length=128, schema_extra={"examples": ["pear ladder quiet moss"]})


class PasswordChanged(Shape):
    """The password that holds, and the one that is to hold."""

    old: str = Field(max_length=128)
    new: str = Field(max_length=128, schema_extra={"examples": ["pear ladder quiet moss"]})


class SessionShown(Shown):
    """Where somebody is signed in; `this` is the session that asks."""

    id: uuid.UUID
    device: str
    created_at: datetime.datetime
    last_seen_at: datetime.datetime
    expires_at: datetime.datetime
    this: bool


class SessionList(Shown):
    """One's own sessions, the last seen first."""

    items: list[SessionShown]


class TokenAsked(Shape):
    """A token for a program of one's own. `scopes`: `read`, or `read` and `write`.

    `code`: of the second factor, where the account has one.
    """

    name: str = Field(min_length=1, max_length=100, schema_extra={"examples": ["timetable"]})
    scopes: list[str] = Field(max_length=10, schema_extra={"examples": [["read"]]})
    days: int = Field(schema_extra={"examples": [90]})
    code: str = Field(default="", max_length=100)


class TokenShown(Shown):
    """A token, without its secret."""

    id: uuid.UUID
    name: str
    scopes: list[str]
    created_at: datetime.datetime
    expires_at: datetime.datetime


class TokenMade(TokenShown):
    """A token with its secret, which is not shown again."""

    secret: str


class TokenList(Shown):
    """One's own tokens, the newest first."""

    items: list[TokenShown]
