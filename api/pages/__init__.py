"""Pages for people: a module a noun, over the same services as the API."""

from fastapi import APIRouter

from api.pages import (
    apprentices,
    assets,
    calls,
    enrolments,
    figures,
    finding,
    groups,
    guardians,
    person_needs,
    person_rights,
    proposals,
    public,
    refused,
    sign_in,
    today,
    unmatched,
)

NOUNS = (
    apprentices,
    assets,
    calls,
    enrolments,
    figures,
    finding,
    groups,
    guardians,
    person_needs,
    person_rights,
    proposals,
    public,
    sign_in,
    today,
    unmatched,
)

router = APIRouter(include_in_schema=False)
for noun in NOUNS:
    router.include_router(noun.router)

__all__ = ["refused", "router"]
