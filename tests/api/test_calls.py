"""Calls: their status, funding, who takes part and waits, and what rounds make of it."""

import datetime
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api import errors, store
from api.database import transaction
from api.services import calls, enrolments
from api.services.calls import CALL_CHANGES
from api.services.enrolments import ENROLMENT_CHANGES
from models import CallStatus, EnrolmentStatus, ProposalStatus, Role
from tests import rows
from tests.alliance import PEOPLE, Alliance

NEXT = models.CallFields(
    code="2028", name="Spring 2028", closes_on=datetime.date(2028, 1, 31),
    stays_from=datetime.date(2028, 2, 1), stays_to=datetime.date(2028, 8, 31),
)  # fmt: skip
OPEN, WAITING, WITHDRAWN = CallStatus.OPEN, EnrolmentStatus.WAITING, EnrolmentStatus.WITHDRAWN


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def create(alliance: Alliance, fields: models.CallFields = NEXT) -> models.Call:
    with transaction(alliance.engine) as session:
        return calls.create_call(session, alliance.caller(), fields)


def change(
    alliance: Alliance, fields: models.CallFields, call: models.Call | None = None
) -> models.Call:
    with transaction(alliance.engine) as session:
        found = session.get_one(models.Call, (call or alliance.call).id)
        return calls.change_call(session, alliance.caller(), found, fields)


def move(alliance: Alliance, event: str) -> models.Call:
    service = {"open": calls.open_call, "finish": calls.finish_call}[event]
    with transaction(alliance.engine) as session:
        found = session.get_one(models.Call, alliance.call.id)
        return service(session, alliance.caller(), found)


def fund(alliance: Alliance, places: int, activity: str = "SHORT_TERM") -> models.FundedPlaces:
    with transaction(alliance.engine) as session:
        return calls.fund(
            session, alliance.caller(), session.get_one(models.Call, alliance.call.id),
            alliance.spain, activity, places,
        )  # fmt: skip


def enrol(
    alliance: Alliance, person: models.Apprentice, role: Role = Role.COORDINATOR
) -> models.Enrolment:
    with transaction(alliance.engine) as session:
        call = session.get_one(models.Call, alliance.call.id)
        return enrolments.enrol(session, alliance.caller(role), call, person)


def newcomer(alliance: Alliance, **values: Any) -> models.Apprentice:
    person = rows.apprentice(alliance.school, key="eva", **values)
    alliance.add(person)
    alliance.people["eva"] = person
    return person


def take_part(alliance: Alliance, key: str, status: EnrolmentStatus, **queue: int) -> None:
    with transaction(alliance.engine) as session:
        found = session.get_one(models.Enrolment, alliance.enrolments[key].id)
        enrolments.change_enrolment(session, alliance.caller(), found, status, **queue)


def withdraw(alliance: Alliance, key: str) -> enrolments.Withdrawal:
    with transaction(alliance.engine) as session:
        found = session.get_one(models.Enrolment, alliance.enrolments[key].id)
        return enrolments.withdraw(session, alliance.caller(), found)


def queue(alliance: Alliance) -> list[tuple[str, int | None]]:
    with transaction(alliance.engine, writes=False) as session:
        found = store.calls.queue(session, alliance.call.id, alliance.spain.id, "SHORT_TERM")
    return [(alliance.key_of(row.apprentice_id), row.place_in_queue) for row in found]


def all_wait(alliance: Alliance) -> None:
    for key in PEOPLE:
        take_part(alliance, key, WAITING)


# the call


def test_a_new_call_is_a_draft(alliance: Alliance) -> None:
    made: models.Call = alliance.read(create(alliance))
    said = made.model_dump(include=set(models.CallFields.model_fields))
    assert (models.CallFields(**said), made.status) == (NEXT, CallStatus.DRAFT)
    assert alliance.audit() == ["call.created"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code": "2027"}, errors.CallCodeTakenError),
        ({"stays_from": datetime.date(2028, 9, 1)}, errors.DatesNotInOrderError),
        ({"closes_on": datetime.date(2028, 9, 1)}, errors.DatesNotInOrderError),
    ],
)
def test_a_call_that_cannot_be_is_refused(
    alliance: Alliance, wrong: dict[str, Any], error: type[errors.ServiceError]
) -> None:
    other = create(alliance)
    fields = NEXT.model_copy(update={"code": "2029"} | wrong)
    with pytest.raises(error):
        create(alliance, fields)
    with pytest.raises(error):
        change(alliance, fields, other)


