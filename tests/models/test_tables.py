"""What the database itself holds, whoever writes to it."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import SQLModel, select

import models
from api.database import transaction
from models import ProposalStatus
from models.base import ChangingRow
from tests import rows


class World:
    """One row of everything that a proposal rests on."""

    def __init__(self) -> None:
        self.region = rows.region()
        self.centre = rows.centre(self.region)
        self.apprentice = rows.apprentice(self.centre)
        self.company = rows.company(self.region)
        self.site = rows.site(self.company)
        self.offer = rows.offer(self.site)
        self.window = rows.window(self.offer)
        self.call = rows.call()
        self.admin = rows.account()

    def store(self, engine: Engine) -> None:
        with transaction(engine) as session:
            for row in vars(self).values():
                session.add(row)
                session.flush()


@pytest.fixture
def world(database: Engine) -> World:
    made = World()
    made.store(database)
    return made


def stored(engine: Engine, *new: SQLModel) -> None:
    with transaction(engine) as session:
        for row in new:
            session.add(row)
            session.flush()


REFUSED: dict[str, Callable[[World], SQLModel]] = {
    "ck_offer_window_taken": lambda w: rows.window(w.offer, places=1, taken=2),
    "ck_offer_window_dates": lambda w: rows.window(w.offer, available_to=datetime.date(2027, 2, 1)),
    "ck_offer_hours": lambda w: rows.offer(w.site, key="o-2", hours_start="07:00"),
    "ck_offer_days": lambda w: rows.offer(w.site, key="o-2", days_min=90),
    "ck_offer_offer_status": lambda w: rows.offer(w.site, key="o-2", status="gone"),
    "ck_apprentice_days": lambda w: rows.apprentice(w.centre, key="fi-02", days_ideal=1),
    "ck_apprentice_born_before": lambda w: rows.apprentice(
        w.centre, key="fi-02", birth_date=datetime.date(2028, 1, 1)
    ),
    "ck_region_latitude": lambda _: rows.region(code="nowhere", latitude=91.0),
    "ck_company_verified": lambda w: rows.company(w.region, key="c-2", verified_at=rows.NOW),
    "ck_call_stays_in_order": lambda _: rows.call(
        code="2028", stays_from=datetime.date(2027, 9, 1)
    ),
    "ck_account_scope": lambda w: rows.account(region_id=w.region.id),
    "ck_account_email": lambda _: rows.account(email="Aino@example.org"),
    "ck_round_lease": lambda w: models.Round(
        **rows.changing(call_id=w.call.id, kind="preview", status="running")
    ),
    "ck_round_files": lambda w: models.Round(
        **rows.changing(call_id=w.call.id, kind="preview", status="done")
    ),
    "ck_proposal_deadline": lambda w: rows.proposal(
        w.call, w.apprentice, w.window, status=ProposalStatus.ASKED
    ),
    "ck_funded_places_taken": lambda w: models.FundedPlaces(
        **rows.changing(
            call_id=w.call.id, region_id=w.region.id, activity="SHORT_TERM", places=1, taken=2
        )
    ),
}
"""Rows that no service may ever store, by the constraint that refuses them."""


@pytest.mark.parametrize("constraint", REFUSED)
def test_the_database_refuses_what_makes_no_sense(
    database: Engine, world: World, constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        stored(database, REFUSED[constraint](world))


@pytest.mark.parametrize("status", ProposalStatus)
def test_a_person_has_one_live_proposal(
    database: Engine, world: World, status: ProposalStatus
) -> None:
    stored(database, rows.proposal(world.call, world.apprentice, world.window))
    second = rows.proposal(
        world.call, world.apprentice, world.window, status=status, deadline=rows.LATER
    )
    if status in models.LIVE:
        with pytest.raises(IntegrityError):
            stored(database, second)
    else:
        stored(database, second)


def test_a_call_has_one_unfinished_round(database: Engine, world: World) -> None:
    def round_with(**values: Any) -> models.Round:
        return models.Round(**rows.changing(call_id=world.call.id, kind="preview") | values)

    stored(database, round_with(status="failed"), round_with())
    with pytest.raises(IntegrityError):
        stored(database, round_with(status="running", lease_until=rows.LATER))


def test_a_finished_placement_does_not_block_a_later_one(database: Engine, world: World) -> None:
    def placement(status: str) -> list[SQLModel]:
        basis = rows.proposal(world.call, world.apprentice, world.window, status="placement")
        booked = models.Placement(
            **rows.changing(
                proposal_id=basis.id, apprentice_id=world.apprentice.id,
                window_id=world.window.id, first_day=basis.first_day, last_day=basis.last_day,
                mentor="Pekka", booked_by=world.admin.id, status=status,
            )
        )  # fmt: skip
        return [basis, booked]

    stored(database, *placement("finished"), *placement("cancelled"), *placement("booked"))
    with pytest.raises(IntegrityError):
        stored(database, *placement("abroad"))


def test_nothing_points_to_a_row_that_is_not_there(database: Engine) -> None:
    gone = rows.region(code="gone")
    with pytest.raises(IntegrityError):
        stored(database, rows.centre(gone, code="nowhere"))


def test_times_come_back_in_utc_and_lists_as_they_were(database: Engine, world: World) -> None:
    with transaction(database, writes=False) as session:
        found = session.exec(select(models.Apprentice)).one()
        assert found.created_at == rows.NOW
        assert found.created_at.tzinfo is not None
        assert found.languages == {"en": "B1"}
        assert found.model_dump() == world.apprentice.model_dump()


def test_a_change_that_rests_on_an_older_version_is_refused(database: Engine, world: World) -> None:
    with transaction(database) as session:
        mine = session.exec(select(models.Company)).one()
        session.expunge(mine)
    with transaction(database) as session:
        theirs = session.exec(select(models.Company)).one()
        theirs.name = "Metalli ja Pojat Oy"
    assert theirs.version == world.company.version + 1
    mine.name = "Other"
    with pytest.raises(StaleDataError), transaction(database) as session:
        session.add(mine)
    with transaction(database, writes=False) as session:
        assert session.execute(text("SELECT name FROM company")).all() == [("Metalli ja Pojat Oy",)]


def test_every_table_that_people_change_counts_its_changes() -> None:
    def tables(kind: type[SQLModel]) -> set[type[SQLModel]]:
        below = {found for sub in kind.__subclasses__() for found in tables(sub)}
        return below | ({kind} if hasattr(kind, "__table__") else set())

    changing = tables(ChangingRow)
    assert len(changing) > 10
    for table in changing:
        assert table.__mapper__.version_id_col is table.__table__.c.version, table
