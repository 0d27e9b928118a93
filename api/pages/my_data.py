"""One's own data: everything to be read and taken along, requests and their deadlines."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.language import N_
from api.pages.frame import Faults, Form, attempt, go_to, read, show
from api.pages.own import Own, own
from api.pages.stored_words import Said, in_order
from api.policy import Action
from api.services import clock, exporting, rights
from models import RequestKind, Role
from models.rights_views import RightsAsked

router = APIRouter()

ROLES = (Role.APPRENTICE, Role.GUARDIAN)

MOST_OPENED = 100
"""So many times that something sealed was opened are listed on the page; the file has all."""

MOST_ROWS = 50
"""So many of one kind are shown on the page, the latest; the file has all."""

CHOOSE = N_("Please choose what you ask for.")


@router.get("/my-data")
def my_data(
    request: Request, session: Reading, permit: Permit = may(Action.RIGHTS_ASK), done: str = ""
) -> Response:
    """What one may ask for, and what was asked."""
    return _page(request, session, own(session, permit, Action.RIGHTS_ASK, *ROLES), done=done)


@router.post("/my-data/requests")
def ask(
    request: Request, form: Form, session: Writing, permit: Permit = may(Action.RIGHTS_ASK)
) -> Response:
    """Ask for access, correction or erasure; it is answered within a month."""
    me = own(session, permit, Action.RIGHTS_ASK, *ROLES)
    asked, faults = read(RightsAsked, {"kind": form.get("kind", "")}, me.language)
    if asked is None:
        faults.fields["kind"] = me.language.phrase(CHOOSE)
    else:
        with attempt(session, faults, me.language):
            rights.ask(session, me.caller, me.person.id, asked, me.mine)
    if faults:
        return _page(request, session, me, faults=faults)
    return go_to(request, "/my-data?done=asked")


@router.get("/my-data/export")
def read_all(
    request: Request, session: Writing, permit: Permit = may(Action.RIGHTS_EXPORT)
) -> Response:
    """Everything that the service holds, to be read; that it was given out is written down."""
    me = own(session, permit, Action.RIGHTS_EXPORT, *ROLES)
    found = exporting.export(session, me.caller, me.person.id, me.mine)
    opened = sorted(found.opened, key=lambda one: str(one["when"]), reverse=True)
    zone = clock.zone_of(session, me.caller)
    said = Said(me.language, zone, exporting.names_in(session, me.caller, found))
    is_guardian = me.caller.role == Role.GUARDIAN
    return show(
        request, "my_data_export.html", me=me, opened=opened[:MOST_OPENED], zone=zone, said=said,
        own_account=str(me.caller.user_id), is_guardian=is_guardian,
        parts_stored=[
            (name, [said.facts(name, row) for row in rows[-MOST_ROWS:]], len(rows))
            for name, rows in in_order(found.parts)
        ],
    )  # fmt: skip


@router.get("/my-data/export.json")
def take_all(session: Writing, permit: Permit = may(Action.RIGHTS_EXPORT)) -> Response:
    """The same as a file that programs read."""
    me = own(session, permit, Action.RIGHTS_EXPORT, *ROLES)
    found = exporting.export(session, me.caller, me.person.id, me.mine)
    headers = {"Content-Disposition": 'attachment; filename="doallvet-my-data.json"'}
    return JSONResponse(found.model_dump(mode="json"), headers=headers)


def _page(
    request: Request, session: Session, me: Own, *, done: str = "", faults: Faults | None = None
) -> Response:
    asked = rights.listed(session, me.caller, me.mine, done=None).items
    return show(
        request, "my_data.html", status=422 if faults else 200, me=me, done=done, asked=asked,
        kinds=list(RequestKind), is_guardian=me.caller.role == Role.GUARDIAN,
        faults=faults or Faults(), zone=clock.zone_of(session, me.caller),
    )  # fmt: skip