def test_a_call_changes_until_it_is_finished(alliance: Alliance) -> None:
    fields = models.CallFields(
        **alliance.call.model_dump(include=set(models.CallFields.model_fields))
    )
    assert change(alliance, fields).version == 1
    assert change(alliance, fields.model_copy(update={"name": "Later"})).version == 2
    assert alliance.audit() == ["call.changed"]
    alliance.edit(alliance.call, status=CallStatus.FINISHED)
    with pytest.raises(errors.CallChangeError):
        change(alliance, fields)


def test_every_cell_of_the_table_of_calls(alliance: Alliance) -> None:
    found = {}
    for before in CallStatus:
        for event in ("open", "finish"):
            alliance.edit(alliance.call, status=before)
            try:
                found[before, event] = move(alliance, event).status
            except errors.CallChangeError:
                assert alliance.read(alliance.call).status == before
    assert found == CALL_CHANGES
    assert alliance.audit() == ["call.finished", "call.open"]


def test_the_table_of_calls_leads_from_draft_to_the_end() -> None:
    assert CALL_CHANGES == {
        ("draft", "open"): "open",
        ("open", "finish"): "finished",
    }


def test_a_call_with_live_proposals_is_not_finished(alliance: Alliance) -> None:
    made = alliance.propose("ana", deadline=rows.LATER)
    for status in ProposalStatus:
        alliance.edit(made, status=status)
        alliance.edit(alliance.call, status=OPEN)
        if status in models.LIVE:
            with pytest.raises(errors.LiveProposalsError):
                move(alliance, "finish")
        else:
            assert move(alliance, "finish").status == CallStatus.FINISHED


def test_a_call_with_a_round_under_way_is_not_finished(alliance: Alliance) -> None:
    waiting = models.Round(**rows.changing(call_id=alliance.call.id, kind="proposing"))
    alliance.add(waiting)
    with pytest.raises(errors.RoundUnfinishedError):
        move(alliance, "finish")
    alliance.edit(waiting, status="cancelled")
    assert move(alliance, "finish").status == CallStatus.FINISHED


# funding


def test_places_are_funded_anew_and_again(alliance: Alliance) -> None:
    new = fund(alliance, 3, "LONG_TERM_ERASMUSPRO")
    assert (new.call_id, new.region_id, new.activity, new.places, new.taken) == (
        alliance.call.id, alliance.spain.id, "LONG_TERM_ERASMUSPRO", 3, 0
    )  # fmt: skip
    again = fund(alliance, 2, "LONG_TERM_ERASMUSPRO")
    assert (again.id, again.places, again.version) == (new.id, 2, new.version + 1)
    assert alliance.audit() == ["call.funded", "call.funded"]


def test_fewer_places_than_are_taken_are_refused(alliance: Alliance) -> None:
    alliance.propose("ana")
    alliance.place("blanca")
    alliance.place("carla", "finished")
    with pytest.raises(errors.FundingTakenError, match=r"^2 funded places are taken"):
        fund(alliance, 1)
    assert fund(alliance, 2).places == 2
    with pytest.raises(errors.FundingTakenError):
        fund(alliance, -1, "LONG_TERM_ERASMUSPRO")


def test_only_activities_of_the_list_are_funded(alliance: Alliance) -> None:
    with pytest.raises(errors.UnknownActivityError):
        fund(alliance, 1, "HOLIDAY")
    alliance.edit(alliance.call, status=CallStatus.FINISHED)
    with pytest.raises(errors.CallChangeError):
        fund(alliance, 9)


# who takes part


def test_who_applies_is_enrolled_once(alliance: Alliance) -> None:
    person = newcomer(alliance)
    made = enrol(alliance, person)
    assert (made.call_id, made.apprentice_id, made.status, made.place_in_queue) == (
        alliance.call.id, person.id, EnrolmentStatus.APPLIED, None
    )  # fmt: skip
    with pytest.raises(errors.AlreadyEnrolledError):
        enrol(alliance, person)
    assert alliance.audit() == ["enrolment.applied"]


@pytest.mark.parametrize("status", [s for s in CallStatus if s != OPEN])
def test_people_apply_while_the_call_is_open(alliance: Alliance, status: CallStatus) -> None:
    alliance.edit(alliance.call, status=status)
    with pytest.raises(errors.CallChangeError):
        enrol(alliance, newcomer(alliance))


