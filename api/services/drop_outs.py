"""A host that drops out, as the hosting coordinator does it and reads it."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session

from api import store
from api.caller import Caller
from api.errors import NoSuchOfferError, NoSuchWindowError
from api.services import placements
from api.services.explaining import without_points
from api.services.placements import Affected
from api.services.records import check_version
from api.services.showing import person
from models.pair_views import AffectedShown, DroppedOut


def drop_out(
    session: Session, caller: Caller, offer_id: uuid.UUID, windows: Sequence[uuid.UUID] | None,
    reason: str, *conditions: object, version: int | None,
) -> DroppedOut:  # fmt: skip
    """End every case in these windows of an offer, in all where none is named.

    `conditions` say whose offers. A case that the hosting side had not been asked about ends
    too, but is not named: nobody knows of a proposal before their turn. Raises
    NoSuchOfferError, NoSuchWindowError, StaleVersionError.
    """
    offer = store.windows.offer_in(session, offer_id, *conditions)
    if offer is None:
        raise NoSuchOfferError(offer_id)
    check_version("offer", offer, version)
    there = store.windows.windows_of(session, offer_id)
    for window in windows or ():
        if window not in there:
            raise NoSuchWindowError(window)
    affected = placements.host_drops_out(session, caller, list(windows or there), reason)
    return DroppedOut(items=[_shown(session, one) for one in affected if one.hosting_knows])


def _shown(session: Session, one: Affected) -> AffectedShown:
    row = one.case.proposal
    return AffectedShown(
        proposal_id=row.id, placement_id=one.placement.id if one.placement else None,
        apprentice_id=row.apprentice_id, person=person(one.case), first_day=row.first_day,
        last_day=row.last_day, other_hosts=without_points(session, one.other_hosts),
    )  # fmt: skip
