"""Travel groups and friends, as programs meet them."""

import uuid
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Engine

import models
from api import store
from api.database import transaction
from api.services import by_hand
from api.throttle import Tried
from tests import rows
from tests.api.alliance import Alliance
from tests.api.elsewhere import zelda

V1 = "/api/v1"
ANY = {"If-Match": "*"}
GROUPS, FRIEND = f"{V1}/calls/2027/groups", f"{V1}/calls/2027/friend"
DAYS = {"first_day": "2027-03-01", "last_day": "2027-03-14"}
TEACHER = {"name": "Riikka", "first_day": "2027-03-01", "last_day": "2027-03-13"}


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def written(alliance: Alliance, table: Any) -> list[Any]:
    with transaction(alliance.engine, writes=False) as session:
        return sorted(store.rows.every(session, table), key=lambda row: row.created_at)


def group_audit(alliance: Alliance) -> list[str]:
    return sorted(row.action for row in written(alliance, models.AuditEvent)
                  if row.action.startswith("group."))  # fmt: skip


def mails(alliance: Alliance) -> list[tuple[str, str, str]]:
    """What was queued since the last look: text, address, language."""
    with transaction(alliance.engine) as session:
        found = store.rows.every(session, models.OutboxMail)
        said = [(mail.text, mail.address, mail.language) for mail in found if mail.text != "asked"]
        for mail in found:
            session.delete(mail)
    return sorted(said)


def make(alliance: Alliance, who: str, *members: models.Apprentice, **fields: Any) -> Response:
    body = {"name": "2A", "members": [str(one.id) for one in members]} | DAYS | fields
    return alliance.client(who).post(GROUPS, json=body)


def propose(alliance: Alliance, person: models.Apprentice) -> uuid.UUID:
    with transaction(alliance.engine) as session:
        case = by_hand.propose(
            session, alliance.caller("sending"), alliance.call.id, person.id,
            alliance.other_window.id, override_reason="they asked for it",
        )  # fmt: skip
    return case.proposal.id


# classes


def test_a_class_is_made_changed_and_split(alliance: Alliance) -> None:
    client = alliance.client("tutor")
    body = {"name": "2A", "members": [str(alliance.eetu.id)], "accompanying_persons": [TEACHER]}
    once = {"Idempotency-Key": "k"}
    made, again = (client.post(GROUPS, json=body | DAYS, headers=once) for _ in range(2))
    assert (made.status_code, made.json()) == (201, again.json())
    group = made.json()
    url = made.headers["location"]
    assert url == f"{V1}/groups/{group['id']}"
    assert (group["accompanying_persons"], group["uncovered_days"], group["in_effect"]) == (
        [TEACHER], ["2027-03-14"], True,
    )  # fmt: skip
    assert group["members"] == [
        {"apprentice_id": str(alliance.eetu.id), "first_name": "Eetu", "last_name": "Virtanen",
         "wished": False, "enrolment": "selected", "has_place": False}
    ]  # fmt: skip
    fields = {"name": "2B", "town": "Paderborn", "together_or_not_at_all": False} | DAYS
    assert client.put(url, json=fields).status_code == 428
    stale = client.put(url, json=fields, headers={"If-Match": '"9"'})
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:doallvet:stale-version")
    changed = client.put(url, json=fields, headers={"If-Match": made.headers["etag"]})
    assert (changed.status_code, changed.json()["town"]) == (200, "Paderborn")
    tag = changed.headers["etag"]
    leena, members = str(alliance.leena.id), f"{url}/members"
    for method, address, body_of in (
        ("POST", members, {"apprentice_id": leena}), ("DELETE", f"{members}/{leena}", None),
        ("PUT", f"{url}/accompanying-persons", {"items": [TEACHER | {"last_day": "2027-03-14"}]}),
        ("POST", f"{url}/split", None),
    ):  # fmt: skip
        old = client.request(
            method, address, json=body_of, headers={"If-Match": made.headers["etag"]}
        )
        assert old.status_code == 412, address
        done = client.request(method, address, json=body_of, headers={"If-Match": tag})
        assert done.is_success, done.text
        assert done.headers["etag"] != tag
        tag = done.headers["etag"]
    seen = client.get(url)
    assert (seen.headers["etag"], seen.json()["uncovered_days"], len(seen.json()["members"])) == (
        tag, [], 1
    )  # fmt: skip
    assert seen.json()["split_at"] is not None
    assert client.get(GROUPS).json()["items"] == []
    assert client.post(f"{url}/split", headers=ANY).status_code == 409
    assert group_audit(alliance) == [
        "group.accompanying_set", "group.changed", "group.made", "group.member_added",
        "group.member_removed", "group.split",
    ]  # fmt: skip


