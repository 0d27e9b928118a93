"""A proposal with all that stands behind it, and who answers for whom."""

import datetime
import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, func, true
from sqlalchemy.orm import Bundle
from sqlmodel import Session, col, exists, or_, select

import models
from api.store.pages import as_number
from api.store.rows import hold, parts
from matcher.limits import ADULT
from models import Answer, Party, PlacementStatus, Role


@dataclass(frozen=True)
class Case:
    """A proposal, the person, the window, and whose they are."""

    proposal: models.Proposal
    apprentice: models.Apprentice
    centre: models.Centre
    window: models.OfferWindow
    offer: models.Offer
    site: models.Site
    company: models.Company

    @property
    def sending_region(self) -> uuid.UUID:
        """The region that sends the apprentice."""
        return self.centre.region_id

    @property
    def hosting_region(self) -> uuid.UUID:
        """The region of the company."""
        return self.company.region_id


_LISTED = tuple(
    Bundle[Any](table.__name__, *(getattr(table, name) for name in names))
    for table, names in (
        (models.Proposal, tuple(models.Proposal.model_fields)),
        (models.Apprentice, (
            "id", "first_name", "last_name", "birth_date", "status", "occupations", "isced_f",
            "languages", "introduction", "email", "phone",
        )),
        (models.Centre, ("region_id",)),
        (models.OfferWindow, ("id",)),
        (models.Offer, ("id", "title", "occupations")),
        (models.Site, ("town",)),
        (models.Company, ("id", "name", "region_id")),
    )
)  # fmt: skip
"""What lists show of the rows of a case."""


def listed(
    session: Session, *conditions: object, beside: Any, order: Sequence[Any] = (),
    limit: int | None = None,
) -> list[tuple[Case, Any]]:  # fmt: skip
    """Cases as lists show them, each with the value of a column `beside` it.

    Their rows hold what is shown and nothing else, and cannot be changed: objects of whole rows
    take the mapper more than twice as long.
    """
    found = session.execute(
        _LISTED_CASES.add_columns(beside).where(*conditions).order_by(*order).limit(limit)
    )
    return [(Case(*parts), value) for *parts, value in found]


def cases(session: Session, *conditions: object) -> list[Case]:
    """The cases whose rows meet the conditions, by the proposals' ids."""
    return [Case(*row) for row in session.execute(_CASES.where(*conditions))]


def with_case(proposals: Any) -> Any:
    """A query of proposals, joined with everything that a case consists of."""
    return (
        proposals.join(
            models.Apprentice, col(models.Apprentice.id) == models.Proposal.apprentice_id
        )
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
        .join(models.OfferWindow, col(models.OfferWindow.id) == models.Proposal.window_id)
        .join(models.Offer, col(models.Offer.id) == models.OfferWindow.offer_id)
        .join(models.Site, col(models.Site.id) == models.Offer.site_id)
        .join(models.Company, col(models.Company.id) == models.Site.company_id)
    )


_CASES = (
    with_case(
        select(
            models.Proposal, models.Apprentice, models.Centre, models.OfferWindow,
            models.Offer, models.Site, models.Company,
        )  # type: ignore[call-overload]  # the stubs stop at four
    )
    .order_by(col(models.Proposal.id))
    .execution_options(populate_existing=True)  # as they are now, not as they were read
)  # fmt: skip
"""Made once: making a query takes longer than a small one takes to answer."""

_LISTED_CASES = with_case(select(*_LISTED).select_from(models.Proposal))


def case_for_change(session: Session, proposal_id: uuid.UUID, *conditions: object) -> Case | None:
    """A case whose proposal nobody else changes until the end of the transaction."""
    mine = col(models.Proposal.id) == proposal_id
    session.exec(select(models.Proposal.id).where(mine).with_for_update())
    found = cases(session, mine, *conditions)
    return found[0] if found else None


def cases_for_change(session: Session, *conditions: object) -> list[Case]:
    """The cases whose rows meet the conditions, all held until the end of the transaction.

    Held before anything else is, each after the one with the lower id: whoever went from case to
    case would wait for somebody who holds the next one and waits for a place that is held here.
    """
    identity = col(models.Proposal.id)
    found = parts(case.proposal.id for case in cases(session, *conditions))
    mine = [identity.in_(part) for part in found]
    for part in mine:
        hold(session, select(identity).where(part).order_by(identity))
    return [case for part in mine for case in cases(session, part, *conditions)]


def approvals(session: Session, proposal_id: uuid.UUID) -> dict[Party, models.Approval]:
    """Who was asked about a proposal, and what was answered."""
    return approvals_of(session, [proposal_id])[proposal_id]


