"""Suggestions, explanations, alternatives, and what the last round left open."""

import datetime
import json
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

import matcher
import models
from api import chain, store
from api.database import transaction
from api.services.problems import to_problem
from tests import rows, sealing
from tests.api.alliance import NOW, Alliance
from tests.api.decided import V1, asked_company, kind, placed, post


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def get(alliance: Alliance, who: str, path: str, **query: Any) -> Any:
    return alliance.client(who).get(f"{V1}{path}", params={"call": "2027"} | query)


def set_to(session: Session, name: str, value: Any) -> None:
    session.add(models.Setting(**rows.stamped(name=name, revision=1, value=value)))


def test_suggestions_say_where_and_why(alliance: Alliance) -> None:
    for who in ("aino", "sending"):
        answer = get(alliance, who, "/suggestions", apprentice=str(alliance.aino.id)).json()
        best = answer["items"][0]
        assert {one["work"]["company"] for one in answer["items"]} == {"Werkstatt", "Dreherei"}
        assert (best["eligible"], best["rank"], best["work"]["hours_start"]) == (2, 1, "08:00")
        assert best["reason"].startswith("Same occupation")
        assert round(sum(part["points"] for part in best["parts"]), 3) == best["score"]
    assert get(alliance, "aino", "/suggestions").json() == answer
    assert kind(get(alliance, "sending", "/suggestions")) == (422, "apprentice-missing")
    unknown = get(alliance, "aino", "/suggestions", call="1999")
    assert kind(unknown) == (404, "no-such-call")


def test_a_row_that_the_rules_cannot_read_is_no_failure_of_the_service(
    alliance: Alliance,
) -> None:
    with transaction(alliance.engine) as session:
        session.get_one(models.Apprentice, alliance.aino.id).languages = {"en": "fluent"}
    answer = get(alliance, "aino", "/suggestions")
    assert kind(answer) == (409, "unreadable-rows")
    assert "fluent" not in answer.text


def test_apprentices_see_suggestions_as_the_setting_says(alliance: Alliance) -> None:
    def seen() -> list[int]:
        return [
            get(alliance, "aino", "/suggestions").status_code,
            get(alliance, "aino", "/explanations", offer=str(alliance.offer.id)).status_code,
            get(alliance, "sending", "/suggestions", apprentice=str(alliance.aino.id)).status_code,
        ]

    with transaction(alliance.engine) as session:
        for row in session.exec(select(models.Enrolment)):
            row.status = models.EnrolmentStatus.WAITING
    assert seen() == [403, 403, 200]
    with transaction(alliance.engine) as session:
        set_to(session, "suggestions_visible", "always")
    assert seen() == [200, 200, 200]
    with transaction(alliance.engine) as session:
        session.exec(select(models.Setting)).one().value = "never"
    assert seen() == [403, 403, 200]
    assert kind(get(alliance, "aino", "/suggestions"))[1] == "suggestions-hidden"


def test_an_explanation_names_every_refusing_rule_and_what_would_open_it(
    alliance: Alliance,
) -> None:
    with transaction(alliance.engine) as session:
        session.get_one(models.Offer, alliance.offer.id).languages = {"en": "C1"}
        late = rows.window(
            alliance.offer, available_from=datetime.date(2029, 1, 1),
            available_to=datetime.date(2029, 3, 1),
        )  # fmt: skip
        session.add(late)
    who, offer = str(alliance.aino.id), str(alliance.offer.id)
    now, outside = get(alliance, "sending", "/explanations", apprentice=who, offer=offer).json()[
        "items"
    ]
    assert (now["possible"], now["failing"], now["how"]) == (
        False, [{"rule": "language", "text": "language below the level asked for", "sources": []}],
        "reach English C1",
    )  # fmt: skip
    assert (now["changes"][0]["rule"], now["forbidden"]) == ("language", False)
    assert ([one["rule"] for one in outside["failing"]], outside["changes"]) == (["dates"], None)
    other = str(alliance.other_offer.id)
    (fits,) = get(alliance, "aino", "/explanations", offer=other).json()["items"]
    assert (fits["possible"], fits["forbidden"], fits["days"]) == (True, None, 56)
    with transaction(alliance.engine) as session:
        session.get_one(models.Offer, alliance.other_offer.id).status = models.OfferStatus.DRAFT
    assert kind(get(alliance, "aino", "/explanations", offer=other)) == (404, "no-such-offer")


def test_nobody_learns_from_an_explanation_of_a_proposal_before_their_turn(
    alliance: Alliance,
) -> None:
    refused = rows.proposal(alliance.call, alliance.aino, alliance.window, status="rejected",
                            reason="doubts_about_host")  # fmt: skip
    with transaction(alliance.engine) as session:
        session.add(refused)
    who, offer = str(alliance.aino.id), str(alliance.offer.id)
    own = get(alliance, "aino", "/explanations", offer=offer)
    assert "declined" not in own.text
    assert own.json()["items"][0]["failing"] == [
        {"rule": "not_suitable", "text": "not suitable", "sources": []}
    ]
    asked = get(alliance, "sending", "/explanations", apprentice=who, offer=offer).json()
    assert asked["items"][0]["failing"][0]["rule"] == "declined"