def test_what_no_group_can_be_is_refused(alliance: Alliance) -> None:
    stranger = zelda(alliance)
    for wrong, status in (
        ({"members": []}, 422), ({"members": [str(uuid.uuid4())]}, 404), ({"kind": "gang"}, 422),
        ({"members": [str(stranger.id)]}, 404), ({"region_code": "atlantis"}, 422),
        ({"last_day": None}, 422), ({"last_day": "2028-01-01"}, 422), ({"kind": "friends"}, 409),
        ({"accompanying_persons": [TEACHER | {"last_day": "2027-02-01"}]}, 422),
    ):  # fmt: skip
        assert make(alliance, "tutor", alliance.aino, **wrong).status_code == status, wrong
    assert group_audit(alliance) == []
    url = make(alliance, "tutor", alliance.aino).headers["location"]
    client = alliance.client("tutor")
    for who, status in ((stranger, 404), (alliance.aino, 409)):
        body = {"apprentice_id": str(who.id)}
        assert client.post(f"{url}/members", json=body, headers=ANY).status_code == status
        answer = client.delete(f"{url}/members/{who.id}", headers=ANY)
        assert answer.status_code == status, answer.text


def test_each_sees_the_own_groups_and_of_others_what_is_theirs_to_know(
    alliance: Alliance,
) -> None:
    other = zelda(alliance)
    mixed = make(alliance, "sending", alliance.aino, other, accompanying_persons=[TEACHER]).json()
    make(alliance, "sending", alliance.leena, name="3C")
    seen = {who: alliance.client(who).get(GROUPS) for who in
            ("sending", "tutor", "aino", "zelda", "eetu", "hosting", "stranger")}  # fmt: skip
    names = {who: sorted(one["name"] for one in answer.json()["items"])
             for who, answer in seen.items()}  # fmt: skip
    assert names == {
        "sending": ["2A", "3C"], "tutor": ["2A", "3C"], "aino": ["2A"], "zelda": ["2A"],
        "eetu": [], "hosting": [], "stranger": [],
    }  # fmt: skip
    assert "Secret" in seen["sending"].text
    for who in ("tutor", "aino"):
        assert "Secret" not in seen[who].text
    (own,) = seen["aino"].json()["items"]
    assert own.keys() == {"id", "version", "name", "kind", "region_code", "town", "first_day",
                          "last_day", "together_or_not_at_all", "in_effect", "members"}  # fmt: skip
    assert sorted(own["members"], key=str) == [
        {"first_name": "Aino", "is_you": True, "wished": False},
        {"first_name": "Zelda", "is_you": False, "wished": False},
    ]
    url = f"{V1}/groups/{mixed['id']}"
    for path, body in (("", {"name": "x"}), ("/accompanying-persons", {"items": []})):
        refused = alliance.client("tutor").put(f"{url}{path}", json=body, headers=ANY)
        assert (refused.status_code, refused.json()["type"]) == (
            403,
            "urn:doallvet:group-of-others",
        )
        assert alliance.client("sending").put(f"{url}{path}", json=body, headers=ANY).is_success
    page = alliance.client("sending").get(f"{GROUPS}?limit=1").json()
    rest = alliance.client("sending").get(GROUPS, params={"after": page["next"]}).json()
    assert ({page["items"][0]["id"], rest["items"][0]["id"]} > {mixed["id"]}, rest["next"]) == (
        True, None,
    )  # fmt: skip


def test_a_school_learns_of_a_place_once_somebody_besides_coordinators_was_asked(
    alliance: Alliance,
) -> None:
    url = make(alliance, "tutor", alliance.aino, together_or_not_at_all=False).headers["location"]
    proposal = propose(alliance, alliance.aino)

    def places() -> list[tuple[bool, int]]:
        seen = [alliance.client(who).get(url).json() for who in ("sending", "tutor")]
        return [(one["members"][0]["has_place"], len(one["missing"])) for one in seen]

    assert places() == [(True, 0), (False, 1)]
    for who in ("sending", "hosting"):
        alliance.client(who).post(
            f"{V1}/proposals/{proposal}/answer", json={"answer": "yes"}, headers=ANY
        )
    assert places() == [(True, 0), (True, 0)]


# friends


def code_of(alliance: Alliance, who: str) -> str:
    found: str = alliance.client(who).get(FRIEND).json()["own_code"]
    return found


def wish(alliance: Alliance, who: str, version: str = "*", **body: Any) -> Response:
    return alliance.client(who).put(FRIEND, json=body, headers={"If-Match": version})


