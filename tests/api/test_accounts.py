"""Accounts: made, invited to, signed in to, disabled; and the tokens of their owners."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

import models
from api import errors, keys, passwords, store
from api.caller import Caller, caller_of
from api.database import transaction
from api.services import accounts, second_step, sessions, tokens
from models import Role
from models.account_views import OwnAccountAsked
from models.user import UserFields
from tests import rows, sealing

PASSWORD = "kynä-lumi-vene-ruis"  # noqa: S105  # of invented people
OTHER = "tulip-wren-oxbow-lathe"
EMAIL = "aino@samiedu.example"
MINUTE, HOUR, DAY = (datetime.timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same function with parameters that cost little."""
    hasher = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHES", PasswordHash((hasher,)))


class World:
    """A database with two people who can sign in, and calls as they would make them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.new_id = rows.ids(5)
        kept = passwords.hash_password(PASSWORD)
        self.aino = rows.account(name="Aino Virtanen", email=EMAIL, password_hash=kept)
        self.ana = rows.account(name="Ana", email="ana@centro.example", password_hash=kept)
        self.unknown = Caller(rows.NOW, self.new_id)
        with transaction(engine) as session:
            session.add_all([self.aino, self.ana])

    def caller(self, who: models.User | None = None, now: datetime.datetime = rows.NOW) -> Caller:
        return caller_of(who or self.aino, now, self.new_id)

    def do(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Call a service in a transaction of its own."""
        with transaction(self.engine) as session:
            return function(session, *arguments, **named)

    def sign_in(
        self, email: str = EMAIL, password: str = PASSWORD, now: datetime.datetime = rows.NOW
    ) -> tuple[models.LoginSession, str]:
        caller, browser = Caller(now, self.new_id), second_step.Browser("Firefox")
        opened = self.do(second_step.sign_in, caller, email, password, browser)
        return opened.login, opened.secret

    def signed_in(self, secret: str, now: datetime.datetime = rows.NOW) -> str | None:
        """The address of whoever the secret lets in."""
        found = self.do(sessions.session_of, now, secret)
        return found and found[1].email

    def disable(self, who: models.User, by: models.User) -> None:
        """Disable an account as it is in the database."""
        with transaction(self.engine) as session:
            accounts.disable(session, self.caller(by), accounts.account(session, who.id))

    def user(self, who: models.User | None = None) -> models.User:
        with transaction(self.engine, writes=False) as session:
            return session.get_one(models.User, (who or self.aino).id)

    def audit(self) -> list[tuple[uuid.UUID | None, str, str, dict[str, Any]]]:
        """Actor, action, noun and data of everything that was written down."""
        with transaction(self.engine, writes=False) as session:
            events = sealing.done(session)
        return sorted(
            ((e.actor_id, e.action, e.noun, e.data) for e in events), key=lambda event: event[1]
        )


@pytest.fixture
def world(database: Engine) -> World:
    return World(database)


def stored(engine: Engine, *new: SQLModel) -> None:
    with transaction(engine) as session:
        for row in new:
            session.add(row)
            session.flush()


def fields(**values: Any) -> UserFields:
    return UserFields(**{"name": "Pekka", "email": "Pekka@Samiedu.example "} | values)


def test_an_account_is_made_with_the_scope_of_its_role(world: World) -> None:
    region = rows.region()
    stored(world.engine, region)
    made = world.do(
        accounts.create_account, world.caller(), Role.COORDINATOR, region.id, fields(language="fi")
    )
    kept = world.user(made)
    assert kept.model_dump(exclude_none=True) == {
        "id": made.id, "created_at": rows.NOW, "changed_at": rows.NOW, "version": 1,
        "name": "Pekka", "email": "pekka@samiedu.example", "language": "fi",
        "role": Role.COORDINATOR, "region_id": region.id,
    }  # fmt: skip
    assert world.audit() == [
        (world.aino.id, "account.made", "account", {"role": "coordinator"}),
    ]


