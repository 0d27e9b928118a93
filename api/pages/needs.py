"""What an apprentice needs, in private: said, changed and taken back one by one.

A need stands in a form and never in an address: addresses are kept by browsers and servers.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.language import N_
from api.pages import need_themes
from api.pages.frame import Faults, Form, attempt, go_to, show, version_seen
from api.pages.own import Own, own
from api.policy import Action
from api.services import apprentices
from matcher.vocabulary import default_reference
from models import SupportNeedsFields
from models.apprentice import Sex
from models.apprentice_views import SupportNeedsShown

router = APIRouter()

STRENGTHS = ("hard", "soft")
CHOOSE_NEED, CHOOSE_STRENGTH = N_("Please choose what you need."), N_("Please choose how much.")


@router.get("/needs")
def needs(
    request: Request, session: Reading, permit: Permit = may(Action.NEEDS_READ), done: str = ""
) -> Response:
    """What one said so far, and a form for one more. That it was opened is written down."""
    return _page(request, session, own(session, permit, Action.NEEDS_READ), done=done)


@router.post("/needs")
def say_need(
    request: Request, form: Form, session: Writing, permit: Permit = may(Action.NEEDS_CHANGE)
) -> Response:
    """One need more, or the same one with another strength."""
    me, faults = own(session, permit, Action.NEEDS_CHANGE), Faults()
    need, strength = str(form.get("need", "")), str(form.get("strength", ""))
    if need not in default_reference().codes("needs"):
        faults.fields["need"] = me.language.phrase(CHOOSE_NEED)
    if strength not in STRENGTHS:
        faults.fields["strength"] = me.language.phrase(CHOOSE_STRENGTH)
    if not faults:
        with attempt(session, faults, me.language):
            _store(session, me, version_seen(form), {need: strength})
    if not faults:
        return go_to(request, "/needs?done=stored")
    return _page(request, session, me, status=422, faults=faults, typed=form)


@router.post("/needs/take-back")
def take_back(
    request: Request, form: Form, session: Writing, permit: Permit = may(Action.NEEDS_CHANGE)
) -> Response:
    """One need less; from now on nobody is told of it any more."""
    me, faults = own(session, permit, Action.NEEDS_CHANGE), Faults()
    with attempt(session, faults, me.language):
        _store(session, me, version_seen(form), {str(form.get("need", "")): None})
    if not faults:
        return go_to(request, "/needs?done=taken")
    return _page(request, session, me, status=422, faults=faults)


@router.post("/needs/sex")
def say_sex(
    request: Request, form: Form, session: Writing, permit: Permit = may(Action.NEEDS_CHANGE)
) -> Response:
    """The own word for the report on fairness, or none any more."""
    me, faults = own(session, permit, Action.NEEDS_CHANGE), Faults()
    said = str(form.get("sex", ""))
    with attempt(session, faults, me.language):
        known = apprentices.needs(session, me.person.id, me.mine)
        sex = Sex(said) if said in set(Sex) else None
        _replace(session, me, version_seen(form), known, sex=sex)
    if not faults:
        return go_to(request, "/needs?done=stored")
    return _page(request, session, me, status=422, faults=faults)


def _store(session: Session, me: Own, seen: int, said: dict[str, str | None]) -> None:
    known = apprentices.needs(session, me.person.id, me.mine)
    stated = {**known.needs, **said}
    needs = {code: word for code, word in stated.items() if word is not None}
    _replace(session, me, seen, known, needs=needs)


def _replace(
    session: Session, me: Own, seen: int, known: SupportNeedsShown, **values: Any
) -> None:  # fmt: skip
    """Store these values; all else that is sealed stays as it is."""
    kept = {name: getattr(known, name) for name in SupportNeedsFields.model_fields}
    apprentices.change_needs(
        session, me.caller, me.person.id, SupportNeedsFields(**kept | values), seen, me.mine
    )


def _page(
    request: Request, session: Session, me: Own, *, status: int = 200, done: str = "",
    faults: Faults | None = None, typed: Any = None,
) -> Response:  # fmt: skip
    found = apprentices.needs(session, me.person.id, me.mine)
    said = [
        one for _, needs in need_themes.named(me.language) for one in needs if one[0] in found.needs
    ]
    return show(
        request, "needs.html", status=status, found=found, done=done,
        themes=need_themes.named(me.language, frozenset(found.needs)), said=said,
        faults=faults or Faults(), typed=typed or {},
    )  # fmt: skip
