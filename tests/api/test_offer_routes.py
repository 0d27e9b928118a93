"""Offers over HTTP: drafts, windows, publication, and what an edit does to who said yes."""

import datetime
import uuid
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.errors import RecordFaultyError
from api.faults import fault
from api.store.rows import add_in_order, every
from models.offer_views import OfferRecord
from tests import rows
from tests.api.alliance import Alliance
from tests.api.editing import ANY, V1, agreed, edit, faults, last_audit, mails, standing

WINDOW = {"available_from": "2027-03-01", "available_to": "2027-05-31", "places": 2}


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def new_offer(alliance: Alliance, **values: Any) -> dict[str, Any]:
    return {
        "key": "o-9", "title": "Turning", "occupations": ["7223"], "languages": {"en": "A2"},
        "days_min": 14, "days_max": 84, "site_id": str(alliance.offer.site_id),
        "windows": [WINDOW],
    } | values  # fmt: skip


def test_an_offer_goes_from_draft_to_closed(alliance: Alliance) -> None:
    client = alliance.client("company")
    made = client.post(f"{V1}/offers", json=new_offer(alliance, quality=None))
    assert made.status_code == 201, made.text
    offer = made.json()
    assert (offer["status"], offer["company"], offer["region"], offer["town"]) == (
        "draft", "Werkstatt", "paderborn", "Savonlinna",
    )  # fmt: skip
    assert [(w["places"], w["taken"]) for w in offer["windows"]] == [(2, 0)]
    url = f"{V1}/offers/{offer['id']}"
    etag = made.headers["etag"]
    for step, status in (("publication", "published"), ("pause", "paused"),
                         ("publication", "published"), ("close", "closed")):  # fmt: skip
        stale = client.post(f"{url}/{step}", headers={"If-Match": '"99"'})
        assert stale.status_code == 412
        done = client.post(f"{url}/{step}", headers={"If-Match": etag})
        assert (done.status_code, done.json()["status"]) == (200, status)
        etag = done.headers["etag"]
    refused = client.post(f"{url}/publication", headers=ANY)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:doallvet:offer-change")
    assert last_audit(alliance.engine, "offer.closed").actor_id == alliance.users["company"].id
    twice = client.post(f"{V1}/offers", json=new_offer(alliance))
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:doallvet:key-taken")


