"""Lists of proposals: narrowed, sorted, a page at a time; and what nobody learns from them."""

import datetime
import uuid
from typing import Any

import pytest
from sqlalchemy import Engine, event

import models
from api.cursor import pack
from api.database import transaction
from models import Party
from tests import rows, sealing
from tests.api.alliance import NOW, Alliance

URL = "/api/v1/proposals"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def asked(proposal: models.Proposal, *parties: Party) -> list[models.Approval]:
    """Everybody of these but the last has said yes."""
    return [
        models.Approval(**rows.changing(
            proposal_id=proposal.id, party=party, asked_at=NOW,
            **({} if party == parties[-1] else
               {"answer": "yes", "answered_at": NOW, "channel": "account"}),
        ))
        for party in parties
    ]  # fmt: skip


def three(alliance: Alliance) -> list[models.Proposal]:
    """Aino's is on hold, Eetu's waits for the company, Leena's is as a round made it."""
    a_round = models.Round(**rows.changing(
        call_id=alliance.call.id, kind="proposing", status="failed", failure="no"
    ))  # fmt: skip
    made = [
        rows.proposal(alliance.call, who, alliance.other_window, **values)
        for who, values in (
            (alliance.aino, {"status": "on_hold", "held_for": ["language"],
                             "created_at": NOW + DAY}),
            (alliance.eetu, {"status": "asked", "deadline": NOW + 3 * DAY,
                             "created_at": NOW + 2 * DAY}),
            (alliance.leena, {"round_id": a_round.id}),
        )
    ]  # fmt: skip
    order = (Party.SENDING_COORDINATOR, Party.HOSTING_COORDINATOR, Party.APPRENTICE,
             Party.GUARDIAN, Party.COMPANY)  # fmt: skip
    with transaction(alliance.engine) as session:
        session.add(a_round)
        session.flush()
        session.add_all(made)
        session.flush()
        sealing.detailed(session, made[0], score=50.0, held_for=["language"])
        sealing.detailed(session, made[1], score=70.0)
        sealing.detailed(session, made[2], score=70.0, parts=[{"x": "y"}])
        session.add_all([*asked(made[0], *order), *asked(made[1], *order)])
        session.get_one(models.OfferWindow, alliance.other_window.id).taken = 3
        session.get_one(models.FundedPlaces, alliance.funded.id).taken = 3
    return made


def ids(alliance: Alliance, who: str, **query: Any) -> list[str]:
    answer = alliance.client(who).get(URL, params=query)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


def test_a_list_is_narrowed_by_what_its_reader_is_shown(alliance: Alliance) -> None:
    aino, eetu, leena = (str(one.id) for one in three(alliance))
    for query, expected in (
        ({}, {aino, eetu, leena}),
        ({"call": "2027"}, {aino, eetu, leena}),
        ({"call": "2028"}, set()),
        ({"sending_region": "savonlinna", "hosting_region": "paderborn"}, {aino, eetu, leena}),
        ({"hosting_region": "savonlinna"}, set()),
        ({"status": ["asked", "on_hold"]}, {aino, eetu}),
        ({"waiting_for": "company"}, {eetu}),
        ({"waiting_for": "sending_coordinator"}, {leena}),
        ({"waiting_for": "apprentice"}, set()),
        ({"waiting_for_me": "true"}, {leena}),
        ({"question_open": "true"}, set()),
        ({"question_open": "false"}, {aino, eetu, leena}),
        ({"apprentice": str(alliance.leena.id)}, {leena}),
        ({"company": str(alliance.company.id)}, set()),
        ({"company": str(alliance.other.id), "on_hold": "false"}, {eetu, leena}),
        ({"on_hold": "true"}, {aino}),
        ({"round": str(uuid.uuid4())}, set()),
        ({"deadline_before": "2027-01-18T09:00:01Z"}, {eetu}),
        ({"deadline_before": "2027-01-18T09:00:00Z"}, set()),
    ):
        assert set(ids(alliance, "sending", **query)) == expected, query
    assert set(ids(alliance, "hosting")) == {aino, eetu}
    assert set(ids(alliance, "other", waiting_for="company")) == {eetu}
    assert set(ids(alliance, "other", waiting_for_me="true")) == {eetu}
    for who in ("hosting", "aino", "tutor"):  # nobody waits for these
        assert ids(alliance, who, waiting_for_me="true") == [], who


def test_an_open_question_is_told_to_those_who_may_read_it(alliance: Alliance) -> None:
    _, eetu, _ = three(alliance)
    question = models.Question(
        **rows.changing(proposal_id=eetu.id, kind="question", text="Has Eetu shoes?")
    )
    with transaction(alliance.engine) as session:
        session.add(question)
    for who in ("sending", "hosting", "other"):
        assert ids(alliance, who, question_open="true") == [str(eetu.id)]
    for who in ("tutor", "eetu", "guardian"):
        refused = alliance.client(who).get(URL, params={"question_open": "true"})
        assert refused.status_code == 403
    with transaction(alliance.engine) as session:
        row = session.get_one(models.Question, question.id)
        row.answer, row.answered_at, row.answered_by = "Yes", NOW, alliance.users["sending"].id
    assert ids(alliance, "sending", question_open="true") == []


