"""The columns of the template: what each means, how it is read, and whether it must be there."""

from dataclasses import dataclass
from enum import StrEnum

from api.imports.cells import (
    DATE,
    KEY,
    LANGUAGES,
    LIST,
    LONG_TEXT,
    MAIL,
    NUMBER,
    PERIODS,
    REFERENCES,
    SHARES,
    TEXT,
    TIME,
    WHOLE,
    YES_NO,
    Cell,
    Kind,
    choice,
    code,
    codes,
    pairs,
)
from api.language import N_
from matcher.vocabulary import Mode, Provision, Strength
from models import CompanySize, EnrolmentStatus, Means, MessageLanguage, OfferStatus

EXAMPLE = "example"
"""A row with this key is an example: no import reads it."""


class Noun(StrEnum):
    """The three sheets, in the order in which they are read."""

    COMPANIES = "companies"
    OFFERS = "offers"
    APPRENTICES = "apprentices"


@dataclass(frozen=True)
class Column:
    """A column: its name, how its cells are read, what people are told of it.

    `field` is the field of the row that it fills, by default the one of its name.
    """

    name: str
    kind: Kind
    help: str
    example: Cell = None
    required: bool = False
    field: str = ""

    @property
    def fills(self) -> str:
        """The field of the row."""
        return self.field or self.name


STATUSES = choice((OfferStatus.DRAFT, OfferStatus.PUBLISHED), N_("draft or published"))
ENROLMENTS = choice((EnrolmentStatus.APPLIED, EnrolmentStatus.SELECTED), N_("applied or selected"))
REACHED_BY = choice(Means, N_("mail, sms or call"))
MODES = choice(Mode, "")
WRITTEN_IN = choice(MessageLanguage, N_("en, es, pt, fi, de or pl"))


def _modes() -> Kind:
    def read(cell: Cell) -> list[str]:
        return list(dict.fromkeys(MODES.read(part) for part in LIST.read(cell)))

    return Kind(read, N_("physical, blended, or both with ; between them"), words=MODES.words)


OCCUPATIONS = codes("isco08", N_("ISCO-08 or ESCO codes with ; between them"))

OF_COMPANIES = (
    Column("region", TEXT, "Code of the region that the company lies in.", "paderborn", True),
    Column("key", KEY, "How you name the company: the same key is the same company next time.",
           EXAMPLE, True),
    Column("name", TEXT, "Its name.", "Lindenquell Metallbau", True),
    Column("town", TEXT, "Its town.", "Paderborn", True),
    Column("sector", code("sectors", N_("code of a sector")), "The sector it works in.",
           "INDUSTRY_40"),
    Column("size", choice(CompanySize, N_("micro, small, medium or large")),
           "micro: fewer than 10 people, small: 50, medium: 250.", "medium"),
    Column("contact_name", TEXT, "Who answers for placements there.", "Jana Beispiel"),
    Column("email", MAIL, "Where the company is asked.", "jana@example.org"),
    Column("phone", TEXT, "With the country's code.", "+49 5251 000000"),
    Column("language", WRITTEN_IN, "The language in which the company is written to; empty: that of"
           " the region's country.", "de"),
    Column("reached_by", REACHED_BY, "How the company is told; empty: by mail, by a call where"
           " there is no address.", "mail"),
    Column("max_placements", WHOLE, "Most people at once over all its offers; empty: no limit.", 3),
)  # fmt: skip

