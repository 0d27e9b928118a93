"""What an offer provides: kept together with its certificates and the questions about it."""

import datetime
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import RecordFaultyError, UnknownProvisionError
from api.faults import fault
from api.services import records
from api.services.checking import check_offer
from api.services.placements import check_again
from api.store.offers import OfferOf
from matcher.vocabulary import Provision, Row, default_reference
from models import OfferFields, ProvisionAnswer

MET = (Provision.CERTIFIED, Provision.DECLARED)
"""Levels at which an offer provides something, as the engine's hard rule has it."""

BY_IMPORT = "import"
"""Who certified what came in a file, which has no room for more."""


def row_of(code: str) -> Row:
    """The row of a need or provision. Raises UnknownProvisionError."""
    known = default_reference().codes("needs")
    if code not in known:
        raise UnknownProvisionError(code, known)
    return known[code]


def refuse_uncertified(provisions: Mapping[str, str], certified: Collection[str]) -> None:
    """Whoever writes an offer does not certify. Raises RecordFaultyError."""
    faults = [
        ("provisions", fault("uncertified", "declared", code=repr(code)))
        for code, level in provisions.items()
        if level == Provision.CERTIFIED and code not in certified
    ]
    if faults:
        raise RecordFaultyError(faults)


def declared(provisions: Mapping[str, str]) -> dict[str, str]:
    """The same without what somebody looked at elsewhere."""
    return {
        code: Provision.DECLARED.value if level == Provision.CERTIFIED else level
        for code, level in provisions.items()
    }


def settle(
    session: Session, caller: Caller, offers: Mapping[uuid.UUID, Mapping[str, str]],
    *, certified_by: str | None = None,
) -> None:  # fmt: skip
    """After offers came to provide this: certificates of what is certified no longer go.

    Open questions about what is provided now are answered. With `certified_by` what is certified
    and has no certificate gets one of today.
    """
    known = store.provisions.certificates_of(session, offers)
    gone = [
        row
        for identity, rows in known.items()
        for code, row in rows.items()
        if offers[identity].get(code) != Provision.CERTIFIED
    ]
    for row in gone:
        records.note(session, caller, "provision_certificate.withdrawn", row,
                     offer=row.offer_id, provision=row.provision)  # fmt: skip
    store.provisions.drop_certificates(session, [row.id for row in gone])
    for identity, provisions in offers.items() if certified_by else ():
        for code, level in provisions.items():
            if level == Provision.CERTIFIED and code not in known[identity]:
                assert certified_by  # noqa: S101  # as the loop says
                add_certificate(session, caller, identity, code, certified_by, caller.today)
    for question in store.provisions.open_questions(session, offers):
        if offers[question.offer_id].get(question.provision) in MET:
            answer(session, caller, question, ProvisionAnswer.PROVIDED)
    session.flush()


def add_certificate(
    session: Session, caller: Caller, offer_id: uuid.UUID, code: str, certified_by: str,
    certified_on: datetime.date,
) -> None:  # fmt: skip
    """Write down who looked at a provision, and when."""
    row = models.ProvisionCertificate(
        id=caller.new_id(), created_at=caller.now, offer_id=offer_id, provision=code,
        certified_by=certified_by, certified_on=certified_on, recorded_by=caller.user_id,
    )  # fmt: skip
    session.add(row)
    records.note(session, caller, "provision_certificate.created", row,
                 offer=offer_id, provision=code)  # fmt: skip


def answer(
    session: Session, caller: Caller, question: models.ProvisionQuestion, said: ProvisionAnswer
) -> None:
    """Close a question."""
    question.answered_at, question.answer = caller.now, said
    question.answered_by = caller.user_id
    records.note(session, caller, "provision_question.answered", question,
                 offer=question.offer_id, answer=str(said))  # fmt: skip
    session.flush()


def set_level(
    session: Session, caller: Caller, found: OfferOf, code: str, level: Provision | None
) -> None:
    """Let an offer that is held provide something, or not; what rests on it is looked at.

    Raises RecordFaultyError where the work contradicts it.
    """
    provisions = {name: value for name, value in found.offer.provisions.items() if name != code}
    if level is not None:
        provisions[code] = level.value
        values: dict[str, Any] = {n: getattr(found.offer, n) for n in OfferFields.model_fields}
        check_offer(values | {"provisions": provisions}, (), caller.today)
    if records.change(session, caller, found.offer, {"provisions": provisions}):
        settle(session, caller, {found.offer.id: provisions})
        check_again(session, caller, offers=[found.offer.id])
