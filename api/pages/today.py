"""What waits for somebody today, what comes up, and where everything stands."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.caller import Caller
from api.edge import Permit, Reading, language_of, may
from api.language import N_, NN_, Language
from api.pages.frame import go_to, show
from api.pages.next_step import Maker
from api.pages.today_company import of_company
from api.pages.today_person import of_apprentice, of_guardian
from api.pages.today_school import of_school
from api.pages.words import located
from api.policy import Action, scope_of
from api.services import clock, standing, waiting
from api.services.standing import Matched
from api.services.waiting import Waiting
from models import Role
from models.placement_views import (
    PlacementForApprentice,
    PlacementForCompany,
    PlacementForHosting,
    PlacementShown,
)

router = APIRouter()

Told = TypeVar("Told")


@dataclass(frozen=True)
class Item:
    """Something that waits or comes up: what, until when, and where it is looked at."""

    what: str
    path: str
    when: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of thing that waits: how many, how it is said, where it leads by role.

    `paths` has the address for a role, or for all others under None.
    """

    count: Callable[[Waiting], int | None]
    one: str
    many: str
    paths: dict[Role | None, str]


KINDS: tuple[Kind, ...] = (
    Kind(
        lambda found: found.on_hold,
        *NN_(
            "{n} proposal on hold: something has changed",
            "{n} proposals on hold: something has changed",
        ),
        {None: "/proposals?status=on_hold"},
    ),
    Kind(
        lambda found: found.held_placements,
        *NN_(
            "{n} booked stay breaks a rule since a change",
            "{n} booked stays break a rule since a change",
        ),
        {None: "/placements?held=true"},
    ),
    Kind(
        lambda found: found.deadlines,
        *NN_("{n} answer is due within three days", "{n} answers are due within three days"),
        {None: "/proposals?due=3"},
    ),
    Kind(
        lambda found: found.guardians_missing,
        *NN_(
            "{n} young person has a proposal and no guardian on record",
            "{n} young people have a proposal and no guardian on record",
        ),
        {None: "/proposals?guardian=missing"},
    ),
    Kind(
        lambda found: found.calls,
        *NN_("{n} person to call", "{n} people to call"),
        {None: "/messages"},
    ),
    Kind(
        lambda found: found.undelivered,
        *NN_("{n} message could not be delivered", "{n} messages could not be delivered"),
        {None: "/messages"},
    ),
    Kind(
        lambda found: found.provision_questions,
        *NN_("{n} question about what a workplace has", "{n} questions about what workplaces have"),
        {Role.COMPANY: "/offers", None: "/hosts"},
    ),
    Kind(
        lambda found: found.friend_wishes,
        *NN_(
            "{n} friend would like to travel with you", "{n} friends would like to travel with you"
        ),
        {None: "/profile"},
    ),
)
"""What waits besides answers and questions, the most pressing first."""

TO_ANSWER: dict[Role | None, tuple[str, str]] = {
    None: NN_("{n} proposal to decide", "{n} proposals to decide"),
    Role.COMPANY: NN_("{n} person could come to you", "{n} people could come to you"),
    Role.APPRENTICE: NN_("A place is proposed to you", "{n} places are proposed to you"),
    Role.GUARDIAN: NN_(
        "A place is proposed to your child: please answer", "{n} places are proposed: please answer"
    ),
}
"""How each reads that answers are waited for."""

QUESTIONS: dict[Role | None, tuple[str, str]] = {
    None: NN_(
        "{n} host asks something before it answers", "{n} questions of hosts wait for a reply"
    ),
    Role.COMPANY: NN_(
        "{n} question of yours waits for a reply", "{n} questions of yours wait for a reply"
    ),
}

NOTHING = N_("Nothing waits for you. New things come by mail, too.")
"""In the office; everybody else reads what is next."""

OWN: dict[Role, Maker] = {
    Role.COMPANY: of_company, Role.APPRENTICE: of_apprentice, Role.GUARDIAN: of_guardian,
    Role.CENTRE: of_school,
}  # fmt: skip
"""Who reads besides where the own things stand, and what is next."""


