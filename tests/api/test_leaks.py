"""Twin databases that differ in nothing but sealed rows look the same to who may not know them.

Byte for byte: every route that reads, in every state of a case, for everybody but the sending
coordinator and the person; and the messages that are written.
"""

import datetime
import os
import re
import shutil
import uuid
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

import models
from api import chain, store
from api.database import connect, transaction
from api.sealing import bundle
from api.services import rounds, showing
from api.services.rounds import Worker
from models import ProposalStatus as Status
from tests import rows
from tests.api.alliance import NOW, Alliance
from tests.api.decided import asked, placed
from tests.api.posting import post
from tests.api.roles import PAGES, ROUTES
from tests.databases import copied
from tests.sealing import needing

V1 = "/api/v1"
MAY_NOT_KNOW = ("admin", "hosting", "stranger", "tutor", "company", "other", "eetu", "guardian")
"""Of Aino: Eetu is at the same school, the guardian is his."""

STATES = ("proposed", "asked", "agreed", "placement", "on_hold", "declined")
IN_EVERY_RUN = ("on_hold",)
IN_CAMPAIGN = "CAMPAIGN_TRIES" in os.environ

NOBODY_IS_TOLD = ("proposed", "declined")
"""States in which no message goes to who may not know."""

SECRET = re.compile(rb"#[\w=\r\n-]{40,}")
"""The secret of a personal link, which each twin makes by itself."""

OF_THE_ACCOUNT = frozenset({"/sessions", "/tokens", "/session"})
"""Routes about who asks: secrets are made apart in each twin."""

READ = tuple(V1 + path for method, path in ROUTES if method == "GET" and path not in OF_THE_ACCOUNT)
"""Every route that reads something else."""

READ_PAGES = tuple(
    path for method, path in PAGES if method == "GET" and path not in ("/account", "/my-data")
)
"""Every page, but those of the own account."""

TOKEN = re.compile(rb"[0-9a-f]{128}")
"""The token of a form, masked anew each time."""


def worker() -> Worker:
    return Worker("w-leak", rows.ids(7), lambda: NOW)


