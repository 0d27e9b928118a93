"""Sentences for every code the engine returns, in the reader's language.

The engine answers codes and data; here they become words. Every rule, criterion, case,
reason and promise has its entry in `TEXTS`; a test holds that none is missing.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.result import Change, FullOffer, Part, Unmatched
from matcher.vocabulary import Reference

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        # rules: why an offer is excluded
        "rule.abroad": "in the apprentice's own country",
        "rule.occupation": "other occupation",
        "rule.destination": "country not among the destinations",
        "rule.language": "language below the level asked for",
        "rule.mode": "physical or blended: no common mode",
        "rule.status": "host does not take this status or contract",
        "rule.licences": "licence missing",
        "rule.host_verified": "host not verified yet",
        "rule.company_excluded": "company excluded by the apprentice",
        "rule.declined": "declined before",
        "rule.dates": "dates or length do not fit",
        "rule.minimum_age": "too young for the offer or the law",
        "rule.working_time": "hours not allowed at this age or unknown",
        "rule.hazards": "task not allowed at this age",
        "rule.national_limits": "limit of national law or programme",
        "rule.hard_needs": "need not provided for",
        "rule.not_suitable": "not suitable",
        # occupation
        "occupation.same_unit_group": "Same occupation",
        "occupation.same_group": "Same group of occupations",
        "occupation.same_detailed_field": "Same field of training",
        "occupation.same_minor_group": "Closely related occupation",
        "occupation.same_narrow_field": "Related field of training",
        "occupation.same_broad_field": "Same broad field",
        "occupation.same_sector": "Same sector",
        "occupation.none": "Other occupation",
        # the other parts of a reason
        "language.meets": "{language} {asked} is enough (has {known})",
        "language.one_below": "{language} {asked} is asked for, has {known}: the host supports",
        "dates.ideal": "all {length} as wished",
        "dates.other": "{length}, {ideal} wished",
        "outcomes.most": "most learning outcomes covered",
        "outcomes.some": "some learning outcomes covered",
        "outcomes.few": "few learning outcomes covered",
        "inclusion.met": "provided: {needs}",
        "inclusion.unmet": "not provided: {needs}",
        "preference.interest": "interested in this offer",
        "preference.first": "first choice of country",
        # criteria
        "criterion.occupation": "occupation",
        "criterion.outcomes": "outcomes",
        "criterion.language": "language",
        "criterion.dates": "dates",
        "criterion.inclusion": "inclusion",
        "criterion.quality": "quality",
        "criterion.preference": "wishes",
        # why somebody is unmatched
        "unmatched.no_offers": "There is no offer.",
        "unmatched.no_eligible_offer": "No offer is possible",
        "unmatched.all_forbidden": "Every possible offer is on the list of forbidden pairs.",
        "unmatched.offers_full": "Possible offers are full",
        "full.offer": "{offer}: full",
        "full.company": "{offer}: the company takes no more",
        "full.region": "{offer}: the region takes no more",
        "full.reserved": "{offer}: what is left is reserved",
        "full.behind": "{margin} points behind the last who got in",
        "full.ahead": "others there, because that serves the whole better",
        "full.level": "level with the last who got in",
        "full.nobody": "nobody is placed there",
        # changes
        "change.destination": "accept {country}",
        "change.company_excluded": "no longer exclude the company",
        "change.language.apprentice": "reach {language} {level}",
        "change.language.offer": "host supports the language",
        "change.mode.apprentice": "accept a {mode} stay",
        "change.mode.offer": "host offers a {mode} stay",
        "change.status": "host takes {status}",
        "change.licences": "obtain {licences}",
        "change.host_verified": "have the host verified",
        "change.declined": "resolve the reason for which it was declined",
        "change.minimum_age": "host takes people from {age}",
        "change.working_time": "host changes the hours to {start}–{end}",
        "change.hazards": "host leaves the barred tasks out",
        "change.hard_needs": "host provides: {needs}",
        "change.from.apprentice": "be free from {day}",
        "change.to.apprentice": "stay free until {day}",
        "change.from.offer": "host opens from {day}",
        "change.to.offer": "host stays open until {day}",
        "change.min.apprentice": "accept {length}",
        "change.max.apprentice": "accept {length}",
        "change.min.offer": "host accepts {length}",
        "change.max.offer": "host accepts {length}",
        "change.none": "nobody can change this",
        # what a certificate does not say
        "not_promised.stable": "Results are not stable: somebody and a host may both prefer"
        " each other to what they got.",
        "not_promised.envy_free": "Results are not envy-free: somebody with a lower fit may hold"
        " a place that another would rather have.",
        "not_promised.strategy_proof": "Results are not strategy-proof: a short list of"
        " destinations can help, above all under coverage.",
        # the fairness report of a round
        "fairness.title": "Placed rates by group",
        "fairness.summary": "{placed} of {people} people placed ({rate})",
        "fairness.no_flags": "No group is flagged.",
        "fairness.flags": "Flagged, under four fifths of the best group: {groups}.",
        "fairness.too_few": "Fewer than five people: no figures.",
        "fairness.too_similar": "Nearly the same people as in an earlier report:"
        " no figures by group, so that nobody can be found by comparing the two.",
        "fairness.hidden": "not shown alone",
        "fairness.none_listed": "no figures: the groups cannot be told apart safely",
        "fairness.placed_of": "{placed} of {people} · {rate}",
        "fairness.between": "{low} to {high}",
        "fairness.flagged": "flagged",
        "fairness.of_best": "{measure} {ratio} of the best group",
        "fairness.excluded_more": "excluded more often by: {rules}",
        "fairness.rule_beside": "{rule} ({group}, others {others})",
        "fairness.rule_alone": "{rule} ({group})",
        "fairness.legend.placed": "placed",
        "fairness.legend.range": "between these ends: small numbers are not told",
        "fairness.legend.hidden": "not shown alone: too few people, or others could be worked out",
        "fairness.legend.flagged": "flagged: under four fifths of the best group (rule of thumb)",
        "fairness.dimension.region": "Region",
        "fairness.dimension.sex": "Sex",
        "fairness.dimension.age": "Age",
        "fairness.dimension.opportunities": "Opportunities",
        "fairness.group.sex.female": "Female",
        "fairness.group.sex.male": "Male",
        "fairness.group.sex.other": "Other",
        "fairness.group.age.under_18": "Under 18",
        "fairness.group.age.adult": "18 and older",
        "fairness.group.opportunities.fewer": "Fewer opportunities",
        "fairness.group.opportunities.others": "All others",
        "fairness.group.not_stated": "Not stated",
        "fairness.group.together": "Not shown, together",
        "fairness.all": "Everybody",
        "fairness.column.dimension": "By",
        "fairness.column.group": "Group",
        "fairness.column.people": "People",
        "fairness.column.remarks": "Remarks",
        "fairness.column.placed": "Placed",
        "fairness.column.placed_rate": "Rate",
        "fairness.column.score": "Mean fit",
        "fairness.column.rank": "Mean rank",
        "fairness.column.waiting": "Mean days waiting",
        "fairness.measure.placed": "placed rate",
        "fairness.measure.score": "mean fit",
        "fairness.measure.rank": "mean rank",
        "fairness.measure.waiting": "mean waiting time",
        # counts
        "days": "{n} days",
        "day": "1 day",
        "weeks": "{n} weeks",
        "week": "1 week",
    }
}
"""All texts, by language. Adding a language is adding a dict with the same keys."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Speaker:
    """Says things in one language, with the names of the reference lists in that language."""

    facts: Reference
    language: str = "en"

    def text(self, key: str, **data: Any) -> str:
        """The text of a code, with its data filled in. Raises KeyError for an unknown code."""
        return TEXTS[self.language][key].format(**data)

    def name(self, table: str, code: str) -> str:
        """The name of a code of a reference list."""
        row = self.facts.codes(table).get(code)
        return row[self.language] if row else code

    def names(self, table: str, codes: Sequence[str]) -> str:
        """Names of several codes, in a row, written as inside a sentence."""
        return ", ".join(_inside(self.name(table, code)) for code in codes)

    def length(self, days: int) -> str:
        """A length of stay; whole weeks are said as weeks."""
        if days % 7 == 0:
            weeks = days // 7
            return self.text("week") if weeks == 1 else self.text("weeks", n=weeks)
        return self.text("day") if days == 1 else self.text("days", n=days)

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
            name = self.name("languages", data["language"])
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
        return ", ".join(f"{self.text(f'rule.{code}')} {count}" for code, count in ordered)

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
        return " and ".join(text for change in changes for text in self._change(change))

    def _change(self, change: Change) -> list[str]:
        to, rule = change.to, change.rule
        if rule == "dates":
            return self._moved(change)
        key = f"change.{rule}"
        if rule == "language":
            if change.by == "offer":
                return [self.text(f"{key}.offer")]
            return [
                self.text(f"{key}.apprentice", language=self.name("languages", code), level=level)
                for code, level in to.items()
            ]
        if rule == "mode":
            return [self.text(f"{key}.{change.by}", mode=to["modes"][-1])]
        data: dict[str, Any] = {}
        if rule == "destination":
            data = {"country": self.name("countries", to["destinations"][-1])}
        elif rule == "status":
            data = {"status": _inside(self.name("statuses", to["statuses"][-1]))}
        elif rule == "licences":
            data = {"licences": self.names("licences", to["licences"])}
        elif rule == "minimum_age":
            data = {"age": to["min_age"]}
        elif rule == "working_time":
            data = {"start": to["hours"]["start"], "end": to["hours"]["end"]}
        elif rule == "hard_needs":
            data = {"needs": self.names("needs", list(to))}
        return [self.text(key, **data)]

    def _moved(self, change: Change) -> list[str]:
        said = []
        for field, key in (("available_from", "from"), ("available_to", "to")):
            if field in change.to:
                said.append(self.text(f"change.{key}.{change.by}", day=short_day(change.to[field])))
        for key, days in change.to.get("days", {}).items():
            said.append(self.text(f"change.{key}.{change.by}", length=self.length(days)))
        return said


def short_day(day: str) -> str:
    """2027-03-01 as 1 Mar."""
    date = datetime.date.fromisoformat(day)
    return f"{date.day} {MONTHS[date.month - 1]}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _inside(name: str) -> str:
    """A name as it is written inside a sentence: abbreviations keep their capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
