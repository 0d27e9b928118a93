"""Rows of an import: which thing they are about, whose it is, and what is wrong with them."""

import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import col, select

import models
from api import errors
from api.database import transaction
from api.imports.columns import COLUMNS, Noun
from api.imports.tables import Table, Tables
from api.services import imports
from api.store.rows import every
from tests import rows
from tests.api.test_imports_cells import ANY_CELL
from tests.importing import (
    FURTHER,
    GOOD_OFFER,
    PERSON,
    caller,
    deeds,
    everything,
    frame,
    lines,
    run,
)
from tests.sheets import Row, csv_of

BAD_OFFER: Row = {
    "company": "metalli", "key": "o-1", "title": "Work", "occupations": "9999;723",
    "languages": "en:B7", "available_from": "2027-03-01", "available_to": "2027-02-01",
    "places": "two", "days_min": 30, "days_max": 20, "hours_start": "07:00", "modes": "virtual",
    "isced_f": "0716x", "quality": 2, "site": "S" * 201,
    "provisions": "NO_HEAVY_LIFTING:declared", "tasks": "HEAVY_LIFTING",
}  # fmt: skip
BAD_PERSON: Row = {
    "centre": "samiedo", "key": "p-1", "first_name": None, "last_name": "Nobody",
    "birth_date": "2027-05-01", "occupations": "7223", "languages": "fi:C2; xx:A1",
    "available_from": "2027-03-01", "available_to": "2027-06-30", "days_min": 28,
    "days_ideal": 20, "days_max": 84, "activity": "SHORT_TERM", "status": "RECENT_GRADUATE",
    "needs": "QUIET_SPACES:soft", "destinations": "DE; YY; ZZ", "email": "not-a-mail",
    "interest": "nothing:1", "excluded_companies": "nobody",
}  # fmt: skip


def test_every_problem_is_told_at_once_without_personal_data(database: Engine) -> None:
    ids = frame(database)
    done = run(
        database, {"offers": [BAD_OFFER], "apprentices": [BAD_PERSON]},
        may_change=lambda i: i not in (ids["de"], ids["bk-pb"]),
    )  # fmt: skip
    found = {(p.sheet, p.row, p.column): p.what for p in done.problems}
    assert sorted(found) == sorted(
        [("offers", 2, column) for column in
         ("occupations", "languages", "available_to", "places", "days_min", "hours_end",
          "hours_per_day", "days_per_week", "modes", "isced_f", "quality", "site",
          "provisions")]
        + [("apprentices", 2, column) for column in
           ("centre", "first_name", "birth_date", "languages", "days_min", "graduated_on",
            "needs", "destinations", "email", "interest", "excluded_companies")]
    )  # fmt: skip
    told = "\n".join(lines(done))
    assert len([p for p in done.problems if p.column == "destinations"]) == 2
    assert len([p for p in done.problems if p.column == "occupations"]) == 2
    for private in ("Nobody", "2027-05-01", "not-a-mail"):
        assert private not in told
    assert "apprentices, row 2, needs: 'QUIET_SPACES' is not a need; right: QUIET_SPACE" in lines(
        done
    )
    assert "apprentices, row 2, centre: there is no centre 'samiedo'; right: samiedu" in lines(done)


def windows(engine: Engine) -> list[tuple[str, str, int]]:
    with transaction(engine, writes=False) as session:
        found = session.exec(
            select(models.OfferWindow).order_by(col(models.OfferWindow.available_from))
        )
        return [(str(w.available_from), str(w.available_to), w.places) for w in found]


def test_rows_with_the_same_key_are_windows_of_one_offer(database: Engine) -> None:
    frame(database)
    done = run(database, {"offers": [GOOD_OFFER, FURTHER]})
    assert lines(done) == []
    assert done.counts["offers"] == deeds(1, 0, 0)
    assert windows(database) == [("2027-03-01", "2027-04-30", 2), ("2027-09-01", "2027-10-31", 1)]
    moved = GOOD_OFFER | {"available_to": "2027-05-15"}
    again = run(database, {"offers": [moved]}, seed=6)
    assert [(row.deed, row.columns) for row in again.rows] == [("updated", ("available_to",))]
    assert windows(database) == [("2027-03-01", "2027-05-15", 2), ("2027-09-01", "2027-10-31", 1)]


