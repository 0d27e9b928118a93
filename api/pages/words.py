"""Codes and errors as people say them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.errors import RecordFaultyError, ServiceError
from api.faults import Fault
from api.language import N_, Language
from api.pages import fault_words

WORDS: dict[str, dict[str, str]] = {
    "message_state": {
        "waiting": N_("goes out in a moment"), "tried": N_("is tried again"),
        "to_call": N_("please call"), "sent": N_("sent"), "needless": N_("not needed any more"),
        "undeliverable": N_("could not be delivered"),
    },
    "means": {
        "mail": N_("E-mail"), "sms": N_("Text message"), "call": N_("Call by a coordinator"),
    },
    "proposal_status": {
        "proposed": N_("to decide"), "asked": N_("asked"), "agreed": N_("all agreed"),
        "placement": N_("booked as a stay"), "on_hold": N_("on hold"), "rejected": N_("rejected"),
        "declined": N_("declined"), "expired": N_("expired"), "withdrawn": N_("withdrawn"),
        "replaced": N_("replaced"),
    },
    "party": {
        "sending_coordinator": N_("the sending coordinator"),
        "hosting_coordinator": N_("the hosting coordinator"),
        "apprentice": N_("the apprentice"), "guardian": N_("the guardian"),
        "employer": N_("the employer"), "company": N_("the host"),
    },
    "offer_status": {
        "draft": N_("draft"), "published": N_("published"), "paused": N_("paused"),
        "closed": N_("closed"),
    },
    "placement_status": {
        "booked": N_("booked"), "abroad": N_("there now"), "finished": N_("finished"),
        "cancelled": N_("cancelled"),
    },
    "end_reason": {
        "illness": N_("Somebody is ill"), "family": N_("Family"), "other_plans": N_("Other plans"),
        "conditions": N_("The conditions are not right"),
        "host_cannot": N_("The host cannot take anybody"),
        "no_capacity": N_("No room for anybody now"), "no_mentor": N_("Nobody to look after them"),
        "closed": N_("The workplace is closed"), "other": N_("Something else"),
    },
    "company_size": {
        "micro": N_("up to 9 people"), "small": N_("10 to 49 people"),
        "medium": N_("50 to 249 people"), "large": N_("250 people or more"),
    },
    "role": {
        "admin": N_("Administrator"), "coordinator": N_("Coordinator"), "centre": N_("School"),
        "company": N_("Host"), "apprentice": N_("Apprentice"), "guardian": N_("Guardian"),
    },
    "enrolment_status": {
        "applied": N_("has applied"), "selected": N_("selected"),
        "waiting": N_("on the waiting list"), "paused": N_("pauses"),
        "withdrawn": N_("has left"),
    },
    "right": {
        "access": N_("See everything that is known"), "correction": N_("Have something corrected"),
        "erasure": N_("Be erased"),
    },
    "barrier": {
        "DISABILITY": N_("disability"), "HEALTH": N_("health"),
        "EDUCATION_TRAINING": N_("school and training"), "CULTURAL": N_("culture"),
        "SOCIAL": N_("social situation"), "ECONOMIC": N_("money"),
        "DISCRIMINATION": N_("discrimination"), "GEOGRAPHICAL": N_("where somebody lives"),
    },
    "evidence": {
        "official_certificate": N_("an official paper"),
        "school_statement": N_("a statement of the school"),
        "self_declaration": N_("the own word"),
    },
    "sex": {"female": N_("female"), "male": N_("male"), "other": N_("other")},
    "channel": {
        "paper": N_("on paper"), "phone": N_("by phone"), "mail": N_("by mail"),
        "account": N_("signed in"), "link": N_("by a personal link"),
        "code": N_("by a printed code"),
    },
    "call_status": {
        "draft": N_("draft: only coordinators see it"), "open": N_("open"),
        "finished": N_("over"),
    },
    "group_kind": {"class": N_("a class"), "friends": N_("two friends")},
    "place": {
        "none": N_("no place yet"), "proposed": N_("a place is proposed"),
        "placed": N_("has a place"),
    },
    "level": {
        "A1": N_("A1: first words"), "A2": N_("A2: simple talks"),
        "B1": N_("B1: gets by at work"), "B2": N_("B2: talks easily"),
        "C1": N_("C1: very good"), "C2": N_("C2: like the first language"),
    },
    "mode": {
        "physical": N_("all of it at the workplace abroad"),
        "blended": N_("partly online from home"),
    },
    "account_state": {
        "active": N_("can sign in"), "invited": N_("no password yet"), "ended": N_("ended"),
    },
    "round_kind": {"preview": N_("trial matching"), "proposing": N_("matching with proposals")},
    "round_status": {
        "queued": N_("waits for its turn"), "running": N_("is running"), "done": N_("has run"),
        "failed": N_("did not work"), "cancelled": N_("stopped"),
    },
    "fate": {
        "stayed": N_("Same place, same dates"), "other_dates": N_("Same place, other dates"),
        "moved": N_("Another place"), "new": N_("A place now, none before"),
        "lost": N_("A place before, none now"),
    },
    "own_enrolment": {
        "applied": N_("You have applied. Your school and the coordinators choose who goes."),
        "selected": N_("You are selected. We look for a place for you."),
        "waiting": N_("You are on the waiting list."),
        "paused": N_("You pause. Ask your coordinator if you want to go on."),
        "withdrawn": N_("You have withdrawn."),
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
        "second_factor": N_("The app that makes codes for you"),
        "recovery_code": N_("Your recovery codes"), "half_session": N_("Sign-ins without a code"),
        "known_device": N_("Browsers that you used"),
        "linked_identity": N_("Accounts elsewhere that you sign in with"),
        "audit_event": N_("What was written down"), "message": N_("Messages"),
        "round": N_("Matchings"),
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
    "answer": {"yes": N_("Yes"), "no": N_("No")},
    "wish": {"lock": N_("keep the two together"), "forbid": N_("do not propose the two")},
    "unmet_level": {
        "unknown": N_("The host has not said whether it has this."),
        "absent": N_("The workplace does not have this."),
    },
}  # fmt: skip
"""What codes are called on pages, by the noun that they are codes of."""

FAULTS: dict[str, str] = {
    "missing": N_("Please fill this in."),
    "too_short": N_("Please choose at least one."),
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
        text = WORDS.get(noun, {}).get(code)
        return self.language.phrase(text) if text else code

    def all(self, noun: str) -> list[tuple[str, str]]:
        """Every code of a noun with what it is called, as a field offers them."""
        return [(code, self.of(noun, code)) for code in WORDS[noun]]


def located(*names: str) -> str:
    """Where something is, the nearest name first; what an earlier name says is not said again.

    A workplace is often called as its town is.
    """
    said: list[str] = []
    for name in names:
        known = {word for one in said for word in one.casefold().split()}
        if not known.issuperset(name.casefold().split()):
            said.append(name)
    return ", ".join(said)


def of_fault(language: Language, fault: Mapping[str, Any]) -> str:
    """What is wrong with a field of a form, as pydantic found it."""
    text = FAULTS.get(fault["type"], N_("This cannot be right."))
    return language.phrase(text, **fault.get("ctx", {}))


def of_error(language: Language, error: ServiceError) -> Iterator[tuple[str, str]]:
    """What a service refuses, by the field that it is about; an empty name for the whole."""
    if isinstance(error, RecordFaultyError):
        yield from ((field, fault_words.said(language, fault)) for field, fault in error.faults)
        return
    yield error.field, whole(language, error)


def whole(language: Language, error: ServiceError) -> str:
    """What a service refuses, in one sentence or two."""
    said = Words(language)
    sentence = (
        language.unfilled_count(error.text, error.plural, error.data["n"])
        if error.plural
        else language.unfilled(error.sentence)
    )

    def shown(noun: str, value: Any) -> object:
        if isinstance(value, Fault):
            return value.line(language)
        return said.of(noun, str(value)) if noun else value

    return error.filled(sentence, shown)