@router.get("/today")
def today(request: Request, session: Reading, permit: Permit = may(Action.TODAY_READ)) -> Response:
    """What waits for whoever looks; for nobody's side nothing does, there is how it all runs."""
    caller = permit.caller
    scope = scope_of(caller.role, Action.WAITING_READ) if caller.role else None
    if scope is None:
        return go_to(request, "/status")
    language = Language(language_of(request), clock.zone_of(session, caller))
    found = waiting.waiting(session, caller, scope)
    where = standing.standing(session, caller)
    matched = standing.last_matching(session, caller)
    make = OWN.get(caller.role) if caller.role else None
    return show(
        request, "today.html", mine=make(session, language, permit, found) if make else None,
        items=list(_items(language, caller.role, found)),
        coming=list(_coming(session, language, caller, found)), where=where,
        share=_share(where), matched=matched,
        matching=_matched(language, matched) if matched else "",
        nothing=language.phrase(NOTHING),
    )  # fmt: skip


def _items(language: Language, role: Role | None, found: Waiting) -> Iterator[Item]:
    """What waits, the most pressing first; what is at nought is left out."""
    to_answer = sum(found.proposals.values())
    if to_answer:
        one, many = _of_role(TO_ANSWER, role)
        yield Item(language.phrase_count(one, many, to_answer), "/proposals?waiting=me")
    if found.open_questions and role != Role.COMPANY:
        one, many = _of_role(QUESTIONS, role)
        yield Item(
            language.phrase_count(one, many, found.open_questions), "/proposals?question=open"
        )
    for kind in KINDS:
        count = kind.count(found)
        if count:
            yield Item(language.phrase_count(kind.one, kind.many, count),
                       _of_role(kind.paths, role))  # fmt: skip


def _coming(session: Session, language: Language, caller: Caller, found: Waiting) -> Iterator[Item]:
    """What comes up: offers that end, the next matching, stays that begin."""
    if found.ending_offers:
        what = language.phrase_count(
            "{n} offer ends within 30 days", "{n} offers end within 30 days", found.ending_offers
        )
        yield Item(what, "/offers" if caller.role == Role.COMPANY else "/hosts")
    if found.open_questions and caller.role == Role.COMPANY:
        one, many = QUESTIONS[Role.COMPANY]
        yield Item(
            language.phrase_count(one, many, found.open_questions), "/proposals?question=open"
        )
    following = standing.next_matching(session, caller)
    if following:
        yield Item(language.phrase("Next matching"), "/matchings",
                   language.moment(following, language.zone))  # fmt: skip
    for stay in standing.beginning(session, caller):
        yield Item(_begins(language, stay), f"/proposals/{stay.proposal_id}",
                   _in_days(language, stay.first_day, caller.today))  # fmt: skip


def _begins(language: Language, stay: PlacementShown) -> str:
    match stay:
        case PlacementForApprentice():
            return language.phrase(
                "The stay at {host} begins", host=located(stay.work.company, stay.work.town)
            )
        case PlacementForHosting() | PlacementForCompany():
            return language.phrase(
                "{name} arrives at {host}", name=stay.person.first_name, host=stay.work.company
            )
        case _:
            return language.phrase(
                "{name} leaves for {town}", name=f"{stay.first_name} {stay.last_name}",
                town=stay.work.town,
            )  # fmt: skip


def _in_days(language: Language, day: datetime.date, today: datetime.date) -> str:
    left = (day - today).days
    if left == 0:
        return language.phrase("today")
    inside = language.phrase_count("in {n} day", "in {n} days", left)
    return f"{language.short_day(day)} · {inside}"


def _matched(language: Language, matched: Matched) -> str:
    """The last matching in one line."""
    proposed = language.phrase_count(
        "{n} proposal made", "{n} proposals made", matched.proposed
    )  # fmt: skip
    left = language.phrase_count(
        "{n} of your people without a place", "{n} of your people without a place",
        matched.unmatched,
    )  # fmt: skip
    first = language.phrase("Trial matching, nobody is told") if matched.is_preview else proposed
    day = language.day_of(matched.finished_at) if matched.finished_at else ""
    return " · ".join(part for part in (day, first, left) if part)


def _share(where: standing.Standing | None) -> float:
    """How much of the bar of the placed is full, in 100."""
    if where is None or not where.selected:
        return 0.0
    return round(min(1.0, where.sent / where.selected) * 100, 1)


def _of_role(table: dict[Role | None, Told], role: Role | None) -> Told:
    return table.get(role, table[None])
