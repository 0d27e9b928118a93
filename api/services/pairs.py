"""One person beside one window or all open ones: what the engine says, without a round."""

import datetime
import uuid
from dataclasses import dataclass

from sqlmodel import Session

import matcher
import models
from api import store
from api.services.problems import to_problem
from matcher.problem import Problem, WishedDays
from matcher.result import Explanation

Stay = tuple[datetime.date, datetime.date]
"""First and last day of a stay, both included."""

SHIFTS = (0, -7, 7, -14, 14)
"""By so many days a stay is moved to look for another host: the same dates first."""


def look_at(
    session: Session, call_id: uuid.UUID, apprentice: uuid.UUID, window: uuid.UUID,
    today: datetime.date, stay: Stay | None = None,
) -> Explanation:  # fmt: skip
    """What the hard rules and criteria say of one pair, places apart.

    With a `stay`, of exactly these days (and any weekday); one outside the person's own window
    and lengths is refused by `dates`. Without one the engine chooses the days.
    """
    found = store.snapshots.snapshot_of_pairs(session, call_id, [apprentice], [window])
    problem = _without_choice(to_problem(found, today))
    on_these_days = _on(problem, stay) if stay else problem
    if on_these_days is None or not problem.offers:
        return _refused(apprentice, window, ("dates",))
    return matcher.explain(on_these_days, str(apprentice), str(window))


def suggestions(
    session: Session, call_id: uuid.UUID, apprentice: uuid.UUID, today: datetime.date,
    *, most: int = 10, stay: Stay | None = None,
) -> tuple[Explanation, ...]:  # fmt: skip
    """The best windows with a place left that a person could go to, best first."""
    found = store.snapshots.snapshot_of_pairs(session, call_id, [apprentice])
    problem = _without_choice(to_problem(found, today))
    on_these_days = _on(problem, stay) if stay else problem
    if on_these_days is None:
        return ()
    return matcher.suggest(on_these_days, str(apprentice), most)


@dataclass(frozen=True)
class OtherHost:
    """A window somebody could go to instead, its dates moved by `shift` days."""

    shift: int
    explanation: Explanation


def other_hosts(
    session: Session, call_id: uuid.UUID, apprentice: uuid.UUID, today: datetime.date, stay: Stay
) -> list[OtherHost]:
    """Where a person could go whose host is gone: the same dates first, then a week or two off.

    A window is named once, with the dates nearest to those that were agreed.
    """
    found: dict[str, OtherHost] = {}
    for shift in SHIFTS:
        moved = stay[0] + datetime.timedelta(shift), stay[1] + datetime.timedelta(shift)
        for one in suggestions(session, call_id, apprentice, today, stay=moved):
            found.setdefault(one.offer, OtherHost(shift, one))
    return list(found.values())


def warnings(
    session: Session, call_id: uuid.UUID, apprentice: uuid.UUID, window: uuid.UUID,
    said: Explanation,
) -> list[str]:  # fmt: skip
    """What speaks against a possible pair, and can be overridden with a reason.

    `forbidden`: a coordinator forbade it. `soft_need`: a soft need is not provided.
    `outcomes`: no learning outcome is covered. `start_weekday`: stays usually begin on others.
    """
    found = store.snapshots.snapshot_of_pairs(session, call_id, [apprentice], [window])
    problem = to_problem(found, said_day(said))
    value = {part.criterion: part.value for part in said.parts}
    weekdays = problem.policy.start_weekdays
    checks = {
        "forbidden": (str(apprentice), str(window)) in problem.policy.forbids,
        "soft_need": value["inclusion"] < 1,
        "outcomes": value["outcomes"] == 0,
        "start_weekday": bool(weekdays) and said_day(said).isoweekday() not in weekdays,
    }
    return [name for name, met in checks.items() if met]


def said_day(said: Explanation) -> datetime.date:
    """The first day of a possible pair."""
    return datetime.date.fromisoformat(said.start or "")


def rules_broken(
    session: Session, proposal: models.Proposal | models.Placement, call_id: uuid.UUID,
    today: datetime.date,
) -> list[str]:  # fmt: skip
    """The hard rules that a proposal or placement breaks as things stand now.

    A stay that has begun is looked at as on its first day.
    """
    stay = proposal.first_day, proposal.last_day
    day = min(today, proposal.first_day)
    return list(
        look_at(session, call_id, proposal.apprentice_id, proposal.window_id, day, stay).failing
    )


def _without_choice(problem: Problem) -> Problem:
    """Without locks: they are a round's business."""
    return problem.model_copy(update={"policy": problem.policy.model_copy(update={"locks": ()})})


def _on(problem: Problem, stay: Stay) -> Problem | None:
    """The problem in which its one person has exactly these days; None where that cannot be."""
    (person,) = problem.apprentices
    length = (stay[1] - stay[0]).days + 1
    wished = person.days
    inside = person.available_from <= stay[0] and stay[1] <= person.available_to
    if not (inside and wished.min <= length <= wished.max):
        return None
    days = WishedDays(min=length, ideal=max(length, wished.ideal), max=wished.max)
    fixed = {"available_from": stay[0], "available_to": stay[1], "days": days}
    policy = problem.policy.model_copy(update={"start_weekdays": ()})
    return problem.model_copy(
        update={"apprentices": (person.model_copy(update=fixed),), "policy": policy}
    )


def _refused(apprentice: uuid.UUID, window: uuid.UUID, failing: tuple[str, ...]) -> Explanation:
    return Explanation(
        apprentice=str(apprentice), offer=str(window), possible=False, forbidden=False,
        eligible=0, failing=failing, changes=None,
    )  # fmt: skip
