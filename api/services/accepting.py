"""Hard needs that a sending coordinator accepts at an offer although they are not provided.

The engine lets the pair pass then. The audit names rows, never a need.
"""

import uuid

from sqlalchemy import ColumnElement
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import (
    KeyTakenError,
    NeedBlockingError,
    NeedNotHardError,
    NeedProvidedError,
    NoSuchAcceptedNeedError,
    NoSuchApprenticeError,
    NoSuchOfferError,
)
from api.health_words import warnings_about
from api.services import records
from api.services.apprentices import held
from api.services.checking import check_texts
from api.services.placements import check_again
from api.services.provisions import MET, row_of
from matcher.vocabulary import Strength
from models.provision_views import (
    AcceptedNeedAsked,
    AcceptedNeedList,
    AcceptedNeedMade,
    AcceptedNeedShown,
    UnmetKind,
)

Mine = ColumnElement[bool]


def accept(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, asked: AcceptedNeedAsked, mine: Mine
) -> AcceptedNeedMade:
    """Accept a hard need of somebody at an offer, with the reason; cases are looked at again.

    Raises UnknownProvisionError, NoSuchApprenticeError, NoSuchOfferError, RecordFaultyError,
    NeedNotHardError, NeedBlockingError, NeedProvidedError, KeyTakenError.
    """
    kind = row_of(asked.need)["unmet"]
    person, _ = held(session, apprentice_id, mine)
    offer = session.get(models.Offer, asked.offer_id)
    if offer is None:
        raise NoSuchOfferError(asked.offer_id)
    reason = check_texts({"reason": asked.reason})["reason"]
    known = store.sealed.needs_of_one(session, "need.accept", apprentice_id)
    if known is None or known.needs.get(asked.need) != Strength.HARD:
        raise NeedNotHardError
    if offer.provisions.get(asked.need) in MET:
        raise NeedProvidedError
    if kind == UnmetKind.BLOCKING:
        raise NeedBlockingError
    before = store.accepted_needs.accepted(session, "need.accept", [apprentice_id], [offer.id])
    if any(row.need == asked.need for row in before):
        raise KeyTakenError("accepted_need")
    assert caller.user_id is not None  # noqa: S101  # somebody signed in has an account
    row = models.NeedAccepted(
        caller.new_id(), apprentice_id, offer.id, asked.need, reason, caller.user_id,
        caller.now,
    )  # fmt: skip
    store.accepted_needs.add(session, row)
    records.note(session, caller, "need.accepted", person, accepted_need=row.id, offer=offer.id)
    check_again(session, caller, apprentices=[apprentice_id])
    return AcceptedNeedMade(
        id=row.id, apprentice_id=apprentice_id, offer_id=offer.id,
        warnings=warnings_about(reason=reason),
    )  # fmt: skip


def listed(session: Session, apprentice_id: uuid.UUID, mine: Mine) -> AcceptedNeedList:
    """What was accepted for somebody. Raises NoSuchApprenticeError."""
    if store.people.person(session, apprentice_id, mine) is None:
        raise NoSuchApprenticeError(apprentice_id)
    found = store.accepted_needs.accepted(session, "need.accepted", [apprentice_id])
    names = AcceptedNeedShown.model_fields
    return AcceptedNeedList(
        items=[AcceptedNeedShown(**{name: getattr(row, name) for name in names}) for row in found]
    )


def withdraw(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, accepted_id: uuid.UUID, mine: Mine
) -> None:
    """It is accepted no longer; what rests on it is put on hold.

    Raises NoSuchApprenticeError, NoSuchAcceptedNeedError.
    """
    person, _ = held(session, apprentice_id, mine)
    row = store.accepted_needs.one(session, apprentice_id, accepted_id)
    if row is None:
        raise NoSuchAcceptedNeedError(accepted_id)
    offer_id = row.offer_id
    store.accepted_needs.drop(session, row)
    records.note(
        session, caller, "need.acceptance_withdrawn", person, accepted_need=accepted_id,
        offer=offer_id,
    )  # fmt: skip
    check_again(session, caller, apprentices=[apprentice_id])
