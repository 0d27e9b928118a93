"""Pages for everybody, without an account: what this is, open offers, privacy, accessibility."""

import datetime
import uuid
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.exceptions import HTTPException

from api.edge import Anonymous, Reading, Whoever, Writing, language_of
from api.language import N_, Language
from api.pages.frame import Faults, Form, go_to, read, show
from api.services import feedback, open_offers
from api.services.feedback import Feedback
from api.services.open_offers import OpenOffer
from api.services.settings import current
from api.throttle import Tried
from matcher.vocabulary import LANGUAGES, unit_group

router = APIRouter()

TELLS_FOR = datetime.timedelta(days=90)
"""So long a copy of what says whom to tell of a flaw may be believed (less than a year)."""

KEPT = {
    "needs": N_("What somebody needs at the workplace: after the last call has ended"),
    "applicants": N_("People who were not placed: after the last call has ended"),
    "participants": N_("People who were placed: after the last call has ended"),
    "messages": N_("Messages that were sent: after they were written"),
    "sessions": N_("Being signed in: after it has ended"),
    "answer_links": N_("Personal links for an answer: after they have ended"),
    "invitations": N_("Invitations: after they have ended"),
    "repeated_requests": N_("Remembered answers to programs: after the request"),
}
"""What is kept for how long, by the kinds of the setting `retention`."""


@router.get("/")
def start(request: Request, caller: Whoever) -> Response:
    """What this is, and for whom; who is signed in goes on to today."""
    if caller.user_id is not None:
        return go_to(request, "/today")
    return show(request, "start.html", organisation=request.app.state.settings.organisation)


@router.get("/about")
def about(request: Request, _caller: Whoever) -> Response:
    """How it works, and who decides."""
    return show(request, "about.html")


@router.get("/open-offers")
def offers(
    request: Request, caller: Whoever, session: Reading,
    country: Annotated[str, Query(max_length=2, pattern="^[A-Z]*$")] = "",
    after: uuid.UUID | None = None,
) -> Response:  # fmt: skip
    """Offers that companies made public and that have free places."""
    items, then = open_offers.page(session, caller, country=country, after=after)
    language = Language(language_of(request))
    choices = [
        (code, language.name("countries", code)) for code in open_offers.countries(session, caller)
    ]
    further = f"/open-offers?country={country}&after={then}" if then else None
    return show(
        request, "open_offers.html", items=items, countries=choices, country=country,
        further=further, trades={one.id: _trades(language, one) for one in items},
        spoken={one.id: _spoken(language, one) for one in items},
    )  # fmt: skip


@router.get("/.well-known/security.txt")
def security(request: Request, caller: Anonymous) -> Response:
    """Whom to tell of a flaw (RFC 9116); nothing where no contact is named."""
    given = request.app.state.settings
    if not given.contact:
        raise HTTPException(404)
    lines = [
        f"Contact: mailto:{quote(given.contact, safe='@')}",
        f"Expires: {caller.now + TELLS_FOR:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(LANGUAGES)}",
    ]
    if given.address.startswith("https://"):
        lines.append(f"Canonical: {given.address.rstrip('/')}{request.url.path}")
    return PlainTextResponse("".join(f"{line}\n" for line in lines))


def _trades(language: Language, one: OpenOffer) -> str:
    names = [language.name("isco08", unit_group(code)) for code in one.occupations]
    return language.listed(list(dict.fromkeys(names)))


def _spoken(language: Language, one: OpenOffer) -> str:
    return language.any_of(
        [f"{language.name('languages', code)} {level}" for code, level in one.languages.items()]
    )


@router.get("/privacy")
def privacy(request: Request, _caller: Whoever, session: Reading) -> Response:
    """Who is responsible, what is kept and for how long, what rights people have."""
    days = current(session)["retention"]
    given = request.app.state.settings
    return show(
        request, "privacy.html", organisation=given.organisation, contact=given.contact,
        kept=[(told, days[kind]) for kind, told in KEPT.items()],
    )  # fmt: skip


@router.get("/accessibility")
def accessibility(request: Request, _caller: Whoever, sent: bool = False) -> Response:
    """The statement, with a form for what does not work."""
    return _statement(request, sent=sent)


@router.post("/accessibility")
def tell(request: Request, form: Form, caller: Whoever, session: Writing) -> Response:
    """Send what somebody tells about the pages to the contact."""
    language = Language(language_of(request))
    told, faults = read(Feedback, form, language)
    if told is not None:
        here = request.client.host if request.client else ""
        request.app.state.throttle.check(Tried.FEEDBACK_FROM_ADDRESS, here)
        if feedback.send(session, caller, request.app.state.settings.contact, told):
            return go_to(request, "/accessibility?sent=true")
        nobody = language.phrase("There is nobody to send this to yet: no contact is named here.")
        faults = Faults(whole=[nobody])
    return _statement(request, status=422, faults=faults, typed=form)


def _statement(request: Request, **data: object) -> Response:
    given = request.app.state.settings
    told = {"sent": False, "organisation": given.organisation, "contact": given.contact} | data
    return show(request, "accessibility.html", **told)
