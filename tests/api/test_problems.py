"""What the tables hold is the problem that the engine gets."""

import datetime
import json
import uuid
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import matcher
import models
from api import store
from api.database import transaction
from api.services.problems import to_problem
from models import ProposalStatus
from seed_data.demo import TODAY, demo_problem
from tests import rows, sealing


def problem_of(engine: Engine, **changes: Any) -> matcher.Problem:
    with transaction(engine, writes=False) as session:
        call = session.exec(select(models.Call)).one()
        for name, value in changes.items():
            setattr(call, name, value)
        with session.no_autoflush:
            found = store.snapshots.snapshot(session, call.id)
        session.expunge_all()
        return to_problem(found, TODAY)


def with_names(engine: Engine, text: str) -> str:
    """The text with the files' codes instead of ids."""
    with transaction(engine, writes=False) as session:
        offers = {row.id: row.key for row in session.exec(select(models.Offer))}
        names = {str(row.id): offers[row.offer_id]
                 for row in session.exec(select(models.OfferWindow))}  # fmt: skip
        for table in (models.Apprentice, models.Company):
            names |= {str(row.id): row.key for row in session.exec(select(table))}
    for identity, name in names.items():
        text = text.replace(identity, name)
    return text


def test_the_demo_comes_out_of_the_tables_as_it_went_in(demo: Engine) -> None:
    read = matcher.Problem.from_json(with_names(demo, problem_of(demo).to_json()))
    assert read.sha256() == demo_problem().sha256()


def test_rounds_on_both_say_the_same(demo: Engine) -> None:
    found = matcher.propose(problem_of(demo)).certificate
    expected = matcher.propose(demo_problem()).certificate
    assert (found.value, found.optimal) == (expected.value, True)


def test_a_problem_of_a_database_can_be_written_and_read_again(demo: Engine) -> None:
    problem = problem_of(demo)
    assert matcher.Problem.from_json(problem.to_json()) == problem
    names = {row["id"] for row in json.loads(problem.to_json())["apprentices"]}
    assert all(uuid.UUID(name).version == 4 for name in names)


def test_windows_are_cut_to_the_period_of_the_call(demo: Engine) -> None:
    first, last = datetime.date(2027, 3, 1), datetime.date(2027, 3, 31)
    whole, cut = problem_of(demo), problem_of(demo, stays_from=first, stays_to=last)
    inside = [o for o in whole.offers if o.available_from <= last and o.available_to >= first]
    assert len(cut.offers) == len(inside)
    assert all(first <= o.available_from <= o.available_to <= last for o in cut.offers)