OF_OFFERS = (
    Column("region", TEXT, "Code of the company's region; needed where two regions of yours have"
           " a company with this key.", "paderborn"),
    Column("company", KEY, "Key of the company, in this file or known before.", EXAMPLE, True),
    Column("key", KEY, "How you name the offer. Rows with the same company and key are windows"
           " of one offer; in the second and later ones the other columns may stay empty.",
           EXAMPLE, True),
    Column("title", TEXT, "What the work is, in a few words.", "CNC turning assistant", True),
    Column("status", STATUSES, "Only what is published enters rounds. Empty: a new offer is a"
           " draft, a known one stays. An offer that was paused or closed stays so.", "draft"),
    Column("site", TEXT, "Name of the workplace; empty: the town of the company.", "Werk Nord"),
    Column("site_town", TEXT, "Town of the workplace; empty: the town of the company.",
           "Paderborn"),
    Column("site_address", TEXT, "Street and number of the workplace.", "Musterweg 1"),
    Column("occupations", OCCUPATIONS, "What is learned there.", "7223;7222", True),
    Column("isced_f", code("isced_f", N_("ISCED-F code of four digits")), "Field of training.",
           "0715"),
    Column("outcomes", LIST, "What somebody will be able to do afterwards, in short sentences.",
           "set up a CNC lathe;read technical drawings"),
    Column("languages", LANGUAGES, "Any one of these is enough, at this level.", "de:A2;en:B1",
           True),
    Column("language_support", YES_NO, "Whether one level below is accepted, with help.", "no"),
    Column("available_from", DATE, "First day of the window.", "2027-03-01", True),
    Column("available_to", DATE, "Last day of the window.", "2027-07-31", True),
    Column("places", WHOLE, "How many people in this window.", 2, True),
    Column("reserved", WHOLE, "How many of the places are only for people with fewer"
           " opportunities; empty: none, or what is known.", 0),
    Column("days_min", WHOLE, "Shortest stay in days.", 14, True),
    Column("days_max", WHOLE, "Longest stay in days.", 84, True),
    Column("provisions", pairs("needs", (Provision.DECLARED, Provision.CERTIFIED,
           Provision.UNKNOWN), N_("codes of needs with declared, certified or unknown")),
           "What the workplace provides. Certified: somebody looked at it; the import says so with"
           " your name.", "STEP_FREE_ACCESS:declared"),
    Column("min_age", WHOLE, "Empty: what the country's law says.", 16),
    Column("hours_start", TIME, "When work begins. The four columns about hours are given together;"
           " into unknown hours nobody under 18 is placed.", "07:00"),
    Column("hours_end", TIME, "When work ends; before the start: on the next day.", "15:30"),
    Column("hours_per_day", NUMBER, "Hours of work a day.", 8),
    Column("days_per_week", WHOLE, "Days of work a week.", 5),
    Column("statuses", codes("statuses", N_("codes with ; between them")),
           "Who is taken; empty: everybody.", "STUDENT_PLACEMENT"),
    Column("modes", _modes(), "Empty: physical.", "physical"),
    Column("tasks", codes("hazards", N_("codes with ; between them")),
           "Tasks that have a least age.", "FORKLIFT"),
    Column("licences", codes("licences", N_("codes with ; between them")),
           "What somebody must hold.", "DRIVING_B"),
    Column("quality", NUMBER, "How good the host was so far, 0 to 1; empty: not known.", 0.8),
    Column("is_public", YES_NO, "Whether it may be shown to everybody on the public page; empty:"
           " no.", "no"),
)  # fmt: skip