def test_alternatives_are_other_windows_for_the_sending_side(alliance: Alliance) -> None:
    url = f"/proposals/{asked_company(alliance)}"
    with transaction(alliance.engine) as session:
        session.get_one(models.OfferWindow, alliance.window.id).places = 2
    found = alliance.client("sending").get(f"{V1}{url}/alternatives").json()
    for part in ("items", "same_dates"):
        assert [one["work"]["company"] for one in found[part]] == ["Dreherei"], part
    early = alliance.client("sending").get(f"{V1}{url}/other-hosts")
    assert kind(early) == (409, "not-now")


def test_other_hosts_follow_on_a_cancelled_placement(alliance: Alliance) -> None:
    proposal, placement = placed(alliance)
    url, client = f"{V1}/proposals/{proposal}/other-hosts", alliance.client("sending")
    assert client.get(url).status_code == 409
    assert post(client, f"/placements/{placement}/cancellation", reason="illness").is_success
    found = client.get(url).json()["items"]
    assert {(one["shift"], one["work"]["company"], "score" in one) for one in found} == {
        (0, "Dreherei", True), (0, "Werkstatt", True),
    }  # fmt: skip


def a_done_round(alliance: Alliance) -> None:
    """A round in which nobody fits, for Eetu's hard need and the language."""
    with transaction(alliance.engine) as session:
        for offer in (alliance.offer, alliance.other_offer):
            session.get_one(models.Offer, offer.id).languages = {"fr": "B1"}
        sealing.needing(session, alliance.eetu.id, needs={"STEP_FREE_ACCESS": "hard"})
        store_round(session, alliance, "preview")


def store_round(session: Session, alliance: Alliance, kind: str, **changes: Any) -> None:
    """What the engine makes of the alliance as it is, with these parts of the result replaced."""
    found = store.snapshots.snapshot(session, alliance.call.id)
    problem = to_problem(found, NOW.date())
    result = json.loads(matcher.propose(problem).to_json()) | changes
    row = rows.changing(call_id=alliance.call.id, kind=kind, status="done", finished_at=NOW)
    files = chain.vault_of(session).pack_round(
        row["id"], json.loads(problem.to_json()), result, {"left_out": []}
    )
    session.add(models.Round(**row, files=files))


def test_the_last_round_says_who_has_no_place_to_their_region_alone(alliance: Alliance) -> None:
    assert get(alliance, "sending", "/unmatched").json() == {
        "round": None, "items": [], "next": None,
    }  # fmt: skip
    a_done_round(alliance)
    page = get(alliance, "sending", "/unmatched", limit=2).json()
    rest = get(alliance, "sending", "/unmatched", after=page["next"]).json()
    items = page["items"] + rest["items"]
    assert (page["round"]["kind"], len(page["items"]), rest["next"]) == ("preview", 2, None)
    assert {one["first_name"] for one in items} == {"Aino", "Eetu", "Leena"}
    one = items[0]
    assert (one["reason"], one["has_place"]) == ("no_eligible_offer", False)
    assert one["excluded_by"] == {"language": 2}
    assert one["text"] == "No offer is possible: language below the level asked for 2."
    assert one["nearest"][0]["failing"][0]["rule"] == "language"
    assert get(alliance, "stranger", "/unmatched").json()["items"] == []


def test_idle_offers_tell_hosts_one_figure_and_no_names(alliance: Alliance) -> None:
    a_done_round(alliance)
    answer = get(alliance, "hosting", "/idle-offers", limit=1)
    after = get(alliance, "hosting", "/idle-offers", after=answer.json()["next"])
    (one,), (two,) = answer.json()["items"], after.json()["items"]
    assert (one["excluded_by"], one["text"]) == ({"not_suitable": 3}, "not suitable 3")
    assert {one["work"]["company"], two["work"]["company"]} == {"Werkstatt", "Dreherei"}
    assert "eligible" not in one
    for hidden in ("language", "STEP_FREE", "hard_needs", "Aino", str(alliance.eetu.id)):
        assert hidden not in answer.text + after.text
    assert get(alliance, "sending", "/idle-offers").json()["items"] == []


def test_who_got_a_full_place_is_not_told(alliance: Alliance) -> None:
    full = {"offer": str(alliance.window.id), "full": "offer", "standing": 51.5, "lowest": 87.25,
            "margin": 35.75}  # fmt: skip
    alone = {"apprentice": str(alliance.aino.id), "reason": "offers_full", "excluded_by": {},
             "nearest": [], "full": [full]}  # fmt: skip
    with transaction(alliance.engine) as session:
        store_round(session, alliance, "proposing", unmatched=[alone])
    answer = get(alliance, "sending", "/unmatched")
    assert [one["full"] for one in answer.json()["items"][0]["full"]] == ["offer"]
    for hidden in ("51.5", "87.25", "35.75"):
        assert hidden not in answer.text
