"""A host that drops out: what ends then, and where the people could go instead."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.edge import Permit, Reading, Writing, may
from api.language import Language
from api.pages.frame import Faults, Form, attempt, read, show, version_seen
from api.pages.offer_shown import LABELS
from api.pages.words import WORDS
from api.policy import Action
from api.services import drop_outs, offer_lists
from api.store.scopes import companies_in
from models.placement_views import DropOut

router = APIRouter()

REASONS = ("no_capacity", "no_mentor", "closed", "conditions", "other")
"""Why a host takes nobody any more."""


@router.get("/offers/{offer_id}/drop-out")
def drop_out_form(
    offer_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.OFFER_DROP_OUT),
) -> Response:  # fmt: skip
    """What happens then, and the question why."""
    return _form(request, session, permit, offer_id, Faults(), {})


@router.post("/offers/{offer_id}/drop-out")
def drop_out(
    offer_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.OFFER_DROP_OUT),
) -> Response:  # fmt: skip
    """End what rests on the offer, and show for each person where else there is room."""
    language = Language(permit.caller.language)
    offer = offer_lists.own(session, permit.caller, permit.scope, offer_id)
    given = {"reason": form.get("reason", ""), "window_ids": form.getlist("windows") or None}
    asked, faults = read(DropOut, given, language)
    if not form.getlist("windows"):
        faults.fields["windows"] = language.phrase("Please choose for which dates.")
    if asked is not None and not faults:
        mine = companies_in(permit.scope, permit.caller.scope_id)
        with attempt(session, faults, language):
            ended = drop_outs.drop_out(
                session, permit.caller, offer_id, asked.window_ids, asked.reason, mine,
                version=version_seen(form),
            )  # fmt: skip
    if faults:
        return _form(request, session, permit, offer_id, faults, form)
    return show(request, "dropped_out.html", offer=offer, ended=ended.items)


def _form(
    request: Request, session: Session, permit: Permit, offer_id: uuid.UUID, faults: Faults,
    typed: Any,
) -> Response:  # fmt: skip
    language = Language(permit.caller.language)
    offer = offer_lists.own(session, permit.caller, permit.scope, offer_id)
    dates = [(str(one.id), language.days(one.available_from, one.available_to))
             for one in offer.windows]  # fmt: skip
    return show(
        request, "drop_out.html", status=422 if faults else 200, offer=offer, dates=dates,
        reasons=[(code, language.phrase(WORDS["end_reason"][code])) for code in REASONS],
        labels={name: language.phrase(LABELS[name]) for name in ("reason", "windows")},
        faults=faults, typed=typed,
    )  # fmt: skip
