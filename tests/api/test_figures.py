"""Figures of a call: exact for one's own region, no small numbers of others."""

import datetime

import pytest
from sqlalchemy import Engine

import models
from api import store
from api.database import transaction
from api.policy import Scope
from api.services import figures
from models.figure_views import Counted
from tests import rows
from tests.api.alliance import Alliance
from tests.api.decided import placed
from tests.api.roles import a_proposal
from tests.api.roles.decisions import asked


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def flows(alliance: Alliance, who: str) -> list[dict[str, object]]:
    answer = alliance.client(who).get("/api/v1/figures/flows", params={"call": "2027"})
    return list(answer.json()["flows"])


def counted(low: int, high: int | None = None) -> dict[str, int]:
    return {"low": low, "high": low if high is None else high}


def test_a_placement_is_a_flow_exactly_for_both_sides_and_roughly_for_others(
    alliance: Alliance,
) -> None:
    placed(alliance)
    flow = {"sending": "savonlinna", "hosting": "paderborn", "asked": counted(0)}
    for who in ("sending", "hosting", "admin"):
        assert flows(alliance, who) == [flow | {"placed": counted(1)}]
    assert flows(alliance, "stranger") == [flow | {"placed": counted(1, 4)}]


def test_the_balance_is_the_sum_of_the_flows_as_they_are_told(alliance: Alliance) -> None:
    placed(alliance)
    for who, seen in (("sending", counted(1)), ("stranger", counted(1, 4))):
        answer = alliance.client(who).get("/api/v1/figures/balance", params={"call": "2027"})
        told = {one["region"]: (one["sent"], one["hosted"]) for one in answer.json()["balance"]}
        assert told == {
            "savonlinna": (seen, counted(0)), "paderborn": (counted(0), seen),
            "lublin": (counted(0), counted(0)),
        }  # fmt: skip


def test_a_proposal_is_in_no_figure_before_others_than_coordinators_know_of_it(
    alliance: Alliance,
) -> None:
    a_proposal(alliance)
    assert flows(alliance, "hosting") == flows(alliance, "admin") == []


def test_nor_while_only_coordinators_are_asked(alliance: Alliance) -> None:
    identity = asked(alliance, 1)["proposal_id"]
    with transaction(alliance.engine) as session:
        session.get_one(models.Proposal, identity).status = models.ProposalStatus.ON_HOLD
    assert flows(alliance, "hosting") == flows(alliance, "admin") == []


def test_who_is_asked_is_a_flow_and_who_was_cancelled_is_none(alliance: Alliance) -> None:
    asked(alliance)
    (flow,) = flows(alliance, "hosting")
    assert (flow["placed"], flow["asked"]) == (counted(0), counted(1))


def test_a_cancelled_placement_is_no_flow(alliance: Alliance) -> None:
    _, placement = placed(alliance)
    answer = alliance.client("sending").post(
        f"/api/v1/placements/{placement}/cancellation", json={"reason": "illness"},
        headers={"If-Match": "*"},
    )  # fmt: skip
    assert answer.is_success, answer.text
    assert flows(alliance, "admin") == []


@pytest.mark.parametrize(
    ("count", "exactly", "seen"),
    [(0, False, (0, 0)), (1, False, (1, 4)), (4, False, (1, 4)), (5, False, (5, 5)),
     (1, True, (1, 1))],
)  # fmt: skip
def test_fewer_than_five_people_of_others_are_not_told(
    count: int, exactly: bool, seen: tuple[int, int]
) -> None:
    assert figures.as_seen(count, exactly=exactly) == Counted(low=seen[0], high=seen[1])


def test_places_and_people_count_in_each_month_in_which_they_can_be_there(
    alliance: Alliance,
) -> None:
    """Windows with 1 and 3 places from March to July; three people from March to June."""
    with transaction(alliance.engine) as session:
        alone = rows.apprentice(
            rows.centre(alliance.third, code="lublin-1", name="Lublin 1"), key="pl-01",
            available_from=datetime.date(2027, 6, 30), occupations=["5120"],
        )  # fmt: skip
        alone.available_to = datetime.date(2027, 7, 1)
        school = rows.centre(alliance.third, code="lublin-2", name="Lublin 2")
        alone.centre_id = school.id
        enrolled = models.Enrolment(
            **rows.changing(call_id=alliance.call.id, apprentice_id=alone.id, status="selected")
        )
        store.rows.add_in_order(session, [school, alone, enrolled])
    with transaction(alliance.engine, writes=False) as session:
        call = session.get_one(models.Call, alliance.call.id)
        own = alliance.sends.id
        exact = figures.months(session, call, Scope.ALL, None).months
        seen = figures.months(session, call, Scope.EITHER_SIDE, own).months
    found = {
        (one.month.month, one.sector): (one.places, one.people.low)
        for one in exact if one.places or one.people.low
    }  # fmt: skip
    metal = dict.fromkeys((3, 4, 5, 6), (4, 3)) | {7: (4, 0)}
    assert found == {(month, "INDUSTRY_40"): both for month, both in metal.items()} | {
        (6, "TOURISM"): (0, 1), (7, "TOURISM"): (0, 1),
    }  # fmt: skip
    told = {(one.month.month, one.sector): one.people for one in seen}
    assert told[6, "TOURISM"] == Counted(low=1, high=4)
    assert told[6, "INDUSTRY_40"] == Counted(low=3, high=3)


def test_months_go_from_the_first_day_to_the_last_and_end_at_two_years() -> None:
    day = datetime.date
    assert figures.months_of(day(2027, 12, 31), day(2028, 2, 1)) == [
        (day(2027, 12, 1), day(2027, 12, 31)), (day(2028, 1, 1), day(2028, 1, 31)),
        (day(2028, 2, 1), day(2028, 2, 29)),
    ]  # fmt: skip
    assert len(figures.months_of(day(2027, 1, 1), day(2040, 1, 1))) == 24
    assert len(figures.months_of(day(9999, 12, 1), day.max)) == 1


def test_the_newest_open_call_is_shown_where_none_is_chosen(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.add(rows.call(code="2028", stays_from=datetime.date(2028, 2, 1),
                              stays_to=datetime.date(2028, 3, 1)))  # fmt: skip
    with transaction(alliance.engine, writes=False) as session:
        found = figures.call_of(session, None)
    assert found is not None
    assert found.code == "2027"  # the later one is a draft