def test_an_account_without_the_scope_of_its_role_is_refused(world: World) -> None:
    for role in Role:
        nothing = uuid.UUID(int=1) if role == Role.ADMIN else None
        with pytest.raises(errors.ScopeOfRoleError):
            world.do(accounts.create_account, world.caller(), role, nothing, fields())
    for role in set(Role) - {Role.ADMIN}:
        with pytest.raises(errors.NoSuchScopeError):
            world.do(accounts.create_account, world.caller(), role, uuid.UUID(int=1), fields())
    assert world.audit() == []


def test_an_address_has_one_account_however_it_is_written(world: World) -> None:
    with pytest.raises(errors.AddressTakenError) as refused:
        world.do(
            accounts.create_account, world.caller(), Role.ADMIN, None, fields(email=EMAIL.upper())
        )
    assert "aino" not in str(refused.value).lower()


def test_people_without_an_address_have_accounts_but_are_not_invited(world: World) -> None:
    made = [
        world.do(accounts.create_account, world.caller(), Role.ADMIN, None, fields(email=email))
        for email in (None, "")
    ]
    assert [user.email for user in made] == [None, None]
    with pytest.raises(errors.AccountWithoutAddressError):
        world.do(accounts.invite, world.caller(), made[0])


def test_what_is_no_address_is_refused_and_lets_nobody_in(world: World) -> None:
    for email in ("aino", "@b", "a@", "a@b@c", "a b@c", "a@b\nBcc: c@d", "a\0@b", "\ud800@b"):
        assert accounts.address_of(email) is None
        with pytest.raises(errors.WrongCredentialsError):
            world.sign_in(email)
        faulty = fields().model_copy(update={"email": email})
        with pytest.raises(errors.AddressFaultyError):
            world.do(accounts.create_account, world.caller(), Role.ADMIN, None, faulty)


def accept(world: World, secret: str, password: str = OTHER, days: int = 0) -> models.User:
    now = rows.NOW + days * DAY
    user: models.User = world.do(
        accounts.accept_invitation, now, world.new_id, secret, password, request_id="r-1"
    )
    return user


def test_an_invitation_sets_the_password_once_and_ends_sessions(world: World) -> None:
    _, session_before = world.sign_in()
    secret = world.do(accounts.invite, world.caller(world.ana), world.user())
    assert accept(world, secret).id == world.aino.id
    assert world.signed_in(session_before) is None
    with pytest.raises(errors.WrongCredentialsError):
        world.sign_in()
    assert world.signed_in(world.sign_in(password=OTHER)[1]) == EMAIL
    with pytest.raises(errors.InvitationUsedError):
        accept(world, secret)
    assert world.audit() == [
        (world.aino.id, "account.invitation_accepted", "account", {}),
        (world.ana.id, "account.invited", "account", {}),
        (world.aino.id, "session.started", "login_session", {}),
        (world.aino.id, "session.started", "login_session", {}),
    ]


def test_a_newer_invitation_ends_the_earlier_one(world: World) -> None:
    first, second = (world.do(accounts.invite, world.caller(), world.user()) for _ in range(2))
    with pytest.raises(errors.InvitationUsedError):
        accept(world, first)
    accept(world, second)


def test_an_invitation_holds_for_fourteen_days(world: World) -> None:
    secret = world.do(accounts.invite, world.caller(), world.user())
    with pytest.raises(errors.InvitationExpiredError):
        accept(world, secret, days=14)
    accept(world, secret, days=13)


def test_an_unknown_invitation_is_said_to_be_unknown(world: World) -> None:
    with pytest.raises(errors.NoSuchInvitationError):
        accept(world, keys.new_key())


def test_an_invitation_outlives_a_password_that_was_refused(world: World) -> None:
    secret = world.do(accounts.invite, world.caller(), world.user())
    with pytest.raises(errors.WeakPasswordError) as refused:
        accept(world, secret, "Virtanen2027")
    assert refused.value.reason == "personal"
    accept(world, secret)


