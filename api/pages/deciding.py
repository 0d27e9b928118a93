"""What is decided on the page of a proposal: each form, and where it leads."""

import datetime
import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData

from api import store
from api.caller import Caller
from api.edge import Permit, Reading, Writing, language_of, may
from api.errors import NotYoursToAnswerError, StaleVersionError
from api.language import Language
from api.pages import case_words
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.pages.proposal import case_page
from api.pages.queue import place_in, queue_of
from api.pages.words import Words
from api.policy import Action
from api.services import accepting, clock, deadlines, proposals, questions, undoing, wishes
from api.services.asking import open_turn
from api.services.proposals import Heard
from api.services.records import check_version
from api.services.showing import shown
from api.store.cases import Case
from api.store.scopes import cases_in, people_in
from models import REASONS, Answer, Role
from models.base import Shape
from models.pair_views import WishAsked
from models.proposal_changes import Answered, Booking, Days, Kept, Recorded, Withdrawn
from models.provision_views import AcceptedNeedAsked
from models.question_views import QuestionAnswered, QuestionAsked

router = APIRouter(prefix="/proposals/{proposal_id}")

Asked = TypeVar("Asked", bound=Shape)
Do = Callable[[Caller, Case, Asked], str]
"""Does what a form asks for, and says what was done as a code of `said.SAID`."""

GO_ON = frozenset({Role.COORDINATOR, Role.COMPANY})
"""Who has several cases: after a decision the next one opens."""


class LastDay(Shape):
    """The last day on which an answer is waited for."""

    last_day: datetime.date


class Nothing(Shape):
    """A button without fields."""


class Need(Shape):
    """Why a need is accepted here."""

    need: str = Field(max_length=60)
    reason: str = Field(min_length=1, max_length=300)


@router.post("/answer")
def answer(
    request: Request, proposal_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.PROPOSAL_ANSWER),
) -> Response:  # fmt: skip
    """Say yes or no, for one's own side."""

    def do(caller: Caller, case: Case, asked: Answered) -> str:
        parties = sorted(proposals.parties_of(session, caller, case))
        if not parties:
            raise NotYoursToAnswerError("anybody")
        now = open_turn(session, case, store.cases.approvals(session, proposal_id))
        party = ([one for one in parties if one in now] or parties)[0]
        proposals.answer(session, caller, case, party, asked.answer, reason=asked.reason)
        rejects = asked.answer == Answer.NO and caller.role == Role.COORDINATOR
        return "rejected" if rejects else str(asked.answer)

    act = "no" if "no-answer" in form else "yes"
    return _done(request, session, permit, proposal_id, form, act, Answered, do, goes_on=True)


@router.post("/recorded-answer")
def record(
    request: Request, proposal_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.PROPOSAL_RECORD),
) -> Response:  # fmt: skip
    """Record what somebody of one's own side said by phone, on paper or by mail."""

    def do(caller: Caller, case: Case, asked: Recorded) -> str:
        heard = Heard(asked.channel, asked.heard_from, asked.heard_on)
        proposals.answer(
            session, caller, case, asked.party, asked.answer, reason=asked.reason, heard=heard
        )
        return "recorded"

    act = next((name[: -len("-party")] for name in form if name.endswith("-party")), "")
    return _done(request, session, permit, proposal_id, form, act, Recorded, do)


@router.post("/dates")
def move(
    request: Request, proposal_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.PROPOSAL_CHANGE),
) -> Response:  # fmt: skip
    """Move the stay inside both windows."""

    def do(caller: Caller, case: Case, asked: Days) -> str:
        proposals.move_dates(session, caller, case, asked.first_day, asked.last_day)
        return "moved"

    return _done(request, session, permit, proposal_id, form, "dates", Days, do)


@router.post("/deadline")
def extend(
    request: Request, proposal_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.PROPOSAL_CHANGE),
) -> Response:  # fmt: skip
    """Give more time to answer, until the end of a day."""

    def do(caller: Caller, case: Case, asked: LastDay) -> str:
        zone = zoneinfo.ZoneInfo(clock.zone_of(session, caller))
        end = datetime.datetime.combine(asked.last_day, datetime.time(23, 59), zone)
        proposals.extend(session, caller, case, end)
        return "extended"

    return _done(request, session, permit, proposal_id, form, "deadline", LastDay, do)


