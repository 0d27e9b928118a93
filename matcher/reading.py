"""From a file to a problem: every fault is named in one line, with its place.

A line reads `apprentices[3].languages.de: 'B7' is not a CEFR level (A1 … C2)`.
"""

import difflib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from matcher.errors import ProblemError
from matcher.problem import Apprentice, Day, Offer, Problem
from matcher.vocabulary import Reference, default_reference, unit_group

MOST_FAULTS = 20
"""How many faults of a file are named; the rest are counted."""

Value = TypeVar("Value")


def parse_json(text: str | bytes) -> dict[str, Any]:
    """The object in a JSON text. Raises ProblemError when there is none."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ProblemError([f"byte {error.start}: is not UTF-8 text"]) from None
    if not text.strip():
        raise ProblemError(["the file is empty"])
    try:
        content = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ProblemError([f"{place}: is not JSON ({error.msg})"]) from None
    except RecursionError:
        raise ProblemError(["is nested too deeply to be read"]) from None
    except ProblemError:
        raise
    except ValueError as error:
        raise ProblemError([f"is not JSON ({error})"]) from None
    if not isinstance(content, dict):
        raise ProblemError(["must be a JSON object { … }"])
    return content


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ProblemError([f"the key {twice!r} stands twice in one object"])
    return found


def read_problem(text: str | bytes) -> Problem:
    """The problem in a problem file. Raises ProblemError with all its faults (at most 20)."""
    content = parse_json(text)
    faults = [
        f"{key}: is not a known key{_meant(key, Problem.model_fields)}"
        for key in content
        if key not in Problem.model_fields
    ]
    parts: dict[str, Any] = {}
    for key, info in Problem.model_fields.items():
        if key in ("apprentices", "offers"):
            kind: type[Apprentice] | type[Offer] = Apprentice if key == "apprentices" else Offer
            parts[key] = _list(kind, content.get(key, []), key, faults)
        elif key in content:
            kind_of: Any = Day if key == "today" else info.annotation
            adapter: TypeAdapter[Any] = TypeAdapter(kind_of)
            parts[key] = _part(adapter, content[key], key, faults)
        elif info.is_required() or key == "format":
            faults.append(f"{key}: is missing")
        else:
            parts[key] = info.get_default(call_default_factory=True)
    faults += _Check(parts, _ids(content, "apprentices"), _ids(content, "offers")).faults()
    if faults:
        raise ProblemError(first_faults(faults))
    return Problem.model_construct(**parts)


def _ids(content: dict[str, Any], key: str) -> list[str]:
    """The ids that a file gives, also of rows that are wrong otherwise."""
    rows = content.get(key)
    found = (
        [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    )
    return [identity for identity in found if isinstance(identity, str)]


def first_faults(faults: list[str]) -> list[str]:
    """At most MOST_FAULTS lines, and one that counts the others."""
    rest = len(faults) - MOST_FAULTS
    return faults if rest <= 0 else [*faults[:MOST_FAULTS], f"… and {rest} more"]


def inconsistencies(problem: Problem) -> list[str]:
    """What does not fit together in a problem whose single values are right, one line each."""
    parts = {key: getattr(problem, key) for key in Problem.model_fields}
    apprentices = [apprentice.id for apprentice in problem.apprentices]
    offers = [offer.id for offer in problem.offers]
    return _Check(parts, apprentices, offers).faults()


def describe(error: ErrorDetails, place: str) -> str:
    """One line for one fault that the value's own checks found."""
    for step in error["loc"]:
        place += f"[{step}]" if isinstance(step, int) else f".{step}"
    place = place.removesuffix(".[key]").lstrip(".")
    return f"{place}: {_sentence(error)}"


def _sentence(error: ErrorDetails) -> str:
    kind, context, given = error["type"], error.get("ctx", {}), error["input"]
    if kind in _SENTENCES:
        shown = repr(given) if isinstance(given, str | int | float) else f"a {type(given).__name__}"
        return _SENTENCES[kind].format(given=shown, **context)
    return error["msg"]


