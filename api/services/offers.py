"""Offers: made, changed, published, paused, renewed, copied, closed.

Whose they are was decided before (the `mine` of each function).
"""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import NoSuchOfferError, NoSuchSiteError, OfferChangeError, RecordFaultyError
from api.faults import fault
from api.services import provisions, records
from api.services.checking import check_offer, kept_from
from api.services.placements import check_again
from api.statuses import EDIT_OF_FIELD
from api.store.offers import OfferOf
from models import OfferEvent, OfferFields, OfferStatus, OfferWindowFields
from models.base import as_stored
from models.offer_views import OfferNew, OfferRecord, OfferShown, OfferWindowShown
from models.provision_views import CertificateShown

Mine = ColumnElement[bool]

ACTIONS = {
    OfferEvent.PUBLISH: "offer.published",
    OfferEvent.PAUSE: "offer.paused",
    OfferEvent.RENEW: "offer.renewed",
    OfferEvent.CLOSE: "offer.closed",
}
"""How the audit calls what is done with an offer."""


def create(session: Session, caller: Caller, asked: OfferNew, mine: Mine) -> OfferOf:
    """A draft with its windows. Raises NoSuchSiteError, RecordFaultyError, KeyTakenError."""
    provisions.refuse_uncertified(asked.provisions, ())
    if store.companies.site(session, asked.site_id, mine) is None:
        raise NoSuchSiteError(asked.site_id)
    values = kept_from(caller, "offer", None, as_stored(asked, models.Offer))
    return _made(session, caller, values, asked.windows)


def change(
    session: Session, caller: Caller, offer_id: uuid.UUID, asked: OfferRecord, seen: int | None,
    mine: Mine,
) -> OfferOf:  # fmt: skip
    """Replace an offer's fields; what rests on it is looked at, and whom it concerns asked again.

    Raises NoSuchOfferError, StaleVersionError, NoSuchSiteError, RecordFaultyError, KeyTakenError.
    """
    found = held(session, offer_id, seen, mine)
    site = store.companies.site(session, asked.site_id)
    if site is None or site.company_id != found.company.id:
        raise NoSuchSiteError(asked.site_id)
    values = kept_from(caller, "offer", found.offer, as_stored(asked, models.Offer))
    values = check_offer(values, (), caller.today)
    certified = store.provisions.certificates_of(session, [offer_id])[offer_id]
    provisions.refuse_uncertified(values["provisions"], certified)
    with records.unique(session, "offer"):
        changed = records.change(session, caller, found.offer, values)
    if "provisions" in changed:
        provisions.settle(session, caller, {offer_id: values["provisions"]})
    if changed:
        edits = {EDIT_OF_FIELD[name] for name in changed if name in EDIT_OF_FIELD}
        check_again(session, caller, edits, offers=[offer_id])
    return store.offers.offers(session, col(models.Offer.id) == offer_id)[0]


def take_step(
    session: Session, caller: Caller, offer_id: uuid.UUID, event: OfferEvent, seen: int | None,
    mine: Mine,
) -> OfferOf:  # fmt: skip
    """Publish, pause or close an offer. What is published, the engine must be able to use.

    Raises NoSuchOfferError, StaleVersionError, OfferChangeError, RecordFaultyError.
    """
    found = held(session, offer_id, seen, mine)
    _step(session, caller, found.offer, event)
    return found


def renew(
    session: Session, caller: Caller, offer_id: uuid.UUID, windows: Sequence[OfferWindowFields],
    shift_days: int, seen: int | None, mine: Mine,
) -> OfferOf:  # fmt: skip
    """Publish an offer for another time, in these new windows.

    Without any, those that it has are moved by `shift_days`; what is there already or over is
    left out. Raises NoSuchOfferError, StaleVersionError, OfferChangeError, RecordFaultyError,
    KeyTakenError.
    """
    found = held(session, offer_id, seen, mine)
    if not windows:
        known = store.offers.windows_of(session, [offer_id])[offer_id]
        there = {(row.available_from, row.available_to) for row in known}
        moved = [_moved(row, datetime.timedelta(shift_days)) for row in known]
        windows = [
            row
            for row in moved
            if (row.available_from, row.available_to) not in there
            and row.available_to >= caller.today
        ]
    if not windows:
        raise RecordFaultyError([("windows", fault("no_later_window"))])
    check_offer(_values(found.offer), _stored(windows), caller.today)
    _add_windows(session, caller, offer_id, windows)
    _step(session, caller, found.offer, OfferEvent.RENEW)
    return found


def copy(
    session: Session, caller: Caller, offer_id: uuid.UUID, key: str,
    windows: Sequence[OfferWindowFields] | None, mine: Mine,
) -> OfferOf:  # fmt: skip
    """A draft that says the same under another key; without `windows` a year later.

    What was certified at the offer is declared at the copy: nobody has looked at that one.
    Raises NoSuchOfferError, RecordFaultyError, KeyTakenError.
    """
    found = held(session, offer_id, None, mine)
    if windows is None:
        known = store.offers.windows_of(session, [offer_id])[offer_id]
        windows = [_a_year_later(row) for row in known]
    values = {**_values(found.offer), "key": key, "site_id": found.site.id}
    values["provisions"] = provisions.declared(found.offer.provisions)
    return _made(session, caller, values, windows, copy_of=offer_id)


