"""People under age: nobody who answers for them, and the law behind a refusal."""

import datetime
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.services import by_hand, proposals
from models import Answer, Party
from tests.api.alliance import Alliance
from tests.api.decided import V1, kind, post
from tests.api.test_reason_routes import store_round

PAPER = {"party": "guardian", "answer": "yes", "channel": "paper", "heard_from": "Kaisa",
         "heard_on": "2027-01-14"}  # fmt: skip


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def of_eetu(alliance: Alliance, *, named: bool = False) -> Any:
    """Eetu's proposal, of which he is asked next; nobody answers for him unless `named`."""
    with transaction(alliance.engine) as session:
        if not named:
            session.delete(session.get_one(models.User, alliance.users["guardian"].id))
            session.flush()
            session.delete(session.get_one(models.Guardian, alliance.guardian.id))
        case = by_hand.propose(
            session, alliance.caller("sending"), alliance.call.id, alliance.eetu.id,
            alliance.window.id, override_reason="so",
        )  # fmt: skip
        for who, party in (("sending", Party.SENDING_COORDINATOR),
                           ("hosting", Party.HOSTING_COORDINATOR)):  # fmt: skip
            proposals.answer(session, alliance.caller(who), case, party, Answer.YES)
        return case.proposal.id


def missing(alliance: Alliance) -> tuple[int | None, list[bool], int]:
    """What waits, what the list says of each, and how many the narrowed list has."""
    sending = alliance.client("sending")
    listed = sending.get(f"{V1}/proposals").json()["items"]
    narrowed = sending.get(f"{V1}/proposals?guardian_missing=true").json()["items"]
    besides = sending.get(f"{V1}/proposals?guardian_missing=false").json()["items"]
    assert len(narrowed) + len(besides) == len(listed)
    return (
        sending.get(f"{V1}/waiting").json()["guardians_missing"],
        [one["guardian_missing"] for one in listed], len(narrowed),
    )  # fmt: skip


def test_a_coordinator_sees_for_whom_nobody_can_say_yes(alliance: Alliance) -> None:
    named = of_eetu(alliance)
    assert missing(alliance) == (1, [True], 1)
    for who, count in (("hosting", 0), ("stranger", 0), ("tutor", None), ("eetu", None)):
        answer = alliance.client(who).get(f"{V1}/waiting").json()
        assert answer["guardians_missing"] == count, who
    for value in ("true", "false"):
        others = alliance.client("hosting").get(f"{V1}/proposals?guardian_missing={value}")
        assert others.json() == {"items": [], "next": None}
    for who in ("tutor", "eetu", "company"):
        refused = alliance.client(who).get(f"{V1}/proposals?guardian_missing=true")
        assert kind(refused)[0] == 403
    with transaction(alliance.engine) as session:
        case = proposals.load(session, named)
        proposals.answer(session, alliance.caller("eetu"), case, Party.APPRENTICE, Answer.YES)
    sending = alliance.client("sending")
    view = sending.get(f"{V1}/proposals/{named}").json()
    assert (view["status"], view["waiting_for"]) == ("asked", ["guardian"])
    answer = post(sending, f"/proposals/{named}/recorded-answer", **PAPER).json()
    assert (answer["waiting_for"], answer["guardian_missing"]) == (["company"], False)
    assert missing(alliance) == (0, [False], 0)


def test_a_guardian_on_record_or_the_day_of_majority_is_enough(alliance: Alliance) -> None:
    of_eetu(alliance)
    with transaction(alliance.engine) as session:
        person = session.get_one(models.Apprentice, alliance.eetu.id)
        person.birth_date = datetime.date(2009, 3, 1)
    assert missing(alliance) == (0, [False], 0)
    with transaction(alliance.engine) as session:
        person = session.get_one(models.Apprentice, alliance.eetu.id)
        person.birth_date = datetime.date(2009, 3, 2)
    assert missing(alliance) == (1, [True], 1)
    name = {"name": "Pekka"}
    sending = alliance.client("sending")
    sending.post(f"{V1}/apprentices/{alliance.eetu.id}/guardians", json=name)
    assert missing(alliance) == (0, [False], 0)


