"""What imported companies still lack: somebody who verifies them, and working hours."""

import uuid

import pytest
from sqlalchemy import Engine

import models
from api import errors
from api.database import transaction
from api.services import imports
from api.store.rows import every
from tests import rows
from tests.importing import (
    GOOD_OFFER,
    audited,
    caller,
    frame,
    lines,
    run,
)


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
