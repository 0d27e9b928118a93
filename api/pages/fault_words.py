"""Faults of fields as forms say them: to a person at a form, without names of columns or codes."""

from api.faults import Fault
from api.language import N_, Language

PLAIN: dict[str, str] = {
    "empty": N_("Please fill this in."),
    "no_text": N_("Please write this as text."),
    "unstorable": N_("This holds a sign that cannot be stored. Please write it again."),
    "separator_in_key": N_("Please leave out the signs ; : and /."),
    "no_mail": N_("Please give one e-mail address, such as name@example.org."),
    "other_year": N_("The year {year} cannot be right."),
    "window_order": N_("The last day is before the first one."),
    "lengths_order": N_("The lengths are not in order: give the shortest one first."),
    "birth_order": N_("The day of birth must be before the first day of the stay."),
    "graduation_missing": N_("Please give the day: it is needed of people who have finished their"
                             " training."),
    "period_order": N_("One of the breaks ends before it begins."),
    "hours_missing": N_("Please give all four, or none: begin, end, hours a day, days a week."),
    "task_against": N_("“{code}” does not go together with the task “{task}”."),
    "hours_against": N_("“{code}” does not go together with work between {hours}."),
    "reserved_beyond": N_("Of {places} places you cannot reserve {reserved}."),
    "no_such_company_there": N_("One of the hosts is not there any more."),
    "lies_ahead": N_("This day is still to come. Please give the day on which somebody looked."),
    "for_coordinators": N_("Only the coordinators of your region change this."),
    "uncertified": N_("Nobody has looked at “{code}” yet: say that you have it; a coordinator"
                      " certifies it."),
    "no_later_window": N_("None of the dates can come again later. Please give new ones."),
    "no_window": N_("Please add dates with places."),
    "windows_over": N_("All dates are over. Please add some that are to come."),
    "no_places": N_("None of the dates to come has a place."),
    "windows_short": N_("None of the dates to come is as long as the shortest stay."),
    "engine": N_("Something here does not fit together."),
    "engine.no_occupation": N_("Please choose an occupation of the list."),
}  # fmt: skip
"""What a form says, by the kind; of every other kind it says `api.faults` does."""

LISTS = {"code": "needs", "task": "hazards"}
"""Of which list a code in a fault is, where one of these texts shows it."""


def said(language: Language, fault: Fault) -> str:
    """What is wrong with a field, at a form."""
    text = PLAIN.get(fault.what)
    if text is None:
        return fault.line(language)
    data = {
        name: language.name(LISTS[name], str(value).strip("'")) if name in LISTS else value
        for name, value in fault.data
    }
    return language.phrase(text, **data)
