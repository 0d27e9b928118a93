"""What travel groups leave open to their members before a round, and what a round makes of it."""

import datetime
from typing import Any

import pytest
from sqlalchemy import Engine

import matcher
import models
from api import store
from api.database import transaction
from api.services import rounds
from api.services.narrowing import Fixed, in_effect, narrowed
from api.services.problems import to_problem
from api.services.rounds import Worker
from matcher.problem import Apprentice
from models import GroupKind, RoundKind
from tests import rows
from tests.alliance import MARCH_8, MARCH_21, Alliance

DAYS = {"first_day": MARCH_8, "last_day": MARCH_21}


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def result(alliance: Alliance) -> matcher.Result:
    return matcher.propose(alliance.problem())


def going(alliance: Alliance) -> dict[str, tuple[str, str, str]]:
    """Where and when everybody goes by the engine."""
    return {
        alliance.key_of(p.apprentice): (alliance.key_of(p.offer), p.start, p.end)
        for p in result(alliance).proposals
    }


def why_not(alliance: Alliance, key: str) -> tuple[str, dict[str, int]]:
    (found,) = (u for u in result(alliance).unmatched if alliance.key_of(u.apprentice) == key)
    return found.reason, found.excluded_by


def test_a_group_that_fixes_nothing_changes_nothing_in_the_problem(alliance: Alliance) -> None:
    before = alliance.problem()
    alliance.group("ana", "blanca")
    alliance.group("carla", "diego", kind="friends")
    assert alliance.problem() == before


def test_the_dates_of_a_class_are_its_members_only_dates(alliance: Alliance) -> None:
    before = {key: alliance.person(key) for key in ("ana", "carla")}
    alliance.group("ana", "blanca", **DAYS)
    fixed = before["ana"].model_dump() | {
        "available_from": MARCH_8,
        "available_to": MARCH_21,
        "days": {"min": 14, "ideal": 14, "max": 14},
    }
    assert alliance.person("ana") == Apprentice.model_validate(fixed)
    assert alliance.person("carla") == before["carla"]
    found = going(alliance)
    assert {found[key][1:] for key in ("ana", "blanca")} == {("2027-03-08", "2027-03-21")}
    assert {found[key][1:] for key in ("carla", "diego")} == {("2027-03-01", "2027-04-25")}


@pytest.mark.parametrize(
    "own",
    [
        {"available_from": datetime.date(2027, 3, 10)},
        {"available_to": datetime.date(2027, 3, 20)},
        {"available_from": datetime.date(2027, 4, 1)},
        {"not_available": [["2027-03-15", "2027-03-15"]]},
    ],
    ids=["comes late", "leaves early", "is away then", "has an exam"],
)
def test_who_is_not_there_on_all_days_is_refused_by_the_dates(
    alliance: Alliance, own: dict[str, Any]
) -> None:
    alliance.edit(alliance.people["ana"], **own)
    alliance.group("ana", "blanca", **DAYS)
    assert why_not(alliance, "ana") == ("no_eligible_offer", {"dates": 4})
    assert going(alliance)["blanca"][1:] == ("2027-03-08", "2027-03-21")


def test_a_group_of_one_day_takes_nobody_on_another_day(alliance: Alliance) -> None:
    alliance.edit(alliance.people["ana"], available_from=datetime.date(2027, 4, 1))
    alliance.group("ana", first_day=MARCH_8, last_day=MARCH_8)
    alliance.edit(alliance.people["ana"], activity="SKILLS_COMPETITION")
    for offer in (window.offer_id for window in alliance.windows.values()):
        with transaction(alliance.engine) as session:
            session.get_one(models.Offer, offer).days_min = 1
    assert why_not(alliance, "ana") == ("no_eligible_offer", {"dates": 4})
    alliance.edit(alliance.people["ana"], available_from=datetime.date(2027, 3, 1))
    assert going(alliance)["ana"][1:] == ("2027-03-08", "2027-03-08")


