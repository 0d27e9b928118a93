"""Regions, centres and reference lists: what forms are filled with."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api import store
from api.edge import Permit, Reading, may
from api.policy import Action
from api.services import reference
from models.call import IN_ADDRESSES
from models.place_views import (
    CentrePage,
    CentreShown,
    ReferenceList,
    ReferenceNames,
    RegionPage,
    RegionShown,
)

router = APIRouter(tags=["places and lists"])


@router.get("/regions")
def list_regions(
    session: Reading,
    _permit: Permit = may(Action.REFERENCE_READ),
    after: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RegionPage:
    """The partner regions, by id."""
    found = store.regions.regions(session, after=after, limit=limit + 1)
    items = [
        RegionShown(**{name: getattr(row, name) for name in RegionShown.model_fields})
        for row in found[:limit]
    ]
    return RegionPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/centres")
def list_centres(
    session: Reading,
    _permit: Permit = may(Action.REFERENCE_READ),
    region: Annotated[str | None, Query(max_length=60, pattern=IN_ADDRESSES)] = None,
    after: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CentrePage:
    """The schools and training centres, those of a region where its code is given, by id."""
    found = store.regions.centres(session, region=region, after=after, limit=limit + 1)
    items = [
        CentreShown(
            id=centre.id, code=centre.code, name=centre.name, town=centre.town,
            sectors=centre.sectors, region=home.code, country=home.country,
        )
        for centre, home in found[:limit]
    ]  # fmt: skip
    return CentrePage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/reference")
def list_names(_permit: Permit = may(Action.REFERENCE_READ)) -> ReferenceNames:
    """Which reference lists there are."""
    return ReferenceNames(items=list(reference.NAMES))


@router.get("/reference/{name}")
def one_list(
    name: Annotated[str, Path(max_length=60, examples=["needs"])],
    _permit: Permit = may(Action.REFERENCE_READ),
) -> ReferenceList:
    """A reference list, whole: codes, names in six languages where it has them, sources."""
    return reference.reference_list(name)