def test_of_two_who_accept_at_once_one_can(world: World) -> None:
    secret = world.do(accounts.invite, world.caller(), world.user())
    with transaction(world.engine, writes=False) as session:
        (invitation,) = session.exec(select(models.Invitation)).all()
    assert [world.do(store.accounts.use_invitation, invitation.id, rows.NOW) for _ in range(2)] == [
        True,
        False,
    ]
    with pytest.raises(errors.InvitationUsedError):
        accept(world, secret)


def test_no_secret_is_stored_as_it_is(world: World) -> None:
    invitation = world.do(accounts.invite, world.caller(), world.user())
    _, cookie = world.sign_in()
    _, token = world.do(tokens.create_token, world.caller(), "grades", ["read"], 30)
    assert len({invitation, cookie, token}) == 3
    with transaction(world.engine, writes=False) as session:
        kept = repr([
            row.model_dump()
            for table in (models.Invitation, models.LoginSession, models.ApiToken,
                          models.User)
            for row in session.exec(select(table))
        ]) + repr(sealing.events(session))  # fmt: skip
    for secret in (invitation, cookie, token, PASSWORD):
        assert secret not in kept
    assert keys.digest(cookie) in kept


def test_whoever_signs_in_has_a_session_for_twelve_hours(world: World) -> None:
    login, secret = world.sign_in(" AINO@samiedu.example")
    assert login.model_dump() == {
        "id": login.id, "created_at": rows.NOW, "user_id": world.aino.id,
        "token_sha256": keys.digest(secret), "last_seen_at": rows.NOW,
        "expires_at": rows.NOW + 12 * HOUR, "ended_at": None, "device": "Firefox",
        "second_at": None,
    }  # fmt: skip
    for minutes in range(0, 12 * 60, 59):
        assert world.signed_in(secret, rows.NOW + minutes * MINUTE) == EMAIL
    assert world.signed_in(secret, rows.NOW + 12 * HOUR - MINUTE) == EMAIL
    assert world.signed_in(secret, rows.NOW + 12 * HOUR) is None


def test_a_session_that_nobody_uses_for_an_hour_is_over(world: World) -> None:
    _, secret = world.sign_in()
    assert world.signed_in(secret, rows.NOW + 59 * MINUTE) == EMAIL
    assert world.signed_in(secret, rows.NOW + 118 * MINUTE) == EMAIL
    assert world.signed_in(secret, rows.NOW + 178 * MINUTE) is None
    assert world.signed_in(keys.new_key()) is None


def test_that_a_session_is_used_is_written_once_a_minute(world: World) -> None:
    login, secret = world.sign_in()

    def seen_at(seconds: int, **named: bool) -> float:
        now = rows.NOW + datetime.timedelta(seconds=seconds)
        found, _ = world.do(sessions.session_of, now, secret, **named)
        assert found.id == login.id
        return float((found.last_seen_at - rows.NOW).total_seconds())

    assert [seen_at(s) for s in (59, 60, 100, 119, 120)] == [0, 60, 60, 60, 120]
    assert seen_at(500, write=False) == 120
    assert not sessions.is_due(login, rows.NOW + 59 * MINUTE / 60)
    assert sessions.is_due(login, rows.NOW + MINUTE)


def test_a_session_can_be_read_in_a_transaction_that_only_reads(world: World) -> None:
    _, secret = world.sign_in()
    with transaction(world.engine) as writing:
        writing.add(rows.account(name="Meanwhile"))
        writing.flush()
        with transaction(world.engine, writes=False) as reading:
            found = sessions.session_of(reading, rows.NOW + 5 * MINUTE, secret, write=False)
        assert found is not None
        assert found[1].email == EMAIL


