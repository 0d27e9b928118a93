"""What tests do with second factors: an app that makes codes, and accounts that have one."""

import base64
import datetime

from sqlmodel import Session

import models
from api import passwords, totp
from api.database import transaction
from api.services import factors, sessions
from tests.api.alliance import NOW, Alliance

PASSWORD = "kynä-lumi-vene-ruis"  # noqa: S105  # of made-up people
STEP = datetime.timedelta(seconds=30)


class App:
    """An app with a secret, as it was typed into it."""

    def __init__(self, written: str) -> None:
        self.secret = base64.b32decode(written)

    def code(self, now: datetime.datetime = NOW) -> str:
        return totp.code_at(self.secret, int(now.timestamp()) // totp.STEP)

    def wrong(self, now: datetime.datetime = NOW) -> str:
        """A code of none of the steps around."""
        near = {self.code(now + n * STEP) for n in (-2, -1, 0, 1, 2)}
        return next(code for code in map("{:06}".format, range(10)) if code not in near)


def with_password(alliance: Alliance, who: str) -> str:
    """Give somebody an address and PASSWORD; the address."""
    email = f"{who}@example.org"
    with transaction(alliance.engine) as session:
        user = session.get_one(models.User, alliance.users[who].id)
        user.email, user.password_hash = email, passwords.hash_password(PASSWORD)
    return email


def with_factor(
    alliance: Alliance, who: str, now: datetime.datetime = NOW - datetime.timedelta(days=1)
) -> tuple[App, list[str]]:
    """Give somebody a password and a second factor, set up before; the app and recovery codes."""
    with_password(alliance, who)

    def set_up(session: Session) -> tuple[App, list[str]]:
        caller = alliance.caller(who, now)
        login, _ = sessions.start_session(session, caller, "Firefox")
        session.flush()
        app = App(factors.begin(session, caller, PASSWORD).secret)
        return app, factors.confirm(session, caller, login, app.code(now))

    with transaction(alliance.engine) as session:
        return set_up(session)
