"""Travel groups: made, changed, wished for and split; what they hold and who lacks a place."""

import datetime
import uuid
from collections.abc import Callable, Sequence
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api import errors, store
from api.database import connect, transaction
from api.services import friends, groups
from api.services.groups import GroupStatus, MemberStatus
from models import CallStatus, EnrolmentStatus, GroupKind, ProposalStatus, Role
from tests import rows, sealing
from tests.alliance import MARCH_8, MARCH_21, Alliance
from tests.databases import Cluster

CLASS = models.TravelGroupFields(name="2A", first_day=MARCH_8, last_day=MARCH_21)
FRIENDS = models.TravelGroupFields(name="Friends", kind=GroupKind.FRIENDS)


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def make(
    alliance: Alliance,
    *members: str,
    fields: models.TravelGroupFields = CLASS,
    along: Sequence[models.AccompanyingPersonFields] = (),
) -> models.TravelGroup:
    people = [alliance.id_of(key) for key in members]
    with transaction(alliance.engine) as session:
        return groups.make_group(
            session, alliance.caller(), alliance.call.id, fields, people, along
        )


def change(
    alliance: Alliance, service: Callable[..., Any], group: models.TravelGroup, *args: Any
) -> models.TravelGroup:
    """Call a service that changes a group, and read the group."""
    with transaction(alliance.engine) as session:
        service(session, alliance.caller(), session.get_one(models.TravelGroup, group.id), *args)
    found: models.TravelGroup = alliance.read(group)
    return found


def members(alliance: Alliance, group: models.TravelGroup) -> dict[str, bool]:
    """Who is in a group, and whether there is a wish."""
    with transaction(alliance.engine, writes=False) as session:
        found = store.groups.members_of(session, [group.id])
    return {alliance.key_of(m.apprentice_id): m.wished_at is not None for m in found}


def status(alliance: Alliance, group: models.TravelGroup) -> GroupStatus:
    with transaction(alliance.engine, writes=False) as session:
        return groups.status(session, session.get_one(models.TravelGroup, group.id))


def held_back(alliance: Alliance, key: str) -> list[str]:
    with transaction(alliance.engine, writes=False) as session:
        found = groups.held_back(session, alliance.id_of(key), alliance.call.id)
    return alliance.keys_of(found)


def wish(alliance: Alliance, who: str, friend: str) -> models.TravelGroup:
    with transaction(alliance.engine) as session:
        return friends.wish_together(
            session, alliance.caller(), alliance.id_of(who), alliance.id_of(friend),
            alliance.call.id,
        )  # fmt: skip


def take_back(alliance: Alliance, who: str) -> models.TravelGroup:
    with transaction(alliance.engine) as session:
        return friends.take_wish_back(
            session, alliance.caller(), alliance.id_of(who), alliance.call.id
        )


def along(first: datetime.date, last: datetime.date) -> models.AccompanyingPersonFields:
    return models.AccompanyingPersonFields(name="Teacher", first_day=first, last_day=last)


def march(day: int) -> datetime.date:
    return datetime.date(2027, 3, day)


# a class


