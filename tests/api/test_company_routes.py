"""Companies and their workplaces over HTTP: who knows what, and what an edit does."""

import uuid
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from models.company import CompanyFields, SiteFields
from tests.api.alliance import Alliance
from tests.api.editing import ANY, V1, agreed, edit, faults, last_audit, mails, standing


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


KNOWN = {"id", "version", "region", "name", "town", "sector", "size", "verified"}


def test_contact_data_is_for_the_hosting_region_and_the_company_itself(alliance: Alliance) -> None:
    url = f"{V1}/companies/{alliance.company.id}"
    seen = {
        who: alliance.client(who).get(url)
        for who in ("admin", "sending", "stranger", "tutor", "hosting", "company")
    }
    assert {who for who, one in seen.items() if "werkstatt@" in one.text} == {"hosting", "company"}
    assert all(seen[who].json().keys() == KNOWN for who in ("admin", "sending", "tutor"))
    assert seen["hosting"].json()["verified_by"] == "Jens"
    listed = {
        who: alliance.client(who).get(f"{V1}/companies")
        for who in ("admin", "sending", "hosting", "tutor", "company")
    }
    assert {who: len(one.json()["items"]) for who, one in listed.items()} == {
        "admin": 2, "sending": 2, "hosting": 2, "tutor": 2, "company": 1,
    }  # fmt: skip
    assert {who for who, one in listed.items() if "werkstatt@" in one.text} == {
        "hosting", "company"
    }  # fmt: skip
    client = alliance.client("sending")
    counts = [
        len(client.get(f"{V1}/companies", params=query).json()["items"])
        for query in ({"q": "dREH"}, {"q": "%"}, {"region": "lublin"}, {"region": "paderborn"},
                      {"verified": "false"}, {"verified": "true"}, {"limit": "1"})
    ]  # fmt: skip
    assert counts == [1, 0, 0, 2, 0, 2, 1]
    first = client.get(f"{V1}/companies?limit=1").json()["next"]
    assert client.get(f"{V1}/companies?limit=1&after={first}").json()["next"] is None


def test_a_company_is_made_and_changed(alliance: Alliance) -> None:
    client = alliance.client("hosting")
    body: dict[str, Any] = {"key": "c-9", "name": " Ölmühle ", "town": "Paderborn", "email": ""}
    made = client.post(f"{V1}/companies", json=body)
    company = made.json()
    assert (made.status_code, company["name"], company["email"], company["verified"]) == (
        201, "Ölmühle", None, False,
    )  # fmt: skip
    assert client.get(f"{V1}/companies?q=ölmü").json()["items"] == [company]
    twice = client.post(f"{V1}/companies", json=body)
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:doallvet:key-taken")
    wrong = {"sector": "NOTHING", "email": "nobody", "name": "  "}
    assert faults(client.post(f"{V1}/companies", json=body | wrong)) == {
        "sector": "'NOTHING' is not a sector", "name": "is empty",
        "email": "is no mail address; right: one address, such as name@example.org",
    }  # fmt: skip
    path = f"/companies/{company['id']}"
    changed = edit(client, path, CompanyFields, phone="+49 5251 1", max_placements=2)
    assert (changed.status_code, changed.json()["phone"]) == (200, "+49 5251 1")
    assert last_audit(alliance.engine, "company.changed").data == {
        "columns": ["max_placements", "phone"]
    }  # fmt: skip
    onto = edit(client, path, CompanyFields, key="c-1")
    assert (onto.status_code, onto.json()["type"]) == (409, "urn:doallvet:key-taken")
    huge = edit(client, path, CompanyFields, max_placements=10**12)
    assert (huge.status_code, huge.json()["type"]) == (422, "urn:doallvet:faulty-request")


