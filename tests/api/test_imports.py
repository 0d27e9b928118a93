"""Imports against the database: what is created, changed, refused, and written down."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

import models
from api import errors
from api.caller import Caller
from api.database import transaction
from api.imports.columns import Noun
from api.services import imports
from api.services.imports import ImportPlan
from api.store.rows import every
from tests import rows
from tests.sheets import Row, Sheets, csv_of, sheets_of, workbook

NAMES = tuple(noun.value for noun in Noun)
WITHOUT_IDS = {"id", "created_at", "changed_at", "version", "verified_at", "verified_by"}


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


def dump(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Every row that an import can write, ids replaced by what people call them."""
    names: dict[str, str] = {}
    for table, key in (
        (models.Region, "code"), (models.Centre, "code"), (models.Company, "key"),
        (models.Site, "name"), (models.Offer, "key"), (models.Apprentice, "key"),
        (models.Call, "code"),
    ):  # fmt: skip
        names |= {str(row.id): getattr(row, key) for row in every(session, table)}

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {named(key): named(item) for key, item in value.items()}
        if isinstance(value, list):
            return [named(item) for item in value]
        return names.get(str(value), value)

    tables = (models.Company, models.Site, models.Offer, models.OfferWindow, models.Apprentice,
              models.SupportNeeds, models.Enrolment)  # fmt: skip
    return {
        table.__name__: sorted(
            ({n: named(getattr(row, n)) for n in table.model_fields if n not in WITHOUT_IDS}
             for row in every(session, table)),
            key=str,
        )
        for table in tables
    }  # fmt: skip


@pytest.fixture
def sheets(demo: Engine) -> Sheets:
    """The demo alliance as somebody's spreadsheet."""
    with transaction(demo, writes=False) as session:
        return sheets_of(session)


def keep_frame(engine: Engine) -> None:
    """Take everything out but regions, centres, accounts and the call."""
    gone = (models.Proposal, models.AcceptedNeed, models.Enrolment, models.FundedPlaces,
            models.SupportNeeds, models.Apprentice, models.OfferWindow, models.Offer,
            models.Site, models.Company)  # fmt: skip
    with transaction(engine) as session:
        for table in gone:
            for row in every(session, table):
                session.delete(row)
            session.flush()


def audited(engine: Engine) -> dict[str, int]:
    with transaction(engine, writes=False) as session:
        found: dict[str, int] = {}
        for row in every(session, models.AuditEvent):
            found[row.action] = found.get(row.action, 0) + 1
        return found


def test_the_demo_goes_out_into_the_template_and_comes_back_the_same(
    demo: Engine, sheets: Sheets
) -> None:
    with transaction(demo, writes=False) as session:
        before = dump(session)
    keep_frame(demo)
    done = run(demo, sheets, call="demo-2027")
    assert lines(done) == []
    with transaction(demo, writes=False) as session:
        after = dump(session)
    # who needs nothing has no row of needs
    before["SupportNeeds"] = [
        row for row in before["SupportNeeds"] if row["needs"] or row["fewer_opportunities"]
    ]
    assert after == before
    people, offers, companies = (len(before[n]) for n in ("Apprentice", "Offer", "Company"))
    assert done.counts == {
        "companies": deeds(companies, 0, 0), "offers": deeds(offers, 0, 0),
        "apprentices": deeds(people, 0, 0),
    }  # fmt: skip
    assert done.enrolled == people
    assert done.changed_ids == {}
    assert audited(demo) == {
        "company.created": companies, "site.created": len(before["Site"]),
        "offer.created": offers, "offer_window.created": len(before["OfferWindow"]),
        "apprentice.created": people, "support_needs.created": len(before["SupportNeeds"]),
        "enrolment.created": people, "import.done": 1,
    }  # fmt: skip


