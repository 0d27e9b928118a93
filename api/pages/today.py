"""What waits for somebody today, and where everything stands."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.edge import Permit, Reading, may
from api.language import Language
from api.pages.frame import show
from api.policy import Action
from api.services import waiting
from api.services.waiting import Waiting

router = APIRouter()


@dataclass(frozen=True)
class Item:
    """Something that waits: what, until when, and where it is looked at."""

    what: str
    path: str
    when: str = ""


@router.get("/today")
def today(
    request: Request, session: Reading, permit: Permit = may(Action.WAITING_READ)
) -> Response:
    """What waits for whoever looks."""
    found = waiting.waiting(session, permit.caller, permit.scope)
    language = Language(permit.caller.language)
    return show(request, "today.html", items=_items(language, found))


def _items(language: Language, found: Waiting) -> list[Item]:
    """What waits, the most pressing first; what is at nought is left out."""
    to_answer = sum(found.proposals.values())
    on_hold = language.phrase_count("{n} proposal on hold", "{n} proposals on hold", found.on_hold)
    to_decide = language.phrase_count(
        "{n} proposal to decide", "{n} proposals to decide", to_answer
    )
    told = (
        (found.on_hold, on_hold, "/proposals?on_hold=true"),
        (to_answer, to_decide, "/proposals"),
    )
    return [Item(what, path) for count, what, path in told if count]
