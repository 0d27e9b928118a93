"""Questions that a company asks before it answers."""

import uuid

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.edge import OnlyOnce, Permit, Reading, SeenVersion, Writing, may, tag
from api.policy import Action
from api.services import deadlines, proposals, questions
from api.services.proposals import seen_case
from api.store.scopes import cases_in
from models.question_views import (
    QuestionAnswered,
    QuestionAsked,
    QuestionForCoordinators,
    QuestionList,
    QuestionShown,
)

router = APIRouter(tags=["questions"])


@router.get("/proposals/{proposal_id}/questions")
def list_questions(
    proposal_id: uuid.UUID, session: Reading, permit: Permit = may(Action.QUESTION_READ)
) -> QuestionList:
    """What the company asked about a proposal, and what was replied."""
    case = seen_case(session, proposal_id, cases_in(permit.scope, permit.caller.scope_id))
    return QuestionList(items=questions.questions_of(session, permit.caller, case))


@router.post(
    "/proposals/{proposal_id}/questions", status_code=201, response_model=QuestionShown
)  # fmt: skip
def ask(
    proposal_id: uuid.UUID, asked: QuestionAsked, once: OnlyOnce,
    permit: Permit = may(Action.QUESTION_ASK),
) -> JSONResponse:  # fmt: skip
    """Ask the coordinators something, or for a talk; the deadline rests until they reply."""

    def make() -> QuestionShown:
        mine = cases_in(permit.scope, permit.caller.scope_id)
        case = proposals.load(once.session, proposal_id, mine)
        row = deadlines.ask_question(once.session, permit.caller, case, asked.kind, asked.text)
        return questions.shown(permit.caller, row)

    return once(
        asked.model_dump(mode="json"), 201, make, headers=lambda made: {"ETag": tag(made.version)}
    )


@router.post("/questions/{question_id}/answer")
def reply(
    question_id: uuid.UUID, asked: QuestionAnswered, session: Writing, seen: SeenVersion,
    response: Response, permit: Permit = may(Action.QUESTION_ANSWER),
) -> QuestionForCoordinators:  # fmt: skip
    """Reply to the company, for the coordinators; once nothing is open the deadline goes on."""
    mine = cases_in(permit.scope, permit.caller.scope_id)
    row = questions.reply(session, permit.caller, question_id, asked.text, mine, version=seen)
    response.headers["ETag"] = tag(row.version)
    answered = questions.shown(permit.caller, row)
    assert isinstance(answered, QuestionForCoordinators)  # noqa: S101  # who replies is one
    return answered