def test_the_same_file_again_changes_nothing(demo: Engine, sheets: Sheets) -> None:
    with transaction(demo, writes=False) as session:
        before = {row.id: row.version for t in (models.Company, models.Offer, models.Apprentice)
                  for row in every(session, t)}  # fmt: skip
    done = run(demo, sheets, call="demo-2027")
    assert lines(done) == []
    assert done.counts == {
        noun.value: deeds(0, 0, len({(r.get("company"), r["key"]) for r in sheets[noun]}))
        for noun in Noun
    }
    assert (done.enrolled, audited(demo)) == (0, {"import.done": 1})
    with transaction(demo, writes=False) as session:
        after = {row.id: row.version for t in (models.Company, models.Offer, models.Apprentice)
                 for row in every(session, t)}  # fmt: skip
    assert after == before


CHANGED_CELLS = [
    (Noun.COMPANIES, "max_placements", 7, "company.changed"),
    (Noun.OFFERS, "title", "Something else", "offer.changed"),
    (Noun.OFFERS, "places", 9, "offer_window.changed"),
    (Noun.OFFERS, "available_to", "2027-06-01", "offer_window.changed"),
    (Noun.OFFERS, "site_address", "Calle Inventada 5", "site.changed"),
    (Noun.APPRENTICES, "days_ideal", 22, "apprentice.changed"),
    (Noun.APPRENTICES, "needs", "STEP_FREE_ACCESS:hard", "support_needs.changed"),
]


def test_one_changed_cell_is_one_update(demo: Engine, sheets: Sheets) -> None:
    for n, (noun, column, cell, action) in enumerate(CHANGED_CELLS):
        row = sheets[noun][0]
        assert row[column] != cell
        row[column] = cell
        done = run(demo, {noun: sheets[noun]}, seed=50 + n)
        assert lines(done) == []
        changed = [(row.noun, row.key, row.columns) for row in done.rows if row.deed != "unchanged"]
        assert changed == [(noun, row["key"], (column,))]
        with transaction(demo, writes=False) as session:
            (summary,) = session.exec(
                select(models.AuditEvent).where(models.AuditEvent.action == "import.done")
            ).all()
            (event,) = session.exec(
                select(models.AuditEvent).where(models.AuditEvent.action != "import.done")
            ).all()
        assert (event.action, event.data["import_id"]) == (action, str(summary.row_id))
        assert summary.data == done.counts | {"enrolled": 0}
        with transaction(demo) as session:
            for told in every(session, models.AuditEvent):
                session.delete(told)


def test_a_column_that_is_left_out_stays_and_an_empty_cell_empties(
    demo: Engine, sheets: Sheets
) -> None:
    one = next(row for row in sheets[Noun.APPRENTICES] if row["needs"] and row["outcomes"])
    without = {name: cell for name, cell in one.items() if name not in ("needs", "destinations")}
    done = run(demo, {"apprentices": [without | {"outcomes": None}]})
    assert [(row.deed, row.columns) for row in done.rows] == [("updated", ("outcomes",))]
    with transaction(demo, writes=False) as session:
        person = session.exec(
            select(models.Apprentice).where(models.Apprentice.key == one["key"])
        ).one()
        needs = session.exec(
            select(models.SupportNeeds).where(models.SupportNeeds.apprentice_id == person.id)
        ).one()
    assert (person.outcomes, bool(needs.needs)) == ([], True)


def test_with_one_problem_nothing_is_written(demo: Engine, sheets: Sheets) -> None:
    keep_frame(demo)
    sheets[Noun.APPRENTICES][-1]["activity"] = "SHORT_TRM"
    done = run(demo, sheets)
    row = len(sheets[Noun.APPRENTICES]) + 1
    assert lines(done) == [
        f"apprentices, row {row}, activity: 'SHORT_TRM' is not an activity type; right: SHORT_TERM"
    ]
    with transaction(demo, writes=False) as session:
        assert every(session, models.Company) == []
    assert audited(demo) == {}


