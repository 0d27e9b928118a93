"""What messages say, by the code of their text, and how one becomes an e-mail.

A subject is seen on locked screens and by whoever sorts the mail: it names nobody.
"""

import datetime
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from api.sentences import MONTHS


@dataclass(frozen=True)
class Text:
    """Subject and body, with places for what is looked up when the message is written."""

    subject: str
    body: str


_ASKED = {
    "asked": Text(
        "A proposal waits for your answer",
        "{first_name} could go to {company} in {town}: {work}, {days}. {please}\n\n{how}",
    ),
    "asked.apprentice": Text(
        "A placement abroad for you",
        "Hello {first_name},\n\nthere is a placement for you: {work} at {company} in {town},"
        " {days}. {please} You are free to say no.\n\n{how}",
    ),
    "asked.guardian": Text(
        "A placement abroad: we ask for your answer",
        "Hello,\n\n{first_name} could go abroad for a placement: {work} at {company} in {town},"
        " {days}. Somebody under 18 goes only if you agree. {please}\n\n{how}",
    ),
    "asked.employer": Text(
        "A placement abroad: we ask for your answer",
        "Hello,\n\n{first_name}, who works for you, could go abroad for a placement: {work},"
        " {days}. We ask whether you agree. {please}\n\n{how}",
    ),
    "asked.company": Text(
        "Somebody for your offer",
        "Hello,\n\n{first_name} would come to you in {town} for your offer: {work}, {days}."
        " {please}\n\n{how}",
    ),
}

_REMINDERS = {
    code.replace("asked", "reminder"): Text(
        f"Reminder: {text.subject}",
        f"We wrote to you before and have no answer yet.\n\n{text.body}",
    )
    for code, text in _ASKED.items()
}

_ABOUT = "{first_name}, {work} at {company} in {town}, {days}"

TEXTS: dict[str, dict[str, Text]] = {
    "en": _ASKED
    | _REMINDERS
    | {
        "proposal_agreed": Text(
            "Everybody has agreed to a proposal", f"{_ABOUT}: all have said yes.\n\n{{link}}"
        ),
        "proposal_refused": Text(
            "A proposal was answered with no", f"{_ABOUT}: somebody said no.\n\n{{link}}"
        ),
        "proposal_expired": Text(
            "A proposal has expired", f"{_ABOUT}: the answer did not come in time.\n\n{{link}}"
        ),
        "proposal_on_hold": Text(
            "A proposal is on hold",
            f"{_ABOUT}: after a change a rule refuses it. The place is kept.\n\n{{link}}",
        ),
        "proposal_withdrawn": Text(
            "A proposed placement was withdrawn",
            "{work} at {company} in {town}, {days}: this proposal does not hold any more. Your"
            " coordinator can tell you how it goes on.",
        ),
        "placement_booked": Text(
            "A placement is booked",
            "{work} at {company} in {town}, {days}, for {first_name}: it is booked.",
        ),
        "placement_cancelled": Text(
            "A placement was cancelled",
            "{work} at {company} in {town}, {days}, for {first_name}: it will not take place. Your"
            " coordinator can tell you how it goes on.",
        ),
        "placement_on_hold": Text(
            "A booked placement breaks a rule",
            f"{_ABOUT}: after a change a rule refuses it.\n\n{{link}}",
        ),
        "host_dropped_out": Text(
            "A host has dropped out",
            f"{_ABOUT}: the host is gone. Where else {{first_name}} could go is written here:"
            "\n{link}",
        ),
        "round_done": Text(
            "New proposals wait for you",
            "A round of {call} has made new proposals for people of your region: {count}."
            " Look at them here:\n{link}",
        ),
        "round_failed": Text(
            "A round has failed",
            "A round of {call} has failed and stored nothing. Why is written here:\n{link}",
        ),
        "question_asked": Text(
            "A company has a question", f"{_ABOUT}: the deadline rests meanwhile.\n\n{{link}}"
        ),
        "question_answered": Text(
            "Your question was answered", "About your offer {work}, {days}.\n\n{link}"
        ),
        "provision_asked": Text(
            "A question about what your workplace offers",
            "About the offer {work} at {company} in {town}: is this provided there?\n\n"
            "{provision}\n\nPlease answer yes or no here:\n{link}",
        ),
        "consent_waits.guardian": Text(
            "We ask for your consent",
            "Hello,\n\n{first_name} has agreed that we tell a company something, and is too young"
            " to decide it alone. Read here what it is, and say whether you agree:\n{link}",
        ),
        "consent_waits": Text(
            "A guardian's consent is missing",
            "{first_name} has agreed that a company is told something, and is too young to decide"
            " it alone. No guardian has an account: ask one, and record what was said.\n\n{link}",
        ),
        "enrolment_withdrawn": Text(
            "Somebody has withdrawn",
            "{first_name} has withdrawn from {call}. Somebody who waits may come next.\n\n{link}",
        ),
        "friend_wish": Text(
            "Somebody wants to travel with you",
            "Somebody wants to go abroad together with you in {call}. It counts once you wish it"
            " too.\n\n{link}",
        ),
        "friend_group": Text(
            "You travel together",
            "You and your friend both wished it: in {call} you are looked at together.\n\n{link}",
        ),
        "friend_wish_back": Text(
            "The wish to travel together was taken back",
            "In {call} you are looked at on your own again.\n\n{link}",
        ),
        "invitation": Text(
            "Your account at doALLVET",
            "Hello,\n\nthere is an account for you. Set a password until {until}:\n{link}\n\nThe"
            " link works once. Do not pass it on.",
        ),
        # how somebody answers
        "how.account": Text("", "Look at it and answer here:\n{link}"),
        "how.link": Text(
            "",
            "Look at it and answer here, without an account:\n{link}\n\nThe link opens once, and"
            " opening it decides nothing. Do not pass it on.",
        ),
        "please.by": Text("", "Please answer by {deadline}."),
        "please": Text("", "Please answer soon."),
    }
}
"""All texts, by language and code; a code of one party goes before the plain one."""


def text_of(code: str, party: str = "", language: str = "en") -> Text:
    """The text for a party, in English where it is not there yet in the language.

    Raises KeyError for an unknown code.
    """
    for texts in (TEXTS.get(language, {}), TEXTS["en"]):
        for key in (f"{code}.{party}", code):
            if key in texts:
                return texts[key]
    raise KeyError(code)


def a_day(day: datetime.date) -> str:
    """2027-03-01 as 1 Mar 2027."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def a_time(moment: datetime.datetime, zone: str) -> str:
    """Day and time where somebody lives, with the name of the time zone."""
    there = moment.astimezone(zoneinfo.ZoneInfo(zone))
    return f"{a_day(there.date())}, {there:%H:%M} ({zone})"


def message(
    text: Text, words: Mapping[str, str], *, to: str, sender: str, message_id: str,
    date: datetime.datetime,
) -> EmailMessage:  # fmt: skip
    """An e-mail. Raises ValueError and others for an address to which nothing can be sent."""
    made = EmailMessage(policy=SMTP)
    made["From"] = Address("doALLVET", addr_spec=sender)
    made["To"] = Address(addr_spec=to)
    made["Subject"] = " ".join(text.subject.format(**words).split())
    made["Date"] = format_datetime(date.astimezone(datetime.UTC))
    made["Message-ID"] = f"<{message_id}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text.body.format(**words) + "\n\n-- \ndoALLVET\n")
    return made
