"""What messages say, by the code of their text, and how one becomes an e-mail.

A subject is seen on locked screens and by whoever sorts the mail: it names nobody.
"""

import datetime
import hashlib
import html
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from api.language import N_, Language


@dataclass(frozen=True)
class Text:
    """Subject and body, with or without places for what is looked up when it is written."""

    subject: str
    body: str


TEXTS: dict[str, Text] = {
    "asked": Text(
        N_("A proposal waits for your answer"),
        N_("{first_name} could go to {company} in {town}: {work}, {days}. {please}\n\n{how}"),
    ),
    "asked.apprentice": Text(
        N_("A placement abroad for you"),
        N_(
            "Hello {first_name},\n\nthere is a placement for you: {work} at {company} in {town},"
            " {days}. {please} You are free to say no.\n\n{how}"
        ),
    ),
    "asked.guardian": Text(
        N_("A placement abroad: we ask for your answer"),
        N_(
            "Hello,\n\n{first_name} could go abroad for a placement: {work} at {company} in {town},"
            " {days}. Somebody under 18 goes only if you agree. {please}\n\n{how}"
        ),
    ),
    "asked.employer": Text(
        N_("A placement abroad: we ask for your answer"),
        N_(
            "Hello,\n\n{first_name}, who works for you, could go abroad for a placement: {work},"
            " {days}. We ask whether you agree. {please}\n\n{how}"
        ),
    ),
    "asked.company": Text(
        N_("Somebody for your offer"),
        N_(
            "Hello,\n\n{first_name} would come to you in {town} for your offer: {work}, {days}."
            " {please}\n\n{how}"
        ),
    ),
    "proposal_agreed": Text(
        N_("Everybody has agreed to a proposal"), N_("{about}: all have said yes.\n\n{link}")
    ),
    "proposal_refused": Text(
        N_("A proposal was answered with no"), N_("{about}: somebody said no.\n\n{link}")
    ),
    "proposal_expired": Text(
        N_("A proposal has expired"), N_("{about}: the answer did not come in time.\n\n{link}")
    ),
    "proposal_on_hold": Text(
        N_("A proposal is on hold"),
        N_("{about}: after a change a rule refuses it. The place is kept.\n\n{link}"),
    ),
    "proposal_withdrawn": Text(
        N_("A proposed placement was withdrawn"),
        N_(
            "{work} at {company} in {town}, {days}: this proposal does not hold any more. Your"
            " coordinator can tell you how it goes on."
        ),
    ),
    "placement_booked": Text(
        N_("A placement is booked"),
        N_("{work} at {company} in {town}, {days}, for {first_name}: it is booked."),
    ),
    "placement_cancelled": Text(
        N_("A placement was cancelled"),
        N_(
            "{work} at {company} in {town}, {days}, for {first_name}: it will not take place. Your"
            " coordinator can tell you how it goes on."
        ),
    ),
    "placement_on_hold": Text(
        N_("A booked placement breaks a rule"),
        N_("{about}: after a change a rule refuses it.\n\n{link}"),
    ),
    "host_dropped_out": Text(
        N_("A host has dropped out"),
        N_("{about}: the host is gone. Where else {first_name} could go is written here:\n{link}"),
    ),
    "round_done": Text(
        N_("New proposals wait for you"),
        N_(
            "A round of {call} has made new proposals for people of your region: {count}."
            " Look at them here:\n{link}"
        ),
    ),
    "round_failed": Text(
        N_("A round has failed"),
        N_("A round of {call} has failed and stored nothing. Why is written here:\n{link}"),
    ),
    "question_asked": Text(
        N_("A company has a question"), N_("{about}: the deadline rests meanwhile.\n\n{link}")
    ),
    "question_answered": Text(
        N_("Your question was answered"), N_("About your offer {work}, {days}.\n\n{link}")
    ),
    "provision_asked": Text(
        N_("A question about what your workplace offers"),
        N_(
            "About the offer {work} at {company} in {town}: is this provided there?\n\n"
            "{provision}\n\nPlease answer yes or no here:\n{link}"
        ),
    ),
    "consent_waits.guardian": Text(
        N_("We ask for your consent"),
        N_(
            "Hello,\n\n{first_name} has agreed that we tell a company something, and is too young"
            " to decide it alone. Read here what it is, and say whether you agree:\n{link}"
        ),
    ),
    "consent_waits": Text(
        N_("A guardian's consent is missing"),
        N_(
            "{first_name} has agreed that a company is told something, and is too young to decide"
            " it alone. No guardian has an account: ask one, and record what was said.\n\n{link}"
        ),
    ),
    "enrolment_withdrawn": Text(
        N_("Somebody has withdrawn"),
        N_("{first_name} has withdrawn from {call}. Somebody who waits may come next.\n\n{link}"),
    ),
    "friend_wish": Text(
        N_("Somebody wants to travel with you"),
        N_(
            "Somebody wants to go abroad together with you in {call}. It counts once you wish it"
            " too.\n\n{link}"
        ),
    ),
    "friend_group": Text(
        N_("You travel together"),
        N_("You and your friend both wished it: in {call} you are looked at together.\n\n{link}"),
    ),
    "friend_wish_back": Text(
        N_("The wish to travel together was taken back"),
        N_("In {call} you are looked at on your own again.\n\n{link}"),
    ),
    "feedback": Text(
        N_("Feedback about the pages"),
        N_("Somebody wrote on the page about accessibility:\n\n{message}\n\nAnswer to: {reply_to}"),
    ),
    "address_changed": Text(
        N_("The e-mail address of your account was changed"),
        N_(
            "Hello,\n\nyour account at doALLVET has another e-mail address now. Messages go there,"
            " and you sign in with it.\n\nIf this was not you, tell your coordinator or your school"
            " at once: somebody else may be using your account."
        ),
    ),
    "password_changed": Text(
        N_("The password of your account was changed"),
        N_(
            "Hello,\n\nyour account at doALLVET has a new password. Whoever was signed in on"
            " another device was signed out.\n\nIf this was not you, tell your coordinator or your"
            " school at once: somebody else may be using your account."
        ),
    ),
    "invitation": Text(
        N_("Your account at doALLVET"),
        N_(
            "Hello,\n\nthere is an account for you. Set a password until {until}:\n{link}\n\nThe"
            " link works once. Do not pass it on."
        ),
    ),
    "new_device": Text(
        N_("Your account was used on another device"),
        N_(
            "Hello,\n\nsomebody signed in to your account on {moment}, in a browser where it was"
            " not used before: {device}.\n\nWas it you? Then there is nothing to do. If not, set"
            " another password here. All other devices are signed out by that:\n{account}"
        ),
    ),
    "identity_linked": Text(
        N_("Another way to sign in"),
        N_(
            "Hello,\n\nyour account was linked with an account elsewhere, which signs in to it from"
            " now on. Was it not you? Tell your coordinator or an administrator at once."
        ),
    ),
    "factor_on": Text(
        N_("The second step is on"),
        N_(
            "Hello,\n\nfrom now on signing in to your account asks for a code from your phone as"
            " well. Was it not you? Tell your coordinator or an administrator at once."
        ),
    ),
    "factor_off": Text(
        N_("The second step is off"),
        N_(
            "Hello,\n\nthe second step was switched off: your password alone opens your account"
            " again. Was it not you? Set another password here, and tell your coordinator or an"
            " administrator:\n{account}"
        ),
    ),
    "factor_reset": Text(
        N_("Your second step was reset"),
        N_(
            "Hello,\n\nsomebody who looks after your account has taken the second step away, so"
            " that you can set it up on another phone:\n{account}\n\nYou did not ask for it? Tell"
            " your coordinator or an administrator at once."
        ),
    ),
    "recovery_code_used": Text(
        N_("A recovery code was used"),
        N_(
            "Hello,\n\none of the recovery codes of your account was used. So many are left:"
            " {count}. Was it not you? Set another password and make new codes"
            " here:\n{account}"
        ),
    ),
    "codes_refused": Text(
        N_("Wrong codes for your account"),
        N_(
            "Hello,\n\nsomebody typed your password, and then several codes that were wrong. Nobody"
            " got in. Was it not you? Then somebody knows your password: set another one"
            " here:\n{account}"
        ),
    ),
}
"""All texts in English, by code; a code of one party goes before the plain one."""


