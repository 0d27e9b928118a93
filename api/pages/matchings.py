"""Matchings: asked for, watched, read as a check report, compared."""

import csv
import io
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

import models
from api.caller import Caller
from api.edge import Permit, Reading, Writing, may
from api.errors import NoFairnessReportError, NoSuchCallError
from api.headers import STYLED
from api.language import Language
from api.pages import check_report, fairness_words
from api.pages.frame import Faults, Form, attempt, go_to, read, show
from api.pages.setting_forms import EDITORS
from api.policy import Action
from api.services import clock, comparing, fairness, round_lists, rounds
from api.services.rounds import Worker
from models import CallStatus, RoundStatus
from models.call import IN_ADDRESSES
from models.round import UNFINISHED
from models.round_views import RoundAsked, RoundShown

router = APIRouter(prefix="/matchings")

FIRST_SHOWN = 20
"""So many matchings are listed at first."""

CallCode = Annotated[str | None, Query(max_length=60, pattern=IN_ADDRESSES)]


@router.get("")
def matchings(
    request: Request, session: Reading, call: CallCode = None, every: bool = False,
    permit: Permit = may(Action.ROUND_READ),
) -> Response:  # fmt: skip
    """The matchings of a call, what may be run now, and when the next one comes by itself."""
    return _list(request, session, permit.caller, call, every=every)


def _list(
    request: Request, session: Session, caller: Caller, code: str | None, *, every: bool = False,
    status: int = 200, **data: Any,
) -> Response:  # fmt: skip
    calls = round_lists.calls_with_rounds(session)
    call = _chosen(calls, code)
    language = Language(caller.language)
    found = round_lists.of_call(session, call.code, language) if call else []
    return show(
        request, "matchings.html", status=status, calls=calls, call=call, total=len(found),
        call_options=[(one.code, one.name) for one in calls],
        rounds=list(zip(range(len(found), 0, -1), found, strict=True))[
            : None if every else FIRST_SHOWN
        ],
        unfinished=next((row for row in found if row.status in UNFINISHED), None),
        is_open=call is not None and call.status == CallStatus.OPEN,
        only_preview=call is not None and round_lists.is_still_preview(call, caller.today),
        next_tick=round_lists.next_tick(session, caller.now),
        zone=clock.zone_of(session, caller), **data,
    )  # fmt: skip


def _chosen(calls: list[models.Call], code: str | None) -> models.Call | None:
    """The call that an address names, the first one without. Raises NoSuchCallError."""
    if code is None:
        return calls[0] if calls else None
    for call in calls:
        if call.code == code:
            return call
    raise NoSuchCallError(code)


@router.post("")
def run(
    request: Request, form: Form, session: Writing, permit: Permit = may(Action.ROUND_ASK)
) -> Response:
    """Ask for a matching; then its page shows how it goes."""
    language = Language(permit.caller.language)
    asked, faults = read(RoundAsked, form, language)
    if asked is not None:
        with attempt(session, faults, language):
            caller = permit.caller
            worker = Worker("web", caller.new_id, request.app.state.now)
            made = rounds.ask_for(
                session, asked.call, asked.kind, by=caller.user_id, worker=worker
            )  # fmt: skip
            return go_to(request, f"/matchings/{made.id}")
    code = asked.call if asked is not None else None
    return _list(request, session, permit.caller, code, status=422, faults=faults)


@router.get("/{round_id}")
def matching(
    request: Request, round_id: uuid.UUID, session: Reading, follow: bool = False,
    permit: Permit = may(Action.ROUND_READ),
) -> Response:  # fmt: skip
    """How far a matching is; its check report once it is done."""
    return _one(request, session, permit.caller, round_id, follow=follow)


def _one(
    request: Request, session: Session, caller: Caller, round_id: uuid.UUID, *,
    follow: bool = False, status: int = 200, faults: Faults | None = None,
) -> Response:  # fmt: skip
    language = Language(caller.language)
    row = round_lists.of_id(session, round_id, language)
    data: dict[str, Any] = {
        "row": row, "status": status, "faults": faults or Faults(), "follow": follow,
        "zone": clock.zone_of(session, caller),
        "step": check_report.step(language, row), "steps": check_report.STEPS,
        "unfinished": row.status in UNFINISHED,
    } | _in_call(session, row, language)  # fmt: skip
    if row.status == RoundStatus.DONE and row.certificate is not None:
        data |= {
            "headline": check_report.headline(language, row.certificate, row.kind),
            "aim": check_report.AIMS.get(row.certificate["objective"], ""),
            "promises": check_report.promises(language, row.certificate),
            "not_promised": check_report.NOT_PROMISED.values(),
            "dropped": check_report.dropped(language, row),
            "files_sha256": round_lists.files_sha256(session, caller, row.id),
            "fairness": _fairness(session, language, row.id),
        }
    return show(request, "matching.html", **data)


