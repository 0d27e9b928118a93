"""Pages for people: a module a noun, over the same services as the API."""

from fastapi import APIRouter

from api.pages import (
    assets,
    companies,
    covers,
    drop_outs,
    finding,
    hosts,
    idle,
    offer_steps,
    offers,
    placements,
    proposals,
    provisions,
    refused,
    sign_in,
    today,
    windows,
)

NOUNS = (
    assets, companies, covers, drop_outs, finding, hosts, idle, offer_steps, offers, placements,
    proposals, provisions, sign_in, today, windows,
)  # fmt: skip

router = APIRouter(include_in_schema=False)
for noun in NOUNS:
    router.include_router(noun.router)

__all__ = ["refused", "router"]
