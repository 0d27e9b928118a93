"""Imports over HTTP, and what changed rows do to live proposals."""

from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.store.rows import every
from tests.api.alliance import Alliance
from tests.api.editing import V1, agreed, standing
from tests.importing import GOOD_OFFER, PERSON
from tests.sheets import csv_of, workbook

OFFER = GOOD_OFFER | {
    "region": "paderborn", "company": "c-1", "languages": "en:A2", "available_to": "2027-07-31",
    "places": 1, "days_max": 84, "site": "Pajatie", "min_age": 16, "hours_start": "08:00",
    "hours_end": "16:00", "hours_per_day": 7, "days_per_week": 5,
}  # fmt: skip
"""The offer of the alliance's workshop as it is."""


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def offers(**values: Any) -> list[tuple[str, Any]]:
    return [("files", ("offers.csv", csv_of([OFFER | values])))]


def send(alliance: Alliance, who: str, files: Any, address: str = "imports", **how: Any) -> Any:
    return alliance.client(who).post(f"{V1}/{address}", files=files, **how)


def test_the_template_comes_as_a_workbook_and_as_sheets(alliance: Alliance) -> None:
    client = alliance.client("sending")
    book = client.get(f"{V1}/imports/template")
    assert book.content.startswith(b"PK")
    assert book.headers["content-type"].startswith("application/vnd.openxmlformats")
    sheet = client.get(f"{V1}/imports/template?noun=companies")
    assert sheet.headers["content-type"].startswith("text/csv")
    assert "companies.csv" in sheet.headers["content-disposition"]
    assert sheet.text.lstrip("\ufeff").startswith("region")
    assert client.get(f"{V1}/imports/template?noun=people").status_code == 422


def test_every_problem_is_named_and_nothing_is_written(alliance: Alliance) -> None:
    bad = offers(occupations="0000", title=None)
    looked = send(alliance, "hosting", bad, "imports/check").json()
    assert (looked["done"], looked["total"], len(looked["problems"])) == (False, 2, 2)
    refused = send(alliance, "hosting", bad)
    told = refused.json()
    assert (refused.status_code, told["type"], told["total"]) == (
        422, "urn:doallvet:import-faulty", 2,
    )  # fmt: skip
    assert told["problems"] == looked["problems"]
    assert {one["column"] for one in told["problems"]} == {"occupations", "title"}
    assert {(one["sheet"], one["row"]) for one in told["problems"]} == {("offers.csv", 2)}
    many = [OFFER | {"key": f"k-{n}", "title": None} for n in range(301)]
    told = send(alliance, "hosting", [("files", ("offers.csv", csv_of(many)))]).json()
    assert (told["total"], len(told["problems"])) == (301, 300)
    foreign = send(alliance, "stranger", offers(title="Mine now")).json()
    assert [one["what"] for one in foreign["problems"]] == ["is not yours to change"]
    unknown = send(alliance, "hosting", offers(), data={"call": "2030"})
    assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:doallvet:no-such-call")
    no_file = send(alliance, "hosting", None, json={})
    assert (no_file.status_code, no_file.json()["type"]) == (422, "urn:doallvet:faulty-request")
    with transaction(alliance.engine, writes=False) as session:
        assert session.get_one(models.Offer, alliance.offer.id).version == 1


def test_people_come_in_and_are_enrolled_once(alliance: Alliance) -> None:
    book = workbook({"apprentices": [PERSON | {"enrolment": "selected"}]})
    files = [("files", ("people.xlsx", book))]
    headers = {"Idempotency-Key": "import-1"}
    looked = send(alliance, "sending", files, "imports/check", data={"call": "2027"}).json()
    assert (looked["done"], looked["enrolled"], looked["total"]) == (False, 1, 0)
    first, again = (
        send(alliance, "sending", files, data={"call": "2027"}, headers=headers) for _ in range(2)
    )
    assert (first.status_code, first.json()) == (200, again.json())
    assert first.json()["counts"]["apprentices"] == {"created": 1, "updated": 0, "unchanged": 0}
    assert (first.json()["done"], first.json()["enrolled"]) == (True, 1)
    foreign = send(alliance, "hosting", files).json()
    assert [one["what"] for one in foreign["problems"]] == ["is not yours to change"]


