"""From a file to a problem: every fault is named in one line, with its place.

A line reads `apprentices[3].languages.de: 'B7' is not a CEFR level (A1 … C2)`.
"""

import difflib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from matcher.errors import ProblemError
from matcher.faults import TEXTS, Fault, Place, quoted, written
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
    try:
        check = _Check(parts, _ids(content, "apprentices"), _ids(content, "offers"))
        faults += [fault.line for fault in check.faults()]
    except ProblemError as error:
        faults += error.problems
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


def inconsistencies(problem: Problem) -> list[Fault]:
    """What does not fit together in a problem whose single values are right.

    Raises ProblemError where rows of its reference lists are wrong.
    """
    parts = {key: getattr(problem, key) for key in Problem.model_fields}
    apprentices = [apprentice.id for apprentice in problem.apprentices]
    offers = [offer.id for offer in problem.offers]
    return _Check(parts, apprentices, offers).faults()


def describe(error: ErrorDetails, place: str) -> str:
    """One line for one fault that the value's own checks found."""
    fault = fault_of(error)
    steps = written(("", *fault.place)) if fault else written(("", *error["loc"]))
    where = f"{place}{'.' if steps and not steps.startswith('[') else ''}{steps}".lstrip(".")
    told = TEXTS[fault.kind].format(**fault.data) if fault else error["msg"]
    return f"{where}: {told}"


def fault_of(error: ErrorDetails) -> Fault | None:
    """What a value's own checks found, as a value; None for a kind that the engine does not know.

    Its data are what the text shows, which may be personal.
    """
    if error["type"] not in TEXTS:
        return None
    place: Place = error["loc"]
    if place[-1:] == ("[key]",):
        place = place[:-1]
    return Fault(place, error["type"], {"given": quoted(error["input"]), **error.get("ctx", {})})


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
    near = _near(word, known)
    return f" (did you mean {near!r}?)" if near else ""