def test_a_refusal_by_age_names_the_law_of_both_countries_and_how_certain_it_is(
    alliance: Alliance,
) -> None:
    """Eetu is 17 and from Finland, the bakery in Germany; its shift ends at 22:30."""
    with transaction(alliance.engine) as session:
        offer = session.get_one(models.Offer, alliance.offer.id)
        offer.hours_start, offer.hours_end = "15:00", "22:30"
        offer.tasks, offer.min_age = ["FORKLIFT"], 19
    where = f"apprentice={alliance.eetu.id}&offer={alliance.offer.id}"
    sending = alliance.client("sending")
    (said,) = sending.get(f"{V1}/explanations?call=2027&{where}").json()["items"]
    laws = {one["rule"]: one["sources"] for one in said["failing"]}
    assert laws["minimum_age"] == []
    assert [one["law"] for one in laws["hazards"]] == ["hazards FORKLIFT"]
    assert laws["working_time"] == [
        {"law": "working_time DE 16", "source": "JArbSchG §§ 8 13 14 15",
         "checked_on": "2026-11-22", "certainty": "V", "uncertain": False},
        {"law": "working_time FI 15", "source": "Young Workers' Act 998/1993 (Finland)",
         "checked_on": "2026-11-22", "certainty": "V", "uncertain": False},
    ]  # fmt: skip
    assert [(one["certainty"], one["uncertain"]) for one in laws["hazards"]] == [("I", True)]
    pair = {"call_id": str(alliance.call.id), "apprentice_id": str(alliance.eetu.id),
            "window_id": str(alliance.window.id)}  # fmt: skip
    refused = sending.post(f"{V1}/proposals", json=pair)
    assert kind(refused) == (422, "rule-refuses")
    assert refused.json()["sources"] == laws
    wish = {"wish": "lock", "reason": "so"}
    path = f"{V1}/apprentices/{alliance.eetu.id}/wishes/{alliance.window.id}"
    assert sending.put(path, json=wish, headers={"If-Match": "*"}).json()["sources"] == laws


def test_the_law_is_that_for_the_age_on_the_days_in_question(alliance: Alliance) -> None:
    """Eetu is 15 when both windows open, and 16 when the stay of the proposal begins."""
    with transaction(alliance.engine) as session:
        offer = session.get_one(models.Offer, alliance.offer.id)
        offer.hours_start, offer.hours_end = "15:00", "22:30"
        person = session.get_one(models.Apprentice, alliance.eetu.id)
        person.birth_date = datetime.date(2011, 4, 1)
    sending = alliance.client("sending")
    where = f"apprentice={alliance.eetu.id}&offer={alliance.offer.id}"
    (said,) = sending.get(f"{V1}/explanations?call=2027&{where}").json()["items"]
    (hours,) = (one for one in said["failing"] if one["rule"] == "working_time")
    pair = {"call_id": str(alliance.call.id), "apprentice_id": str(alliance.eetu.id),
            "window_id": str(alliance.window.id), "first_day": "2027-05-03",
            "last_day": "2027-06-20"}  # fmt: skip
    later = sending.post(f"{V1}/proposals", json=pair).json()["sources"]["working_time"]
    assert [{one["law"][-5:] for one in some} for some in (hours["sources"], later)] == [
        {"DE 15", "DE 16", "FI 15"}, {"DE 16", "FI 15"},
    ]  # fmt: skip


def test_no_law_is_named_for_what_is_no_law(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.get_one(models.Offer, alliance.offer.id).languages = {"en": "C2"}
    pair = {"call_id": str(alliance.call.id), "apprentice_id": str(alliance.eetu.id),
            "window_id": str(alliance.window.id)}  # fmt: skip
    refused = alliance.client("sending").post(f"{V1}/proposals", json=pair).json()
    assert (refused["rules"], refused["sources"]) == (["language"], {})


def test_who_stayed_without_a_place_reads_the_law_too(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        for offer in (alliance.offer, alliance.other_offer):
            session.get_one(models.Offer, offer.id).tasks = ["LONE_WORK"]
        store_round(session, alliance, "preview")
    items = alliance.client("sending").get(f"{V1}/unmatched?call=2027").json()["items"]
    (eetu,) = (one for one in items if one["first_name"] == "Eetu")
    assert {
        (rule["rule"], law["law"]) for near in eetu["nearest"] for rule in near["failing"]
        for law in rule["sources"]
    } == {("hazards", "hazards LONE_WORK")}  # fmt: skip
    assert len(eetu["nearest"]) == 2
