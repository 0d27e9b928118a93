"""Locks and forbidden pairs: what sending coordinators say of pairs before a round."""

import uuid

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import (
    AlreadyLockedError,
    NoSuchApprenticeError,
    NoSuchPairWishError,
    NoSuchWindowError,
    NotEnrolledError,
)
from api.services.laws import refusal
from api.services.pairs import look_at, problem_of_pair
from api.services.records import note
from models import CallStatus, EnrolmentStatus, PairWord
from models.pair_views import WishAsked, WishShown
from models.proposal_views import Work


def say(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, window_id: uuid.UUID,
    asked: WishAsked, *conditions: object,
) -> models.PairWish:  # fmt: skip
    """Lock a person to a window or forbid the pair; what was said of it before holds no more.

    A lock goes through the hard rules of the calls in which the person takes part: one has
    to allow it. `conditions` say whose people. Raises NoSuchApprenticeError,
    NoSuchWindowError, AlreadyLockedError, NotEnrolledError, RuleRefusesError.
    """
    if store.people.person(session, apprentice_id, *conditions) is None:
        raise NoSuchApprenticeError(apprentice_id)
    if session.get(models.OfferWindow, window_id) is None:
        raise NoSuchWindowError(window_id)
    if asked.wish == PairWord.LOCK:
        if store.wishes.locked_elsewhere(session, apprentice_id, window_id):
            raise AlreadyLockedError
        _check_rules(session, caller, apprentice_id, window_id)
    row = store.wishes.wish_of(session, apprentice_id, window_id) or models.PairWish(
        id=caller.new_id(), created_at=caller.now, apprentice_id=apprentice_id,
        window_id=window_id, wish=asked.wish, reason=asked.reason, made_by=_account(caller),
    )  # fmt: skip
    try:
        with session.begin_nested():
            row.wish, row.reason, row.made_by = asked.wish, asked.reason, _account(caller)
            row.created_at = caller.now
            session.add(row)
    except IntegrityError:
        raise AlreadyLockedError from None
    note(session, caller, f"wish.{asked.wish}", row, apprentice=apprentice_id, window=window_id)
    session.flush()
    return row


def take_away(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, window_id: uuid.UUID,
    *conditions: object,
) -> None:  # fmt: skip
    """Say nothing of a pair any more. Raises NoSuchApprenticeError, NoSuchPairWishError."""
    if store.people.person(session, apprentice_id, *conditions) is None:
        raise NoSuchApprenticeError(apprentice_id)
    row = store.wishes.wish_of(session, apprentice_id, window_id)
    if row is None:
        raise NoSuchPairWishError
    note(session, caller, "wish.taken_away", row, apprentice=apprentice_id, window=window_id)
    session.delete(row)
    session.flush()


def shown(found: store.wishes.WishRow) -> WishShown:
    """A wish with the names behind it."""
    row, person, offer, site, company = found
    same = ("id", "apprentice_id", "wish", "reason", "made_by", "created_at")
    return WishShown(
        **{name: getattr(row, name) for name in same},
        first_name=person.first_name, last_name=person.last_name,
        work=Work(
            offer_id=offer.id, window_id=row.window_id, title=offer.title,
            occupations=offer.occupations, company=company.name, town=site.town,
        ),
    )  # fmt: skip


def _check_rules(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, window_id: uuid.UUID
) -> None:
    enrolled = store.people.enrolments_of_person(session, apprentice_id)
    calls = [
        call_id
        for call_id, status in enrolled.items()
        if status != EnrolmentStatus.WITHDRAWN
        and session.get_one(models.Call, call_id).status != CallStatus.FINISHED
    ]
    if not calls:
        raise NotEnrolledError(1)
    refused = []
    for call_id in calls:
        pair = problem_of_pair(session, call_id, apprentice_id, window_id, caller.today)
        said = look_at(pair)
        if said.possible:
            return
        refused.append(list(said.failing))
    raise refusal(session, apprentice_id, window_id, min(refused, key=len))


def _account(caller: Caller) -> uuid.UUID:
    assert caller.user_id is not None  # noqa: S101  # a coordinator has an account
    return caller.user_id
