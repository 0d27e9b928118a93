"""Pages for people: a module a noun, over the same services as the API."""

from fastapi import APIRouter

from api.pages import (
    accounts,
    apprentices,
    assets,
    calls,
    deciding,
    enrolments,
    figures,
    finding,
    groups,
    guardians,
    imports,
    matchings,
    person_needs,
    person_rights,
    proposal,
    proposals,
    public,
    refused,
    settings,
    sign_in,
    today,
    unmatched,
)

NOUNS = (
    accounts,
    apprentices,
    assets,
    calls,
    deciding,
    enrolments,
    figures,
    finding,
    groups,
    guardians,
    imports,
    matchings,
    person_needs,
    person_rights,
    proposal,
    proposals,
    public,
    settings,
    sign_in,
    today,
    unmatched,
)

router = APIRouter(include_in_schema=False)
for noun in NOUNS:
    router.include_router(noun.router)

__all__ = ["refused", "router"]
