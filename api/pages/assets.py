"""Files of the pages."""

from fastapi import APIRouter

router = APIRouter()


def address_of(name: str) -> str:
    """Where a file is served."""
    return f"/assets/{name}"
