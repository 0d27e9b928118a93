"""Where somebody reads the clock: days and times are told as they are there."""

from sqlmodel import Session

from api import store
from api.caller import Caller
from api.services.settings import current


def zone_of(session: Session, caller: Caller) -> str:
    """The time zone of one's own region; for who has none, that of the schedule (IANA name)."""
    home = store.regions.home_of(session, caller.role, caller.scope_id)
    if home is not None:
        return home.time_zone
    value = current(session)["schedule"]
    return value["time_zone"] if value else "Europe/Brussels"
