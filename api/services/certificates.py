"""Who looked at what an offer provides: a named act of the region's coordinators."""

import uuid

from sqlalchemy import ColumnElement
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import NoSuchCertificateError
from api.services import provisions
from api.services.checking import check_certificate
from api.services.offers import held
from api.store.offers import OfferOf
from matcher.vocabulary import Provision
from models.provision_views import CertificateAsked

Mine = ColumnElement[bool]


def certify(
    session: Session, caller: Caller, offer_id: uuid.UUID, asked: CertificateAsked, mine: Mine
) -> OfferOf:
    """Write down who looked at a provision, and when; the offer has it as certified.

    A certificate that there is already is replaced. Raises NoSuchOfferError,
    UnknownProvisionError, RecordFaultyError.
    """
    found = held(session, offer_id, None, mine)
    provisions.row_of(asked.provision)
    values = check_certificate(asked.model_dump(), caller.today)
    before = store.provisions.certificates_of(session, [offer_id])[offer_id]
    if asked.provision in before:
        store.provisions.drop_certificates(session, [before[asked.provision].id])
    provisions.add_certificate(
        session, caller, offer_id, asked.provision, values["certified_by"], values["certified_on"]
    )
    found.offer.changed_at = caller.now
    flag_modified(found.offer, "changed_at")  # its certificates are part of what is shown
    session.flush()
    provisions.set_level(session, caller, found, asked.provision, Provision.CERTIFIED)
    return _again(session, offer_id)


def withdraw(
    session: Session, caller: Caller, offer_id: uuid.UUID, code: str, mine: Mine
) -> None:  # fmt: skip
    """A certificate holds no longer: what it was about is declared.

    Raises NoSuchOfferError, NoSuchCertificateError.
    """
    found = held(session, offer_id, None, mine)
    if code not in store.provisions.certificates_of(session, [offer_id])[offer_id]:
        raise NoSuchCertificateError(offer_id)
    provisions.set_level(session, caller, found, code, Provision.DECLARED)


def _again(session: Session, offer_id: uuid.UUID) -> OfferOf:
    return store.offers.offers(session, col(models.Offer.id) == offer_id)[0]
