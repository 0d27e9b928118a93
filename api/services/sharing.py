"""What may be told to which host: somebody's needs beside the hosts that come into question."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.policy import Scope
from api.services import apprentices, consents
from api.services.apprentices import Mine
from api.services.consents import Youth
from models import Party
from models.consent_views import ConsentShown


@dataclass(frozen=True)
class Shareable:
    """One need beside one host.

    `own` and `of_guardian` are the consents that hold, `waits` says that the own one is there and
    a guardian's is needed too, `told` that the host may be told.
    """

    company_id: uuid.UUID
    company: str
    item: str
    own: ConsentShown | None
    of_guardian: ConsentShown | None
    waits: bool
    told: bool


def of_apprentice(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, mine: Mine
) -> list[Shareable]:
    """Every need beside every host of a proposal that one knows of; and what was agreed to before.

    Raises NoSuchApprenticeError.
    """
    given = consents.all_of(session, caller, apprentice_id, mine)
    needs = apprentices.needs(session, apprentice_id, mine).needs
    known = store.cases.cases(
        session,
        store.scopes.cases_in(Scope.SELF, caller.scope_id),
        col(models.Proposal.status).in_(models.NOT_ENDED),
    )
    hosts = {case.company.id: case.company.name for case in known}
    pairs = {(host, item) for host in hosts for item in needs} | _pairs(given)
    names = {one.company_id: one.company for one in given} | hosts
    return _shareable(pairs, names, given)


def of_guardian(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, mine: Mine
) -> list[Shareable]:
    """What a ward agreed to and a guardian is asked about too. Raises NoSuchApprenticeError."""
    given = consents.all_of(session, caller, apprentice_id, mine)
    names = {one.company_id: one.company for one in given}
    return _shareable(_pairs(given), names, given)


def waits_for_guardian(session: Session, person: models.Apprentice, centre: models.Centre) -> bool:
    """Whether somebody agreed to more than the guardians did; nothing sealed is opened for it."""
    rows = [one for one in store.consents.of_person(session, person.id)
            if one[0].withdrawn_at is None]  # fmt: skip
    regions = {centre.region_id, *(company.region_id for _, company in rows)}
    countries = store.regions.countries(session, regions)
    youth = Youth(person.birth_date, countries[centre.region_id])
    open_of = Counter[uuid.UUID]()
    for row, company in rows:
        if row.given_by == Party.GUARDIAN:
            open_of[company.id] -= 1
        elif youth.needs_guardian(row, countries[company.region_id]):
            open_of[company.id] += 1
    return any(count > 0 for count in open_of.values())


def _pairs(given: Sequence[ConsentShown]) -> set[tuple[uuid.UUID, str]]:
    return {
        (one.company_id, one.item)
        for one in given
        if one.withdrawn_at is None and one.item is not None
    }


def _shareable(
    pairs: set[tuple[uuid.UUID, str]], names: dict[uuid.UUID, str], given: Sequence[ConsentShown]
) -> list[Shareable]:
    found = []
    for host, item in sorted(pairs, key=lambda pair: (names[pair[0]], str(pair[0]), pair[1])):
        holding = [
            one
            for one in given
            if (one.company_id, one.item) == (host, item) and one.withdrawn_at is None
        ]
        own = [one for one in holding if one.given_by == Party.APPRENTICE]
        others = [one for one in holding if one.given_by == Party.GUARDIAN]
        found.append(
            Shareable(
                host, names[host], item, own[-1] if own else None, others[-1] if others else None,
                waits=bool(own) and not others and all(one.needs_guardian for one in own),
                told=any(one.in_effect for one in holding),
            )
        )  # fmt: skip
    return found