def test_a_class_has_what_it_was_made_of(alliance: Alliance) -> None:
    group = make(alliance, "ana", "blanca", "ana", along=[along(march(8), march(10))])
    kept: models.TravelGroup = alliance.read(group)
    assert models.TravelGroupFields.model_validate(
        kept.model_dump(include=set(models.TravelGroupFields.model_fields))
    ) == CLASS  # fmt: skip
    assert (kept.call_id, kept.split_at) == (alliance.call.id, None)
    assert members(alliance, group) == {"ana": False, "blanca": False}
    with transaction(alliance.engine, writes=False) as session:
        (goes,) = store.groups.accompanying_of(session, [group.id])
    assert (goes.name, goes.first_day, goes.last_day) == ("Teacher", march(8), march(10))
    assert alliance.audit() == ["group.made"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"first_day": MARCH_8}, errors.DatesNotInOrderError),
        ({"last_day": MARCH_8}, errors.DatesNotInOrderError),
        ({"first_day": MARCH_21, "last_day": MARCH_8}, errors.DatesNotInOrderError),
        ({"first_day": march(8), "last_day": datetime.date(2027, 9, 1)},
         errors.DatesOutsideCallError),
        ({"first_day": datetime.date(2027, 1, 31), "last_day": march(8)},
         errors.DatesOutsideCallError),
        ({"region_code": "atlantis"}, errors.UnknownRegionError),
    ],
)  # fmt: skip
def test_what_cannot_be_fixed_is_refused(
    alliance: Alliance, wrong: dict[str, Any], error: type[errors.ServiceError]
) -> None:
    fields = models.TravelGroupFields(name="2A", **wrong)
    with pytest.raises(error):
        make(alliance, "ana", fields=fields)
    group = make(alliance, "ana")
    with pytest.raises(error):
        change(alliance, groups.change_group, group, fields)


def test_a_person_is_in_one_group_of_a_call_that_is_not_split(alliance: Alliance) -> None:
    first = make(alliance, "ana", "blanca")
    other = make(alliance, "carla")
    with pytest.raises(errors.AlreadyInGroupError):
        make(alliance, "ana", "diego")
    with pytest.raises(errors.AlreadyInGroupError):
        change(alliance, groups.add_member, other, alliance.id_of("ana"))
    with pytest.raises(errors.AlreadyInGroupError):
        change(alliance, groups.add_member, first, alliance.id_of("ana"))
    with pytest.raises(errors.AlreadyInGroupError):
        wish(alliance, "diego", "ana")
    with pytest.raises(errors.AlreadyInGroupError):
        wish(alliance, "ana", "blanca")
    change(alliance, groups.split, first)
    assert members(alliance, make(alliance, "ana", "diego")) == {"ana": False, "diego": False}


def test_a_group_of_another_call_does_not_count(alliance: Alliance) -> None:
    other = rows.call(code="2028")
    alliance.add(other)
    alliance.group("ana", call_id=other.id)
    assert members(alliance, make(alliance, "ana")) == {"ana": False}


def test_only_who_takes_part_in_the_call_is_taken(alliance: Alliance) -> None:
    stranger = rows.apprentice(alliance.school, key="stranger")
    alliance.add(stranger)
    alliance.people["stranger"] = stranger
    alliance.enrol("diego", EnrolmentStatus.WITHDRAWN)
    alliance.enrol("carla", EnrolmentStatus.WAITING)
    group = make(alliance, "ana", "carla")
    for key in ("stranger", "diego"):
        with pytest.raises(errors.NotEnrolledError, match="1 person takes no part"):
            make(alliance, "blanca", key)
        with pytest.raises(errors.NotEnrolledError):
            change(alliance, groups.add_member, group, alliance.id_of(key))
        with pytest.raises(errors.NotEnrolledError):
            wish(alliance, "blanca", key)


def test_a_change_says_what_was_changed_and_counts(alliance: Alliance) -> None:
    group = make(alliance, "ana")
    new = models.TravelGroupFields(name="2B", town="Leipzig", together_or_not_at_all=False)
    changed = change(alliance, groups.change_group, group, new)
    assert (changed.version, changed.name, changed.town, changed.first_day) == (
        2, "2B", "Leipzig", None
    )  # fmt: skip
    with transaction(alliance.engine, writes=False) as session:
        found = [r.data for r in sealing.done(session) if r.action == "group.changed"]
    assert found == [
        {"fields": ["first_day", "last_day", "name", "together_or_not_at_all", "town"]}
    ]


def test_people_come_and_go_and_the_group_counts_it(alliance: Alliance) -> None:
    group = make(alliance, "ana")
    assert change(alliance, groups.add_member, group, alliance.id_of("blanca")).version == 2
    assert change(alliance, groups.remove_member, group, alliance.id_of("ana")).version == 3
    assert members(alliance, group) == {"blanca": False}
    with pytest.raises(errors.NotInGroupError):
        change(alliance, groups.remove_member, group, alliance.id_of("ana"))
    assert alliance.audit() == ["group.made", "group.member_added", "group.member_removed"]