def test_friends_find_each_other_by_a_code_and_are_told(alliance: Alliance) -> None:
    zelda(alliance, alliance.third)
    code = code_of(alliance, "zelda")
    assert wish(alliance, "aino", '"1"', code=code).status_code == 412
    one = wish(alliance, "aino", '"0"', code=f" {code.upper().replace('-', ' ')}")
    assert one.status_code == 200, one.text
    assert one.json()["group"]["in_effect"] is False
    assert "Secret" not in one.text
    assert mails(alliance) == [("friend_wish", "zelda@example.org", "pl")]
    assert wish(alliance, "aino", code=code).headers["etag"] == one.headers["etag"]
    assert mails(alliance) == []
    seen = alliance.client("zelda").get(FRIEND)
    assert sorted((m["first_name"], m["wished"]) for m in seen.json()["group"]["members"]) == [
        ("Aino", True), ("Zelda", False),
    ]  # fmt: skip
    both = wish(alliance, "zelda", seen.headers["etag"])
    assert both.json()["group"]["in_effect"] is True
    assert mails(alliance) == [
        ("friend_group", "aino@example.org", "en"), ("friend_group", "zelda@example.org", "pl"),
    ]  # fmt: skip
    office = alliance.client("sending").get(GROUPS)
    assert (len(office.json()["items"]), "Secret" in office.text) == (1, False)
    assert alliance.client("zelda").delete(FRIEND).status_code == 204
    assert mails(alliance) == [("friend_wish_back", "aino@example.org", "en")]
    assert alliance.client("aino").get(FRIEND).json()["group"] is None
    assert alliance.client("aino").delete(FRIEND).status_code == 404
    assert group_audit(alliance) == [
        "group.made", "group.split", "group.wish_taken_back", "group.wished", "group.wished",
    ]  # fmt: skip


def test_other_terms_ask_the_friend_again(alliance: Alliance) -> None:
    wish(alliance, "aino", code=code_of(alliance, "eetu"), terms={"town": "Paderborn"})
    answer = wish(alliance, "eetu", terms={"town": "Paderborn"} | DAYS)
    group = answer.json()["group"]
    assert (group["town"], group["first_day"], group["in_effect"]) == (
        "Paderborn", "2027-03-01", False,
    )  # fmt: skip
    assert mails(alliance) == [("friend_wish", "aino@example.org", "en")]
    assert wish(alliance, "aino").json()["group"]["in_effect"] is True
    for terms in ({"region_code": "atlantis"}, {"first_day": "2027-03-01"}, {"name": "x"}):
        assert wish(alliance, "aino", terms=terms).status_code == 422
    assert wish(alliance, "aino").json()["group"]["town"] == "Paderborn"


def test_nobody_is_found_who_did_not_give_the_own_code(alliance: Alliance) -> None:
    zelda(alliance)
    own, code = code_of(alliance, "aino"), code_of(alliance, "zelda")
    other = rows.call(code="2028")
    elsewhere = models.Enrolment(**rows.changing(call_id=other.id, apprentice_id=alliance.eetu.id))
    with transaction(alliance.engine) as session:
        store.rows.add_in_order(session, [other, elsewhere])
        for row in store.rows.every(session, models.Enrolment):
            if row.apprentice_id == alliance.users["zelda"].apprentice_id:
                row.status = models.EnrolmentStatus.WITHDRAWN
    answers = [
        wish(alliance, "aino", code=wrong)
        for wrong in (
            code,
            elsewhere.id.hex[-10:],
            "00000-00000",
            "%",
            "_" * 10,
            "fi-02",
            "Zelda",
            "",
            code[1:],
        )
    ]
    assert {(one.status_code, one.json()["type"]) for one in answers} == {
        (404, "urn:doallvet:no-such-friend")
    }
    assert len({one.json()["detail"] for one in answers}) == 1
    assert wish(alliance, "aino").json()["type"] == "urn:doallvet:no-such-wish"
    assert wish(alliance, "aino", code=own).json()["type"] == "urn:doallvet:friends-are-two"
    assert alliance.client("zelda").get(FRIEND).json() == {"own_code": None, "group": None}
    assert wish(alliance, "zelda", code=own).status_code == 409
    assert (mails(alliance), group_audit(alliance)) == ([], [])
    client = alliance.client("aino")
    throttle = client.app.state.throttle
    for _ in range(20):
        throttle.check(Tried.FRIEND_OF_ACCOUNT, str(alliance.users["aino"].id))
    tired = client.put(FRIEND, json={"code": code}, headers=ANY)
    assert (tired.status_code, "retry-after" in tired.headers) == (429, True)


def test_friends_whom_the_school_puts_together_are_both_asked(alliance: Alliance) -> None:
    zelda(alliance)
    made = make(alliance, "tutor", alliance.aino, alliance.eetu, kind="friends")
    assert (made.status_code, made.json()["in_effect"]) == (201, False)
    assert mails(alliance) == [("friend_wish", "aino@example.org", "en")]
    assert wish(alliance, "aino").status_code == 200
    busy = wish(alliance, "zelda", code=code_of(alliance, "aino"))
    assert (busy.status_code, busy.json()["type"]) == (409, "urn:doallvet:already-in-group")
