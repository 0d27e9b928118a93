"""Pages that a message leads to: in its language, with a secret that stands behind the #.

`answer.js` moves the secret from the address into the form. Without it somebody pastes the whole
link, or types the code that stands in a letter.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from api.caller import Caller
from api.edge import anonymous, language_of
from api.language import Language
from matcher.vocabulary import LANGUAGES


@dataclass(frozen=True)
class Reader:
    """Somebody without an account, or who does not need it here."""

    caller: Caller
    language: Language
    written_in: str

    def address(self, path: str) -> str:
        """A page of the same letter: its language goes along."""
        return f"{path}?language={self.written_in}" if self.written_in else path


def reader(request: Request, language: str = "") -> Reader:
    """Who reads; the page opens in the language of the message, unless another one was chosen."""
    written_in = language if language in LANGUAGES else ""
    request.state.written_in = written_in
    return Reader(anonymous(request), Language(language_of(request)), written_in)


Reads = Annotated[Reader, Depends(reader)]


def with_secret(form: FormData) -> dict[str, str]:
    """What was sent, with the secret alone where a whole link was pasted."""
    typed = {name: str(value) for name, value in form.items()}
    return typed | {"secret": typed.get("secret", "").rpartition("#")[2].strip()}
