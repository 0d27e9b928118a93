"""The one thing that somebody does next, and where everything of theirs stands, as lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from api.edge import Permit
from api.language import Language
from api.services.waiting import Waiting


@dataclass(frozen=True)
class NextStep:
    """What is to do, in a sentence, and the one button for it; without one there is nothing."""

    told: str
    path: str = ""
    button: str = ""


@dataclass(frozen=True)
class Line:
    """How one thing stands: done or not, in words, with what it is about and the way there."""

    what: str
    is_done: bool
    told: str = ""
    path: str = ""


@dataclass(frozen=True)
class Own:
    """What one's own page of today says: whose it is, what is next, how it stands, what follows."""

    hello: str
    step: NextStep
    title: str
    lines: Sequence[Line]
    then: Sequence[str] = field(default=())
    lead: str = ""


Maker = Callable[[Session, Language, Permit, Waiting], Own]
"""Makes the page of a role from what waits for whoever looks."""