def published_since(
    session: Session, offer_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, datetime.datetime]:  # fmt: skip
    """When offers were published last, by their ids; those of which nothing is known are left out.

    Offers that came in published, as from a file, were never published here.
    """
    return store.audit.last_of(
        session, "offer", offer_ids, [ACTIONS[OfferEvent.PUBLISH], ACTIONS[OfferEvent.RENEW]]
    )


def held(
    session: Session, offer_id: uuid.UUID, seen: int | None, mine: Mine
) -> OfferOf:  # fmt: skip
    """An offer for a change. Raises NoSuchOfferError, StaleVersionError."""
    found = store.offers.hold_offer(session, offer_id, mine)
    if found is None:
        raise NoSuchOfferError(offer_id)
    records.check_version("offer", found.offer, seen)
    return found


def shown(session: Session, found: Sequence[OfferOf]) -> list[OfferShown]:
    """Offers with their windows and certificates."""
    ids = [one.offer.id for one in found]
    windows = store.offers.windows_of(session, ids)
    certificates = store.provisions.certificates_of(session, ids)
    return [
        _shown(one, windows[one.offer.id], certificates[one.offer.id].values()) for one in found
    ]


def window_shown(row: models.OfferWindow) -> OfferWindowShown:
    """A window."""
    return OfferWindowShown(**{n: getattr(row, n) for n in OfferWindowShown.model_fields})


def _shown(
    one: OfferOf, windows: Sequence[models.OfferWindow],
    certificates: Iterable[models.ProvisionCertificate],
) -> OfferShown:  # fmt: skip
    besides: dict[str, Any] = {
        "company_id": one.company.id, "company": one.company.name, "region": one.region.code,
        "town": one.site.town, "windows": [window_shown(row) for row in windows],
        "certificates": [
            CertificateShown(**{n: getattr(row, n) for n in CertificateShown.model_fields})
            for row in certificates
        ],
    }  # fmt: skip
    names = OfferShown.model_fields.keys() - besides.keys()
    return OfferShown(**{name: getattr(one.offer, name) for name in names}, **besides)


def _made(
    session: Session, caller: Caller, values: dict[str, Any],
    windows: Sequence[OfferWindowFields], **data: Any,
) -> OfferOf:  # fmt: skip
    values = check_offer(values, _stored(windows), caller.today)
    row = models.Offer(**records.stamps(caller), **values)
    with records.unique(session, "offer"):
        records.made(session, caller, row, **data)
    _add_windows(session, caller, row.id, windows)
    return store.offers.offers(session, col(models.Offer.id) == row.id)[0]


def _add_windows(
    session: Session, caller: Caller, offer_id: uuid.UUID, windows: Sequence[OfferWindowFields]
) -> None:
    for values in _stored(windows):
        row = models.OfferWindow(**records.stamps(caller), offer_id=offer_id, **values)
        with records.unique(session, "window"):
            records.made(session, caller, row)


def _step(session: Session, caller: Caller, offer: models.Offer, event: OfferEvent) -> None:
    then = models.OFFER_CHANGES.get((offer.status, event))
    if then is None:
        raise OfferChangeError(event, offer.status)
    if then == OfferStatus.PUBLISHED:
        _check_usable(session, caller, offer)
    offer.status, offer.changed_at = then, caller.now
    flag_modified(offer, "changed_at")  # each step counts as a version, in one second too
    records.note(session, caller, ACTIONS[event], offer)
    session.flush()


def _check_usable(session: Session, caller: Caller, offer: models.Offer) -> None:
    """Whether rounds could place somebody at all. Raises RecordFaultyError."""
    windows = store.offers.windows_of(session, [offer.id])[offer.id]
    to_come = [row for row in windows if row.available_to >= caller.today]
    with_places = [row for row in to_come if row.places > 0]
    longest = max(
        ((row.available_to - max(row.available_from, caller.today)).days + 1
         for row in with_places), default=0,
    )  # fmt: skip
    wrong = (
        (not windows, "no_window"),
        (not to_come, "windows_over"),
        (not with_places, "no_places"),
        (longest < offer.days_min, "windows_short"),
    )
    what = next((what for so, what in wrong if so), None)
    if what:
        raise RecordFaultyError([("windows", fault(what))])
    check_offer(_values(offer), [row.model_dump() for row in to_come], caller.today)


def _values(offer: models.Offer) -> dict[str, Any]:
    return {name: getattr(offer, name) for name in OfferFields.model_fields}


def _stored(windows: Sequence[OfferWindowFields]) -> list[dict[str, Any]]:
    return [as_stored(window, models.OfferWindow) for window in windows]


def _moved(row: models.OfferWindow, by: datetime.timedelta) -> OfferWindowFields:
    return OfferWindowFields(
        available_from=row.available_from + by, available_to=row.available_to + by,
        places=row.places, reserved=row.reserved,
    )  # fmt: skip


def _a_year_later(row: models.OfferWindow) -> OfferWindowFields:
    first, last = (_next_year(day) for day in (row.available_from, row.available_to))
    return OfferWindowFields(
        available_from=first, available_to=last, places=row.places, reserved=row.reserved
    )


def _next_year(day: datetime.date) -> datetime.date:
    """The same day a year later; the last of February is the last of February."""
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year + 1)
