"""Personal links and printed codes: opened once, for one answer of one party."""

import datetime
import re
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel, select

import models
from api import errors, keys, store
from api.caller import caller_of
from api.database import transaction
from api.services import links
from models import LinkKind, Party
from tests import rows, sealing

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


class World:
    """A proposal about which people are asked."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.new_id = engine, rows.ids(6)
        region, self.admin = rows.region(), rows.account()
        centre, company = rows.centre(region), rows.company(region)
        person, site = rows.apprentice(centre), rows.site(company)
        offer = rows.offer(site)
        window, call = rows.window(offer), rows.call()
        self.proposal = rows.proposal(call, person, window)
        every: list[SQLModel] = [
            region, self.admin, centre, company, person, site, offer, window, call, self.proposal,
        ]  # fmt: skip
        with transaction(engine) as session:
            store.rows.add_in_order(session, every)

    def make(
        self,
        kind: LinkKind = LinkKind.LINK,
        party: Party = Party.APPRENTICE,
        now: datetime.datetime = rows.NOW,
        **named: int,
    ) -> str:
        caller = caller_of(self.admin, now, self.new_id)
        with transaction(self.engine) as session:
            return links.make_link(session, caller, self.proposal, party, kind, **named)

    def open(self, secret: str, now: datetime.datetime = rows.NOW) -> tuple[models.AnswerLink, str]:
        with transaction(self.engine) as session:
            return links.open_link(session, now, self.new_id, secret, request_id="r-1")

    def party(self, key: str, now: datetime.datetime = rows.NOW) -> Party | None:
        """Whose answer the secret of a session is for."""
        with transaction(self.engine, writes=False) as session:
            found = links.link_of(session, now, key)
        return found and found.party

    def all(self, table: type[Any]) -> list[dict[str, Any]]:
        with transaction(self.engine, writes=False) as session:
            return [row.model_dump() for row in session.exec(select(table))]


@pytest.fixture
def world(database: Engine) -> World:
    return World(database)


def refused(world: World, secret: str, now: datetime.datetime = rows.NOW) -> tuple[int, str]:
    with pytest.raises(errors.ServiceError) as error:
        world.open(secret, now)
    return error.value.status, error.value.kind


@pytest.mark.parametrize("kind", LinkKind)
def test_a_link_opens_once_for_half_an_hour_and_decides_nothing(
    world: World, kind: LinkKind
) -> None:
    before = world.all(models.Proposal)
    secret = world.make(kind)
    found, key = world.open(secret, rows.NOW + DAY)
    assert found.model_dump() == {
        "id": found.id, "created_at": rows.NOW, "proposal_id": world.proposal.id,
        "party": Party.APPRENTICE, "kind": kind, "made_by": world.admin.id,
        "secret_sha256": keys.digest(keys.code_of(secret) or secret),
        "expires_at": rows.NOW + 14 * DAY, "opened_at": rows.NOW + DAY,
        "session_sha256": keys.digest(key), "session_expires_at": rows.NOW + DAY + 30 * MINUTE,
        "revoked_at": None,
    }  # fmt: skip
    assert refused(world, secret, rows.NOW + DAY) == (410, "link-used")
    assert world.party(key, rows.NOW + DAY + 29 * MINUTE) == Party.APPRENTICE
    assert world.party(key, rows.NOW + DAY + 30 * MINUTE) is None
    assert world.all(models.Proposal) == before
    assert world.all(models.Approval) == []


def test_what_was_made_and_opened_is_written_down_without_secrets(world: World) -> None:
    secret = world.make(days=3)
    found, key = world.open(secret)
    with transaction(world.engine, writes=False) as session:
        events = sorted(map(vars, sealing.done(session)), key=lambda event: event["action"])
    about = {"party": "apprentice", "kind": "link"}
    assert [(e["actor_id"], e["action"], e["row_id"], e["data"], e["request_id"])
            for e in events] == [
        (world.admin.id, "link.made", found.id, about | {"proposal": str(world.proposal.id)}, ""),
        (None, "link.opened", found.id, about, "r-1"),
    ]  # fmt: skip
    kept = repr(world.all(models.AnswerLink)) + repr(events)
    assert secret not in kept
    assert key not in kept


def test_the_secret_of_a_link_has_256_bits_and_that_of_a_code_can_be_typed(world: World) -> None:
    assert re.fullmatch(r"[\w-]{43}", world.make())
    code = world.make(LinkKind.CODE)
    assert re.fullmatch(r"([2-9A-HJKMNP-TV-Z]{4}-){2}[2-9A-HJKMNP-TV-Z]{4}", code)
    assert len(set(keys.CODE_ALPHABET)) == 30
    assert "".join(sorted(set("23456789ABCDEFGHJKMNPQRSTVWXYZ"))) == keys.CODE_ALPHABET


def test_a_code_may_be_typed_in_any_way(world: World) -> None:
    first, second, third = groups = world.make(LinkKind.CODE).split("-")
    for between in ("-", "", " ", "\n", "–", " - "):
        typed = between.join(groups)
        assert keys.code_of(f" {typed} ") == first + second + third
        assert keys.code_of(typed.lower()) == first + second + third
    assert world.open(f"{first} {second}{third.lower()}\n")[0].kind == LinkKind.CODE


def test_what_is_no_link_is_not_found(world: World) -> None:
    world.make(LinkKind.CODE)
    for secret in ("", "x", "ABCD-EFGH-JKMN", "\ud800", "\0", "A" * 10_000):
        assert refused(world, secret) == (404, "no-such-link")
        assert world.party(secret) is None


def test_a_link_holds_for_the_days_that_were_said(world: World) -> None:
    secret = world.make(days=2)
    assert refused(world, secret, rows.NOW + 2 * DAY) == (410, "link-expired")
    assert world.open(secret, rows.NOW + 2 * DAY - MINUTE)


def test_a_newer_link_ends_earlier_ones_of_its_kind_for_this_answer_only(world: World) -> None:
    first, opened = world.make(), world.make(party=Party.GUARDIAN)
    code = world.make(LinkKind.CODE)
    _, key = world.open(opened)
    second = world.make()
    assert refused(world, first) == (410, "link-expired")
    assert world.party(key) == Party.GUARDIAN
    world.open(second)
    world.open(code)


def test_a_newer_link_ends_the_session_of_the_earlier_one(world: World) -> None:
    _, key = world.open(world.make())
    assert world.party(key) == Party.APPRENTICE
    world.make()
    assert world.party(key) is None


def test_the_secret_of_a_link_is_not_that_of_its_session(world: World) -> None:
    secret = world.make()
    _, key = world.open(secret)
    assert world.party(secret) is None
    assert refused(world, key) == (404, "no-such-link")


def test_of_two_who_open_a_link_at_once_one_gets_its_session(world: World) -> None:
    secret = world.make()
    with transaction(world.engine) as session:
        found = store.links.link_by_secret(session, keys.digest(secret))
        assert found is not None
        taken = [
            store.links.open_link(session, found, rows.NOW, keys.digest(name), rows.LATER)
            for name in ("one", "two")
        ]
        assert taken == [True, False]
        assert found.session_sha256 == keys.digest("one")
