"""Sentences for every code the engine returns, in the reader's language.

The engine answers codes and data; here they become words.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.language import ENGLISH, Language
from api.sentence_texts import TEXTS
from matcher.result import Change, FullOffer, Part, Unmatched
from matcher.vocabulary import Reference


def texts(language: Language) -> dict[str, str]:
    """All texts of codes in a language, with their places not filled in."""
    return {code: language.unfilled(text) for code, text in TEXTS.items()}


@dataclass(frozen=True)
class Speaker:
    """Says things in one language, with the names of the reference lists in that language."""

    facts: Reference
    language: Language = ENGLISH

    def text(self, key: str, **data: Any) -> str:
        """The text of a code, with its data filled in. Raises KeyError for an unknown code."""
        return self.language.phrase(TEXTS[key], **data)

    def name(self, table: str, code: str) -> str:
        """The name of a code of a reference list."""
        row = self.facts.codes(table).get(code)
        return row[self.language.code] if row else code

    def names(self, table: str, codes: Sequence[str]) -> str:
        """Names of several codes, in a row, written as inside a sentence."""
        return ", ".join(self._inside(self.name(table, code)) for code in codes)

    def _inside(self, name: str) -> str:
        """A name as it is written inside a sentence.

        Abbreviations keep their capitals, and German its nouns.
        """
        keeps = self.language.code == "de" or name[1:2].isupper()
        return name if keeps else name[:1].lower() + name[1:]

    def _tongue(self, code: str) -> str:
        """The name of a language inside a sentence; English writes it with a capital too."""
        name = self.name("languages", code)
        return name if self.language.code == "en" else self._inside(name)

    def length(self, days: int) -> str:
        """A length of stay; whole weeks are said as weeks."""
        return self.language.length(days)

    def reason(self, parts: Sequence[Part]) -> str:
        """Why a pair fits, in one sentence without a number of points."""
        said = [self._part(part) for part in parts]
        return "; ".join(text for text in said if text) + "."

    def _part(self, part: Part) -> str:
        data = part.data
        if part.criterion == "occupation":
            case = data["case"] or "none"
            if case == "same_unit_group" and not set(data["apprentice"]) & set(data["offer"]):
                case = "same_group"
            return self.text(f"occupation.{case}")
        if part.criterion == "language":
            case = "meets" if part.value == 1 else "one_below"
            name = self._tongue(data["language"])
            return self.text(f"language.{case}", **(data | {"language": name}))
        if part.criterion == "dates":
            case = "ideal" if data["days"] == data["ideal"] else "other"
            length, ideal = self.length(data["days"]), self.length(data["ideal"])
            return self.text(f"dates.{case}", length=length, ideal=ideal)
        if part.criterion == "outcomes" and data["wanted"] and data["offered"]:
            case = "most" if part.value >= 0.6 else "some" if part.value >= 0.25 else "few"
            return self.text(f"outcomes.{case}")
        if part.criterion == "inclusion":
            said = [
                self.text(f"inclusion.{case}", needs=self.names("needs", data[case]))
                for case in ("met", "unmet")
                if data[case]
            ]
            return "; ".join(said)
        if part.criterion == "preference":
            if data["interest"] == 1:
                return self.text("preference.interest")
            return self.text("preference.first") if data["destination"] == 1 else ""
        return ""

    def counts(self, excluded_by: Mapping[str, int]) -> str:
        """How many were excluded by what, the most frequent reason first."""
        ordered = sorted(excluded_by.items(), key=lambda item: (-item[1], item[0]))
        number = self.language.number
        return ", ".join(f"{self.text(f'rule.{code}')} {number(count)}" for code, count in ordered)

    def full(self, offer: FullOffer, name: str) -> str:
        """Why a possible offer did not come about."""
        start = self.text(f"full.{offer.full}", offer=name)
        if offer.margin is None:
            return f"{start}, {self.text('full.nobody')}"
        if offer.margin > 0:
            return f"{start}, {self.text('full.behind', margin=f'{offer.margin:.1f}')}"
        return f"{start}, {self.text('full.level' if offer.margin == 0 else 'full.ahead')}"

    def why_unmatched(self, unmatched: Unmatched) -> str:
        """The reason in one sentence, with the counts behind it."""
        start = self.text(f"unmatched.{unmatched.reason}")
        if unmatched.reason == "no_eligible_offer":
            return f"{start}: {self.counts(unmatched.excluded_by)}."
        return start

    def changes(self, changes: Sequence[Change] | None) -> str:
        """What would have to change, all of it together."""
        if changes is None:
            return self.text("change.none")
        return self.language.listed([text for one in changes for text in self._change(one)])

    def _change(self, change: Change) -> list[str]:
        to, rule = change.to, change.rule
        if rule == "dates":
            return self._moved(change)
        key = f"change.{rule}"
        if rule == "language":
            if change.by == "offer":
                return [self.text(f"{key}.offer")]
            return [
                self.text(f"{key}.apprentice", language=self._tongue(code), level=level)
                for code, level in to.items()
            ]
        if rule == "mode":
            return [self.text(f"{key}.{change.by}", mode=self.text(f"mode.{to['modes'][-1]}"))]
        data: dict[str, Any] = {}
        if rule == "destination":
            data = {"country": self.name("countries", to["destinations"][-1])}
        elif rule == "status":
            data = {"status": self._inside(self.name("statuses", to["statuses"][-1]))}
        elif rule == "licences":
            data = {"licences": self.names("licences", to["licences"])}
        elif rule == "minimum_age":
            data = {"age": to["min_age"]}
        elif rule == "working_time":
            data = {"start": to["hours"]["start"], "end": to["hours"]["end"]}
        elif rule == "hard_needs":
            data = {"needs": self.names("needs", list(to))}
        return [self.text(key, **data)]

    def _short_day(self, day: str) -> str:
        return self.language.short_day(datetime.date.fromisoformat(day))

    def _moved(self, change: Change) -> list[str]:
        said = []
        for field, key in (("available_from", "from"), ("available_to", "to")):
            if field in change.to:
                said.append(
                    self.text(f"change.{key}.{change.by}", day=self._short_day(change.to[field]))
                )
        for key, days in change.to.get("days", {}).items():
            said.append(self.text(f"change.{key}.{change.by}", length=self.length(days)))
        return said


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
