"""The messages that were queued: written when they go out, with what holds then.

Names, dates and links are put in here, and stand in no row of the queue. A secret is made for
each message, since none is stored.
"""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import structlog
from sqlmodel import Session, col

import models
from api import addresses, mails, store
from api.caller import Caller
from api.device_names import device_name
from api.language import Language
from api.posting import Letter, Posted
from api.services import accounts, feedback, links
from api.store.cases import Case
from matcher.vocabulary import LANGUAGES
from models import Answer, LinkKind, Means, MessageEnd, Party

LOG = structlog.get_logger(__name__)

WAITS = tuple(
    datetime.timedelta(minutes=minutes)
    for minutes in (1, 5, 15, 60, 240, 720, 1440, 1440, 1440, 1440)
)
"""So long a message rests after each try, more than three days in all; then it is given up.

RFC 5321, 4.5.4.1: tried for some days, more often at first.
"""

NAMED = ("apprentice", "proposal", "invitation", "enrolment", "call", "provision_question",
         "login")  # fmt: skip
"""What a message is about, by the names of the ids in its data."""

QUESTIONS = frozenset({"asked", "reminder"})
"""The texts that ask for an answer."""

REFUSED = "proposal_refused"
"""The text that tells of a no."""

BY_LINK = frozenset({Party.APPRENTICE, Party.GUARDIAN, Party.EMPLOYER, Party.COMPANY})
"""Who may answer without an account."""


@dataclass(frozen=True)
class Sender:
    """Where people reach the service, and the address that its messages come from."""

    base: str
    address: str


def next_letter(
    session: Session, caller: Caller, sender: Sender, means: Collection[Means]
) -> Letter | None:
    """Take the next message of these means that is due, written with what holds now.

    It counts as tried and rests for a while, so that whoever is interrupted while posting leaves
    it to a later try. Messages that nobody needs any more end here; one that cannot be written
    is tried again later and does not stop the others. None where nothing is due.
    """
    while (row := store.outbox.next_due(session, caller.now, means)) is not None:
        _tried(row, caller.now)
        try:
            with session.begin_nested():
                language = Language(row.language if row.language in LANGUAGES else "en")
                words = _words(session, caller, row, sender.base, language)
                if words is not None:
                    return _letter(session, caller, row, sender, language, words)
            row.ended_as, row.failure = MessageEnd.NEEDLESS, ""
        except Exception as error:  # whatever is wrong with this one, the others go out
            _failed(row, type(error).__name__, again=True)
        session.flush()
    return None


def settle(session: Session, caller: Caller, message: uuid.UUID, posted: Posted) -> None:
    """Write down how a letter went. One that was erased meanwhile needs nothing."""
    row = session.get(models.OutboxMail, message)
    if row is None or row.ended_as is not None:
        return
    if posted.failure:
        _failed(row, posted.failure, again=posted.again)
    else:
        row.sent_at, row.ended_as, row.failure = caller.now, MessageEnd.SENT, ""
    session.flush()


def _tried(row: models.OutboxMail, now: datetime.datetime) -> None:
    row.not_before = now + WAITS[min(row.attempts, len(WAITS) - 1)]
    row.attempts += 1


def _failed(row: models.OutboxMail, failure: str, *, again: bool) -> None:
    row.failure = failure
    if not again or row.attempts >= len(WAITS):
        row.ended_as = MessageEnd.UNDELIVERABLE
    LOG.warning("mail.failed", mail=str(row.id), kind=failure, ended=str(row.ended_as or ""))


def spoken(session: Session, caller: Caller, row: models.OutboxMail) -> str:
    """What is read out in a call, in the language of who is called. Empty where it is needless."""
    language = Language(row.language)
    words = _words(session, caller, row, "", language)
    return mails.written(language, row.text, row.data.get("party", ""), words).body if words else ""


def _letter(
    session: Session, caller: Caller, row: models.OutboxMail, sender: Sender, language: Language,
    words: dict[str, str],
) -> Letter:  # fmt: skip
    text = mails.written(language, row.text, row.data.get("party", ""), words)
    content: EmailMessage | str = f"{text.subject}: {words['link']}"
    if row.means == Means.MAIL:
        content = mails.message(
            text, language=language, to=row.address, sender=sender.address,
            reply_to=_answered_by(session, caller, row), message_id=row.message_id,
            date=row.created_at,
        )  # fmt: skip
        content.as_bytes()  # raises what it has to before the letter is taken
    return Letter(row.id, row.means, row.address, store.outbox.file_of(row), content)


def _answered_by(session: Session, caller: Caller, row: models.OutboxMail) -> str:
    """Who reads an answer: the coordinator who answers for the case. Nobody for coordinators."""
    home = store.outbox.home_of(session, row.data)
    if home is None:
        return ""
    theirs = store.cases.coordinators(
        session, home.region_id, caller.today, apprentice_id=home.apprentice_id,
        company_id=home.company_id,
    )  # fmt: skip
    addresses = [user.email for user in theirs if user.email]
    return "" if row.address in addresses else next(iter(addresses), "")


