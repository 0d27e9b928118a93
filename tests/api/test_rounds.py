"""Rounds: who works on one, what is stored, and what happens when the world moves meanwhile."""

import datetime
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, func, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

import matcher
import models
from api import errors, store
from api.database import transaction
from api.language import ENGLISH
from api.services import rounds
from api.services.failures import told
from api.services.problems import to_problem
from api.services.rounds import Worker
from matcher import certificate
from models import ProposalStatus, RoundKind, RoundStatus
from tests import rows, sealing

CODE = "demo-2027"


def worker(name: str = "w-1", seed: int = 7, now: datetime.datetime = rows.NOW) -> Worker:
    return Worker(name, rows.ids(seed), lambda: now)


def ask(engine: Engine, kind: RoundKind = RoundKind.PROPOSING, **who: Any) -> models.Round:
    with transaction(engine) as session:
        return rounds.ask_for(session, CODE, kind, by=None, worker=worker(**who))


def run(engine: Engine, seed: int = 7) -> models.Round:
    """Ask for a round, run it, and read its row."""
    asked = ask(engine, seed=seed)
    assert rounds.run_next(engine, worker(seed=seed + 1)) == asked.id
    with transaction(engine, writes=False) as session:
        return session.get_one(models.Round, asked.id)


def result_of(engine: Engine, done: models.Round) -> tuple[matcher.Problem, matcher.Result]:
    with transaction(engine, writes=False) as session:
        files = rounds.files(session, done.id)
    assert files.erased == 0
    return matcher.Problem.from_json(files.problem), matcher.Result.from_json(files.result)


def live(engine: Engine) -> dict[str, tuple[str, str, str]]:
    """Window and dates of the live proposal of each apprentice."""
    with transaction(engine, writes=False) as session:
        found = session.exec(
            select(models.Proposal).where(col(models.Proposal.status).in_(models.LIVE))
        ).all()
    return {str(p.apprentice_id): (str(p.window_id), str(p.first_day), str(p.last_day))
            for p in found}  # fmt: skip


def books_balance(engine: Engine) -> None:
    """Places and funding that are taken are exactly those of live proposals."""
    with transaction(engine, writes=False) as session:
        by_window = Counter(window for window, _, _ in live(engine).values())
        windows = session.exec(select(models.OfferWindow)).all()
        assert {str(w.id): w.taken for w in windows if w.taken} == dict(by_window)
        assert all(w.taken <= w.places for w in windows)
        funded = session.exec(select(func.sum(models.FundedPlaces.taken))).one()
        assert funded == by_window.total()


def test_a_round_stores_what_the_engine_proposes(demo: Engine) -> None:
    done = run(demo)
    problem, result = result_of(demo, done)
    assert (done.status, done.kind, done.dropped) == ("done", "proposing", {})
    assert live(demo) == {p.apprentice: (p.offer, p.start, p.end) for p in result.proposals}
    assert done.stored == len(result.proposals) > 100
    assert problem.sha256() == result.certificate.problem_sha256
    assert done.certificate == {
        "engine": result.certificate.engine, "solver": result.certificate.solver,
        "objective": result.certificate.objective, "optimal": True,
        "promises": [one.model_dump(mode="json") for one in result.certificate.promises],
        "seconds": result.certificate.model_dump(mode="json")["seconds"],
        "placed": len(result.proposals),
    }  # fmt: skip
    books_balance(demo)


def test_the_stored_problem_gives_the_same_proposals_again(demo: Engine) -> None:
    problem, result = result_of(demo, run(demo))
    again = matcher.propose(problem)
    assert again.proposals == result.proposals
    assert matcher.verify(problem, result) == []


def test_every_part_of_a_score_is_kept_with_the_proposal(demo: Engine) -> None:
    _, result = result_of(demo, run(demo))
    expected = {p.apprentice: p for p in result.proposals}
    with transaction(demo, writes=False) as session:
        rounds_ = col(models.Proposal.round_id).is_not(None)
        made = session.exec(select(models.Proposal).where(rounds_)).all()
        assert len(made) == len(expected)
        for row in made:
            told, given = sealing.details(session, row), expected[str(row.apprentice_id)]
            assert told.parts == [part.model_dump(mode="json") for part in given.parts]
            assert (told.score, told.lift, told.rank, told.eligible) == (
                given.score, given.lift, given.rank, given.eligible,
            )  # fmt: skip