def test_a_region_leaves_its_country_and_of_that_only_its_own_windows(alliance: Alliance) -> None:
    alliance.group("ana", "blanca", region_code="paderborn")
    assert (alliance.person("ana").destinations, alliance.person("carla").destinations) == (
        ("DE",), ()
    )  # fmt: skip
    assert alliance.forbidden() == {("ana", "Leipzig"), ("blanca", "Leipzig")}
    assert {going(alliance)[key][0] for key in ("ana", "blanca")} <= {"Paderborn", "Delbrück"}


def test_a_town_leaves_its_own_windows(alliance: Alliance) -> None:
    alliance.group("ana", region_code="paderborn", town=" delbrück")
    assert alliance.person("ana").destinations == ("DE",)
    assert alliance.forbidden() == {("ana", "Leipzig"), ("ana", "Paderborn")}
    assert going(alliance)["ana"][0] == "Delbrück"


def test_a_town_alone_is_looked_for_in_all_regions(alliance: Alliance) -> None:
    alliance.group("ana", town="Leipzig")
    assert alliance.person("ana").destinations == ("DE",)
    assert alliance.forbidden() == {("ana", "Paderborn"), ("ana", "Delbrück")}
    assert going(alliance)["ana"][0] == "Leipzig"


@pytest.mark.parametrize("where", [{"town": "Nowhere"}, {"region_code": "atlantis"}])
def test_where_nobody_is_nobody_goes(alliance: Alliance, where: dict[str, str]) -> None:
    alliance.group("ana", **where)
    assert why_not(alliance, "ana") == ("no_eligible_offer", {"destination": 4})


def test_a_country_that_a_member_does_not_accept_stays_refused(alliance: Alliance) -> None:
    alliance.edit(alliance.people["ana"], destinations=["PT", "DE"])
    alliance.edit(alliance.people["blanca"], destinations=["PT", "FI"])
    alliance.group("ana", "blanca", region_code="savonlinna")
    assert why_not(alliance, "ana") == ("no_eligible_offer", {"destination": 4})
    assert alliance.person("blanca").destinations == ("FI",)
    assert going(alliance)["blanca"][0] == "Savonlinna"


def test_a_split_group_narrows_nobody(alliance: Alliance) -> None:
    before = alliance.problem()
    alliance.group("ana", "blanca", region_code="paderborn", split_at=rows.NOW, **DAYS)
    assert alliance.problem() == before


def test_friends_narrow_once_both_wish(alliance: Alliance) -> None:
    before = alliance.problem()
    group = alliance.group("ana", "blanca", kind="friends", town="Leipzig")
    assert {going(alliance)[key][0] for key in ("ana", "blanca")} == {"Leipzig"}
    with transaction(alliance.engine) as session:
        found = session.get_one(models.TravelGroup, group.id)
        for member in store.groups.members_of(session, [found.id])[:1]:
            member.wished_at = None
    assert alliance.problem() == before


def test_a_group_of_another_call_narrows_nobody(alliance: Alliance) -> None:
    before = alliance.problem()
    other = rows.call(code="2028")
    alliance.add(other)
    alliance.group("ana", "blanca", call_id=other.id, region_code="paderborn")
    assert alliance.problem() == before


@pytest.mark.parametrize(
    ("kind", "wishes", "expected"),
    [
        (GroupKind.CLASS, (), True),
        (GroupKind.CLASS, (False, False), True),
        (GroupKind.FRIENDS, (True, True), True),
        (GroupKind.FRIENDS, (True, False), False),
        (GroupKind.FRIENDS, (True,), False),
        (GroupKind.FRIENDS, (), False),
    ],
)
def test_when_a_group_is_in_effect(
    kind: GroupKind, wishes: tuple[bool, ...], expected: bool
) -> None:
    group = models.TravelGroup(**rows.changing(name="2A", kind=kind))
    members = [
        models.GroupMember(**rows.changing(wished_at=rows.NOW if wish else None)) for wish in wishes
    ]
    assert in_effect(group, members) == expected
    group.split_at = rows.NOW
    assert not in_effect(group, members)


