"""Signing in and out, and the language of this browser."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.browser import Credentials, give_code, keep, keep_language, open_session, take_cookie
from api.edge import STEP_COOKIE, Anonymous, Permit, Reading, Whoever, Writing, may
from api.errors import SecondStepOverError, ServiceError
from api.pages import words
from api.pages.frame import Faults, Form, Visits, go_to, read, show
from api.policy import Action
from api.services import accounts, second_step, sessions
from api.services.second_step import HalfOpened, Opened
from matcher.vocabulary import LANGUAGES
from models.factor_views import CodeAsked

router = APIRouter()


@router.get("/sign-in")
def sign_in_form(request: Request, visits: Visits, next: str = "") -> Response:  # noqa: ARG001
    """The form."""
    providers = request.app.state.providers
    return show(request, "sign_in.html", next=own_path(next), providers=providers)


@router.post("/sign-in")
def sign_in(
    request: Request, form: Form, caller: Anonymous, session: Writing, visits: Visits
) -> Response:
    """Sign in, and go where one wanted to; the form again where that fails."""
    wanted = own_path(str(form.get("next", "")))
    credentials, faults = read(Credentials, form, visits.language)
    if credentials is not None:
        try:
            opened = open_session(request, session, caller, credentials)
        except ServiceError as error:
            faults = Faults(whole=[told for _, told in words.of_error(visits.language, error)])
        else:
            answer = go_to(request, way_on(opened, wanted))
            keep(answer, opened)
            return answer
    typed = {"email": form.get("email", "")}
    return show(
        request, "sign_in.html", status=422, faults=faults, typed=typed, next=wanted,
        providers=request.app.state.providers,
    )  # fmt: skip


@router.get("/sign-in/code")
def code_form(
    request: Request, session: Reading, caller: Anonymous, next: str = ""
) -> Response:  # fmt: skip
    """The second step; without a first one it begins there."""
    try:
        second_step.whose(session, caller.now, request.cookies.get(STEP_COOKIE, ""))
    except SecondStepOverError:
        return go_to(request, f"/sign-in?next={quote(own_path(next))}")
    return show(request, "sign_in_code.html", next=own_path(next), is_over=False)


@router.post("/sign-in/code")
def second_step_of(request: Request, form: Form, caller: Anonymous, visits: Visits) -> Response:
    """Sign in by the code, and go where one wanted to; the form again where that fails."""
    wanted, is_over = own_path(str(form.get("next", ""))), False
    asked, faults = read(CodeAsked, form, visits.language)
    if asked is not None:
        try:
            opened = give_code(request, caller, asked.code)
        except ServiceError as error:
            is_over = isinstance(error, SecondStepOverError)
            told = " ".join(told for _, told in words.of_error(visits.language, error))
            faults = Faults(whole=[told]) if is_over else Faults(fields={"code": told})
        else:
            answer = go_to(request, wanted)
            keep(answer, opened)
            return answer
    return show(
        request, "sign_in_code.html", status=422, faults=faults, next=wanted, is_over=is_over
    )  # fmt: skip


@router.post("/sign-out")
def sign_out(
    request: Request, _form: Form, session: Writing,
    permit: Permit = may(Action.SESSION_OWN, without_factor=True),
) -> Response:  # fmt: skip
    """End the session."""
    sessions.end_session(session, permit.caller, request.state.login_id)
    answer = go_to(request, "/sign-in")
    take_cookie(answer)
    return answer


@router.post("/language")
def choose_language(
    request: Request, form: Form, caller: Whoever, session: Writing
) -> Response:  # fmt: skip
    """Read everything in another language from now on, in this browser.

    Who is signed in gets messages in it as well: it stands in the account.
    """
    chosen = str(form.get("language", ""))
    if caller.user_id is not None and chosen in LANGUAGES:
        accounts.change_language(session, caller, chosen)
    answer = go_to(request, own_path(str(form.get("back", ""))))
    if chosen in LANGUAGES:
        keep_language(answer, chosen)
    return answer


def way_on(opened: Opened | HalfOpened, wanted: str) -> str:
    """Where somebody goes next who was let in, or who still has to give a code."""
    is_half = isinstance(opened, HalfOpened)
    return f"/sign-in/code?next={quote(wanted)}" if is_half else wanted


def own_path(path: str) -> str:
    """A page of this service; the start for anything else."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_own and path.isprintable() else "/today"