@pytest.mark.parametrize("sort", ["id", "turn", "deadline", "-score", "created"])
def test_each_order_goes_on_where_a_page_ended(alliance: Alliance, sort: str) -> None:
    aino, eetu, leena = (str(one.id) for one in three(alliance))
    first, second = sorted([aino, leena])
    whole = {
        "id": sorted([aino, eetu, leena]),
        "deadline": [eetu, first, second],
        "-score": [*sorted([eetu, leena]), aino],
        "created": [leena, aino, eetu],
        "turn": [leena, *sorted([aino, eetu])],
    }[sort]
    seen: list[str] = []
    query: dict[str, Any] = {"sort": sort, "limit": 1}
    for _ in whole:
        page = alliance.client("sending").get(URL, params=query).json()
        seen += [one["id"] for one in page["items"]]
        query["after"] = page["next"]
    assert (seen, query["after"]) == (whole, None)


def test_no_list_tells_of_scores_or_rounds_of_others(alliance: Alliance) -> None:
    three(alliance)
    a_round = str(uuid.uuid4())
    assert ids(alliance, "hosting", sort="-score") == []
    for who in ("other", "tutor", "aino", "guardian"):
        for query in ({"sort": "-score"}, {"round": a_round}):
            answer = alliance.client(who).get(URL, params=query)
            assert (answer.status_code, answer.json()["type"]) == (
                403, "urn:doallvet:not-shown-to-you",
            ), (who, query)  # fmt: skip
    for query in ({"apprentice": str(alliance.eetu.id)}, {"sending_region": "savonlinna"}):
        assert alliance.client("other").get(URL, params=query).status_code == 403


def test_a_broken_cursor_and_unknown_words_are_refused(alliance: Alliance) -> None:
    client, number = alliance.client("sending"), uuid.uuid4()
    for after in (
        "x", "é", "", "W10", str(number), pack("id", number, number), pack("-score", "nan", number),
        pack("-score", 1.0, number)[:-4], pack("created", "9999-12-31T23:59:59-12:00", number),
    ):  # fmt: skip
        answer = client.get(URL, params={"after": after, "sort": "-score"})
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:doallvet:bad-cursor")
    for query in (
        {"sort": "score"}, {"status": "gone"}, {"call": "a\0b"}, {"colour": "red"},
        {"deadline_before": "2027-01-18T09:00:00"}, {"limit": 201},
        {"deadline_before": "9999-12-31T23:59:59-12:00"},
    ):  # fmt: skip
        assert client.get(URL, params=query).status_code == 422, query


def statements(alliance: Alliance, who: str, **query: Any) -> int:
    client, counted = alliance.client(who), 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    event.listen(alliance.engine, "before_cursor_execute", count)
    try:
        assert client.get(URL, params=query).status_code == 200
    finally:
        event.remove(alliance.engine, "before_cursor_execute", count)
    return counted


def test_three_proposals_take_as_many_statements_as_one(alliance: Alliance) -> None:
    three(alliance)
    one, two, all_of_them = (statements(alliance, "sending", limit=limit) for limit in (1, 2, 3))
    assert one == two == all_of_them
    assert statements(alliance, "hosting", limit=1) == statements(alliance, "hosting", limit=2)


def test_a_proposal_is_kept_and_a_settled_reason_lets_a_pair_come_back(alliance: Alliance) -> None:
    _, _, leena = three(alliance)
    client, any_version = alliance.client("sending"), {"If-Match": "*"}
    url = f"{URL}/{leena.id}"
    kept = client.put(f"{url}/kept", json={"kept": True}, headers=any_version)
    assert (kept.status_code, kept.json()["kept"]) == (200, True)
    old = client.put(f"{url}/kept", json={"kept": False}, headers={"If-Match": '"1"'})
    assert old.status_code == 412
    early = client.post(f"{url}/reason-resolved", headers=any_version)
    assert (early.status_code, early.json()["type"]) == (409, "urn:doallvet:not-now")
    no = {"answer": "no", "reason": "distance"}
    assert client.post(f"{url}/answer", json=no, headers=any_version).status_code == 200
    assert client.post(f"{url}/reason-resolved", headers=any_version).status_code == 200
    with transaction(alliance.engine, writes=False) as session:
        assert session.get_one(models.Proposal, leena.id).reason_resolved_at == NOW


def test_a_reason_is_a_code_and_a_deadline_has_a_time_zone(alliance: Alliance) -> None:
    made = three(alliance)[1]
    client, any_version = alliance.client("sending"), {"If-Match": "*"}
    sentence = {"reason": "Eetu has a broken leg"}
    url = f"{URL}/{made.id}"
    assert client.post(f"{url}/withdrawal", json=sentence, headers=any_version).status_code == 422
    for deadline, status in (("2027-03-01T10:00:00", 422), ("2027-03-01T10:00:00+01:00", 200)):
        answer = client.post(f"{url}/deadline", json={"deadline": deadline}, headers=any_version)
        assert answer.status_code == status
