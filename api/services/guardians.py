"""Guardians of apprentices under age: named by the school, never by the apprentice alone.

Whose they are was decided before (the `mine` of each function).
"""

import uuid

from sqlalchemy import ColumnElement
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import GuardianHasAccountError, NoSuchGuardianError
from api.services import records
from api.services.apprentices import held
from api.services.checking import check_texts
from api.services.contact_languages import keeping_languages, with_languages
from models import GuardianFields
from models.apprentice_views import GuardianShown
from models.base import as_stored

Mine = ColumnElement[bool]


def of(session: Session, apprentice_id: uuid.UUID) -> list[models.Guardian]:
    """Who answers for somebody."""
    return list(store.cases.guardians(session, apprentice_id))


def find(session: Session, guardian_id: uuid.UUID, mine: Mine) -> models.Guardian:
    """Somebody who answers for one of these people. Raises NoSuchGuardianError."""
    row = store.apprentices.guardian(session, guardian_id, mine)
    if row is None:
        raise NoSuchGuardianError(guardian_id)
    return row


def create(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, asked: GuardianFields, mine: Mine
) -> models.Guardian:
    """Somebody who answers for an apprentice. Raises NoSuchApprenticeError, RecordFaultyError."""
    _, centre = held(session, apprentice_id, mine)
    given = as_stored(asked, models.Guardian)
    values = check_texts(with_languages(session, given, centre.region_id))
    row = models.Guardian(**records.stamps(caller), apprentice_id=apprentice_id, **values)
    records.made(session, caller, row)
    return row


def change(
    session: Session, caller: Caller, guardian_id: uuid.UUID, asked: GuardianFields,
    seen: int | None, mine: Mine,
) -> models.Guardian:  # fmt: skip
    """Replace how a guardian is reached.

    Raises NoSuchGuardianError, StaleVersionError, RecordFaultyError.
    """
    row = _held(session, guardian_id, seen, mine)
    values = keeping_languages(as_stored(asked, models.Guardian), row)
    records.change(session, caller, row, check_texts(values))
    return row


def delete(
    session: Session, caller: Caller, guardian_id: uuid.UUID, seen: int | None, mine: Mine
) -> None:
    """Somebody answers for the apprentice no more.

    Raises NoSuchGuardianError, StaleVersionError, GuardianHasAccountError.
    """
    row = _held(session, guardian_id, seen, mine)
    if store.apprentices.has_account(session, guardian_id):
        raise GuardianHasAccountError
    records.note(session, caller, "guardian.deleted", row, apprentice=row.apprentice_id)
    session.delete(row)
    session.flush()


def shown(row: models.Guardian) -> GuardianShown:
    """A guardian."""
    return GuardianShown(**{name: getattr(row, name) for name in GuardianShown.model_fields})


def _held(
    session: Session, guardian_id: uuid.UUID, seen: int | None, mine: Mine
) -> models.Guardian:
    row = find(session, guardian_id, mine)
    records.check_version("guardian", row, seen)
    return row