ANSWER_HERE = N_("Look at it and answer here:\n{link}")
ANSWER_BY_LINK = N_(
    "Look at it and answer here, without an account:\n{link}\n\nThe link opens once, and"
    " opening it decides nothing. Do not pass it on."
)
"""How somebody answers."""

ANSWER_ON_CALL = N_(
    "You can tell me your answer now, or think it over and call me back. You are free to say no."
)
"""What is read out instead of a link."""

ABOUT = N_("{first_name}, {work} at {company} in {town}, {days}")
"""What a proposal is about."""

PLEASE_BY = N_("Please answer by {deadline}.")
PLEASE = N_("Please answer soon.")


def written(language: Language, code: str, party: str, words: Mapping[str, str]) -> Text:
    """Subject and body for a party, filled in. Raises KeyError for an unknown code."""
    if code == "reminder":
        asked = written(language, "asked", party, words)
        body = N_("We wrote to you before and have no answer yet.\n\n{body}")
        return Text(
            language.phrase("Reminder: {subject}", subject=asked.subject),
            language.phrase(body, body=asked.body),
        )
    text = TEXTS[f"{code}.{party}" if f"{code}.{party}" in TEXTS else code]
    return Text(language.phrase(text.subject, **words), language.phrase(text.body, **words))


def subject(language: Language, code: str, party: str) -> str:
    """The subject of a text for a party. Raises KeyError for an unknown code."""
    nothing = dict.fromkeys(_PLACES, "")
    return written(language, code, party, nothing).subject


