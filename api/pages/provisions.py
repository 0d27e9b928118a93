"""What workplaces have: looked at by somebody, asked of hosts, answered."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.language import Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show
from api.pages.offers import show_offer
from api.policy import Action, scope_of
from api.services import certificates, clock, offer_lists, provision_questions
from api.store.scopes import companies_in, offers_in
from models.base import Code
from models.provision_views import CertificateAsked, ProvisionAnswered, ProvisionAsked

router = APIRouter()

MOST = 200
"""So many questions are shown, the open ones and the answered ones each."""


@router.post("/offers/{offer_id}/certificates")
def certify(
    offer_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.PROVISION_CERTIFY),
) -> Response:  # fmt: skip
    """Write down who looked, and when."""
    language = Language(permit.caller.language)
    offer = offer_lists.own(session, permit.caller, permit.scope, offer_id)
    names = ("provision", "certified_by", "certified_on")
    asked, faults = read(CertificateAsked, {name: form.get(name, "") for name in names}, language)
    if asked is not None:
        mine = companies_in(permit.scope, permit.caller.scope_id)
        with attempt(session, faults, language):
            certificates.certify(session, permit.caller, offer_id, asked, mine)
    if faults:
        return show_offer(request, session, permit, offer, faults=faults, typed=form)
    return go_to(request, f"/offers/{offer_id}")


@router.post("/offers/{offer_id}/certificates/{provision}/removal")
def withdraw(
    offer_id: uuid.UUID, provision: Code, request: Request, _form: Form, session: Writing,
    permit: Permit = may(Action.PROVISION_CERTIFY),
) -> Response:  # fmt: skip
    """Nobody has looked at it any more: it is what the host says."""
    mine = companies_in(permit.scope, permit.caller.scope_id)
    certificates.withdraw(session, permit.caller, offer_id, provision, mine)
    return go_to(request, f"/offers/{offer_id}")


@router.post("/offers/{offer_id}/provision-questions")
def ask(
    offer_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.PROVISION_ASK),
) -> Response:  # fmt: skip
    """Ask the host whether its workplace has something."""
    language = Language(permit.caller.language)
    offer = offer_lists.one(session, permit.caller, permit.scope, offer_id)
    asked, faults = read(ProvisionAsked, {"provision": form.get("provision", "")}, language)
    if asked is not None:
        seen = offers_in(permit.scope, permit.caller.scope_id)
        with attempt(session, faults, language):
            provision_questions.ask(session, permit.caller, offer_id, asked.provision, seen)
    if faults:
        return show_offer(request, session, permit, offer, faults=faults, typed=form)
    return go_to(request, "/provision-questions")


@router.get("/provision-questions")
def list_questions(
    request: Request, session: Reading, permit: Permit = may(Action.PROVISION_QUESTION_READ)
) -> Response:
    """What hosts are asked about their workplaces, and what they answered."""
    return _list(request, session, permit, Faults())


@router.post("/provision-questions/{question_id}/answer")
def answer(
    question_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.PROVISION_ANSWER),
) -> Response:  # fmt: skip
    """The workplace has it or not; a coordinator writes down what the host said."""
    language = Language(permit.caller.language)
    given, faults = read(ProvisionAnswered, {"provided": form.get("provided", "")}, language)
    mine = companies_in(permit.scope, permit.caller.scope_id)
    provision_questions.one(session, question_id, mine)
    if given is not None:
        with attempt(session, faults, language):
            provision_questions.answer(
                session, permit.caller, question_id, mine, provided=given.provided
            )
    if faults:
        return _list(request, session, permit, faults)
    return go_to(request, "/provision-questions")


def _list(request: Request, session: Session, permit: Permit, faults: Faults) -> Response:
    caller = permit.caller
    scope = scope_of(caller.role, Action.PROVISION_QUESTION_READ)
    assert scope is not None  # noqa: S101  # whoever answers reads
    seen = offers_in(scope, caller.scope_id)
    waiting = provision_questions.listed(session, seen, is_open=True, limit=MOST)
    over = provision_questions.listed(session, seen, is_open=False, limit=MOST)
    hosting = scope_of(caller.role, Action.PROVISION_ANSWER)
    assert hosting is not None  # noqa: S101  # whoever reads may answer for its own hosts
    theirs = provision_questions.listed(
        session, companies_in(hosting, caller.scope_id), is_open=True, limit=MOST
    )
    return show(
        request, "provision_questions.html", status=422 if faults else 200, faults=faults,
        zone=clock.zone_of(session, caller),
        waiting=waiting.items, over=sorted(over.items, key=lambda one: one.asked_at, reverse=True),
        to_answer={one.id for one in theirs.items},
    )  # fmt: skip
