"""What people see instead of a page: what happened, what to do, a way back."""

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response

from api.edge import language_of
from api.errors import PagesIncompleteError, SecondFactorNeededError, ServiceError
from api.language import N_, Language
from api.pages import words
from api.pages.frame import go_to, show

TITLES = {
    401: N_("Please sign in"), 403: N_("This is not yours to do"), 404: N_("There is no such page"),
    408: N_("This came too slowly"), 409: N_("This does not go now"), 410: N_("This is over"),
    412: N_("Somebody was faster"), 413: N_("This is too large"),
    422: N_("Something is not right"), 429: N_("Too many tries"),
    500: N_("Something went wrong here"), 503: N_("Not available for the moment"),
}  # fmt: skip

TOLD = {
    408: N_("Nothing of it was stored. Please try again, with a better connection if you can."),
    404: N_("It may have moved, or it is not for you."),
    409: N_("Somebody changed it at the same time. Look at it again, please."),
    500: N_("Nothing was stored. Please try again; if it happens again, tell your coordinator this"
            " number: {request_id}"),
    503: N_("The service cannot reach its data just now. Please try again in some seconds. If you"
            " have just sent something, look first whether it is there already."),
}  # fmt: skip


def is_page(request: Request) -> bool:
    """Whether somebody waits for a page, and not a program for an answer."""
    path: str = request.scope["path"]
    return not path.startswith(("/api/", "/health/", "/metrics", "/assets/"))


def page(request: Request, status: int, error: Exception) -> Response | None:
    """The page instead; who is not signed in is sent there, and comes back afterwards."""
    if not is_page(request):
        return None
    if isinstance(error, PagesIncompleteError):
        return PlainTextResponse(str(error), status)
    if isinstance(error, SecondFactorNeededError) and request.method == "GET":
        return go_to(request, "/account/second-step")
    if status == 401 and request.method == "GET":
        return go_to(request, f"/sign-in?next={quote(request.url.path)}")
    language = Language(language_of(request))
    if isinstance(error, ServiceError):
        told = " ".join(text for _, text in words.of_error(language, error))
    else:
        text = TOLD.get(status, TOLD[500])
        told = language.phrase(text, request_id=request.state.request_id)
    title = language.phrase(TITLES.get(status, TITLES[500]))
    return show(request, "refused.html", status=status, title=title, told=told)
