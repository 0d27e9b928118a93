"""The tables of the service and the words of its domain."""

from sqlmodel import SQLModel

from models.apprentice import (
    AcceptedNeed,
    Apprentice,
    ApprenticeFields,
    ApprenticeProfile,
    ApprenticeRecord,
    Guardian,
    GuardianFields,
    Interest,
    SupportNeeds,
    SupportNeedsFields,
)
from models.approval import (
    PRIVATE_REASONS,
    REASONS,
    Answer,
    AnswerLink,
    AnswerScan,
    Approval,
    Channel,
    LinkKind,
    Party,
    Question,
    QuestionKind,
)
from models.call import Call, CallFields, CallStatus, Enrolment, EnrolmentStatus, FundedPlaces
from models.centre import Centre
from models.company import Company, CompanyFields, CompanySize, Site, SiteFields
from models.group import (
    AccompanyingPerson,
    AccompanyingPersonFields,
    GroupKind,
    GroupMember,
    TravelGroup,
    TravelGroupFields,
)
from models.offer import (
    OFFER_CHANGES,
    Offer,
    OfferEvent,
    OfferFields,
    OfferStatus,
    OfferWindow,
    OfferWindowFields,
)
from models.placement import CURRENT, Placement, PlacementStatus
from models.proposal import LIVE, PairWish, PairWord, Proposal, ProposalStatus
from models.provision import ProvisionAnswer, ProvisionCertificate, ProvisionQuestion
from models.record import AuditEvent, IdempotencyKey, OutboxMail, Setting
from models.region import Region
from models.round import Round, RoundKind, RoundStatus
from models.user import ApiToken, Invitation, LoginSession, Responsibility, Role, User

METADATA = SQLModel.metadata
"""All tables, for migrations."""

__all__ = [
    "CURRENT",
    "LIVE",
    "METADATA",
    "OFFER_CHANGES",
    "PRIVATE_REASONS",
    "REASONS",
    "AcceptedNeed",
    "AccompanyingPerson",
    "AccompanyingPersonFields",
    "Answer",
    "AnswerLink",
    "AnswerScan",
    "ApiToken",
    "Apprentice",
    "ApprenticeFields",
    "ApprenticeProfile",
    "ApprenticeRecord",
    "Approval",
    "AuditEvent",
    "Call",
    "CallFields",
    "CallStatus",
    "Centre",
    "Channel",
    "Company",
    "CompanyFields",
    "CompanySize",
    "Enrolment",
    "EnrolmentStatus",
    "FundedPlaces",
    "GroupKind",
    "GroupMember",
    "Guardian",
    "GuardianFields",
    "IdempotencyKey",
    "Interest",
    "Invitation",
    "LinkKind",
    "LoginSession",
    "Offer",
    "OfferEvent",
    "OfferFields",
    "OfferStatus",
    "OfferWindow",
    "OfferWindowFields",
    "OutboxMail",
    "PairWish",
    "PairWord",
    "Party",
    "Placement",
    "PlacementStatus",
    "Proposal",
    "ProposalStatus",
    "ProvisionAnswer",
    "ProvisionCertificate",
    "ProvisionQuestion",
    "Question",
    "QuestionKind",
    "Region",
    "Responsibility",
    "Role",
    "Round",
    "RoundKind",
    "RoundStatus",
    "Setting",
    "Site",
    "SiteFields",
    "SupportNeeds",
    "SupportNeedsFields",
    "TravelGroup",
    "TravelGroupFields",
    "User",
]
