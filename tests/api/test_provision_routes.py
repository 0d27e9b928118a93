"""What offers provide: certified, searched for, contradicted, asked about."""

import datetime
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.store.rows import every
from models.offer_views import OfferRecord
from tests import sealing
from tests.api.alliance import NOW, Alliance
from tests.api.decided import kind
from tests.api.editing import ANY, V1, agreed, edit, faults, last_audit, mails, standing
from tests.api.posting import post
from tests.api.test_offer_routes import new_offer

DAY = datetime.timedelta(days=1)
CERTIFICATE = {"provision": "STEP_FREE_ACCESS", "certified_by": " chamber's  access office ",
               "certified_on": "2027-01-15"}  # fmt: skip


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def provide(alliance: Alliance, offer: models.Offer, **values: Any) -> None:
    """Let an offer say this of its provisions, whatever it was."""
    with transaction(alliance.engine) as session:
        row = session.get_one(models.Offer, offer.id)
        for name, value in values.items():
            setattr(row, name, value)


def provisions_of(alliance: Alliance) -> dict[str, str]:
    with transaction(alliance.engine, writes=False) as session:
        return session.get_one(models.Offer, alliance.offer.id).provisions


def count(alliance: Alliance, table: type[Any]) -> int:
    with transaction(alliance.engine, writes=False) as session:
        return len(every(session, table))


def test_who_writes_an_offer_does_not_certify(alliance: Alliance) -> None:
    path, wanted = f"/offers/{alliance.offer.id}", {"STEP_FREE_ACCESS": "certified"}
    for who in ("company", "hosting"):
        client = alliance.client(who)
        for refused in (
            edit(client, path, OfferRecord, provisions=wanted),
            client.post(f"{V1}/offers", json=new_offer(alliance, provisions=wanted)),
        ):
            assert faults(refused)["provisions"].startswith("'STEP_FREE_ACCESS' is certified by")
    assert provisions_of(alliance) == {}


def test_a_certificate_says_who_looked_and_when(alliance: Alliance) -> None:
    provide(alliance, alliance.offer, provisions={"STEP_FREE_ACCESS": "declared"})
    url, path = f"{V1}/offers/{alliance.offer.id}", f"/offers/{alliance.offer.id}"
    hosting, company = alliance.client("hosting"), alliance.client("company")
    for wrong, field in (({"certified_on": "2027-01-16"}, "certified_on"),
                         ({"certified_by": "  "}, "certified_by"),
                         ({"certified_on": "0001-01-01"}, "certified_on")):  # fmt: skip
        answer = hosting.post(f"{url}/certifications", json=CERTIFICATE | wrong)
        assert faults(answer).keys() == {field}
    unknown = hosting.post(f"{url}/certifications", json=CERTIFICATE | {"provision": "STEP_FREE"})
    assert kind(unknown) == (422, "unknown-provision")
    assert "'STEP_FREE'" in unknown.json()["detail"]
    assert "'STEP_FREE_ACCESS'" in unknown.json()["detail"]

    made = hosting.post(f"{url}/certifications", json=CERTIFICATE)
    assert made.status_code == 201, made.text
    shown = {"provision": "STEP_FREE_ACCESS", "certified_by": "chamber's access office",
             "certified_on": "2027-01-15"}  # fmt: skip
    assert made.json()["certificates"] == [shown]
    assert made.json()["provisions"] == {"STEP_FREE_ACCESS": "certified"}
    noted = last_audit(alliance.engine, "provision_certificate.created")
    assert noted.actor_id == alliance.users["hosting"].id
    seen = alliance.client("sending").get(url)
    assert (seen.json()["certificates"], seen.headers["etag"]) == ([shown], made.headers["etag"])
    listed = alliance.client("sending").get(f"{V1}/offers").json()["items"]
    assert [len(one["certificates"]) for one in listed if one["id"] == made.json()["id"]] == [1]

    again = hosting.post(f"{url}/certifications", json=CERTIFICATE | {"certified_by": "TÜV"})
    assert [one["certified_by"] for one in again.json()["certificates"]] == ["TÜV"]
    assert again.headers["etag"] != made.headers["etag"]
    kept = edit(company, path, OfferRecord, title="Turning")
    assert (kept.status_code, len(kept.json()["certificates"])) == (200, 1)
    copy = hosting.post(f"{url}/copy", json={"key": "o-2"}).json()
    assert (copy["provisions"], copy["certificates"]) == ({"STEP_FREE_ACCESS": "declared"}, [])

    gone = edit(company, path, OfferRecord, provisions={"STEP_FREE_ACCESS": "declared"})
    assert (gone.json()["certificates"], count(alliance, models.ProvisionCertificate)) == ([], 0)
    assert last_audit(alliance.engine, "provision_certificate.withdrawn").data["provision"]
    back = edit(company, path, OfferRecord, provisions={"STEP_FREE_ACCESS": "certified"})
    assert back.status_code == 422
    hosting.post(f"{url}/certifications", json=CERTIFICATE)
    taken = f"{url}/certifications/STEP_FREE_ACCESS"
    assert hosting.delete(taken).status_code == 204
    assert kind(hosting.delete(taken)) == (404, "no-such-certificate")
    assert provisions_of(alliance) == {"STEP_FREE_ACCESS": "declared"}


