"""Pages for people: a module a noun, over the same services as the API."""

from fastapi import APIRouter

from api.pages import (
    assets,
    finding,
    offer_steps,
    offers,
    proposals,
    refused,
    sign_in,
    today,
    windows,
)

NOUNS = (assets, finding, offer_steps, offers, proposals, sign_in, today, windows)

router = APIRouter(include_in_schema=False)
for noun in NOUNS:
    router.include_router(noun.router)

__all__ = ["refused", "router"]
