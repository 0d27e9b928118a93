"""Two rounds of a call beside each other: who has another place after the later one, and why."""

import datetime
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping

from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import RoundsNotComparableError
from api.language import Language
from api.policy import Action, Scope, scope_of
from api.services import round_lists
from api.services.problems import OF_POLICY
from models.round_views import Comparison, Difference, Fate, RoundShown, Standing

Row = store.proposals.Stay
Places = Mapping[uuid.UUID, Row]
"""Where each person stood at a time."""


def compare(
    session: Session, caller: Caller, earlier_id: uuid.UUID, later_id: uuid.UUID
) -> Comparison:
    """What changed from one round to a later one of the same call.

    The people of the caller's own region are named, where the caller may read their proposals;
    everybody else is counted. Raises NoSuchRoundError, RoundsNotComparableError.
    """
    language = Language(caller.language)
    earlier, later = (round_lists.of_id(session, one, language) for one in (earlier_id, later_id))
    if earlier.finished_at is None or later.finished_at is None or not _comparable(earlier, later):
        raise RoundsNotComparableError
    rows = store.proposals.stays_of_call(session, later.call_id)
    before, after = (_places(rows, one) for one in (earlier.finished_at, later.finished_at))
    fates = {person: _fate(before.get(person), after.get(person)) for person in {*before, *after}}
    counted = Counter(fates.values())
    moved = [person for person, fate in fates.items() if fate != Fate.STAYED]
    changed = store.settings.changed_between(session, earlier.finished_at, later.finished_at)
    return Comparison(
        earlier=earlier, later=later, counts={fate: counted[fate] for fate in Fate},
        settings_changed=sorted(set(OF_POLICY) & changed),
        differences=_named(session, caller, moved, fates, before, after),
    )  # fmt: skip


def _comparable(earlier: RoundShown, later: RoundShown) -> bool:
    return (
        earlier.call_id == later.call_id
        and earlier.created_at < later.created_at
        and round_lists.has_proposals(earlier)
        and round_lists.has_proposals(later)
    )


def _places(rows: Iterable[Row], at: datetime.datetime) -> dict[uuid.UUID, Row]:
    """Who stood where at a time: made by then, and live or ended only afterwards.

    An ended proposal was changed last when it ended.
    """
    return {
        row.apprentice_id: row
        for row in rows
        if row.created_at <= at and (row.status in models.NOT_ENDED or row.changed_at > at)
    }


def _fate(before: Row | None, after: Row | None) -> Fate:
    if before is None:
        return Fate.NEW
    if after is None:
        return Fate.LOST
    if before.window_id != after.window_id:
        return Fate.MOVED
    dates = [(row.first_day, row.last_day) for row in (before, after)]
    return Fate.STAYED if dates[0] == dates[1] else Fate.OTHER_DATES


def _named(
    session: Session, caller: Caller, changed: Iterable[uuid.UUID],
    fates: Mapping[uuid.UUID, Fate], before: Places, after: Places,
) -> list[Difference]:  # fmt: skip
    """The differences of people whom the caller sends, by name."""
    if scope_of(caller.role, Action.PROPOSAL_READ) is None:
        return []
    ids = {row.id for person in changed for row in (before.get(person), after.get(person)) if row}
    mine = store.scopes.cases_in(Scope.SENDING, caller.scope_id)
    cases = {
        case.proposal.id: case
        for some in store.rows.parts(ids)
        for case in store.cases.cases(session, col(models.Proposal.id).in_(some), mine)
    }
    proposals = [case.proposal for case in cases.values()]
    details = store.sealed.details_of(session, "round.compare", proposals)

    def standing(row: Row | None) -> Standing | None:
        if row is None or row.id not in cases:
            return None
        case = cases[row.id]
        return Standing(
            proposal_id=row.id, title=case.offer.title, company=case.company.name,
            town=case.site.town, first_day=row.first_day, last_day=row.last_day,
            status=row.status, fit=details[row.id].score,
        )  # fmt: skip

    people = {case.apprentice.id: case.apprentice for case in cases.values()}
    found = [
        Difference(
            apprentice_id=person, name=f"{row.first_name} {row.last_name}", fate=fates[person],
            before=standing(before.get(person)), after=standing(after.get(person)),
        )
        for person, row in people.items()
    ]  # fmt: skip
    order = list(Fate)
    return sorted(found, key=lambda one: (order.index(one.fate), one.name, one.apprentice_id))
