"""Signing in and out, and the language of this browser."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.browser import Credentials, give_cookie, keep_language, open_session, take_cookie
from api.edge import Anonymous, Permit, Whoever, Writing, may
from api.errors import ServiceError
from api.pages import words
from api.pages.frame import Faults, Form, Visits, go_to, read, show
from api.policy import Action
from api.services import accounts, sessions
from matcher.vocabulary import LANGUAGES

router = APIRouter()


@router.get("/sign-in")
def sign_in_form(request: Request, visits: Visits, next: str = "") -> Response:  # noqa: ARG001
    """The form."""
    return show(request, "sign_in.html", next=own_path(next))


@router.post("/sign-in")
def sign_in(
    request: Request, form: Form, caller: Anonymous, session: Writing, visits: Visits
) -> Response:
    """Sign in, and go where one wanted to; the form again where that fails."""
    wanted = own_path(str(form.get("next", "")))
    credentials, faults = read(Credentials, form, visits.language)
    if credentials is not None:
        try:
            _, secret = open_session(request, session, caller, credentials)
        except ServiceError as error:
            faults = Faults(whole=[told for _, told in words.of_error(visits.language, error)])
        else:
            answer = go_to(request, wanted)
            give_cookie(answer, secret)
            return answer
    typed = {"email": form.get("email", "")}
    return show(request, "sign_in.html", status=422, faults=faults, typed=typed, next=wanted)


@router.post("/sign-out")
def sign_out(
    request: Request, _form: Form, session: Writing, permit: Permit = may(Action.SESSION_OWN)
) -> Response:
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


def own_path(path: str) -> str:
    """A page of this service; the start for anything else."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_own and path.isprintable() else "/today"