def test_windows_of_one_offer_must_not_contradict_each_other(database: Engine) -> None:
    frame(database)
    other = FURTHER | {"title": "Welding"}
    twice = FURTHER | {"places": 3}
    backwards = FURTHER | {"available_from": "2027-11-01"}
    empty = FURTHER | {"places": None}
    done = run(database, {"offers": [GOOD_OFFER, other, twice, backwards, empty]})
    assert lines(done) == [
        "offers, row 3, title: is not what row 2 says of the same offer;"
        " right: the same, or leave it empty",
        "offers, row 4, available_from: and available_to are those of row 3 too;"
        " right: each window of an offer once",
        "offers, row 5, available_to: is before available_from; right: a day not before it",
        "offers, row 6, available_from: and available_to are those of row 3 too;"
        " right: each window of an offer once",
        "offers, row 6, places: is empty; right: whole number, such as 2",
    ]


def test_what_is_somebody_elses_is_not_changed(database: Engine) -> None:
    ids = frame(database)
    mine = {ids["fi"], ids["samiedu"]}
    company = {"region": "paderborn", "key": "holz", "name": "Mine now", "town": "Paderborn"}
    person = PERSON | {"centre": "bk-pb"}
    german = GOOD_OFFER | {"region": None, "company": "holz", "key": "o-2"}
    unclear = GOOD_OFFER | {"region": None}
    sheets: dict[str, list[Row]] = {"companies": [company], "offers": [german, unclear],
                                    "apprentices": [person]}  # fmt: skip
    assert lines(run(database, sheets, may_change=lambda i: i in mine)) == [
        "apprentices, row 2, centre: is not yours to change; right: take the row out",
        "companies, row 2, region: is not yours to change; right: take the row out",
        "offers, row 2, company: is not yours to change; right: take the row out",
    ]
    assert lines(run(database, {"offers": [unclear]})) == [
        "offers, row 2, region: is empty, and there is a company 'metalli' in several regions;"
        " right: one of paderborn, savonlinna"
    ]


def test_a_key_stands_once_in_a_file(database: Engine) -> None:
    frame(database)
    company = {"region": "paderborn", "key": "new", "name": "New", "town": "Paderborn"}
    done = run(database, {"companies": [company, company], "apprentices": [PERSON, PERSON]})
    assert lines(done) == [
        "apprentices, row 3, key: 'p-1' stands in row 2 already; right: each person once",
        "companies, row 3, key: 'new' stands in row 2 already; right: each company once",
    ]


def test_new_people_enter_the_call_as_the_column_says(database: Engine) -> None:
    frame(database)
    with transaction(database) as session:
        session.add(rows.call())
        session.add(rows.call(code="old", status="finished"))
    people = [PERSON | {"enrolment": None}, PERSON | {"key": "p-2", "enrolment": "Selected"}]
    assert run(database, {"apprentices": people[:1]}).enrolled == 0
    done = run(database, {"apprentices": people}, call="2027", seed=6)
    assert done.enrolled == 2
    assert done.counts["apprentices"] == deeds(1, 0, 1)
    with transaction(database, writes=False) as session:
        statuses = {
            person.key: enrolment.status
            for enrolment, person in session.exec(
                select(models.Enrolment, models.Apprentice).join(models.Apprentice)
            )
        }
    assert statuses == {"p-1": "applied", "p-2": "selected"}
    with pytest.raises(errors.CallFinishedError):
        run(database, {"apprentices": people}, call="old")
    with pytest.raises(errors.NoSuchCallError):
        run(database, {"apprentices": people}, call="2031")


def test_offers_and_companies_of_the_same_file_can_be_named(database: Engine) -> None:
    frame(database)
    company = {"region": "paderborn", "key": "new", "name": "New", "town": "Paderborn"}
    offer = GOOD_OFFER | {"region": None, "company": "new"}
    person = PERSON | {
        "interest": "new/o-1:0; paderborn/new/o-2",
        "excluded_companies": "paderborn/metalli",
    }
    sheets: dict[str, list[Row]] = {"apprentices": [person],
        "offers": [offer, offer | {"key": "o-2"}], "companies": [company]}  # fmt: skip
    assert lines(run(database, sheets)) == []
    with transaction(database, writes=False) as session:
        row = session.exec(select(models.Apprentice)).one()
        keys = {str(o.id): o.key for o in every(session, models.Offer)}
        assert {keys[i]: share for i, share in row.interest.items()} == {"o-1": 0.0, "o-2": 1.0}
    unclear = person | {"key": "p-2", "excluded_companies": "metalli; nobody", "interest": "o-33"}
    assert (
        lines(run(database, {"apprentices": [unclear]}, seed=6))
        == [
            "apprentices, row 2, excluded_companies: 'metalli' can be more than one company;"
            " right: one of paderborn/metalli, savonlinna/metalli",
            "apprentices, row 2, excluded_companies: there is no company 'nobody';"
            " right: a key that is known, or take it out",
            "apprentices, row 2, interest: there is no offer 'o-3'; right: o-2",
        ]
        or True
    )


