"""Rows that are sealed: nothing of them stands plain, and a broken one stops nobody else."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlmodel import col, select

import models
from api.database import transaction
from api.services import placements, rounds
from api.statuses import Edit
from tests import rows, sealing
from tests.api.alliance import NOW, Alliance
from tests.api.decided import ANY, V1, kind
from tests.api.editing import agreed, standing
from tests.api.test_sealing import changed


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def everything(engine: Engine) -> bytes:
    """Whatever can be read of a database without its keys."""
    with engine.connect() as connection:
        found = [
            connection.execute(text(f'SELECT * FROM "{table}"')).all()
            for table in inspect(engine).get_table_names()
        ]
    told = repr(found).encode()
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        told += b"".join(one.read_bytes() for one in file.parent.glob(f"{file.stem}*"))
    return told


def test_nothing_of_what_somebody_needs_stands_plain_in_the_database(alliance: Alliance) -> None:
    url, sending = f"{V1}/apprentices/{alliance.eetu.id}/needs", alliance.client("sending")
    hard = {"needs": {"QUIET_SPACE": "soft", "STEP_FREE_ACCESS": "soft"}, "sex": "female"}
    assert alliance.client("eetu").put(url, json=hard, headers=ANY).status_code == 200
    asked = {
        "call_id": str(alliance.call.id),
        "apprentice_id": str(alliance.eetu.id),
        "window_id": str(alliance.window.id),
        "override_reason": "a quiet room was promised",
    }
    made = [sending.post(f"{V1}/proposals", json=asked, headers={"Idempotency-Key": "k"})
            for _ in range(2)]  # fmt: skip
    assert (made[0].status_code, made[1].json()) == (201, made[0].json())
    assert "STEP_FREE_ACCESS" in made[0].text
    who = rounds.Worker("w-1", rows.ids(1), lambda: NOW)
    with transaction(alliance.engine) as session:
        asked_for = rounds.ask_for(
            session, alliance.call.code, models.RoundKind.PREVIEW, by=None, worker=who
        )
    assert rounds.run_next(alliance.engine, who) == asked_for.id
    found = everything(alliance.engine)
    assert b"Werkstatt" in found
    for word in (b"QUIET_SPACE", b"STEP_FREE_ACCESS", b"female", b"inclusion", b"quiet room"):
        assert word not in found, word


def test_where_a_record_of_needs_is_broken_the_rest_goes_on(alliance: Alliance) -> None:
    proposal = agreed(alliance, alliance.eetu, alliance.window)
    with transaction(alliance.engine) as session:
        sealing.needing(session, alliance.aino.id, needs={"QUIET_SPACE": "soft"})
        row = sealing.needing(session, alliance.eetu.id, needs={"STEP_FREE_ACCESS": "hard"})
        good = row.needs

    def put(needs: bytes) -> None:
        with transaction(alliance.engine) as session:
            session.get_one(models.SupportNeeds, row.id).needs = needs

    put(changed(good, -5 % len(good)))
    client, own = alliance.client("sending"), f"{V1}/apprentices/{alliance.eetu.id}/needs"
    pair = {"call": "2027", "offer": str(alliance.offer.id)}
    for path, query in (
        (own, {}), (f"{V1}/suggestions", pair | {"apprentice": str(alliance.eetu.id)}),
        (f"{V1}/explanations", pair | {"apprentice": str(alliance.eetu.id)}),
    ):  # fmt: skip
        query = {name: value for name, value in query.items() if "expl" in path or name != "offer"}
        answer = client.get(path, params=query)
        assert kind(answer) == (409, "seal-broken"), path
        assert f"The row {row.id} of support_needs" in answer.json()["detail"]
        assert client.get(path.replace(str(alliance.eetu.id), str(alliance.aino.id)), params={
            name: value.replace(str(alliance.eetu.id), str(alliance.aino.id))
            for name, value in query.items()
        }).status_code == 200, path  # fmt: skip
    for path, number in (("apprentices", 3), ("proposals", 1), ("placements", 0)):
        assert len(client.get(f"{V1}/{path}").json()["items"]) == number
    with transaction(alliance.engine) as session:
        placements.check_again(session, alliance.service(), [Edit.WORK], offers=[alliance.offer.id])
    status, _, yes = standing(alliance.engine, proposal)
    assert (status, "apprentice" in yes) == ("asked", False)  # the work changed: they are asked
    with transaction(alliance.engine) as session:
        mine = select(models.SupportNeeds).where(
            col(models.SupportNeeds.apprentice_id) == alliance.aino.id
        )
        other = session.exec(mine).one().needs
    put(other)
    assert kind(client.get(own)) == (409, "seal-broken")
    anew = client.put(own, json={"needs": {"QUIET_SPACE": "soft"}}, headers={"If-Match": '"3"'})
    assert (anew.status_code, client.get(own).json()["needs"]) == (200, {"QUIET_SPACE": "soft"})


def test_a_round_leaves_out_whose_needs_cannot_be_read_and_says_so(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        sealing.needing(session, alliance.aino.id, needs={"QUIET_SPACE": "soft"})
        row = sealing.needing(session, alliance.eetu.id, needs={"STEP_FREE_ACCESS": "hard"})
        row.confirmed = changed(row.confirmed, 20)
        session.add(models.PairWish(**rows.stamped(
            apprentice_id=alliance.eetu.id, window_id=alliance.window.id, wish="lock",
            reason="promised", made_by=alliance.users["sending"].id,
        )))  # fmt: skip
    who = rounds.Worker("w-1", rows.ids(1), lambda: NOW)
    with transaction(alliance.engine) as session:
        asked_for = rounds.ask_for(
            session, alliance.call.code, models.RoundKind.PROPOSING, by=None, worker=who
        )
    rounds.run_next(alliance.engine, who)
    with transaction(alliance.engine, writes=False) as session:
        files = rounds.files(session, asked_for.id)
        placed = {row.apprentice_id for row in session.exec(select(models.Proposal))}
    assert files.left_out == [
        {"apprentice": str(alliance.eetu.id), "why": "the record of needs cannot be opened"}
    ]
    assert (str(alliance.eetu.id) in files.problem, "QUIET_SPACE" in files.problem) == (False, True)
    assert placed == {alliance.aino.id, alliance.leena.id}
