"""Pages for people: a module a noun, over the same services as the API."""

from fastapi import APIRouter

from api.pages import (
    account,
    answer,
    assets,
    consents,
    friends,
    my_calls,
    my_data,
    needs,
    profile,
    proposals,
    refused,
    sign_in,
    suggestions,
    today,
    welcome,
)

NOUNS = (
    account, answer, assets, consents, friends, my_calls, my_data, needs, profile,
    proposals, sign_in, suggestions, today, welcome,
)  # fmt: skip

router = APIRouter(include_in_schema=False)
for noun in NOUNS:
    router.include_router(noun.router)

__all__ = ["refused", "router"]
