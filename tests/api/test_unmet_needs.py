"""Hard needs that an offer does not provide for: told to whom, accepted by whom."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api import store
from api.database import transaction
from api.health_words import looks_like_health_data
from api.store.rows import every
from matcher.vocabulary import default_reference, minutes
from models import ApprenticeRecord
from tests import rows, sealing
from tests.api.alliance import Alliance
from tests.api.decided import kind
from tests.api.editing import ANY, V1, agreed, edit, last_audit, standing
from tests.api.roles.apprentices import PERSON
from tests.api.test_reason_routes import a_done_round

NEEDS = {"PERSONAL_ASSISTANT": "hard", "STEP_FREE_ACCESS": "hard", "MEDICATION_STORAGE": "hard",
         "QUIET_SPACE": "hard", "MEALS_PROVIDED": "soft"}  # fmt: skip


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def needing(alliance: Alliance, **needs: str) -> None:
    """Aino needs this; the workshop knows of the quiet space alone, and not whether."""
    with transaction(alliance.engine) as session:
        session.get_one(models.Offer, alliance.offer.id).provisions = {
            "MEDICATION_STORAGE": "declared", "QUIET_SPACE": "unknown",
        }  # fmt: skip
        sealing.needing(session, alliance.aino.id, needs=needs)


def explained(alliance: Alliance, who: str) -> list[dict[str, Any]]:
    query = {"call": "2027", "offer": str(alliance.offer.id), "apprentice": str(alliance.aino.id)}
    answer = alliance.client(who).get(f"{V1}/explanations", params=query)
    assert answer.status_code == 200, answer.text
    (one,) = answer.json()["items"]
    found: list[dict[str, Any]] = one["unmet_needs"]
    return found


def accept(alliance: Alliance, need: str, reason: str = "paid by the centre", **more: str) -> Any:
    return alliance.client("sending").post(
        f"{V1}/apprentices/{alliance.aino.id}/accepted-needs",
        json={"offer_id": str(alliance.offer.id), "need": need, "reason": reason} | more,
        headers={"Idempotency-Key": f"{need} {len(reason)}"},
    )


def test_an_explanation_says_what_can_be_done_about_each_need(alliance: Alliance) -> None:
    needing(alliance, **NEEDS)
    ask = {"state": "can_be_asked", "id": None}
    assistant, quiet, steps = explained(alliance, "sending")
    assert assistant == {
        "need": "PERSONAL_ASSISTANT", "kind": "FUNDABLE", "level": "absent", "question": ask,
        "cost_line": "INCLUSION_SUPPORT_PARTICIPANTS",
    }  # fmt: skip
    assert quiet == {"need": "QUIET_SPACE", "kind": "ADJUSTABLE", "level": "unknown",
                     "cost_line": None, "question": ask}  # fmt: skip
    assert (steps["need"], steps["kind"]) == ("STEP_FREE_ACCESS", "BLOCKING")
    assert [one | {"question": ask} for one in explained(alliance, "aino")] == [
        assistant, quiet, steps,
    ]  # fmt: skip
    assert {one["question"] for one in explained(alliance, "aino")} == {None}

    url = f"{V1}/offers/{alliance.offer.id}/provision-questions"
    sending = alliance.client("sending")
    asked = sending.post(url, json={"provision": "QUIET_SPACE"}).json()["id"]
    steps_asked = sending.post(url, json={"provision": "STEP_FREE_ACCESS"}).json()["id"]
    answer = f"{V1}/provision-questions/{steps_asked}/answer"
    assert alliance.client("company").post(answer, json={"provided": False}).status_code == 200
    states = {one["need"]: one["question"] for one in explained(alliance, "sending")}
    assert states == {
        "PERSONAL_ASSISTANT": ask, "QUIET_SPACE": {"state": "open", "id": asked},
        "STEP_FREE_ACCESS": {"state": "not_provided", "id": steps_asked},
    }  # fmt: skip
    assert accept(alliance, "PERSONAL_ASSISTANT").status_code == 201
    assert [one["need"] for one in explained(alliance, "sending")] == [
        "QUIET_SPACE", "STEP_FREE_ACCESS",
    ]  # fmt: skip


def test_nobody_else_reads_what_is_unmet(alliance: Alliance) -> None:
    needing(alliance, **NEEDS)
    accept(alliance, "PERSONAL_ASSISTANT")
    pair = f"offer={alliance.offer.id}&apprentice={alliance.aino.id}"
    paths = ["/offers", "/waiting", "/provision-questions", "/idle-offers?call=2027",
             f"/explanations?call=2027&{pair}",
             f"/apprentices/{alliance.aino.id}/accepted-needs"]  # fmt: skip
    for who in ("hosting", "company", "stranger"):
        for path in paths:
            text = alliance.client(who).get(V1 + path).text
            for hidden in ("PERSONAL_ASSISTANT", "STEP_FREE", "paid by", "BLOCKING"):
                assert hidden not in text, (who, path)


def test_an_explanation_with_other_rules_names_no_needs(alliance: Alliance) -> None:
    needing(alliance, STEP_FREE_ACCESS="soft")
    with transaction(alliance.engine) as session:
        session.get_one(models.Offer, alliance.offer.id).languages = {"fi": "C2"}
    assert explained(alliance, "sending") == []


def test_a_pair_that_is_not_suitable_for_hidden_reasons_names_no_needs(
    alliance: Alliance,
) -> None:
    needing(alliance, QUIET_SPACE="hard")
    refused = rows.proposal(alliance.call, alliance.aino, alliance.window, status="rejected",
                            reason="doubts_about_host")  # fmt: skip
    with transaction(alliance.engine) as session:
        session.add(refused)
    assert explained(alliance, "aino") == []
    assert [one["need"] for one in explained(alliance, "sending")] == ["QUIET_SPACE"]


def test_who_has_no_place_is_told_by_need_as_things_stand_today(alliance: Alliance) -> None:
    a_done_round(alliance)

    def nearest() -> list[tuple[str, list[str]]]:
        page = alliance.client("sending").get(f"{V1}/unmatched", params={"call": "2027"}).json()
        (eetu,) = [one for one in page["items"] if one["first_name"] == "Eetu"]
        others = [near for one in page["items"] if one is not eetu for near in one["nearest"]]
        assert {str(near["unmet_needs"]) for near in others} == {"[]"}
        return sorted(
            (near["work"]["company"], [one["need"] for one in near["unmet_needs"]])
            for near in eetu["nearest"]
        )

    assert nearest() == [("Dreherei", ["STEP_FREE_ACCESS"]), ("Werkstatt", ["STEP_FREE_ACCESS"])]
    with transaction(alliance.engine) as session:
        offer = session.get_one(models.Offer, alliance.offer.id)
        offer.provisions = {"STEP_FREE_ACCESS": "declared"}
    assert nearest() == [("Dreherei", ["STEP_FREE_ACCESS"]), ("Werkstatt", [])]


def test_only_what_can_be_solved_otherwise_is_accepted(alliance: Alliance) -> None:
    needing(alliance, **NEEDS)
    for need, refused in (
        ("STEP_FREE_ACCESS", (409, "need-blocking")),
        ("MEDICATION_STORAGE", (409, "need-provided")),
        ("MEALS_PROVIDED", (409, "need-not-hard")),
        ("ACCOMPANYING_PERSON", (409, "need-not-hard")),
        ("STAIRS", (422, "unknown-provision")),
    ):
        answer = accept(alliance, need)
        assert kind(answer) == refused
        assert need == "STAIRS" or need not in answer.json()["detail"]
    assert kind(accept(alliance, "QUIET_SPACE", " ")) == (422, "record-faulty")
    nowhere = accept(alliance, "QUIET_SPACE", offer_id=str(alliance.company.id))
    assert kind(nowhere) == (404, "no-such-offer")
    with transaction(alliance.engine, writes=False) as session:
        assert every(session, models.AcceptedNeed) == []


def test_accepting_lets_a_pair_pass_until_it_is_taken_back(alliance: Alliance) -> None:
    here = agreed(alliance, alliance.aino, alliance.window)
    client, url = alliance.client("sending"), f"{V1}/apprentices/{alliance.aino.id}"
    needs = {"needs": {"QUIET_SPACE": "hard"}}
    assert client.put(f"{url}/needs", json=needs, headers=ANY).status_code == 200
    assert standing(alliance.engine, here)[:2] == ("on_hold", ["hard_needs"])
    reason = "has asthma, a calm corner will do"
    made = accept(alliance, "QUIET_SPACE", reason)
    assert made.status_code == 201, made.text
    assert made.json()["warnings"] == [{"code": "looks_like_health_data", "field": "reason"}]
    assert accept(alliance, "QUIET_SPACE", reason).json() == made.json()
    assert standing(alliance.engine, here)[0] == "agreed"
    again = accept(alliance, "QUIET_SPACE", "another reason")
    assert kind(again) == (409, "key-taken")
    (listed,) = client.get(f"{url}/accepted-needs").json()["items"]
    assert (listed["need"], listed["reason"]) == ("QUIET_SPACE", reason)
    assert listed["accepted_by"] == str(alliance.users["sending"].id)

    found = store_of_everything_written(alliance)
    assert "QUIET_SPACE" not in found
    assert "asthma" not in found
    other = f"{V1}/apprentices/{alliance.eetu.id}/accepted-needs/{listed['id']}"
    assert kind(client.delete(other)) == (404, "no-such-accepted-need")
    with transaction(alliance.engine, writes=False) as session:
        before = store.snapshots.snapshot_of_pairs(
            session, alliance.call.id, [alliance.aino.id], []
        )
    assert client.delete(f"{url}/accepted-needs/{listed['id']}").status_code == 204
    assert standing(alliance.engine, here)[:2] == ("on_hold", ["hard_needs"])
    with transaction(alliance.engine, writes=False) as session:
        gone = store.snapshots.no_longer_accepted(session, before)
    assert gone == {alliance.aino.id}  # a round that began before makes nothing of it
    noted = last_audit(alliance.engine, "need.acceptance_withdrawn")
    assert (noted.row_id, noted.data["accepted_need"]) == (alliance.aino.id, listed["id"])


def store_of_everything_written(alliance: Alliance) -> str:
    """The audit and the remembered answers, as text."""
    with transaction(alliance.engine) as session:
        written = [event.data for event in sealing.done(session)]
        return str(written + [row.answer for row in session.exec(select(models.IdempotencyKey))])


def test_a_text_that_looks_like_health_data_is_stored_with_a_warning(alliance: Alliance) -> None:
    client = alliance.client("tutor")
    warned = [{"code": "looks_like_health_data", "field": "introduction"}]
    body = PERSON | {"centre_id": str(alliance.aino.centre_id)}
    made = client.post(f"{V1}/apprentices", json=body | {"introduction": "Has epilepsy."})
    assert (made.status_code, made.json()["warnings"]) == (201, warned)
    path = f"/apprentices/{made.json()['id']}"
    assert client.get(V1 + path).json()["introduction"] == "Has epilepsy."
    calm = edit(client, path, ApprenticeRecord, introduction="Works with care.")
    assert (calm.status_code, calm.json()["warnings"]) == (200, [])


def test_health_words_of_six_languages_are_known() -> None:
    for text in (
        "She is autistic and calm.", "Tiene diabetes.", "Tem alergias a nozes.",
        "Hänellä on epilepsia.", "Er ist Rollstuhlfahrer.", "Choruje na astmę, ma alergię.",
        "HIV", "PSYCHIATRIC care",
    ):  # fmt: skip
        assert looks_like_health_data(text), text
    for text in (
        "", "Works with care and asks when in doubt.", "Trabaja con ganas y aprende rápido.",
        "Gosta de trabalhar em equipa.", "Tykkää työstä ja on täsmällinen.",
        "Arbeitet sorgfältig im Team und fragt nach.", "Lubi pracę w zespole, jest punktualna.",
        "Repairs engines, likes archives and blinds.", "Operation und Diagnose von Maschinen",
        "Knows the allergens of bread.", "Auxiliar de enfermería, Krankenpflege",
    ):  # fmt: skip
        assert not looks_like_health_data(text), text


def test_the_list_of_needs_says_what_pays_and_what_contradicts() -> None:
    facts = default_reference()
    for row in facts.rows("needs"):
        assert (row["unmet"] == "FUNDABLE") == bool(row["cost_line"]), row["code"]
        assert not row["cost_line"] or row["cost_line"] in facts.codes("cost_lines")
        assert set(filter(None, row["contradicts"].split(";"))) <= facts.codes("hazards").keys()
        assert [minutes(time) for time in filter(None, row["not_between"].split("-"))] in (
            [], [1320, 360],
        )  # fmt: skip