class Twins:
    """An alliance in one state, and a copy of its database with other sealed rows."""

    def __init__(self, folder: Path, template: Path, state: str) -> None:
        one, two = folder / "one.db", folder / "two.db"
        copied(template, one)
        with patch.object(uuid, "uuid4", rows.ids(3)):
            self.first = connect(f"sqlite:///{one}")
            self.alliance = Alliance(self.first)
            self.named = self._live(state)
            for who in MAY_NOT_KNOW:
                self.alliance.client(who)
        self.first.dispose()
        copied(one, two)
        self.second = connect(f"sqlite:///{two}")
        self.changed = self._change_what_is_sealed()

    def _live(self, state: str) -> dict[str, str]:
        """Aino's case in the state, after a round; and the ids that addresses name."""
        alliance = self.alliance
        with transaction(self.first) as session:
            needing(session, alliance.aino.id, needs={"QUIET_SPACE": "soft"})
            round_id = rounds.ask_for(
                session, alliance.call.code, models.RoundKind.PREVIEW, by=None, worker=worker()
            ).id
        rounds.run_next(self.first, worker())
        if state in ("placement", "on_hold"):
            proposal, placement = placed(alliance)
        else:
            turns = {"proposed": 0, "asked": 3, "agreed": 4, "declined": 3}[state]
            proposal, placement = str(asked(alliance, turns)["proposal_id"]), str(uuid.UUID(int=9))
        with transaction(self.first) as session:
            row = session.get_one(models.Proposal, uuid.UUID(proposal))
            if state == "declined":
                row.status, row.deadline = Status.DECLINED, None
            if state == "on_hold":
                booked = session.get_one(models.Placement, uuid.UUID(placement))
                booked.held_for = ["language"]
                store.sealed.hold_for(session, booked, ["language"], NOW)
            group = models.TravelGroup(**rows.changing(
                call_id=alliance.call.id, name="2B", together_or_not_at_all=False
            ))  # fmt: skip
            session.add(group)
            session.flush()
            session.add(models.GroupMember(**rows.changing(
                group_id=group.id, apprentice_id=alliance.aino.id, wished_at=NOW
            )))  # fmt: skip
            return {
                "proposal_id": proposal, "placement_id": placement, "party": "apprentice",
                "apprentice_id": str(alliance.aino.id), "code": alliance.call.code,
                "company_id": str(alliance.company.id), "offer_id": str(alliance.offer.id),
                "account_id": str(alliance.users["aino"].id), "round_id": str(round_id),
                "group_id": str(group.id), "name": "needs", "window_id": str(alliance.window.id),
                "guardian_id": str(alliance.guardian.id), "call": alliance.call.code,
                "site_id": str(alliance.offer.site_id), "earlier_id": str(round_id),
                "enrolment_id": str(alliance.enrolled[0].id), "step": "when",
                "section": "stay", "kind": "flows",
            }  # fmt: skip

    def _change_what_is_sealed(self) -> set[str]:
        """Give every sealed value of Aino another content; which tables were changed."""
        person, changed = self.alliance.aino.id, set()
        with transaction(self.second) as session:
            for needs in session.exec(select(models.SupportNeeds)):
                values = store.sealed.NOTHING_NEEDED | {
                    "needs": {"STEP_FREE_ACCESS": "hard", "PRAYER_SPACE": "soft"},
                    "confirmed": ["STEP_FREE_ACCESS"], "fewer_opportunities": True,
                    "barrier": "HEALTH", "sex": "female",
                }  # fmt: skip
                self._seal(session, needs, person, values)
                changed.add("support_needs")
            for detail in session.exec(select(models.ProposalDetail)):
                proposal = session.get_one(models.Proposal, detail.proposal_id)
                if proposal.apprentice_id != person:
                    continue
                told = store.sealed.details_of(session, "test", [proposal])[proposal.id]
                other = replace(
                    told, score=12.5, lift=7.0, rank=9, eligible=99, warnings=["soft_need"],
                    override_reason="quiet room promised", parts=told.parts[:1],
                    held_for=[*told.held_for, "hard_needs"],
                )  # fmt: skip
                self._seal(session, detail, person, store.sealed.detail_values(other))
                changed.add("proposal_detail")
            for done in session.exec(select(models.Round)):
                done.files = self._other_files(session, done)
                changed.add("round")
            keys = chain.vault_of(session).keys([person])
            for event in session.exec(select(models.AuditEvent)):
                if event.about_id == person:
                    place = f"audit_event|details|{event.id}"
                    event.details = bundle_seal(keys[person], person, place, {"rule": "hard_needs"})
                    changed.add("audit_event")
            chain.take_readings(session)
            versions = {row.id: row.version for row in session.exec(select(models.SupportNeeds))}
            session.flush()
            assert versions
        return changed

    @staticmethod
    def _seal(session: Session, row: Any, person: uuid.UUID, values: dict[str, Any]) -> None:
        for name, value in store.sealed.sealed(session, type(row), row.id, person, values).items():
            setattr(row, name, value)

    def _other_files(self, session: Session, done: models.Round) -> bytes:
        vault = chain.vault_of(session)
        assert done.files is not None
        opened = bundle.unpack(vault, done.id, done.files)
        mine = str(self.alliance.aino.id)
        for one in opened.problem["apprentices"]:
            if one["id"] == mine:
                one["needs"] = {"STEP_FREE_ACCESS": "hard"}
        for one in opened.result["proposals"]:
            if one["apprentice"] == mine:
                one["score"] = 1.5
        for idle in opened.result["idle_offers"]:
            idle["excluded_by"], idle["eligible"] = {"hard_needs": 1}, 0
        opened.result["certificate"]["problem_sha256"] = "f" * 64
        return bundle.pack(vault, done.id, opened.problem, opened.result, opened.beside)

    def look(self, engine: Engine, who: str, path: str) -> bytes:
        """Everything that comes back for a request: status, headers, body."""
        alliance = self.alliance
        alliance.engine = engine
        client: TestClient = alliance.client(who)
        client.app.state.new_id = rows.ids(11)  # type: ignore[attr-defined]
        answer = client.get(
            path.format_map(self.named),
            follow_redirects=False,
            headers={"X-Request-Id": "r-leak", "Accept-Encoding": "identity"},
        )
        kept = sorted((k, v) for k, v in answer.headers.items() if not k.startswith("x-ratelimit"))
        return f"{answer.status_code}\n{kept}\n".encode() + TOKEN.sub(b"token", answer.content)

    def mails(self, engine: Engine, folder: Path) -> dict[str, bytes]:
        """Every message to who may not know, as it is written."""
        post(engine, folder, NOW + datetime.timedelta(days=1), rows.ids(13))
        with transaction(engine, writes=False) as session:
            theirs = {
                store.outbox.file_of(mail)
                for mail in session.exec(select(models.OutboxMail))
                if mail.address not in ("sending@example.org", "aino@example.org")
            }
        found = {file for file in folder.glob("*.eml") if file.name in theirs}
        return {file.name: SECRET.sub(b"#", file.read_bytes()) for file in found}

    def differences(self, paths: Sequence[str] = READ + READ_PAGES) -> list[str]:
        """Who sees a difference where."""
        found = []
        for path in paths:
            for who in MAY_NOT_KNOW:
                one, two = (self.look(engine, who, path) for engine in (self.first, self.second))
                if one != two:
                    found.append(f"{who} {path}")
        return found


