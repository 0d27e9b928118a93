"""Codes and errors as people say them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.errors import ServiceError
from api.language import N_, Language

WORDS: dict[str, dict[str, str]] = {
    "proposal_status": {
        "proposed": N_("to decide"), "asked": N_("asked"), "agreed": N_("all agreed"),
        "placement": N_("booked"), "on_hold": N_("on hold"), "rejected": N_("rejected"),
        "declined": N_("declined"), "expired": N_("expired"), "withdrawn": N_("withdrawn"),
        "replaced": N_("replaced"),
    },
    "party": {
        "sending_coordinator": N_("the sending coordinator"),
        "hosting_coordinator": N_("the hosting coordinator"),
        "apprentice": N_("the apprentice"), "guardian": N_("the guardian"),
        "employer": N_("the employer"), "company": N_("the host"),
    },
    "role": {
        "admin": N_("Administrator"), "coordinator": N_("Coordinator"), "centre": N_("School"),
        "company": N_("Host"), "apprentice": N_("Apprentice"), "guardian": N_("Guardian"),
    },
    "enrolment_status": {
        "applied": N_("You have applied. Your school and the coordinators choose who goes."),
        "selected": N_("You are selected. We look for a place for you."),
        "waiting": N_("You are on the waiting list."),
        "paused": N_("You pause. Ask your coordinator if you want to go on."),
        "withdrawn": N_("You have withdrawn."),
    },
    "request_kind": {
        "access": N_("to be told what is stored, and why"),
        "correction": N_("to have something corrected"),
        "erasure": N_("to have everything erased"),
    },
    "opened_for": {
        "needs.read": N_("to read what you need"), "needs.change": N_("to change what you need"),
        "needs.confirm": N_("to confirm what you need"),
        "needs.unmet": N_("to ask hosts for what you need"),
        "need.accept": N_("to accept a place without what you need"),
        "proposal.move": N_("to move the days of a proposal"),
        "placement.read": N_("to read a placement"),
        "apprentice.change": N_("to check a change of your profile"),
        "consents.read": N_("to read your consents"), "consent.give": N_("to store a consent"),
        "consent.withdraw": N_("to take a consent back"),
        "consent.disclosure": N_("to tell a host what you agreed to"),
        "rights.export": N_("to give you your data"),
        "proposal.read": N_("to read a proposal"), "proposal.sort": N_("to sort proposals"),
        "round": N_("to look for a place for you"), "pair": N_("to look for a place for you"),
    },
    "stored_part": {
        "apprentice": N_("You"), "guardian": N_("Guardians"), "account": N_("Accounts"),
        "support_needs": N_("What you need"), "accepted_need": N_("Needs that were accepted"),
        "consent": N_("Consents"), "enrolment": N_("Where you take part"),
        "proposal": N_("Proposals"), "proposal_detail": N_("Why a place was proposed"),
        "approval": N_("Answers"), "answer_link": N_("Links to answer with"),
        "answer_scan": N_("Signed papers"), "question": N_("Questions of hosts"),
        "placement": N_("Placements"), "pair_wish": N_("Wishes of coordinators about places"),
        "group_member": N_("Who you travel with"), "responsibility": N_("Who looks after you"),
        "rights_request": N_("What was asked about your data"), "erasure": N_("Erasures"),
        "idempotency_key": N_("Requests of programs"), "login_session": N_("Where you signed in"),
        "api_token": N_("Keys for programs"), "invitation": N_("Invitations"),
        "audit_event": N_("What was written down"), "message": N_("Messages"),
        "round": N_("Matchings"),
    },
    "cefr": {
        "A1": N_("A1: some words"), "A2": N_("A2: simple everyday talk"),
        "B1": N_("B1: I manage at work"), "B2": N_("B2: I speak fluently"),
        "C1": N_("C1: very well"), "C2": N_("C2: like my first language"),
    },
    "no_reason": {
        "work": N_("the work does not suit"), "dates": N_("the dates do not suit"),
        "distance": N_("it is too far away"), "language": N_("the language"),
        "accommodation": N_("where to live"), "family": N_("reasons in the family"),
        "other_plans": N_("other plans"), "prefer_not_to_say": N_("I would rather not say"),
        "safety": N_("safety"), "needed_at_work": N_("needed at work"),
        "contract": N_("the contract"), "other": N_("something else"),
        "no_capacity": N_("no room at that time"), "no_mentor": N_("nobody can look after them"),
        "skills": N_("the skills do not suit"),
    },
}  # fmt: skip
"""What codes are called on pages, by the noun that they are codes of."""

FAULTS: dict[str, str] = {
    "missing": N_("Please fill this in."),
    "string_too_short": N_("Please fill this in."),
    "string_too_long": N_("This is too long: at most {max_length} letters."),
    "date_from_datetime_parsing": N_("Please give a day, such as 2027-03-01."),
    "date_parsing": N_("Please give a day, such as 2027-03-01."),
    "int_parsing": N_("Please give a whole number."),
    "float_parsing": N_("Please give a number."),
    "greater_than_equal": N_("At least {ge}."),
    "less_than_equal": N_("At most {le}."),
    "greater_than": N_("More than {gt}."),
    "enum": N_("Please choose one of the list."),
    "literal_error": N_("Please choose one of the list."),
}
"""What is wrong with a field, by pydantic's code of it."""


@dataclass(frozen=True)
class Words:
    """Codes in one language."""

    language: Language

    def of(self, noun: str, code: str) -> str:
        """What a code of a noun is called; the code itself where it has no word."""
        text = WORDS[noun].get(code)
        return self.language.phrase(text) if text else code


def of_fault(language: Language, fault: Mapping[str, Any]) -> str:
    """What is wrong with a field of a form, as pydantic found it."""
    text = FAULTS.get(fault["type"], N_("This cannot be right."))
    return language.phrase(text, **fault.get("ctx", {}))


def of_error(_language: Language, error: ServiceError) -> Iterator[tuple[str, str]]:
    """What a service refuses, by the field that it is about; an empty name for the whole."""
    yield "", str(error)
