"""The engine's output: proposals, what was left open, prices and certificate (`doallvet-result/1`).

Codes and data only; sentences are made where the reader's language is known.
"""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from matcher.errors import ProblemError

RESULT_FORMAT: Literal["doallvet-result/1"] = "doallvet-result/1"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Part(_Value):
    """What one criterion adds: value in [0, 1] x weight = points, and the data it rests on."""

    criterion: str
    value: float
    weight: float
    points: float
    data: dict[str, Any] = Field(default_factory=dict)


class Proposal(_Value):
    """One apprentice with one offer and dates. `score` is the sum of the points of `parts`.

    `lift` is what soft needs and wishes would have cost at the best offer (not part of the
    score); `rank` the place of this offer among the `eligible` ones of the apprentice.
    """

    apprentice: str
    offer: str
    start: str
    end: str
    days: int
    score: float
    lift: float
    rank: int
    eligible: int
    locked: bool = False
    parts: tuple[Part, ...]


class Change(_Value):
    """A smallest change that satisfies a rule: who makes it, and to what."""

    rule: str
    by: str
    to: dict[str, Any]


class NearestOffer(_Value):
    """An offer that is not possible yet: every refusing rule, and the changes that open it."""

    offer: str
    failing: tuple[str, ...]
    changes: tuple[Change, ...]


class NearestApprentice(_Value):
    """The same from the side of an offer."""

    apprentice: str
    failing: tuple[str, ...]
    changes: tuple[Change, ...]


class FullOffer(_Value):
    """A possible offer that others got: what is full, the own standing and the lowest one there.

    `full` is `reserved` where what is left is for people with fewer opportunities; `lowest` is
    then about the others there. `margin` is the lowest standing minus the own one, in points;
    below 0 somebody with a lower standing is there, because that serves the whole better.
    """

    offer: str
    full: Literal["offer", "company", "region", "reserved"]
    standing: float
    lowest: float | None
    margin: float | None


class Unmatched(_Value):
    """Somebody without a proposal, and why. `excluded_by` counts offers by first refusing rule."""

    apprentice: str
    reason: Literal["no_offers", "no_eligible_offer", "all_forbidden", "offers_full"]
    excluded_by: dict[str, int]
    nearest: tuple[NearestOffer, ...] = ()
    full: tuple[FullOffer, ...] = ()


class IdleOffer(_Value):
    """An offer with free places: who was excluded by what, and who is nearest if nobody fits.

    `reserved` of the free places are for people with fewer opportunities only.
    """

    offer: str
    free_places: int
    reserved: int = 0
    eligible: int
    excluded_by: dict[str, int]
    nearest: tuple[NearestApprentice, ...] = ()


class Explanation(_Value):
    """One apprentice beside one offer, by themselves.

    A possible pair has dates, score and parts, and its `rank` among the `eligible` offers of
    the apprentice. An impossible one has every refusing rule, and the smallest set of
    changes that opens it, None where nobody can.
    """

    apprentice: str
    offer: str
    possible: bool
    forbidden: bool
    eligible: int
    start: str | None = None
    end: str | None = None
    days: int | None = None
    score: float | None = None
    rank: int | None = None
    parts: tuple[Part, ...] = ()
    failing: tuple[str, ...] = ()
    changes: tuple[Change, ...] | None = None


class PriceList(_Value):
    """Prices above 0 in points: what one more place would add to the total.

    `reserved` are those of reserved places, by offer; `reserve` is what the last person costs
    whom the policy's reserve brings in, 0 where it changes nothing.
    """

    offers: dict[str, float]
    companies: dict[str, float]
    regions: dict[str, float]
    reserved: dict[str, float] = Field(default_factory=dict)
    reserve: float = 0.0


class Tiers(_Value):
    """Value or bound of each aim, first aims first; None where an aim is not pursued or bounded.

    `reserve` counts placed people with fewer opportunities, up to the number that the policy
    reserves.
    """

    hard_needs: int | None
    reserve: int | None = None
    placed: int | None
    score: float | None


class AimPrice(_Value):
    """What an aim that comes first costs, beside the same problem without this aim.

    So many `more` people are placed whom the aim is for, so many `fewer` of all others, and
    the tier `score` is lower by `score` points. `proved` says that no better assignment exists
    on either side. Where equally good ones exist without the aim, `more` and `fewer` are of the
    one that the engine comes to from the answer.
    """

    more: int
    fewer: int
    score: float
    proved: bool


class AimPrices(_Value):
    """The price of `hard_needs`, then of all reserves on top; None where there is no such aim."""

    hard_needs: AimPrice | None = None
    reserve: AimPrice | None = None


class Promise(_Value):
    """One sentence that holds for every result, and whether it did."""

    id: str
    promise: str
    held: bool


class Certificate(_Value):
    """What was computed from what, how good it is, and what it is not.

    `reserve` is the number of people for whom the policy reserves, rounded up; `value` says
    how many of them could be reached.
    """

    problem_sha256: str
    reference_sha256: str
    engine: str
    solver: str
    objective: str
    priority: tuple[str, ...]
    seed: int
    optimal: bool
    gap: float
    value: Tiers
    bound: Tiers
    reserve: int | None = None
    price: AimPrices = Field(default_factory=AimPrices)
    justified_envy: int
    promises: tuple[Promise, ...]
    not_promised: tuple[str, ...]
    seconds: dict[str, float]


class Result(_Value):
    """Everything a round answers."""

    format: Literal["doallvet-result/1"] = RESULT_FORMAT
    proposals: tuple[Proposal, ...]
    unmatched: tuple[Unmatched, ...]
    idle_offers: tuple[IdleOffer, ...]
    prices: PriceList
    certificate: Certificate

    @classmethod
    def from_json(cls, text: str | bytes) -> "Result":
        """Read a result file. Raises ProblemError with every fault and its place."""
        from matcher.reading import describe, first_faults, parse_json

        try:
            return TypeAdapter(cls).validate_python(parse_json(text))
        except ValidationError as error:
            faults = [describe(detail, "") for detail in error.errors(include_url=False)]
            raise ProblemError(first_faults(faults)) from None

    def to_json(self, *, indent: int | None = 2) -> str:
        """The result as a file."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=indent)
