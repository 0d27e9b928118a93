"""Where a page of a list ended: opaque text that the following page begins after."""

import base64
import binascii
import json
import uuid
from typing import Any

from pydantic import TypeAdapter, ValidationError

from api.errors import BadCursorError


def pack(sort: str, value: Any, identity: uuid.UUID) -> str:
    """The cursor after a row: what it was sorted by, its value there, its id."""
    text = json.dumps([sort, value, identity], default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unpack(text: str, sort: str, kind: Any) -> tuple[Any, uuid.UUID]:
    """Value and id of a cursor of this sort. Raises BadCursorError for any other text."""
    try:
        whole = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        named, value, identity = json.loads(whole)
        if named != sort:
            raise BadCursorError
        return TypeAdapter(kind).validate_python(value), uuid.UUID(identity)
    except (
        binascii.Error, ValueError, TypeError, AttributeError, RecursionError, ValidationError,
    ):  # fmt: skip
        raise BadCursorError from None
