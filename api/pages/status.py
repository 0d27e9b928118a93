"""How the service is doing: what somebody has to look at first, then everything."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.edge import Permit, Reading, may
from api.language import N_
from api.operating.status import status
from api.pages.frame import show
from api.policy import Action
from api.routes.status import process_of
from api.services import clock
from models.status_views import Trouble

router = APIRouter(prefix="/status")

TROUBLES = {
    Trouble.NO_WORKER: N_("No worker is running. No matchings are made and no messages go out."),
    Trouble.JOB_FAILS: N_("Something that runs by itself fails. See below which."),
    Trouble.ROUND_FAILED: N_("A matching failed in the last seven days."),
    Trouble.MAIL_FAILS: N_("Some messages could not be sent."),
    Trouble.MAIL_WAITS: N_("A message has waited for more than an hour."),
    Trouble.DISK_FULL: N_("The disk is nearly full."),
    Trouble.ERRORS: N_("Some requests ended with an error of the service."),
    Trouble.TABLES_DIFFER: N_("The database belongs to another release of the service."),
}

JOBS = {
    "expire": N_("End questions that nobody answered in time"),
    "remind": N_("Write reminders"),
    "destroy_keys": N_("Destroy the keys of people who were erased"),
    "let_go": N_("Delete what is kept no longer"),
    "deliver": N_("Send messages"),
    "delete_mails": N_("Delete old messages"),
    "record_head": N_("Write down the end of the record of changes"),
    "scrub": N_("Clean the database after somebody was erased"),
}
"""What runs by itself, in words; one that is not here is shown by its name."""

ROOMS = {
    "database": N_("Database"), "messages": N_("Messages"), "rounds": N_("Matchings"),
}  # fmt: skip

GIGABYTE = 10**9


@router.get("")
def page(request: Request, session: Reading, permit: Permit = may(Action.STATUS_READ)) -> Response:
    """Whether everything is all right."""
    return show(
        request, "status.html", found=status(session, process_of(request), permit.caller.now),
        troubles=TROUBLES, jobs=JOBS, room_names=ROOMS, gigabyte=GIGABYTE,
        zone=clock.zone_of(session, permit.caller),
    )  # fmt: skip
