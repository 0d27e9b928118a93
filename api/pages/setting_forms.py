"""Every setting as people change it and read it: its words, its fields, its value in a sentence."""

import re
from typing import Any

from starlette.datastructures import FormData

from api.language import N_, Language
from api.pages.setting_fields import (
    Choice,
    Editor,
    Field,
    WrongError,
    number_of,
    one_of,
    whole_of,
)
from api.pages.words import WORDS
from models import Party

CRITERIA = {
    "occupation": (N_("Trade"), N_("How close the work is to the trade that is learned.")),
    "outcomes": (N_("Learning outcomes"), N_("How much of what is to be learned can be learned"
                                             " there.")),
    "language": (N_("Language"), N_("How well the language is known that is needed there.")),
    "dates": (N_("Dates and length"), N_("How near the stay is to the length that is wished.")),
    "inclusion": (N_("What would help"), N_("How much the workplace has of what would help the"
                                            " person.")),
    "quality": (N_("Quality of the host"), N_("What is known of earlier stays there.")),
    "preference": (N_("Wishes"), N_("The person's wishes: countries, and offers that were"
                                    " liked.")),
}  # fmt: skip
"""What the fit is made of: its name, and what it looks at."""

AIMS: tuple[Choice, ...] = (
    ("coverage", N_("As many people as possible have a place; then the best fit")),
    ("fit", N_("The best fit of all people together")),
)
VISIBLE: tuple[Choice, ...] = (
    ("never", N_("Never")), ("selected", N_("Once they are selected")), ("always", N_("Always")),
)  # fmt: skip
ROUNDINGS: tuple[Choice, ...] = (
    ("nearest", N_("To the nearest euro")), ("down", N_("Always down")),
)  # fmt: skip
YES_NO: tuple[Choice, ...] = (("yes", N_("Yes")), ("no", N_("No")))
WEEKDAYS: tuple[Choice, ...] = (
    ("1", N_("Monday")), ("2", N_("Tuesday")), ("3", N_("Wednesday")), ("4", N_("Thursday")),
    ("5", N_("Friday")), ("6", N_("Saturday")), ("7", N_("Sunday")),
)  # fmt: skip
RHYTHMS: tuple[Choice, ...] = (
    ("never", N_("Never by itself")), ("daily", N_("Every day")), ("weekly", N_("Every week")),
    ("own", N_("By a rule of your own")),
)  # fmt: skip
ZONES = ("Europe/Brussels", "Europe/Madrid", "Europe/Lisbon", "Europe/Helsinki", "Europe/Berlin",
         "Europe/Warsaw", "UTC")  # fmt: skip
TURNS: tuple[Choice, ...] = tuple((str(n), str(n)) for n in range(1, len(Party) + 1))
KEPT = {
    "needs": N_("What people need, after their last call has ended"),
    "applicants": N_("Applicants who did not go, after their last call has ended"),
    "participants": N_("People who went, after their last call has ended"),
    "messages": N_("Messages that were sent"),
    "repeated_requests": N_("Answers to repeated requests of programs"),
    "sessions": N_("Ended sign-ins"),
    "answer_links": N_("Links to one answer that are over"),
    "invitations": N_("Invitations that are over"),
}
"""What is deleted by itself."""

SIMPLE = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* (\*|[0-7])")
"""A cron rule for one time, every day or on one day of the week."""


def _same(name: str) -> Any:
    return lambda value: {name: value}


def _text(choices: tuple[Choice, ...]) -> Any:
    texts = dict(choices)
    return lambda language, value: language.phrase(texts[value])


def _spread_weights(value: dict[str, float]) -> dict[str, Any]:
    return {name: f"{value[name]:g}" for name in CRITERIA}


def _gather_weights(form: FormData) -> dict[str, float]:
    points = {name: number_of(form, name) for name in CRITERIA}
    total = round(sum(points.values()), 6)
    if total != 100:
        text = (
            N_("The points add up to {total}. They must add up to 100: give {more} more.")
            if total < 100
            else N_("The points add up to {total}. They must add up to 100: take {more} away.")
        )
        raise WrongError("", text, total=f"{total:g}", more=f"{abs(100 - total):g}")
    return points


