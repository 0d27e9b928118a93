"""What people read, in their own language: texts of the catalogues, dates, numbers, lists.

English texts stand in the code and in the templates; `locales/` has the others (gettext). Texts
are filled in by `str.format`. docs/glossary.md says which words they use.
"""

import datetime
import io
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent

from matcher.vocabulary import LANGUAGES, default_reference

OWN_NAMES = {
    "en": "English", "es": "Español", "pt": "Português", "fi": "Suomi", "de": "Deutsch",
    "pl": "Polski",
}  # fmt: skip
"""How each language is called by those who speak it."""

LOCALES = {"en": "en_GB", "pt": "pt_PT"}
"""The variant whose dates and numbers are written, where the language alone means another one."""


def N_(text: str) -> str:  # noqa: N802  # as gettext calls it everywhere
    """Marks a text for the catalogues that is looked up elsewhere."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802  # as above
    """The same of a text that depends on a number `n`: in one, in many."""
    return one, many


def matching(accept_language: str) -> str:
    """The language that a browser or a program likes best and that is there; English without one.

    `accept_language` is the header as it came (RFC 9110, 12.5.4).
    """
    wanted: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        tag, _, rest = part.strip().partition(";")
        quality = rest.strip().removeprefix("q=") if rest else "1"
        try:
            weight = float(quality)
        except ValueError:
            continue
        code = tag.strip().lower().partition("-")[0]
        if code in LANGUAGES and 0 < weight <= 1:
            wanted.append((weight, code))
    return max(wanted, key=lambda one: one[0])[1] if wanted else "en"


@dataclass(frozen=True)
class Language:
    """One of the languages, by its code, and how things are said in it.

    `zone` is where who reads looks at the clock: days of moments are days there.
    """

    code: str
    zone: str = "UTC"

    @property
    def locale(self) -> Locale:
        """Whose dates and numbers are written."""
        return Locale.parse(LOCALES.get(self.code, self.code))

    def phrase(self, text: str, /, **data: Any) -> str:
        """An English text in this language, filled in."""
        return self.unfilled(text).format(**data)

    def unfilled(self, text: str) -> str:
        """An English text in this language, as it is in the catalogue."""
        return catalogue(self.code).gettext(text)

    def phrase_count(self, one: str, many: str, n: int, /, **data: Any) -> str:
        """The same in the form that the number asks for; `{n}` is the number."""
        return self.unfilled_count(one, many, n).format(n=self.number(n), **data)

    def unfilled_count(self, one: str, many: str, n: int) -> str:
        """The text for a number, as it is in the catalogue."""
        return catalogue(self.code).ngettext(one, many, n)

    def name(self, table: str, code: str) -> str:
        """The name of a code of a reference list; the code itself where the list has none."""
        row = default_reference().codes(table).get(code)
        return row[self.code] if row else code

    def number(self, value: float, digits: int = 0) -> str:
        """A number with at most so many digits behind the point."""
        pattern = "#,##0" + (f".{'#' * digits}" if digits else "")
        return format_decimal(value, format=pattern, locale=self.locale)

    def percent(self, share: float) -> str:
        """A share of 1 as whole percent."""
        return format_percent(share, locale=self.locale)

    def money(self, cents: int) -> str:
        """Euros; without cents where there are none."""
        whole = cents % 100 == 0
        pattern = self.locale.currency_formats["standard"].pattern
        return format_currency(
            Decimal(cents) / 100, "EUR", format=pattern.replace("0.00", "0") if whole else pattern,
            locale=self.locale, currency_digits=not whole,
        )  # fmt: skip

    def day(self, day: datetime.date) -> str:
        """A day as it is written in a sentence: 1 March 2027."""
        return format_date(day, "long", locale=self.locale)

    def short_day(self, day: datetime.date) -> str:
        """A day of which the year is known: 1 Mar."""
        return format_skeleton("MMMd", day, locale=self.locale)

    def month(self, day: datetime.date) -> str:
        """The month of a day: Mar 2027."""
        return format_skeleton("yMMM", day, locale=self.locale)

    def days(self, first: datetime.date, last: datetime.date) -> str:
        """First and last day of a stay, joined as the language does: 1 Mar – 25 Apr 2027."""
        return format_interval(first, last, "yMMMd", locale=self.locale)

    def moment(self, moment: datetime.datetime, zone: str) -> str:
        """Day and time where somebody lives."""
        there = moment.astimezone(zoneinfo.ZoneInfo(zone))
        return f"{self.day(there.date())}, {there:%H:%M}"

    def day_of(self, moment: datetime.datetime) -> str:
        """The day of a moment where who reads lives."""
        return self.day(moment.astimezone(zoneinfo.ZoneInfo(self.zone)).date())

    def typed_day(self, value: datetime.date | str | None) -> str:
        """A day as a form has it, in words; nothing for what is no day."""
        try:
            return self.day(datetime.date.fromisoformat(str(value)))
        except ValueError:
            return ""

    def listed(self, items: Sequence[str]) -> str:
        """A, B and C."""
        return format_list(items, locale=self.locale)

    def any_of(self, items: Sequence[str]) -> str:
        """A, B or C."""
        return format_list(items, style="or", locale=self.locale)

    def length(self, days: int) -> str:
        """A length of stay; whole weeks are said as weeks."""
        if days % 7 == 0:
            return self.phrase_count("{n} week", "{n} weeks", days // 7)
        return self.phrase_count("{n} day", "{n} days", days)


ENGLISH = Language("en")


@cache
def catalogue(code: str) -> NullTranslations:
    """The texts of a language. Those of English stand in the code."""
    if code == "en":
        return NullTranslations()
    compiled = io.BytesIO()
    file = files("api") / "locales" / code / "LC_MESSAGES" / "doallvet.po"
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)
