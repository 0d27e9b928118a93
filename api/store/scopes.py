"""Whose rows a query may see, as conditions on what it joins."""

import uuid
from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, false, true
from sqlmodel import col, exists, or_, select

import models
from api.policy import Scope
from models import OfferStatus, Party


def cases_in(scope: Scope, scope_id: uuid.UUID | None) -> ColumnElement[bool]:
    """The condition that a case (`cases`) is in the scope, and its turn has come.

    A hosting coordinator, a company, an apprentice and a guardian see a proposal from the
    moment when they are asked, a school from the moment when anybody but coordinators is.
    """
    sends = col(models.Centre.region_id) == scope_id
    hosts = and_(col(models.Company.region_id) == scope_id, _asked(Party.HOSTING_COORDINATOR))
    wards = select(models.Guardian.apprentice_id).where(models.Guardian.id == scope_id)
    within: dict[Scope, Callable[[], ColumnElement[bool]]] = {
        Scope.ALL: true,
        Scope.SENDING: lambda: sends,
        Scope.HOSTING: lambda: hosts,
        Scope.EITHER_SIDE: lambda: or_(sends, hosts),
        Scope.CENTRE: lambda: and_(col(models.Centre.id) == scope_id, _asked(Party.APPRENTICE)),
        Scope.COMPANY: lambda: and_(col(models.Company.id) == scope_id, _asked(Party.COMPANY)),
        Scope.SELF: lambda: and_(col(models.Apprentice.id) == scope_id, _asked(Party.APPRENTICE)),
        Scope.WARD: lambda: and_(col(models.Apprentice.id).in_(wards), _asked(Party.GUARDIAN)),
    }
    return within.get(scope, false)()


def people_in(scope: Scope, scope_id: uuid.UUID | None) -> ColumnElement[bool]:
    """The condition that an apprentice, joined with the centre, is in the scope."""
    wards = select(models.Guardian.apprentice_id).where(models.Guardian.id == scope_id)
    within: dict[Scope, ColumnElement[bool]] = {
        Scope.ALL: true(),
        Scope.SENDING: col(models.Centre.region_id) == scope_id,
        Scope.EITHER_SIDE: col(models.Centre.region_id) == scope_id,
        Scope.CENTRE: col(models.Centre.id) == scope_id,
        Scope.SELF: col(models.Apprentice.id) == scope_id,
        Scope.WARD: col(models.Apprentice.id).in_(wards),
    }
    return within.get(scope, false())


def regions_in(scope: Scope, scope_id: uuid.UUID | None) -> ColumnElement[bool]:
    """The condition that a region, as one that sends, is in the scope."""
    within: dict[Scope, ColumnElement[bool]] = {
        Scope.ALL: true(),
        Scope.SENDING: col(models.Region.id) == scope_id,
    }
    return within.get(scope, false())


def groups_in(scope: Scope, scope_id: uuid.UUID | None) -> ColumnElement[bool]:
    """The condition that somebody in a travel group is in the scope."""
    return (
        exists()
        .where(col(models.GroupMember.group_id) == models.TravelGroup.id)
        .where(col(models.Apprentice.id) == models.GroupMember.apprentice_id)
        .where(col(models.Centre.id) == models.Apprentice.centre_id)
        .where(people_in(scope, scope_id))
        .correlate(models.TravelGroup)
    )


def known_outside() -> ColumnElement[bool]:
    """The condition that others than coordinators know of a proposal: schools do from then on."""
    return _asked(Party.APPRENTICE)


def companies_in(scope: Scope, scope_id: uuid.UUID | None) -> ColumnElement[bool]:
    """The condition that a company is in the scope."""
    within: dict[Scope, ColumnElement[bool]] = {
        Scope.ALL: true(),
        Scope.HOSTING: col(models.Company.region_id) == scope_id,
        Scope.EITHER_SIDE: col(models.Company.region_id) == scope_id,
        Scope.COMPANY: col(models.Company.id) == scope_id,
    }
    return within.get(scope, false())


def offers_in(scope: Scope, scope_id: uuid.UUID | None) -> ColumnElement[bool]:
    """The condition that an offer, joined with its company, may be seen.

    Coordinators and schools see what is published anywhere, and everything of their region.
    """
    published = col(models.Offer.status) == OfferStatus.PUBLISHED
    school = select(models.Centre.region_id).where(models.Centre.id == scope_id)
    within: dict[Scope, ColumnElement[bool]] = {
        Scope.ALL: true(),
        Scope.EITHER_SIDE: or_(published, col(models.Company.region_id) == scope_id),
        Scope.CENTRE: or_(published, col(models.Company.region_id).in_(school)),
        Scope.COMPANY: col(models.Company.id) == scope_id,
    }
    return within.get(scope, false())


def accounts_in(scope: Scope, scope_id: uuid.UUID | None) -> ColumnElement[bool]:
    """The condition that an account is in the scope.

    Those of a region are its coordinators, its centres' tutors, its companies, its apprentices
    and their guardians.
    """
    if scope == Scope.ALL:
        return true()
    if scope != Scope.EITHER_SIDE:
        return false()
    centres = select(models.Centre.id).where(models.Centre.region_id == scope_id)
    companies = select(models.Company.id).where(models.Company.region_id == scope_id)
    people = select(models.Apprentice.id).where(col(models.Apprentice.centre_id).in_(centres))
    guardians = select(models.Guardian.id).where(col(models.Guardian.apprentice_id).in_(people))
    return or_(
        col(models.User.region_id) == scope_id,
        col(models.User.centre_id).in_(centres),
        col(models.User.company_id).in_(companies),
        col(models.User.apprentice_id).in_(people),
        col(models.User.guardian_id).in_(guardians),
    )


def _asked(party: Party) -> ColumnElement[bool]:
    return exists().where(
        col(models.Approval.proposal_id) == models.Proposal.id,
        col(models.Approval.party) == party,
        col(models.Approval.asked_at).is_not(None),
    )