def _said_weights(language: Language, value: dict[str, float]) -> str:
    return language.listed(
        [f"{language.phrase(CRITERIA[name][0])} {language.number(value[name], 1)}"
         for name in CRITERIA]
    )  # fmt: skip


def _spread_schedule(value: dict[str, str] | None) -> dict[str, Any]:
    if value is None:
        return {"rhythm": ["never"], "time": "02:00", "weekday": "1", "cron": "",
                "time_zone": ZONES[0]}  # fmt: skip
    simple = SIMPLE.fullmatch(value["cron"])
    minute, hour, day = simple.groups() if simple else ("0", "2", "*")
    rhythm = "own" if not simple else "daily" if day == "*" else "weekly"
    return {
        "rhythm": [rhythm], "time": f"{int(hour):02}:{int(minute):02}",
        "weekday": "1" if day == "*" else str(int(day) or 7), "cron": value["cron"],
        "time_zone": value["time_zone"],
    }  # fmt: skip


def _gather_schedule(form: FormData) -> dict[str, str] | None:
    rhythm = one_of(form, "rhythm", [code for code, _ in RHYTHMS])
    if rhythm == "never":
        return None
    zone = str(form.get("time_zone", ""))
    if rhythm == "own":
        return {"cron": " ".join(str(form.get("cron", "")).split()), "time_zone": zone}
    time = re.fullmatch(r"(\d{1,2}):(\d{2})", str(form.get("time", "")).strip())
    if time is None:
        raise WrongError("time", N_("Please give a time, such as 02:00."))
    hour, minute = (int(part) for part in time.groups())
    weekdays = [code for code, _ in WEEKDAYS]
    day = one_of(form, "weekday", weekdays) if rhythm == "weekly" else "*"
    return {"cron": f"{minute} {hour} * * {'0' if day == '7' else day}", "time_zone": zone}


def _said_schedule(language: Language, value: dict[str, str] | None) -> str:
    if value is None:
        return language.phrase("Never by itself")
    given = _spread_schedule(value)
    text = {
        "daily": N_("Every day at {time} ({zone})"),
        "weekly": N_("{weekday}, every week at {time} ({zone})"),
        "own": N_("By the rule {cron} ({zone})"),
    }[given["rhythm"][0]]
    return language.phrase(
        text, time=given["time"], zone=given["time_zone"], cron=given["cron"],
        weekday=language.phrase(dict(WEEKDAYS)[given["weekday"]]),
    )  # fmt: skip


def _spread_order(value: list[list[str]]) -> dict[str, Any]:
    return {party: str(turn) for turn, group in enumerate(value, 1) for party in group}


def _gather_order(form: FormData) -> list[list[str]]:
    turns = {party: one_of(form, party, [code for code, _ in TURNS]) for party in Party}
    order = [[str(party) for party in Party if turns[party] == turn] for turn, _ in TURNS]
    return [group for group in order if group]


def _said_order(language: Language, value: list[list[str]]) -> str:
    names = WORDS["party"]
    groups = [language.listed([language.phrase(names[party]) for party in one]) for one in value]
    return " → ".join(groups)


def _gather_reminders(form: FormData) -> list[int]:
    typed = re.split(r"[\s,;]+", str(form.get("reminder_days", "")).strip())
    if not all(part.isdecimal() for part in typed if part):
        raise WrongError("reminder_days", N_("Please give days as numbers, such as 3, 7."))
    return sorted({int(part) for part in typed if part})


def _said_reminders(language: Language, value: list[int]) -> str:
    if not value:
        return language.phrase("Nobody is reminded")
    days = language.listed([language.number(day) for day in value])
    return language.phrase("After {days} days", days=days)


def _said_days(language: Language, value: int) -> str:
    return language.phrase_count("{n} day", "{n} days", value)


def _said_kept(language: Language, value: dict[str, int]) -> str:
    return "; ".join(
        language.phrase("{what}: {days}", what=language.phrase(KEPT[name]),
                        days=_said_days(language, value[name]))
        for name in KEPT
    )  # fmt: skip


def _said_starts(language: Language, value: list[int]) -> str:
    if not value:
        return language.phrase("Any day")
    names = dict(WEEKDAYS)
    return language.listed([language.phrase(names[str(day)]) for day in value])


