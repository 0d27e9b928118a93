"""Apprentices: made, changed, what they need and wish for.

Whose they are was decided before (the `mine` of each function).
"""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import (
    ActivityFixedError,
    BarrierNotAskedError,
    NoSuchApprenticeError,
    NoSuchCentreError,
    NoSuchOfferError,
    NotTheirNeedError,
    SealBrokenError,
)
from api.health_words import warnings_about
from api.services import records
from api.services.checking import check_apprentice, check_needs
from api.services.contact_languages import keeping_languages, with_languages
from api.services.placements import check_again
from api.services.settings import current
from api.statuses import EDIT_OF_APPRENTICE
from models import (
    ApprenticeProfile,
    ApprenticeRecord,
    Interest,
    OfferStatus,
    Role,
    SupportNeedsFields,
)
from models.apprentice import SHARE_OF_INTEREST
from models.apprentice_views import (
    ApprenticeForGuardian,
    ApprenticeNew,
    ApprenticeOwn,
    ApprenticeShown,
    ApprenticeStored,
    SupportNeedsShown,
)
from models.base import as_stored

Mine = ColumnElement[bool]
Found = tuple[models.Apprentice, models.Centre]


def create(session: Session, caller: Caller, asked: ApprenticeNew, mine: Mine) -> Found:
    """Somebody new in a centre. Raises NoSuchCentreError, RecordFaultyError, KeyTakenError."""
    centre = store.apprentices.centre(session, asked.centre_id, mine)
    if centre is None:
        raise NoSuchCentreError(asked.centre_id)
    given = with_languages(session, as_stored(asked, models.Apprentice), centre.region_id)
    values = _checked(session, caller, given, {})
    row = models.Apprentice(**records.stamps(caller), **values)
    with records.unique(session, "apprentice"):
        records.made(session, caller, row)
    return row, centre


def change(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, asked: ApprenticeProfile,
    seen: int | None, mine: Mine,
) -> Found:  # fmt: skip
    """Replace the whole record, or the profile alone, and look again at what rests on it.

    Raises NoSuchApprenticeError, StaleVersionError, RecordFaultyError, KeyTakenError,
    ActivityFixedError.
    """
    row, centre = held(session, apprentice_id, mine)
    records.check_version("apprentice", row, seen)
    known = store.sealed.needs_of_one(session, "apprentice.change", apprentice_id)
    stored = {name: getattr(row, name) for name in ApprenticeRecord.model_fields}
    values = {**stored, **keeping_languages(as_stored(asked, models.Apprentice), row)}
    values = _checked(session, caller, values, known.needs if known else {})
    if values["activity"] != row.activity and store.apprentices.is_busy(session, row.id):
        raise ActivityFixedError
    with records.unique(session, "apprentice"):
        changed = records.change(session, caller, row, values)
    if changed:
        edits = {EDIT_OF_APPRENTICE[name] for name in changed if name in EDIT_OF_APPRENTICE}
        check_again(session, caller, edits, apprentices=[row.id])
    return row, centre


def needs(session: Session, apprentice_id: uuid.UUID, mine: Mine) -> SupportNeedsShown:
    """What somebody needs. Raises NoSuchApprenticeError."""
    if not store.apprentices.apprentices(session, col(models.Apprentice.id) == apprentice_id, mine):
        raise NoSuchApprenticeError(apprentice_id)
    return _needs_shown(
        apprentice_id, store.sealed.needs_of_one(session, "needs.read", apprentice_id)
    )


def change_needs(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, asked: SupportNeedsFields,
    seen: int | None, mine: Mine,
) -> SupportNeedsShown:  # fmt: skip
    """Replace what somebody needs, and look again at what rests on it. The audit names no need.

    Needs that a coordinator confirmed stay confirmed where they stay. A record that cannot be
    opened is written anew. Raises NoSuchApprenticeError, StaleVersionError, RecordFaultyError,
    BarrierNotAskedError.
    """
    held(session, apprentice_id, mine)
    row = store.apprentices.needs_row(session, apprentice_id)
    try:
        known = store.sealed.needs_of_one(session, "needs.change", apprentice_id)
    except SealBrokenError:
        known = None
    records.check_seen("needs", row.version if row else 0, seen)
    if (asked.barrier or asked.evidence) and not current(session)["barrier_category"]:
        raise BarrierNotAskedError
    values = check_needs(asked.model_dump(mode="json"), caller.today)
    confirmed = known.confirmed if known else []
    values["confirmed"] = [
        code for code in confirmed if known and values["needs"].get(code) == known.needs[code]
    ]
    return _needs_written(session, caller, apprentice_id, known, values)