def test_a_second_round_over_the_same_world_changes_nothing(demo: Engine) -> None:
    run(demo)
    before = live(demo)
    again = run(demo, seed=20)
    assert (again.stored, again.dropped) == (0, {})
    assert live(demo) == before
    with transaction(demo, writes=False) as session:
        replaced = session.exec(
            select(models.Proposal).where(models.Proposal.status == ProposalStatus.REPLACED)
        ).all()
    assert replaced == []
    books_balance(demo)


def test_a_later_round_replaces_what_nobody_answered(demo: Engine) -> None:
    run(demo)
    before = live(demo)
    gone, (window, _, _) = next(iter(before.items()))
    with transaction(demo) as session:
        offer_id = session.exec(
            select(models.OfferWindow.offer_id).where(models.OfferWindow.id == uuid.UUID(window))
        ).one()
        session.get_one(models.Offer, offer_id).status = models.OfferStatus.PAUSED
    again = run(demo, seed=20)
    _, result = result_of(demo, again)
    assert window not in {p.offer for p in result.proposals}
    assert live(demo) == {p.apprentice: (p.offer, p.start, p.end) for p in result.proposals}
    assert live(demo).get(gone) != before[gone]
    books_balance(demo)


def test_until_the_closing_date_a_round_is_a_preview_that_tells_nobody(demo: Engine) -> None:
    closing_day = rows.NOW - datetime.timedelta(days=1)
    asked = ask(demo, now=closing_day)
    assert asked.kind == RoundKind.PREVIEW
    rounds.run_next(demo, worker(seed=8))
    with transaction(demo, writes=False) as session:
        assert session.get_one(models.Round, asked.id).status == RoundStatus.DONE
        assert session.exec(select(models.OutboxMail)).all() == []
    assert live(demo) == {}
    books_balance(demo)


