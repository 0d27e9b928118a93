"""The engine's input: a problem, as values and as a file (`doallvet-problem/1`).

Every value is frozen and refuses nonsense when it is built. `Problem.from_json`
names every fault of a file at once, each with its place.
"""

import datetime
import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from matcher.errors import ProblemError
from matcher.faults import TEXTS
from matcher.vocabulary import (
    CEFR_LEVELS,
    Mode,
    Objective,
    Priority,
    Provision,
    Reference,
    Strength,
    default_reference,
    minutes,
)

PROBLEM_FORMAT: Literal["doallvet-problem/1"] = "doallvet-problem/1"


LATER_KEYS = {"confirmed_needs", "reserve", "reserved"}
"""Keys that came after the first files: absent, they leave a problem's digest as it was."""


def _fault(kind: str, **data: Any) -> PydanticCustomError:
    """A fault of a kind of `matcher.faults`; its data are what the text shows."""
    text: Any = TEXTS[kind]  # pydantic's own type of it is for literals only
    return PydanticCustomError(kind, text, {name: str(value) for name, value in data.items()})


def _cefr(level: Any) -> Any:
    if level not in CEFR_LEVELS:
        raise _fault("no_level", given=repr(level))
    return level


def _time(time: str) -> str:
    try:
        minutes(time)
    except ValueError:
        raise _fault("no_time", given=repr(time)) from None
    return time


def _day(day: Any) -> Any:
    """Refuse what pydantic would take for a date although nobody writes it so (numbers, times)."""
    if isinstance(day, datetime.date) and not isinstance(day, datetime.datetime):
        return day
    try:
        return datetime.date.fromisoformat(day)
    except (TypeError, ValueError):
        raise _fault("no_day", given=repr(day)) from None


Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Level = Annotated[str, BeforeValidator(_cefr)]
Time = Annotated[str, AfterValidator(_time)]
Day = Annotated[datetime.date, BeforeValidator(_day)]
Days = Annotated[int, Field(ge=1, le=3660, strict=True)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Points = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False, strict=True)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000, strict=True)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Outcome(_Value):
    """One learning outcome: its wording, and its code where the programme has one."""

    text: str = Field(max_length=2000)
    code: Id | None = None


