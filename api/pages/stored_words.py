"""What is stored of somebody, in words: the names of fields, and what stands in them."""

import datetime
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.language import N_, Language
from api.pages import person_form
from api.pages.words import Words
from matcher.vocabulary import unit_group

FIELDS: dict[str, str] = person_form.LABELS | {
    "name": N_("Name"), "language": N_("Language of messages"), "role": N_("Kind of account"),
    "disabled_at": N_("Ended on"), "created_at": N_("Stored on"), "changed_at": N_("Changed on"),
    "excluded_companies": N_("Companies that you do not want"),
    "interest": N_("What you said of places"), "needs": N_("What you need"),
    "confirmed": N_("Confirmed by your coordinator"),
    "fewer_opportunities": N_("Has fewer opportunities than others"),
    "barrier": N_("Reason that the National Agency asks for"),
    "evidence": N_("What was seen of it"), "sex": N_("Sex"), "need": N_("What you need"),
    "item": N_("What the host may know"), "reason": N_("Reason"), "given_by": N_("Who agreed"),
    "channel": N_("How it was heard"), "heard_from": N_("Heard from"), "heard_on": N_("Heard on"),
    "text_version": N_("Version of the text"), "withdrawn_at": N_("Taken back on"),
    "place_in_queue": N_("Number on the waiting list"), "first_day": N_("First day"),
    "last_day": N_("Last day"), "deadline": N_("To be answered by"),
    "paused_at": N_("The time to answer rests since"), "kept": N_("Later matchings keep it"),
    "reason_resolved_at": N_("The reason is settled since"), "asked_at": N_("Asked on"),
    "reminders": N_("Reminders"), "answer": N_("Answer"), "answered_at": N_("Answered on"),
    "party": N_("Who"), "kind": N_("Kind"), "text": N_("Text"), "mentor": N_("Mentor at the host"),
    "score": N_("Points of 100"), "rank": N_("Place among the possible ones"),
    "eligible": N_("Possible places"), "wish": N_("What later matchings do"),
    "wished_at": N_("You said so on"), "covers_from": N_("First day"), "covers_to": N_("Last day"),
    "received_on": N_("Asked on"), "due_on": N_("To be answered by"), "done_at": N_("Done on"),
    "why": N_("Why"), "confirmed_at": N_("Set up on"),
    "linked_at": N_("Account elsewhere since"), "second_at": N_("Code given on"),
    "last_seen_at": N_("Last used on"), "expires_at": N_("Holds until"),
    "ended_at": N_("Ended on"), "device": N_("Browser"), "scopes": N_("What it may do"),
    "revoked_at": N_("Ended on"), "used_at": N_("Used on"), "opened_at": N_("Opened on"),
    "finished_at": N_("Done on"), "address": N_("To"), "sent_at": N_("Sent on"),
    "key_destroyed_at": N_("Locked for good on"), "scrubbed_at": N_("Cleaned up on"),
    "content_type": N_("Kind of file"), "noun": N_("What it is about"),
    "call_id": N_("Call"), "centre_id": N_("School"), "company_id": N_("Company"),
    "window_id": N_("Place"), "offer_id": N_("Place"), "made_by": N_("Written down by"),
    "answered_by": N_("Written down by"), "booked_by": N_("Booked by"),
    "accepted_by": N_("Accepted by"), "withdrawn_by": N_("Taken back by"),
    "done_by": N_("Done by"), "actor_id": N_("Who"), "acting_for_id": N_("In place of"),
    "user_id": N_("Who"), "region_id": N_("Region"),
}  # fmt: skip
"""What fields are called; what a form calls them it is called here too."""

IN_THE_FILE = frozenset({
    "id", "version", "apprentice_id", "guardian_id", "proposal_id", "approval_id", "enrolment_id",
    "round_id", "group_id", "row_id", "about_id", "request_id", "position", "action", "data",
    "proposal_version", "hours_to_answer", "held_for", "details", "parts", "lift", "weights",
    "weights_version", "session_expires_at", "mail_files", "status_code",
    "issuer", "subject", "tries",
    "problem.apprentices", "problem.accepted_needs", "problem.declined", "result.proposals",
    "result.unmatched", "idle",
})  # fmt: skip
"""Numbers that programs count by, and what a page would not make clearer: the file has them."""

