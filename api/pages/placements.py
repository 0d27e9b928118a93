"""Placements: who comes or goes, when, whom to ask; and how each begins and ends."""

import uuid
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.language import N_, Language
from api.pages.frame import Faults, Form, attempt, go_to, narrowed, read, show, version_seen
from api.pages.words import WORDS, Words
from api.policy import Action, scope_of
from api.services import finding, placement_lists, placements
from api.services.explaining import speaker
from api.store.scopes import cases_in
from models import PlacementStatus
from models.placement_views import Cancelled, PlacementShown, PlacementsWanted

router = APIRouter()

END_REASONS = ("illness", "family", "other_plans", "conditions", "host_cannot", "other")
"""Why a placement does not take place, or ends early."""

WAY = (PlacementStatus.BOOKED, PlacementStatus.ABROAD, PlacementStatus.FINISHED)
"""How a placement goes when nothing comes between."""


@dataclass(frozen=True)
class Stage:
    """A step of the way, as a timeline shows it."""

    what: str
    state: str
    when: str = ""


@router.get("/placements")
def list_placements(
    request: Request, session: Reading, permit: Permit = may(Action.PLACEMENT_READ)
) -> Response:
    """The placements that somebody may see, the next to begin first."""
    wanted = narrowed(request, PlacementsWanted, Language(permit.caller.language), ("status",))
    found = placement_lists.page(session, permit.caller, permit.scope, wanted)
    items = sorted(found.items, key=lambda one: (one.first_day, one.id))
    return show(
        request, "placements.html", items=items, names=[name_of(one) for one in items],
        after=found.next, wanted=wanted,
        statuses=[(str(one), one) for one in PlacementStatus],
    )  # fmt: skip


@router.get("/placements/{placement_id}")
def one_placement(
    placement_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.PLACEMENT_READ),
) -> Response:  # fmt: skip
    """One placement: who, when, with whom, what happens next."""
    return _show(request, session, permit, placement_id)


@router.post("/placements/{placement_id}/begin")
def begin(
    placement_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.PLACEMENT_CHANGE),
) -> Response:  # fmt: skip
    """The apprentice has arrived."""
    return _step(request, form, session, permit, placement_id, PlacementStatus.ABROAD)


@router.post("/placements/{placement_id}/finish")
def finish(
    placement_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.PLACEMENT_CHANGE),
) -> Response:  # fmt: skip
    """The stay is over."""
    return _step(request, form, session, permit, placement_id, PlacementStatus.FINISHED)


@router.post("/placements/{placement_id}/cancellation")
def cancel(
    placement_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.PLACEMENT_CHANGE),
) -> Response:  # fmt: skip
    """It does not take place, or ends early: everybody involved is told."""
    asked, faults = read(
        Cancelled, {"reason": form.get("reason", "")}, Language(permit.caller.language)
    )  # fmt: skip
    if asked is not None:
        with attempt(session, faults, Language(permit.caller.language)):
            row, case = _held(session, permit, placement_id, form)
            placements.cancel(session, permit.caller, row, case, asked.reason)
    if faults:
        return _show(request, session, permit, placement_id, faults=faults, typed=form)
    return go_to(request, f"/placements/{placement_id}")


def name_of(placement: PlacementShown) -> str:
    """Whose placement it is, as far as the reader may know; empty for the own one."""
    names = [
        str(getattr(placement, field, "")) for field in ("first_name", "last_name")
    ]  # fmt: skip
    if any(names):
        return " ".join(names)
    person = getattr(placement, "person", None)
    return person.first_name if person else ""


def _held(session: Session, permit: Permit, placement_id: uuid.UUID, form: Form) -> Any:
    mine = cases_in(permit.scope, permit.caller.scope_id)
    return placements.load_placement(session, placement_id, mine, version=version_seen(form))


def _step(
    request: Request, form: Form, session: Session, permit: Permit, placement_id: uuid.UUID,
    then: PlacementStatus,
) -> Response:  # fmt: skip
    faults = Faults()
    placement_lists.one(session, permit.caller, permit.scope, placement_id)
    with attempt(session, faults, Language(permit.caller.language)):
        row, _ = _held(session, permit, placement_id, form)
        placements.step(session, permit.caller, row, then)
    if faults:
        return _show(request, session, permit, placement_id, faults=faults)
    return go_to(request, f"/placements/{placement_id}")


def _show(
    request: Request, session: Session, permit: Permit, placement_id: uuid.UUID, *,
    faults: Faults | None = None, typed: Any = None,
) -> Response:  # fmt: skip
    caller, language = permit.caller, Language(permit.caller.language)
    # whoever may change a placement may read it, on the same rows
    found = placement_lists.one(session, caller, permit.scope, placement_id)
    person = getattr(found, "person", None)
    jobs = [finding.name_of(code, language.code) for code in person.occupations] if person else []
    says = speaker(caller)
    return show(
        request, "placement.html", status=422 if faults else 200, one=found,
        name=name_of(found), person=person, jobs=language.listed(jobs) if jobs else "",
        contact=getattr(found, "contact", None), host=getattr(found, "host", None),
        spoken=_spoken(language, person.languages) if person else "",
        asked=[language.name("needs", code) for code in getattr(found, "provisions_asked", [])],
        asks_needs=hasattr(found, "provisions_asked"),
        held=[says.text(f"rule.{code}") for code in getattr(found, "held_for", [])],
        reason=Words(language).of("end_reason", getattr(found, "reason", "")),
        stages=stages(language, found),
        can=steps_of(found) if scope_of(caller.role, Action.PLACEMENT_CHANGE) else [],
        reasons=[(code, language.phrase(WORDS["end_reason"][code])) for code in END_REASONS],
        faults=faults or Faults(), typed=typed or {},
    )  # fmt: skip


def steps_of(placement: PlacementShown) -> list[str]:
    """What can be done with a placement as it stands: the addresses of the forms."""
    paths = {PlacementStatus.ABROAD: "begin", PlacementStatus.FINISHED: "finish",
             PlacementStatus.CANCELLED: "cancellation"}  # fmt: skip
    return [
        path for then, path in paths.items() if (placement.status, then) in placements.STEPS
    ]  # fmt: skip


def stages(language: Language, placement: PlacementShown) -> list[Stage]:
    """How far it is: booked, there, finished; or cancelled."""
    told = {
        PlacementStatus.BOOKED: (N_("Booked"), ""),
        PlacementStatus.ABROAD: (N_("The stay begins"), language.day(placement.first_day)),
        PlacementStatus.FINISHED: (N_("The stay ends"), language.day(placement.last_day)),
    }
    if placement.status == PlacementStatus.CANCELLED:
        return [
            Stage(language.phrase("Booked"), "done"),
            Stage(language.phrase("Cancelled"), "now"),
        ]
    here = WAY.index(placement.status)
    return [
        Stage(language.phrase(what), "done" if place < here else "now" if place == here else "next",
              when)
        for place, (what, when) in enumerate(told[status] for status in WAY)
    ]  # fmt: skip


def _spoken(language: Language, spoken: dict[str, str]) -> str:
    words = Words(language)
    return language.listed([
        language.phrase("{language} ({level})", language=language.name("languages", code),
                        level=words.of("level", level))
        for code, level in spoken.items()
    ])  # fmt: skip
