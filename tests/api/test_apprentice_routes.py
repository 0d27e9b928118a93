"""Apprentices over HTTP: who knows what, who changes what, and what an edit does."""

import datetime
import uuid
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.services import pairs, settings
from models import ApprenticeProfile, ApprenticeRecord
from tests import sealing
from tests.api.alliance import Alliance
from tests.api.decided import kind
from tests.api.editing import ANY, V1, agreed, edit, faults, last_audit, standing
from tests.api.roles.apprentices import PERSON

NOT_THEIRS = (422, "not-their-need")


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def needing(alliance: Alliance, who: models.Apprentice) -> None:
    with transaction(alliance.engine) as session:
        sealing.needing(session, who.id, needs={"QUIET_SPACE": "soft"}, fewer_opportunities=True)


def test_who_is_shown_whom_and_never_what_somebody_needs(alliance: Alliance) -> None:
    needing(alliance, alliance.eetu)
    listed = {
        who: alliance.client(who).get(f"{V1}/apprentices")
        for who in ("sending", "tutor", "hosting", "stranger", "aino", "eetu", "guardian")
    }
    assert {who: len(one.json()["items"]) for who, one in listed.items()} == {
        "sending": 3, "tutor": 3, "hosting": 0, "stranger": 0, "aino": 1, "eetu": 1,
        "guardian": 1,
    }  # fmt: skip
    assert not any("QUIET_SPACE" in one.text or "fewer" in one.text for one in listed.values())
    (ward,) = listed["guardian"].json()["items"]
    assert ward["first_name"] == "Eetu"
    assert not {"email", "phone", "employer_email", "interest", "key"} & ward.keys()
    (own,) = listed["aino"].json()["items"]
    assert (own["email"], own["centre"]) == ("aino@example.org", "samiedu")


def test_people_are_looked_for_by_call_status_centre_and_name(alliance: Alliance) -> None:
    client = alliance.client("tutor")
    counts = [
        len(client.get(f"{V1}/apprentices", params=query).json()["items"])
        for query in ({"q": "eet"}, {"q": "FI-0"}, {"q": "_"}, {"call": "2027"},
                      {"call": "2027", "status": "selected"}, {"status": "waiting"},
                      {"call": "2026"}, {"centre": "samiedu"}, {"centre": "other"})
    ]  # fmt: skip
    assert counts == [1, 3, 0, 3, 3, 0, 0, 3, 0]
    seen, after = [], None
    for _ in range(3):
        query = {"limit": 1} | ({"after": after} if after else {})
        page = client.get(f"{V1}/apprentices", params=query).json()
        seen, after = seen + page["items"], page["next"]
    assert (len({one["id"] for one in seen}), after) == (3, None)
    assert alliance.client("aino").get(f"{V1}/apprentices?q=a").status_code == 403
    assert client.get(f"{V1}/apprentices?q=%00").status_code == 422