LISTS = {
    "destinations": "countries", "licences": "licences", "isced_f": "isced_f", "need": "needs",
    "item": "needs", "needs": "needs", "confirmed": "needs", "activity": "activities",
    "languages": "languages", "language": "languages", "employer_language": "languages",
}  # fmt: skip
"""The reference list whose codes a field has."""

NOUNS = {
    "role": "role", "channel": "channel", "reason": "reason", "party": "party",
    "given_by": "party", "barrier": "barrier", "evidence": "evidence", "sex": "sex",
    "modes": "mode", "noun": "stored_part", "answer": "answer", "wish": "wish",
    "reached_by": "means",
}  # fmt: skip
"""The words on pages for the codes that a field has."""

OF_PART = {
    ("enrolment", "status"): "enrolment_status", ("proposal", "status"): "proposal_status",
    ("placement", "status"): "placement_status", ("rights_request", "kind"): "right",
    ("placement", "reason"): "end_reason",
}  # fmt: skip

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d$")

ORDER = (
    "apprentice", "guardian", "support_needs", "accepted_need", "consent", "enrolment",
    "proposal", "proposal_detail", "approval", "question", "placement", "group_member",
    "pair_wish", "responsibility", "rights_request", "message", "round", "account",
)  # fmt: skip
"""What people look for first; all else comes after."""


@dataclass(frozen=True)
class Said:
    """Who reads, where, and what ids are called of which the reader may know the name."""

    language: Language
    zone: str
    names: Mapping[str, str]

    def facts(self, part: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The fields of a row that say something, in words."""
        return list(self._facts(part, row))

    def _facts(self, part: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        known = [name for name in FIELDS if name in row]
        further = [name for name in row if name not in FIELDS and name not in IN_THE_FILE]
        for name in known + further:
            told = self.value(part, name, row[name])
            if told:
                label = FIELDS.get(name, name.replace("_", " "))
                yield self.language.phrase(label), told

    def value(self, part: str, name: str, value: Any) -> str:
        """What stands in a field; nothing where that would say nothing to a person."""
        if value is None or value in ("", [], {}):
            return ""
        if isinstance(value, bool):
            return self.language.phrase("Yes") if value else self.language.phrase("No")
        if isinstance(value, int | float):
            return self.language.number(value, 1)
        if isinstance(value, Mapping):
            return "; ".join(
                f"{self.value(part, name, key)}: {self._strength(one)}"
                for key, one in value.items()
                if self.value(part, name, key)
            )
        if isinstance(value, list):
            return self._list(part, name, value)
        return self._text(part, name, str(value))

    def _list(self, part: str, name: str, value: list[Any]) -> str:
        if all(isinstance(one, list | tuple) and len(one) == 2 for one in value):
            return "; ".join(
                self.language.days(*map(datetime.date.fromisoformat, pair)) for pair in value
            )
        return self.language.listed(
            [told for one in value if (told := self.value(part, name, one))]
        )  # fmt: skip

    def _text(self, part: str, name: str, text: str) -> str:
        words = Words(self.language)
        if _is_id(text):
            return self.names.get(text, "")
        if MOMENT.match(text):
            moment = datetime.datetime.fromisoformat(text)
            return self.language.moment(moment, self.zone)
        if DAY.match(text):
            return self.language.day(datetime.date.fromisoformat(text))
        if name == "occupations":
            return self.language.name("isco08", unit_group(text))
        if (part, name) == ("apprentice", "status"):
            return self.language.name("statuses", text)
        if name in LISTS:
            return self.language.name(LISTS[name], text)
        noun = OF_PART.get((part, name)) or NOUNS.get(name)
        return words.of(noun, text) if noun else text

    def _strength(self, value: Any) -> str:
        words = {
            "hard": N_("needed"), "soft": N_("would help"), 1: N_("interested"),
            0: N_("not for you"),
        }  # fmt: skip
        return self.language.phrase(words[value]) if value in words else str(value)


def in_order(parts: Mapping[str, list[dict[str, Any]]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The parts, those first that people look for."""
    turn = {name: number for number, name in enumerate(ORDER)}
    return sorted(parts.items(), key=lambda one: turn.get(one[0], len(turn)))


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
