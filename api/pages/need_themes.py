"""Needs by what they are about, each with a plain sentence: for who needs, and for who provides."""

from api.language import N_, Language
from matcher.vocabulary import default_reference

THEMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Getting in and getting there"), (
        "STEP_FREE_ACCESS", "ACCESSIBLE_TOILET", "HEIGHT_ADJUSTABLE_STATION",
        "PUBLIC_TRANSPORT_REACH", "LOCAL_TRANSPORT",
    )),
    (N_("Hours and tasks"), (
        "PART_TIME_HOURS", "FLEXIBLE_HOURS", "SHORT_OR_BLENDED", "NO_NIGHT_WORK", "NO_LONE_WORK",
        "NO_HEAVY_LIFTING", "NO_HEIGHTS", "NO_DRIVING",
    )),
    (N_("People and learning"), (
        "MENTOR_INCLUSION_TRAINED", "STRUCTURED_TASKS", "QUIET_SPACE", "DYSLEXIA_SUPPORT",
        "VISION_ACCESSIBLE_MATERIAL", "HEARING_VISUAL_ALERTS", "HEARING_SIGN_LANGUAGE",
        "LANGUAGE_BUDDY", "BUDDY_PEER", "PERSONAL_ASSISTANT", "ACCOMPANYING_PERSON",
    )),
    (N_("Allergies and health"), (
        "ALLERGEN_FLOUR", "ALLERGEN_NUTS", "ALLERGEN_LATEX", "ALLERGEN_DUST", "ALLERGEN_CHEMICALS",
        "MEDICATION_STORAGE", "MEDICAL_CARE_NEARBY",
    )),
    (N_("Food and everyday life"), (
        "MEALS_PROVIDED", "CULTURAL_DIET", "PRAYER_SPACE", "ACCOMMODATION_PROVIDED",
        "ADAPTED_ACCOMMODATION", "CHILD_FRIENDLY", "UPFRONT_GRANT",
    )),
)  # fmt: skip
"""Every code of the list of needs, once."""

MEANT: dict[str, str] = {
    "STEP_FREE_ACCESS": N_("No steps between the street, the place of work and the toilet."),
    "ACCESSIBLE_TOILET": N_("A toilet that can be used in a wheelchair."),
    "HEIGHT_ADJUSTABLE_STATION": N_("A table or bench that goes up and down."),
    "PUBLIC_TRANSPORT_REACH": N_("Bus or train go there, at the hours of work too."),
    "LOCAL_TRANSPORT": N_("The way to work is paid, or somebody drives."),
    "PART_TIME_HOURS": N_("Fewer hours a day, and more breaks."),
    "FLEXIBLE_HOURS": N_("Work can begin and end a little earlier or later."),
    "SHORT_OR_BLENDED": N_("A short stay, or a part of it online from home."),
    "NO_NIGHT_WORK": N_("No work at night."),
    "NO_LONE_WORK": N_("Somebody else is always near."),
    "NO_HEAVY_LIFTING": N_("Nothing heavy has to be lifted or carried."),
    "NO_HEIGHTS": N_("No ladders and no scaffolding."),
    "NO_DRIVING": N_("Nobody has to drive for the work."),
    "MENTOR_INCLUSION_TRAINED": N_("Whoever looks after people there has learned to support them."),
    "STRUCTURED_TASKS": N_("It is clear what to do and when, in small steps."),
    "QUIET_SPACE": N_("A room where one can be alone and quiet for a while."),
    "DYSLEXIA_SUPPORT": N_("Things are explained aloud or in pictures, with time to read."),
    "VISION_ACCESSIBLE_MATERIAL": N_("Papers in large print, or for a program that reads aloud."),
    "HEARING_VISUAL_ALERTS": N_("Alarms can be seen, and what is said is written down too."),
    "HEARING_SIGN_LANGUAGE": N_("Somebody interprets into sign language."),
    "LANGUAGE_BUDDY": N_("A colleague helps with the language."),
    "BUDDY_PEER": N_("Another apprentice is there at the same time."),
    "PERSONAL_ASSISTANT": N_("An assistant can come along to work."),
    "ACCOMPANYING_PERSON": N_("Somebody can travel along, such as a parent or a carer."),
    "ALLERGEN_FLOUR": N_("No flour in the air."),
    "ALLERGEN_NUTS": N_("No nuts at the place of work."),
    "ALLERGEN_LATEX": N_("No latex, such as in gloves."),
    "ALLERGEN_DUST": N_("Not much dust in the air."),
    "ALLERGEN_CHEMICALS": N_("Nothing that irritates skin or lungs."),
    "MEDICATION_STORAGE": N_("A fridge, and a place to take medicine without being watched."),
    "MEDICAL_CARE_NEARBY": N_("A doctor or a hospital is not far away."),
    "MEALS_PROVIDED": N_("There is something to eat at work, or a place that serves it."),
    "CULTURAL_DIET": N_("Food without what one does not eat, such as pork or meat."),
    "PRAYER_SPACE": N_("A quiet place to pray."),
    "ACCOMMODATION_PROVIDED": N_("A room is found for the stay."),
    "ADAPTED_ACCOMMODATION": N_("A room without steps, or with what else is needed there."),
    "CHILD_FRIENDLY": N_("A child can come along, and somebody looks after it."),
    "UPFRONT_GRANT": N_("The money is paid before the journey."),
}
"""What each means, in a plain sentence without a reason."""

OF_THE_WORKPLACE = ("host", "hosting")
"""Who supplies what a host is asked about: itself, or the region of the stay through it."""


def asked_of_hosts() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The themes with the needs that a host can answer for."""
    rows = default_reference().codes("needs")
    return tuple(
        (title, tuple(code for code in codes if rows[code]["supplied_by"] in OF_THE_WORKPLACE))
        for title, codes in THEMES
    )


def named(
    language: Language, besides: frozenset[str] = frozenset()
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Each theme with code, name and meaning of its needs, without those `besides`.

    A theme of which nothing is left is left out.
    """
    found = [
        (
            language.phrase(title),
            [
                (code, language.name("needs", code), language.phrase(MEANT[code]))
                for code in codes
                if code not in besides
            ],
        )
        for title, codes in THEMES
    ]
    return [(title, needs) for title, needs in found if needs]
