"""Signed papers behind answers that a coordinator recorded."""

from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import NoSuchScanError, NotRecordedError, NotYoursToAnswerError, ScanKindError
from api.services.proposals import recordable
from api.services.records import note
from api.store.cases import Case
from models import Party

BEGINS = {
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}
"""The kinds of a scan, and with which bytes such a file begins."""


def keep_scan(
    session: Session, caller: Caller, case: Case, party: Party, kind: str, content: bytes
) -> models.AnswerScan:
    """Keep the paper behind an answer of the own side; it takes the place of an earlier one.

    Raises NotYoursToAnswerError, NotRecordedError, ScanKindError.
    """
    approval = _recorded(session, caller, case, party)
    if approval is None:
        raise NotRecordedError(party)
    if kind not in BEGINS or not content.startswith(BEGINS[kind]):
        raise ScanKindError(list(BEGINS))
    store.scans.drop_scan(session, approval.id)
    made = models.AnswerScan(
        id=caller.new_id(), created_at=caller.now, approval_id=approval.id, content_type=kind,
        content=content,
    )  # fmt: skip
    session.add(made)
    note(
        session, caller, "approval.scan_kept", approval, party=str(party), kind=kind,
        size=len(content),
    )  # fmt: skip
    session.flush()
    return made


def scan(session: Session, caller: Caller, case: Case, party: Party) -> models.AnswerScan:
    """The paper behind an answer of the own side: it may name a reason that others never see.

    Raises NotYoursToAnswerError, NoSuchScanError.
    """
    approval = _recorded(session, caller, case, party)
    found = store.scans.scan_of(session, approval.id) if approval else None
    if found is None:
        raise NoSuchScanError(party)
    return found


def _recorded(session: Session, caller: Caller, case: Case, party: Party) -> models.Approval | None:
    """The answer of a party of one's own side, None where nobody recorded one."""
    if party not in recordable(session, caller, case):
        raise NotYoursToAnswerError(party)
    row = store.cases.approvals(session, case.proposal.id).get(party)
    return row if row is not None and row.heard_on is not None else None