_NUMBER = "{given} is not a number"
_WHOLE = "{given} is not a whole number"
_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is not a known key",
    "string_type": "{given} is not a text",
    "string_too_short": "must not be empty",
    "string_too_long": "must not be longer than {max_length} letters",
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "finite_number": "{given} is not a finite number",
    "bool_type": "{given} is neither true nor false",
    "greater_than_equal": "{given} is less than {ge}",
    "greater_than": "{given} must be more than {gt}",
    "less_than_equal": "{given} is more than {le}",
    "less_than": "{given} must be less than {lt}",
    "enum": "{given} is not one of {expected}",
    "literal_error": "{given} is not {expected}",
    "tuple_type": "{given} is not a list",
    "dict_type": "{given} is not an object",
    "model_type": "{given} is not an object",
    "model_attributes_type": "{given} is not an object",
    "too_short": "must not be empty",
    "too_long": "must not have more than {max_length} entries",
}


def _part(adapter: TypeAdapter[Any], content: Any, place: str, faults: list[str]) -> Any:
    try:
        return adapter.validate_python(content)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            line = describe(detail, place)
            if detail["type"] == "extra_forbidden":
                line += _meant(str(detail["loc"][-1]), _fields(place))
            faults.append(line)
        return None


def _list(
    kind: type[Value], content: Any, place: str, faults: list[str]
) -> tuple[Value | None, ...]:
    if not isinstance(content, list):
        faults.append(f"{place}: must be a list")
        return ()
    adapter = TypeAdapter(kind)
    return tuple(_part(adapter, row, f"{place}[{n}]", faults) for n, row in enumerate(content))


def _fields(place: str) -> Iterable[str]:
    kind = Apprentice if place.startswith("apprentices") else Offer
    return kind.model_fields


