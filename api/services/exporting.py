"""Everything that the service holds about a person, to be read and to be taken along.

GDPR art. 15 and 20. Secrets are left out: they open something and say nothing.
"""

import datetime
import html
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col

import models
from api import chain, store
from api.caller import Caller
from api.errors import NoSuchApprenticeError
from api.personal import PLACES, Ids, Place
from api.policy import Action, scope_of
from api.sealing import bundle
from api.services import records
from models import Role
from models.rights_views import PersonExport

WHY = "rights.export"

KEPT_FROM_GUARDIANS = frozenset({
    models.SupportNeeds, models.AcceptedNeed, models.Consent, models.ProposalDetail,
    models.AuditEvent,
})  # fmt: skip
"""Tables that tell what somebody needs or that there is something: apprentices are promised that
guardians do not see it. Messages, rounds and who opened something are kept from them as well.
"""

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

NOBODY = {"role": "", "name": "", "of": ""}
"""The service itself, or an account that is gone."""


def export(session: Session, caller: Caller, person: uuid.UUID, mine: Any) -> PersonExport:
    """All of it; that it was given out stands in the audit. Raises NoSuchApprenticeError.

    To a guardian without what the guardian may not know (`KEPT_FROM_GUARDIANS`).
    """
    row = store.people.person(session, person, mine)
    if row is None:
        raise NoSuchApprenticeError(person)
    ids = store.personal.ids_of(session, person)
    is_whole = caller.role != Role.GUARDIAN
    given = [one for one in PLACES if is_whole or one.table not in KEPT_FROM_GUARDIANS]
    parts = {place.name: _part(session, place, ids) for place in given}
    if is_whole:
        parts["message"] = _messages(session, ids)
        parts["round"] = _rounds(session, person)
    records.note(session, caller, "rights.exported", row)
    return PersonExport(
        apprentice_id=person, made_at=caller.now,
        parts={name: rows for name, rows in parts.items() if rows},
        opened=_opened(session, person) if is_whole else [],
    )  # fmt: skip


def _part(session: Session, place: Place, ids: Ids) -> list[dict[str, Any]]:
    rows = store.personal.rows_of(session, place, ids)
    opened = _unsealed(session, place, rows)
    return [
        {
            name: _plain(value)
            for name, value in {**row.model_dump(), **opened.get(row.id, {})}.items()
            if name not in place.secret
        }
        for row in rows
    ]


def _unsealed(session: Session, place: Place, rows: list[Any]) -> dict[uuid.UUID, dict[str, Any]]:
    """The opened values of sealed rows, by row id."""
    if place.table is models.SupportNeeds:
        needs, _ = store.sealed.needs_of(session, WHY, rows)
        return {one.id: _values(one) for one in needs}
    if place.table is models.AcceptedNeed:
        return {one.id: _values(one) for one in store.sealed.accepted_of(session, WHY, rows)}
    if place.table is models.Consent:
        items = store.sealed.items_of(session, WHY, rows)
        return {identity: {"item": item} for identity, item in items.items()}
    if place.table is models.ProposalDetail:
        proposals = store.rows.every(
            session, models.Proposal,
            col(models.Proposal.id).in_([row.proposal_id for row in rows]),
        )  # fmt: skip
        known = store.sealed.details_of(session, WHY, proposals)
        return {row.id: {"details": None, **_values(known[row.proposal_id])} for row in rows}
    if place.table is models.AuditEvent:
        told = chain.details_of(session, rows)
        return {row.id: {"data": told[row.id]} for row in rows}
    return {}