EDITORS: dict[str, Editor] = {
    "weights": Editor(
        N_("What counts how much"),
        N_("100 points are shared among what makes a place fit. More points: it counts more."),
        tuple(Field(name, label, hint=hint, least=0, most=100, step=0.5)
              for name, (label, hint) in CRITERIA.items()),
        _spread_weights, _gather_weights, _said_weights,
        N_("Each of the points must be 0 or more, and all together must be 100."),
    ),
    "objective": Editor(
        N_("What a matching aims at"), N_("When both cannot be had: what comes first?"),
        (Field("objective", N_("What comes first"), "one", choices=AIMS),),
        lambda value: {"objective": [value]},
        lambda form: one_of(form, "objective", [code for code, _ in AIMS]), _text(AIMS),
    ),
    "priority": Editor(
        N_("Who comes first"),
        N_("People whose confirmed must-have needs rule out many offers have fewer chances."),
        (Field("priority", N_("Do they come first?"), "one", choices=YES_NO),),
        lambda value: {"priority": ["yes" if "hard_needs" in value else "no"]},
        lambda form: (
            ["hard_needs"] if one_of(form, "priority", ("yes", "no")) == "yes" else []
        ),
        lambda language, value: language.phrase(
            N_("People come first whose must-have needs rule out offers") if value
            else N_("Nobody comes first")
        ),
    ),
    "reserve": Editor(
        N_("Share for people with fewer opportunities"),
        N_("So many of the people who get a place are at least people with fewer opportunities,"
           " if there are places that suit them."),
        (Field("reserve", N_("Percent of the people with a place"), least=0, most=100, step=1),),
        lambda value: {"reserve": f"{value * 100:g}"},
        lambda form: number_of(form, "reserve") / 100,
        lambda language, value: language.percent(value),
        N_("It must be between 0 and 100 percent."),
    ),
    "schedule": Editor(
        N_("When matchings run by themselves"),
        N_("At night nobody is in the way; people find the proposals in the morning."),
        (
            Field("rhythm", N_("How often"), "one", choices=RHYTHMS),
            Field("time", N_("At what time"), "time", N_("For every day and every week.")),
            Field("weekday", N_("On which day"), "select", N_("For every week."),
                  choices=WEEKDAYS),
            Field("cron", N_("A rule of your own"), "text",
                  N_("Five parts as cron reads them: minute, hour, day, month, day of the week."),
                  required=False),
            Field("time_zone", N_("Time of"), "select",
                  choices=tuple((zone, zone) for zone in ZONES)),
        ),
        _spread_schedule, _gather_schedule, _said_schedule,
        N_("No such time comes. A rule has five parts, such as 0 2 * * 1 for Monday at 2."),
    ),
    "start_weekdays": Editor(
        N_("On which days stays begin"), N_("None chosen: a stay may begin on any day."),
        (Field("start_weekdays", N_("Days"), "many", choices=WEEKDAYS, required=False),),
        lambda value: {"start_weekdays": [str(day) for day in value]},
        lambda form: sorted({int(day) for day in map(str, form.getlist("start_weekdays"))
                             if day in dict(WEEKDAYS)}),
        _said_starts,
    ),
    "approval_order": Editor(
        N_("Who is asked after whom"),
        N_("Nobody knows of a proposal before it is their turn. Who has the same number is asked"
           " at the same time."),
        tuple(Field(str(party), WORDS["party"][party], "select", choices=TURNS)
              for party in Party),
        _spread_order, _gather_order, _said_order,
    ),
    "days_to_answer": Editor(
        N_("Time to answer"),
        N_("After so many days without an answer the place goes back, and both coordinators are"
           " told."),
        (Field("days_to_answer", N_("Days"), least=1, most=365, step=1),),
        _same("days_to_answer"), lambda form: whole_of(form, "days_to_answer"), _said_days,
        N_("It must be between 1 and 365 days."),
    ),
    "reminder_days": Editor(
        N_("Reminders"), N_("Who has not answered gets a message after so many days."),
        (Field("reminder_days", N_("Days, with commas between them"), "text",
               N_("Such as 3, 7. Empty: nobody is reminded."), required=False),),
        lambda value: {"reminder_days": ", ".join(map(str, value))},
        _gather_reminders, _said_reminders,
        N_("At most ten days, each between 1 and 365."),
    ),
    "suggestions_visible": Editor(
        N_("Whether apprentices see places that suit them"),
        N_("They can say that they are interested, or that a place is not for them."),
        (Field("suggestions_visible", N_("From when on"), "one", choices=VISIBLE),),
        lambda value: {"suggestions_visible": [value]},
        lambda form: one_of(form, "suggestions_visible", [code for code, _ in VISIBLE]),
        _text(VISIBLE),
    ),
    "barrier_category": Editor(
        N_("Asking why somebody has fewer opportunities"),
        N_("Only where your National Agency asks for it. It is never used in a matching."),
        (Field("barrier_category", N_("Is it asked?"), "one", choices=YES_NO),),
        lambda value: {"barrier_category": ["yes" if value else "no"]},
        lambda form: one_of(form, "barrier_category", ("yes", "no")) == "yes",
        lambda language, value: language.phrase(dict(YES_NO)["yes" if value else "no"]),
    ),
    "retention": Editor(
        N_("How long data is kept"),
        N_("After so many days it is deleted by itself. The grant agreement asks for five years"
           " of people who went (1825 days), or three (1095)."),
        tuple(Field(name, label, hint=N_("Days"), least=0, step=1)
              for name, label in KEPT.items()),
        lambda value: dict(value), lambda form: {name: whole_of(form, name) for name in KEPT},
        _said_kept,
        N_("Each must be a number of days that is allowed: people who went are kept for a year at"
           " least, needs and applicants for ten years at most, all else for a year at most,"
           " answers to repeated requests for 30 days at most."),
    ),
    "support_rounding": Editor(
        N_("Whole euros for later days"),
        N_("From day 15 on a day is paid with 70 percent. National Agencies do not round alike:"
           " look at what yours has printed."),
        (Field("support_rounding", N_("How to round"), "one", choices=ROUNDINGS),),
        lambda value: {"support_rounding": [value]},
        lambda form: one_of(form, "support_rounding", [code for code, _ in ROUNDINGS]),
        _text(ROUNDINGS),
    ),
    "candidates": Editor(
        N_("Offers looked at closely"), N_("For each person. More take longer."),
        (Field("candidates", N_("Offers for each person"), least=1, most=100_000, step=1),),
        _same("candidates"), lambda form: whole_of(form, "candidates"),
        lambda language, value: language.number(value), N_("It must be between 1 and 100,000."),
    ),
    "min_closeness": Editor(
        N_("How close the trade must be"),
        N_("100 percent: the same trade only. Less: related trades as well."),
        (Field("min_closeness", N_("Percent"), least=0, most=100, step=1),),
        lambda value: {"min_closeness": f"{value * 100:g}"},
        lambda form: number_of(form, "min_closeness") / 100,
        lambda language, value: language.percent(value),
        N_("It must be between 0 and 100 percent."),
    ),
    "seed": Editor(
        N_("Drawing of lots"),
        N_("Where nothing else tells two people apart, this number decides who comes first."
           " Another number is another draw."),
        (Field("seed", N_("Number"), least=0, step=1),),
        _same("seed"), lambda form: whole_of(form, "seed"),
        lambda _language, value: str(value), N_("It must be a whole number, 0 or more."),
    ),
}  # fmt: skip
"""How each setting of `services.settings.KNOWN` is changed, in the order of the page."""

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Matching"), ("weights", "objective", "priority", "reserve", "schedule",
                      "start_weekdays")),
    (N_("Asking people"), ("approval_order", "days_to_answer", "reminder_days",
                           "suggestions_visible")),
    (N_("Support"), ("support_rounding",)),
    (N_("Data"), ("retention", "barrier_category")),
    (N_("Details of the matching"), ("min_closeness", "candidates", "seed")),
)  # fmt: skip
"""The settings as the page lists them."""

CHANGES_MATCHING = frozenset({"weights", "objective", "priority", "reserve", "start_weekdays",
                              "min_closeness", "candidates", "seed"})  # fmt: skip
"""After a change of these a trial matching shows what it does."""
