"""What other weights would change now, computed at once; nothing is stored and nobody is told."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

import matcher
import models
from api import store
from api.caller import Caller
from api.errors import CallNotOpenError, NoSuchCallError, TrialRefusedError
from api.services.problems import to_problem
from api.services.settings import checked_value
from api.store.snapshots import Snapshot
from matcher.problem import Policy
from models import CallStatus, Role
from models.round_views import Fate

MOST_PEOPLE = 1_000
MOST_PAIRS = 1_000_000
"""Up to so many people, and people times windows, other weights are tried within a request.

Measured in seconds of a processor: the demo alliance (240 people, 130 windows) takes 0.7 in all,
of which the engine's two runs are 0.2; these are 0.3 for 1,000 people beside 400 windows, and what
else is done grows with the rows: about 3 at the bound. A process of its own would need 2.9 to load
the engine alone. Reasons and certificate are left out: with them one run of the demo takes 0.4.
"""


@dataclass(frozen=True)
class Moved:
    """Somebody of the own region with another place; points count with the weights tried."""

    apprentice_id: uuid.UUID
    name: str
    fate: Fate
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Trial:
    """What a matching would do now with other weights, beside one with those that hold.

    `counts` are of everybody. Points rest on what people need: `own`, and the sums `before` and
    `after` of all own people, are there for coordinators only, of the region that they send from.
    """

    call: models.Call
    counts: Mapping[Fate, int]
    own: tuple[Moved, ...]
    before: float | None
    after: float | None


def open_call(session: Session, code: str) -> models.Call:
    """The open call that something is tried in. Raises NoSuchCallError, CallNotOpenError."""
    call = store.calls.call_by_code(session, code)
    if call is None:
        raise NoSuchCallError(code)
    if call.status != CallStatus.OPEN:
        raise CallNotOpenError(code, call.status)
    return call


def is_too_large(session: Session, call: models.Call) -> bool:
    """Whether only a trial matching, in a process of its own, can compute this call."""
    people, windows = store.snapshots.size(session, call.id)
    return people > MOST_PEOPLE or people * windows > MOST_PAIRS


def weights(session: Session, caller: Caller, call: models.Call, value: Mapping[str, Any]) -> Trial:
    """What these weights would change. Raises BadSettingError, TrialRefusedError.

    Both are computed on what is stored now, and the places of both are counted with the same
    weights, those that are tried: otherwise two measures would be compared.
    """
    tried = checked_value("weights", value)
    found = store.snapshots.snapshot(session, call.id)
    try:
        problem, _ = matcher.without_faulty_locks(to_problem(found, caller.today))
        policy = problem.policy.model_copy(update={"weights": Policy(weights=tried).weights})
        other = problem.model_copy(update={"policy": policy})
        before, after = matcher.outline(problem), matcher.outline(other)
    except (ValueError, matcher.SolverError) as error:
        raise TrialRefusedError from error
    fates = {
        person.id: fate
        for person in found.apprentices
        if (fate := _fate(before.get(str(person.id)), after.get(str(person.id)))) is not None
    }
    counted = Counter(fates.values())
    trial = Trial(
        call, {fate: counted[fate] for fate in Fate if fate != Fate.OTHER_DATES}, (), None, None
    )
    own = _own_people(found, caller)
    if not own:
        return trial
    fits = [matcher.points(other, places) for places in (before, after)]
    old, new = ({one: fit[str(one)] for one in own if str(one) in fit} for fit in fits)
    moved = [
        Moved(one, f"{row.first_name} {row.last_name}", fates[one], old.get(one), new.get(one))
        for one, row in own.items()
        if fates.get(one, Fate.STAYED) != Fate.STAYED
    ]
    order = list(Fate)
    moved.sort(key=lambda one: (order.index(one.fate), one.name, one.apprentice_id))
    return replace(trial, own=tuple(moved), before=sum(old.values()), after=sum(new.values()))


def _fate(before: str | None, after: str | None) -> Fate | None:
    """What becomes of somebody's place; None for who has none either way."""
    if before == after:
        return Fate.STAYED if before is not None else None
    if before is None:
        return Fate.NEW
    return Fate.LOST if after is None else Fate.MOVED


def _own_people(found: Snapshot, caller: Caller) -> dict[uuid.UUID, models.Apprentice]:
    """The people whom a coordinator sends, by their ids; none for everybody else."""
    if caller.role != Role.COORDINATOR:
        return {}
    centres = {centre.id for centre in found.centres if centre.region_id == caller.scope_id}
    return {row.id: row for row in found.apprentices if row.centre_id in centres}
