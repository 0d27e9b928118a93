"""Settings: what there is to set, what holds now, and how it came to be."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.errors import BadSettingError, NoSuchSettingError, StaleVersionError
from api.faults import Fault, FaultError, fault, of_value
from api.schedule import Schedule
from api.services import records
from matcher.problem import Policy, Share
from models import Party
from models.setting_views import Revision


@dataclass(frozen=True)
class Known:
    """A setting: what holds while nobody has set it, what it means, what it may be.

    `check` gives the value as it is stored. It raises FaultError or ValidationError.
    """

    default: Any
    meaning: str
    check: Callable[[Any], Any]


@dataclass(frozen=True)
class Shown:
    """A setting as it holds now; `revision` is 0 and `since` None while nobody has set it."""

    name: str
    value: Any
    revision: int
    since: datetime.datetime | None
    default: Any
    meaning: str


class _Schedule(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    cron: str = Field(max_length=200)
    time_zone: str = Field(max_length=60)


class _Retention(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    needs: Annotated[int, Field(ge=0, le=3650)]
    applicants: Annotated[int, Field(ge=0, le=3650)]
    participants: Annotated[int, Field(ge=365, le=7300)]
    messages: Annotated[int, Field(ge=1, le=365)]
    repeated_requests: Annotated[int, Field(ge=1, le=30)]
    sessions: Annotated[int, Field(ge=1, le=365)]
    answer_links: Annotated[int, Field(ge=1, le=365)]
    invitations: Annotated[int, Field(ge=1, le=365)]


def _makes_ticks(value: _Schedule | None) -> _Schedule | None:
    if value is not None:
        Schedule(value.cron, value.time_zone)
    return value


def _ascending(days: list[int]) -> list[int]:
    if sorted(set(days)) != days:
        raise FaultError("days_order")
    return days


def _every_party_once(order: list[list[Party]]) -> list[list[Party]]:
    if sorted(party for group in order for party in group) != sorted(Party):
        raise FaultError("parties", parties=[str(party) for party in Party])
    return order


Days = Annotated[int, Field(ge=1, le=365, strict=True)]


def _of_policy(name: str, meaning: str) -> Known:
    def check(value: Any) -> Any:
        return Policy(**{name: value}).model_dump(mode="json")[name]

    return Known(Policy().model_dump(mode="json")[name], meaning, check)


def _own(default: Any, meaning: str, kind: Any) -> Known:
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    return Known(
        default,
        meaning,
        lambda value: adapter.dump_python(adapter.validate_python(value), mode="json"),
    )


KNOWN: dict[str, Known] = {
    "objective": _of_policy(
        "objective", "What a round aims at: `coverage` places most people, `fit` the best total."
    ),
    "priority": _of_policy(
        "priority", "Who comes first: `hard_needs` are people whose hard needs exclude offers."
    ),
    "reserve": _own(
        0.0, "The share of the placeable people that is for fewer opportunities, 0 to 1.", Share
    ),
    "weights": _of_policy("weights", "Points of each criterion; they sum to 100."),
    "seed": _of_policy("seed", "Orders people and offers that nothing else distinguishes."),
    "candidates": _of_policy("candidates", "So many offers of a person are looked at closely."),
    "min_closeness": _of_policy(
        "min_closeness", "The least closeness of occupations that is proposed, 0 to 1."
    ),
    "start_weekdays": _of_policy(
        "start_weekdays", "Weekdays on which stays begin, 1 (Monday) to 7; none is any day."
    ),
    "schedule": _own(
        {"cron": "0 2 * * *", "time_zone": "Europe/Brussels"},
        "When rounds run by themselves: cron and time_zone, or null for never.",
        Annotated[_Schedule | None, AfterValidator(_makes_ticks)],
    ),
    "days_to_answer": _own(14, "A question expires after so many days.", Days),
    "reminder_days": _own(
        [3, 7],
        "Who has not answered is reminded after so many days.",
        Annotated[list[Days], Field(max_length=10), AfterValidator(_ascending)],
    ),
    "approval_order": _own(
        [["sending_coordinator"], ["hosting_coordinator"], ["apprentice", "guardian", "employer"],
         ["company"]],
        "Who is asked after whom; those of one group are asked together.",
        Annotated[
            list[Annotated[list[Party], Field(min_length=1)]], AfterValidator(_every_party_once)
        ],
    ),
    "barrier_category": _own(
        False, "Whether the National Agency asks why somebody has fewer opportunities.",
        Annotated[bool, Field(strict=True)],
    ),
    "retention": _own(
        {"needs": 90, "applicants": 365, "participants": 1825, "messages": 30,
         "repeated_requests": 2, "sessions": 30, "answer_links": 30, "invitations": 30},
        "Days after which each kind of data goes (needs, applicants, participants: after their"
        " last call has ended; the grant agreement asks for 5 years of participants, or 3).",
        _Retention,
    ),
    "support_rounding": _own(
        "nearest",
        "How 70 % of a day's support becomes whole euros: the `nearest`, or always `down`.",
        Literal["nearest", "down"],
    ),
    "suggestions_visible": _own(
        "selected",
        "Whether apprentices see their best offers: `never`, once `selected`, or `always`.",
        Literal["never", "selected", "always"],
    ),
}  # fmt: skip
"""Every setting. Those of the policy are what a round is run with (`problems.OF_POLICY`)."""


def current(session: Session) -> dict[str, Any]:
    """The value of every setting as it holds now, the default where nobody has set it."""
    return {shown.name: shown.value for shown in overview(session)}


def overview(session: Session) -> list[Shown]:
    """Every setting as it holds now, with its revision, default and meaning."""
    stored = store.settings.newest_settings(session)
    return [_shown(name, stored.get(name)) for name in KNOWN]


def of_name(session: Session, name: str) -> Shown:
    """A setting as it holds now. Raises NoSuchSettingError."""
    before = history(session, name)
    return _shown(name, before[0] if before else None)


def change(
    session: Session, caller: Caller, name: str, value: Any, *, revision: int | None
) -> models.Setting:
    """Set a setting. `revision` is the one that was read, 0 for the default, None for whichever.

    Raises NoSuchSettingError, BadSettingError, StaleVersionError.
    """
    checked = checked_value(name, value)
    holds = of_name(session, name).revision
    if revision is not None and revision != holds:
        raise StaleVersionError("setting", revision, holds, name)
    row = models.Setting(
        id=caller.new_id(), created_at=caller.now, name=name, revision=holds + 1, value=checked,
        changed_by=caller.user_id,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise StaleVersionError("setting", holds, holds + 1, name) from None
    records.note(session, caller, "setting.changed", row, name=name, revision=row.revision)
    return row


def checked_value(name: str, value: Any) -> Any:
    """A value of a setting as it is stored. Raises NoSuchSettingError, BadSettingError."""
    try:
        return _known(name).check(value)
    except ValidationError as error:
        raise BadSettingError(name, _found(error)) from None
    except FaultError as error:
        raise BadSettingError(name, [error.fault]) from None


def history(session: Session, name: str) -> list[models.Setting]:
    """All that a setting was set to, the newest first. Raises NoSuchSettingError."""
    _known(name)
    return store.settings.setting_history(session, name)


def revisions(session: Session, name: str) -> list[Revision]:
    """The same with the names of those who did it. Raises NoSuchSettingError."""
    rows = history(session, name)
    people = {row.changed_by for row in rows if row.changed_by}
    names = {identity: session.get_one(models.User, identity).name for identity in people}
    return [
        Revision(
            revision=row.revision, value=row.value, created_at=row.created_at,
            changed_by=row.changed_by,
            changed_by_name=names[row.changed_by] if row.changed_by else None,
        )
        for row in rows
    ]  # fmt: skip


def _shown(name: str, row: models.Setting | None) -> Shown:
    known = KNOWN[name]
    return Shown(
        name=name,
        value=row.value if row else known.default,
        revision=row.revision if row else 0,
        since=row.created_at if row else None,
        default=known.default,
        meaning=known.meaning,
    )


def _known(name: str) -> Known:
    if name not in KNOWN:
        raise NoSuchSettingError(name, KNOWN)
    return KNOWN[name]


def _found(error: ValidationError) -> list[Fault]:
    """Each fault with its place below the setting."""
    faults = []
    for detail in error.errors(include_url=False):
        told, place = of_value(detail), ".".join(str(part) for part in detail["loc"])
        faults.append(fault("at", place=place, fault=told) if place else told)
    return faults