OF_APPRENTICES = (
    Column("centre", TEXT, "Code of the school or training centre.", "samiedu", True),
    Column("key", KEY, "How you name the person: the same key is the same person next time. Take"
           " no name and no date of birth for it.", EXAMPLE, True),
    Column("first_name", TEXT, "First name.", "Aino", True),
    Column("last_name", TEXT, "Last name.", "Esimerkki", True),
    Column("email", MAIL, "Where the person is asked; empty: by letter or by you.",
           "aino@example.org"),
    Column("phone", TEXT, "With the country's code.", "+358 40 0000000"),
    Column("language", WRITTEN_IN, "The language in which the person is written to; empty: that of"
           " the school's country.", "fi"),
    Column("reached_by", REACHED_BY, "How the person is told; empty: by mail, by a call where there"
           " is no address.", "mail"),
    Column("birth_date", DATE, "Day of birth.", "2008-05-01", True),
    Column("introduction", LONG_TEXT, "The school's few words that a company reads. No diagnosis,"
           " no health data.",
           "Works with care and asks when in doubt."),
    Column("occupations", OCCUPATIONS, "What is learned.", "7223", True),
    Column("isced_f", code("isced_f", N_("ISCED-F code of four digits")), "Field of training.",
           "0715"),
    Column("outcomes", LIST, "What the stay should teach, in short sentences.",
           "set up a CNC lathe"),
    Column("languages", LANGUAGES, "What the person speaks, and how well.", "fi:C2;en:B1", True),
    Column("available_from", DATE, "First day on which a stay can begin.", "2027-03-01", True),
    Column("available_to", DATE, "Last day on which a stay can end.", "2027-06-30", True),
    Column("not_available", PERIODS, "Exams and school days between.", "2027-05-10..2027-05-21"),
    Column("days_min", WHOLE, "Shortest stay in days.", 28, True),
    Column("days_ideal", WHOLE, "The best length in days.", 56, True),
    Column("days_max", WHOLE, "Longest stay in days.", 84, True),
    Column("activity", code("activities", N_("code of an activity")), "Kind of mobility.",
           "SHORT_TERM", True),
    Column("status", code("statuses", N_("code of a status")), "What the person is to the school or"
           " the employer.", "STUDENT_PLACEMENT", True),
    Column("modes", _modes(), "Empty: physical.", "physical"),
    Column("needs", pairs("needs", (Strength.SOFT, Strength.HARD), N_("codes with soft or hard")),
           "What the person needs: hard filters offers, soft orders them. Never a diagnosis.",
           "QUIET_SPACE:soft"),
    Column("fewer_opportunities", YES_NO, "As the programme understands it. Empty: no.", "no"),
    Column("destinations", codes("countries", N_("codes of countries with ; between them")),
           "Countries in the order of preference; empty: anywhere.", "DE;ES"),
    Column("excluded_companies", REFERENCES, "Companies that the person does not go to: KEY, or"
           " REGION/KEY where two regions have it.", "altes-werk"),
    Column("interest", SHARES, "Offers that the person wishes for: KEY, COMPANY/KEY or"
           " REGION/COMPANY/KEY; a figure of 1 says yes, 0 says rather not.", "cnc-2027:1"),
    Column("licences", codes("licences", N_("codes with ; between them")),
           "What the person holds.", "DRIVING_B"),
    Column("training_days", WHOLE, "Length of the whole training in days, where the law asks for"
           " it.", 1095),
    Column("days_abroad", WHOLE, "Days abroad in this training so far. Empty: none.", 0),
    Column("graduated_on", DATE, "For recent graduates: the day.", "2027-01-31"),
    Column("employer_name", TEXT, "Of people with a contract: who is asked.", "Metalli Esimerkki"),
    Column("employer_email", MAIL, "Where the employer is asked.", "metalli@example.org"),
    Column("employer_language", WRITTEN_IN, "The language in which the employer is written to;"
           " empty: that of the school's country.", "fi"),
    Column("guardian_name", TEXT, "Of people under 18: who answers for them. Another name is one"
           " more guardian.", "Kaisa Esimerkki"),
    Column("guardian_email", MAIL, "Where the guardian is asked; empty: by letter or by you.",
           "kaisa@example.org"),
    Column("guardian_phone", TEXT, "With the country's code.", "+358 40 0000001"),
    Column("guardian_language", WRITTEN_IN, "The language in which the guardian is written to;"
           " empty: that of the school's country.", "fi"),
    Column("guardian_reached_by", REACHED_BY, "How the guardian is told; empty: by mail, by a call"
           " where there is no address.", "call"),
    Column("enrolment", ENROLMENTS, "How a person who is new in the call takes part; counts only"
           " where the import names a call. Empty: applied.", "applied"),
)  # fmt: skip

COLUMNS: dict[Noun, tuple[Column, ...]] = {
    Noun.COMPANIES: OF_COMPANIES,
    Noun.OFFERS: OF_OFFERS,
    Noun.APPRENTICES: OF_APPRENTICES,
}
"""What every sheet holds."""

OF_WINDOW = ("available_from", "available_to", "places", "reserved")
"""Columns of an offer's row that say something of its window alone."""


def header(text: str) -> str:
    """A column's name without the capitals, spaces and signs that people put into it."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
