"""Messages of a region: how each stands, what could not be delivered, whom to call."""

import datetime
import uuid
from collections.abc import Iterable

from sqlmodel import Session, col

import models
from api import mails, store
from api.caller import Caller
from api.errors import MessageEndedError, NoSuchMessageError
from api.language import N_, Language
from api.services import outbox
from api.services.records import note
from models import Means, MessageEnd
from models.message_views import MessageShown, MessageState

CALLED_AGAIN_AFTER = datetime.timedelta(days=1)
"""Who was not reached is called again after so long."""

FAILURES = {
    "recipient": N_("The mail server says that it has no such address."),
    "address": N_("No mail can go to this address. Is there a typing mistake?"),
    "gateway": N_("The SMS service did not take the message."),
    "not_reached": N_("Nobody answered the telephone."),
}
"""What went wrong, by the first word of the code that is stored."""

ELSE = N_("The message was not taken. The service tries again by itself.")
LOST = N_("The message was not taken, however often it was tried.")


def of_proposal(
    session: Session, caller: Caller, language: Language, proposal: uuid.UUID
) -> list[MessageShown]:  # fmt: skip
    """What people of the caller's region were told of a proposal that is in the caller's scope."""
    mine = col(models.OutboxMail.proposal_id) == proposal
    return _shown(session, caller, language, store.outbox.of_region(session, _home(caller), mine))


def to_do(session: Session, caller: Caller, language: Language) -> list[MessageShown]:
    """What could not be delivered, and who is to be called now."""
    waits = store.outbox.asks_for_somebody(caller.now)
    return _shown(session, caller, language, store.outbox.of_region(session, _home(caller), waits))


def try_again(session: Session, caller: Caller, message: uuid.UUID) -> None:
    """Send what could not be delivered once more, from now on as a new message is.

    To the address that it had: after a correction of the address whoever needs to know is asked
    anew. Raises NoSuchMessageError, MessageEndedError.
    """
    row = _unsettled(session, caller, message)
    if row.means == Means.CALL:
        raise MessageEndedError
    row.ended_as, row.attempts, row.not_before = None, 0, caller.now
    note(session, caller, "message.tried_again", row)
    session.flush()


def let_go(session: Session, caller: Caller, message: uuid.UUID) -> None:
    """Nobody needs it any more: it was told otherwise. Raises as `try_again` does."""
    row = _unsettled(session, caller, message)
    row.ended_as = MessageEnd.NEEDLESS
    note(session, caller, "message.let_go", row)
    session.flush()


def called(session: Session, caller: Caller, message: uuid.UUID, *, reached: bool) -> None:
    """Somebody was called. Raises NoSuchMessageError, MessageEndedError."""
    row = _of_caller(session, caller, message)
    if row.ended_as is not None or row.means != Means.CALL:
        raise MessageEndedError
    row.attempts += 1
    if reached:
        row.sent_at, row.ended_as, row.failure = caller.now, MessageEnd.SENT, ""
    else:
        row.not_before, row.failure = caller.now + CALLED_AGAIN_AFTER, "not_reached"
    note(session, caller, "message.called", row, reached=reached)
    session.flush()


def _home(caller: Caller) -> uuid.UUID:
    assert caller.scope_id is not None  # noqa: S101  # a coordinator has a region
    return caller.scope_id


def _of_caller(session: Session, caller: Caller, message: uuid.UUID) -> models.OutboxMail:
    found = session.get(models.OutboxMail, message, with_for_update=True)
    if found is None or found.region_id != _home(caller):
        raise NoSuchMessageError(message)
    return found


def _unsettled(session: Session, caller: Caller, message: uuid.UUID) -> models.OutboxMail:
    """A message of the caller's region that neither went out nor became needless."""
    row = _of_caller(session, caller, message)
    if row.ended_as not in (None, MessageEnd.UNDELIVERABLE):
        raise MessageEndedError
    return row


def _state(row: models.OutboxMail) -> MessageState:
    if row.ended_as is not None:
        return MessageState(row.ended_as)
    if row.means == Means.CALL:
        return MessageState.TO_CALL
    return MessageState.TRIED if row.attempts else MessageState.WAITING


def _shown(
    session: Session, caller: Caller, language: Language, found: Iterable[models.OutboxMail]
) -> list[MessageShown]:  # fmt: skip
    return [_one(session, caller, language, row) for row in found]


def _one(
    session: Session, caller: Caller, language: Language, row: models.OutboxMail
) -> MessageShown:  # fmt: skip
    state = _state(row)
    return MessageShown(
        id=row.id, created_at=row.created_at, means=row.means, address=row.address,
        subject=mails.subject(language, row.text, row.data.get("party", "")),
        proposal_id=row.proposal_id, state=state, sent_at=row.sent_at, tries=row.attempts,
        next_try_at=row.not_before if state in (MessageState.TRIED, MessageState.TO_CALL) else None,
        failure=_failure(language, row), read_out_language=row.language,
        read_out=(
            outbox.spoken(session, caller, row) if state == MessageState.TO_CALL else ""
        ),
    )  # fmt: skip


def _failure(language: Language, row: models.OutboxMail) -> str:
    if not row.failure or row.ended_as == MessageEnd.SENT:
        return ""
    kind = row.failure.partition(" ")[0]
    ended = row.ended_as == MessageEnd.UNDELIVERABLE
    known = FAILURES.get(kind) if ended or kind == "not_reached" else None
    return language.phrase(known or (LOST if ended else ELSE))