def bundle_seal(key: bytes, owner: uuid.UUID, place: str, value: Any) -> bytes:
    from api.sealing.vault import seal

    return seal(key, owner, place, value)


@pytest.fixture
def twins_in(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Twins]]:
    made: list[Twins] = []
    room = namedtuple("room", "total used free")  # of the machine's disk, from look to look
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room(2**40, 0, 2**39))

    def make(state: str) -> Twins:
        folder = tmp_path / state
        folder.mkdir()
        made.append(Twins(folder, migrated_file, state))
        return made[-1]

    yield make
    for twins in made:
        for engine in (twins.first, twins.second):
            engine.dispose()


@pytest.mark.parametrize("state", STATES if IN_CAMPAIGN else IN_EVERY_RUN)
def test_who_may_not_know_sees_no_difference(
    twins_in: Callable[[str], Twins], tmp_path: Path, state: str
) -> None:
    twins = twins_in(state)
    assert twins.changed == {"support_needs", "proposal_detail", "round", "audit_event"}
    assert twins.differences() == []
    one = twins.mails(twins.first, tmp_path / "one")
    two = twins.mails(twins.second, tmp_path / "two")
    assert one == two
    assert bool(one) == (state not in NOBODY_IS_TOLD)


def test_who_may_know_sees_the_difference(twins_in: Callable[[str], Twins]) -> None:
    """Else the twins would be alike, and the test above could not fail."""
    twins = twins_in("placement")
    for who, path in (
        ("sending", V1 + "/apprentices/{apprentice_id}/needs"),
        ("sending", V1 + "/proposals/{proposal_id}"),
        ("sending", V1 + "/placements/{placement_id}"),
        ("aino", V1 + "/proposals/{proposal_id}"),
        ("sending", "/apprentices/{apprentice_id}/needs"),
        ("sending", "/proposals/{proposal_id}"),
        ("aino", "/needs"),
    ):
        assert twins.look(twins.first, who, path) != twins.look(twins.second, who, path), path


def test_a_leak_that_is_planted_is_found(
    twins_in: Callable[[str], Twins], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A company's view with the score behind the introduction."""
    twins = twins_in("placement")
    plain = showing.person

    def leaking(case: Any) -> Any:
        seen = plain(case)
        with transaction(twins.alliance.engine, writes=False) as session:
            told = store.sealed.details_of(session, "leak", [case.proposal])[case.proposal.id]
        return seen.model_copy(update={"introduction": f"{told.score}"})

    monkeypatch.setattr(showing, "person", leaking)
    for path in (V1 + "/proposals/{proposal_id}", "/proposals/{proposal_id}"):
        assert f"company {path}" in twins.differences([path])