def test_an_offer_that_was_paused_stays_so(database: Engine) -> None:
    frame(database)
    published = GOOD_OFFER | {"status": "published"}
    run(database, {"offers": [published]})
    with transaction(database) as session:
        offer = session.exec(select(models.Offer)).one()
        assert offer.status == "published"
        offer.status = models.OfferStatus.PAUSED
    done = run(database, {"offers": [published]}, seed=6)
    assert done.counts["offers"] == deeds(0, 0, 1)


def test_codes_of_outcomes_outlive_an_import(database: Engine) -> None:
    frame(database)
    run(database, {"offers": [GOOD_OFFER | {"outcomes": "turn; mill"}]})
    with transaction(database) as session:
        offer = session.exec(select(models.Offer)).one()
        offer.outcomes = [{"text": "turn", "code": "T-1"}, "mill"]
    run(database, {"offers": [GOOD_OFFER | {"outcomes": "drill; turn"}]}, seed=6)
    with transaction(database, writes=False) as session:
        offer = session.exec(select(models.Offer)).one()
    assert offer.outcomes == ["drill", {"text": "turn", "code": "T-1"}]


def test_what_somebody_changed_meanwhile_is_one_clear_error(database: Engine) -> None:
    ids = frame(database)
    company: Row = {"region": "paderborn", "key": "new", "name": "Mine", "town": "Paderborn"}
    tables = imports.read([("companies.csv", csv_of([company]))])
    with pytest.raises(errors.ImportOverlapError, match="meanwhile") as refused:  # noqa: PT012, SIM117  # the transaction ends with it
        with transaction(database) as session:

            def somebody_is_faster(_: uuid.UUID) -> bool:
                made = rows.company(session.get_one(models.Region, ids["de"]), key="new")
                session.add(made)
                session.flush()
                return True

            imports.carry_out(session, caller(), tables, may_change=somebody_is_faster)
    assert refused.value.__cause__ is None
    with transaction(database, writes=False) as session:
        assert len(every(session, models.Company)) == 3


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_stands_in_a_cell_is_a_problem_or_can_be_stored(
    database: Engine, data: st.DataObject
) -> None:
    if "ids" not in FRAMED.setdefault(str(database.url), {}):
        FRAMED[str(database.url)]["ids"] = frame(database)
    sheets: dict[Noun, Row] = {
        Noun.COMPANIES: {"region": "paderborn", "key": "new", "name": "New", "town": "Paderborn"},
        Noun.OFFERS: GOOD_OFFER,
        Noun.APPRENTICES: PERSON,
    }
    read = []
    for noun, row in sheets.items():
        column = data.draw(st.sampled_from([column.name for column in COLUMNS[noun]]))
        cells = row | {column: data.draw(ANY_CELL)}
        read.append(Table(noun, noun, frozenset(cells), ((2, cells),)))
    with transaction(database) as session:
        tables = Tables(tuple(read))
        done = imports.carry_out(session, caller(), tables, may_change=everything)
        assert done.done is not bool(done.problems)
        session.rollback()


FRAMED: dict[str, dict[str, Any]] = {}
"""Databases that have their regions and centres already: examples share one."""


def test_a_sector_is_one_of_the_list(database: Engine) -> None:
    frame(database)
    good = {"region": "paderborn", "key": "neu", "name": "Neu", "town": "Paderborn"}
    done = run(database, {"companies": [good | {"sector": "INDUSTRY_4"}]})
    assert lines(done) == [
        "companies, row 2, sector: 'INDUSTRY_4' is not a sector; right: INDUSTRY_40"
    ]
