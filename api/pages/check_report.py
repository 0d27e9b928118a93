"""The check report of a matching in words: what holds, how good it is, what is not promised."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.language import N_, NN_, Language
from models import RoundKind
from models.round_views import Difference, Fate, RoundShown

PROMISES = {
    "P1": N_("Nobody is proposed two places."),
    "P2": N_("No offer has more people than places."),
    "P3": N_("No host has more people than it takes."),
    "P4": N_("No region has more people than it takes."),
    "P5": N_("Every proposal keeps every rule: work, language, dates, needs, age, working hours."),
    "P6": N_("Everybody whom you keep together with a place is proposed it."),
    "P7": N_("What must not be proposed is not proposed."),
    "P8": N_("Nobody is left without a place while a possible place is free."),
    "P9": N_("The result is not better than what can be proved to be possible at most."),
    "P10": N_("Places that are reserved for people with fewer opportunities are kept for them."),
}
"""Each promise of the engine (`matcher.certificate.PROMISES`) as people say it."""

NOT_PROMISED = {
    "stable": N_("Somebody and a host may both like each other better than what they got."),
    "envy_free": N_("Somebody may have a place that another one, who fits it better, wanted."),
    "strategy_proof": N_("Who names few countries may do better than who names many."),
}
"""What no result promises (`matcher.certificate.NOT_PROMISED`)."""

AIMS = {
    "coverage": N_("It places as many people as possible first, and looks for the best fit then."),
    "fit": N_("It looks for the best fit of all people together."),
}
"""What a matching aims at, by the setting `objective`."""

DROPPED = {
    "changed": NN_(
        "{n} proposal: somebody changed the person or the offer meanwhile",
        "{n} proposals: somebody changed the person or the offer meanwhile",
    ),
    "person": NN_(
        "{n} proposal: the person was not free any more",
        "{n} proposals: the person was not free any more",
    ),
    "place": NN_(
        "{n} proposal: the place was taken meanwhile",
        "{n} proposals: the place was taken meanwhile",
    ),
    "funding": NN_(
        "{n} proposal: no funded place was left", "{n} proposals: no funded place was left"
    ),
    "company_cap": NN_(
        "{n} proposal: the host takes no more people",
        "{n} proposals: the host takes no more people",
    ),
    "region_cap": NN_(
        "{n} proposal: the region takes no more people",
        "{n} proposals: the region takes no more people",
    ),
}
"""Why a proposal was left out when the matching was stored, in one and in many."""

STEPS = {
    "": N_("Getting ready."),
    "candidates": N_("Looking at who fits where: {done} of {total} people."),
    "assignment": N_("Choosing the best for everybody together."),
}
"""What a matching is doing, by the step that the engine names."""

ENDED = {
    "replaced": N_("The matching found another solution for everybody together."),
    "rejected": N_("A coordinator rejected the earlier place."),
    "declined": N_("Somebody said no to the earlier place."),
    "expired": N_("Nobody answered in time about the earlier place."),
    "withdrawn": N_("The earlier place was withdrawn."),
}
"""Why an earlier place is none any more, by the status of its proposal."""


@dataclass(frozen=True)
class Held:
    """One promise, and whether it held."""

    sentence: str
    held: bool


def promises(language: Language, certificate: Mapping[str, Any]) -> list[Held]:
    """Every promise of a check report as a sentence; a newer one in the engine's own words."""
    return [
        Held(language.phrase(PROMISES.get(one["id"], one["promise"])), one["held"])
        for one in certificate["promises"]
    ]


PROPOSED: dict[RoundKind, tuple[str, str]] = {
    RoundKind.PROPOSING: NN_(
        "{n} person is proposed a place.", "{n} people are proposed a place."
    ),
    RoundKind.PREVIEW: NN_(
        "{n} person would be proposed a place.", "{n} people would be proposed a place."
    ),
}  # fmt: skip
"""How many a matching found a place for: nobody has it before everybody said yes."""


def headline(language: Language, certificate: Mapping[str, Any], kind: RoundKind) -> str:
    """How good the result is, in two sentences."""
    proposed = language.phrase_count(*PROPOSED[kind], certificate["placed"])
    good = (
        N_("No better result is possible.")
        if certificate["optimal"]
        else N_(
            "A better result may be possible: the time was too short to prove that there is none."
        )
    )
    return f"{proposed} {language.phrase(good)}"


def dropped(language: Language, row: RoundShown) -> list[str]:
    """What was left out when the matching was stored, and why."""
    return [
        language.phrase_count(*DROPPED[reason], count)
        for reason, count in row.dropped.items()
        if reason in DROPPED
    ]


def step(language: Language, row: RoundShown) -> str:
    """What a matching is doing now."""
    text = STEPS.get(row.step, STEPS[""])
    return language.phrase(text, done=language.number(row.done), total=language.number(row.total))


def why(language: Language, one: Difference, *, same_measure: bool) -> str:
    """Why somebody has another place, as far as the sending coordinator may know.

    Points are compared where both matchings gave them by the `same_measure`.
    """
    if one.fate == Fate.NEW:
        return language.phrase(
            "A possible place became free, the places were shared out anew, or the person is new."
        )
    said = []
    if one.before is not None and one.before.status in ENDED:
        said.append(language.phrase(ENDED[one.before.status]))
    fits = [round(place.fit) for place in (one.before, one.after) if place and place.fit]
    if len(fits) == 2 and same_measure:
        old, new = fits
        said.append(language.phrase(BESIDE[(new > old) - (new < old)], new=new, old=old))
    return " ".join(said)


BESIDE = {
    1: N_("The new place fits better: {new} of 100 instead of {old}."),
    0: N_("Both places fit equally well: {new} of 100."),
    -1: N_(
        "The new place fits less well, {new} of 100 instead of {old}: so more people, or all"
        " together, do better."
    ),
}
"""How the fit of the later place stands beside that of the earlier one."""
