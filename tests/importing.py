"""Imports as tests run them: planned, carried out, and rows that are good by themselves."""

import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

from api.caller import Caller
from api.database import transaction
from api.services import imports
from api.services.imports import ImportPlan
from tests import rows
from tests.sealing import done
from tests.sheets import Row, Sheets, workbook


def caller(seed: int = 5, **values: Any) -> Caller:
    return Caller(now=rows.LATER, new_id=rows.ids(seed), **values)


def everything(_: uuid.UUID) -> bool:
    return True


def run(
    engine: Engine,
    sheets: Sheets | dict[str, list[Row]],
    may_change: Callable[[uuid.UUID], bool] = everything,
    call: str | None = None,
    seed: int = 5,
) -> ImportPlan:
    """Plan an import, carry it out, and see that both say the same."""
    tables = imports.read([("file.xlsx", workbook({n: r for n, r in sheets.items() if r}))])
    with transaction(engine, writes=False) as session:
        planned = imports.plan(session, caller(seed), tables, may_change=may_change, call=call)
    with transaction(engine) as session:
        done = imports.carry_out(session, caller(seed), tables, may_change=may_change, call=call)
    assert (planned.problems, planned.rows, planned.enrolled, planned.changed_ids) == (
        done.problems, done.rows, done.enrolled, done.changed_ids,
    )  # fmt: skip
    assert done.done is not bool(done.problems)
    return done


def lines(plan: ImportPlan) -> list[str]:
    return [problem.line for problem in plan.problems]


def deeds(created: int, updated: int, unchanged: int) -> dict[str, int]:
    return {"created": created, "updated": updated, "unchanged": unchanged}


NONE = deeds(0, 0, 0)


def audited(engine: Engine) -> dict[str, int]:
    with transaction(engine, writes=False) as session:
        found: dict[str, int] = {}
        for row in done(session):
            found[row.action] = found.get(row.action, 0) + 1
        return found


def frame(engine: Engine) -> dict[str, uuid.UUID]:
    """Two regions, each with a centre and a company."""
    fi = rows.region()
    de = rows.region(code="paderborn", name="Paderborn", country="DE", town="Paderborn")
    made = [
        fi, de, rows.centre(fi), rows.centre(de, code="bk-pb", name="BK", town="Paderborn"),
        rows.company(fi, key="metalli"), rows.company(de, key="metalli", name="Metallbau"),
        rows.company(de, key="holz", name="Holzbau"),
    ]  # fmt: skip
    with transaction(engine) as session:
        for row in made:
            session.add(row)
            session.flush()
    return {"fi": fi.id, "de": de.id, "samiedu": made[2].id, "bk-pb": made[3].id,
            "metalli-fi": made[4].id, "metalli-de": made[5].id, "holz": made[6].id}  # fmt: skip


GOOD_OFFER: Row = {
    "region": "savonlinna", "company": "metalli", "key": "o-1", "title": "CNC turning",
    "occupations": "7223", "languages": "en:B1", "available_from": "2027-03-01",
    "available_to": "2027-04-30", "places": 2, "days_min": 14, "days_max": 60,
}  # fmt: skip
FURTHER: Row = dict.fromkeys(GOOD_OFFER) | {
    "company": "metalli", "key": "o-1", "available_from": "2027-09-01",
    "available_to": "2027-10-31", "places": 1,
}  # fmt: skip


PERSON: Row = {
    "centre": "samiedu", "key": "p-1", "first_name": "Aino", "last_name": "Esimerkki",
    "birth_date": "2008-05-01", "occupations": "7223", "languages": "fi:C2; en:B1",
    "available_from": "2027-03-01", "available_to": "2027-06-30", "days_min": 28,
    "days_ideal": 56, "days_max": 84, "activity": "SHORT_TERM", "status": "STUDENT_PLACEMENT",
}  # fmt: skip