def confirm_needs(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, codes: Sequence[str],
    seen: int | None, mine: Mine,
) -> SupportNeedsShown:  # fmt: skip
    """The sending coordinator says which of the needs he or she has confirmed, all others not.

    Only confirmed hard needs put somebody first in a round. Raises NoSuchApprenticeError,
    StaleVersionError, NotTheirNeedError.
    """
    held(session, apprentice_id, mine)
    known = store.sealed.needs_of_one(session, "needs.confirm", apprentice_id)
    records.check_seen("needs", known.version if known else 0, seen)
    if known is None or not known.needs.keys() >= set(codes):
        raise NotTheirNeedError
    confirmed = [code for code in known.needs if code in codes]
    return _needs_written(session, caller, apprentice_id, known, {"confirmed": confirmed})


def _needs_written(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, known: models.Needs | None,
    values: dict[str, Any],
) -> SupportNeedsShown:  # fmt: skip
    """Seal what changed; the audit says which columns, and neither needs nor who counts as what."""
    changed = {
        name: value
        for name, value in values.items()
        if known is None or getattr(known, name) != value
    }
    row = store.apprentices.needs_row(session, apprentice_id)
    if changed:
        row_id = row.id if row else caller.new_id()
        action = "support_needs.changed" if row else "support_needs.created"
        columns = sorted(changed) if row else []
        row = store.sealed.store_needs(
            session, row_id, apprentice_id, caller.now, changed, existing=row
        )
        records.note(session, caller, action, row, columns=columns)
        session.flush()
        check_again(session, caller, apprentices=[apprentice_id])
    found = store.sealed.needs_of_one(session, "needs.read", apprentice_id)
    return _needs_shown(apprentice_id, found)


def say_interest(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, offer_id: uuid.UUID,
    interest: Interest | None, mine: Mine,
) -> None:  # fmt: skip
    """Somebody wishes for an offer, or rather not; nobody's answer rests on it.

    Raises NoSuchApprenticeError, NoSuchOfferError.
    """
    row, _ = held(session, apprentice_id, mine)
    offer = session.get(models.Offer, offer_id)
    spoke_of = str(offer_id) in row.interest
    if offer is None or not (spoke_of or offer.status == OfferStatus.PUBLISHED):
        raise NoSuchOfferError(offer_id)
    said = {key: share for key, share in row.interest.items() if key != str(offer_id)}
    if interest is not None:
        said[str(offer_id)] = SHARE_OF_INTEREST[interest]
    if said != row.interest:
        row.interest, row.changed_at = said, caller.now
        records.note(session, caller, "apprentice.interest", row, offer=offer_id)
        session.flush()


def held(session: Session, apprentice_id: uuid.UUID, mine: Mine) -> Found:
    """Somebody for a change. Raises NoSuchApprenticeError."""
    found = store.apprentices.hold_apprentice(session, apprentice_id, mine)
    if found is None:
        raise NoSuchApprenticeError(apprentice_id)
    return found


def shown(caller: Caller, person: models.Apprentice, centre: models.Centre) -> ApprenticeShown:
    """Somebody for the school, the coordinators and him- or herself, or for the guardian."""
    guardian = caller.role == Role.GUARDIAN
    shape: type[Any] = ApprenticeForGuardian if guardian else ApprenticeOwn
    names = shape.model_fields.keys() - {"centre"}
    found: ApprenticeShown = shape(
        **{name: getattr(person, name) for name in names}, centre=centre.code
    )
    return found


def stored(caller: Caller, person: models.Apprentice, centre: models.Centre) -> ApprenticeStored:
    """Somebody for who wrote the record, with warnings about its texts."""
    return ApprenticeStored(
        **shown(caller, person, centre).model_dump(),
        warnings=warnings_about(introduction=person.introduction),
    )


def _needs_shown(apprentice_id: uuid.UUID, row: models.Needs | None) -> SupportNeedsShown:
    names = [*SupportNeedsFields.model_fields, "confirmed"]
    values = {name: getattr(row, name) for name in names} if row else {}
    return SupportNeedsShown(
        **values, apprentice_id=apprentice_id, version=row.version if row else 0
    )


def _checked(
    session: Session, caller: Caller, values: dict[str, Any], needed: dict[str, str]
) -> dict[str, Any]:
    named = {text: identity(text) for text in values["excluded_companies"]}
    ids = [identity for identity in named.values() if identity]
    there = store.companies.ids_in(session, col(models.Company.id).in_(ids)) if ids else set()
    values["excluded_companies"] = list(dict.fromkeys(str(i or text) for text, i in named.items()))
    known = frozenset(str(identity) for identity in there)
    return check_apprentice(values, needed, caller.today, known)


def identity(text: str) -> uuid.UUID | None:
    """A text as an id; None for any other text."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
