"""Consents: the texts, who agreed to share what with whom, and taking it back.

A need stands in the bodies here: nothing of them is kept for an Idempotency-Key. The same consent
once more is the one that there is.
"""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import ColumnElement

from api import consent
from api.edge import Permit, Reading, Writing, may
from api.errors import ConsentTextError
from api.policy import Action
from api.services import consents
from api.store.scopes import people_in
from models.consent_views import (
    LANGUAGE,
    ConsentAsked,
    ConsentList,
    ConsentShown,
    ConsentTextList,
    ConsentTextShown,
)

router = APIRouter(tags=["consents"])


@router.get("/consent-texts")
def list_texts(
    language: Annotated[str, Query(pattern=LANGUAGE, examples=["fi"])] = "en",
    permit: Permit = may(Action.REFERENCE_READ),
) -> ConsentTextList:
    """What one agrees to, in a language; the newest is the one to be shown."""
    today = permit.caller.today
    found = [one for one in consent.texts() if one.language == language and one.since <= today]
    if not found:
        newest = consent.newest(today)
        there = [one.language for one in consent.texts() if one.version == newest]
        raise ConsentTextError(newest or None, there)
    return ConsentTextList(items=[ConsentTextShown(**vars(one)) for one in found])


@router.get("/apprentices/{apprentice_id}/consents")
def list_consents(
    apprentice_id: uuid.UUID, session: Reading, permit: Permit = may(Action.CONSENT_READ)
) -> ConsentList:
    """What somebody agreed to share, and what was withdrawn.

    Guardians are shown what they are needed for; of other needs they are not told.
    """
    return ConsentList(items=consents.all_of(session, permit.caller, apprentice_id, _mine(permit)))


@router.post("/apprentices/{apprentice_id}/consents", status_code=201)
def give_consent(
    apprentice_id: uuid.UUID, asked: ConsentAsked, session: Writing,
    permit: Permit = may(Action.CONSENT_GIVE),
) -> ConsentShown:  # fmt: skip
    """Agree that a company may know of one need, or record that somebody did.

    It is told once everybody has agreed to the stay. Who is too young needs a guardian as well.
    """
    return consents.give(session, permit.caller, apprentice_id, asked, _mine(permit))


@router.post("/consents/{consent_id}/withdrawal")
def withdraw_consent(
    consent_id: uuid.UUID, session: Writing, permit: Permit = may(Action.CONSENT_GIVE)
) -> ConsentShown:
    """Take a consent back, without a reason. The company is told no longer, from now on."""
    return consents.withdraw(session, permit.caller, consent_id, _mine(permit))


def _mine(permit: Permit) -> ColumnElement[bool]:
    return people_in(permit.scope, permit.caller.scope_id)