BAD_OFFER: Row = {
    "company": "metalli", "key": "o-1", "title": "Work", "occupations": "9999;723",
    "languages": "en:B7", "available_from": "2027-03-01", "available_to": "2027-02-01",
    "places": "two", "days_min": 30, "days_max": 20, "hours_start": "07:00", "modes": "virtual",
    "isced_f": "0716x", "quality": 2, "site": "S" * 201,
}  # fmt: skip
BAD_PERSON: Row = {
    "centre": "samiedo", "key": "p-1", "first_name": None, "last_name": "Nobody",
    "birth_date": "2027-05-01", "occupations": "7223", "languages": "fi:C2; xx:A1",
    "available_from": "2027-03-01", "available_to": "2027-06-30", "days_min": 28,
    "days_ideal": 20, "days_max": 84, "activity": "SHORT_TERM", "status": "RECENT_GRADUATE",
    "needs": "QUIET_SPACES:soft", "destinations": "DE; YY; ZZ", "email": "not-a-mail",
    "interest": "nothing:1", "excluded_companies": "nobody",
}  # fmt: skip


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
          "hours_per_day", "days_per_week", "modes", "isced_f", "quality", "site")]
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


GOOD_OFFER: Row = {
    "region": "savonlinna", "company": "metalli", "key": "o-1", "title": "CNC turning",
    "occupations": "7223", "languages": "en:B1", "available_from": "2027-03-01",
    "available_to": "2027-04-30", "places": 2, "days_min": 14, "days_max": 60,
}  # fmt: skip
FURTHER: Row = dict.fromkeys(GOOD_OFFER) | {
    "company": "metalli", "key": "o-1", "available_from": "2027-09-01",
    "available_to": "2027-10-31", "places": 1,
}  # fmt: skip


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


def test_places_do_not_fall_below_what_is_taken_and_an_activity_stays(
    demo: Engine, sheets: Sheets
) -> None:
    offer, person = sheets[Noun.OFFERS][0], sheets[Noun.APPRENTICES][0]
    with transaction(demo) as session:
        window = session.exec(
            select(models.OfferWindow).join(models.Offer).where(models.Offer.key == offer["key"])
        ).one()
        window.taken = window.places
        who = session.exec(
            select(models.Apprentice).where(models.Apprentice.key == person["key"])
        ).one()
        call = session.exec(select(models.Call)).one()
        company = session.get_one(
            models.Site, session.get_one(models.Offer, window.offer_id).site_id
        ).company_id
        session.add(rows.proposal(call, who, window))
    taken = offer["places"]
    assert isinstance(taken, int)
    bad = {"offers": [offer | {"places": taken - 1}],
           "apprentices": [person | {"activity": "GROUP"}]}  # fmt: skip
    assert lines(run(demo, bad)) == [
        "apprentices, row 2, activity: cannot change while the person has a live proposal or a"
        f" placement; right: {person['activity']}, as it is",
        f"offers, row 2, places: is less than the {taken} that are taken; right: at least {taken}",
    ]
    sheets[Noun.OFFERS][0]["days_max"] = 130
    sheets[Noun.APPRENTICES][0]["licences"] = "DRIVING_B"
    for row in sheets[Noun.COMPANIES]:
        row["phone"] = "+00 000"
    done = run(demo, sheets)
    assert lines(done) == []
    assert done.changed_ids == {
        "apprentice": (who.id,), "company": (company,), "offer": (window.offer_id,),
    }  # fmt: skip


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


PERSON: Row = {
    "centre": "samiedu", "key": "p-1", "first_name": "Aino", "last_name": "Esimerkki",
    "birth_date": "2008-05-01", "occupations": "7223", "languages": "fi:C2; en:B1",
    "available_from": "2027-03-01", "available_to": "2027-06-30", "days_min": 28,
    "days_ideal": 56, "days_max": 84, "activity": "SHORT_TERM", "status": "STUDENT_PLACEMENT",
}  # fmt: skip


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