def _values(one: Any) -> dict[str, Any]:
    return dict(vars(one))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | StrEnum):
        return str(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return value


def _messages(session: Session, ids: Ids) -> list[dict[str, Any]]:
    """Messages about the person: to whom, which text, when. Names are put in when they are sent."""
    named = ids.all()
    return [
        {
            "address": mail.address, "text": mail.text, "created_at": mail.created_at.isoformat(),
            "sent_at": _plain(mail.sent_at), "data": mail.data,
        }
        for mail in store.personal.every_row(session, models.OutboxMail)
        if any(str(value) in named for value in mail.data.values())
    ]  # fmt: skip


def _rounds(session: Session, person: uuid.UUID) -> list[dict[str, Any]]:
    """What each round was told of the person, and said."""
    vault, found = chain.vault_of(session), []
    for row in store.rows.every(session, models.Round, col(models.Round.files).is_not(None)):
        part = bundle.parts_of(vault, row.id, row.files or b"", [person]).get(person)
        if part is not None:
            found.append({"id": str(row.id), "finished_at": _plain(row.finished_at), **part})
    return found


def _opened(session: Session, person: uuid.UUID) -> list[dict[str, Any]]:
    """Who opened what was sealed of this person, when and why."""
    events = list(
        store.personal.every_row(
            session, models.AuditEvent, col(models.AuditEvent.action) == "sealed.read"
        )
    )
    told = chain.details_of(session, events)
    about = [
        event for event in sorted(events, key=lambda event: event.position)
        if event.row_id == person or str(person) in told[event.id].get("people", ())
    ]  # fmt: skip
    known = _who(session, (one.actor_id for one in about if one.actor_id is not None))
    return [
        {
            "when": event.created_at.isoformat(), "why": told[event.id].get("why", ""),
            "account": None if event.actor_id is None else str(event.actor_id),
            **known.get(event.actor_id, NOBODY),
        }
        for event in about
    ]  # fmt: skip


def _who(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID | None, dict[str, str]]:
    """Role, name and organisation of accounts, by their ids.

    Coordinators and administrators act for the alliance and are named; of a host the company is
    named and not who looked there (docs/privacy.md, "The audit").
    """
    users = store.rows.every(session, models.User, col(models.User.id).in_(set(ids)))
    regions = {user.region_id for user in users}
    companies = {user.company_id for user in users}
    tables: tuple[tuple[Any, Any], ...] = ((models.Region, regions), (models.Company, companies))
    names = {
        row.id: row.name
        for table, wanted in tables
        for row in store.rows.every(session, table, col(table.id).in_(wanted))
    }
    return {
        user.id: {
            "role": str(user.role), "name": "" if user.role == Role.COMPANY else user.name,
            "of": next(
                (names[one] for one in (user.region_id, user.company_id) if one in names), ""
            ),
        }
        for user in users
    }  # fmt: skip


def names_in(session: Session, caller: Caller, found: PersonExport) -> dict[str, str]:
    """What ids in an export are called: calls, schools, regions, companies, places, who acts.

    Places of proposals that were not asked of the person yet have no name here.
    """
    ids = {uuid.UUID(text) for text in _ids_in([found.parts, found.opened])}
    tables: tuple[Any, ...] = (models.Call, models.Centre, models.Region, models.Company)
    named = {
        row.id: row.name
        for table in tables
        for row in store.rows.every(session, table, col(table.id).in_(ids))
    }
    offers = store.rows.every(session, models.Offer, col(models.Offer.id).in_(ids))
    named |= {row.id: row.title for row in offers}
    scope = scope_of(caller.role, Action.PROPOSAL_READ)
    if scope is not None:
        known = store.cases.cases(session, store.scopes.cases_in(scope, caller.scope_id))
        named |= {one.window.id: f"{one.offer.title}, {one.company.name}" for one in known}
    who = _who(session, ids)
    named |= {
        identity: ", ".join(part for part in (one["name"], one["of"]) if part)
        for identity, one in who.items()
    }
    return {str(identity): name for identity, name in named.items()}


def _ids_in(value: Any) -> Iterator[str]:
    """The texts in a value that are ids."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _ids_in([key, one])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _ids_in(one)
    elif isinstance(value, str) and ID.fullmatch(value):
        yield value


def as_html(found: PersonExport) -> str:
    """The same to be read: a heading and a table for each kind of row."""
    sections = "".join(
        f"<h2>{html.escape(name.replace('_', ' '))}</h2>" + "".join(_table(row) for row in rows)
        for name, rows in {**found.parts, "who opened sealed data": found.opened}.items()
    )
    title = f"Everything about {found.apprentice_id}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>Made on {found.made_at:%d %B %Y, %H:%M} UTC.</p>{sections}</body></html>"
    )


STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:0 0 1.5rem}"
    "th,td{text-align:left;vertical-align:top;border-bottom:1px solid #767676;padding:.25rem .5rem}"
    "th{width:14rem;font-weight:600}td{overflow-wrap:anywhere}"
)


def _table(row: dict[str, Any]) -> str:
    lines = "".join(
        f'<tr><th scope="row">{html.escape(name.replace("_", " "))}</th>'
        f"<td>{html.escape('' if value is None else str(value))}</td></tr>"
        for name, value in row.items()
        if value not in (None, "", [], {})
    )
    return f"<table>{lines}</table>"
