"""The class of all errors that the service knows.

`status` is the HTTP status, `kind` the stable name that programs read, the message what
people read: what happened and what to do. No message holds personal data.
"""

from typing import ClassVar


class ServiceError(Exception):
    """Something that the service refuses or cannot do."""

    status: ClassVar[int] = 400
    kind: ClassVar[str] = "service-error"