class Half:
    """A round that is computed and not yet written: the time in which the world moves."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.worker = engine, worker(seed=9)
        self.id = ask(engine).id
        with transaction(engine) as session:
            taken = store.rounds.take_round(
                session, self.worker.name, rows.NOW, rows.NOW + rounds.LEASE
            )
            assert taken is not None
        with transaction(engine, writes=False) as session:
            self.found = store.snapshots.snapshot(session, taken.call_id)
        self.problem = to_problem(self.found, rows.NOW.date())
        self.result = matcher.propose(self.problem)
        self.first = self.result.proposals[0]

    def meanwhile(self, change: Callable[[Session], object]) -> None:
        with transaction(self.engine) as session:
            change(session)

    def written(self) -> tuple[int, dict[str, int]]:
        with transaction(self.engine) as session:
            done = rounds.write(
                session, self.id, self.worker, self.found, self.problem, self.result
            )
            return done.stored, done.dropped


@pytest.fixture
def half(demo: Engine) -> Half:
    return Half(demo)


def test_an_offer_that_was_edited_meanwhile_gets_nobody(half: Half) -> None:
    wanted = Counter(p.offer for p in half.result.proposals)

    def edit(session: Session) -> None:
        window = _row(session, models.OfferWindow, half.first.offer)
        session.get_one(models.Offer, window.offer_id).title = "Other work"

    half.meanwhile(edit)
    stored, dropped = half.written()
    assert dropped == {"changed": wanted[half.first.offer]}
    assert stored == len(half.result.proposals) - wanted[half.first.offer]


def test_a_person_who_changed_meanwhile_is_left_out(half: Half) -> None:
    half.meanwhile(
        lambda session: setattr(
            _row(session, models.Apprentice, half.first.apprentice), "introduction", "Likes wood."
        )
    )
    assert half.written() == (len(half.result.proposals) - 1, {"changed": 1})


def test_a_person_who_was_withdrawn_meanwhile_is_left_out(half: Half) -> None:
    def withdraw(session: Session) -> None:
        person = _row(session, models.Apprentice, half.first.apprentice)
        session.exec(
            select(models.Enrolment).where(models.Enrolment.apprentice_id == person.id)
        ).one().status = models.EnrolmentStatus.WITHDRAWN

    half.meanwhile(withdraw)
    assert half.written() == (len(half.result.proposals) - 1, {"person": 1})


def test_places_that_were_taken_meanwhile_are_not_given_twice(half: Half) -> None:
    wanted = Counter(p.offer for p in half.result.proposals)[half.first.offer]

    def fill(session: Session) -> None:
        window = _row(session, models.OfferWindow, half.first.offer)
        session.execute(
            text("UPDATE offer_window SET taken = places WHERE id = :id"),
            {"id": window.id.hex if session.get_bind().dialect.name == "sqlite" else window.id},
        )

    half.meanwhile(fill)
    assert half.written() == (len(half.result.proposals) - wanted, {"place": wanted})


def test_funding_that_is_gone_leaves_place_and_person_free(half: Half) -> None:
    half.meanwhile(lambda session: session.execute(text("UPDATE funded_places SET places = 0")))
    assert half.written() == (0, {"funding": len(half.result.proposals)})
    assert live(half.engine) == {}
    books_balance(half.engine)


@pytest.mark.parametrize(
    ("cap", "change"),
    [("company_cap", "company SET max_placements"), ("region_cap", "region SET hosting_cap")],
)
def test_what_a_cap_does_not_allow_any_more_is_dropped(half: Half, cap: str, change: str) -> None:
    half.meanwhile(lambda session: session.execute(text(f"UPDATE {change} = 1")))
    stored, dropped = half.written()
    hosts = host_of_window(half.engine, cap == "region_cap")
    assert dropped == {cap: len(half.result.proposals) - stored}
    assert stored == len({hosts[p.offer] for p in half.result.proposals})
    books_balance(half.engine)


def host_of_window(engine: Engine, region: bool) -> dict[str, uuid.UUID]:
    """The company of each window, or the region of the company."""
    with transaction(engine, writes=False) as session:
        found = session.execute(
            select(models.OfferWindow.id, models.Company.id, models.Company.region_id)
            .join(models.Offer, col(models.Offer.id) == models.OfferWindow.offer_id)
            .join(models.Site).join(models.Company)
        )  # fmt: skip
        return {str(window): home if region else company for window, company, home in found}


def test_a_worker_whose_lease_ran_out_stores_nothing(half: Half) -> None:
    later = rows.NOW + rounds.LEASE + datetime.timedelta(seconds=1)
    with transaction(half.engine) as session:
        taken = store.rounds.take_round(session, "w-2", later, later + rounds.LEASE)
        assert taken is not None
        assert taken.id == half.id
    with pytest.raises(errors.LeaseLostError):
        half.written()
    assert live(half.engine) == {}


def test_a_lease_that_holds_is_not_taken_over(half: Half) -> None:
    soon = rows.NOW + rounds.LEASE
    with transaction(half.engine) as session:
        assert store.rounds.take_round(session, "w-2", soon, soon + rounds.LEASE) is None


def test_a_round_that_was_cut_off_is_done_by_the_next_worker(half: Half) -> None:
    later = worker("w-2", seed=30, now=rows.NOW + rounds.LEASE + datetime.timedelta(seconds=1))
    assert rounds.run_next(half.engine, later) == half.id
    expected = {p.apprentice: (p.offer, p.start, p.end) for p in half.result.proposals}
    assert live(half.engine) == expected
    books_balance(half.engine)


def test_a_round_that_the_engine_refuses_fails_with_the_reason(demo: Engine) -> None:
    with transaction(demo) as session:
        session.add(models.Setting(**rows.stamped(name="weights", revision=1, value={"a": 1})))
    failed = run(demo)
    assert (failed.status, failed.lease_until, failed.files) == ("failed", None, None)
    assert "weights: must name exactly" in told(failed.failure, ENGLISH)
    with transaction(demo, writes=False) as session, pytest.raises(errors.RoundHasNoResultError):
        rounds.files(session, failed.id)
    ask(demo, seed=40)


def test_what_was_proposed_to_somebody_who_was_paused_is_given_back(demo: Engine) -> None:
    run(demo)
    gone = next(iter(live(demo)))
    with transaction(demo) as session:
        session.exec(
            select(models.Enrolment).where(models.Enrolment.apprentice_id == uuid.UUID(gone))
        ).one().status = models.EnrolmentStatus.PAUSED
    run(demo, seed=20)
    assert gone not in live(demo)
    books_balance(demo)


def test_a_result_that_breaks_a_promise_is_not_stored(
    demo: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = ("P1", "Nobody is placed twice.", lambda _: False)
    monkeypatch.setattr(certificate, "PROMISES", (broken, *certificate.PROMISES[1:]))
    failed = run(demo)
    assert failed.status == "failed"
    assert told(failed.failure, ENGLISH) == "Nobody is placed twice."
    assert live(demo) == {}


def test_a_lock_that_cannot_be_kept_is_reported_and_left_out(demo: Engine) -> None:
    _, before = result_of(demo, run(demo))
    good, stale = before.proposals[0], before.unmatched[0]
    full = before.proposals[1]
    with transaction(demo) as session:
        admin = session.exec(select(models.User)).one().id
        for apprentice, window in (
            (good.apprentice, good.offer), (stale.apprentice, full.offer)
        ):  # fmt: skip
            session.add(
                models.PairWish(
                    **rows.stamped(
                        apprentice_id=uuid.UUID(apprentice), window_id=uuid.UUID(window),
                        wish="lock", reason="promised", made_by=admin,
                    )
                )
            )  # fmt: skip
    done = run(demo, seed=20)
    problem, result = result_of(demo, done)
    assert problem.policy.locks == ((good.apprentice, good.offer),)
    assert [p.apprentice for p in result.proposals if p.locked] == [good.apprentice]
    with transaction(demo, writes=False) as session:
        left_out = rounds.files(session, done.id).left_out
    assert [(lock["apprentice"], lock["offer"]) for lock in left_out] == [
        (stale.apprentice, full.offer)
    ]
    assert left_out[0]["why"].startswith("the rule ")


def test_a_person_has_one_lock(demo: Engine) -> None:
    with transaction(demo, writes=False) as session:
        person = session.exec(select(models.Apprentice)).first()
        windows = session.exec(select(models.OfferWindow).limit(2)).all()
        admin = session.exec(select(models.User)).one()
    assert person is not None
    locks = [
        models.PairWish(
            **rows.stamped(
                apprentice_id=person.id, window_id=window.id, wish="lock", reason="promised",
                made_by=admin.id,
            )
        )
        for window in windows
    ]  # fmt: skip
    with pytest.raises(IntegrityError), transaction(demo) as session:
        store.rows.add_in_order(session, locks)


def test_nothing_waits_where_nothing_was_asked_for(demo: Engine) -> None:
    assert rounds.run_next(demo, worker()) is None


def test_a_call_has_one_round_at_a_time(demo: Engine) -> None:
    ask(demo)
    with pytest.raises(errors.RoundUnfinishedError):
        ask(demo, seed=8)


@pytest.mark.parametrize("status", [s for s in models.CallStatus if s != "open"])
def test_rounds_run_while_the_call_is_open(demo: Engine, status: models.CallStatus) -> None:
    with transaction(demo) as session:
        session.exec(select(models.Call)).one().status = status
    with pytest.raises(errors.CallNotOpenError):
        ask(demo)


def test_there_is_no_round_of_an_unknown_call(demo: Engine) -> None:
    with transaction(demo) as session, pytest.raises(errors.NoSuchCallError):
        rounds.ask_for(session, "2031", RoundKind.PREVIEW, by=None, worker=worker())


def _row(session: Session, table: type[Any], identity: str) -> Any:
    return session.get_one(table, uuid.UUID(identity))