def test_somebody_is_made_and_changed_by_the_school(alliance: Alliance) -> None:
    client = alliance.client("tutor")
    body: dict[str, Any] = PERSON | {"centre_id": str(alliance.aino.centre_id)}
    made = client.post(f"{V1}/apprentices", json=body)
    assert (made.status_code, made.json()["centre"]) == (201, "samiedu")
    twice = client.post(f"{V1}/apprentices", json=body)
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:doallvet:key-taken")
    nowhere = client.post(f"{V1}/apprentices", json=body | {"centre_id": str(uuid.uuid4())})
    assert (nowhere.status_code, nowhere.json()["type"]) == (404, "urn:doallvet:no-such-centre")
    path = f"/apprentices/{made.json()['id']}"
    changed = edit(client, path, ApprenticeRecord, introduction="Works with care.",
                   not_available=[["2027-05-10", "2027-05-21"]])  # fmt: skip
    assert changed.status_code == 200
    assert changed.json()["not_available"] == [["2027-05-10", "2027-05-21"]]
    assert last_audit(alliance.engine, "apprentice.changed").data == {
        "columns": ["introduction", "not_available"]
    }  # fmt: skip
    again = edit(client, path, ApprenticeRecord)
    assert again.headers["etag"] == changed.headers["etag"]
    stale = client.put(V1 + path, json=PERSON, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert client.put(V1 + path, json=PERSON).status_code == 428


def test_faults_of_a_person_name_fields_and_nothing_personal(alliance: Alliance) -> None:
    client, path = alliance.client("sending"), f"/apprentices/{alliance.aino.id}"
    told = faults(
        edit(client, path, ApprenticeRecord, birth_date="2027-04-05", email="aino at home",
             days_min=70, status="RECENT_GRADUATE",
             not_available=[["2027-05-21", "2027-05-10"]])
    )  # fmt: skip
    assert told == {
        "birth_date": "is not before available_from; right: the day of birth",
        "email": "is no mail address; right: one address, such as name@example.org",
        "days_min": "days_min, days_ideal, days_max are not in order; right: shortest first",
        "graduated_on": "is empty, and the status is RECENT_GRADUATE; right: the day",
        "not_available": "holds a period that ends before it begins; right: first day, last day",
    }
    told = faults(
        edit(client, path, ApprenticeRecord, occupations=["0000"], activity="WALK", status="X",
             destinations=["XX"])
    )  # fmt: skip
    assert told.keys() == {"occupations", "activity", "status", "destinations"}
    for wrong in ("nonsense", str(uuid.uuid4())):
        told = faults(edit(client, path, ApprenticeRecord, excluded_companies=[wrong]))
        assert told == {"excluded_companies": "names a company that is not there"}
    right = [str(alliance.company.id).upper()]
    kept = edit(client, path, ApprenticeRecord, excluded_companies=right)
    assert kept.json()["excluded_companies"] == [str(alliance.company.id)]
    for name, value in (("days_abroad", 10**12), ("first_name", "a\0"), ("outcomes", [1] * 201)):
        answer = edit(client, path, ApprenticeRecord, **{name: value})
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:doallvet:faulty-request")
    assert faults(edit(client, path, ApprenticeRecord, outcomes=[{"x": 1}])).keys() == {"outcomes"}


def test_an_apprentice_changes_own_wishes_and_no_more(alliance: Alliance) -> None:
    client, path = alliance.client("aino"), f"/apprentices/{alliance.aino.id}"
    seen = client.get(V1 + path)
    body = {name: seen.json()[name] for name in ApprenticeProfile.model_fields}
    etag = {"If-Match": seen.headers["etag"]}
    mine = client.put(f"{V1}{path}/profile", json=body | {"destinations": ["DE"]}, headers=etag)
    assert (mine.status_code, mine.json()["destinations"]) == (200, ["DE"])
    for more in ({"introduction": "Best of all"}, {"birth_date": "2000-01-01"}, {"interest": {}}):
        answer = client.put(f"{V1}{path}/profile", json=body | more, headers=ANY)
        assert answer.status_code == 422
    assert client.put(V1 + path, json=PERSON, headers=ANY).status_code == 403
    assert client.get(V1 + path).json()["introduction"] == ""


def test_other_wishes_are_asked_about_again_and_broken_rules_hold(alliance: Alliance) -> None:
    here = agreed(alliance, alliance.eetu, alliance.window)
    other = agreed(alliance, alliance.aino, alliance.other_window)
    client, path = alliance.client("sending"), f"/apprentices/{alliance.eetu.id}"
    assert edit(client, path, ApprenticeRecord, occupations=["7223", "7222"]).status_code == 200
    everybody = {"sending_coordinator", "apprentice", "guardian"}
    assert standing(alliance.engine, here) == ("asked", [], everybody)
    shorter = edit(client, path, ApprenticeRecord, available_to="2027-04-01", days_min=14,
                   days_ideal=14, days_max=20)  # fmt: skip
    assert shorter.status_code == 200
    assert standing(alliance.engine, here)[:2] == ("on_hold", ["dates"])
    fixed = edit(client, path, ApprenticeRecord, activity="GROUP")
    assert (fixed.status_code, fixed.json()["type"]) == (409, "urn:doallvet:activity-fixed")
    assert standing(alliance.engine, other)[0] == "agreed"


def test_needs_are_kept_apart_and_checked(alliance: Alliance) -> None:
    here = agreed(alliance, alliance.eetu, alliance.window)
    client, url = alliance.client("eetu"), f"{V1}/apprentices/{alliance.eetu.id}/needs"
    nothing = client.get(url)
    assert (nothing.json()["needs"], nothing.headers["etag"]) == ({}, '"0"')
    hard = {"needs": {"STEP_FREE_ACCESS": "hard"}, "fewer_opportunities": True}
    assert client.put(url, json=hard, headers={"If-Match": '"1"'}).status_code == 412
    first = client.put(url, json=hard, headers={"If-Match": '"0"'})
    assert (first.status_code, first.json()["version"]) == (200, 1)
    assert standing(alliance.engine, here)[:2] == ("on_hold", ["hard_needs"])
    soft = {"needs": {"STEP_FREE_ACCESS": "soft"}}
    assert client.put(url, json=soft, headers={"If-Match": '"0"'}).status_code == 412
    second = client.put(url, json=soft, headers={"If-Match": '"1"'})
    assert second.json()["version"] == 2
    assert standing(alliance.engine, here)[0] == "agreed"
    noted = last_audit(alliance.engine, "support_needs.changed")
    assert noted.data == {"columns": ["fewer_opportunities", "needs"]}
    told = faults(client.put(url, json={"needs": {"DIABETES": "hard"}}, headers=ANY))
    assert told == {"needs": "'DIABETES' is not a need"}
    told = faults(client.put(url, json={"needs": {"QUIET_SPACE": "very"}}, headers=ANY))
    assert told.keys() == {"needs"}
    assert "STEP_FREE" not in alliance.client("tutor").get(url).text
    assert "STEP_FREE" not in alliance.client("guardian").get(url).text


def test_a_need_is_confirmed_until_it_changes(alliance: Alliance) -> None:
    client, url = alliance.client("sending"), f"{V1}/apprentices/{alliance.eetu.id}/needs"
    own, confirmation = alliance.client("eetu"), f"{url}/confirmation"
    step_free, both = "STEP_FREE_ACCESS", ["QUIET_SPACE", "STEP_FREE_ACCESS"]
    assert kind(client.put(confirmation, json={"needs": []}, headers=ANY)) == NOT_THEIRS
    told = {"needs": {step_free: "hard", "QUIET_SPACE": "soft"}}
    assert own.put(url, json=told, headers=ANY).json()["confirmed"] == []
    own_word = own.put(url, json=told | {"confirmed": [step_free]}, headers=ANY)
    assert own_word.status_code == 422
    done = client.put(confirmation, json={"needs": both}, headers={"If-Match": '"1"'})
    assert (done.status_code, sorted(done.json()["confirmed"])) == (200, both)
    assert done.headers["etag"] == '"2"'
    assert last_audit(alliance.engine, "support_needs.changed").data == {"columns": ["confirmed"]}
    again = client.put(confirmation, json={"needs": both[::-1]}, headers={"If-Match": '"2"'})
    assert again.headers["etag"] == '"2"'
    other = client.put(confirmation, json={"needs": ["CARE_ASSISTANT"]}, headers=ANY)
    assert kind(other) == NOT_THEIRS
    assert "CARE_ASSISTANT" not in other.text
    for headers, status in (({"If-Match": '"1"'}, 412), ({}, 428)):
        assert client.put(confirmation, json={"needs": []}, headers=headers).status_code == status
    told["needs"][step_free] = "soft"
    assert own.put(url, json=told, headers=ANY).json()["confirmed"] == ["QUIET_SPACE"]
    none = own.put(url, json={"needs": {step_free: "soft"}}, headers=ANY)
    assert none.json()["confirmed"] == client.get(url).json()["confirmed"] == []


def test_why_somebody_has_fewer_opportunities_is_stored_only_where_it_is_asked_for(
    alliance: Alliance,
) -> None:
    client, url = alliance.client("eetu"), f"{V1}/apprentices/{alliance.eetu.id}/needs"
    why = {"barrier": "HEALTH", "evidence": "school_statement"}
    for name, value in why.items():
        refused = client.put(url, json={name: value}, headers=ANY)
        assert kind(refused) == (409, "barrier-not-asked")
        assert value not in refused.text
    assert client.get(url).headers["etag"] == '"0"'
    assert client.put(url, json={"sex": "other"}, headers=ANY).json()["sex"] == "other"
    with transaction(alliance.engine) as session:
        settings.change(session, alliance.caller("admin"), "barrier_category", True, revision=0)
    stored = client.put(url, json=why, headers=ANY)
    assert stored.status_code == 200
    shown = alliance.client("sending").get(url).json()
    assert {name: shown[name] for name in (*why, "sex")} == why | {"sex": None}
    noted = last_audit(alliance.engine, "support_needs.changed")
    assert noted.data == {"columns": ["barrier", "evidence", "sex"]}
    assert client.put(url, json={"barrier": "HEIGHT"}, headers=ANY).status_code == 422
    with transaction(alliance.engine) as session:
        settings.change(session, alliance.caller("admin"), "barrier_category", False, revision=1)
    assert kind(client.put(url, json=why, headers=ANY)) == (409, "barrier-not-asked")
    assert client.put(url, json={}, headers=ANY).json()["barrier"] is None


def test_interest_feeds_the_preference_and_voids_nothing(alliance: Alliance) -> None:
    here = agreed(alliance, alliance.aino, alliance.window)
    client = alliance.client("aino")
    url = f"{V1}/apprentices/{alliance.aino.id}/interest/{alliance.other_offer.id}"

    def preference() -> float:
        with transaction(alliance.engine, writes=False) as session:
            pair = pairs.problem_of_pair(
                session, alliance.call.id, alliance.aino.id, alliance.other_window.id,
                datetime.date(2027, 1, 15),
            )  # fmt: skip
        return {p.criterion: p.value for p in pairs.look_at(pair).parts}["preference"]

    values = [preference()]
    for said in ("interested", "not_for_me", None):
        answer = client.put(url, json={"interest": said})
        assert (answer.status_code, answer.json()["interest"]) == (200, said)
        values.append(preference())
    assert values[0] == values[3]
    assert values[1] > values[0] > values[2]
    assert standing(alliance.engine, here)[0] == "agreed"
    assert client.put(url, json={"interest": "perhaps"}).status_code == 422
    assert client.put(f"{url[:-36]}{uuid.uuid4()}", json={"interest": None}).status_code == 404
    client.put(url, json={"interest": "interested"})
    with transaction(alliance.engine) as session:
        session.get_one(models.Offer, alliance.other_offer.id).status = models.OfferStatus.DRAFT
        session.get_one(models.Offer, alliance.offer.id).status = models.OfferStatus.DRAFT
    hidden = url.replace(str(alliance.other_offer.id), str(alliance.offer.id))
    assert client.put(hidden, json={"interest": "interested"}).status_code == 404
    assert client.put(url, json={"interest": None}).status_code == 200


def test_guardians_are_named_by_the_school(alliance: Alliance) -> None:
    client, url = alliance.client("tutor"), f"{V1}/apprentices/{alliance.eetu.id}/guardians"
    made = client.post(url, json={"name": "Pekka", "email": "pekka@example.org"})
    assert made.status_code == 201
    seen = {who: alliance.client(who).get(url) for who in ("sending", "eetu", "guardian")}
    assert {who: len(one.json()["items"]) for who, one in seen.items()} == {
        "sending": 2, "eetu": 2, "guardian": 1,
    }  # fmt: skip
    assert "pekka" not in seen["guardian"].text
    assert faults(client.post(url, json={"name": " ", "email": "x"})).keys() == {"name", "email"}
    one = f"{V1}/guardians/{made.json()['id']}"
    etag = {"If-Match": made.headers["etag"]}
    changed = client.put(one, json={"name": "Pekka", "phone": "+358 1"}, headers=etag)
    assert (changed.json()["email"], changed.json()["phone"]) == (None, "+358 1")
    assert client.delete(one, headers=etag).status_code == 412
    assert client.delete(one, headers={"If-Match": changed.headers["etag"]}).status_code == 204
    account = client.delete(f"{V1}/guardians/{alliance.guardian.id}", headers=ANY)
    assert (account.status_code, account.json()["type"]) == (
        409, "urn:doallvet:guardian-has-account",
    )  # fmt: skip
    assert last_audit(alliance.engine, "guardian.deleted").data == {
        "apprentice": str(alliance.eetu.id)
    }  # fmt: skip
