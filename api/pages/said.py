"""What was done on the page before, told on the one that opens then, with a way to undo it."""

import uuid
from dataclasses import dataclass

from fastapi import Request
from sqlmodel import Session

from api.caller import Caller
from api.edge import language_of
from api.errors import ServiceError
from api.language import N_, Language
from api.pages import case_words
from api.policy import Action, scope_of
from api.services import undoing
from api.services.proposals import seen_case
from api.services.showing import shown
from api.store.scopes import cases_in

SAID: dict[str, str] = {
    "yes": N_("Your yes is stored."), "no": N_("Your no is stored. The place is free again."),
    "rejected": N_("Rejected. The place is free again."),
    "undone": N_("Taken back: the proposal is as it was before you rejected it."),
    "recorded": N_("The answer is recorded."), "moved": N_("The dates are moved."),
    "extended": N_("There is more time to answer now."),
    "withdrawn": N_("Withdrawn. Whoever was asked is told."),
    "kept": N_("Later matchings leave this proposal as it is."),
    "not_kept": N_("Later matchings may change this proposal."),
    "wish_lock": N_("Later matchings keep the two together."),
    "wish_forbid": N_("Matchings do not propose these two again."),
    "wish_gone": N_("Nothing is said of these two any more."),
    "booked": N_("The stay is booked. Everybody who was asked is told."),
    "settled": N_("Matchings may propose these two again."),
    "asked": N_("Your question is on its way. The time to answer rests until you get a reply."),
    "replied": N_("Your reply is on its way to the host."),
    "accepted": N_("The need is accepted here, with your reason."),
}  # fmt: skip
"""What was done, by the code that the address carries to the next page."""


@dataclass(frozen=True)
class Said:
    """What was done, and to which case; `undo` is its version where it may be taken back."""

    text: str
    path: str = ""
    title: str = ""
    undo: int | None = None


def said(request: Request, session: Session, caller: Caller) -> Said | None:
    """What the address says was done, as far as whoever looks may see the case."""
    language, code = Language(language_of(request)), request.query_params.get("said", "")
    if code not in SAID:
        return None
    text = language.phrase(SAID[code])
    try:
        named = request.query_params.get("of", "") or request.path_params["proposal_id"]
        of = uuid.UUID(str(named))
        scope = scope_of(caller.role, Action.PROPOSAL_READ) if caller.role else None
        if scope is None:
            return Said(text)
        case = seen_case(session, of, cases_in(scope, caller.scope_id))
    except (KeyError, ValueError, ServiceError):
        return Said(text)
    may_undo = code == "rejected" and undoing.may_undo(session, caller, case)
    return Said(
        text, f"/proposals/{of}", case_words.title(language, shown(session, caller, case)),
        case.proposal.version if may_undo else None,
    )  # fmt: skip
