"""What the forms of an offer say, as the values of its record: a function for each step."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from starlette.datastructures import FormData

from api.language import N_, Language
from api.learned import stored
from api.pages import finding, need_themes
from matcher.vocabulary import CEFR_LEVELS, Provision
from models.offer_views import OfferRecord, OfferShown

STEPS = ("work", "when", "workplace", "look")
"""How an offer is posted: a page each."""

LENGTHS = tuple(7 * weeks for weeks in (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 26, 39, 52))
"""Lengths of stay that are offered, in days."""

ROWS = 3
"""So many languages can be said at once, one more than there are where there are more."""

QUESTIONS = need_themes.asked_of_hosts()
"""What a host is asked about the workplace, by what it is about; codes of the list of needs."""

HAZARDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Machines, vehicles, electricity"), (
        "DANGEROUS_MACHINES", "FORKLIFT", "DRIVING", "HIGH_VOLTAGE",
    )),
    (N_("Substances, noise, heat"), (
        "HAZARDOUS_SUBSTANCES", "CARCINOGENS", "IONISING_RADIATION", "HARMFUL_NOISE",
        "EXTREME_TEMPERATURE",
    )),
    (N_("Heavy, high up, alone, at a pace, with alcohol"), (
        "HEAVY_LIFTING", "WORK_AT_HEIGHT", "LONE_WORK", "PIECE_WORK", "ALCOHOL_SERVICE",
    )),
)  # fmt: skip
"""Tasks that the law keeps from young people, by what they are about; each of the list once."""

NOTHING = "nothing"
"""The field that says that a workplace has nothing of a theme besides what is answered."""

FEW = 3
"""With fewer learning outcomes than so many an offer is hard to match."""

ASKED = tuple(code for _, codes in QUESTIONS for code in codes)

ANSWERS = (("yes", N_("Yes")), ("no", N_("No")), ("unknown", N_("I do not know")))


def defaults(language: str) -> dict[str, Any]:
    """A new offer before anything is said of it: what most hosts mean, and nothing promised.

    `language` is the reader's: people at the workplace speak it most likely.
    """
    return {
        "languages": dict.fromkeys((language, "en"), "A2"), "days_min": 14, "days_max": 56,
        "hours_start": "08:00", "hours_end": "16:00", "hours_per_day": 7.5, "days_per_week": 5,
        "provisions": dict.fromkeys(ASKED, Provision.UNKNOWN.value),
    }  # fmt: skip


def record_of(offer: OfferShown) -> dict[str, Any]:
    """The values of an offer that a change replaces."""
    return {name: getattr(offer, name) for name in OfferRecord.model_fields}


def of_work(form: FormData, before: Mapping[str, Any]) -> dict[str, Any]:
    """What kind of work it is, and where."""
    return {
        "title": form.get("title", ""),
        "occupations": [str(code) for code in form.getlist(finding.FIELD)],
        "site_id": form.get("site_id") or before.get("site_id"),
        "isced_f": form.get("isced_f") or None, "is_public": "is_public" in form,
    }  # fmt: skip


def of_when(form: FormData, before: Mapping[str, Any]) -> dict[str, Any]:
    """How long, at which hours, from which age, for whom and in which way."""
    names = ("hours_start", "hours_end", "hours_per_day", "days_per_week", "min_age")
    lengths = {name: form.get(name, "") for name in ("days_min", "days_max")}
    told = {name: form.get(name) or None for name in names}
    modes = [str(code) for code in form.getlist("modes")] or before["modes"]
    statuses = [str(code) for code in form.getlist("statuses")]
    return lengths | told | {"modes": modes, "statuses": statuses}


def of_workplace(form: FormData, before: Mapping[str, Any]) -> dict[str, Any]:
    """Which languages, what the workplace has, what is done and learned there."""
    pairs = [
        (str(form.get(f"language-{row}", "")), str(form.get(f"level-{row}", "")))
        for row in range(rows_of(before["languages"]))
    ]
    own = str(form.get("own_outcomes", "")).splitlines()
    written = [stored(line.strip()) for line in own if line.strip()]
    learned = [*form.getlist("outcomes"), *written]
    return {
        "languages": {code: level or CEFR_LEVELS[0] for code, level in pairs if code},
        "language_support": "language_support" in form,
        "provisions": _provisions(form, before["provisions"]),
        "tasks": [str(code) for code in form.getlist("tasks")],
        "licences": [str(code) for code in form.getlist("licences")],
        "outcomes": [coded(str(text), before["outcomes"]) for text in dict.fromkeys(learned)],
    }


READ: dict[str, Callable[[FormData, Mapping[str, Any]], dict[str, Any]]] = {
    "work": of_work, "when": of_when, "workplace": of_workplace, "look": lambda _form, _before: {},
}  # fmt: skip
"""What a step's form says, by the step."""


def rows_of(languages: Mapping[str, str]) -> int:
    """How many rows for languages a form has."""
    return max(ROWS, len(languages) + 1)


def answer_of(provisions: Mapping[str, str], code: str) -> str:
    """What a host has answered about a provision."""
    level = provisions.get(code)
    return {None: "no", Provision.UNKNOWN.value: "unknown"}.get(level, "yes")


def text_of(outcome: Any) -> str:
    """The wording of a learning outcome, which may have a code beside it."""
    return str(outcome["text"] if isinstance(outcome, Mapping) else outcome)


def coded(text: str, before: Iterable[Any]) -> Any:
    """A learning outcome as it was stored before, with its code; else the wording by itself."""
    return next((one for one in before if text_of(one) == text), text)


def lengths(language: Language, *besides: int) -> list[tuple[int, str]]:
    """Lengths of stay to choose from, with those that are stored."""
    return [(days, language.length(days)) for days in sorted({*LENGTHS, *besides})]


def _provisions(form: FormData, before: Mapping[str, str]) -> dict[str, str]:
    """What is provided after these answers; what was not asked stays as it is.

    A yes keeps what somebody has looked at; a no takes it out. Where there is nothing of a theme,
    what is not known of it is a no.
    """
    found, numbers = dict(before), form.getlist(NOTHING)
    absent = {code for number, (_, codes) in enumerate(QUESTIONS)
              if str(number) in numbers for code in codes}  # fmt: skip
    for code in ASKED:
        answer = form.get(f"has-{code}")
        if answer == "unknown" and code in absent:
            answer = "no"
        if answer == answer_of(before, code):
            continue
        if answer == "yes":
            found[code] = Provision.DECLARED.value
        elif answer == "unknown":
            found[code] = Provision.UNKNOWN.value
        elif answer == "no":
            found.pop(code, None)
    return found