def test_what_is_narrowed_is_always_a_person_that_the_engine_reads(alliance: Alliance) -> None:
    person = alliance.person("ana")
    day = datetime.timedelta(days=1)
    for first in (datetime.date.min, person.available_from, person.available_to + day):
        for last in (first, datetime.date.max):
            again = narrowed(person, Fixed(dates=(first, last)))
            assert Apprentice.model_validate_json(again.model_dump_json()) == again


def test_a_lock_on_what_the_group_excludes_is_reported_and_left_out(alliance: Alliance) -> None:
    alliance.group("ana", region_code="paderborn")
    alliance.add(
        models.PairWish(
            **rows.stamped(
                apprentice_id=alliance.id_of("ana"), window_id=alliance.windows["Leipzig"].id,
                wish="lock", reason="promised", made_by=alliance.admin.id,
            )
        )
    )  # fmt: skip
    done = alliance.run()
    with transaction(alliance.engine, writes=False) as session:
        left_out = rounds.files(session, done.id).left_out
    assert [lock["why"] for lock in left_out] == ["the travel group goes elsewhere"]
    assert alliance.live()["ana"] in ("Paderborn", "Delbrück")


class Half:
    """A round that is computed and not yet written, of a class to Paderborn and two others."""

    def __init__(self, alliance: Alliance) -> None:
        self.alliance = alliance
        self.worker = Worker("w-1", rows.ids(9), lambda: rows.NOW)
        self.group = alliance.group("ana", "blanca", region_code="paderborn")
        with transaction(alliance.engine) as session:
            self.round = rounds.ask_for(
                session, alliance.call.code, RoundKind.PROPOSING, by=None, worker=self.worker
            )
            store.rounds.take_round(session, "w-1", rows.NOW, rows.NOW + rounds.LEASE)
        self.found = alliance.snapshot()
        self.problem = to_problem(self.found, rows.NOW.date())

    def written(self) -> tuple[list[str], dict[str, int]]:
        """Who has a proposal now, and what was dropped."""
        with transaction(self.alliance.engine) as session:
            done = rounds.write(
                session, self.round.id, self.worker, self.found, self.problem,
                matcher.propose(self.problem),
            )  # fmt: skip
            dropped = done.dropped
        return sorted(self.alliance.live()), dropped


@pytest.fixture
def half(alliance: Alliance) -> Half:
    return Half(alliance)


def test_a_round_over_groups_that_stay_as_they_are_drops_nothing(half: Half) -> None:
    assert half.written() == (["ana", "blanca", "carla", "diego"], {})


@pytest.mark.parametrize("change", [{"town": "Delbrück"}, {"split_at": rows.NOW}])
def test_members_of_a_group_that_changed_meanwhile_are_left_out(
    half: Half, change: dict[str, Any]
) -> None:
    half.alliance.edit(half.group, **change)
    assert half.written() == (["carla", "diego"], {"changed": 2})


def test_who_came_into_a_group_meanwhile_is_left_out(half: Half) -> None:
    half.alliance.group("carla", region_code="leipzig")
    assert half.written() == (["ana", "blanca", "diego"], {"changed": 1})


def test_who_left_a_group_meanwhile_is_left_out(half: Half) -> None:
    with transaction(half.alliance.engine) as session:
        member = store.groups.member(session, half.group.id, half.alliance.id_of("ana"))
        session.delete(member)
    assert half.written() == (["blanca", "carla", "diego"], {"changed": 1})


def test_a_call_that_changed_meanwhile_gets_nobody(half: Half) -> None:
    half.alliance.edit(half.alliance.call, stays_to=datetime.date(2027, 3, 15))
    assert half.written() == ([], {"changed": 4})
