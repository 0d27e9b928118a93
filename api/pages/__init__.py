"""Pages for people: a module a noun, over the same services as the API."""

from fastapi import APIRouter

from api.pages import (
    accounts,
    assets,
    imports,
    matchings,
    proposals,
    refused,
    settings,
    sign_in,
    today,
)

NOUNS = (assets, sign_in, today, accounts, imports, matchings, proposals, settings)

router = APIRouter(include_in_schema=False)
for noun in NOUNS:
    router.include_router(noun.router)

__all__ = ["imports", "refused", "router"]