@router.post("/withdrawal")
def withdraw(
    request: Request, proposal_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.PROPOSAL_CHANGE),
) -> Response:  # fmt: skip
    """Take a live proposal back."""

    def do(caller: Caller, case: Case, asked: Withdrawn) -> str:
        proposals.withdraw(session, caller, case, asked.reason)
        return "withdrawn"

    return _done(
        request, session, permit, proposal_id, form, "withdraw", Withdrawn, do, goes_on=True
    )


@router.post("/kept")
def keep(
    request: Request, proposal_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.PROPOSAL_CHANGE),
) -> Response:  # fmt: skip
    """Let later matchings leave the proposal as it is, or make it anew."""

    def do(caller: Caller, case: Case, asked: Kept) -> str:
        proposals.keep(session, caller, case, asked.kept)
        return "kept" if asked.kept else "not_kept"

    return _done(request, session, permit, proposal_id, form, "keep", Kept, do)


@router.post("/placement")
def book(
    request: Request, proposal_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.PROPOSAL_BOOK),
) -> Response:  # fmt: skip
    """Book what everybody agreed to."""

    def do(caller: Caller, case: Case, asked: Booking) -> str:
        proposals.book(session, caller, case, asked.mentor)
        return "booked"

    return _done(request, session, permit, proposal_id, form, "book", Booking, do)


@router.post("/reason-resolved")
def resolve(
    request: Request, proposal_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.PROPOSAL_CHANGE),
) -> Response:  # fmt: skip
    """Say that the reason of a no is settled."""

    def do(caller: Caller, case: Case, _asked: Nothing) -> str:
        proposals.resolve_reason(session, caller, case)
        return "settled"

    return _done(request, session, permit, proposal_id, form, "resolve", Nothing, do)


@router.post("/wish")
def wish(
    request: Request, proposal_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.WISH_CHANGE),
) -> Response:  # fmt: skip
    """Keep the two together, or do not propose them again."""
    theirs = people_in(permit.scope, permit.caller.scope_id)

    def do(caller: Caller, case: Case, asked: WishAsked) -> str:
        wishes.say(session, caller, case.apprentice.id, case.window.id, asked, theirs)
        return f"wish_{asked.wish}"

    return _done(request, session, permit, proposal_id, form, "wish", WishAsked, do)


@router.post("/wish-gone")
def unsay(
    request: Request, proposal_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.WISH_CHANGE),
) -> Response:  # fmt: skip
    """Say nothing of the two any more."""
    theirs = people_in(permit.scope, permit.caller.scope_id)

    def do(caller: Caller, case: Case, _asked: Nothing) -> str:
        wishes.take_away(session, caller, case.apprentice.id, case.window.id, theirs)
        return "wish_gone"

    return _done(request, session, permit, proposal_id, form, "wish", Nothing, do)


@router.get("/rejection")
def rejection(
    request: Request, proposal_id: uuid.UUID, session: Reading,
    permit: Permit = may(Action.PROPOSAL_ANSWER),
) -> Response:  # fmt: skip
    """The form of a no for a row of the list; without scripts the page of the case has it."""
    case = proposals.seen_case(session, proposal_id, cases_in(permit.scope, permit.caller.scope_id))
    queue = queue_of(request)
    if "hx-request" not in request.headers:
        return go_to(request, f"{queue.address(f'/proposals/{proposal_id}')}#no")
    view = shown(session, permit.caller, case)
    party = case_words.party_of(view, permit.caller.role)
    words = Words(Language(language_of(request)))
    return show(
        request, "row_rejection.html", block="form", queue=queue, view=view,
        reasons=[(code, words.of("reason", code)) for code in REASONS.get(party, ())] if party
        else [],
        refuses=case_words.deeds(view, party).refuse,
    )  # fmt: skip


@router.post("/undo")
def undo(
    request: Request, proposal_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.PROPOSAL_CHANGE),
) -> Response:  # fmt: skip
    """Take the own rejection of the last minute back."""
    faults, caller = Faults(), permit.caller
    mine = cases_in(permit.scope, caller.scope_id)
    case = proposals.seen_case(session, proposal_id, mine)
    with attempt(session, faults, Language(language_of(request))):
        undoing.undo_rejection(
            session, proposals.speaking_for(session, caller, case), proposal_id, mine,
            version=version_seen(form),
        )  # fmt: skip
    if faults:
        return case_page(request, session, caller, proposal_id, status=422, faults=faults)
    address = queue_of(request).address(f"/proposals/{proposal_id}", said="undone")
    return go_to(request, address)


