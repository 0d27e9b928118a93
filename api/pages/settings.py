"""Settings of the alliance: what holds, how it is changed, who changed it when."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session
from starlette.datastructures import FormData

from api.caller import Caller
from api.edge import Permit, Reading, Writing, may
from api.errors import BadSettingError, NoSuchSettingError
from api.language import Language
from api.pages.frame import Faults, Form, attempt, go_to, show, version_seen
from api.pages.setting_fields import Editor, WrongError
from api.pages.setting_forms import CHANGES_MATCHING, EDITORS, GROUPS
from api.policy import Action, scope_of
from api.services import clock, round_lists, rounds, settings, trying
from api.services.rounds import Worker
from models import CallStatus, RoundKind

router = APIRouter(prefix="/settings")


@router.get("")
def overview(
    request: Request, session: Reading, permit: Permit = may(Action.SETTING_READ)
) -> Response:
    """Every setting with what holds now, in words."""
    language = Language(permit.caller.language)
    found = {one.name: one for one in settings.overview(session)}
    groups = [
        (
            title,
            [(name, EDITORS[name].title, EDITORS[name].said(language, found[name].value),
              found[name].since) for name in names],
        )
        for title, names in GROUPS
    ]  # fmt: skip
    zone = clock.zone_of(session, permit.caller)
    return show(request, "settings.html", groups=groups, zone=zone)


@router.get("/{name}")
def setting(
    request: Request, name: str, session: Reading, saved: bool = False,
    permit: Permit = may(Action.SETTING_READ),
) -> Response:  # fmt: skip
    """One setting: its fields, and all that it was before."""
    return _page(request, session, permit.caller, name, saved=saved)


@router.post("/{name}")
def change(
    request: Request, name: str, form: Form, session: Writing,
    permit: Permit = may(Action.SETTING_CHANGE),
) -> Response:  # fmt: skip
    """Set a setting; matchings that begin from now on take it.

    `then_trial` in the form is the code of a call for which a trial matching is asked for as well.
    """
    editor = _editor(name)
    faults, language, caller = Faults(), Language(permit.caller.language), permit.caller
    value, next_page = _gathered(editor, form, faults, language), f"/settings/{name}?saved=true"
    if not faults:
        with attempt(session, faults, language):
            try:
                settings.change(session, caller, name, value, revision=version_seen(form))
            except BadSettingError:
                faults.whole.append(language.phrase(editor.refused))
            else:
                code = str(form.get("then_trial", ""))
                if code and name in CHANGES_MATCHING and scope_of(caller.role, Action.ROUND_ASK):
                    worker = Worker("web", caller.new_id, request.app.state.now)
                    made = rounds.ask_for(
                        session, code, RoundKind.PREVIEW, by=caller.user_id, worker=worker
                    )
                    next_page = f"/matchings/{made.id}"
    if not faults:
        return go_to(request, next_page)
    return _page(request, session, caller, name, status=422, faults=faults, form=form)


@router.post("/weights/trial")
def try_weights(
    request: Request, form: Form, session: Reading, permit: Permit = may(Action.SETTING_CHANGE)
) -> Response:  # fmt: skip
    """What the points of the form would change, as they are: nothing is stored, nobody is told."""
    faults, language, caller = Faults(), Language(permit.caller.language), permit.caller
    editor, data = EDITORS["weights"], dict[str, Any]()
    value = _gathered(editor, form, faults, language)
    if not faults:
        with attempt(session, faults, language):
            call = trying.open_call(session, str(form.get("call", "")))
            if trying.is_too_large(session, call):
                data["too_large"] = call
            else:
                try:
                    data["trial"] = trying.weights(session, caller, call, value)
                except BadSettingError:
                    faults.whole.append(language.phrase(editor.refused))
    status = 422 if faults else 200
    return _page(
        request, session, caller, "weights", status=status, faults=faults, form=form, **data
    )


def _gathered(editor: Editor, form: FormData, faults: Faults, language: Language) -> Any:
    """The value that a form holds; what is wrong with it is told."""
    try:
        return editor.gather(form)
    except WrongError as wrong:
        told = language.phrase(wrong.text, **wrong.data)
        if wrong.field:
            faults.fields[wrong.field] = told
        else:
            faults.whole.append(told)
    return None


def _editor(name: str) -> Editor:
    """How a setting is changed. Raises NoSuchSettingError."""
    if name not in EDITORS:
        raise NoSuchSettingError(name, EDITORS)
    return EDITORS[name]


def _page(
    request: Request, session: Session, caller: Caller, name: str, *, saved: bool = False,
    status: int = 200, faults: Faults | None = None, form: FormData | None = None, **data: Any,
) -> Response:  # fmt: skip
    editor, language = _editor(name), Language(caller.language)
    found = settings.of_name(session, name)
    history = [(row, editor.said(language, row.value)) for row in settings.revisions(session, name)]
    calls = [
        one for one in round_lists.calls_with_rounds(session) if one.status == CallStatus.OPEN
    ] if name in CHANGES_MATCHING else []  # fmt: skip
    return show(
        request, "setting.html", status=status, name=name, editor=editor, saved=saved,
        revision=found.revision, held=editor.said(language, found.value), calls=calls,
        default=editor.said(language, found.default), given=editor.spread(found.value),
        trial_calls=[(one.code, one.name) for one in calls],
        labels={field.name: language.phrase(field.label) for field in editor.fields},
        history=history, zone=clock.zone_of(session, caller),
        faults=faults or Faults(), typed=form if form is not None else {},
        **{"trial": None, "too_large": None} | data,
    )  # fmt: skip
