"""What a round that has ended sets going."""

import uuid

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api.database import transaction
from api.services import rounds, settings
from api.services.rounds import Worker
from models import Party, ProposalStatus, RoundKind
from tests.api.alliance import NOW, Alliance

WORKER = Worker("w-1", uuid.uuid4, lambda: NOW)


def run(alliance: Alliance, kind: RoundKind = RoundKind.PROPOSING) -> None:
    with transaction(alliance.engine) as session:
        by = alliance.users["hosting"].id
        rounds.ask_for(session, alliance.call.code, kind, by=by, worker=WORKER)
    rounds.run_next(alliance.engine, WORKER)


def mails(alliance: Alliance) -> list[tuple[str, str, object]]:
    with transaction(alliance.engine, writes=False) as session:
        found = session.exec(select(models.OutboxMail)).all()
    return sorted((one.text, one.address, one.data.get("count")) for one in found)


def test_coordinators_of_the_sending_region_get_one_message_for_all_that_waits(
    database: Engine,
) -> None:
    alliance = Alliance(database)
    run(alliance, RoundKind.PREVIEW)
    assert mails(alliance) == []
    run(alliance)
    assert mails(alliance) == [("round_done", "sending@example.org", 3)]
    run(alliance)
    assert len(mails(alliance)) == 1, "a round that makes nothing new tells nobody"


def test_whoever_comes_first_by_the_settings_is_asked_by_the_round(database: Engine) -> None:
    alliance = Alliance(database)
    order = [["hosting_coordinator"], ["sending_coordinator"], ["apprentice", "guardian",
             "employer"], ["company"]]  # fmt: skip
    with transaction(database) as session:
        settings.change(session, alliance.caller("admin"), "approval_order", order, revision=0)
    run(alliance)
    assert mails(alliance) == [("asked", "hosting@example.org", None)] * 3
    seen = alliance.client("hosting").get("/api/v1/proposals").json()["items"]
    assert [one["waiting_for"] for one in seen] == [[Party.HOSTING_COORDINATOR]] * 3


def test_a_round_that_failed_is_told_to_who_asked_for_it(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    alliance = Alliance(database)

    def refuse(*_: object) -> None:
        raise rounds.matcher.ProblemError(["apprentices[0]: no such language"])

    monkeypatch.setattr(rounds.matcher, "propose", refuse)
    run(alliance)
    assert mails(alliance) == [("round_failed", "hosting@example.org", None)]
    with transaction(database, writes=False) as session:
        assert session.exec(
            select(models.Proposal).where(models.Proposal.status == ProposalStatus.PROPOSED)
        ).all() == []  # fmt: skip