def test_a_split_group_changes_no_more_and_its_proposals_stay(alliance: Alliance) -> None:
    group = make(alliance, "ana", "blanca")
    alliance.propose("ana")
    assert change(alliance, groups.split, group).split_at == rows.NOW
    assert alliance.live() == {"ana": "Savonlinna"}
    assert held_back(alliance, "ana") == []
    for service, *args in (
        (groups.split,), (groups.change_group, CLASS), (groups.set_accompanying, []),
        (groups.add_member, alliance.id_of("carla")), (groups.remove_member, alliance.id_of("ana")),
    ):  # fmt: skip
        with pytest.raises(errors.GroupSplitError):
            change(alliance, service, group, *args)
    assert alliance.audit() == ["group.made", "group.split"]


def test_a_finished_call_gets_no_groups(alliance: Alliance) -> None:
    group = make(alliance, "ana")
    alliance.edit(alliance.call, status=CallStatus.FINISHED)
    with pytest.raises(errors.CallChangeError):
        make(alliance, "blanca")
    with pytest.raises(errors.CallChangeError):
        change(alliance, groups.add_member, group, alliance.id_of("carla"))
    with pytest.raises(errors.CallChangeError):
        wish(alliance, "blanca", "carla")


def test_what_is_not_there_is_not_found(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session, pytest.raises(errors.NoSuchGroupError):
        groups.find(session, uuid.uuid4())
    with transaction(alliance.engine) as session, pytest.raises(errors.NoSuchCallError):
        groups.make_group(session, alliance.caller(), uuid.uuid4(), CLASS, [])


# who goes along


def test_days_of_a_class_with_minors_on_which_nobody_goes_along_are_named(
    alliance: Alliance,
) -> None:
    days = ((1, 10), (13, 13), (15, 31))
    teachers = [along(march(first), march(last)) for first, last in days]
    group = make(alliance, "ana", "diego", along=teachers)
    assert status(alliance, group).uncovered_days == (march(11), march(12), march(14))
    changed = change(alliance, groups.set_accompanying, group, [along(march(8), march(20))])
    assert (changed.version, status(alliance, group).uncovered_days) == (2, (march(21),))
    change(alliance, groups.set_accompanying, group, [])
    assert status(alliance, group).uncovered_days == tuple(march(day) for day in range(8, 22))
    with pytest.raises(errors.DatesNotInOrderError):
        change(alliance, groups.set_accompanying, group, [along(march(9), march(8))])


@pytest.mark.parametrize(
    ("born", "uncovered"), [(march(8), 0), (march(9), 14)], ids=["of age that day", "the next day"]
)
def test_who_is_of_age_on_the_first_day_needs_nobody(
    alliance: Alliance, born: datetime.date, uncovered: int
) -> None:
    alliance.edit(alliance.people["ana"], birth_date=born.replace(year=2009))
    assert len(status(alliance, make(alliance, "ana")).uncovered_days) == uncovered


def test_a_class_without_dates_and_friends_are_not_warned_of(alliance: Alliance) -> None:
    group = make(alliance, "diego", fields=models.TravelGroupFields(name="2A"))
    assert status(alliance, group).uncovered_days == ()
    change(alliance, groups.split, group)
    friends = FRIENDS.model_copy(update={"first_day": MARCH_8, "last_day": MARCH_21})
    group = make(alliance, "diego", "ana", fields=friends)
    assert status(alliance, group).uncovered_days == ()


# friends


def test_friends_are_a_group_once_both_wish(alliance: Alliance) -> None:
    group = wish(alliance, "ana", "blanca")
    assert members(alliance, group) == {"ana": True, "blanca": False}
    assert not status(alliance, group).in_effect
    assert wish(alliance, "ana", "blanca").id == group.id
    assert not status(alliance, group).in_effect
    assert wish(alliance, "blanca", "ana").id == group.id
    assert members(alliance, group) == {"ana": True, "blanca": True}
    assert status(alliance, group).in_effect
    assert alliance.audit() == ["group.made", "group.wished", "group.wished"]


@pytest.mark.parametrize("who", ["ana", "blanca"])
@pytest.mark.parametrize("both", [True, False], ids=["both wished", "one wished"])
def test_either_friend_may_take_the_wish_back(alliance: Alliance, who: str, both: bool) -> None:
    group = wish(alliance, "ana", "blanca")
    if both:
        wish(alliance, "blanca", "ana")
    assert take_back(alliance, who).id == group.id
    assert not status(alliance, group).in_effect
    assert not members(alliance, group)[who]
    with pytest.raises(errors.NoSuchWishError):
        take_back(alliance, who)
    again = wish(alliance, "blanca", "carla")
    assert again.id != group.id
    assert members(alliance, again) == {"blanca": True, "carla": False}


def test_nobody_takes_a_wish_back_out_of_a_class(alliance: Alliance) -> None:
    make(alliance, "ana", "blanca")
    with pytest.raises(errors.NoSuchWishError):
        take_back(alliance, "ana")


def test_friends_are_two(alliance: Alliance) -> None:
    with pytest.raises(errors.FriendsAreTwoError):
        wish(alliance, "ana", "ana")
    for people in (["ana"], ["ana", "blanca", "carla"]):
        with pytest.raises(errors.FriendsAreTwoError):
            make(alliance, *people, fields=FRIENDS)
    group = make(alliance, "ana", "blanca", fields=FRIENDS)
    for service in (groups.add_member, groups.remove_member):
        with pytest.raises(errors.FriendsAreTwoError):
            change(alliance, service, group, alliance.id_of("ana"))


def test_a_second_friend_is_refused(alliance: Alliance) -> None:
    wish(alliance, "ana", "blanca")
    for who, friend in (("ana", "carla"), ("carla", "blanca"), ("blanca", "carla")):
        with pytest.raises(errors.AlreadyInGroupError):
            wish(alliance, who, friend)


def test_friends_do_not_become_a_class(alliance: Alliance) -> None:
    group = wish(alliance, "ana", "blanca")
    with pytest.raises(errors.GroupKindFixedError):
        change(alliance, groups.change_group, group, CLASS)


@pytest.mark.parametrize(
    ("role", "changes", "wishes"),
    [
        (Role.APPRENTICE, {"town": "Leipzig"}, {"ana": True, "blanca": False}),
        (Role.APPRENTICE, {"name": "We two"}, {"ana": True, "blanca": True}),
        (Role.COORDINATOR, {"town": "Leipzig"}, {"ana": True, "blanca": True}),
    ],
)
def test_a_friend_who_changes_what_is_fixed_asks_the_other_again(
    alliance: Alliance, role: Role, changes: dict[str, str], wishes: dict[str, bool]
) -> None:
    group = wish(alliance, "ana", "blanca")
    wish(alliance, "blanca", "ana")
    caller = alliance.caller(role, alliance.id_of("ana"))
    with transaction(alliance.engine) as session:
        groups.change_group(
            session, caller, session.get_one(models.TravelGroup, group.id),
            FRIENDS.model_copy(update=changes),
        )  # fmt: skip
    assert members(alliance, group) == wishes


# together or not at all


def test_the_status_says_who_has_a_place_and_who_is_missing(alliance: Alliance) -> None:
    group = make(alliance, "ana", "blanca", "carla", "diego")
    alliance.propose("ana")
    alliance.place("blanca")
    alliance.propose("carla", status="declined")
    alliance.enrol("diego", EnrolmentStatus.PAUSED)
    found = status(alliance, group)
    expected = {
        "ana": (EnrolmentStatus.SELECTED, True),
        "blanca": (EnrolmentStatus.SELECTED, True),
        "carla": (EnrolmentStatus.SELECTED, False),
        "diego": (EnrolmentStatus.PAUSED, False),
    }
    assert sorted(found.members, key=lambda member: alliance.key_of(member.apprentice_id)) == [
        MemberStatus(alliance.id_of(key), False, enrolment, has_place)
        for key, (enrolment, has_place) in expected.items()
    ]
    assert (found.in_effect, alliance.keys_of(found.missing)) == (True, ["carla", "diego"])


@pytest.mark.parametrize("state", models.LIVE)
def test_a_live_proposal_is_a_place(alliance: Alliance, state: ProposalStatus) -> None:
    make(alliance, "ana", "blanca")
    alliance.propose("ana")
    assert held_back(alliance, "ana") == ["blanca"]
    alliance.propose("blanca", status=state, deadline=rows.LATER)
    assert held_back(alliance, "ana") == []


@pytest.mark.parametrize(
    ("state", "held"), [("booked", []), ("abroad", []), ("finished", ["blanca"]),
                        ("cancelled", ["blanca"])],
)  # fmt: skip
def test_a_current_placement_is_a_place(alliance: Alliance, state: str, held: list[str]) -> None:
    make(alliance, "ana", "blanca")
    alliance.propose("ana")
    alliance.place("blanca", state)
    assert held_back(alliance, "ana") == held


def test_a_place_of_another_call_is_none_of_this_one(alliance: Alliance) -> None:
    other = rows.call(code="2028")
    alliance.add(other)
    make(alliance, "ana", "blanca")
    alliance.propose("ana")
    alliance.add(rows.proposal(other, alliance.people["blanca"], alliance.windows["Leipzig"]))
    assert held_back(alliance, "ana") == ["blanca"]


def test_only_groups_in_effect_that_go_together_hold(alliance: Alliance) -> None:
    alliance.propose("ana")
    assert held_back(alliance, "ana") == []
    group = wish(alliance, "ana", "blanca")
    assert held_back(alliance, "ana") == []
    wish(alliance, "blanca", "ana")
    assert held_back(alliance, "ana") == ["blanca"]
    alone = FRIENDS.model_copy(update={"together_or_not_at_all": False})
    change(alliance, groups.change_group, group, alone)
    assert held_back(alliance, "ana") == []


def test_a_round_shows_in_the_status_who_is_missing(alliance: Alliance) -> None:
    alliance.edit(alliance.windows["Delbrück"], places=1)
    town = models.TravelGroupFields(name="2A", town="Delbrück")
    group = make(alliance, "ana", "blanca", fields=town)
    alliance.run()
    (placed,) = {"ana", "blanca"} & set(alliance.live())
    (missing,) = {"ana", "blanca"} - {placed}
    assert alliance.keys_of(status(alliance, group).missing) == [missing]
    assert held_back(alliance, placed) == [missing]


def test_the_refusal_says_how_many_are_missing_and_what_to_do() -> None:
    error = errors.GroupIncompleteError(2)
    assert (error.status, error.kind) == (409, "group-incomplete")
    assert str(error) == (
        "2 members have no place yet, and the travel group goes together or not at all; "
        "wait for the next round, or split the group."
    )


def test_two_who_group_one_person_at_once_do_not_both_get_the_person(
    migrated_cluster: tuple[Cluster, str],
) -> None:
    """Only on PostgreSQL: on SQLite writing transactions do not overlap."""
    running, template = migrated_cluster
    refused: list[errors.AlreadyInGroupError] = []
    with running.database(template) as address:
        engine = connect(address)
        alliance = Alliance(engine)

        def later() -> None:
            try:
                make(alliance, "ana")
            except errors.AlreadyInGroupError as error:
                refused.append(error)

        second = Thread(target=later)
        people = [alliance.id_of("ana"), alliance.id_of("blanca")]
        with transaction(engine) as session:
            groups.make_group(session, alliance.caller(), alliance.call.id, CLASS, people)
            second.start()
            second.join(0.3)
            assert second.is_alive()
        second.join()
        engine.dispose()
    assert len(refused) == 1