def test_offers_are_found_by_what_they_provide(alliance: Alliance) -> None:
    one, other = str(alliance.offer.id), str(alliance.other_offer.id)
    provide(alliance, alliance.offer,
            provisions={"STEP_FREE_ACCESS": "certified", "QUIET_SPACE": "unknown"})  # fmt: skip
    provide(alliance, alliance.other_offer,
            provisions={"STEP_FREE_ACCESS": "declared", "QUIET_SPACE": "declared"})  # fmt: skip
    client = alliance.client("sending")

    def found(**query: Any) -> set[str]:
        answer = client.get(f"{V1}/offers", params=query)
        assert answer.status_code == 200, answer.text
        return {item["id"] for item in answer.json()["items"]}

    assert found(provision="STEP_FREE_ACCESS") == {one, other}
    assert found(provision="STEP_FREE_ACCESS", provision_level="certified") == {one}
    assert found(provision=["STEP_FREE_ACCESS", "QUIET_SPACE"]) == {other}
    assert found(provision="QUIET_SPACE", provision_level="certified") == set()
    assert found(provision="MEALS_PROVIDED") == set()
    page = client.get(f"{V1}/offers", params={"provision": "STEP_FREE_ACCESS", "limit": 1}).json()
    rest = {"provision": "STEP_FREE_ACCESS", "limit": 1, "after": page["next"]}
    assert [page["items"][0]["id"], *found(**rest)] == sorted([one, other])
    wrong = client.get(f"{V1}/offers", params={"provision": "STAIRS'\"]"})
    assert kind(wrong) == (422, "unknown-provision")
    other_level = client.get(f"{V1}/offers", params={"provision_level": "perhaps"})
    assert other_level.status_code == 422


HOURS = {"hours_per_day": 7, "days_per_week": 5}


NIGHT = "NO_NIGHT_WORK and hours that reach into 22:00-06:00"
CONTRADICTIONS: list[tuple[str, dict[str, Any], str]] = [
    ("NO_HEAVY_LIFTING", {"tasks": ["HEAVY_LIFTING"]},
     "NO_HEAVY_LIFTING and the task HEAVY_LIFTING"),
    ("NO_DRIVING", {"tasks": ["FORKLIFT"]}, "NO_DRIVING and the task FORKLIFT"),
    ("NO_HEIGHTS", {"tasks": ["WORK_AT_HEIGHT"]}, "NO_HEIGHTS and the task WORK_AT_HEIGHT"),
    ("NO_NIGHT_WORK", HOURS | {"hours_start": "05:59", "hours_end": "13:00"}, NIGHT),
    ("NO_NIGHT_WORK", HOURS | {"hours_start": "15:00", "hours_end": "22:01"}, NIGHT),
    ("NO_NIGHT_WORK", HOURS | {"hours_start": "23:00", "hours_end": "05:00"}, NIGHT),
    ("NO_NIGHT_WORK", HOURS | {"hours_start": "06:00", "hours_end": "22:00"}, ""),
    ("NO_HEIGHTS", {"tasks": ["HEAVY_LIFTING"]}, ""),
]  # fmt: skip


def test_what_the_work_contradicts_is_refused_with_both_named(alliance: Alliance) -> None:
    client = alliance.client("company")
    for number, (code, values, told) in enumerate(CONTRADICTIONS):
        made = client.post(f"{V1}/offers", json=new_offer(
            alliance, key=f"k-{number}", provisions={code: "declared"}, **values
        ))  # fmt: skip
        if told:
            assert faults(made) == {
                "provisions": f"{told} contradict each other; right: one of them"
            }
        else:
            assert made.status_code == 201, made.text
    unknown = new_offer(alliance, provisions={"NO_HEIGHTS": "unknown"}, tasks=["WORK_AT_HEIGHT"])
    assert client.post(f"{V1}/offers", json=unknown).status_code == 201
    nothing = client.post(f"{V1}/offers", json=new_offer(alliance, provisions={"X": "declared"}))
    assert faults(nothing) == {"provisions": "'X' is not a provision"}


def ask(alliance: Alliance, who: str, code: str = "STEP_FREE_ACCESS") -> Any:
    url = f"{V1}/offers/{alliance.offer.id}/provision-questions"
    return alliance.client(who).post(url, json={"provision": code})


def answered(alliance: Alliance, who: str, question: str, *, provided: bool) -> Any:
    url = f"{V1}/provision-questions/{question}/answer"
    return alliance.client(who).post(url, json={"provided": provided})


