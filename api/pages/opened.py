"""That somebody has opened a case: a mark that this session alone is given, on its page."""

import hashlib
import hmac
import uuid

from fastapi import Request

from api.edge import COOKIE


def mark(request: Request, proposal_id: uuid.UUID, version: int) -> str:
    """The mark of a version of a case; whoever did not open it cannot know it."""
    secret = request.cookies.get(COOKIE, "").encode()
    seen = f"opened {proposal_id} {version}".encode()
    return f"{proposal_id}.{version}.{hmac.new(secret, seen, hashlib.sha256).hexdigest()}"


def read(request: Request, given: str) -> tuple[uuid.UUID, int] | None:
    """The case and the version that was opened; None for any other text."""
    try:
        identity, version, _ = given.split(".")
        found = uuid.UUID(identity), int(version)
    except ValueError:
        return None
    return found if hmac.compare_digest(mark(request, *found), given) else None
