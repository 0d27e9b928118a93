"""Pages for people: a module a noun, over the same services as the API."""

from fastapi import APIRouter

from api.pages import assets, deciding, proposal, proposals, refused, sign_in, today

NOUNS = (assets, sign_in, today, proposals, proposal, deciding)

router = APIRouter(include_in_schema=False)
for noun in NOUNS:
    router.include_router(noun.router)

__all__ = ["refused", "router"]
