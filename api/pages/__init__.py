"""Pages for people: a module a noun, over the same services as the API."""

from fastapi import APIRouter

from api.pages import (
    account,
    accounts,
    answer,
    apprentices,
    assets,
    calls,
    consents,
    enrolments,
    figures,
    finding,
    friends,
    groups,
    guardians,
    imports,
    matchings,
    my_calls,
    my_data,
    needs,
    person_needs,
    person_rights,
    profile,
    proposals,
    public,
    refused,
    settings,
    sign_in,
    suggestions,
    today,
    unmatched,
    welcome,
)

NOUNS = (
    account,
    accounts,
    answer,
    apprentices,
    assets,
    calls,
    consents,
    enrolments,
    figures,
    finding,
    friends,
    groups,
    guardians,
    imports,
    matchings,
    my_calls,
    my_data,
    needs,
    person_needs,
    person_rights,
    profile,
    proposals,
    public,
    settings,
    sign_in,
    suggestions,
    today,
    unmatched,
    welcome,
)

router = APIRouter(include_in_schema=False)
for noun in NOUNS:
    router.include_router(noun.router)

__all__ = ["refused", "router"]