class Case:
    """One apprentice and one window of the demo."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with transaction(engine, writes=False) as session:
            self.call = session.exec(select(models.Call)).one()
            self.apprentice = session.exec(
                select(models.Apprentice).where(models.Apprentice.key == "cyl-ponferrada-02")
            ).one()
            offer = (
                session.exec(
                    select(models.Offer).where(models.Offer.key == "fi-helmi-kitchen")
                ).first()
                or session.exec(select(models.Offer)).first()
            )
            assert offer is not None
            self.window = session.exec(
                select(models.OfferWindow).where(models.OfferWindow.offer_id == offer.id)
            ).one()
            self.places = self.window.places

    def propose(self, **values: Any) -> None:
        with transaction(self.engine) as session:
            window = session.get_one(models.OfferWindow, self.window.id)
            window.taken += 1
            session.add(rows.proposal(self.call, self.apprentice, self.window, **values))

    def seen(self) -> tuple[bool, int]:
        """Whether the apprentice takes part, and the places that are left."""
        problem = problem_of(self.engine)
        (left,) = [o.places for o in problem.offers if o.id == str(self.window.id)]
        return str(self.apprentice.id) in {a.id for a in problem.apprentices}, left


@pytest.fixture
def case(demo: Engine) -> Case:
    return Case(demo)


@pytest.mark.parametrize("status", models.LIVE)
def test_who_has_a_live_proposal_by_hand_takes_no_part(case: Case, status: ProposalStatus) -> None:
    case.propose(status=status, deadline=rows.LATER)
    assert case.seen() == (False, case.places - 1)


def test_what_a_round_proposed_and_nobody_answered_is_open_again(case: Case) -> None:
    before = models.Round(**rows.changing(call_id=case.call.id, kind="proposing", status="failed"))
    with transaction(case.engine) as session:
        session.add(before)
    case.propose(round_id=before.id)
    assert case.seen() == (True, case.places)


def test_an_answered_proposal_of_a_round_stays(case: Case) -> None:
    before = models.Round(**rows.changing(call_id=case.call.id, kind="proposing", status="failed"))
    with transaction(case.engine) as session:
        session.add(before)
    made = uuid.uuid4()
    case.propose(round_id=before.id, id=made)
    with transaction(case.engine) as session:
        session.add(
            models.Approval(
                **rows.changing(
                    proposal_id=made, party="sending_coordinator", answer="yes",
                    answered_at=rows.NOW, channel="account",
                )
            )
        )  # fmt: skip
    assert case.seen() == (False, case.places - 1)


@pytest.mark.parametrize(
    ("status", "fewer", "reserved"),
    [("asked", False, 2), ("asked", True, 1), ("withdrawn", True, 2)],
)
def test_a_reserved_place_is_used_by_who_it_is_for(
    case: Case, status: str, fewer: bool, reserved: int
) -> None:
    """Of three places two are reserved; somebody has one already."""
    with transaction(case.engine) as session:
        window = session.get_one(models.OfferWindow, case.window.id)
        window.places, window.reserved = 3, 2
        needs = session.exec(
            select(models.SupportNeeds).where(
                models.SupportNeeds.apprentice_id == case.apprentice.id
            )
        ).first()
        identity = needs.id if needs else uuid.uuid4()
        store.sealed.store_needs(session, identity, case.apprentice.id, rows.NOW,
                                 {"fewer_opportunities": fewer}, needs)  # fmt: skip
    case.propose(status=status, deadline=rows.LATER)
    (offer,) = [o for o in problem_of(case.engine).offers if o.id == str(case.window.id)]
    assert (offer.places, offer.reserved) == (2, reserved)


@pytest.mark.parametrize("status", [s for s in models.EnrolmentStatus if s != "selected"])
def test_only_who_is_selected_takes_part(case: Case, status: models.EnrolmentStatus) -> None:
    with transaction(case.engine) as session:
        enrolled = session.exec(
            select(models.Enrolment).where(models.Enrolment.apprentice_id == case.apprentice.id)
        ).one()
        enrolled.status = status
    assert case.seen() == (False, case.places)


@pytest.mark.parametrize("status", [s for s in models.OfferStatus if s != "published"])
def test_only_published_offers_take_part(case: Case, status: models.OfferStatus) -> None:
    with transaction(case.engine) as session:
        session.get_one(models.Offer, case.window.offer_id).status = status
    assert str(case.window.id) not in {o.id for o in problem_of(case.engine).offers}


def test_locks_forbids_and_settings_are_the_policy(case: Case) -> None:
    with transaction(case.engine) as session:
        admin = session.exec(select(models.User)).one()
        session.add(
            models.PairWish(
                **rows.stamped(
                    apprentice_id=case.apprentice.id, window_id=case.window.id, wish="forbid",
                    reason="met before", made_by=admin.id,
                )
            )
        )  # fmt: skip
        session.add(models.Setting(**rows.stamped(name="objective", revision=1, value="coverage")))
        session.add(models.Setting(**rows.stamped(name="objective", revision=2, value="fit")))
    policy = problem_of(case.engine).policy
    assert policy.forbids == ((str(case.apprentice.id), str(case.window.id)),)
    assert (policy.locks, policy.objective) == ((), "fit")


def test_caps_count_the_places_of_paused_offers_too(case: Case) -> None:
    case.propose(status="agreed")
    with transaction(case.engine) as session:
        offer = session.get_one(models.Offer, case.window.offer_id)
        offer.status = models.OfferStatus.PAUSED
        company = session.get_one(
            models.Company, session.get_one(models.Site, offer.site_id).company_id
        )
        region = session.get_one(models.Region, company.region_id)
        region.hosting_cap = 5
        code = region.code
    assert problem_of(case.engine).policy.hosting_caps[code] == 4


def test_proposals_of_another_call_are_not_made_anew(case: Case) -> None:
    other = rows.call(code="2026")
    before = models.Round(**rows.changing(call_id=other.id, kind="proposing", status="failed"))
    with transaction(case.engine) as session:
        store.rows.add_in_order(session, [other, before])
    case.propose(round_id=before.id, call_id=other.id)
    with transaction(case.engine, writes=False) as session:
        assert store.proposals.unanswered_proposals(session, case.call.id) == []
        assert len(store.proposals.unanswered_proposals(session, other.id)) == 1


def test_needs_that_nobody_confirmed_put_nobody_first(demo: Engine) -> None:
    def first(engine: Engine) -> set[str]:
        return {one.id for one in problem_of(engine).apprentices
                if one.confirmed_needs is not None}  # fmt: skip

    assert first(demo) == set()
    with transaction(demo) as session:
        needs = sealing.needs_of_all(session)
        whose = next(i for i, one in sorted(needs.items()) if "hard" in one.needs.values())
        row = store.apprentices.needs_row(session, whose)
        assert row is not None
        store.sealed.store_needs(session, row.id, whose, rows.NOW, {"confirmed": []}, existing=row)
    assert first(demo) == {str(whose)}
    (person,) = (one for one in problem_of(demo).apprentices if one.id == str(whose))
    assert person.confirmed_needs == ()
