"""What offers provide: certified by whom, asked of companies; and needs accepted without it."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.edge import OnlyOnce, Permit, Reading, Writing, may, tag
from api.policy import Action
from api.services import accepting, certificates, provision_questions
from api.services.offers import shown
from api.store.scopes import companies_in, offers_in, people_in
from models.base import Code
from models.offer_views import OfferShown
from models.provision_views import (
    AcceptedNeedAsked,
    AcceptedNeedList,
    AcceptedNeedMade,
    CertificateAsked,
    ProvisionAnswered,
    ProvisionAsked,
    ProvisionQuestionPage,
    ProvisionQuestionShown,
)

router = APIRouter(tags=["provisions"])


@router.post("/offers/{offer_id}/certifications", status_code=201, response_model=OfferShown)
def certify(
    offer_id: uuid.UUID, asked: CertificateAsked, once: OnlyOnce,
    permit: Permit = may(Action.PROVISION_CERTIFY),
) -> JSONResponse:  # fmt: skip
    """Record who looked at a provision, and when: the offer has it as certified from then on."""

    def make() -> OfferShown:
        mine = companies_in(permit.scope, permit.caller.scope_id)
        found = certificates.certify(once.session, permit.caller, offer_id, asked, mine)
        return shown(once.session, [found])[0]

    return once(
        asked.model_dump(mode="json"), 201, make, headers=lambda made: {"ETag": tag(made.version)}
    )


@router.delete("/offers/{offer_id}/certifications/{provision}", status_code=204)
def withdraw_certificate(
    offer_id: uuid.UUID, provision: Code, session: Writing,
    permit: Permit = may(Action.PROVISION_CERTIFY),
) -> None:  # fmt: skip
    """Take a certificate back: the offer declares it, and nobody has looked at it."""
    mine = companies_in(permit.scope, permit.caller.scope_id)
    certificates.withdraw(session, permit.caller, offer_id, provision, mine)


@router.post(
    "/offers/{offer_id}/provision-questions", status_code=201,
    response_model=ProvisionQuestionShown,
)  # fmt: skip
def ask_company(
    offer_id: uuid.UUID, asked: ProvisionAsked, once: OnlyOnce,
    permit: Permit = may(Action.PROVISION_ASK),
) -> JSONResponse:  # fmt: skip
    """Ask a company whether it provides something; for whom is neither asked nor stored.

    What is asked already is not asked again: the answer is the open question.
    """

    def make() -> ProvisionQuestionShown:
        seen = offers_in(permit.scope, permit.caller.scope_id)
        return provision_questions.ask(once.session, permit.caller, offer_id, asked.provision, seen)

    return once(asked.model_dump(mode="json"), 201, make)


@router.get("/provision-questions")
def list_questions(
    session: Reading,
    permit: Permit = may(Action.PROVISION_QUESTION_READ),
    offer: uuid.UUID | None = None,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
    after: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ProvisionQuestionPage:
    """Questions about what offers provide, by id: of one's own ones, for coordinators of all."""
    mine = offers_in(permit.scope, permit.caller.scope_id)
    return provision_questions.listed(
        session, mine, offer=offer, is_open=is_open, after=after, limit=limit
    )


@router.post("/provision-questions/{question_id}/answer")
def answer_question(
    question_id: uuid.UUID, asked: ProvisionAnswered, session: Writing,
    permit: Permit = may(Action.PROVISION_ANSWER),
) -> ProvisionQuestionShown:  # fmt: skip
    """Say whether the workplace provides it, or record what the company said.

    The offer declares it then, or has it no longer. Live proposals and placements are looked at
    again.
    """
    mine = companies_in(permit.scope, permit.caller.scope_id)
    return provision_questions.answer(
        session, permit.caller, question_id, mine, provided=asked.provided
    )


@router.get("/apprentices/{apprentice_id}/accepted-needs")
def list_accepted_needs(
    apprentice_id: uuid.UUID, session: Reading, permit: Permit = may(Action.NEED_ACCEPT)
) -> AcceptedNeedList:
    """Which hard needs of somebody were accepted, where, why and by whom."""
    mine = people_in(permit.scope, permit.caller.scope_id)
    return accepting.listed(session, apprentice_id, mine)


@router.post(
    "/apprentices/{apprentice_id}/accepted-needs", status_code=201, response_model=AcceptedNeedMade
)
def accept_need(
    apprentice_id: uuid.UUID, asked: AcceptedNeedAsked, once: OnlyOnce,
    permit: Permit = may(Action.NEED_ACCEPT),
) -> JSONResponse:  # fmt: skip
    """Accept a hard need at an offer that does not provide for it, with the reason.

    Only what is FUNDABLE or ADJUSTABLE. The rule `hard_needs` lets the two pass from then on.
    """

    def make() -> AcceptedNeedMade:
        mine = people_in(permit.scope, permit.caller.scope_id)
        return accepting.accept(once.session, permit.caller, apprentice_id, asked, mine)

    return once(asked.model_dump(mode="json"), 201, make)


@router.delete("/apprentices/{apprentice_id}/accepted-needs/{accepted_id}", status_code=204)
def withdraw_acceptance(
    apprentice_id: uuid.UUID, accepted_id: uuid.UUID, session: Writing,
    permit: Permit = may(Action.NEED_ACCEPT),
) -> None:  # fmt: skip
    """Accept it no longer. Live proposals and placements that rest on it are put on hold."""
    mine = people_in(permit.scope, permit.caller.scope_id)
    accepting.withdraw(session, permit.caller, apprentice_id, accepted_id, mine)