def test_a_company_is_asked_once_and_not_for_whom(alliance: Alliance, tmp_path: Path) -> None:
    provide(alliance, alliance.offer, provisions={"STEP_FREE_ACCESS": "unknown"})
    with transaction(alliance.engine) as session:
        sealing.needing(session, alliance.aino.id, needs={"STEP_FREE_ACCESS": "hard"})
    made = ask(alliance, "sending")
    assert made.status_code == 201, made.text
    assert made.json().keys() == {
        "id", "offer_id", "title", "company", "provision", "asked_at", "answered_at", "answer",
    }  # fmt: skip
    assert ask(alliance, "stranger").json() == made.json()
    assert count(alliance, models.ProvisionQuestion) == 1
    assert mails(alliance.engine, "provision_asked") == {
        "werkstatt@example.org", "hosting@example.org",
    }  # fmt: skip
    assert post(alliance.engine, tmp_path)
    for file in tmp_path.glob("*.eml"):
        text = file.read_text(encoding="utf-8")
        assert "Step-free access" in text
        for hidden in ("Aino", "Virtanen", str(alliance.aino.id), "Savonlinna coordinator"):
            assert hidden not in text
    columns = models.ProvisionQuestion.model_fields
    assert not [name for name in columns if "apprentice" in name or name == "asked_by"]

    unknown = ask(alliance, "sending", "STAIRS")
    assert kind(unknown) == (422, "unknown-provision")
    for who, number in (("company", 1), ("hosting", 1), ("other", 0)):
        assert alliance.client(who).get(f"{V1}/waiting").json()["provision_questions"] == number
        listed = alliance.client(who).get(f"{V1}/provision-questions?open=true").json()["items"]
        # other coordinators see those of published offers, another company its own alone
        assert len(listed) == number
    assert alliance.client("sending").get(f"{V1}/waiting").json()["provision_questions"] == 0
    provide(alliance, alliance.offer, status="draft")
    assert alliance.client("sending").get(f"{V1}/provision-questions").json()["items"] == []
    assert kind(ask(alliance, "sending")) == (404, "no-such-offer")


def test_the_answer_changes_the_offer_and_what_rests_on_it(alliance: Alliance) -> None:
    provide(alliance, alliance.offer, provisions={"STEP_FREE_ACCESS": "unknown"})
    here = agreed(alliance, alliance.aino, alliance.window)
    needs = {"needs": {"STEP_FREE_ACCESS": "hard"}}
    url = f"{V1}/apprentices/{alliance.aino.id}/needs"
    assert alliance.client("sending").put(url, json=needs, headers=ANY).status_code == 200
    assert standing(alliance.engine, here)[:2] == ("on_hold", ["hard_needs"])
    question = ask(alliance, "sending").json()["id"]
    yes = answered(alliance, "company", question, provided=True)
    assert (yes.status_code, yes.json()["answer"]) == (200, "provided")
    assert provisions_of(alliance) == {"STEP_FREE_ACCESS": "declared"}
    assert standing(alliance.engine, here)[0] == "agreed"
    twice = answered(alliance, "hosting", question, provided=False)
    assert kind(twice) == (409, "provision-answered")
    assert kind(ask(alliance, "sending")) == (409, "provision-known")
    unanswered = alliance.client("sending").get(f"{V1}/provision-questions?open=true").json()
    assert unanswered["items"] == []

    provide(alliance, alliance.offer, provisions={"STEP_FREE_ACCESS": "unknown"})
    with transaction(alliance.engine) as session:
        session.get_one(models.ProvisionQuestion, uuid.UUID(question)).asked_at = NOW - DAY
    again = ask(alliance, "sending").json()["id"]
    assert again != question
    no = answered(alliance, "hosting", again, provided=False)
    assert (no.status_code, no.json()["answer"]) == (200, "not_provided")
    assert provisions_of(alliance) == {}
    assert standing(alliance.engine, here)[:2] == ("on_hold", ["hard_needs"])
    refused = ask(alliance, "stranger")
    assert kind(refused) == (409, "provision-known")
    assert "2027-01-15" in refused.json()["detail"]
    assert last_audit(alliance.engine, "provision_question.answered").data["answer"]
    nobody = answered(alliance, "company", str(uuid.uuid4()), provided=True)
    assert kind(nobody) == (404, "no-such-provision-question")


def test_an_edit_answers_too_and_a_yes_may_not_contradict_the_work(alliance: Alliance) -> None:
    provide(alliance, alliance.offer, tasks=["HEAVY_LIFTING"])
    question = ask(alliance, "sending", "NO_HEAVY_LIFTING").json()["id"]
    refused = answered(alliance, "company", question, provided=True)
    assert "contradict" in faults(refused)["provisions"]
    assert provisions_of(alliance) == {}
    client, path = alliance.client("company"), f"/offers/{alliance.offer.id}"
    changed = edit(client, path, OfferRecord, tasks=[], provisions={"NO_HEAVY_LIFTING": "declared"})
    assert changed.status_code == 200, changed.text
    (now,) = client.get(f"{V1}/provision-questions").json()["items"]
    assert (now["id"], now["answer"]) == (question, "provided")
    with transaction(alliance.engine, writes=False) as session:
        row = session.get_one(models.ProvisionQuestion, uuid.UUID(question))
        assert (row.answered_by, row.answered_at) == (alliance.users["company"].id, NOW)
