"""Proposals that a coordinator makes, through the same rules as a round's."""

import uuid
from dataclasses import replace

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import (
    CallChangeError,
    GoneError,
    NoSuchApprenticeError,
    NoSuchWindowError,
    NotFreeError,
    OfferNotOpenError,
    WarningsNeedReasonError,
)
from api.services.asking import go_on
from api.services.laws import refusal
from api.services.pairs import Stay, as_said, look_at, problem_of_pair, stay_of, warnings
from api.services.proposals import load
from api.services.records import note
from api.store.cases import Case
from models import CallStatus, OfferStatus, Role


def propose(
    session: Session, caller: Caller, call_id: uuid.UUID, apprentice: uuid.UUID,
    window: uuid.UUID, *, stay: Stay | None = None, override_reason: str = "",
    hours_to_answer: int | None = None,
) -> Case:  # fmt: skip
    """A proposal by the sending coordinator's hand. The engine chooses the days without a `stay`.

    Takes place and funding, and asks whoever is first in the order. Raises NoSuchApprenticeError
    for other regions' people, CallChangeError, NoSuchWindowError, OfferNotOpenError,
    NotFreeError, RuleRefusesError (nobody overrides a hard rule), WarningsNeedReasonError,
    GoneError.
    """
    home = store.regions.home_of(session, Role.APPRENTICE, apprentice)
    if home is None or home.id != caller.scope_id:
        raise NoSuchApprenticeError(apprentice)
    _check_open(session, call_id, window)
    store.calls.hold_people(session, call_id, apprentice)
    if not store.calls.is_free(session, call_id, apprentice):
        raise NotFreeError
    problem = problem_of_pair(session, call_id, apprentice, window, caller.today)
    said = look_at(problem, stay)
    if not said.possible:
        raise refusal(session, apprentice, window, list(said.failing), stay)
    against = warnings(problem, said)
    if against and not override_reason:
        raise WarningsNeedReasonError(against)
    first_day, last_day = stay_of(said)
    row = models.Proposal(
        id=caller.new_id(), created_at=caller.now, changed_at=caller.now, call_id=call_id,
        apprentice_id=apprentice, window_id=window, first_day=first_day, last_day=last_day,
        made_by=caller.user_id, kept=True, hours_to_answer=hours_to_answer,
    )  # fmt: skip
    _book(session, row)
    details = replace(
        as_said(said), warnings=against, override_reason=override_reason if against else ""
    )
    store.sealed.add_details(session, caller.new_id(), row, details)
    case = load(session, row.id)
    note(session, caller, "proposal.made", row, warnings=against)
    go_on(session, caller, case)
    return case


def _check_open(session: Session, call_id: uuid.UUID, window_id: uuid.UUID) -> None:
    """A finished call proposes nothing, and an offer must be one that its host stands by.

    A paused one is: it is only kept out of rounds.
    """
    call = session.get(models.Call, call_id)
    if call is not None and call.status == CallStatus.FINISHED:
        raise CallChangeError(call.code, call.status, "propose")
    window = session.get(models.OfferWindow, window_id)
    if window is None:
        raise NoSuchWindowError(window_id)
    offer = session.get_one(models.Offer, window.offer_id)
    if offer.status not in (OfferStatus.PUBLISHED, OfferStatus.PAUSED):
        raise OfferNotOpenError(offer.status)


def take_what_it_needs(session: Session, row: models.Proposal) -> None:
    """A place and the funding for a proposal. Raises GoneError."""
    cap = store.places.full_cap(session, row.window_id)
    if cap:
        raise GoneError(cap)
    if not store.places.take_place(session, row.window_id):
        raise GoneError("place")
    if not store.places.take_funding(session, row):
        raise GoneError("funding")


def _book(session: Session, row: models.Proposal) -> None:
    take_what_it_needs(session, row)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise NotFreeError from None
