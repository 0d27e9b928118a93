"""Consents: given, recorded, taken back. Whose they are was decided before (the `mine`).

Whoever is too young needs the guardian's consent as well as the own one. The own one comes first:
a guardian confirms what a ward has agreed to, and learns of no other need.
"""

import dataclasses
import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col

import models
from api import consent, store
from api.caller import Caller
from api.errors import (
    ConsentHeardError,
    ConsentTextError,
    GuardianNotAskedError,
    NoSuchApprenticeError,
    NoSuchCompanyError,
    NoSuchConsentError,
    NotTheirNeedError,
    NotYoursToAnswerError,
    UnknownNeedError,
)
from api.services import records
from api.services.apprentices import Found, Mine, held
from api.store.consents import Recipient
from matcher.limits import age_on
from matcher.vocabulary import default_reference
from models import Channel, Consent, Party, Role
from models.consent_views import ConsentAsked, ConsentShown

SPEAKS_AS = {Role.APPRENTICE: Party.APPRENTICE, Role.GUARDIAN: Party.GUARDIAN}
"""As whom an account consents; coordinators record what both said."""


@dataclasses.dataclass(frozen=True)
class Youth:
    """When somebody was born, and the country that sends him or her."""

    birth_date: datetime.date
    country: str

    def needs_guardian(self, row: Consent, hosting: str) -> bool:
        """Whether the person was too young on the day of the consent for the own to be enough.

        The higher age of the sending and the hosting country counts.
        """
        age = age_on(self.birth_date, row.given_on)
        return age < consent.own_from((self.country, hosting))


def in_effect(rows: Sequence[Consent], youth: Youth, hosting: str) -> bool:
    """Whether consents that are about one item and one company, together, let it be told."""
    active = [row for row in rows if row.withdrawn_at is None]
    own = [row for row in active if row.given_by == Party.APPRENTICE]
    of_guardian = any(row.given_by == Party.GUARDIAN for row in active)
    return any(of_guardian or not youth.needs_guardian(row, hosting) for row in own)


def all_of(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, mine: Mine
) -> list[ConsentShown]:
    """The consents of somebody that the caller may know of. Raises NoSuchApprenticeError."""
    found = store.apprentices.apprentices(session, col(models.Apprentice.id) == apprentice_id, mine)
    if not found:
        raise NoSuchApprenticeError(apprentice_id)
    return _Consents(session, caller, found[0], "consents.read").shown()


def give(
    session: Session, caller: Caller, apprentice_id: uuid.UUID, asked: ConsentAsked, mine: Mine
) -> ConsentShown:
    """One need may be told to one company. The same once more is the consent that there is.

    Raises NoSuchApprenticeError, NoSuchCompanyError, NotYoursToAnswerError, ConsentHeardError,
    ConsentTextError, UnknownNeedError, NotTheirNeedError, GuardianNotAskedError.
    """
    found = held(session, apprentice_id, mine)
    company = session.get(models.Company, asked.company_id)
    if company is None:
        raise NoSuchCompanyError(asked.company_id)
    row = _as_said(caller, apprentice_id, asked)
    _check_text(row, caller)
    if asked.item not in default_reference().codes("needs"):
        raise UnknownNeedError
    known = _Consents(session, caller, found, "consent.give", company)
    too_young = known.youth.needs_guardian(row, known.countries[company.region_id])
    if caller.role == Role.GUARDIAN:
        if not known.waits_for_guardian(asked.company_id, asked.item):
            raise GuardianNotAskedError
    else:
        needs = store.sealed.needs_of_one(session, "consent.give", apprentice_id)
        if needs is None or asked.item not in needs.needs:
            raise NotTheirNeedError
        if row.given_by == Party.GUARDIAN and not too_young:
            raise GuardianNotAskedError
    same = known.same_as(row, asked.item, too_young=too_young)
    if same is not None:
        return known.shown_one(same.id)
    row.item = store.sealed.sealed_item(session, row.id, apprentice_id, asked.item)["item"]
    session.add(row)
    records.note(
        session, caller, "consent.given", row, company=row.company_id, by=str(row.given_by),
        channel=str(row.channel), text=row.text_version, language=row.language,
    )  # fmt: skip
    session.flush()
    if row.given_by == Party.APPRENTICE and too_young:
        _ask_guardians(session, caller, found)
    return _Consents(session, caller, found, "consent.give").shown_one(row.id)


def withdraw(session: Session, caller: Caller, consent_id: uuid.UUID, mine: Mine) -> ConsentShown:
    """Take a consent back, and others of the same person for the same. Once more changes nothing.

    Raises NoSuchConsentError, NotYoursToAnswerError.
    """
    apprentice_id = store.consents.whose(session, consent_id, mine)
    if apprentice_id is None:
        raise NoSuchConsentError(consent_id)
    known = _Consents(session, caller, held(session, apprentice_id, mine), "consent.withdraw")
    row = known.visible().get(consent_id)
    if row is None:
        raise NoSuchConsentError(consent_id)
    if SPEAKS_AS.get(caller.role, row.given_by) != row.given_by:  # type: ignore[arg-type]  # signed in
        raise NotYoursToAnswerError(row.given_by)
    for one in known.alike(row):
        one.withdrawn_at, one.withdrawn_by = caller.now, caller.user_id
        records.note(session, caller, "consent.withdrawn", one, company=one.company_id)
    session.flush()
    return known.shown_one(consent_id)


