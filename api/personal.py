"""Where a person is, in every table: how the rows are found, and what an erasure leaves of them.

One row here for each table. `ERASED` in a column: it gets this value. `GONE`: the rows are
deleted. What has no word here is kept, since grant rules ask for it (who went where, when, paid
from which call: domain.md 8.1), and holds ids, codes and days alone.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import SQLModel, col, or_

import models

NAME = "erased"
"""Stands where a name was."""

NO_LANGUAGE = models.MessageLanguage.EN
"""Stands where it was said in which language somebody is written to."""


@dataclass(frozen=True)
class Ids:
    """The ids of everything that belongs to somebody."""

    person: uuid.UUID
    guardians: frozenset[uuid.UUID]
    users: frozenset[uuid.UUID]
    enrolments: frozenset[uuid.UUID]
    proposals: frozenset[uuid.UUID]
    approvals: frozenset[uuid.UUID]
    placements: frozenset[uuid.UUID]

    def all(self) -> frozenset[str]:
        """All of them, as texts."""
        groups = (self.guardians, self.users, self.enrolments, self.proposals, self.approvals,
                  self.placements)  # fmt: skip
        return frozenset(str(one) for group in (*groups, {self.person}) for one in group)


Find = Callable[[Ids], ColumnElement[bool]]


@dataclass(frozen=True)
class Place:
    """Rows about a person in a table; `gone` deletes them, `erased` replaces columns."""

    table: type[SQLModel]
    find: Find
    gone: bool = False
    erased: Mapping[str, Any] | None = None
    secret: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the table."""
        return str(self.table.__tablename__)


def _by_person(column: Any) -> Find:
    return lambda ids: col(column) == ids.person


def _among(column: Any, group: str) -> Find:
    return lambda ids: col(column).in_(getattr(ids, group))


_M = models

PLACES: tuple[Place, ...] = (
    Place(_M.AnswerScan, _among(_M.AnswerScan.approval_id, "approvals"), gone=True,
          secret=("content",)),
    Place(_M.AnswerLink, _among(_M.AnswerLink.proposal_id, "proposals"), gone=True,
          secret=("secret_sha256", "session_sha256")),
    Place(_M.Approval, _among(_M.Approval.proposal_id, "proposals"),
          erased={"heard_from": "", "reason": ""}),
    Place(_M.Question, _among(_M.Question.proposal_id, "proposals"),
          erased={"text": "", "answer": ""}),
    Place(_M.Placement, _among(_M.Placement.id, "placements"), erased={"reason": ""}),
    Place(_M.ProposalDetail, _among(_M.ProposalDetail.proposal_id, "proposals"), gone=True),
    Place(_M.Proposal, _by_person(_M.Proposal.apprentice_id), erased={"reason": ""}),
    Place(_M.PairWish, _by_person(_M.PairWish.apprentice_id), gone=True),
    Place(_M.AcceptedNeed, _by_person(_M.AcceptedNeed.apprentice_id), gone=True),
    Place(_M.Consent, _by_person(_M.Consent.apprentice_id), gone=True),
    Place(_M.SupportNeeds, _by_person(_M.SupportNeeds.apprentice_id), gone=True),
    Place(_M.GroupMember, _by_person(_M.GroupMember.apprentice_id), gone=True),
    Place(_M.Enrolment, _by_person(_M.Enrolment.apprentice_id)),
    Place(_M.Responsibility, _by_person(_M.Responsibility.apprentice_id), gone=True),
    Place(_M.RightsRequest, _by_person(_M.RightsRequest.apprentice_id)),
    Place(_M.Erasure, _by_person(_M.Erasure.apprentice_id)),
    Place(_M.IdempotencyKey, _among(_M.IdempotencyKey.user_id, "users"), gone=True,
          secret=("answer", "request_sha256")),
    Place(_M.LoginSession, _among(_M.LoginSession.user_id, "users"), gone=True,
          secret=("token_sha256",)),
    Place(_M.HalfSession, _among(_M.HalfSession.user_id, "users"), gone=True,
          secret=("token_sha256",)),
    Place(_M.KnownDevice, _among(_M.KnownDevice.user_id, "users"), gone=True,
          secret=("token_sha256",)),
    Place(_M.LinkedIdentity, _among(_M.LinkedIdentity.user_id, "users"), gone=True),
    Place(_M.RecoveryCode, _among(_M.RecoveryCode.user_id, "users"), gone=True,
          secret=("code_sha256",)),
    Place(_M.SecondFactor, _among(_M.SecondFactor.user_id, "users"), gone=True,
          secret=("secret", "last_step")),
    Place(_M.ApiToken, _among(_M.ApiToken.user_id, "users"), gone=True,
          secret=("token_sha256",)),
    Place(_M.Invitation, _among(_M.Invitation.user_id, "users"), gone=True,
          secret=("token_sha256",)),
    Place(_M.User, _among(_M.User.id, "users"),
          erased={"name": NAME, "email": None, "password_hash": None},
          secret=("password_hash",)),
    Place(_M.Guardian, _among(_M.Guardian.id, "guardians"),
          erased={"name": NAME, "email": None, "phone": None, "language": NO_LANGUAGE,
                  "reached_by": None}),
    Place(_M.AuditEvent,
          lambda ids: or_(col(_M.AuditEvent.about_id) == ids.person,
                          col(_M.AuditEvent.actor_id).in_(ids.users)),
          secret=("mac", "details")),
    Place(_M.Apprentice, _by_person(_M.Apprentice.id), erased={
        "first_name": NAME, "last_name": NAME, "email": None, "phone": None, "introduction": "",
        "employer_name": None, "employer_email": None, "outcomes": [], "languages": {},
        "language": NO_LANGUAGE, "employer_language": NO_LANGUAGE, "reached_by": None,
        "not_available": [], "destinations": [], "excluded_companies": [], "interest": {},
        "licences": [], "training_days": None, "graduated_on": None,
    }),
)  # fmt: skip
"""Every table that knows something of an apprentice, rows before those that they point to.

Two columns depend on the row: `birth_date` keeps its year alone, `key` becomes one that says
nothing. Details of the audit are sealed: they go with the key.
"""

ELSEWHERE: Mapping[type[SQLModel], str] = {
    _M.OutboxMail: "messages about the person: rows and files are deleted",
    _M.Round: "the files of rounds: the person's part goes with the key",
    _M.TravelGroup: "a name that friends gave their group is replaced",
}
"""Tables where a person is without a column of ids; `services.erasing` sees to them."""

NOBODY: frozenset[type[SQLModel]] = frozenset({
    _M.AccompanyingPerson, _M.AuditHead, _M.Call, _M.Centre, _M.Company, _M.FundedPlaces,
    _M.IdentityRequest, _M.JobRun, _M.Offer, _M.OfferWindow, _M.ProvisionCertificate,
    _M.ProvisionQuestion, _M.Region, _M.Setting, _M.Site, _M.SupportRate,
})  # fmt: skip
"""Tables that know nothing of apprentices."""
