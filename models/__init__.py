"""The tables of the service and the words of its domain."""

from sqlmodel import SQLModel

from models.apprentice import AcceptedNeed, Apprentice, ApprenticeFields, Guardian, SupportNeeds
from models.call import Call, CallStatus, Enrolment, EnrolmentStatus, FundedPlaces
from models.centre import Centre
from models.company import Company, CompanySize, Site
from models.offer import Offer, OfferFields, OfferStatus, OfferWindow
from models.proposal import (
    LIVE,
    Answer,
    Approval,
    Channel,
    PairWish,
    PairWord,
    Party,
    Placement,
    PlacementStatus,
    Proposal,
    ProposalStatus,
)
from models.record import AuditEvent, IdempotencyKey, OutboxMail, Setting
from models.region import Region
from models.round import Round, RoundKind, RoundStatus
from models.user import ApiToken, LoginSession, Responsibility, Role, User

METADATA = SQLModel.metadata
"""All tables, for migrations."""

__all__ = [
    "LIVE",
    "METADATA",
    "AcceptedNeed",
    "Answer",
    "ApiToken",
    "Apprentice",
    "ApprenticeFields",
    "Approval",
    "AuditEvent",
    "Call",
    "CallStatus",
    "Centre",
    "Channel",
    "Company",
    "CompanySize",
    "Enrolment",
    "EnrolmentStatus",
    "FundedPlaces",
    "Guardian",
    "IdempotencyKey",
    "LoginSession",
    "Offer",
    "OfferFields",
    "OfferStatus",
    "OfferWindow",
    "OutboxMail",
    "PairWish",
    "PairWord",
    "Party",
    "Placement",
    "PlacementStatus",
    "Proposal",
    "ProposalStatus",
    "Region",
    "Responsibility",
    "Role",
    "Round",
    "RoundKind",
    "RoundStatus",
    "Setting",
    "Site",
    "SupportNeeds",
    "User",
]