def _outcome(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


def _in_order(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The order of such a list says nothing; one order for all makes results repeatable."""
    return tuple(sorted(values, key=str))


OutcomeText = Annotated[Outcome, BeforeValidator(_outcome)]
Period = tuple[Day, Day]
Codes = Annotated[tuple[str, ...], AfterValidator(_in_order)]
Outcomes = Annotated[tuple[OutcomeText, ...], AfterValidator(_in_order)]
Modes = Annotated[tuple[Mode, ...], AfterValidator(_in_order), Field(min_length=1)]


class WishedDays(_Value):
    """Length of stay in days that an apprentice wants: shortest, ideal, longest."""

    min: Days
    ideal: Days
    max: Days

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.min <= self.ideal <= self.max:
            raise _fault("lengths_order", min=self.min, ideal=self.ideal, max=self.max)
        return self


class OfferedDays(_Value):
    """Length of stay in days that an offer allows."""

    min: Days
    max: Days

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min > self.max:
            raise _fault("lengths_offered", min=self.min, max=self.max)
        return self


class Hours(_Value):
    """Working hours of an offer. An `end` not after `start` is on the next day."""

    start: Time
    end: Time
    per_day: Annotated[float, Field(gt=0, le=24, allow_inf_nan=False, strict=True)]
    days_per_week: Annotated[int, Field(ge=1, le=7, strict=True)]


class _Windowed(_Value):
    available_from: Day
    available_to: Day

    @model_validator(mode="after")
    def _window(self) -> Self:
        if self.available_from > self.available_to:
            raise _fault("window_order", first=self.available_from, last=self.available_to)
        return self


class Apprentice(_Windowed):
    """A VET learner or recent graduate who looks for a placement abroad.

    `confirmed_needs` are the needs that a coordinator confirmed; absent, all of `needs` count
    as confirmed. Every hard need filters, but only confirmed ones make somebody come first.
    """

    id: Id
    country: str
    region: Id
    birth_date: Day
    occupations: Annotated[Codes, Field(min_length=1, max_length=20)]
    isced_f: str | None = None
    outcomes: Outcomes = ()
    languages: dict[str, Level]
    not_available: Annotated[tuple[Period, ...], AfterValidator(_in_order)] = ()
    days: WishedDays
    activity: str
    status: str
    modes: Modes = (Mode.PHYSICAL,)
    needs: dict[str, Strength] = Field(default_factory=dict)
    confirmed_needs: Codes | None = None
    fewer_opportunities: Flag = False
    destinations: tuple[str, ...] = ()
    excluded_companies: Codes = ()
    interest: dict[str, Share] = Field(default_factory=dict)
    licences: Codes = ()
    training_days: Count | None = None
    days_abroad: Count = 0
    graduated_on: Day | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        for first, last in self.not_available:
            if first > last:
                raise _fault("period_order", first=first, last=last)
        if self.status == "RECENT_GRADUATE" and self.graduated_on is None:
            raise _fault("graduation_missing")
        if self.birth_date >= self.available_from:
            raise _fault("birth_order", day=self.birth_date)
        for code in self.confirmed_needs or ():
            if code not in self.needs:
                raise _fault("confirmed_unknown", given=repr(code))
        return self


class Offer(_Windowed):
    """One window of one kind of work at one site, with places for `places` persons.

    `reserved` of the places are for apprentices with fewer opportunities only, and room for
    them is kept within the caps of company and region. Where nobody of them can come, a
    reserved place stays empty.
    """

    id: Id
    company: Id
    country: str
    region: Id
    occupations: Annotated[Codes, Field(min_length=1, max_length=20)]
    isced_f: str | None = None
    outcomes: Outcomes = ()
    languages: Annotated[dict[str, Level], Field(min_length=1)]
    language_support: Flag = False
    days: OfferedDays
    places: Count
    reserved: Count = 0
    provisions: dict[str, Provision] = Field(default_factory=dict)
    min_age: Annotated[int, Field(ge=0, le=99, strict=True)] | None = None
    hours: Hours | None = None
    statuses: Codes = ()
    modes: Modes = (Mode.PHYSICAL,)
    tasks: Codes = ()
    licences: Codes = ()
    quality: Share | None = None
    verified: Flag = True

    @model_validator(mode="after")
    def _reserved_of_places(self) -> Self:
        if self.reserved > self.places:
            raise _fault("reserved_beyond", reserved=self.reserved, places=self.places)
        return self


class Company(_Value):
    """What is agreed with a company for all its offers together."""

    max_placements: Count | None = None


class Declined(_Value):
    """A pair that somebody declined before; it comes back once `resolved` is true."""

    apprentice: Id
    offer: Id
    reason: str = ""
    resolved: Flag = False


class AcceptedNeed(_Value):
    """A hard need that a named person accepted for one pair although it is not provided."""

    apprentice: Id
    offer: Id
    need: str


def _default_weights() -> dict[str, float]:
    rows = default_reference().rows("weights")
    return {row["criterion"]: float(row["points"]) for row in rows}


class Policy(_Value):
    """How the alliance wants its rounds: objective, priority, weights, locks and caps.

    `reserve` is the share of the largest number of people who could be placed that is for
    apprentices with fewer opportunities, as far as it can be reached; absent or 0 is none.
    `min_closeness` is the least closeness of occupations that is proposed at all;
    `seed` orders people and offers that nothing else distinguishes.
    """

    objective: Objective = Objective.COVERAGE
    priority: tuple[Priority, ...] = (Priority.HARD_NEEDS,)
    reserve: Share | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63, strict=True)] = 0
    candidates: Annotated[int, Field(ge=1, le=100_000, strict=True)] = 50
    min_closeness: Share = 0.8
    start_weekdays: tuple[Annotated[int, Field(ge=1, le=7, strict=True)], ...] = ()
    weights: dict[str, Points] = Field(default_factory=_default_weights)
    locks: tuple[tuple[Id, Id], ...] = ()
    forbids: tuple[tuple[Id, Id], ...] = ()
    hosting_caps: dict[str, Count] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _complete_weights(self) -> Self:
        expected = _default_weights()
        if set(self.weights) != set(expected):
            raise _fault("weights_names", names=", ".join(expected))
        total = sum(self.weights.values())
        if abs(total - 100) > 1e-9:
            raise _fault("weights_total", total=f"{total:g}")
        return self


class Problem(_Value):
    """Everything a round needs to know. Nothing outside it changes the result."""

    format: Literal["doallvet-problem/1"] = PROBLEM_FORMAT
    today: Day
    policy: Policy = Field(default_factory=Policy)
    companies: dict[str, Company] = Field(default_factory=dict)
    declined: tuple[Declined, ...] = ()
    accepted_needs: tuple[AcceptedNeed, ...] = ()
    apprentices: tuple[Apprentice, ...] = ()
    offers: tuple[Offer, ...] = ()
    reference: dict[str, tuple[dict[str, Any], ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        from matcher.reading import inconsistencies

        try:
            faults = inconsistencies(self)
        except ProblemError as error:
            raise _fault("inconsistent", lines=str(error)) from None
        if faults:
            lines = "\n".join(fault.line for fault in faults)
            told = {"lines": lines, "faults": faults}
            raise PydanticCustomError("inconsistent", "{lines}", told)
        return self

    @classmethod
    def from_json(cls, text: str | bytes) -> "Problem":
        """Read a problem file. Raises ProblemError with every fault of the file and its place."""
        from matcher.reading import read_problem

        return read_problem(text)

    def to_json(self, *, indent: int | None = 2) -> str:
        """The problem as a file; reading it again gives an equal problem."""
        content = self.model_dump(mode="json", exclude_defaults=True)
        content = {"format": PROBLEM_FORMAT} | content
        return json.dumps(content, ensure_ascii=False, indent=indent)

    def facts(self) -> Reference:
        """The reference lists with this problem's changes to them."""
        base = default_reference()
        return base.with_rows(self.reference) if self.reference else base

    def sha256(self) -> str:
        """Digest of what the problem says, whatever the order of its rows and keys."""
        content = self.model_dump(mode="json")
        for key in ("apprentices", "offers"):
            content[key].sort(key=lambda row: row["id"])
        for row in (*content["apprentices"], *content["offers"], content["policy"]):
            for key in LATER_KEYS & row.keys():
                if row[key] in (None, 0):
                    del row[key]
        for key in ("declined", "accepted_needs"):
            content[key].sort(key=lambda row: json.dumps(row, sort_keys=True))
        for key in ("locks", "forbids", "start_weekdays", "priority"):
            content["policy"][key].sort()
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


__all__ = [
    "AcceptedNeed",
    "Apprentice",
    "Company",
    "Declined",
    "Hours",
    "Offer",
    "OfferedDays",
    "Outcome",
    "Policy",
    "Problem",
    "ProblemError",
    "WishedDays",
]
