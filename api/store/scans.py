"""The signed papers behind answers that a coordinator recorded."""

import uuid

from sqlalchemy import delete
from sqlmodel import Session, col, select

import models
from api.store.rows import changed


def scan_of(session: Session, approval_id: uuid.UUID) -> models.AnswerScan | None:
    """The paper behind an answer."""
    found = select(models.AnswerScan).where(models.AnswerScan.approval_id == approval_id)
    return session.exec(found.execution_options(populate_existing=True)).first()


def drop_scan(session: Session, approval_id: uuid.UUID) -> bool:
    """Take the paper away. Whether there was one."""
    theirs = col(models.AnswerScan.approval_id) == approval_id
    return changed(session, delete(models.AnswerScan).where(theirs))
