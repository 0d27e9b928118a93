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
    "reason": {
        "work_does_not_suit": N_("The work does not suit"),
        "person_not_ready": N_("The person is not ready yet"),
        "host_not_ready": N_("The host is not ready yet"), "dates": N_("The dates"),
        "distance": N_("The distance"), "other_place_found": N_("Another place was found"),
        "other_person_found": N_("Somebody else was found"),
        "doubts_about_host": N_("Doubts about the host"), "other": N_("Something else"),
        "work": N_("The work"), "language": N_("The language"),
        "accommodation": N_("Where to live"), "family": N_("Family"),
        "other_plans": N_("Other plans"), "prefer_not_to_say": N_("I prefer not to say"),
        "safety": N_("Safety"), "needed_at_work": N_("Needed at work"),
        "contract": N_("The contract"), "no_capacity": N_("No room for anybody now"),
        "no_mentor": N_("Nobody to look after them"), "skills": N_("What they have learned"),
    },
    "channel": {
        "account": N_("in their account"), "link": N_("by a personal link"),
        "code": N_("with a code"), "phone": N_("by phone"), "paper": N_("on paper"),
        "mail": N_("by mail"),
    },
    "unmet_level": {
        "unknown": N_("The host has not said whether it has this."),
        "absent": N_("The workplace does not have this."),
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
