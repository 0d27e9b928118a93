"""An invitation: somebody sets the password of the own account, and is signed in."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.browser import browser_of, keep
from api.edge import Writing, refuse_unencrypted
from api.errors import ServiceError, WeakPasswordError
from api.pages import words
from api.pages.frame import Faults, Form, go_to, read, show
from api.pages.letters import Reads, with_secret
from api.services import accounts, second_step
from api.services.second_step import HalfOpened
from api.throttle import Tried
from models.account_views import InvitationAccepted

router = APIRouter()


@router.get("/welcome")
def welcome(request: Request, reads: Reads) -> Response:
    """Where the secret of an invitation arrives, and a password is chosen."""
    providers = request.app.state.providers
    return show(request, "welcome.html", reads=reads, is_known=False, providers=providers)


@router.post("/welcome")
def accept(request: Request, form: Form, session: Writing, reads: Reads) -> Response:
    """Set the password and sign in. A weak one uses nothing up."""
    here = refuse_unencrypted(request)
    request.app.state.throttle.check(Tried.OPEN_FROM_ADDRESS, here)
    typed, caller = with_secret(form), reads.caller
    asked, faults = read(InvitationAccepted, typed, reads.language)
    is_known = False
    if asked is not None:
        try:
            with session.begin_nested():
                user = accounts.accept_invitation(
                    session, caller.now, caller.new_id, asked.secret, asked.password,
                    request_id=caller.request_id,
                )  # fmt: skip
        except ServiceError as error:
            is_known = isinstance(error, WeakPasswordError)
            told = " ".join(told for _, told in words.of_error(reads.language, error))
            faults = Faults(fields={"password" if is_known else "secret": told})
        else:
            opened = second_step.go_on(session, caller, user, browser_of(request), tells=False)
            is_half = isinstance(opened, HalfOpened)
            answer = go_to(request, "/sign-in/code" if is_half else "/today")
            keep(answer, opened)
            return answer
    return show(
        request, "welcome.html", status=422, reads=reads, is_known=is_known, faults=faults,
        typed={"secret": typed["secret"]}, providers=request.app.state.providers,
    )  # fmt: skip
