"""The fairness report of a round: made with the round, published as it was then."""

import datetime
import uuid
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api import store
from api.database import transaction
from api.services import fairness, rounds
from api.services.rounds import Worker
from models import RoundKind
from tests import rows


def a_round(
    engine: Engine, kind: RoundKind = RoundKind.PROPOSING, seed: int = 1, days: int = 0
) -> uuid.UUID:
    now = rows.NOW + datetime.timedelta(days=days)
    worker = Worker("w-fair", rows.ids(seed), lambda: now)
    with transaction(engine) as session:
        asked = rounds.ask_for(session, "demo-2027", kind, by=None, worker=worker)
    assert rounds.run_next(engine, worker) == asked.id
    return asked.id


def with_sexes(engine: Engine) -> None:
    """Every third person is a woman; nobody else has said."""
    with transaction(engine) as session:
        for n, row in enumerate(store.rows.every(session, models.SupportNeeds)):
            if n % 3 == 0:
                sealed = store.sealed.sealed(
                    session, models.SupportNeeds, row.id, row.apprentice_id, {"sex": "female"}
                )
                row.sex = sealed["sex"]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_round_has_a_report_that_stays_as_it_is(demo: Engine) -> None:
    """On one engine: the other one has its report in the next test."""
    with_sexes(demo)
    done = a_round(demo)
    with transaction(demo, writes=False) as session:
        told = fairness.report(session, done)
        mine = models.Proposal.round_id == done
        stored = session.exec(select(models.Proposal.apprentice_id).where(mine)).all()
        cells = {
            (str(s.dimension), cell.group): (cell.people, cell.placed)
            for s in told.sections
            for cell in s.cells
        }
        people = session.exec(select(models.Apprentice)).all()
    assert told.total.people == len(people) == 240
    assert told.total.model_dump()["placed"] == {"low": len(stored), "high": len(stored)}
    assert cells["sex", "female"][0] == 80
    assert cells["opportunities", "fewer"][0] == 46
    with transaction(demo) as session:
        session.get_one(models.Apprentice, people[0].id).birth_date = datetime.date(2010, 1, 1)
    with transaction(demo, writes=False) as session:
        assert fairness.report(session, done) == told
        picture = fairness.drawn(session, done)
    assert ElementTree.fromstring(picture).tag.endswith("svg")  # noqa: S314  # our own picture


def test_nobody_can_be_worked_out_from_the_next_report(demo: Engine) -> None:
    """Three people more than in the report before: then no group is shown. Previews have none."""
    with transaction(demo) as session:
        some = session.exec(select(models.Enrolment).limit(3)).all()
        for enrolment in some:
            enrolment.status = models.EnrolmentStatus.PAUSED
    a_round(demo)
    with transaction(demo) as session:
        for enrolment in some:
            session.get_one(models.Enrolment, enrolment.id).status = "selected"
    preview = a_round(demo, RoundKind.PREVIEW, seed=3)
    second = a_round(demo, seed=2, days=1)
    with transaction(demo, writes=False) as session:
        told = fairness.report(session, second)
        assert session.get_one(models.Round, preview).fairness is None
    assert (told.hidden_since, told.sections) == ("too_similar", ())
