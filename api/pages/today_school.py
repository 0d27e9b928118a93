"""Today for a school: how many of its people have come how far, and whom it looks after next."""

from sqlmodel import Session

from api.edge import Permit
from api.language import Language
from api.pages.next_step import Line, NextStep, Own
from api.services import standing
from api.services.waiting import Waiting


def of_school(session: Session, language: Language, permit: Permit, _found: Waiting) -> Own:
    """The page of a school."""
    phrase, count, number = language.phrase, language.phrase_count, language.number
    here = standing.of_school(session, permit.caller, permit.scope)
    named = [
        Line(
            f"{one.first_name} {one.last_name}", False,
            phrase("Under 18, and no guardian is named."), f"/apprentices/{one.id}/guardians/new",
        )
        for one in here.without_guardian
    ]  # fmt: skip
    if not here.people:
        step = NextStep(phrase("Enter your first apprentice, or let your coordinator take a list."),
                        "/apprentices/new", phrase("Enter somebody"))  # fmt: skip
    elif named:
        told = phrase("{name} is under 18, and no guardian is named. Without one nobody can go.",
                      name=named[0].what)  # fmt: skip
        step = NextStep(told, named[0].path, phrase("Name a guardian"))
    elif here.in_no_call:
        told = count("{n} of your people takes part in no call.",
                     "{n} of your people take part in no call.", here.in_no_call)  # fmt: skip
        step = NextStep(told, "/apprentices", phrase("Look at your people"))
    else:
        step = NextStep(phrase("Nothing waits for you. New things come by mail, too."))
    lines = [
        Line(phrase("In your school"), bool(here.people),
             count("{n} apprentice", "{n} apprentices", here.people), "/apprentices"),
        Line(phrase("Have applied"), not here.applied,
             count("{n} waits to be selected", "{n} wait to be selected", here.applied),
             "/apprentices?status=applied"),
        Line(phrase("Are selected"), bool(here.selected),
             count("{placed} of {n} has a booked stay", "{placed} of {n} have a booked stay",
                   here.selected, placed=number(here.placed)), "/apprentices?status=selected"),
    ]  # fmt: skip
    return Own(
        hello=phrase("Hello {name}", name=here.name), step=step,
        title=phrase("Where your people stand"), lines=[*lines, *named],
    )  # fmt: skip