def _near(word: str, known: Iterable[str]) -> str:
    """The known word nearest to one that is not; empty where none is near."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1)), "")


LISTS = {
    "activities": "no_activity",
    "countries": "no_country",
    "hazards": "no_hazard",
    "isced_f": "no_field",
    "languages": "no_language",
    "licences": "no_licence",
    "needs": "no_need",
    "statuses": "no_status",
}
"""The kind of fault of a code that a reference list has not."""


class _Check:
    """Faults between values: codes that no list has, ids that nobody has, contradictions."""

    def __init__(
        self, parts: Mapping[str, Any], apprentices: Sequence[str], offers: Sequence[str]
    ) -> None:
        self.parts = parts
        self.apprentice_ids = apprentices
        self.offer_ids = offers
        self.facts = self._facts()
        self.found: list[Fault] = []

    def faults(self) -> list[Fault]:
        self._unique("apprentices", self.apprentice_ids)
        self._unique("offers", self.offer_ids)
        companies = {o.company for o in self.parts["offers"] if o}
        offers, apprentices = set(self.offer_ids), set(self.apprentice_ids)
        for n, apprentice in enumerate(self.parts["apprentices"]):
            if apprentice:
                self._apprentice(apprentice, ("apprentices", n), companies, offers)
        for n, offer in enumerate(self.parts["offers"]):
            if offer:
                self._offer(offer, ("offers", n))
        self._regions()
        self._pairs(apprentices, offers)
        for company in self.parts.get("companies") or {}:
            if company not in companies:
                self._say(("companies", company), "no_offer_of_this")
        return self.found

    def _facts(self) -> Reference:
        changes = self.parts.get("reference")
        return default_reference().with_rows(changes) if changes else default_reference()

    def _say(self, place: Place, kind: str, *, meant: str = "", **data: Any) -> None:
        self.found.append(Fault(place, kind, data, meant))

    def _unique(self, key: str, ids: Sequence[str]) -> None:
        seen: dict[str, int] = {}
        for n, identity in enumerate(ids):
            if identity in seen:
                first = written((key, seen[identity]))
                self._say((key, n, "id"), "id_twice", given=repr(identity), first=first)
            seen.setdefault(identity, n)

    def _codes(self, table: str, codes: Iterable[str], place: Place, kind: str = "") -> None:
        known = self.facts.codes(table)
        for code in codes:
            if code not in known:
                near = _near(code, known)
                self._say(place, kind or LISTS[table], meant=near, given=repr(code))

    def _occupations(self, row: Apprentice | Offer, place: Place) -> None:
        for code in row.occupations:
            if not _is_occupation(code, self.facts):
                self._say((*place, "occupations"), "no_occupation", given=repr(code))
        if row.isced_f is not None:
            self._codes("isced_f", [row.isced_f], (*place, "isced_f"))
        self._codes("countries", [row.country], (*place, "country"))
        self._codes("languages", row.languages, (*place, "languages"))
        self._codes("licences", row.licences, (*place, "licences"))

    def _apprentice(
        self, row: Apprentice, place: Place, companies: Collection[str], offers: Collection[str]
    ) -> None:
        self._occupations(row, place)
        self._codes("activities", [row.activity], (*place, "activity"))
        self._codes("statuses", [row.status], (*place, "status"))
        self._codes("needs", row.needs, (*place, "needs"))
        self._codes("countries", row.destinations, (*place, "destinations"))
        for company in row.excluded_companies:
            if company not in companies:
                here = (*place, "excluded_companies")
                self._say(here, "no_offer_of_company", given=repr(company))
        for offer in row.interest:
            if offer not in offers:
                self._say((*place, "interest"), "no_offer", given=repr(offer))

    def _offer(self, row: Offer, place: Place) -> None:
        self._occupations(row, place)
        self._codes("needs", row.provisions, (*place, "provisions"), "no_provision")
        self._codes("statuses", row.statuses, (*place, "statuses"))
        self._codes("hazards", row.tasks, (*place, "tasks"))

    def _regions(self) -> None:
        company_region: dict[str, str] = {}
        region_country: dict[str, str] = {}
        for key in ("apprentices", "offers"):
            for n, row in enumerate(self.parts[key]):
                if row is None:
                    continue
                place: Place = (key, n, "region")
                country = region_country.setdefault(row.region, row.country)
                if country != row.country:
                    self._say(place, "region_twice", given=repr(row.region), first=country,
                              second=row.country)  # fmt: skip
                if isinstance(row, Offer):
                    region = company_region.setdefault(row.company, row.region)
                    if region != row.region:
                        self._say(place, "company_twice", given=repr(row.company),
                                  first=repr(region), second=repr(row.region))  # fmt: skip
        policy = self.parts.get("policy")
        for region in policy.hosting_caps if policy else ():
            if region not in region_country:
                self._say(("policy", "hosting_caps", region), "region_empty")
        companies = self.parts.get("companies") or {}
        caps = {name: company.max_placements for name, company in companies.items() if company}
        self._reserved("company", caps, lambda name: ("companies", name, "max_placements"))
        hosting_caps = policy.hosting_caps if policy else {}
        self._reserved("region", hosting_caps, lambda name: ("policy", "hosting_caps", name))

    def _reserved(
        self, side: str, caps: Mapping[str, int | None], place_of: Callable[[str], Place]
    ) -> None:
        """No cap is lower than the places that are reserved below it."""
        reserved: Counter[str] = Counter()
        for row in self.parts["offers"]:
            if row:
                reserved[getattr(row, side)] += row.reserved
        for name, cap in caps.items():
            if cap is not None and reserved[name] > cap:
                place = place_of(name)
                self._say(place, "cap_below_reserved", cap=cap, reserved=reserved[name])

    def _pairs(self, apprentices: Collection[str], offers: Collection[str]) -> None:
        policy = self.parts.get("policy")
        locks = list(policy.locks) if policy else []
        forbids = list(policy.forbids) if policy else []
        named: list[tuple[Place, tuple[str, str]]] = []
        named += [(("policy", "locks", n), pair) for n, pair in enumerate(locks)]
        named += [(("policy", "forbids", n), pair) for n, pair in enumerate(forbids)]
        for key in ("declined", "accepted_needs"):
            for n, row in enumerate(self.parts.get(key) or ()):
                named.append(((key, n), (row.apprentice, row.offer)))
                if key == "accepted_needs":
                    self._codes("needs", [row.need], (key, n, "need"))
        for place, (apprentice, offer) in named:
            if apprentice not in apprentices:
                self._say(place, "no_apprentice", given=repr(apprentice))
            if offer not in offers:
                self._say(place, "no_offer", given=repr(offer))
        locked: dict[str, int] = {}
        forbidden = set(forbids)
        for n, (apprentice, offer) in enumerate(locks):
            here: Place = ("policy", "locks", n)
            if apprentice in locked:
                first = written(("policy", "locks", locked[apprentice]))
                self._say(here, "locked_twice", given=repr(apprentice), first=first)
            locked.setdefault(apprentice, n)
            if (apprentice, offer) in forbidden:
                self._say(here, "lock_forbidden")


def _is_occupation(code: str, facts: Reference) -> bool:
    group, *below = code.split(".")
    return (
        group in facts.codes("isco08")
        and unit_group(code) == group
        and all(part.isdigit() for part in below)
    )