def _words(
    session: Session, caller: Caller, row: models.OutboxMail, base: str, language: Language
) -> dict[str, str] | None:
    """What stands in a message, None where it has become needless."""
    ids = {name: uuid.UUID(row.data[name]) for name in NAMED if name in row.data}
    words = {
        "link": addresses.start(base), "account": addresses.account(base),
        "count": str(row.data.get("count", "")),
    }  # fmt: skip
    if "login" in ids:
        login = session.get(models.LoginSession, ids["login"])
        words["moment"] = _moment(language, row.created_at, "UTC")
        words["device"] = device_name(login.device) if login and login.device else "?"
    if "feedback" in row.data:
        told = feedback.opened(session, row.data)
        words |= {"message": told.message, "reply_to": told.reply_to or "-"}
    if "call" in ids:
        words["call"] = session.get_one(models.Call, ids["call"]).name
    if "apprentice" in ids:
        words["first_name"] = session.get_one(models.Apprentice, ids["apprentice"]).first_name
    if "enrolment" in ids:
        enrolment = session.get_one(models.Enrolment, ids["enrolment"])
        person = session.get_one(models.Apprentice, enrolment.apprentice_id)
        words["first_name"] = person.first_name
    if "provision_question" in ids:
        asked = store.provisions.questions(
            session, col(models.ProvisionQuestion.id) == ids["provision_question"],
            col(models.ProvisionQuestion.answered_at).is_(None),
        )  # fmt: skip
        if not asked:
            return None
        words |= _about_a_provision(session, language, *asked[0])
    if "invitation" in ids:
        invitation = session.get_one(models.Invitation, ids["invitation"])
        secret = accounts.second_secret(session, caller, invitation)
        if secret is None:
            return None
        words["link"] = addresses.welcome(base, secret, row.language)
        words["until"] = _moment(language, invitation.expires_at, "UTC")
    if "proposal" in ids:
        (case,) = store.cases.cases(session, col(models.Proposal.id) == ids["proposal"])
        if row.text == REFUSED and not _still_refused(session, case, row):
            return None
        words["link"] = addresses.proposal(base, case.proposal.id)
        words |= _about(session, language, case, row)
        if row.text in QUESTIONS:
            return _question(session, language, caller, row, case, words, base)
    return words


def _still_refused(session: Session, case: Case, row: models.OutboxMail) -> bool:
    """Whether the no that a message tells of was not taken back since."""
    given = store.cases.approvals(session, case.proposal.id).values()
    return any(one.answer == Answer.NO and one.answered_at == row.created_at for one in given)


def _about_a_provision(
    session: Session, language: Language, question: models.ProvisionQuestion,
    offer: models.Offer, company: models.Company,
) -> dict[str, str]:  # fmt: skip
    return {
        "provision": language.name("needs", question.provision), "work": offer.title,
        "company": company.name, "town": session.get_one(models.Site, offer.site_id).town,
    }  # fmt: skip


def _about(
    session: Session, language: Language, case: Case, row: models.OutboxMail
) -> dict[str, str]:
    hosted = row.data["party"] in (Party.COMPANY, Party.HOSTING_COORDINATOR)
    home = case.hosting_region if hosted else case.sending_region
    zone = session.get_one(models.Region, home).time_zone
    deadline = case.proposal.deadline
    words = {
        "first_name": case.apprentice.first_name, "work": case.offer.title,
        "company": case.company.name, "town": case.site.town,
        "days": language.days(case.proposal.first_day, case.proposal.last_day),
    }  # fmt: skip
    please = (
        language.phrase(mails.PLEASE_BY, deadline=_moment(language, deadline, zone))
        if deadline
        else language.phrase(mails.PLEASE)
    )
    return words | {"about": language.phrase(mails.ABOUT, **words), "please": please}


def _moment(language: Language, moment: datetime.datetime, zone: str) -> str:
    """Day and time where somebody lives, with the name of the time zone."""
    return f"{language.moment(moment, zone)} ({zone})"


def _question(
    session: Session, language: Language, caller: Caller, row: models.OutboxMail, case: Case,
    words: dict[str, Any], base: str,
) -> dict[str, str] | None:  # fmt: skip
    """The words with the way to the answer, None where nobody waits for it any more."""
    party = Party(row.data["party"])
    approval = store.cases.approvals(session, case.proposal.id).get(party)
    live = case.proposal.status in models.LIVE
    if approval is None or approval.asked_at is None or approval.answer is not None or not live:
        return None
    if row.means == Means.CALL:
        return words | {"how": language.phrase(mails.ANSWER_ON_CALL)}
    how = mails.ANSWER_HERE
    if party in BY_LINK and not _signs_in(session, case, party, row.address):
        secret = links.make_link(
            session, caller, case.proposal, party, LinkKind.LINK, ends_earlier=False
        )
        how, words["link"] = mails.ANSWER_BY_LINK, addresses.answer(base, secret, row.language)
    return words | {"how": language.phrase(how, link=words["link"])}


def _signs_in(session: Session, case: Case, party: Party, address: str) -> bool:
    """Whether somebody of this party with this address has an account with a password."""
    users = store.cases.accounts_of(session, party, case.apprentice.id, case.company.id)
    return any(user.email == address and user.can_sign_in for user in users)