@pytest.mark.parametrize("role", [Role.APPRENTICE, Role.GUARDIAN])
def test_people_themselves_apply_until_the_closing_date(alliance: Alliance, role: Role) -> None:
    person = newcomer(alliance)
    alliance.edit(alliance.call, closes_on=rows.NOW.date() - datetime.timedelta(days=1))
    with pytest.raises(errors.ApplicationsClosedError):
        enrol(alliance, person, role)
    alliance.edit(alliance.call, closes_on=rows.NOW.date())
    assert enrol(alliance, person, role).status == EnrolmentStatus.APPLIED


def test_every_cell_of_the_table_of_enrolments(alliance: Alliance) -> None:
    found: dict[EnrolmentStatus, list[EnrolmentStatus]] = {}
    for before in EnrolmentStatus:
        for after in EnrolmentStatus:
            alliance.enrol("ana", before, 1 if before == WAITING else None)
            try:
                take_part(alliance, "ana", after)
            except errors.EnrolmentChangeError:
                continue
            row: models.Enrolment = alliance.read(alliance.enrolments["ana"])
            assert (row.status, row.place_in_queue) == (after, 1 if after == WAITING else None)
            found.setdefault(before, []).append(after)
    assert {before: {*after} for before, after in found.items()} == {
        before: {*after} for before, after in ENROLMENT_CHANGES.items()
    }
    expected = sorted(f"enrolment.{after}" for rest in found.values() for after in rest)
    assert alliance.audit() == expected


def test_everybody_but_who_has_withdrawn_may_withdraw(alliance: Alliance) -> None:
    for before in EnrolmentStatus:
        alliance.enrol("ana", before, 1 if before == WAITING else None)
        if before != WITHDRAWN:
            withdraw(alliance, "ana")
            row: models.Enrolment = alliance.read(alliance.enrolments["ana"])
            assert (row.status, row.place_in_queue) == (WITHDRAWN, None)
    with pytest.raises(errors.EnrolmentChangeError, match="possible: applied"):
        withdraw(alliance, "ana")


def test_nobody_moves_in_a_finished_call(alliance: Alliance) -> None:
    alliance.edit(alliance.call, status=CallStatus.FINISHED)
    with pytest.raises(errors.CallChangeError):
        take_part(alliance, "ana", EnrolmentStatus.PAUSED)
    with pytest.raises(errors.CallChangeError):
        withdraw(alliance, "ana")


# the queue


def test_who_waits_gets_the_next_place_and_who_leaves_closes_the_gap(alliance: Alliance) -> None:
    all_wait(alliance)
    assert queue(alliance) == [("ana", 1), ("blanca", 2), ("carla", 3), ("diego", 4)]
    take_part(alliance, "blanca", EnrolmentStatus.SELECTED)
    assert queue(alliance) == [("ana", 1), ("carla", 2), ("diego", 3)]
    withdraw(alliance, "ana")
    assert queue(alliance) == [("carla", 1), ("diego", 2)]
    take_part(alliance, "blanca", WAITING)
    assert queue(alliance) == [("carla", 1), ("diego", 2), ("blanca", 3)]


def test_a_place_in_the_queue_moves_the_others_on(alliance: Alliance) -> None:
    take_part(alliance, "ana", WAITING)
    take_part(alliance, "blanca", WAITING)
    take_part(alliance, "carla", WAITING, place_in_queue=1)
    assert queue(alliance) == [("carla", 1), ("ana", 2), ("blanca", 3)]
    take_part(alliance, "carla", WAITING, place_in_queue=2)
    assert queue(alliance) == [("ana", 1), ("carla", 2), ("blanca", 3)]
    take_part(alliance, "ana", WAITING)
    assert queue(alliance) == [("carla", 1), ("blanca", 2), ("ana", 3)]


@pytest.mark.parametrize("place", [0, -1, 3])
def test_only_places_of_the_queue_are_given(alliance: Alliance, place: int) -> None:
    take_part(alliance, "ana", WAITING)
    with pytest.raises(errors.QueuePlaceError, match="between 1 and 2"):
        take_part(alliance, "blanca", WAITING, place_in_queue=place)
    with pytest.raises(errors.QueuePlaceError, match="Only who waits"):
        take_part(alliance, "blanca", EnrolmentStatus.PAUSED, place_in_queue=1)
    assert queue(alliance) == [("ana", 1)]