def test_csv_files_do_as_well(demo: Engine, sheets: Sheets) -> None:
    keep_frame(demo)
    letters = {Noun.COMPANIES: (";", "utf-8-sig"), Noun.OFFERS: ("\t", "utf-8"),
               Noun.APPRENTICES: (",", "utf-8")}  # fmt: skip
    files = [
        (f"{noun}.csv", csv_of(sheets[noun], separator=letters[noun][0], letters=letters[noun][1]))
        for noun in Noun
    ]
    with transaction(demo) as session:
        done = imports.carry_out(session, caller(), imports.read(files), may_change=everything)
        assert lines(done) == []
        assert sheets_without_enrolment(sheets_of_without_needs(session)) == (
            sheets_without_enrolment(sheets)
        )


def sheets_of_without_needs(session: Session) -> Sheets:
    """As `sheets_of`, where people without needs have no row of them."""
    known = {row.apprentice_id for row in every(session, models.SupportNeeds)}
    for person in every(session, models.Apprentice):
        if person.id not in known:
            session.add(models.SupportNeeds(**rows.changing(apprentice_id=person.id, needs={})))
    session.flush()
    return sheets_of(session)


def sheets_without_enrolment(sheets: Sheets) -> Sheets:
    return {n: [r | {"enrolment": None} for r in found] for n, found in sheets.items()}


def test_companies_are_marked_as_verified_together(database: Engine) -> None:
    ids = frame(database)
    both = [ids["metalli-de"], ids["holz"]]
    with transaction(database) as session:
        marked = imports.mark_verified(session, caller(), both, " Jana  Beispiel ")
        assert {row.id for row in marked} == set(both)
    with transaction(database) as session:
        again = imports.mark_verified(session, caller(6), [*both, ids["metalli-fi"]], "Somebody")
        assert [row.id for row in again] == [ids["metalli-fi"]]
    with transaction(database, writes=False) as session:
        found = {row.id: (row.verified_by, row.verified_at, row.version)
                 for row in every(session, models.Company)}  # fmt: skip
    assert found == {
        ids["metalli-de"]: ("Jana Beispiel", rows.LATER, 2),
        ids["holz"]: ("Jana Beispiel", rows.LATER, 2),
        ids["metalli-fi"]: ("Somebody", rows.LATER, 2),
    }
    assert audited(database) == {"company.verified": 3}
    nobody = uuid.UUID(int=5)
    with transaction(database) as session:
        with pytest.raises(errors.NoSuchCompaniesError, match=str(nobody)):
            imports.mark_verified(session, caller(), [nobody], "Jana")
        with pytest.raises(errors.VerifierMissingError):
            imports.mark_verified(session, caller(), both, "  ")


def test_hours_that_are_missing_are_one_question_a_company(database: Engine) -> None:
    ids = frame(database)
    without = dict.fromkeys(("hours_start", "hours_end", "hours_per_day", "days_per_week"))
    base = GOOD_OFFER | {"region": "paderborn", "status": "published"} | without
    given = {"hours_start": "07:00", "hours_end": "15:30", "hours_per_day": 8, "days_per_week": 5}
    offers = [
        base, base | {"key": "o-2"}, base | {"key": "o-3"} | given,
        base | {"key": "o-4", "status": "draft"}, base | {"company": "holz", "key": "h-1"},
        base | {"region": "savonlinna", "key": "o-5"},
    ]  # fmt: skip
    assert lines(run(database, {"offers": offers})) == []
    with transaction(database, writes=False) as session:
        asked = imports.missing_hours(session, ids["de"])
        id_of = {(o.key): o.id for o in every(session, models.Offer)}
    assert asked == [
        imports.HoursQuestion(
            ids["holz"], "Holzbau", None, None, None, ((id_of["h-1"], "h-1", "CNC turning"),)
        ),
        imports.HoursQuestion(
            ids["metalli-de"], "Metallbau", None, None, None,
            ((id_of["o-1"], "o-1", "CNC turning"), (id_of["o-2"], "o-2", "CNC turning")),
        ),
    ]  # fmt: skip