def test_a_company_changes_how_it_is_reached_but_not_what_was_agreed(alliance: Alliance) -> None:
    client, path = alliance.client("company"), f"/companies/{alliance.company.id}"
    mine = edit(client, path, CompanyFields, contact_name="Uwe", size="small", name="Werkstatt 2")
    assert (mine.status_code, mine.json()["contact_name"]) == (200, "Uwe")
    told = faults(edit(client, path, CompanyFields, max_placements=99, key="mine"))
    assert told.keys() == {"max_placements", "key"}
    body = {"ids": [str(alliance.company.id)], "name": "Uwe"}
    assert client.post(f"{V1}/companies/verification", json=body).status_code == 403
    assert client.post(f"{V1}/companies", json={}).status_code in (403, 422)


def test_verified_companies_let_go_on_what_waited_for_it(alliance: Alliance) -> None:
    here = agreed(alliance, alliance.eetu, alliance.window)
    with transaction(alliance.engine) as session:
        company = session.get_one(models.Company, alliance.company.id)
        company.verified_at = company.verified_by = None
    client = alliance.client("hosting")
    path = f"/companies/{alliance.company.id}"
    assert edit(client, path, CompanyFields, phone="1").status_code == 200
    assert standing(alliance.engine, here)[:2] == ("on_hold", ["host_verified"])
    url, ids = f"{V1}/companies/verification", [str(alliance.company.id), str(alliance.other.id)]
    strange = alliance.client("stranger").post(url, json={"ids": ids, "name": "Ewa"})
    assert (strange.status_code, strange.json()["type"]) == (404, "urn:doallvet:no-such-companies")
    unknown = client.post(url, json={"ids": [*ids, str(uuid.uuid4())], "name": "Jens"})
    assert unknown.status_code == 404
    done = client.post(url, json={"ids": ids, "name": "Jens"})
    assert (done.status_code, done.json()) == (200, {"ids": [str(alliance.company.id)]})
    assert standing(alliance.engine, here)[0] == "agreed"


def test_another_town_of_the_site_is_asked_about_again(alliance: Alliance) -> None:
    here = agreed(alliance, alliance.eetu, alliance.window)
    there = agreed(alliance, alliance.aino, alliance.other_window)
    client = alliance.client("company")
    sites = f"{V1}/companies/{alliance.company.id}/sites"
    (site,) = client.get(sites).json()["items"]
    body = {name: site[name] for name in SiteFields.model_fields}
    url, headers = f"{V1}/sites/{site['id']}", {"If-Match": f'"{site["version"]}"'}
    named = client.put(url, json=body | {"name": "Halle 2"}, headers=headers)
    assert standing(alliance.engine, here)[0] == "agreed"
    assert client.put(url, json=body, headers=headers).status_code == 412
    moved = client.put(
        url, json=body | {"town": "Hövelhof"}, headers={"If-Match": named.headers["etag"]}
    )
    assert (moved.status_code, moved.json()["town"]) == (200, "Hövelhof")
    assert standing(alliance.engine, here) == (
        "asked", [], {"hosting_coordinator", "company"},
    )  # fmt: skip
    assert standing(alliance.engine, there)[0] == "agreed"
    assert "sending@example.org" in mails(alliance.engine, "asked")
    more = client.post(sites, json={"name": "Halle 3", "town": "Hövelhof"})
    assert more.status_code == 201
    same = client.put(url, json=body | {"name": "Halle 3"}, headers=ANY)
    assert (same.status_code, same.json()["type"]) == (409, "urn:doallvet:key-taken")
    assert faults(client.post(sites, json={"name": " ", "town": "x"})) == {"name": "is empty"}
    nowhere = client.post(sites, json={"name": "x", "town": "x", "latitude": 91})
    assert nowhere.status_code == 422


def test_missing_hours_are_asked_of_ones_own_companies(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        offer = session.get_one(models.Offer, alliance.offer.id)
        offer.hours_start = offer.hours_end = offer.hours_per_day = offer.days_per_week = None
    url = f"{V1}/companies/hours-questions"
    assert alliance.client("sending").get(url).json() == {"items": []}
    (one,) = alliance.client("hosting").get(url).json()["items"]
    assert (one["company"], one["email"], [o["key"] for o in one["offers"]]) == (
        "Werkstatt", "werkstatt@example.org", ["o-1"],
    )  # fmt: skip