def test_an_import_is_an_edit_for_those_who_said_yes(alliance: Alliance) -> None:
    here = agreed(alliance, alliance.eetu, alliance.window)
    there = agreed(alliance, alliance.aino, alliance.other_window)
    same = send(alliance, "hosting", offers()).json()
    assert (same["counts"]["offers"]["unchanged"], same["looked_at_again"]) == (1, {})
    moved = send(alliance, "hosting", offers(hours_start="09:00", hours_end="17:00"))
    assert moved.json()["looked_at_again"] == {"offer": 1}
    assert standing(alliance.engine, here) == (
        "asked", [], {"sending_coordinator", "hosting_coordinator", "company"},
    )  # fmt: skip
    assert send(alliance, "hosting", offers(min_age=18)).status_code == 200
    assert standing(alliance.engine, here)[:2] == ("on_hold", ["minimum_age"])
    assert send(alliance, "hosting", offers(site_address="Neuer Weg 1")).status_code == 200
    assert "sending_coordinator" not in standing(alliance.engine, here)[2]
    everybody = {"sending_coordinator", "hosting_coordinator", "apprentice", "company"}
    assert standing(alliance.engine, there) == ("agreed", [], everybody)
    aino = {"centre": "samiedu", "key": "fi-01", "first_name": "Aino", "last_name": "Virtanen",
            "languages": "en:B1", "occupations": "7223;7222",
            "needs": "STEP_FREE_ACCESS:hard"}  # fmt: skip
    people = [("files", ("apprentices.csv", csv_of([PERSON | aino])))]
    assert send(alliance, "sending", people).status_code == 200
    assert standing(alliance.engine, there)[1:] == (
        ["hard_needs"], {"sending_coordinator", "apprentice"},
    )  # fmt: skip
    with transaction(alliance.engine, writes=False) as session:
        done = [row for row in every(session, models.AuditEvent) if row.action == "import.done"]
    assert len(done) == 5


def test_guardians_come_with_the_people_they_answer_for(alliance: Alliance) -> None:
    def told(**cells: Any) -> Any:
        rows = [PERSON | {"guardian_name": "Kaisa", "guardian_email": "kaisa@example.org"} | cells]
        return send(alliance, "sending", [("files", ("apprentices.csv", csv_of(rows)))]).json()

    def guardians() -> set[tuple[str, str | None, str | None]]:
        with transaction(alliance.engine, writes=False) as session:
            found = every(session, models.Guardian)
        return {(g.name, g.email, g.phone) for g in found if g.apprentice_id != alliance.eetu.id}

    assert told()["counts"]["apprentices"]["created"] == 1
    assert told()["counts"]["apprentices"]["unchanged"] == 1
    assert told(guardian_phone="+358 1")["counts"]["apprentices"]["updated"] == 1
    assert guardians() == {("Kaisa", "kaisa@example.org", "+358 1")}
    assert told(guardian_name="Pekka", guardian_email=None)["done"]
    assert guardians() == {("Kaisa", "kaisa@example.org", "+358 1"), ("Pekka", None, None)}
    for cells, column in (({"guardian_name": None}, "guardian_email"),
                          ({"guardian_name": "K" * 201}, "guardian_name"),
                          ({"guardian_email": "nobody"}, "guardian_email")):  # fmt: skip
        assert [one["column"] for one in told(**cells)["problems"]] == [column]


def test_files_may_be_larger_than_other_bodies(alliance: Alliance) -> None:
    large = [("files", ("offers.csv", b"key\n" + b"x" * 2_000_000))]
    assert send(alliance, "hosting", large, "imports/check").status_code == 200
    huge = [("files", ("offers.csv", b"x" * 22_000_000))]
    refused = send(alliance, "hosting", huge, "imports/check")
    assert (refused.status_code, refused.json()["type"]) == (413, "urn:doallvet:too-large")
    assert "21 MB" in refused.json()["detail"]
