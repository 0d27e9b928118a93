"""Settings of the alliance: what there is to set, what holds, who changed it when."""

from fastapi import APIRouter, Response

from api.edge import Permit, Reading, SeenVersion, Writing, may, tag
from api.policy import Action
from api.services import settings
from models.setting_views import History, SettingList, SettingShown, Value

router = APIRouter(prefix="/settings", tags=["settings"])


@router.get("")
def list_settings(session: Reading, _permit: Permit = may(Action.SETTING_READ)) -> SettingList:
    """Every setting with its meaning and its default."""
    return SettingList(items=[_shown(one) for one in settings.overview(session)])


@router.get("/{name}")
def one_setting(
    name: str, session: Reading, response: Response, _permit: Permit = may(Action.SETTING_READ)
) -> SettingShown:
    """One setting, with the ETag that a change asks for."""
    found = settings.of_name(session, name)
    response.headers["ETag"] = tag(found.revision)
    return _shown(found)


@router.put("/{name}")
def change_setting(
    name: str, asked: Value, session: Writing, seen: SeenVersion, response: Response,
    permit: Permit = may(Action.SETTING_CHANGE),
) -> SettingShown:  # fmt: skip
    """Set a setting; rounds that begin from now on take it."""
    made = settings.change(session, permit.caller, name, asked.value, revision=seen)
    response.headers["ETag"] = tag(made.revision)
    return _shown(settings.of_name(session, name))


@router.get("/{name}/history")
def history(name: str, session: Reading, _permit: Permit = may(Action.SETTING_READ)) -> History:
    """Who set it to what, and when."""
    return History(items=settings.revisions(session, name))


def _shown(found: settings.Shown) -> SettingShown:
    return SettingShown(**{name: getattr(found, name) for name in SettingShown.model_fields})