def approvals_of(
    session: Session, proposals: Collection[uuid.UUID]
) -> dict[uuid.UUID, dict[Party, models.Approval]]:
    """The same of several proposals."""
    found: dict[uuid.UUID, dict[Party, models.Approval]] = {one: {} for one in proposals}
    for row in session.execute(_APPROVALS, {"proposals": list(found)}).scalars():
        found[row.proposal_id][row.party] = row
    return found


_APPROVALS = select(models.Approval).where(
    col(models.Approval.proposal_id).in_(bindparam("proposals", expanding=True))
)


def guardians(session: Session, apprentice_id: uuid.UUID) -> list[models.Guardian]:
    """Who answers for somebody under age."""
    rows = select(models.Guardian).where(models.Guardian.apprentice_id == apprentice_id)
    return list(session.exec(rows.order_by(col(models.Guardian.id))))


def coordinators(
    session: Session, region_id: uuid.UUID, today: datetime.date,
    *, apprentice_id: uuid.UUID | None = None, company_id: uuid.UUID | None = None,
) -> list[models.User]:  # fmt: skip
    """Who answers for a person or a company today.

    Whoever covers goes before the lasting one; all of the region where nobody was named.
    """
    theirs = and_(
        col(models.User.role) == Role.COORDINATOR,
        col(models.User.region_id) == region_id,
        col(models.User.disabled_at).is_(None),
    )
    case = (
        models.Responsibility.apprentice_id == apprentice_id
        if apprentice_id
        else models.Responsibility.company_id == company_id
    )
    named = session.execute(
        select(models.User, models.Responsibility)
        .join(models.Responsibility, col(models.Responsibility.user_id) == models.User.id)
        .where(theirs, case)
        .where(
            or_(
                col(models.Responsibility.covers_from).is_(None),
                and_(
                    col(models.Responsibility.covers_from) <= today,
                    col(models.Responsibility.covers_to) >= today,
                ),
            )
        )
    ).all()
    covering = [user for user, row in named if row.covers_from is not None]
    lasting = [user for user, row in named if row.covers_from is None]
    if covering or lasting:
        return covering or lasting
    return list(session.exec(select(models.User).where(theirs).order_by(col(models.User.id))))


def accounts_of(
    session: Session, party: Party, apprentice_id: uuid.UUID, company_id: uuid.UUID | None = None
) -> list[models.User]:
    """The accounts of an apprentice, of the guardians or of a company; employers have none."""
    wards = select(models.Guardian.id).where(models.Guardian.apprentice_id == apprentice_id)
    theirs = {
        Party.APPRENTICE: col(models.User.apprentice_id) == apprentice_id,
        Party.GUARDIAN: col(models.User.guardian_id).in_(wards),
        Party.COMPANY: col(models.User.company_id) == company_id,
    }
    if party not in theirs:
        return []
    found = select(models.User).where(theirs[party], col(models.User.disabled_at).is_(None))
    return list(session.exec(found.order_by(col(models.User.id))))


def live_cases(session: Session, *conditions: object) -> list[Case]:
    """The live cases whose rows meet the conditions, held until the end of the transaction."""
    return cases_for_change(session, col(models.Proposal.status).in_(models.LIVE), *conditions)


def overdue(session: Session, now: datetime.datetime) -> list[Case]:
    """Cases whose deadline has passed while nobody's question made it rest; held until the end."""
    return cases_for_change(
        session,
        models.Proposal.status == models.ProposalStatus.ASKED,
        col(models.Proposal.deadline) < now,
        col(models.Proposal.paused_at).is_(None),
    )


def waiting_approvals(session: Session) -> list[tuple[models.Approval, models.Proposal]]:
    """Who was asked, has not answered, and is not waiting for a reply."""
    found = session.execute(
        select(models.Approval, models.Proposal)
        .join(models.Proposal, col(models.Proposal.id) == models.Approval.proposal_id)
        .where(
            col(models.Approval.asked_at).is_not(None),
            col(models.Approval.answer).is_(None),
            models.Proposal.status == models.ProposalStatus.ASKED,
            col(models.Proposal.paused_at).is_(None),
        )
        .order_by(col(models.Approval.id))
    )
    return [(approval, proposal) for approval, proposal in found]


def open_questions(session: Session, proposal_id: uuid.UUID) -> list[models.Question]:
    """What a company asked and nobody has answered."""
    found = select(models.Question).where(
        models.Question.proposal_id == proposal_id, col(models.Question.answered_at).is_(None)
    )
    return list(session.exec(found))


