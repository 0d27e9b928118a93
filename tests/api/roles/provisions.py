"""Certificates, questions about provisions, and needs accepted without them."""

import uuid

import models
from api import store
from api.database import transaction
from tests import rows, sealing
from tests.api.alliance import NOW, Alliance
from tests.api.roles import NO_OFFICE, row


def unknown_provision(alliance: Alliance) -> dict[str, object]:
    """Eetu, under age, needs what nobody knows of; one thing is certified, another accepted."""
    question = models.ProvisionQuestion(**rows.stamped(
        offer_id=alliance.offer.id, provision="ACCESSIBLE_TOILET", asked_at=NOW
    ))  # fmt: skip
    certificate = models.ProvisionCertificate(**rows.stamped(
        offer_id=alliance.offer.id, provision="STEP_FREE_ACCESS", certified_by="chamber",
        certified_on=NOW.date(),
    ))  # fmt: skip
    accepted = models.NeedAccepted(
        uuid.uuid4(), alliance.eetu.id, alliance.offer.id, "PERSONAL_ASSISTANT",
        "paid by the centre", alliance.users["sending"].id, NOW,
    )  # fmt: skip
    with transaction(alliance.engine) as session:
        session.get_one(models.Offer, alliance.offer.id).provisions = {
            "STEP_FREE_ACCESS": "certified"
        }
        session.add_all([question, certificate])
        store.accepted_needs.add(session, accepted)
        needs = {"PERSONAL_ASSISTANT": "hard", "ACCOMPANYING_PERSON": "hard"}
        sealing.needing(session, alliance.eetu.id, needs=needs)
    return {"offer_id": alliance.offer.id, "provision": "STEP_FREE_ACCESS",
            "question_id": question.id, "apprentice_id": alliance.eetu.id,
            "accepted_id": accepted.id}  # fmt: skip


def an_acceptance(named: dict[str, object]) -> dict[str, object]:
    return {"offer_id": str(named["offer_id"]), "need": "ACCOMPANYING_PERSON", "reason": "paid"}


HOSTING = NO_OFFICE | {"sending": 404, "stranger": 404}
HOST = HOSTING | {"company": 200, "other": 404}
SENDING = NO_OFFICE | {"hosting": 404, "stranger": 404}
CERTIFICATE = {"provision": "QUIET_SPACE", "certified_by": "chamber", "certified_on": "2027-01-11"}
ONE = "/apprentices/{apprentice_id}/accepted-needs"

row("POST", "/offers/{offer_id}/certifications", CERTIFICATE, before=unknown_provision, rest=201,
    **HOSTING)  # fmt: skip
row("DELETE", "/offers/{offer_id}/certifications/{provision}", before=unknown_provision, rest=204,
    **HOSTING)  # fmt: skip
row("POST", "/offers/{offer_id}/provision-questions", {"provision": "QUIET_SPACE"},
    before=unknown_provision, rest=201, **NO_OFFICE)  # fmt: skip
row("GET", "/provision-questions", before=unknown_provision, rest=200,
    **NO_OFFICE | {"company": 200, "other": 200})  # fmt: skip
row("POST", "/provision-questions/{question_id}/answer", {"provided": True},
    before=unknown_provision, rest=200, **HOST)  # fmt: skip
row("GET", ONE, before=unknown_provision, rest=200, **SENDING)
row("POST", ONE, an_acceptance, before=unknown_provision, rest=201, **SENDING)
row("DELETE", ONE + "/{accepted_id}", before=unknown_provision, rest=204, **SENDING)
