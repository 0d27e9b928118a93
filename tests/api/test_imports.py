"""Imports against the database: what is created, changed, refused, and written down."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

import models
from api.database import transaction
from api.imports.columns import Noun
from api.services import imports
from api.store.rows import every
from tests import rows, sealing
from tests.importing import audited, caller, deeds, everything, lines, run
from tests.sheets import Sheets, csv_of, sheets_of

WITHOUT_IDS = {"id", "created_at", "changed_at", "version", "verified_at", "verified_by"}


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
              models.Enrolment)  # fmt: skip
    found = {
        table.__name__: [
            {n: getattr(row, n) for n in table.model_fields} for row in every(session, table)
        ]
        for table in tables
    } | {"SupportNeeds": [vars(row) for row in sealing.needs_of_all(session).values()]}
    return {
        name: sorted(
            ({n: named(value) for n, value in row.items() if n not in WITHOUT_IDS}
             for row in those),
            key=str,
        )
        for name, those in found.items()
    }  # fmt: skip


@pytest.fixture
def sheets(demo: Engine) -> Sheets:
    """The demo alliance as somebody's spreadsheet."""
    with transaction(demo, writes=False) as session:
        return sheets_of(session)


def keep_frame(engine: Engine) -> None:
    """Take everything out but regions, centres, accounts and the call."""
    gone = (models.Proposal, models.AcceptedNeed, models.Enrolment, models.FundedPlaces,
            models.SupportNeeds, models.Apprentice, models.OfferWindow,
            models.ProvisionCertificate, models.Offer, models.Site, models.Company)  # fmt: skip
    with transaction(engine) as session:
        for table in gone:
            for row in every(session, table):
                session.delete(row)
            session.flush()


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
    # nobody has confirmed what an import says, and who needs nothing has no row of needs
    assert any(row["confirmed"] for row in before["SupportNeeds"])
    for row in before["SupportNeeds"]:
        row["confirmed"] = []
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
        "provision_certificate.created": certified(before["Offer"]),
    }  # fmt: skip
    with transaction(demo, writes=False) as session:
        made = every(session, models.ProvisionCertificate)
    assert {(row.certified_by, row.certified_on) for row in made} == {("import", rows.LATER.date())}


def certified(offers: list[dict[str, Any]]) -> int:
    return sum(list(row["provisions"].values()).count("certified") for row in offers)


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
    seen = 0
    for n, (noun, column, cell, action) in enumerate(CHANGED_CELLS):
        row = sheets[noun][0]
        assert row[column] != cell
        row[column] = cell
        done = run(demo, {noun: sheets[noun]}, seed=50 + n)
        assert lines(done) == []
        changed = [(row.noun, row.key, row.columns) for row in done.rows if row.deed != "unchanged"]
        assert changed == [(noun, row["key"], (column,))]
        with transaction(demo, writes=False) as session:
            told = sealing.done(session)[seen:]
        seen += len(told)
        (summary,) = (one for one in told if one.action == "import.done")
        (event,) = (one for one in told if one.action != "import.done")
        assert (event.action, event.data["import_id"]) == (action, str(summary.row_id))
        assert summary.data == done.counts | {"enrolled": 0}


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
        needs = sealing.needs_of_all(session)[person.id]
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
    reserved = lines(run(demo, {"offers": [offer | {"reserved": taken + 1}]}))
    assert reserved == [
        f"offers, row 2, reserved: of {taken} places cannot be {taken + 1}; right: at most {taken}"
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
            sealing.needing(session, person.id)
    return sheets_of(session)


def sheets_without_enrolment(sheets: Sheets) -> Sheets:
    return {n: [r | {"enrolment": None} for r in found] for n, found in sheets.items()}