_PLACES = sorted({
    name for text in TEXTS.values() for _, name, _, _ in string.Formatter().parse(text.body) if name
})  # fmt: skip


def message(
    text: Text, *, language: Language, to: str, sender: str, reply_to: str, message_id: str,
    date: datetime.datetime,
) -> EmailMessage:  # fmt: skip
    """An e-mail: plain text, and the same as simple HTML. `reply_to` is empty for nobody's.

    Raises ValueError and others for an address to which nothing can be sent.
    """
    made = EmailMessage(policy=SMTP)
    made["From"] = Address("doALLVET", addr_spec=sender)
    made["To"] = Address(addr_spec=to)
    if reply_to:
        made["Reply-To"] = Address(addr_spec=reply_to)
    made["Subject"] = " ".join(text.subject.split())
    made["Date"] = format_datetime(date.astimezone(datetime.UTC))
    made["Message-ID"] = f"<{message_id}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(f"{text.body}\n\n-- \ndoALLVET\n")
    made.add_alternative(_as_html(text, language), subtype="html")
    made.set_boundary(hashlib.sha256(message_id.encode()).hexdigest())  # the same bytes each time
    made["Content-Language"] = language.code
    return made


_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def _as_html(text: Text, language: Language) -> str:
    """The body as a page of paragraphs whose addresses can be pressed; it fetches nothing."""
    escaped = _ADDRESS.sub(r'<a href="\g<0>">\g<0></a>', html.escape(text.body, quote=False))
    paragraphs = "".join(
        f"<p>{part.replace(chr(10), '<br>')}</p>\n" for part in escaped.split("\n\n") if part
    )
    return (
        f'<!doctype html>\n<html lang="{language.code}"><head><meta charset="utf-8">'
        f"<title>{html.escape(text.subject)}</title></head>\n"
        '<body style="font-family:sans-serif;font-size:16px;line-height:1.5;max-width:36em">\n'
        f"{paragraphs}<p>doALLVET</p>\n</body></html>\n"
    )