@router.post("/questions")
def ask(
    request: Request, proposal_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.QUESTION_ASK),
) -> Response:  # fmt: skip
    """A host asks before it answers."""

    def do(caller: Caller, case: Case, asked: QuestionAsked) -> str:
        deadlines.ask_question(session, caller, case, asked.kind, asked.text)
        return "asked"

    return _done(request, session, permit, proposal_id, form, "ask", QuestionAsked, do)


@router.post("/questions/{question_id}")
def reply(
    request: Request, proposal_id: uuid.UUID, question_id: uuid.UUID, form: Form,
    session: Writing, permit: Permit = may(Action.QUESTION_ANSWER),
) -> Response:  # fmt: skip
    """Reply to a host."""
    mine = cases_in(permit.scope, permit.caller.scope_id)

    def do(caller: Caller, _case: Case, asked: QuestionAnswered) -> str:
        seen = version_seen(form, "question_version")
        questions.reply(session, caller, question_id, asked.text, mine, version=seen)
        return "replied"

    return _done(
        request, session, permit, proposal_id, form, f"reply_{question_id}", QuestionAnswered, do
    )


@router.post("/accepted-needs")
def accept(
    request: Request, proposal_id: uuid.UUID, form: Form, session: Writing,
    permit: Permit = may(Action.NEED_ACCEPT),
) -> Response:  # fmt: skip
    """Accept a need that the workplace does not provide for, with the reason."""
    theirs = people_in(permit.scope, permit.caller.scope_id)

    def do(caller: Caller, case: Case, asked: Need) -> str:
        wanted = AcceptedNeedAsked(offer_id=case.offer.id, need=asked.need, reason=asked.reason)
        accepting.accept(session, caller, case.apprentice.id, wanted, theirs)
        return "accepted"

    act = next((name[: -len("-need")] for name in form if name.endswith("-need")), "")
    return _done(request, session, permit, proposal_id, form, act, Need, do)


def _done(
    request: Request, session: Session, permit: Permit, proposal_id: uuid.UUID, form: FormData,
    act: str, shape: type[Asked], do: Do[Asked], *, goes_on: bool = False,
) -> Response:  # fmt: skip
    """Do what a form of a case asks for, on the version that was seen, and go on.

    `act` begins the names of its fields. Where it is refused, the case is shown as it stands now
    with what was typed; somebody else's change since then is told with status 412.
    """
    language = Language(language_of(request))
    mine = cases_in(permit.scope, permit.caller.scope_id)
    case = proposals.load(session, proposal_id, mine)
    caller = proposals.speaking_for(session, permit.caller, case)
    following = _following(request, session, permit, proposal_id) if goes_on else None
    values, faults = read(shape, _fields(form, act), language)
    status, said = 422, ""
    if values is not None:
        with attempt(session, faults, language):
            try:
                check_version("proposal", case.proposal, version_seen(form))
                said = do(caller, case, values)
            except StaleVersionError:
                status = 412
                raise
    if faults:
        named = {f"{act}-{name}": told for name, told in faults.fields.items()}
        return case_page(
            request, session, permit.caller, proposal_id, status=status,
            faults=Faults(faults.whole, named), typed=form, act=act,
        )  # fmt: skip
    queue = queue_of(request)
    if goes_on and request.query_params.get("back") == "list":
        return go_to(request, queue.address("/proposals", said=said, of=str(proposal_id)))
    more = {"said": said} | ({"of": str(proposal_id)} if following else {})
    return go_to(request, queue.address(f"/proposals/{following or proposal_id}", **more))


def _following(
    request: Request, session: Session, permit: Permit, proposal_id: uuid.UUID
) -> uuid.UUID | None:
    """The case that opens after this one is decided, for who has several."""
    if permit.caller.role not in GO_ON:
        return None
    around = place_in(session, permit.caller, permit.scope, queue_of(request), proposal_id)
    return around.after or around.before


def _fields(form: FormData, act: str) -> dict[str, Any]:
    """The fields of one of the forms of a page, by their names in its shape."""
    begins = f"{act}-"
    return {
        name.removeprefix(begins): value for name, value in form.items() if name.startswith(begins)
    }
