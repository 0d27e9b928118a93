"""What a company is told of somebody's needs: provisions that are asked for, and nothing else."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col

import models
from api import store
from api.services.consents import Youth, in_effect
from api.store.cases import Case
from api.store.rows import every
from models import Consent, ProposalStatus

SINCE_AGREED = frozenset({ProposalStatus.AGREED, ProposalStatus.PLACEMENT})
"""From here on a company knows how somebody is reached."""

WHY = "consent.disclosure"
"""Why the seals are opened, as the audit says it."""


def provisions_asked(session: Session, cases: Sequence[Case]) -> dict[uuid.UUID, list[str]]:
    """Codes of the provisions that are asked for, by the proposals' ids; the same for all hosts.

    Only once everybody has agreed and while the stay is ahead or on, only what the person still
    needs, and only with a consent for exactly this company that holds. What cannot be opened is
    not told.
    """
    agreed = [case for case in cases if case.proposal.status in SINCE_AGREED]
    told: dict[uuid.UUID, list[str]] = {case.proposal.id: [] for case in cases}
    if not agreed:
        return told
    given = store.consents.active(
        session, {one.apprentice.id for one in agreed}, {one.company.id for one in agreed}
    )
    if not given:
        return told
    countries = store.regions.countries(
        session, {region for one in agreed for region in (one.sending_region, one.hosting_region)}
    )
    over = _over(session, agreed)
    theirs = {
        case.proposal.id: rows
        for case in agreed
        if case.proposal.id not in over and (rows := [row for row in given if _is_for(row, case)])
    }
    rows = list({row.id: row for some in theirs.values() for row in some}.values())
    items = store.sealed.items_of(session, WHY, rows)
    people = {row.apprentice_id for row in rows}
    records = every(
        session, models.SupportNeeds, col(models.SupportNeeds.apprentice_id).in_(people)
    )
    needs = {
        one.apprentice_id: one.needs for one in store.sealed.needs_of(session, WHY, records)[0]
    }
    for case in agreed:
        about: dict[str, list[Consent]] = {}
        for row in theirs.get(case.proposal.id, ()):
            if row.id in items:
                about.setdefault(items[row.id], []).append(row)
        youth = Youth(case.apprentice.birth_date, countries[case.sending_region])
        told[case.proposal.id] = sorted(
            item
            for item, some in about.items()
            if item in needs.get(case.apprentice.id, {})
            and in_effect(some, youth, countries[case.hosting_region])
        )
    return told


def _is_for(row: Consent, case: Case) -> bool:
    return (row.apprentice_id, row.company_id) == (case.apprentice.id, case.company.id)


def _over(session: Session, cases: Sequence[Case]) -> set[uuid.UUID]:
    """The proposals whose placement is finished or cancelled."""
    booked = [
        case.proposal.id for case in cases if case.proposal.status == ProposalStatus.PLACEMENT
    ]
    if not booked:
        return set()
    placement = models.Placement
    ended = every(
        session, placement, col(placement.proposal_id).in_(booked),
        col(placement.status).not_in(models.CURRENT),
    )  # fmt: skip
    return {row.proposal_id for row in ended}
