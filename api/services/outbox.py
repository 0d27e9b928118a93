"""The messages that were queued: written when they are due, with what holds then.

Names, dates and links are put in here, and stand in no row of the queue. A secret is made for
each message, since none is stored.
"""

import datetime
import uuid
from pathlib import Path
from typing import Any

import structlog
from sqlmodel import Session, col

import models
from api import addresses, mails, store
from api.caller import Caller
from api.device_names import device_name
from api.language import Language
from api.mail_folder import write_file
from api.services import accounts, feedback, links
from api.store.cases import Case
from matcher.vocabulary import LANGUAGES
from models import LinkKind, Party

LOG = structlog.get_logger(__name__)

AT_ONCE = 200
"""So many messages are written at most in one go."""

ATTEMPTS = 5
"""So often a message is tried that cannot be written."""

AGAIN_AFTER = datetime.timedelta(hours=1)

NAMED = ("apprentice", "proposal", "invitation", "enrolment", "call", "provision_question",
         "login")  # fmt: skip
"""What a message is about, by the names of the ids in its data."""

QUESTIONS = frozenset({"asked", "reminder"})
"""The texts that ask for an answer."""

BY_LINK = frozenset({Party.APPRENTICE, Party.GUARDIAN, Party.EMPLOYER, Party.COMPANY})
"""Who may answer without an account."""


def write_mails(session: Session, caller: Caller, folder: Path, base: str, sender: str) -> int:
    """Write what is due as files into the folder, and say how many.

    `base` is where people reach the service, `sender` the address that the messages come from.
    A message that cannot be written is tried again later and does not stop the others. Raises
    OSError where the folder cannot be written to: then all of them wait.
    """
    written = 0
    for row in store.outbox.waiting(session, caller.now, ATTEMPTS, AT_ONCE):
        try:
            with session.begin_nested():
                language = Language(row.language if row.language in LANGUAGES else "en")
                words = _words(session, caller, row, base, language)
                if words is None:
                    row.attempts, row.failure = ATTEMPTS, "not needed any more"
                    continue
                made = mails.message(
                    mails.written(language, row.text, row.data.get("party", ""), words),
                    to=row.address, sender=sender, message_id=row.message_id, date=row.created_at,
                )  # fmt: skip
                content = made.as_bytes()
        except OSError:
            raise
        except Exception as error:  # whatever is wrong with this one, the others go out
            row.attempts, row.failure = row.attempts + 1, type(error).__name__
            row.not_before = caller.now + AGAIN_AFTER
            LOG.warning("mail.failed", mail=str(row.id), kind=row.failure)
            continue
        write_file(folder, store.outbox.file_of(row), content)
        row.sent_at, row.failure = caller.now, ""
        written += 1
    session.flush()
    return written


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
        words["link"] = addresses.proposal(base, case.proposal.id)
        words |= _about(session, language, case, row)
        if row.text in QUESTIONS:
            return _question(session, language, caller, row, case, words, base)
    return words


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