def test_each_region_and_activity_has_a_queue_of_its_own(alliance: Alliance) -> None:
    alliance.edit(alliance.people["blanca"], activity="LONG_TERM_ERASMUSPRO")
    other = rows.centre(alliance.hosts["savonlinna"], code="samiedu")
    alliance.add(other)
    alliance.edit(alliance.people["carla"], centre_id=other.id)
    all_wait(alliance)
    assert queue(alliance) == [("ana", 1), ("diego", 2)]
    for key in ("blanca", "carla"):
        assert alliance.read(alliance.enrolments[key]).place_in_queue == 1


def test_a_withdrawal_names_what_is_left_and_who_could_come_in(alliance: Alliance) -> None:
    for key in ("diego", "carla", "blanca"):
        take_part(alliance, key, WAITING)
    alliance.enrol("ana", EnrolmentStatus.SELECTED)
    live = alliance.propose("ana")
    found = withdraw(alliance, "ana")
    assert (found.live_proposals, found.current_placements) == ((live.id,), ())
    assert [alliance.key_of(row.apprentice_id) for row in found.next_waiting] == [
        "diego", "carla", "blanca"
    ]  # fmt: skip
    assert queue(alliance) == [("diego", 1), ("carla", 2), ("blanca", 3)]
    assert alliance.live() == {"ana": "Savonlinna"}


def test_a_withdrawal_names_a_placement_that_still_stands(alliance: Alliance) -> None:
    proposal = alliance.place("ana")
    with transaction(alliance.engine, writes=False) as session:
        (placement,) = store.rows.every(session, models.Placement)
    assert placement.proposal_id == proposal.id
    assert withdraw(alliance, "ana") == enrolments.Withdrawal((), (placement.id,), ())
    alliance.place("blanca", "cancelled")
    assert withdraw(alliance, "blanca") == enrolments.Withdrawal((), (), ())


def test_three_at_most_are_next_and_who_only_waited_makes_no_room(alliance: Alliance) -> None:
    person = newcomer(alliance)
    alliance.enrolments["eva"] = enrol(alliance, person)
    all_wait(alliance)
    take_part(alliance, "eva", WAITING)
    assert withdraw(alliance, "ana").next_waiting == ()
    alliance.people["fay"] = rows.apprentice(alliance.school, key="fay")
    alliance.add(alliance.people["fay"])
    alliance.enrolments["fay"] = enrol(alliance, alliance.people["fay"])
    alliance.enrol("fay", EnrolmentStatus.SELECTED)
    first = withdraw(alliance, "fay").next_waiting
    assert [alliance.key_of(row.apprentice_id) for row in first] == ["blanca", "carla", "diego"]


# rounds


def test_only_who_is_selected_enters_a_round(alliance: Alliance) -> None:
    take_part(alliance, "ana", WAITING)
    take_part(alliance, "blanca", EnrolmentStatus.PAUSED)
    withdraw(alliance, "carla")
    enrol(alliance, newcomer(alliance))
    alliance.run()
    assert list(alliance.live()) == ["diego"]
    take_part(alliance, "ana", EnrolmentStatus.SELECTED)
    alliance.run(seed=60)
    assert sorted(alliance.live()) == ["ana", "diego"]


def test_proposals_and_placements_never_exceed_the_funded_places(alliance: Alliance) -> None:
    fund(alliance, 2)
    alliance.place("ana")
    done = alliance.run()
    assert (done.stored, done.dropped) == (1, {"funding": 2})
    assert len(alliance.live()) == 1
    assert alliance.read(alliance.funded).taken == 2
    again = alliance.run(seed=60)
    assert (again.stored, again.dropped) == (0, {"funding": 2})
    fund(alliance, 3)
    last = alliance.run(seed=70)
    assert (last.stored, last.dropped) == (1, {"funding": 1})
    assert alliance.read(alliance.funded).taken == 3


@pytest.mark.parametrize(
    ("status", "again"),
    [("booked", False), ("abroad", False), ("finished", True), ("cancelled", True)],
)
def test_a_placement_that_is_over_does_not_block_a_later_one(
    alliance: Alliance, status: str, again: bool
) -> None:
    alliance.place("ana", status)
    alliance.run()
    assert ("ana" in alliance.live()) == again
    assert alliance.read(alliance.funded).taken == 4