def touched_by(
    apprentices: Collection[uuid.UUID] = (), companies: Collection[uuid.UUID] = (),
    sites: Collection[uuid.UUID] = (), offers: Collection[uuid.UUID] = (),
    windows: Collection[uuid.UUID] = (), calls: Collection[uuid.UUID] = (),
) -> Any:  # fmt: skip
    """The condition that a case is about one of these people, companies, sites and so on."""
    return or_(
        col(models.Apprentice.id).in_(apprentices),
        col(models.Company.id).in_(companies),
        col(models.Site.id).in_(sites),
        col(models.Offer.id).in_(offers),
        col(models.OfferWindow.id).in_(windows),
        col(models.Proposal.call_id).in_(calls),
    )


def waits_for(party: Party, first_turn: Collection[str]) -> ColumnElement[bool]:
    """The condition that a case waits for a party's answer.

    Nobody was asked yet about what a round has just made: it waits for the `first_turn`.
    """
    asked = exists().where(
        col(models.Approval.proposal_id) == models.Proposal.id,
        col(models.Approval.asked_at).is_not(None),
    )
    own = asked.where(
        col(models.Approval.party) == party, col(models.Approval.answer).is_(None)
    )  # fmt: skip
    unasked = and_(true() if party in first_turn else false(), ~asked)
    waiting = models.ProposalStatus.PROPOSED, models.ProposalStatus.ASKED
    return and_(col(models.Proposal.status).in_(waiting), or_(own, unasked))


def question_open() -> ColumnElement[bool]:
    """The condition that a company waits for the reply to a question about a case."""
    return exists().where(
        col(models.Question.proposal_id) == models.Proposal.id,
        col(models.Question.answered_at).is_(None),
    )


def guardian_missing() -> ColumnElement[bool]:
    """The condition that a live case is of somebody under age for whom nobody can say yes.

    No guardian is on record, and no yes of one was recorded (a signed form is enough).
    """
    named = exists().where(col(models.Guardian.apprentice_id) == models.Apprentice.id)
    said_yes = exists().where(
        col(models.Approval.proposal_id) == models.Proposal.id,
        col(models.Approval.party) == Party.GUARDIAN,
        col(models.Approval.answer) == Answer.YES,
    )
    first_day, born = col(models.Proposal.first_day), col(models.Apprentice.birth_date)
    under_age = as_number(first_day) - as_number(born) < ADULT * 10_000
    return and_(col(models.Proposal.status).in_(models.LIVE), under_age, ~named, ~said_yes)


def cases_without_guardian(session: Session, proposals: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of some proposals for which no guardian can say yes."""
    if not proposals:
        return set()
    return set(session.execute(_WITHOUT_GUARDIAN, {"proposals": list(proposals)}).scalars())


_WITHOUT_GUARDIAN = (
    select(models.Proposal.id)
    .join(models.Apprentice, col(models.Apprentice.id) == models.Proposal.apprentice_id)
    .where(col(models.Proposal.id).in_(bindparam("proposals", expanding=True)), guardian_missing())
)


def count_by_window(
    session: Session, windows: Collection[uuid.UUID], *conditions: Any
) -> Counter[uuid.UUID]:
    """How many places of each window are kept by cases that meet the conditions."""
    window = func.coalesce(models.Placement.window_id, models.Proposal.window_id)
    found = session.execute(
        with_case(select(window, func.count()).select_from(models.Proposal))
        .outerjoin(models.Placement, col(models.Placement.proposal_id) == models.Proposal.id)
        .where(window.in_(windows), keeps_place(), *conditions)
        .group_by(window)
    )
    return Counter(dict(found.all()))


def keeps_place() -> ColumnElement[bool]:
    """The condition that a proposal, joined with its placement if it has one, keeps a place.

    A stay that is finished does.
    """
    return or_(
        col(models.Proposal.status).in_(models.LIVE),
        col(models.Placement.status) != PlacementStatus.CANCELLED,
    )


def offers_of(session: Session, windows: Collection[uuid.UUID]) -> list[models.Offer]:
    """The offers that windows belong to."""
    theirs = select(models.OfferWindow.offer_id).where(col(models.OfferWindow.id).in_(windows))
    return list(session.exec(select(models.Offer).where(col(models.Offer.id).in_(theirs))))


def current_placements(
    session: Session, *conditions: Any, windows: Collection[uuid.UUID] | None = None
) -> list[tuple[models.Placement, Case]]:
    """Placements that are booked or abroad, each with its case."""
    wanted = [col(models.Placement.status).in_(models.CURRENT)]
    if windows is not None:
        wanted.append(col(models.Placement.window_id).in_(windows))
    rows = session.exec(
        select(models.Placement).where(*wanted).order_by(col(models.Placement.id))
    ).all()
    by_proposal = {row.proposal_id: row for row in rows}
    found = cases(session, col(models.Proposal.id).in_(by_proposal), *conditions)
    return [(by_proposal[case.proposal.id], case) for case in found]
