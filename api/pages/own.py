"""Pages about oneself: whose they are, and for a guardian about whom."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.edge import Permit
from api.errors import NoSuchApprenticeError, NotAllowedError
from api.language import Language
from api.policy import Action
from api.store.scopes import people_in
from models import Role


@dataclass(frozen=True)
class Own:
    """The person whom a page is about, for the one who looks at it."""

    caller: Caller
    person: models.Apprentice
    centre: models.Centre
    language: Language
    mine: ColumnElement[bool]


def own(session: Session, permit: Permit, action: Action, *roles: Role) -> Own:
    """Oneself, or one's ward, for these roles (apprentices where none is named).

    Coordinators and schools have pages of their own for this. Raises NotAllowedError,
    NoSuchApprenticeError.
    """
    caller = permit.caller
    if caller.role not in (roles or (Role.APPRENTICE,)):
        raise NotAllowedError(action)
    mine = people_in(permit.scope, caller.scope_id)
    found = store.apprentices.apprentices(session, mine)
    if not found:
        assert caller.scope_id is not None  # noqa: S101  # an account of these roles has one
        raise NoSuchApprenticeError(caller.scope_id)
    person, centre = found[0]
    return Own(caller, person, centre, Language(caller.language), mine)
