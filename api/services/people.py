"""People for who answers for them: lists, and all that belongs to one of them.

Whose they are was decided before (the `mine` of each function, or the scope).
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import NoSuchApprenticeError, NoSuchEnrolmentError, NotAllowedError
from api.policy import Action, Scope
from api.services.apprentices import Found
from api.services.rights import shown as request_shown
from api.store.apprentices import enrolled_in, has_place
from api.store.rows import contains
from api.store.scopes import known_outside, people_in
from models import CallStatus, Role
from models.apprentice_views import PeopleWanted, PersonListed, PlaceState, TakesPart
from models.rights_views import RightsRequestShown

SEARCHING = frozenset({Role.COORDINATOR, Role.CENTRE})
"""Who looks for people by what they are called."""


def narrowed(
    caller: Caller, scope: Scope, wanted: PeopleWanted, words: str = ""
) -> list[ColumnElement[bool]]:
    """The conditions of a list; `words` are a part of the key or of a name.

    Raises NotAllowedError where somebody else than coordinators and schools looks for names.
    """
    found = [people_in(scope, caller.scope_id)]
    if wanted.call is not None or wanted.status is not None:
        found.append(enrolled_in(wanted.call, wanted.status))
    if wanted.centre is not None:
        found.append(col(models.Centre.code) == wanted.centre)
    if wanted.activity is not None:
        found.append(col(models.Apprentice.activity) == wanted.activity)
    if wanted.has_place is not None:
        placed = has_place(*_known(caller))
        found.append(placed if wanted.has_place else ~placed)
    if words:
        if caller.role not in SEARCHING:
            raise NotAllowedError(Action.APPRENTICE_READ)
        person = models.Apprentice
        named = [col(person.key), col(person.first_name), col(person.last_name)]
        found += [contains(named, word) for word in words.split()]
    return found


def page(
    session: Session, caller: Caller, scope: Scope, wanted: PeopleWanted, words: str = ""
) -> tuple[list[PersonListed], uuid.UUID | None]:
    """A page of people by their names, and after whom the next one begins.

    Raises NotAllowedError.
    """
    conditions = narrowed(caller, scope, wanted, words)
    found = store.apprentices.by_name(
        session, *conditions, after=wanted.after, limit=wanted.limit + 1
    )
    shown = found[: wanted.limit]
    ids = [person.id for person, _ in shown]
    parts = taking_part(session, ids)
    proposed, placed = store.apprentices.proposed_and_placed(session, ids, *_known(caller))
    items = [
        PersonListed(
            **{name: getattr(person, name) for name in OF_PERSON}, centre=centre.name,
            takes_part=parts.get(person.id, []),
            place=(
                PlaceState.PLACED if person.id in placed
                else PlaceState.PROPOSED if person.id in proposed
                else PlaceState.NONE
            ),
        )
        for person, centre in shown
    ]  # fmt: skip
    return items, ids[-1] if len(found) > wanted.limit else None


OF_PERSON = (
    "id", "first_name", "last_name", "birth_date", "activity", "available_from", "available_to",
)  # fmt: skip


def taking_part(
    session: Session, people: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[TakesPart]]:
    """How people take part in calls that are not finished, by their ids."""
    found: dict[uuid.UUID, list[TakesPart]] = {}
    for row, call in store.calls.calls_of_people(session, people):
        part = TakesPart(
            id=row.id, version=row.version, call=call.code, call_name=call.name,
            status=row.status, place_in_queue=row.place_in_queue,
        )  # fmt: skip
        found.setdefault(row.apprentice_id, []).append(part)
    return found


def one(session: Session, apprentice_id: uuid.UUID, mine: ColumnElement[bool]) -> Found:
    """Somebody with the centre. Raises NoSuchApprenticeError."""
    this = col(models.Apprentice.id) == apprentice_id
    found = store.apprentices.apprentices(session, this, mine)
    if not found:
        raise NoSuchApprenticeError(apprentice_id)
    return found[0]


def open_calls(session: Session) -> list[models.Call]:
    """The calls that people can be enrolled in."""
    return store.rows.every(session, models.Call, col(models.Call.status) == CallStatus.OPEN)


def centres(session: Session, caller: Caller, scope: Scope) -> list[models.Centre]:
    """The centres that somebody makes people in, by name."""
    mine = people_in(scope, caller.scope_id)
    return sorted(store.rows.every(session, models.Centre, mine), key=lambda one: one.name)


def destinations(session: Session, home: uuid.UUID | None) -> list[str]:
    """The countries of the partner regions but the own one."""
    regions = store.rows.every(session, models.Region)
    own = {one.country for one in regions if one.id == home}
    return sorted({one.country for one in regions} - own)


@dataclass(frozen=True)
class Reached:
    """How somebody gets in: the account, where there is one."""

    account: models.User | None

    @property
    def is_open(self) -> bool:
        """Whether there is an account that has a password and has not ended."""
        user = self.account
        return user is not None and user.can_sign_in and user.disabled_at is None


def reached(session: Session, role: Role, scope_id: uuid.UUID) -> Reached:
    """The account of an apprentice or a guardian."""
    column: Any = {Role.APPRENTICE: models.User.apprentice_id,
                   Role.GUARDIAN: models.User.guardian_id}[role]  # fmt: skip
    found = store.accounts.accounts(session, col(column) == scope_id, limit=1)
    return Reached(found[0] if found else None)


def requests_of(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, mine: ColumnElement[bool]
) -> list[RightsRequestShown]:
    """What somebody asked for of the own data."""
    this = col(models.RightsRequest.apprentice_id) == apprentice_id
    found = store.people.rights_requests(session, this, mine, done=None)
    return [request_shown(caller, row) for row in found]


def _known(caller: Caller) -> list[ColumnElement[bool]]:
    """Schools know of a proposal once others than coordinators were asked."""
    return [known_outside()] if caller.role == Role.CENTRE else []


def enrolment(
    session: Session, enrolment_id: uuid.UUID, mine: ColumnElement[bool]
) -> tuple[models.Enrolment, models.Call, models.Apprentice]:
    """How somebody takes part in a call. Raises NoSuchEnrolmentError."""
    this = col(models.Enrolment.id) == enrolment_id
    found = store.calls.taking_part(session, this, mine)
    if not found:
        raise NoSuchEnrolmentError(enrolment_id)
    ((row, person),) = found
    return row, session.get_one(models.Call, row.call_id), person


def code_of_call(session: Session, call_id: uuid.UUID) -> str:
    """The code of a call that is there."""
    return session.get_one(models.Call, call_id).code


def hosts_of(session: Session, apprentice_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """The companies of somebody's live proposals and stays, by name."""
    found = store.cases.cases(
        session, col(models.Proposal.apprentice_id) == apprentice_id,
        col(models.Proposal.status).in_(models.NOT_ENDED),
    )  # fmt: skip
    named = {case.company.id: case.company.name for case in found}
    return sorted(named.items(), key=lambda one: one[1])


def regions(session: Session, caller: Caller, scope: Scope) -> list[models.Region]:
    """The partner regions in a scope, by name."""
    mine = store.scopes.regions_in(scope, caller.scope_id)
    return sorted(store.rows.every(session, models.Region, mine), key=lambda one: one.name)
