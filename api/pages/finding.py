"""Looking for occupations by words inside a form, with and without scripts.

A form imports `occupation_finder` from `finding.html`. Its button "Find" sends the whole form to
the page that it is on: where `is_asked(form)`, that page shows the form again with
`finder=found(form, language)`, and nothing is stored. With htmx the part alone is fetched here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from api.edge import Permit, may
from api.language import Language
from api.pages.frame import Form, searched, show
from api.policy import Action
from api.services import finding
from api.services.finding import Choice

router = APIRouter()

FIELD = "occupations"
WORDS = "occupation_words"


@dataclass(frozen=True)
class Finder:
    """The occupations that are chosen, those that were found, and by which words."""

    chosen: list[Choice]
    found: list[Choice] = field(default_factory=list)
    words: str = ""


def is_asked(form: FormData) -> bool:
    """Whether somebody pressed "Find", and not the button that stores the form."""
    return form.get("find") == FIELD


def chosen(codes: Iterable[str], language: Language) -> Finder:
    """The part of the form for what is stored or was sent."""
    names = [Choice(code, finding.name_of(code, language.code)) for code in dict.fromkeys(codes)]
    return Finder(chosen=names)


def found(form: FormData, language: Language) -> Finder:
    """The part of the form after a search: what is ticked stays, what was found is added."""
    ticked = chosen((str(code) for code in form.getlist(FIELD)), language).chosen
    words = searched(form, WORDS)
    have = {one.code for one in ticked}
    others = [one for one in finding.occupations(words, language.code) if one.code not in have]
    return Finder(chosen=ticked, found=others, words=words)


def name_of(code: str, language: Language) -> str:
    """What an occupation is called."""
    return finding.name_of(code, language.code)


@router.post("/find/occupations")
def find_occupations(
    request: Request, form: Form, permit: Permit = may(Action.REFERENCE_READ)
) -> Response:
    """The part of a form in which occupations are chosen, with what was found.

    The words come in a form, not in the address.
    """
    language = Language(permit.caller.language)
    return show(request, "find_occupations.html", finder=found(form, language))
