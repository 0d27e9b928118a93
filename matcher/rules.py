"""The hard rules. RULES is the list, in the order in which they are tried.

A rule is one numpy function of pairs that says where it refuses. It broadcasts, so the
same function serves blocks in the bulk pass, single pairs and the explanation. Sources
stand with each rule; limits are rows in `matcher/reference/`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matcher import changes
from matcher.changes import Pair, Repair
from matcher.columns import Masks, Pairs
from matcher.lookup import PairList, entry
from matcher.stays import NO_DAY, birthday, breaks_national_limit, some_stay

Refused = NDArray[np.bool_]
Stage = Literal["class", "block", "age", "pair"]


def abroad(pairs: Pairs) -> Refused:
    """A placement in one's own country is no international mobility (Erasmus+)."""
    return pairs.a.country == pairs.o.country


def occupation(pairs: Pairs) -> Refused:
    """The work is close enough to what the apprentice learns."""
    closeness = entry(pairs.tables.closeness, pairs.a.occupation, pairs.o.occupation)
    return (closeness <= 0) | (closeness < pairs.columns.settings.min_closeness)


def destination(pairs: Pairs) -> Refused:
    """The apprentice accepts the country; no destination named means anywhere."""
    return entry(pairs.tables.destination_value, pairs.a.destinations, pairs.o.country) < 0


def language(pairs: Pairs) -> Refused:
    """One of the offer's languages is known at its level, or one below where supported."""
    return ~any_in_common(pairs.a.languages, pairs.o.languages)


def mode(pairs: Pairs) -> Refused:
    """Both sides want the same mode, physical or blended."""
    return (pairs.a.modes & pairs.o.modes) == 0


def status(pairs: Pairs) -> Refused:
    """The host takes people of this status and contract."""
    return (pairs.a.status & pairs.o.statuses) == 0


def licences(pairs: Pairs) -> Refused:
    """The apprentice holds every licence that the work needs."""
    return (pairs.o.licences & ~pairs.a.licences) != 0


def host_verified(pairs: Pairs) -> Refused:
    """The hosting partner knows the host and has verified it."""
    return np.broadcast_to(~pairs.o.verified, pairs.shape)


def company_excluded(pairs: Pairs) -> Refused:
    """The apprentice has not excluded the company."""
    return _listed(pairs, pairs.tables.excluded)


def declined(pairs: Pairs) -> Refused:
    """Nobody declined the pair before, or the stated reason was resolved."""
    return _listed(pairs, pairs.tables.declined)


def dates(pairs: Pairs) -> Refused:
    """A stay fits both windows, between exams, with a length all limits allow."""
    return ~some_stay(pairs)


def minimum_age(pairs: Pairs) -> Refused:
    """Old enough for offer and both countries on the first day (Directive 94/33/EC)."""
    return _too_young(pairs, pairs.tables.minimum_age)


def working_time(pairs: Pairs) -> Refused:
    """Both countries allow the hours at the age on each day; minors need known ones."""
    return _too_young(pairs, pairs.tables.working_time_age)


def hazards(pairs: Pairs) -> Refused:
    """No task is barred at the apprentice's age (Directive 94/33/EC art. 7)."""
    return _too_young(pairs, pairs.tables.hazard_age)


def national_limits(pairs: Pairs) -> Refused:
    """A quarter of the training in DE, 12 months after completion everywhere."""
    return breaks_national_limit(pairs)


def hard_needs(pairs: Pairs) -> Refused:
    """Every hard need is provided or a named person accepted its lack."""
    return missing_needs(pairs) != 0


def missing_needs(pairs: Pairs) -> Masks:
    """The hard needs that are neither provided nor accepted for the pair."""
    missing: Masks = pairs.a.needs_hard & ~pairs.o.provisions
    accepted = pairs.tables.accepted_needs
    if len(accepted.keys):
        missing = missing & ~accepted.look_up(pairs.key, np.uint64(0))
    return missing


def any_in_common(left: NDArray[Any], right: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether two masks of several words share a bit; the last axis holds the words."""
    common = (left[..., 0] & right[..., 0]) != 0
    for word in range(1, left.shape[-1]):
        common = common | ((left[..., word] & right[..., word]) != 0)
    return common


def _listed(pairs: Pairs, listed: PairList) -> Refused:
    if not len(listed.keys):
        return np.zeros(pairs.shape, dtype=np.bool_)
    return listed.look_up(pairs.key, False)


def too_young(pairs: Pairs) -> Refused:
    """Where any of the three rules about age refuses, found in one step."""
    return _too_young(pairs, pairs.tables.required_age)


def _too_young(pairs: Pairs, ages: NDArray[np.int8]) -> Refused:
    """Where the birthday that `ages` asks for comes after the last day a stay can begin.

    Where dates leave no stay at all, after the last day of the offer. Only birthdays after
    the offer's first day can be that late.
    """
    old_enough = birthday(pairs, ages)
    refused = np.broadcast_to(old_enough > pairs.o.first_day, pairs.shape)
    if not refused.any():
        return refused
    few, old_enough = pairs.keep(refused), np.broadcast_to(old_enough, pairs.shape)[refused]
    refused = refused.copy()
    latest = few.latest_start
    refused[refused] = old_enough > np.where(latest > NO_DAY, latest, few.o.last_day)
    return refused


@dataclass(frozen=True)
class Rule:
    """A hard rule: its reason code, where it refuses, who could change that, and how.

    `stage` says when the bulk pass tries it: once a class of equal apprentices, on whole
    blocks, all about age in one step (`too_young`), or on the pairs that are left. `repair`
    is the smallest change that satisfies it, or None where nobody can change it. Refusals of
    a `private` rule tell something about a person's needs and are shown to nobody who may
    not know them.
    """

    code: str
    refuses: Callable[[Pairs], Refused]
    stage: Stage
    changed_by: tuple[str, ...]
    repair: Callable[[Pair], Repair | None] | None
    private: bool = False


RULES: tuple[Rule, ...] = (
    Rule("abroad", abroad, "class", (), None),
    Rule("occupation", occupation, "class", (), None),
    Rule("destination", destination, "block", ("apprentice",), changes.accept_destination),
    Rule("language", language, "block", ("apprentice", "offer"), changes.learn_language),
    Rule("mode", mode, "block", ("apprentice", "offer"), changes.add_mode),
    Rule("status", status, "block", ("offer",), changes.accept_status),
    Rule("licences", licences, "block", ("apprentice",), changes.obtain_licences),
    Rule("host_verified", host_verified, "block", ("offer",), changes.verify_host),
    Rule("dates", dates, "block", ("apprentice", "offer"), changes.move_dates),
    Rule("company_excluded", company_excluded, "pair", ("apprentice",), changes.accept_company),
    Rule("declined", declined, "pair", ("apprentice", "offer"), changes.resolve_reason),
    Rule("minimum_age", minimum_age, "age", ("offer",), changes.lower_minimum_age),
    Rule("working_time", working_time, "age", ("offer",), changes.change_hours),
    Rule("hazards", hazards, "age", ("offer",), changes.leave_tasks_out),
    Rule("national_limits", national_limits, "pair", ("apprentice", "offer"), changes.move_dates),
    Rule("hard_needs", hard_needs, "pair", ("offer",), changes.provide, private=True),
)
"""Tried in this order; `hard_needs` comes last, so that its refusals are the offers that
would be possible but for a need."""


def refusals(pairs: Pairs) -> dict[str, Refused]:
    """Where each rule refuses, by its code, in the order of RULES."""
    return {rule.code: np.broadcast_to(rule.refuses(pairs), pairs.shape) for rule in RULES}
