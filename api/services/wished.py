"""What apprentices wish for and do not want, by the names of what they said it of."""

import uuid
from collections.abc import Collection

from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import NoSuchOfferError
from api.services import apprentices
from api.services.apprentices import Mine
from api.store.rows import contains, every
from models import ApprenticeProfile, Interest, OfferStatus
from models.apprentice import SHARE_OF_INTEREST

MOST_FOUND = 20
"""So many companies are found by a word at once."""


def countries(session: Session, home: models.Centre) -> set[str]:
    """Where somebody of a centre could go: the countries of the regions, without the own one."""
    regions = store.regions.regions(session, after=None, limit=1000)
    own = {region.country for region in regions if region.id == home.region_id}
    return {region.country for region in regions} - own


def excluded_companies(session: Session, person: models.Apprentice) -> dict[str, str]:
    """The companies that somebody does not want, with their names, by their ids as texts."""
    return companies_named(session, person.excluded_companies)


def companies_named(session: Session, texts: Collection[str]) -> dict[str, str]:
    """Companies with their names, by their ids as texts; what is no id of one is left out."""
    ids = [identity for text in texts if (identity := apprentices.identity(text))]
    found = every(session, models.Company, col(models.Company.id).in_(ids)) if ids else []
    return {str(row.id): row.name for row in sorted(found, key=lambda row: row.name)}


def companies_called(
    session: Session, words: str, besides: Collection[str], *, are_public: bool
) -> dict[str, str]:
    """Companies that offer something and are called so, with their names, by their ids as texts.

    `are_public`: those alone that show an offer to everybody, as apprentices may know them all.
    Without words there are none.
    """
    named = [contains([col(models.Company.name)], word) for word in words.split()]
    if not named:
        return {}
    shown = [col(models.Offer.is_public).is_(True)] if are_public else []
    found = store.companies.offering(session, *named, *shown, limit=MOST_FOUND + len(besides))
    there = [row for row in found if str(row.id) not in besides]
    return {str(row.id): row.name for row in there[:MOST_FOUND]}


def not_for_me(session: Session, person: models.Apprentice) -> dict[str, str]:
    """The offers of which somebody said "not for me", with their titles, by their ids as texts."""
    unwanted = SHARE_OF_INTEREST[Interest.NOT_FOR_ME]
    ids = [uuid.UUID(text) for text, share in person.interest.items() if share == unwanted]
    found = every(session, models.Offer, col(models.Offer.id).in_(ids)) if ids else []
    return {str(row.id): row.title for row in sorted(found, key=lambda row: row.title)}


def interest_of(person: models.Apprentice, offer_id: uuid.UUID) -> Interest | None:
    """What somebody said of an offer."""
    share = person.interest.get(str(offer_id))
    return next((word for word, one in SHARE_OF_INTEREST.items() if one == share), None)


def exclude_company(
    session: Session, caller: Caller, person: models.Apprentice, offer_id: uuid.UUID, mine: Mine
) -> None:
    """Never be sent to the company of an offer that everybody sees.

    Raises NoSuchOfferError and what `apprentices.change` raises.
    """
    published = col(models.Offer.status) == OfferStatus.PUBLISHED
    places = store.windows.places_of_offer(session, offer_id, published)
    if not places:
        raise NoSuchOfferError(offer_id)
    values = {name: getattr(person, name) for name in ApprenticeProfile.model_fields}
    named = [*person.excluded_companies, str(places[0].company.id)]
    asked = ApprenticeProfile(**values | {"excluded_companies": list(dict.fromkeys(named))})
    apprentices.change(session, caller, person.id, asked, None, mine)
