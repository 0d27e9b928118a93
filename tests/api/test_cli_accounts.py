"""`doallvet user …`, as somebody types it."""

import base64
import datetime
import re
import uuid
from pathlib import Path

import pytest
from sqlmodel import select

import models
from api import store, totp
from api.caller import Caller
from api.cli_accounts import RoleChoice
from api.database import connect, transaction
from api.services import accounts, factors, sessions
from models import Guardian, Role
from tests import rows
from tests.api.test_cli import run_here

NEW_PASSWORD = "tulip-wren-oxbow-lathe"  # noqa: S105  # of an invented person


class World:
    """A SQLite database with one centre, company, apprentice and guardian."""

    def __init__(self, address: str) -> None:
        self.address = address
        region = rows.region()
        centre, company = rows.centre(region), rows.company(region)
        person = rows.apprentice(centre)
        self.guardian = Guardian(**rows.changing(apprentice_id=person.id, name="Liisa"))
        engine = connect(address)
        with transaction(engine) as session:
            every = [region, centre, company, person, self.guardian]
            store.rows.add_in_order(session, every)
        engine.dispose()
        self.scopes = {
            "coordinator": region.id, "centre": centre.id, "company": company.id,
            "apprentice": person.id, "guardian": self.guardian.id,
        }  # fmt: skip

    def run(
        self, capsys: pytest.CaptureFixture[str], *arguments: str
    ) -> tuple[int | str | None, str, str]:
        return run_here(capsys, "user", *arguments, "--database", self.address)


@pytest.fixture
def world(migrated_file: Path, tmp_path: Path) -> World:
    file = tmp_path / "doallvet.db"
    file.write_bytes(migrated_file.read_bytes())
    return World(f"sqlite:///{file}")


def test_an_account_is_made_invited_to_listed_and_disabled(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DOALLVET_ADDRESS", raising=False)
    code, said, faults = world.run(
        capsys, "add", "--role", "admin", "--name", "Ana", "--email", "Ana@centro.example"
    )
    assert (code, faults) == (0, "")
    made = re.fullmatch(
        r"Account (\S+) is there; next: doallvet user invite Ana@centro.example\n", said
    )
    assert made is not None
    identity = made[1]

    def listed() -> str:
        return world.run(capsys, "list")[1]

    assert listed() == f"{identity}  admin  without password  ana@centro.example  Ana\n"
    code, said, faults = world.run(capsys, "invite", "ANA@centro.example")
    assert (code, faults) == (0, "")
    link = re.fullmatch(r"http://127\.0\.0\.1:8000/welcome\?language=en#([\w-]{43})\n", said)
    assert link is not None
    engine = connect(world.address)
    with transaction(engine) as session:
        now = datetime.datetime.now(datetime.UTC)
        user = accounts.accept_invitation(session, now, uuid.uuid4, link[1], NEW_PASSWORD)
        assert str(user.id) == identity
    engine.dispose()
    assert listed() == f"{identity}  admin  active  ana@centro.example  Ana\n"
    assert world.run(capsys, "disable", identity) == (0, f"Account {identity} is disabled.\n", "")
    assert listed() == f"{identity}  admin  disabled  ana@centro.example  Ana\n"


def test_the_link_begins_with_the_address_of_the_service(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.run(capsys, "add", "--role", "admin", "--name", "Ana", "--email", "a@b.example")
    monkeypatch.setenv("DOALLVET_ADDRESS", "https://match.example/")
    _, said, _ = world.run(capsys, "invite", "a@b.example")
    assert said.startswith("https://match.example/welcome?language=en#")
    _, said, _ = world.run(capsys, "invite", "a@b.example", "--address", "https://x.example")
    assert said.startswith("https://x.example/welcome?language=en#")


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("coordinator", "savonlinna"),
        ("centre", "samiedu"),
        ("company", "savonlinna/c-1"),
        ("apprentice", "samiedu/fi-01"),
        ("guardian", None),
    ],
)
def test_the_scope_is_named_by_code_or_by_id(
    world: World, capsys: pytest.CaptureFixture[str], role: str, scope: str | None
) -> None:
    named = [scope] if scope else []
    for text in (*named, str(world.scopes[role])):
        code, _, faults = world.run(
            capsys, "add", "--role", role, "--name", "Somebody", "--scope", text
        )
        assert (code, faults) == (0, "")
    engine = connect(world.address)
    with transaction(engine, writes=False) as session:
        made = store.accounts.every_account(session)
    engine.dispose()
    column = accounts.SCOPE_OF_ROLE[Role(role)]
    assert column is not None
    assert {getattr(user, column) for user in made} == {world.scopes[role]}
    assert len(made) == len(named) + 1


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("invite", "nobody@x.example"), "There is no such account."),
        (("disable", str(uuid.UUID(int=5))), "There is no such account."),
        (
            ("add", "--role", "centre", "--name", "A", "--scope", "nowhere"),
            "There is no such centre.",
        ),
        (
            ("add", "--role", "company", "--name", "A", "--scope", "savonlinna"),
            "There is no such company.",
        ),
        (
            ("add", "--role", "coordinator", "--name", "A"),
            "An account with role 'coordinator' belongs to one region; name it.",
        ),
        (
            ("add", "--role", "admin", "--name", "A", "--scope", "savonlinna"),
            "An account with role 'admin' belongs to the whole alliance; name no scope.",
        ),
        (
            ("add", "--role", "admin", "--name", "A", "--email", "nobody"),
            "This is no e-mail address: it has one @, and no spaces.",
        ),
        (
            ("add", "--role", "admin", "--name", ""),
            "--name: String should have at least 1 character",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    world: World, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], line: str
) -> None:
    assert world.run(capsys, *arguments) == (2, "", f"{line}\n")


def test_the_roles_of_the_command_are_those_of_the_tables() -> None:
    assert [role.value for role in RoleChoice] == [role.value for role in Role]


def test_an_admin_who_lost_the_phone_is_helped_on_the_machine(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    _, said, _ = world.run(
        capsys, "add", "--role", "admin", "--name", "A", "--email", "a@b.example"
    )
    identity = uuid.UUID(said.split()[1])
    engine = connect(world.address)
    caller = Caller(rows.NOW, uuid.uuid4, user_id=identity, role=Role.ADMIN)
    with transaction(engine) as session:
        login, _ = sessions.start_session(session, caller, "Firefox")
        session.flush()
        secret = base64.b32decode(factors.begin(session, caller, "").secret)
        code = totp.code_at(secret, int(rows.NOW.timestamp()) // totp.STEP)
        factors.confirm(session, caller, login, code)
    done = world.run(capsys, "reset-second-factor", "A@b.example")
    assert done == (0, f"Account {identity} has no second factor any more.\n", "")
    with transaction(engine, writes=False) as session:
        assert factors.confirmed(session, identity) is None
        told = session.exec(select(models.OutboxMail.text)).all()
    engine.dispose()
    assert sorted(told) == ["factor_on", "factor_reset"]