def test_nobody_learns_whether_an_address_has_an_account(world: World) -> None:
    world.disable(world.ana, by=world.aino)
    stored(world.engine, rows.account(name="New", email="new@samiedu.example"))
    said = set()
    for email, password in (
        (EMAIL, OTHER),
        (EMAIL, PASSWORD.upper()),
        ("nobody@samiedu.example", PASSWORD),
        ("ana@centro.example", PASSWORD),
        ("new@samiedu.example", ""),
    ):
        with pytest.raises(errors.ServiceError) as refused:
            world.sign_in(email, password)
        said.add((refused.value.status, refused.value.kind, str(refused.value)))
    assert said == {(
        401, "wrong-credentials",
        "E-mail address and password do not fit. Try again, or ask for a new invitation.",
    )}  # fmt: skip


def test_a_password_kept_with_older_parameters_is_kept_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = world.user().password_hash
    stronger = Argon2Hasher(time_cost=2, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHES", PasswordHash((stronger,)))
    world.sign_in()
    after = world.user().password_hash
    assert after is not None
    assert after != before
    assert "t=2" in after
    world.sign_in()
    assert world.user().password_hash == after


def test_what_a_browser_says_of_itself_is_cut_and_cleaned(world: World) -> None:
    login, _ = world.do(sessions.start_session, world.caller(), "Fire\x00fox\n" + "x" * 300)
    assert login.device == "Firefox" + "x" * 193


def test_a_new_secret_replaces_the_old_one_of_a_session(world: World) -> None:
    login, old = world.sign_in()

    def rotate(session: Session) -> str:
        return sessions.rotate(
            session, world.caller(), session.get_one(models.LoginSession, login.id)
        )

    new = world.do(rotate)
    assert (world.signed_in(old), world.signed_in(new)) == (None, EMAIL)
    assert world.signed_in(new, rows.NOW + 12 * HOUR) is None


def test_people_see_and_end_their_own_sessions_only(world: World) -> None:
    idle, _ = world.sign_in(now=rows.NOW - HOUR)
    mine, secret = world.sign_in(now=rows.NOW - MINUTE)
    other, other_secret = world.sign_in()
    hers, her_secret = world.sign_in("ana@centro.example")

    def listed() -> list[uuid.UUID]:
        return [row.id for row in world.do(sessions.own_sessions, world.caller())]

    assert listed() == [other.id, mine.id]
    for identity in (hers.id, uuid.UUID(int=9)):
        with pytest.raises(errors.NoSuchSessionError):
            world.do(sessions.end_session, world.caller(), identity)
    for _ in range(2):
        world.do(sessions.end_session, world.caller(), other.id)
    world.do(sessions.end_session, world.caller(), idle.id)
    assert listed() == [mine.id]
    assert [world.signed_in(s) for s in (secret, other_secret, her_secret)] == [
        EMAIL, None, "ana@centro.example",
    ]  # fmt: skip
    world.do(sessions.sign_out, world.caller(), mine)
    assert listed() == []
    ended = [event for event in world.audit() if event[1] == "session.ended"]
    assert ended == [(world.aino.id, "session.ended", "login_session", {})] * 3


def test_all_other_sessions_can_be_ended_at_once(world: World) -> None:
    kept, secret = world.sign_in()
    others = [world.sign_in()[1] for _ in range(2)]
    _, hers = world.sign_in("ana@centro.example")
    for _ in range(2):
        world.do(sessions.end_other_sessions, world.caller(), kept.id)
    assert world.signed_in(secret) == EMAIL
    assert [world.signed_in(other) for other in others] == [None, None]
    assert world.signed_in(hers) == "ana@centro.example"
    ended = [event for event in world.audit() if event[1] == "session.others_ended"]
    assert ended == [(world.aino.id, "session.others_ended", "account", {})]


def test_a_changed_password_ends_the_other_sessions_and_open_invitations(world: World) -> None:
    kept, secret = world.sign_in()
    _, other = world.sign_in()
    invitation = world.do(accounts.invite, world.caller(), world.user())
    with pytest.raises(errors.WrongPasswordError):
        world.do(accounts.change_password, world.caller(), OTHER, OTHER, kept.id)
    with pytest.raises(errors.WeakPasswordError):
        world.do(accounts.change_password, world.caller(), PASSWORD, "password1", kept.id)
    world.do(accounts.change_password, world.caller(), PASSWORD, OTHER, kept.id)
    assert [world.signed_in(s) for s in (secret, other)] == [EMAIL, None]
    with pytest.raises(errors.InvitationUsedError):
        accept(world, invitation)
    with pytest.raises(errors.WrongCredentialsError):
        world.sign_in()
    world.sign_in(password=OTHER)
    assert (world.aino.id, "account.password_changed", "account", {}) in world.audit()


def test_a_disabled_account_lets_nobody_in_by_any_way(world: World) -> None:
    _, cookie = world.sign_in()
    _, token = world.do(tokens.create_token, world.caller(), "grades", ["read"], 30)
    invitation = world.do(accounts.invite, world.caller(), world.user())
    for _ in range(2):
        world.disable(world.aino, by=world.ana)
    assert world.user().disabled_at == rows.NOW
    assert world.signed_in(cookie) is None
    assert world.do(tokens.token_of, rows.NOW, token) is None
    with pytest.raises(errors.InvitationUsedError):
        accept(world, invitation)
    with pytest.raises(errors.AccountDisabledError):
        world.do(accounts.invite, world.caller(), world.user())
    with transaction(world.engine, writes=False) as session:
        assert session.exec(select(models.LoginSession.ended_at)).all() == [rows.NOW]
        assert session.exec(select(models.ApiToken.revoked_at)).all() == [rows.NOW]
    assert [e for e in world.audit() if e[1] == "account.disabled"] == [
        (world.ana.id, "account.disabled", "account", {}),
    ]  # fmt: skip


def test_a_token_opens_what_it_says_until_its_day(world: World) -> None:
    made, secret = world.do(
        tokens.create_token, world.caller(), "grades", ["write", "read", "read"], 365
    )
    assert (secret[:4], len(secret)) == ("dav_", 47)
    assert made.model_dump() == {
        "id": made.id, "created_at": rows.NOW, "user_id": world.aino.id, "name": "grades",
        "token_sha256": keys.digest(secret), "scopes": ["read", "write"],
        "expires_at": rows.NOW + 365 * DAY, "revoked_at": None,
    }  # fmt: skip
    found = world.do(tokens.token_of, rows.NOW + 365 * DAY - MINUTE, secret)
    assert (found[0].id, found[1].id) == (made.id, world.aino.id)
    assert world.do(tokens.token_of, rows.NOW + 365 * DAY, secret) is None
    assert world.do(tokens.token_of, rows.NOW, "dav_" + keys.new_key()) is None
    assert world.audit() == [
        (world.aino.id, "token.made", "api_token", {"scopes": ["read", "write"], "days": 365}),
    ]


def test_a_token_for_nothing_or_for_too_long_is_refused(world: World) -> None:
    for scopes, days in (([], 30), (["admin"], 30), (["read"], 0), (["read"], 366)):
        with pytest.raises(errors.TokenRefusedError):
            world.do(tokens.create_token, world.caller(), "grades", scopes, days)


def test_people_see_and_revoke_their_own_tokens_only(world: World) -> None:
    mine, secret = world.do(tokens.create_token, world.caller(), "grades", ["read"], 30)
    kept, _ = world.do(tokens.create_token, world.caller(now=rows.NOW + DAY), "new", ["read"], 30)
    hers, _ = world.do(tokens.create_token, world.caller(world.ana), "hers", ["read"], 30)
    for identity in (hers.id, uuid.UUID(int=9)):
        with pytest.raises(errors.NoSuchTokenError):
            world.do(tokens.revoke_token, world.caller(), identity)
    assert [t.id for t in world.do(tokens.own_tokens, world.caller())] == [kept.id, mine.id]
    for _ in range(2):
        world.do(tokens.revoke_token, world.caller(), mine.id)
    assert [t.id for t in world.do(tokens.own_tokens, world.caller())] == [kept.id]
    assert world.do(tokens.token_of, rows.NOW, secret) is None
    assert [e[1] for e in world.audit()].count("token.revoked") == 1


def test_what_is_somebodys_own_needs_an_account(world: World) -> None:
    for function, arguments in (
        (sessions.own_sessions, ()),
        (sessions.end_other_sessions, (uuid.UUID(int=1),)),
        (tokens.own_tokens, ()),
        (tokens.create_token, ("x", ["read"], 1)),
        (accounts.change_password, ("a", "b", None)),
    ):
        with pytest.raises(errors.SignInNeededError):
            world.do(function, world.unknown, *arguments)


def test_within_one_transaction_the_end_of_a_session_is_seen_at_once(world: World) -> None:
    with transaction(world.engine) as session:
        opened = second_step.sign_in(
            session, world.unknown, EMAIL, PASSWORD, second_step.Browser("Firefox")
        )
        assert isinstance(opened, second_step.Opened)
        sessions.end_session(session, world.caller(), opened.login.id)
        assert sessions.session_of(session, rows.NOW, opened.secret) is None


def test_all_accounts_are_listed_by_role_and_name(world: World) -> None:
    assert [u.name for u in world.do(store.accounts.every_account)] == ["Aino Virtanen", "Ana"]


def mails_of(world: World) -> list[tuple[str, str, str]]:
    with transaction(world.engine, writes=False) as session:
        found = session.exec(select(models.OutboxMail))
        return sorted((mail.text, mail.address, mail.language) for mail in found)


def changed_to(world: World, email: str, language: str = "fi") -> None:
    asked = OwnAccountAsked(name="Aino", language=language, email=email, password=PASSWORD)
    world.do(accounts.change_own, world.caller(), asked, None)


def test_the_old_address_is_told_that_there_is_another(world: World) -> None:
    changed_to(world, EMAIL)
    assert mails_of(world) == []  # the address stayed
    changed_to(world, "new@samiedu.example")
    told = ("address_changed", EMAIL, "fi")
    assert mails_of(world) == [told]
    changed_to(world, EMAIL)
    changed_to(world, "new@samiedu.example")  # the message to the first one still waits
    assert mails_of(world) == [told, ("address_changed", "new@samiedu.example", "fi")]
    with transaction(world.engine) as session:
        for mail in session.exec(select(models.OutboxMail)):
            mail.sent_at = rows.NOW
    changed_to(world, EMAIL)
    assert len(mails_of(world)) == 3


def test_a_change_that_is_refused_is_told_to_nobody(world: World) -> None:
    with pytest.raises(errors.AddressTakenError):
        changed_to(world, "ana@centro.example")
    with pytest.raises(errors.WrongPasswordError):
        world.do(accounts.change_password, world.caller(), OTHER, OTHER, None)
    assert mails_of(world) == []


def test_the_owner_is_told_of_another_password_however_it_was_set(world: World) -> None:
    world.do(accounts.change_password, world.caller(), PASSWORD, OTHER, None)
    world.do(accounts.change_password, world.caller(), OTHER, PASSWORD, None)
    told = ("password_changed", EMAIL, "en")
    assert mails_of(world) == [told]
    with transaction(world.engine) as session:
        session.exec(select(models.OutboxMail)).one().sent_at = rows.NOW
    secret = world.do(accounts.invite, world.caller(), world.aino)
    world.do(accounts.accept_invitation, rows.NOW, world.new_id, secret, OTHER)
    assert mails_of(world) == [told, told]
    with transaction(world.engine) as session:
        session.get_one(models.User, world.ana.id).password_hash = None
    secret = world.do(accounts.invite, world.caller(), world.ana)
    world.do(accounts.accept_invitation, rows.NOW, world.new_id, secret, OTHER)
    assert mails_of(world) == [told, told]  # the first password is no change