def _meant(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


class _Check:
    """Faults between values: codes that no list has, ids that nobody has, contradictions."""

    def __init__(
        self, parts: Mapping[str, Any], apprentices: Sequence[str], offers: Sequence[str]
    ) -> None:
        self.parts = parts
        self.apprentice_ids = apprentices
        self.offer_ids = offers
        self.lines: list[str] = []

    def faults(self) -> list[str]:
        try:
            self.facts = self._facts()
        except ProblemError as error:
            return error.problems
        self._unique("apprentices", self.apprentice_ids)
        self._unique("offers", self.offer_ids)
        companies = {o.company for o in self.parts["offers"] if o}
        offers, apprentices = set(self.offer_ids), set(self.apprentice_ids)
        for n, apprentice in enumerate(self.parts["apprentices"]):
            if apprentice:
                self._apprentice(apprentice, f"apprentices[{n}]", companies, offers)
        for n, offer in enumerate(self.parts["offers"]):
            if offer:
                self._offer(offer, f"offers[{n}]")
        self._regions()
        self._pairs(apprentices, offers)
        for company in self.parts.get("companies") or {}:
            if company not in companies:
                self._say(f"companies.{company}", "no offer is of this company")
        return self.lines

    def _facts(self) -> Reference:
        changes = self.parts.get("reference")
        return default_reference().with_rows(changes) if changes else default_reference()

    def _say(self, place: str, sentence: str) -> None:
        self.lines.append(f"{place}: {sentence}")

    def _unique(self, place: str, ids: Sequence[str]) -> None:
        seen: dict[str, int] = {}
        for n, identity in enumerate(ids):
            if identity in seen:
                self._say(
                    f"{place}[{n}].id", f"{identity!r} is the id of {place}[{seen[identity]}] too"
                )
            seen.setdefault(identity, n)

    def _codes(self, table: str, codes: Iterable[str], place: str, noun: str) -> None:
        known = self.facts.codes(table)
        for code in codes:
            if code not in known:
                self._say(place, f"{code!r} is not {noun}{_meant(code, known)}")

    def _occupations(self, row: Apprentice | Offer, place: str) -> None:
        for code in row.occupations:
            if not _is_occupation(code, self.facts):
                self._say(
                    f"{place}.occupations",
                    f"{code!r} is neither an ISCO-08 unit group nor an ESCO code",
                )
        if row.isced_f is not None:
            self._codes("isced_f", [row.isced_f], f"{place}.isced_f", "an ISCED-F detailed field")
        self._codes("countries", [row.country], f"{place}.country", "a programme country")
        self._codes("languages", row.languages, f"{place}.languages", "a language (ISO 639-1)")
        self._codes("licences", row.licences, f"{place}.licences", "a licence")

    def _apprentice(
        self, row: Apprentice, place: str, companies: Collection[str], offers: Collection[str]
    ) -> None:
        self._occupations(row, place)
        self._codes("activities", [row.activity], f"{place}.activity", "an activity type")
        self._codes("statuses", [row.status], f"{place}.status", "a status")
        self._codes("needs", row.needs, f"{place}.needs", "a need")
        self._codes("countries", row.destinations, f"{place}.destinations", "a programme country")
        for company in row.excluded_companies:
            if company not in companies:
                self._say(f"{place}.excluded_companies", f"no offer is of company {company!r}")
        for offer in row.interest:
            if offer not in offers:
                self._say(f"{place}.interest", f"there is no offer {offer!r}")

    def _offer(self, row: Offer, place: str) -> None:
        self._occupations(row, place)
        self._codes("needs", row.provisions, f"{place}.provisions", "a provision")
        self._codes("statuses", row.statuses, f"{place}.statuses", "a status")
        self._codes("hazards", row.tasks, f"{place}.tasks", "a hazard")

    def _regions(self) -> None:
        company_region: dict[str, str] = {}
        region_country: dict[str, str] = {}
        for key in ("apprentices", "offers"):
            for n, row in enumerate(self.parts[key]):
                if row is None:
                    continue
                country = region_country.setdefault(row.region, row.country)
                if country != row.country:
                    self._say(
                        f"{key}[{n}].region",
                        f"{row.region!r} lies in {country} and in {row.country}",
                    )
                if isinstance(row, Offer):
                    region = company_region.setdefault(row.company, row.region)
                    if region != row.region:
                        self._say(
                            f"{key}[{n}].region",
                            f"company {row.company!r} lies in {region!r} and in {row.region!r};"
                            " give its sites two company ids",
                        )
        policy = self.parts.get("policy")
        for region in policy.hosting_caps if policy else ():
            if region not in region_country:
                self._say(f"policy.hosting_caps.{region}", "nobody is of this region")
        companies = self.parts.get("companies") or {}
        caps = {name: company.max_placements for name, company in companies.items() if company}
        self._reserved("company", caps, "companies.{}.max_placements")
        hosting_caps = policy.hosting_caps if policy else {}
        self._reserved("region", hosting_caps, "policy.hosting_caps.{}")

    def _reserved(self, side: str, caps: Mapping[str, int | None], place: str) -> None:
        """No cap is lower than the places that are reserved below it."""
        reserved: Counter[str] = Counter()
        for row in self.parts["offers"]:
            if row:
                reserved[getattr(row, side)] += row.reserved
        for name, cap in caps.items():
            if cap is not None and reserved[name] > cap:
                self._say(
                    place.format(name),
                    f"{cap} is less than the {reserved[name]} places that are reserved for"
                    " apprentices with fewer opportunities",
                )

    def _pairs(self, apprentices: Collection[str], offers: Collection[str]) -> None:
        policy = self.parts.get("policy")
        locks = list(policy.locks) if policy else []
        forbids = list(policy.forbids) if policy else []
        named = [(f"policy.locks[{n}]", pair) for n, pair in enumerate(locks)]
        named += [(f"policy.forbids[{n}]", pair) for n, pair in enumerate(forbids)]
        for key in ("declined", "accepted_needs"):
            for n, row in enumerate(self.parts.get(key) or ()):
                named.append((f"{key}[{n}]", (row.apprentice, row.offer)))
                if key == "accepted_needs":
                    self._codes("needs", [row.need], f"{key}[{n}].need", "a need")
        for place, (apprentice, offer) in named:
            if apprentice not in apprentices:
                self._say(place, f"there is no apprentice {apprentice!r}")
            if offer not in offers:
                self._say(place, f"there is no offer {offer!r}")
        locked: dict[str, int] = {}
        forbidden = set(forbids)
        for n, (apprentice, offer) in enumerate(locks):
            if apprentice in locked:
                first = f"policy.locks[{locked[apprentice]}]"
                self._say(f"policy.locks[{n}]", f"{apprentice!r} is locked by {first} already")
            locked.setdefault(apprentice, n)
            if (apprentice, offer) in forbidden:
                self._say(f"policy.locks[{n}]", "this pair is forbidden too")


def _is_occupation(code: str, facts: Reference) -> bool:
    group, *below = code.split(".")
    return (
        group in facts.codes("isco08")
        and unit_group(code) == group
        and all(part.isdigit() for part in below)
    )
