"""Looking for companies by their names inside a form: those to which somebody is not sent.

As `finding`: the button "Find" sends the whole form to the page that it is on, which shows it
again with what was found, and stores nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlmodel import Session
from starlette.datastructures import FormData

from api.pages.frame import searched
from api.services import wished

FIELD = "company"
WORDS = "company_words"


@dataclass(frozen=True)
class Finder:
    """The companies that are ticked, those that were found, by ids; and by which words."""

    ticked: Mapping[str, str]
    found: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


def is_asked(form: FormData) -> bool:
    """Whether somebody pressed "Find" of the companies."""
    return form.get("find") == FIELD


def finder(
    session: Session, stored: Collection[str], form: FormData | None, *, are_public: bool
) -> Finder:
    """The part of the form: what is stored, or what was ticked with what was found besides."""
    if form is None:
        return Finder(wished.companies_named(session, stored))
    known = {str(one) for one in form.getlist(FIELD)}
    ticked = wished.companies_named(session, known)
    words = searched(form, WORDS)
    found = wished.companies_called(session, words, ticked, are_public=are_public)
    return Finder(ticked, found if is_asked(form) else {}, words)


def ids(form: FormData) -> list[str]:
    """The companies that were ticked."""
    return [str(one) for one in dict.fromkeys(form.getlist(FIELD)) if one]