def _in_call(session: Session, row: RoundShown, language: Language) -> dict[str, Any]:
    """The call, which matching of it this is, and with which ones it can be compared."""
    call = session.get_one(models.Call, row.call_id)
    of_call = round_lists.of_call(session, call.code, language)
    number = {one.id: len(of_call) - place for place, one in enumerate(of_call)}
    earlier = round_lists.others_to_compare(of_call, row)
    return {"call": call, "number": number[row.id],
            "earlier": [(number[one.id], one) for one in earlier[:FIRST_SHOWN]]}  # fmt: skip


def _fairness(session: Session, language: Language, round_id: uuid.UUID) -> dict[str, Any] | None:
    """The fairness report in sentences and as a table; None where there is none."""
    try:
        found = fairness.report(session, round_id)
    except NoFairnessReportError:
        return None
    texts = fairness.texts(session, language.code)
    return {"headline": fairness_words.headline(language, texts, found),
            "flagged": fairness_words.flags(language, texts, found),
            "rows": fairness.rows(found, texts, briefly=True),
            "hidden": found.hidden_since is not None}  # fmt: skip


@router.post("/{round_id}/cancellation")
def cancel(
    request: Request, round_id: uuid.UUID, form: Form, session: Writing,  # noqa: ARG001
    permit: Permit = may(Action.ROUND_CANCEL),
) -> Response:  # fmt: skip
    """Stop a matching that waits or runs: nothing of it is stored."""
    faults = Faults()
    with attempt(session, faults, Language(permit.caller.language)):
        rounds.cancel(session, permit.caller, round_id)
        return go_to(request, f"/matchings/{round_id}")
    return _one(request, session, permit.caller, round_id, status=422, faults=faults)


@router.get("/{round_id}/fairness.svg")
def picture(
    round_id: uuid.UUID, session: Reading, permit: Permit = may(Action.FAIRNESS_READ)
) -> Response:
    """The fairness report as a picture, in the reader's language."""
    drawn = fairness.drawn(session, round_id, permit.caller.language)
    return Response(drawn, media_type="image/svg+xml", headers={"Content-Security-Policy": STYLED})


@router.get("/{round_id}/fairness.csv")
def table(
    round_id: uuid.UUID, session: Reading, permit: Permit = may(Action.FAIRNESS_READ)
) -> Response:
    """The fairness report as a table for spreadsheets."""
    found = fairness.report(session, round_id)
    written = io.StringIO()
    csv.writer(written).writerows(
        fairness.rows(found, fairness.texts(session, permit.caller.language))
    )
    headers = {"Content-Disposition": 'attachment; filename="fairness.csv"'}
    return Response("\ufeff" + written.getvalue(), media_type="text/csv", headers=headers)


@router.get("/{round_id}/compare/{earlier_id}")
def compare(
    request: Request, round_id: uuid.UUID, earlier_id: uuid.UUID, session: Reading,
    permit: Permit = may(Action.ROUND_READ),
) -> Response:  # fmt: skip
    """What changed from an earlier matching: everybody in counts, own people by name."""
    found = comparing.compare(session, permit.caller, earlier_id, round_id)
    language = Language(permit.caller.language)
    numbers = _in_call(session, found.later, language)
    same_measure = "weights" not in found.settings_changed
    return show(
        request, "matchings_compared.html", found=found, call=numbers["call"],
        number=numbers["number"], zone=clock.zone_of(session, permit.caller),
        earlier_number=_in_call(session, found.earlier, language)["number"],
        differences=[
            (one, check_report.why(language, one, same_measure=same_measure))
            for one in found.differences
        ],
        settings=[(name, EDITORS[name].title) for name in found.settings_changed],
        names_people=permit.caller.role == models.Role.COORDINATOR,
    )  # fmt: skip
