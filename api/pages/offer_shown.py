"""Offers as people read them: what they say, how they stand, what can be done with them."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

import models
from api import learned
from api.caller import Caller
from api.language import N_, Language
from api.pages import need_themes, offer_forms
from api.pages.person_form import named
from api.pages.words import Words
from api.services import clock, finding, standing
from api.services.waiting import ENDING
from matcher.limits import hazard_age
from matcher.vocabulary import CEFR_LEVELS, Mode, Provision, default_reference
from models import OFFER_CHANGES, OfferEvent, OfferStatus
from models.offer_views import OfferShown, OfferWindowShown

LABELS = {
    "title": N_("What the work is called"), "occupations": N_("Occupation"),
    "site_id": N_("Workplace"), "available_from": N_("First day"), "available_to": N_("Last day"),
    "places": N_("Places"), "reserved": N_("Reserved places"), "days_min": N_("Shortest stay"),
    "days_max": N_("Longest stay"), "hours_start": N_("Work begins"), "hours_end": N_("Work ends"),
    "hours_per_day": N_("Hours a day"), "days_per_week": N_("Days a week"),
    "min_age": N_("Least age"), "languages": N_("Languages"),
    "provisions": N_("What the workplace has"), "tasks": N_("Tasks that are not for everybody"),
    "licences": N_("Licences"), "outcomes": N_("What people learn"), "windows": N_("Dates"),
    "key": N_("Short name"), "reason": N_("Reason"),
}  # fmt: skip
"""What fields are called in the summary of what is wrong."""

NEXT = {
    OfferStatus.DRAFT: N_("Only you and your coordinator see it. Publish it when it is ready."),
    OfferStatus.PUBLISHED: N_("The next matching can propose people for it."),
    OfferStatus.PAUSED: N_("Nobody new is proposed. People who are proposed already stay."),
    OfferStatus.CLOSED: N_("It is over. Use it again for other dates whenever you like."),
}
"""What a status means, and what happens next."""

BUTTONS = {
    OfferEvent.PUBLISH: ("publication", N_("Publish"), "primary"),
    OfferEvent.PAUSE: ("pause", N_("Pause"), "secondary"),
    OfferEvent.CLOSE: ("close", N_("Close the offer"), "tertiary"),
}
"""Where a button sends, its words, and how loud it is. To renew has a page of its own."""

RESUME = N_("Resume")
"""What publishing is called where an offer pauses: it was published before."""


@dataclass(frozen=True)
class Row:
    """An offer in a list."""

    offer: OfferShown
    dates: str
    free: int
    places: int
    ends: str
    held: str


def row_of(
    language: Language, offer: OfferShown, today: datetime.date,
    held: Mapping[uuid.UUID, int] | None = None,
) -> Row:  # fmt: skip
    """An offer with what is to come of its dates, and when it ends if that is soon.

    `held`: how many places of each window are for people whom the company is asked about later.
    """
    to_come = [window for window in offer.windows if window.available_to >= today]
    shown = to_come or offer.windows
    dates = "; ".join(language.days(one.available_from, one.available_to) for one in shown[:3])
    last = max((window.available_to for window in to_come), default=None)
    ends = ""
    if offer.status == OfferStatus.PUBLISHED and last is None:
        ends = language.phrase("all its dates are over")
    elif offer.status == OfferStatus.PUBLISHED and last and last <= today + ENDING:
        ends = language.phrase("ends on {day}", day=language.day(last))
    return Row(
        offer, dates, sum(map(free_in, to_come)), sum(one.places for one in to_come), ends,
        held_told(language, to_come, held or {}),
    )  # fmt: skip


def held_told(
    language: Language, windows: Iterable[OfferWindowShown], held: Mapping[uuid.UUID, int]
) -> str:
    """That places are held for people whom the company is asked about later; nothing for none."""
    number = sum(held.get(one.id, 0) for one in windows)
    if not number:
        return ""
    return language.phrase_count(
        "{n} place is held for somebody. You will be asked.",
        "{n} places are held for people. You will be asked.",
        number,
    )


def free_in(window: OfferWindowShown) -> int:
    """How many places of a window are free."""
    return window.places - window.taken


def in_order(rows: list[Row]) -> list[Row]:
    """Those first that need somebody: ending soon, drafts, published, paused, closed."""
    turn = [OfferStatus.DRAFT, OfferStatus.PUBLISHED, OfferStatus.PAUSED, OfferStatus.CLOSED]
    return sorted(rows, key=lambda row: (not row.ends, turn.index(row.offer.status),
                                         row.offer.title))  # fmt: skip


def buttons(offer: OfferShown) -> list[tuple[str, str, str]]:
    """What can be done with an offer as it stands."""
    found = []
    for event, (path, told, variant) in BUTTONS.items():
        if (offer.status, event) in OFFER_CHANGES:
            resumes = event == OfferEvent.PUBLISH and offer.status == OfferStatus.PAUSED
            found.append((path, RESUME if resumes else told, variant))
    return found


def next_matching_told(
    session: Session, language: Language, caller: Caller, call: models.Call | None = None
) -> str:
    """When the next matching proposes people, in a call or any; nothing where none is to come."""
    following = standing.next_proposing(session, caller, call)
    if following is None:
        return ""
    zone = clock.zone_of(session, caller)
    return language.phrase(
        "The next matching is on {moment}.", moment=language.moment(following, zone)
    )


def after_publishing(session: Session, language: Language, caller: Caller) -> list[str]:
    """What happens once an offer is published, and when, as steps."""
    first = next_matching_told(session, language, caller)
    looks = language.phrase("Matching looks for people whom the work suits.")
    return [
        f"{first} {looks}".strip(),
        language.phrase(
            "You get a mail when somebody is proposed to you. You say yes, no, or ask something."
        ),
        language.phrase(
            "Once everybody has agreed you learn how to reach the person. Nobody comes without"
            " your yes."
        ),
    ]


def look_data(language: Language, offer: OfferShown) -> dict[str, Any]:
    """What an offer says, in words, for a page that shows it."""
    certificates = {one.provision: one for one in offer.certificates}
    has = [
        (language.name("needs", code), certificates.get(code))
        for code, level in offer.provisions.items()
        if level != Provision.UNKNOWN
    ]
    unknown = [code for code, level in offer.provisions.items() if level == Provision.UNKNOWN]
    return {
        "facts": list(facts(language, offer)),
        "has": has,
        "unknown": [language.name("needs", code) for code in unknown],
        "learned": [learned.said(language, offer_forms.text_of(one)) for one in offer.outcomes],
        "learns_little": len(offer.outcomes) < offer_forms.FEW,
        "free_in": free_in,
        "next_told": language.phrase(NEXT[offer.status]),
    }


def facts(language: Language, offer: OfferShown) -> list[tuple[str, str]]:
    """Name and words of each fact, in the order of the steps."""
    phrase, words = language.phrase, Words(language)
    jobs = [finding.name_of(code, language.code) for code in offer.occupations]
    spoken = [
        phrase("{language} ({level})", language=language.name("languages", code),
            level=words.of("level", level))
        for code, level in offer.languages.items()
    ]  # fmt: skip
    length = language.length(offer.days_min)
    if offer.days_max != offer.days_min:
        length = phrase("{shortest} to {longest}", shortest=length,
                     longest=language.length(offer.days_max))  # fmt: skip
    hours = phrase("Not said: nobody under 18 can be proposed.")
    if offer.hours_start and offer.hours_per_day and offer.days_per_week:
        days = language.phrase_count("{n} day a week", "{n} days a week", offer.days_per_week)
        hours = phrase("{start} to {end}, {hours} hours a day, {days}", start=offer.hours_start,
                    end=offer.hours_end, hours=language.number(offer.hours_per_day, 2),
                    days=days)  # fmt: skip
    age = phrase("From the age that the law of your country allows")
    if offer.min_age is not None:
        age = phrase("From {age} years", age=offer.min_age)
    found = [
        (phrase("Occupation"), language.listed(jobs)),
        (phrase("Length of a stay"), length),
        (phrase("Working hours"), hours),
        (phrase("Least age"), age),
        (phrase("Languages: one of them is enough"), language.listed(spoken)),
    ]
    if offer.language_support:
        found.append(
            (phrase("Help with the language"), phrase("Yes, people can know a little less."))
        )
    for name, table, codes in (
        (phrase("Tasks that are not for everybody"), "hazards", offer.tasks),
        (phrase("Licences that are needed"), "licences", offer.licences),
    ):
        if codes:
            found.append((name, language.listed([language.name(table, code) for code in codes])))
    if offer.isced_f:
        found.insert(1, (phrase("Field of training"), language.name("isced_f", offer.isced_f)))
    if offer.statuses:
        names = [language.name("statuses", code) for code in offer.statuses]
        found.append((phrase("Who can come"), language.any_of(names)))
    if offer.modes != [Mode.PHYSICAL]:
        modes = [words.of("mode", mode) for mode in offer.modes]
        found.append((phrase("At the workplace or online"), language.any_of(modes)))
    return found


def step_data(language: Language, offer: OfferShown, step: str) -> dict[str, Any]:
    """What the form of a step is filled with and offers to choose from."""
    if step == "work":
        return {"fields_of_training": named(language, "isced_f")}
    if step == "when":
        return {
            "lengths": offer_forms.lengths(language, offer.days_min, offer.days_max),
            "statuses": named(language, "statuses"),
            "modes": Words(language).all("mode"),
        }
    if step != "workplace":
        return {}
    rows = offer_forms.rows_of(offer.languages)
    spoken = list(offer.languages.items())
    wordings = [offer_forms.text_of(one) for one in offer.outcomes]
    known = learned.known(offer.occupations)
    words = Words(language)
    return {
        "spoken": spoken + [("", "")] * (rows - len(spoken)),
        "levels": [(level, words.of("level", level)) for level in CEFR_LEVELS],
        "tongues": named(language, "languages"),
        "hazards": hazards(language),
        "nothing": offer_forms.NOTHING,
        "licences": named(language, "licences"),
        "questions": [
            (
                language.phrase(title),
                [
                    (code, language.name("needs", code), language.phrase(need_themes.MEANT[code]))
                    for code in codes
                ],
                sum(offer_forms.answer_of(offer.provisions, code) == "unknown" for code in codes),
            )
            for title, codes in offer_forms.QUESTIONS
        ],
        "answers": [(code, language.phrase(text)) for code, text in offer_forms.ANSWERS],
        "answer_of": lambda code: offer_forms.answer_of(offer.provisions, code),
        "looked_at": {one.provision: one for one in offer.certificates},
        "wordings": [
            (text, learned.said(language, text)) for text in dict.fromkeys(wordings + known)
        ],
        "learned_here": wordings,
    }


def hazards(language: Language) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """Tasks that are not for everybody, by theme: code, name, and the age from which they are."""
    facts = default_reference()
    return [
        (
            language.phrase(title),
            [(code, language.name("hazards", code), hazard_age(facts, (code,))) for code in codes],
        )
        for title, codes in offer_forms.HAZARDS
    ]
