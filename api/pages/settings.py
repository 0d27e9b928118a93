"""Settings of the alliance: what holds, how it is changed, who changed it when."""

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
from api.policy import Action
from api.services import clock, round_lists, settings
from models import CallStatus

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
    """Set a setting; matchings that begin from now on take it."""
    editor = _editor(name)
    faults, language = Faults(), Language(permit.caller.language)
    try:
        value = editor.gather(form)
    except WrongError as wrong:
        told = language.phrase(wrong.text, **wrong.data)
        if wrong.field:
            faults.fields[wrong.field] = told
        else:
            faults.whole.append(told)
    else:
        with attempt(session, faults, language):
            try:
                settings.change(
                    session, permit.caller, name, value,
                    revision=version_seen(form),
                )  # fmt: skip
            except BadSettingError:
                faults.whole.append(language.phrase(editor.refused))
    if not faults:
        return go_to(request, f"/settings/{name}?saved=true")
    return _page(request, session, permit.caller, name, status=422, faults=faults, form=form)


def _editor(name: str) -> Editor:
    """How a setting is changed. Raises NoSuchSettingError."""
    if name not in EDITORS:
        raise NoSuchSettingError(name, EDITORS)
    return EDITORS[name]


def _page(
    request: Request, session: Session, caller: Caller, name: str, *, saved: bool = False,
    status: int = 200, faults: Faults | None = None, form: FormData | None = None,
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
        labels={field.name: language.phrase(field.label) for field in editor.fields},
        history=history, zone=clock.zone_of(session, caller),
        faults=faults or Faults(), typed=form if form is not None else {},
    )  # fmt: skip