def _ask_guardians(session: Session, caller: Caller, found: Found) -> None:
    """Tell who must consent too; the coordinators where no guardian has an account.

    The message names neither need nor company.
    """
    person, centre = found
    party, users = Party.GUARDIAN, store.cases.accounts_of(session, Party.GUARDIAN, person.id)
    if not users:
        party = Party.SENDING_COORDINATOR
        users = store.cases.coordinators(
            session, centre.region_id, caller.today, apprentice_id=person.id
        )
    for user in users:
        records.tell(
            session, caller, user.email, user.language, "consent_waits", apprentice=person.id,
            party=party,
        )  # fmt: skip


class _Consents:
    """The consents of a person that the caller may know of, opened."""

    def __init__(
        self, session: Session, caller: Caller, found: Found, why: str, *others: models.Company
    ) -> None:
        person, centre = found
        self.rows: list[Recipient] = store.consents.of_person(session, person.id)
        companies = [*others, *(company for _, company in self.rows)]
        regions = {centre.region_id, *(company.region_id for company in companies)}
        self.countries: Mapping[uuid.UUID, str] = store.regions.countries(session, regions)
        self.youth = Youth(person.birth_date, self.countries[centre.region_id])
        self.hosting = {row.id: self.countries[company.region_id] for row, company in self.rows}
        if caller.role == Role.GUARDIAN:
            self.rows = [one for one in self.rows if self._concerns_guardians(one[0])]
        self.items = store.sealed.items_of(session, why, [row for row, _ in self.rows])

    def _concerns_guardians(self, row: Consent) -> bool:
        return row.given_by == Party.GUARDIAN or self._needs_guardian(row)

    def _needs_guardian(self, row: Consent) -> bool:
        own = row.given_by == Party.APPRENTICE
        return own and self.youth.needs_guardian(row, self.hosting[row.id])

    def visible(self) -> dict[uuid.UUID, Consent]:
        """The rows that the caller may know of, by their ids."""
        return {row.id: row for row, _ in self.rows}

    def waits_for_guardian(self, company_id: uuid.UUID, item: str) -> bool:
        """Whether the own consent to this is there, and is not enough."""
        return any(
            self._needs_guardian(row) and row.withdrawn_at is None
            for row in self._about(company_id, item)
        )

    def same_as(self, row: Consent, item: str, *, too_young: bool) -> Consent | None:
        """The consent that says the same already.

        One from when the person was too young is another one: it counts for less.
        """
        for one in self._about(row.company_id, item):
            says_the_same = all(getattr(one, name) == getattr(row, name) for name in SAID)
            young = self.youth.needs_guardian(one, self.hosting[one.id])
            if one.withdrawn_at is None and says_the_same and young == too_young:
                return one
        return None

    def alike(self, row: Consent) -> list[Consent]:
        """It and all others that the same party gave for the same and that hold still."""
        item = self.items.get(row.id)
        about = self._about(row.company_id, item) if item else [row]
        return [one for one in about if one.given_by == row.given_by and one.withdrawn_at is None]

    def _about(self, company_id: uuid.UUID, item: str) -> list[Consent]:
        return [
            row
            for row, _ in self.rows
            if row.company_id == company_id and self.items.get(row.id) == item
        ]

    def shown(self) -> list[ConsentShown]:
        """All of them."""
        return [self._view(row, company) for row, company in self.rows]

    def shown_one(self, consent_id: uuid.UUID) -> ConsentShown:
        """One of them."""
        (found,) = (one for one in self.rows if one[0].id == consent_id)
        return self._view(*found)

    def _view(self, row: Consent, company: models.Company) -> ConsentShown:
        item = self.items.get(row.id)
        about = self._about(row.company_id, item) if item else []
        values: dict[str, Any] = {
            name: getattr(row, name)
            for name in ConsentShown.model_fields.keys() & Consent.model_fields.keys()
        }
        values |= {
            "item": item, "company": company.name, "given_at": row.created_at,
            "needs_guardian": self._needs_guardian(row),
            "in_effect": (
                row.withdrawn_at is None
                and in_effect(about, self.youth, self.hosting[row.id])
            ),
        }  # fmt: skip
        return ConsentShown(**values)


SAID = ("given_by", "channel", "heard_from", "heard_on", "text_version", "language")
"""Columns in which the same consent is the same."""


def _as_said(caller: Caller, apprentice_id: uuid.UUID, asked: ConsentAsked) -> Consent:
    """The row, without its item, of what an account says or a coordinator has heard."""
    assert caller.role is not None and caller.user_id is not None  # noqa: S101, PT018  # signed in
    giver, recorded = SPEAKS_AS.get(caller.role), caller.role == Role.COORDINATOR
    heard = (asked.channel, asked.heard_from, asked.heard_on)
    if giver is not None and asked.given_by not in (None, giver):
        raise NotYoursToAnswerError(str(asked.given_by))
    giver = giver or asked.given_by
    is_later = asked.heard_on is not None and asked.heard_on > caller.today
    if giver is None or is_later or not (all(heard) if recorded else not any(heard)):
        raise ConsentHeardError(recorded=recorded)
    return Consent(
        id=caller.new_id(), created_at=caller.now, apprentice_id=apprentice_id,
        company_id=asked.company_id, item=b"", given_by=giver, made_by=caller.user_id,
        channel=asked.channel or Channel.ACCOUNT, heard_from=asked.heard_from or "",
        heard_on=asked.heard_on, text_version=asked.text_version, language=asked.language,
    )  # fmt: skip


def _check_text(row: Consent, caller: Caller) -> None:
    """Who consents has read the newest text; on paper it may be the one of that day or before."""
    text = consent.text_of(row.text_version, row.language)
    newest = consent.newest(caller.today)
    is_old = row.heard_on is None and row.text_version != newest
    if text is None or text.since > row.given_on or is_old:
        there = [one.language for one in consent.texts() if one.version == newest]
        raise ConsentTextError(newest or None, there)