def test_every_fault_of_an_offer_is_named_with_its_field(alliance: Alliance) -> None:
    client = alliance.client("hosting")
    bad = {
        "wrong code": ({"occupations": ["9999"], "languages": {"de": "B7"}},
                       {"languages": "'B7' is not a CEFR level (A1 … C2)"}),
        "no such code": ({"occupations": ["9999"], "tasks": ["NOTHING"]},
                         {"occupations": "'9999' is neither an ISCO-08 unit group nor an ESCO code",
                          "tasks": "'NOTHING' is not a hazard"}),
        "does not fit": ({"days_min": 90, "hours_start": "08:00", "key": "a;b"},
                         {"days_min": "days_min, days_max are not in order; right: shortest first",
                          "key": "'a;b' holds one of ; : /; right: use letters, digits, - and ."}),
        "windows": ({"windows": [WINDOW, WINDOW | {"available_to": "2027-02-01"}]},
                    {"windows[1].available_to": "is before available_from; right: a day not"
                     " before it"}),
        "far away": ({"windows": [WINDOW | {"available_from": "0001-01-01"}]},
                     {"windows[0].available_from": "is a day of the year 1"}),
        "half the hours": ({"hours_start": "08:00", "hours_end": "16:00"},
                           {"hours_per_day": "is empty, and other columns about hours are not;"
                            " right: all four or none"}),
        "time": ({"hours_start": "8 h", "hours_end": "16:00", "hours_per_day": 7,
                  "days_per_week": 5}, {"hours_start": "'8 h' is not a time of day (HH:MM)"}),
    }  # fmt: skip
    for name, (values, expected) in bad.items():
        answer = client.post(f"{V1}/offers", json=new_offer(alliance, **values))
        found = faults(answer)
        assert expected.items() <= found.items(), (name, found)
    for values in ({"title": "a\u0000b"}, {"days_min": 0}, {"quality": 2}, {"score": 1},
                   {"occupations": ["7" * 61]}):  # fmt: skip
        answer = client.post(f"{V1}/offers", json=new_offer(alliance, **values))
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:doallvet:faulty-request")
    broken = b'{"title": "\\ud800"}'
    answer = client.post(
        f"{V1}/offers", content=broken, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    elsewhere = client.post(f"{V1}/offers", json=new_offer(alliance, site_id=str(uuid.uuid4())))
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (404, "urn:doallvet:no-such-site")
    assert len(RecordFaultyError([("a", fault("empty"))] * 200).faults) == 100


def test_a_company_changes_its_own_offers_but_not_how_good_it_was(alliance: Alliance) -> None:
    path = f"/offers/{alliance.offer.id}"
    with transaction(alliance.engine) as session:
        session.get_one(models.Offer, alliance.offer.id).quality = 0.4
    client = alliance.client("company")
    assert faults(edit(client, path, OfferRecord, quality=1.0)).keys() == {"quality"}
    kept = edit(client, path, OfferRecord, quality=None, title="Turning")
    assert (kept.json()["title"], kept.json()["quality"]) == ("Turning", 0.4)
    foreign = edit(client, path, OfferRecord, site_id=str(alliance.other_offer.site_id))
    assert (foreign.status_code, foreign.json()["type"]) == (404, "urn:doallvet:no-such-site")
    rated = edit(alliance.client("hosting"), path, OfferRecord, quality=1.0)
    assert rated.json()["quality"] == 1.0
    noted = last_audit(alliance.engine, "offer.changed")
    assert (noted.row_id, noted.data) == (alliance.offer.id, {"columns": ["quality"]})


def test_who_sees_which_offers(alliance: Alliance) -> None:
    draft = rows.offer(models.Site(id=alliance.offer.site_id), key="secret", title="Hidden draft")
    with transaction(alliance.engine) as session:
        session.add(draft)
    seen = {}
    for who in ("admin", "sending", "hosting", "tutor", "company", "other", "stranger"):
        found = alliance.client(who).get(f"{V1}/offers")
        seen[who] = len(found.json()["items"])
        assert ("Hidden draft" in found.text) is (who in ("admin", "hosting", "company")), who
    assert seen == {"admin": 3, "sending": 2, "hosting": 3, "tutor": 2, "company": 2, "other": 1,
                    "stranger": 2}  # fmt: skip
    client = alliance.client("hosting")
    counts = {}
    for query in ("status=draft", f"company={alliance.other.id}", "region=lublin",
                  "region=paderborn", "occupation=7223", "occupation=722", "occupation=23",
                  "sector=INDUSTRY_40"):  # fmt: skip
        counts[query.removesuffix(str(alliance.other.id))] = len(
            client.get(f"{V1}/offers?{query}").json()["items"]
        )
    assert counts == {"status=draft": 1, "company=": 1, "region=lublin": 0, "region=paderborn": 3,
                      "occupation=7223": 3, "occupation=722": 3, "occupation=23": 0,
                      "sector=INDUSTRY_40": 0}  # fmt: skip
    whole = [one["id"] for one in client.get(f"{V1}/offers").json()["items"]]
    first = client.get(f"{V1}/offers?limit=2").json()
    rest = client.get(f"{V1}/offers?limit=2&after={first['next']}").json()
    assert [one["id"] for one in first["items"] + rest["items"]] == whole
    assert rest["next"] is None
    assert client.get(f"{V1}/offers?region=%00").status_code == 422


def test_moved_hours_are_asked_about_again_at_this_offer_only(alliance: Alliance) -> None:
    beside = rows.offer(models.Site(id=alliance.offer.site_id), key="o-2", status="published")
    window = rows.window(beside)
    with transaction(alliance.engine) as session:
        add_in_order(session, [beside, window])
    here = agreed(alliance, alliance.eetu, alliance.window)
    there = agreed(alliance, alliance.aino, window)
    path = f"/offers/{alliance.offer.id}"
    client = alliance.client("company")
    moved = edit(client, path, OfferRecord, hours_start="09:00", hours_end="17:00")
    assert moved.status_code == 200
    assert standing(alliance.engine, here) == (
        "asked", [], {"sending_coordinator", "hosting_coordinator", "company"},
    )  # fmt: skip
    everybody = {"sending_coordinator", "hosting_coordinator", "apprentice", "company"}
    assert standing(alliance.engine, there) == ("agreed", [], everybody)
    again = alliance.client("eetu").post(
        f"{V1}/proposals/{here}/answer", json={"answer": "yes"}, headers=ANY
    )
    assert again.status_code == 200, again.text


def test_a_rule_that_is_broken_puts_on_hold_until_it_is_kept_again(alliance: Alliance) -> None:
    here = agreed(alliance, alliance.eetu, alliance.window)
    there = agreed(alliance, alliance.aino, alliance.other_window)
    client, path = alliance.client("hosting"), f"/offers/{alliance.offer.id}"
    assert edit(client, path, OfferRecord, min_age=18).status_code == 200
    assert standing(alliance.engine, here)[:2] == ("on_hold", ["minimum_age"])
    assert standing(alliance.engine, there)[0] == "agreed"
    assert mails(alliance.engine, "proposal_on_hold") == {
        "sending@example.org", "hosting@example.org"
    }  # fmt: skip
    assert edit(client, path, OfferRecord, min_age=16).status_code == 200
    status, broken, yes = standing(alliance.engine, here)
    assert (status, broken, len(yes)) == ("agreed", [], 5)


def test_a_window_keeps_what_is_taken_and_what_rests_on_it(alliance: Alliance) -> None:
    proposal = agreed(alliance, alliance.eetu, alliance.window)
    client = alliance.client("company")
    window = client.get(f"{V1}/offers/{alliance.offer.id}").json()["windows"][0]
    url = f"{V1}/windows/{window['id']}"
    body = {name: window[name] for name in ("available_from", "available_to", "places")}
    headers = {"If-Match": f'"{window["version"]}"'}
    fewer = client.put(url, json=body | {"places": 0}, headers=headers)
    assert (fewer.status_code, fewer.json()["type"]) == (409, "urn:doallvet:places-taken")
    gone = client.delete(url, headers=headers)
    assert (gone.status_code, gone.json()["type"]) == (409, "urn:doallvet:window-in-use")
    more = client.put(url, json=body | {"places": 3}, headers=headers)
    assert (more.status_code, more.json()["places"], more.json()["taken"]) == (200, 3, 1)
    assert client.put(url, json=body, headers=headers).status_code == 412
    later = client.put(url, json=body | {"available_from": "2027-04-01"}, headers=ANY)
    assert later.status_code == 200
    assert standing(alliance.engine, proposal)[:2] == ("on_hold", ["dates"])
    back = client.put(url, json=body, headers={"If-Match": later.headers["etag"]})
    assert back.status_code == 200
    assert standing(alliance.engine, proposal)[0] == "agreed"
    another = client.post(f"{V1}/offers/{alliance.offer.id}/windows", json=WINDOW)
    assert another.status_code == 201
    same = client.post(f"{V1}/offers/{alliance.offer.id}/windows", json=WINDOW)
    assert (same.status_code, same.json()["type"]) == (409, "urn:doallvet:key-taken")
    onto = client.put(url, json=WINDOW, headers=ANY)
    assert (onto.status_code, onto.json()["type"]) == (409, "urn:doallvet:key-taken")
    free = f"{V1}/windows/{another.json()['id']}"
    assert client.put(free, json=WINDOW | {"available_to": "2027-01-01"}, headers=ANY).json()[
        "faults"
    ] == [{"field": "available_to", "sentence": "is before available_from; right: a day not"
           " before it"}]  # fmt: skip
    reserves = client.put(free, json=WINDOW | {"reserved": 2}, headers=ANY)
    assert (reserves.json()["reserved"], another.json()["reserved"]) == (2, 0)
    assert client.put(free, json=WINDOW | {"reserved": 3}, headers=ANY).json()["faults"] == [
        {"field": "reserved", "sentence": "of 2 places cannot be 3; right: at most 2"}
    ]
    another = reserves
    assert client.delete(free, headers={"If-Match": another.headers["etag"]}).status_code == 204
    assert client.delete(free, headers=ANY).status_code == 404
    assert last_audit(alliance.engine, "offer_window.deleted").data == {
        "offer": str(alliance.offer.id)
    }  # fmt: skip


def test_only_what_rounds_can_use_is_published(alliance: Alliance) -> None:
    client = alliance.client("company")
    past = WINDOW | {"available_from": "2026-03-01", "available_to": "2026-05-31"}
    for number, (windows, told) in enumerate((
        ([], "there is none"), ([past], "all of them are over"),
        ([WINDOW | {"places": 0}], "none that is to come has a place"),
        ([WINDOW | {"available_to": "2027-03-08"}], "none that is to come is as long"),
    )):  # fmt: skip
        made = client.post(
            f"{V1}/offers", json=new_offer(alliance, key=f"k-{number}", windows=windows)
        )
        url = f"{V1}/offers/{made.json()['id']}/publication"
        found = faults(client.post(url, headers=ANY))
        assert found.keys() == {"windows"}
        assert found["windows"].startswith(told)


def test_an_offer_is_renewed_and_copied_for_another_time(alliance: Alliance) -> None:
    client = alliance.client("company")
    url = f"{V1}/offers/{alliance.offer.id}"
    assert client.post(f"{url}/close", headers=ANY).status_code == 200
    renewed = client.post(f"{url}/renewal", json={}, headers=ANY).json()
    assert renewed["status"] == "published"
    assert [(w["available_from"], w["available_to"]) for w in renewed["windows"]] == [
        ("2027-03-01", "2027-07-31"), ("2028-02-28", "2028-07-29"),
    ]  # fmt: skip
    own = client.post(f"{url}/renewal", json={"windows": [WINDOW]}, headers=ANY)
    assert len(own.json()["windows"]) == 3
    over = {"windows": [WINDOW | {"available_from": "2026-03-01", "available_to": "2026-05-31"}]}
    with transaction(alliance.engine) as session:
        for row in every(session, models.OfferWindow):
            if row.offer_id == alliance.offer.id:
                session.delete(row)
    assert faults(client.post(f"{url}/renewal", json=over, headers=ANY)).keys() == {"windows"}
    assert faults(client.post(f"{url}/renewal", json={}, headers=ANY)).keys() == {"windows"}
    with transaction(alliance.engine) as session:
        leap = datetime.date(2028, 2, 29)
        session.add(rows.window(alliance.offer, available_to=leap))
    headers = {"Idempotency-Key": "copy-1"}
    one, again = (
        client.post(f"{url}/copy", json={"key": "o-2"}, headers=headers) for _ in range(2)
    )
    assert (one.status_code, one.json()) == (201, again.json())
    copy = one.json()
    assert (copy["key"], copy["status"], copy["title"], copy["hours_start"]) == (
        "o-2", "draft", "CNC turning", "08:00",
    )  # fmt: skip
    assert [(w["available_from"], w["available_to"], w["taken"]) for w in copy["windows"]] == [
        ("2028-03-01", "2029-02-28", 0)
    ]
    taken = client.post(f"{url}/copy", json={"key": "o-2"})
    assert (taken.status_code, taken.json()["type"]) == (409, "urn:doallvet:key-taken")
